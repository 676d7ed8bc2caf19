# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import JUDGED, PHASES, VERDICTS, Strata
from ansible_collections.endstate.jobs.tests.unit.cases import STRATA, job
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata

ALONE = {
    "PEND": "pending",
    "ACT": "running",
    "PUSHSENT": "running",
    "PUSHFAIL": "failed",
    "PUSHABORT": "failed",
    "PUSHTIMEOUT": "failed",
}
ABORTED = {"PUSHABORT/CANCELLED": "cancelled"}
BY_RESULT = {
    "OK": "succeeded",
    "FAIL": "failed",
    "TIMEOUT": "failed",
    "CANCELLED": "cancelled",
    "PEND": "running",
    "WAIT": "running",
}
ITEM = strata.FINISHED["data"][0]
USUAL = {
    "native_state": "FIN/OK",
    "description": "CommitAndPush by user@example.com: Test Push from XSOAR",
    "progress": 100.0,
    "created_at": "2022-09-30T05:02:41Z",
    "started_at": "2022-09-30T05:02:41Z",
    "updated_at": "2022-09-30T05:03:33Z",
    "finished_at": "2022-09-30T05:03:30Z",
    "duration": 49.0,
}


def one(**changes):
    """The reply for job 21 with these fields; ... takes one away."""
    return {"data": [{name: value for name, value in {**ITEM, **changes}.items() if value is not ...}]}


def test_the_tables_of_states_have_exactly_the_documented_words() -> None:
    assert (PHASES, VERDICTS, JUDGED) == (ALONE | ABORTED, BY_RESULT, ("FIN", "PUSHSUC"))
    assert PHASES.keys().isdisjoint(JUDGED)


@pytest.mark.parametrize("result", [*BY_RESULT, "", "NEW"])
@pytest.mark.parametrize(("status", "state"), ALONE.items())
def test_a_status_that_decides_alone_gives_its_state_with_any_result(read, status, state, result) -> None:
    got = read(STRATA, one(status_str=status, result_str=result))
    native = f"{status}/{result}".rstrip("/")
    assert (got["job"]["state"], got["job"]["native_state"]) == (ABORTED.get(native, state), native)
    assert "warnings" not in got


@pytest.mark.parametrize("status", ["FIN", "PUSHSUC"])
@pytest.mark.parametrize(("result", "state"), BY_RESULT.items())
def test_a_status_that_is_judged_by_the_result_gives_the_state_of_the_result(read, status, result, state) -> None:
    got = read(STRATA, one(status_str=status, result_str=result))
    ended = state != "running"
    assert (got["job"]["state"], got["job"]["finished"]) == (state, ended)
    assert got["job"]["finished_at"] == ("2022-09-30T05:03:30Z" if ended else None)
    assert got["job"]["duration"] == (49.0 if ended else None)
    assert "warnings" not in got


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        ({"status_str": "RUN"}, "The state 'RUN' is not known, so the job is taken as not finished. Please report it."),
        ({"status_str": "fin"}, "The state 'fin' is not known, so the job is taken as not finished. Please report it."),
        ({"status_str": ""}, "The reply names no state, so the job is taken as not finished."),
        ({"status_str": None}, "The reply names no state, so the job is taken as not finished."),
        (
            {"result_str": "PARTIAL"},
            "The state 'PARTIAL' is not known, so the job is taken as not finished. Please report it.",
        ),
        ({"result_str": ""}, "The reply names no state, so the job is taken as not finished."),
        ({"result_str": ...}, "The reply names no state, so the job is taken as not finished."),
    ],
)
def test_an_unknown_word_is_state_unknown_with_one_warning(read, words, warning) -> None:
    got = read(STRATA, one(**words))
    assert (got["job"]["state"], got["job"]["finished"], got["job"]["succeeded"]) == ("unknown", False, False)
    assert got["warnings"] == [f"config_job 21: {warning}"]


def test_a_recorded_finished_job_is_read(read) -> None:
    got = read(STRATA, strata.FINISHED)
    assert got["job"] == job("strata", "21", "succeeded", **USUAL)
    assert (got["jobs"], got["raw"], got["msg"]) == (
        [got["job"]],
        strata.FINISHED,
        "config_job 21 succeeded (FIN/OK).",
    )


