# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of the XClarity Administrator API: recorded, and the examples of its documentation."""

from __future__ import annotations

JOB = {
    "current": "repository20181112011742.zip",
    "downloadednum": 0,
    "downloadedsize": 8298,
    "progress": 100,
    "state": "complete",
    "taskIds": "",
    "total": 0,
    "totalsize": 8298,
    "updates": [],
    "errorMsg": {
        "result": "informational",
        "messages": [{"id": "FQXHMUP2500I", "text": "Repository operation completed successfully."}],
    },
}
RUNNING = {**JOB, "current": "", "progress": 50, "state": "", "taskIds": "12", "errorMsg": []}
UPDATES_BY_MT = {
    "updatesByMt": {
        "total": 0,
        "progress": 100,
        "updates": [],
        "downloadedsize": 1,
        "current": "",
        "state": "complete",
        "totalsize": 1,
        "downloadednum": 0,
        "jobid": -1,
    },
    "status": {
        "result": "informational",
        "messages": [{"id": "FQXHMUP2500I", "text": "Repository operation completed successfully."}],
    },
}
"""Recorded from another read of the same resource."""
LOGIN = {
    "result": "success",
    "messages": [],
    "response": {
        "pwChangeRequired": False,
        "session": {"UserId": "automation", "csrf": "csrf-of-the-first-session", "id": "1", "inactivityTimeout": 1440},
    },
}
COOKIES = [
    ("Set-Cookie", "JSESSIONID=session-id-of-the-first-session; Path=/; HttpOnly"),
    ("Set-Cookie", "csrf=csrf-of-the-first-session; Path=/"),
    ("Set-Cookie", "user=automation; Path=/"),
]
FORBIDDEN = {
    "result": "failure",
    "messages": [
        {
            "id": "FQXHMSE0001F",
            "text": "You are not authorized.",
            "explanation": "The user has no role.",
            "recovery": {"text": "Ask an administrator.", "URL": ""},
        }
    ],
}
