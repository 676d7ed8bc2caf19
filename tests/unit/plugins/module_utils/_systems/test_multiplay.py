# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.multiplay import STATE_IDS, STATES
from ansible_collections.endstate.jobs.tests.unit.cases import MULTIPLAY, job
from ansible_collections.endstate.jobs.tests.unit.replies import multiplay

DOCUMENTED = [
    (1, "Created", "pending"),
    (2, "Pending", "pending"),
    (3, "Queued", "pending"),
    (4, "Running", "running"),
    (5, "Complete", "succeeded"),
    (5, "Completed", "succeeded"),
    (6, "Failed", "failed"),
    (7, "Squashed", "skipped"),
]
USUAL = {
    "native_state": "Complete",
    "description": "image update",
    "progress": 100.0,
    "created_at": "2018-02-28T13:43:38Z",
    "started_at": "2018-02-28T13:43:40Z",
    "updated_at": "2018-02-28T13:45:30Z",
    "eta_at": "2018-02-28T13:43:40Z",
}


def test_the_tables_of_states_have_exactly_the_documented_words() -> None:
    assert {str(number): state for number, _name, state in DOCUMENTED} == STATES
    assert {name.lower(): str(number) for number, name, _state in DOCUMENTED} == STATE_IDS


@pytest.mark.parametrize(("number", "name", "state"), DOCUMENTED)
@pytest.mark.parametrize(
    "sent", ["number and name", "number in a string", "number alone", "name alone", "name in capitals"]
)
def test_a_state_is_read_by_its_number_or_its_name(read, number, name, state, sent) -> None:
    words = {
        "number and name": {"jobstateid": number, "jobstatename": name},
        "number in a string": {"jobstateid": str(number), "jobstatename": name},
        "number alone": {"jobstateid": number, "jobstatename": None},
        "name alone": {"jobstateid": None, "jobstatename": name},
        "name in capitals": {"jobstateid": "", "jobstatename": name.upper()},
    }[sent]
    result = read(MULTIPLAY, {**multiplay.JOB, **words})
    native = words["jobstatename"] or str(number)
    assert result["job"] == job("multiplay", "1234", state, **{**USUAL, "native_state": native})
    assert "warnings" not in result


@pytest.mark.parametrize(
    ("words", "native", "named"),
    [
        ({"jobstateid": 8, "jobstatename": "Archived"}, "Archived", "8"),
        ({"jobstateid": None, "jobstatename": "Archived"}, "Archived", "Archived"),
        ({"jobstateid": -1, "jobstatename": "Complete"}, "Complete", "-1"),
    ],
)
def test_an_unknown_word_is_state_unknown_with_one_warning(read, words, native, named) -> None:
    result = read(MULTIPLAY, {**multiplay.JOB, **words})
    assert result["job"] == job("multiplay", "1234", "unknown", **{**USUAL, "native_state": native})
    assert result["warnings"] == [
        f"imageupdate 1234: The state '{named}' is not known, so the job is taken as not finished. Please report it."
    ]


ODD = {
    "as documented": ({}, {}),
    "a failed attempt while it runs": (
        {"jobstateid": 4, "jobstatename": "Running", "jobfailed": 3},
        {"state": "running", "native_state": "Running"},
    ),
    "nothing optional": (
        {"joberror": None, "jobeta": None, "jobstart": None, "jobstateid": None},
        {"started_at": None, "eta_at": None},
    ),
    "nothing optional, left away": (
        {"joberror": ..., "jobeta": ..., "jobstart": ..., "jobstateid": ...},
        {"started_at": None, "eta_at": None},
    ),
    "all numbers in strings": (
        {"jobprogress": "100", "jobcreated": "1519825418", "jobupdated": "1519825530", "jobeta": "1519825420"},
        {},
    ),
    "blank strings": ({"jobstart": "", "jobeta": "", "joberror": ""}, {"started_at": None, "eta_at": None}),
    "a start of 0": ({"jobstart": 0, "jobeta": "0"}, {"started_at": None, "eta_at": None}),
    "progress beyond 100": ({"jobprogress": 101}, {"progress": None}),
    "negative progress": ({"jobprogress": -1}, {"progress": None}),
    "progress that is no number": ({"jobprogress": "NaN"}, {"progress": None}),
    "an error that quotes the source": (
        {"joberror": "cannot read s3://AKIA:se/cr+et@bucket/build?region=eu&requesttoken=abc&x=1"},
        {"message": "cannot read s3://***@bucket/build?region=eu&requesttoken=***&x=1"},
    ),
    "another update's id": ({"updateid": 99}, {}),
}


@pytest.mark.parametrize(("changes", "expected"), ODD.values(), ids=ODD)
def test_an_unusual_reply_of_multiplay_is_read(read, changes, expected) -> None:
    body = {name: value for name, value in {**multiplay.JOB, **changes}.items() if value is not ...}
    result = read(MULTIPLAY, body)
    known = {**USUAL, **expected}
    assert result["job"] == job("multiplay", "1234", known.pop("state", "succeeded"), **known)
    assert "warnings" not in result