def test_a_recorded_running_job_is_read(server, run_module) -> None:
    server.on("GET /config/operations/v1/jobs/294", reply(strata.RUNNING))
    got = run_module(STRATA.module, STRATA.given(server.url, job_id="294"))
    assert got["job"] == job(
        "strata",
        "294",
        "running",
        native_state="ACT/PEND",
        description="CommitAndPush by APIGateway@ProdInternal.com",
        progress=99.0,
        created_at="2022-07-13T20:43:08Z",
        started_at="2022-07-13T20:43:08Z",
        updated_at="2022-07-13T20:44:44Z",
    )
    assert got["msg"] == "config_job 294 is running (ACT/PEND, 99 %)."


def test_the_documented_bare_object_with_integers_is_read(server, run_module) -> None:
    server.on("GET /config/operations/v1/jobs/115", reply(strata.DOCUMENTED))
    got = run_module(STRATA.module, STRATA.given(server.url, job_id="115"))
    assert got["job"] == job(
        "strata",
        "115",
        "running",
        parent_id="114",
        native_state="ACT/OK",
        description="CommitAndPush to string by user@example.com: Added a new security rule for marketing",
        progress=0.0,
        message="string",
        started_at="2024-07-29T15:51:28.071Z",
    )


FAILED = {"result_str": "FAIL", "summary": "Commit failed"}
ODD = {
    "as recorded": ({}, {}),
    "blank strings": (
        {"insert_ts": "", "start_ts": "", "end_ts": "", "last_update": "", "percent": "", "parent_id": "", "uname": ""},
        {
            "description": "CommitAndPush: Test Push from XSOAR",
            "progress": None,
            "created_at": None,
            "started_at": None,
            "updated_at": None,
            "finished_at": None,
            "duration": None,
        },
    ),
    "only what is required, as in a listing": (
        {"insert_ts": ..., "last_update": ..., "details": ..., "summary": ...},
        {"created_at": None, "updated_at": None, "description": "CommitAndPush by user@example.com"},
    ),
    "times in ISO 8601 with a zone": (
        {"start_ts": "2022-09-30T07:02:41.5+02:00", "end_ts": "2022-09-30T05:03:30.1234567Z"},
        {"started_at": "2022-09-30T05:02:41.500Z", "finished_at": "2022-09-30T05:03:30.123Z", "duration": 48.623},
    ),
    "an end before the beginning": (
        {"end_ts": "2022-09-30 05:00:00"},
        {"finished_at": "2022-09-30T05:00:00Z", "duration": None},
    ),
    "integers": ({"id": 21, "parent_id": 0, "percent": 100, "job_status": 2}, {}),
    "a parent": ({"parent_id": 20}, {"parent_id": "20"}),
    "a device": (
        {"device_name": "fw-berlin"},
        {"description": "CommitAndPush to fw-berlin by user@example.com: Test Push from XSOAR"},
    ),
    "a summary": ({"summary": "all good"}, {"message": "all good"}),
    "details absent": ({"details": ...}, {"description": "CommitAndPush by user@example.com"}),
    "details blank": ({"details": ""}, {"description": "CommitAndPush by user@example.com"}),
    "details that are not JSON": ({"details": "{'info': []}"}, {"description": "CommitAndPush by user@example.com"}),
    "details nested too deep": ({"details": "[" * 50_000}, {"description": "CommitAndPush by user@example.com"}),
    "details as an object": (
        {"details": {"description": "direct"}},
        {"description": "CommitAndPush by user@example.com: direct"},
    ),
    "details as a list in a string": ({"details": "[1, 2]"}, {"description": "CommitAndPush by user@example.com"}),
    "details with errors of a good job, stale": (
        {"details": '{"errors": ["old"]}'},
        {"description": "CommitAndPush by user@example.com"},
    ),
    "details that speak of failure, stale": (
        {"details": '{"errors": ["commit failed"], "result": "FAIL", "status": "ACT"}'},
        {"description": "CommitAndPush by user@example.com"},
    ),
    "a failure with its errors": (
        {**FAILED, "details": '{"errors": ["no route", "no route", 7], "info": ["x"]}'},
        {
            "state": "failed",
            "native_state": "FIN/FAIL",
            "description": "CommitAndPush by user@example.com",
            "message": "Commit failed; no route",
        },
    ),
    "a failure with a device's errors": (
        {**FAILED, "details": json.dumps({"errors": [], "007951000388704": {"errors": ["bad rule"], "info": []}})},
        {
            "state": "failed",
            "native_state": "FIN/FAIL",
            "description": "CommitAndPush by user@example.com",
            "message": "Commit failed; 007951000388704: bad rule",
        },
    ),
    "a failure with regions": (
        {
            **FAILED,
            "details": json.dumps(
                {
                    "job_details": [
                        {"region": "eu", "service_type": "gp", "commit_status": "Failure", "details": "no VPN"},
                        {"region": "us", "service_type": "gp", "commit_status": "Success"},
                    ]
                }
            ),
        },
        {
            "state": "failed",
            "native_state": "FIN/FAIL",
            "description": "CommitAndPush by user@example.com",
            "message": "Commit failed; eu gp: no VPN",
        },
    ),
    "a failure without a word": (
        {"result_str": "FAIL", "details": ...},
        {"state": "failed", "native_state": "FIN/FAIL", "description": "CommitAndPush by user@example.com"},
    ),
}


