# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of the Strata Cloud Manager API: recorded in 2022, and the examples of its documentation."""

from __future__ import annotations

import typing as t

_INNER = {"opaque_int": "0", "opaque_str": "", "owner": "cfgserv", "session_id": "", "type_i": "53"}
FINISHED = {
    "data": [
        {
            **_INNER,
            "details": '{"info":["Configuration committed successfully"],"errors":[],"warnings":[],"description":"Test Push from XSOAR"}',
            "end_ts": "2022-09-30 05:03:30",
            "id": "21",
            "insert_ts": "2022-09-30 05:02:41",
            "job_result": "2",
            "job_status": "2",
            "job_type": "53",
            "last_update": "2022-09-30 05:03:33",
            "parent_id": "0",
            "percent": "100",
            "result_i": "2",
            "result_str": "OK",
            "start_ts": "2022-09-30 05:02:41",
            "status_i": "2",
            "status_str": "FIN",
            "summary": "",
            "type_str": "CommitAndPush",
            "uname": "user@example.com",
        }
    ]
}
RUNNING = {
    "data": [
        {
            **_INNER,
            "details": '{"info":[],"errors":[],"warnings":[]}',
            "end_ts": "2022-07-13 20:44:44",
            "id": "294",
            "insert_ts": "2022-07-13 20:43:08",
            "job_result": "0",
            "job_status": "1",
            "job_type": "53",
            "last_update": "2022-07-13 20:44:44",
            "parent_id": "0",
            "percent": "99",
            "result_i": "0",
            "result_str": "PEND",
            "start_ts": "2022-07-13 20:43:08",
            "status_i": "1",
            "status_str": "ACT",
            "summary": "",
            "type_str": "CommitAndPush",
            "uname": "APIGateway@ProdInternal.com",
        }
    ]
}
DOCUMENTED = {
    "device_name": "string",
    "end_ts": "2024-07-29T15:51:28.071Z",
    "id": 115,
    "job_result": 2,
    "job_status": 2,
    "job_type": 53,
    "parent_id": 114,
    "percent": 0,
    "result_str": "OK",
    "start_ts": "2024-07-29T15:51:28.071Z",
    "status_str": "ACT",
    "summary": "string",
    "type_str": "CommitAndPush",
    "uname": "user@example.com",
    "description": "Added a new security rule for marketing",
}
"""The page's bare object with integers."""


def parent(job_id: str, start: str, end: str) -> dict[str, t.Any]:
    """A push as the listing has it: committed."""
    return {
        "description": "",
        "end_ts": end,
        "id": job_id,
        "job_result": "2",
        "job_status": "2",
        "job_type": "53",
        "parent_id": "0",
        "percent": "100",
        "result_str": "OK",
        "start_ts": start,
        "status_str": "FIN",
        "summary": "",
        "type_str": "CommitAndPush",
        "uname": "user@example.com",
    }


def child(job_id: str, parent_id: str, start: str, end: str, result: str = "FAIL") -> dict[str, t.Any]:
    """A push's child as the listing has it: finished."""
    return {
        "description": "Mobile Users Global Protect configuration pushed to cloud",
        "end_ts": end,
        "id": job_id,
        "job_result": "1" if result == "FAIL" else "2",
        "job_status": "2",
        "job_type": "22",
        "parent_id": parent_id,
        "percent": "100",
        "result_str": result,
        "start_ts": start,
        "status_str": "FIN",
        "summary": "Configuration push failed" if result == "FAIL" else "Configuration push finished",
        "type_str": "CommitAll",
        "uname": "user@example.com",
    }


LISTING = {
    "data": [
        child("28", "27", "2022-10-20 18:00:24", "2022-10-20 18:02:00"),
        parent("27", "2022-10-20 17:57:06", "2022-10-20 18:00:19"),
        child("26", "25", "2022-10-19 20:08:02", "2022-10-19 20:09:38"),
        parent("25", "2022-10-19 20:06:41", "2022-10-19 20:08:01"),
        child("24", "23", "2022-09-30 05:16:40", "2022-09-30 05:20:34", "OK"),
    ],
    "total": 300,
    "limit": 5,
    "offset": 0,
}
TOKEN = {
    "access_token": "eyJhbGciOiJSUzI1NiJ9.loopback-token-1",
    "scope": "tsg_id:1234567890",
    "token_type": "Bearer",
    "expires_in": 899,
}


def fault(code: str, message: str, details: t.Any = None) -> dict[str, t.Any]:
    """The error envelope."""
    error = {"code": code, "message": message, "details": {} if details is None else details}
    return {"_errors": [error], "_request_id": "123e4567-e89b-12d3-a456-426655440000"}