@pytest.mark.parametrize("field", ["jobcreated", "jobstart", "jobupdated", "jobeta"])
@pytest.mark.parametrize("time", [1519825420000, -5, "tomorrow", 1e300, [], {}])
def test_an_absurd_time_is_null_and_warned_of(read, field, time) -> None:
    result = read(MULTIPLAY, {**multiplay.JOB, field: time})
    key = {"jobcreated": "created_at", "jobstart": "started_at", "jobupdated": "updated_at", "jobeta": "eta_at"}[field]
    assert result["job"] == job("multiplay", "1234", "succeeded", **{**USUAL, key: None})
    (warning,) = result["warnings"]
    assert warning.startswith(f"imageupdate 1234: The reply's {field} is no time that can be read: ")


@pytest.mark.parametrize(
    ("body", "message", "error"),
    [
        (
            multiplay.LOCKED,
            "HTTP 200 (code 1): image locked by diffid: 218595.",
            {"kind": "rejected", "status": 200, "code": "1"},
        ),
        (
            {**multiplay.JOB, "jobstateid": None, "jobstatename": "", "success": False},
            "HTTP 200.",
            {"kind": "rejected", "status": 200, "code": None},
        ),
        ({"error": True}, "HTTP 200.", {"kind": "rejected", "status": 200, "code": None}),
        (
            {**multiplay.LOCKED, "error_message": "An unknown error occurred"},
            "HTTP 200 (code 1): An unknown error occurred.",
            {"kind": "rejected", "status": 200, "code": "1"},
        ),
        (
            {**multiplay.LOCKED, "error_message": "imageupdate not found"},
            "HTTP 200 (code 1): imageupdate not found. Check update_id and account_service_id. "
            "If it may not be visible yet, set on_missing: ignore.",
            {"kind": "not_found", "status": 200, "code": "1"},
        ),
        (
            {**multiplay.LOCKED, "error_message": "Source s3://key:secret@bucket cannot be read"},
            "HTTP 200 (code 1): Source s3://***@bucket cannot be read.",
            {"kind": "rejected", "status": 200, "code": "1"},
        ),
    ],
)
def test_an_error_that_comes_with_http_200_is_no_state(server, read, body, message, error) -> None:
    result = read(MULTIPLAY, body)
    whole = f"{server.url}/imageupdate/1234/status answered {message}"
    plain = whole.replace(" If it may not be visible yet, set on_missing: ignore.", "")
    assert (result["failed"], result["msg"], result["job"]) == (True, whole, None)
    assert result["error"] == {**error, "message": plain, "request_id": None, "retry_after": None, "of_account": False}


def test_a_state_in_a_reply_with_an_error_status_is_ignored(read) -> None:
    assert read(MULTIPLAY, {**multiplay.FAILED, "error_message": "down"}, 500)["error"]["kind"] == "unavailable"


REFUSED = [{"success": False}, {"error": True}, {"success": False, "error": True, "error_code": 1}]


@pytest.mark.parametrize("refused", REFUSED, ids=["success false", "error true", "both"])
@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({}, "failed"),
        ({"jobstatename": None}, "failed"),
        ({"jobstateid": None}, "failed"),
        ({"jobstateid": 4, "jobstatename": "Running"}, "running"),
        ({"jobstateid": 7, "jobstatename": "Squashed"}, "skipped"),
        ({"jobstateid": None, "jobstatename": "Archived"}, "unknown"),
    ],
)
def test_a_body_with_a_state_is_a_job_even_with_success_false(read, words, state, refused) -> None:
    result = read(MULTIPLAY, {**multiplay.FAILED, **words, **refused})
    assert (result["job"]["state"], result["job"]["message"], result["error"]) == (state, "disk full", None)


def test_a_failed_job_says_why(read) -> None:
    assert read(MULTIPLAY, multiplay.FAILED)["msg"] == "imageupdate 1234 failed: disk full."
    other = {**multiplay.FAILED, "joberror": None, "error_message": "image locked by diffid: 218595"}
    assert read(MULTIPLAY, other)["job"]["message"] == "image locked by diffid: 218595"


@pytest.mark.parametrize("refused", REFUSED)
def test_a_good_job_whose_request_failed_is_warned_of(read, refused) -> None:
    result = read(MULTIPLAY, {**multiplay.JOB, **refused})
    assert result["job"]["state"] == "succeeded"
    assert result["warnings"] == [
        "imageupdate 1234: The reply calls the request a failure and the job a success; the state of the job decides."
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "incomplete"),
        ([], "incomplete"),
        (7, "protocol"),
        (b'"text"', "protocol"),
        ({"jobstateid": None, "jobstatename": ""}, "protocol"),
        ({"jobstateid": [5]}, "protocol"),
    ],
)
def test_a_reply_that_is_not_of_multiplay_is_refused(read, body, kind) -> None:
    result = read(MULTIPLAY, body)
    assert (result["msg"], result["error"]["kind"]) == ("The API answered without jobstateid and jobstatename.", kind)


def test_each_request_names_the_account(server, read) -> None:
    read(MULTIPLAY, multiplay.JOB, account_service_id="a&b=c/ü")
    assert server.requests[0].query == {"accountserviceid": "a&b=c/ü"}
    assert server.requests[0].headers["Authorization"] == "Basic QUtMT09QQkFDSzptdWx0aXBsYXktc2VjcmV0LWtleQ=="


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "HTTP 401. Check access_key and secret_key."),
        (403, "HTTP 403. Check that the key has access to account_service_id."),
    ],
)
def test_a_refusal_by_multiplay_says_what_to_check(server, read, status, said) -> None:
    assert read(MULTIPLAY, b"", status)["msg"] == f"{server.url}/imageupdate/1234/status answered {said}"
