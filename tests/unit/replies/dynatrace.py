# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of the Dynatrace API: recorded in 2020 and 2021, and the examples of its documentation."""

from __future__ import annotations

import typing as t

JOB = {
    "jobId": "-7537034309286328684",
    "jobState": "SUCCEED",
    "updateMethod": "AUTOMATIC",
    "updateType": "SYNTHETIC",
    "cancelable": False,
    "startVersion": "1.198.0.20200629-183024",
    "targetVersion": "1.198.0.20200630-114457",
    "timestamp": 1593518788274,
    "agType": "ENVIRONMENT",
    "environments": ["mySampleEnv"],
    "error": None,
    "duration": 596047,
}
CREATED = {
    **JOB,
    "jobId": "-7240069678607892845",
    "jobState": "PENDING",
    "updateMethod": None,
    "updateType": None,
    "cancelable": True,
    "startVersion": "1.195.5.20200522-174041",
    "targetVersion": "1.198.0.20200630-163221",
    "timestamp": None,
    "duration": None,
}
SKIPPED = {
    "jobId": "1489271805890176727",
    "jobState": "SKIPPED",
    "updateMethod": "AUTOMATIC",
    "cancelable": False,
    "timestamp": 1620168744590,
    "error": "{collectorId=0x5a34b668, installer=INSTALLER_SG, validity=2021-05-04 22:52:22}",
    "duration": 1802555,
}


def _manual(job_id: str, start: str, target: str, timestamp: int) -> dict[str, t.Any]:
    return {
        "jobId": job_id,
        "jobState": "SUCCEED",
        "updateMethod": "MANUAL_INSTALLATION",
        "updateType": "ACTIVE_GATE",
        "cancelable": False,
        "startVersion": start,
        "targetVersion": target,
        "timestamp": timestamp,
        "agType": "ENVIRONMENT",
        "environments": ["eaa50379"],
        "error": None,
        "duration": None,
    }


LISTING = {
    "agId": "-1556499193",
    "updateJobs": [
        _manual("-4754066816153208332", "1.217.89.20210506-182520", "1.217.96.20210507-181038", 1620419177047),
        _manual("5075770917171973084", "1.217.84.20210505-174021", "1.217.89.20210506-182520", 1620332833412),
        _manual("-6499213237883713862", "1.217.75.20210504-201049", "1.217.84.20210505-174021", 1620245814673),
    ],
}
ALL = {"allUpdateJobs": [LISTING, {"agId": "1513404008", "updateJobs": []}]}
FORBIDDEN = {
    "error": {
        "code": 403,
        "message": "Token is missing required scope. Use one of: activeGates.read (Read ActiveGates)",
    }
}
NOT_FOUND = {"error": {"code": 404, "message": "Update job not found."}}
INVALID = {
    "error": {
        "code": 400,
        "message": "Constraints violated.",
        "constraintViolations": [
            {"path": "from", "message": "must be before to", "parameterLocation": "QUERY"},
            {"message": "too long ago"},
        ],
    }
}