@pytest.mark.parametrize(("changes", "expected"), ODD.values(), ids=ODD)
def test_an_unusual_reply_of_strata_is_read(read, changes, expected) -> None:
    got = read(STRATA, one(**changes))
    known = {**USUAL, **expected}
    assert got["job"] == job("strata", "21", known.pop("state", "succeeded"), **known)
    assert "warnings" not in got


@pytest.mark.parametrize("field", ["insert_ts", "start_ts", "last_update", "end_ts"])
@pytest.mark.parametrize(
    "time", ["yesterday", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "0001-01-01T00:00:00+14:00", 7, [1]]
)
def test_an_absurd_time_is_null_and_warned_of(read, field, time) -> None:
    got = read(STRATA, one(**{field: time}))
    key = {"insert_ts": "created_at", "start_ts": "started_at", "last_update": "updated_at", "end_ts": "finished_at"}[
        field
    ]
    gone = {key: None, **({"duration": None} if key in ("started_at", "finished_at") else {})}
    assert got["job"] == job("strata", "21", "succeeded", **{**USUAL, **gone})
    (warning,) = got["warnings"]
    assert warning.startswith(f"config_job 21: The reply's {field} is no time that can be read: ")


def test_an_empty_list_is_a_missing_job(read) -> None:
    got = read(STRATA, {"data": []})
    said = "The API knows no job 21: it answered with an empty list."
    assert got["msg"] == f"{said} If it may not be visible yet, set on_missing: ignore."
    assert (got["error"]["kind"], got["error"]["status"], got["error"]["message"]) == ("not_found", 200, said)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "incomplete"),
        ([], "incomplete"),
        (7, "protocol"),
        ([7], "protocol"),
        ({"data": None}, "protocol"),
        ({"data": ITEM}, "protocol"),
        ({"data": [7]}, "protocol"),
        ({"data": [{"id": "21"}]}, "protocol"),
    ],
)
def test_a_reply_that_is_not_of_strata_is_refused(read, body, kind) -> None:
    got = read(STRATA, body)
    assert got["msg"] == "The API answered without the status_str of job 21."
    assert got["error"]["kind"] == kind


def test_a_bare_list_as_first_documented_is_read(read) -> None:
    got = read(STRATA, [ITEM])
    assert got["job"] == job("strata", "21", "succeeded", **USUAL)
    assert got["raw"] == [ITEM]


