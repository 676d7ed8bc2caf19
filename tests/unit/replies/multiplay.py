# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of the Multiplay API: the example of its documentation with values, and the error that a deployment script quotes."""

from __future__ import annotations

JOB = {
    "jobprogress": 100,
    "jobstateid": 5,
    "jobstart": "1519825420",
    "joberror": None,
    "jobeta": 1519825420,
    "jobfailed": 0,
    "success": True,
    "jobcreated": 1519825418,
    "updateid": 1234,
    "jobupdated": 1519825530,
    "jobstatename": "Complete",
}
FAILED = {
    **JOB,
    "jobprogress": 10,
    "jobstateid": 6,
    "jobstatename": "Failed",
    "joberror": "disk full",
    "jobfailed": 1,
    "success": False,
}
"""As public scripts know a failed job: by ``success``."""
LOCKED = {
    "messages": [],
    "error_code": 1,
    "error_message": "image locked by diffid: 218595",
    "_debug": [],
    "success": False,
    "error": True,
}