OTHER_API = "An id of this form belongs to another API of this vendor, GET /operations/v1/device/jobs/<id>, which rest_job can read."
UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (strata.fault("E005", "Object Not Present"), 404, True),
        (strata.fault("E003", "Invalid Query Parameter"), 400, True),
        ({"data": []}, 200, True),
        (strata.fault("E007", "Unauthorized"), 403, False),
        (strata.fault("E016", "Not Authenticated"), 401, False),
        (b"", 503, False),
    ],
)
def test_an_id_of_another_api_is_recognized(server, run_module, body, status, said) -> None:
    server.on(f"GET /config/operations/v1/jobs/{UUID}", reply(body, status))
    got = run_module(STRATA.module, STRATA.given(server.url, job_id=UUID))
    assert (OTHER_API in got["msg"]) is said
    assert (OTHER_API in got["error"]["message"]) is said


def test_an_id_of_strata_is_not_taken_for_another_apis(read) -> None:
    got = read(STRATA, strata.fault("E005", "Object Not Present"), 404)
    assert OTHER_API not in got["msg"]


@pytest.mark.parametrize(
    ("api_url", "base"),
    [
        ("https://api.strata.paloaltonetworks.com", "/config/operations/v1"),
        ("https://API.strata.paloaltonetworks.com", "/config/operations/v1"),
        ("https://api.sase.paloaltonetworks.com", "/sse/config/v1"),
        ("https://api.sase.paloaltonetworks.com/config/v1", ""),
        ("https://gateway.example.com", ""),
    ],
)
def test_a_documented_host_without_a_path_gets_its_path(api_url, base) -> None:
    assert Strata().base_url(api_url) == api_url + base


def test_a_reply_for_another_job_is_refused(read) -> None:
    got = read(STRATA, one(id="22"))
    assert got["msg"] == "The API answered without the status_str of job 21 but with job 22."


def test_the_job_is_found_among_other_jobs_of_a_reply(read) -> None:
    got = read(STRATA, {"data": [*one(id="22", status_str="ACT")["data"], ITEM]})
    assert got["job"] == job("strata", "21", "succeeded", **USUAL)


@pytest.mark.parametrize(
    ("body", "status", "said", "code"),
    [
        (
            strata.fault("E003", "Invalid Query Parameter: location=invalid"),
            400,
            "Invalid Query Parameter: location=invalid.",
            "E003",
        ),
        (
            strata.fault("E016", "Not Authenticated"),
            401,
            "Not Authenticated. Check client_id and client_secret, or that the access_token has not expired.",
            "E016",
        ),
        (
            strata.fault("E007", "Unauthorized"),
            403,
            "Unauthorized. The service account needs a role on the tenant of tsg_id that may read configuration jobs.",
            "E007",
        ),
        (strata.fault("E016", "Object Not Unique"), 409, "Object Not Unique.", "E016"),
        (strata.fault("4", "Session Timeout"), 504, "Session Timeout.", "4"),
        (strata.fault("E013", "Bad XPath", "in a text"), 400, "Bad XPath; in a text.", "E013"),
        (
            strata.fault("E005", "Failed", {"errorType": "x", "message": "the reason", "errors": []}),
            500,
            "Failed; the reason.",
            "E005",
        ),
        (
            strata.fault("E003", "Two", ["first", {"message": "second"}, 3, [["third"]]]),
            400,
            "Two; first; second; third.",
            "E003",
        ),
    ],
)
def test_an_error_of_strata_is_told_in_its_own_words(server, read, body, status, said, code) -> None:
    got = read(STRATA, body, status)
    assert got["msg"] == f"{server.url}{STRATA.route[4:]} answered HTTP {status} (code {code}): {said}"
    assert got["error"] == {
        "kind": got["error"]["kind"],
        "status": status,
        "code": code,
        "message": got["msg"],
        "request_id": "123e4567-e89b-12d3-a456-426655440000",
        "retry_after": None,
        "of_account": status == 401,
    }


@pytest.mark.parametrize("body", [{"_errors": "no list"}, {"_errors": [7]}, {"_errors": []}, {"detail": "x"}, []])
def test_an_error_without_the_envelope_of_strata_is_told_by_its_status(server, read, body) -> None:
    assert read(STRATA, body, 400)["msg"] == f"{server.url}{STRATA.route[4:]} answered HTTP 400."
