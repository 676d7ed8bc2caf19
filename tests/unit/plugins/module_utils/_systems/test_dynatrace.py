# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.dynatrace import STATES, Dynatrace
from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE, job
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

DOCUMENTED = {
    "SCHEDULED": "pending",
    "PENDING": "pending",
    "IN_PROGRESS": "running",
    "SUCCEED": "succeeded",
    "FAILED": "failed",
    "ROLLBACK": "failed",
    "SKIPPED": "skipped",
}
ONE_JOB = "SYNTHETIC 1.198.0.20200629-183024 → 1.198.0.20200630-114457"


def test_the_table_of_states_has_exactly_the_documented_words() -> None:
    assert STATES == DOCUMENTED


@pytest.mark.parametrize(("word", "state"), DOCUMENTED.items())
def test_each_documented_word_has_its_state(read, word, state) -> None:
    result = read(DYNATRACE, {**dynatrace.JOB, "jobState": word})
    got = result["job"]
    ended = state in ("succeeded", "failed", "skipped")
    assert (got["state"], got["native_state"], got["finished"]) == (state, word, ended)
    assert got["succeeded"] is (word == "SUCCEED")
    assert (got["finished_at"] is not None) is ended
    assert "warnings" not in result


@pytest.mark.parametrize("word", ["SUCCEED", "FAILED", "ROLLBACK", "SKIPPED"])
def test_an_end_without_a_time_is_still_running(read, word) -> None:
    result = read(DYNATRACE, {**dynatrace.JOB, "jobState": word, "timestamp": None})
    assert result["job"] == job(
        "dynatrace", DYNATRACE.id, "running", native_state=word, description=ONE_JOB, duration=596.047
    )
    assert result["msg"] == f"activegate_update_job {DYNATRACE.id} is running ({word})."


@pytest.mark.parametrize("word", ["SUCCEEDED", "succeed", "QUARANTINED"])
def test_an_unknown_word_is_state_unknown_with_one_warning(read, word) -> None:
    result = read(DYNATRACE, {**dynatrace.JOB, "jobState": word})
    assert result["job"] == job(
        "dynatrace", DYNATRACE.id, "unknown", native_state=word, description=ONE_JOB, duration=596.047
    )
    assert result["warnings"] == [
        f"activegate_update_job {DYNATRACE.id}: The state '{word}' is not known, so the job is taken as not finished. Please report it."
    ]


ODD = {
    "as documented": ({}, {}),
    "no component and no method, as a new job has": (
        {"updateType": None, "updateMethod": None},
        {"description": "1.198.0.20200629-183024 → 1.198.0.20200630-114457"},
    ),
    "no version at all": (
        {"startVersion": "", "targetVersion": None, "updateType": None},
        {"description": None},
    ),
    "no duration, as of a manual installation": ({"duration": None}, {"duration": None}),
    "a duration in a string": ({"duration": "596047"}, {}),
    "a time in a string": ({"timestamp": "1593518788274"}, {}),
    "Java's text as an error": (
        {"error": dynatrace.SKIPPED["error"]},
        {"message": "{collectorId=0x5a34b668, installer=INSTALLER_SG, validity=2021-05-04 22:52:22}"},
    ),
    "an error on many lines": ({"error": "first\r\n\tsecond\x1b[2J\n"}, {"message": "first second [2J"}),
    "an error that is no text": ({"error": {"code": 1}}, {"message": None}),
    "another job's id": ({"jobId": "1"}, {}),
    "fields never heard of": ({"agentId": [1], "": None}, {}),
}


@pytest.mark.parametrize(("changes", "expected"), ODD.values(), ids=ODD)
def test_an_unusual_reply_of_dynatrace_is_read(read, changes, expected) -> None:
    result = read(DYNATRACE, {**dynatrace.JOB, **changes})
    usual = {
        "native_state": "SUCCEED",
        "description": ONE_JOB,
        "finished_at": "2020-06-30T12:06:28.274Z",
        "duration": 596.047,
    }
    assert result["job"] == job("dynatrace", DYNATRACE.id, "succeeded", **{**usual, **expected})
    assert "warnings" not in result


@pytest.mark.parametrize("time", [1e30, -1593518788274, 10**400, "soon", [1], {"ms": 1}, 9e15, True])
def test_an_absurd_time_is_null_and_warned_of(read, time) -> None:
    result = read(DYNATRACE, {**dynatrace.JOB, "timestamp": time})
    assert (result["job"]["state"], result["job"]["finished_at"]) == ("succeeded", None)
    (warning,) = result["warnings"]
    assert warning.startswith(
        f"activegate_update_job {DYNATRACE.id}: The reply's timestamp is no time that can be read: "
    )


def test_a_recorded_skipped_job_is_read(read) -> None:
    result = read(DYNATRACE, dynatrace.SKIPPED)
    assert result["job"] == job(
        "dynatrace",
        DYNATRACE.id,
        "skipped",
        native_state="SKIPPED",
        message=dynatrace.SKIPPED["error"],
        finished_at="2021-05-04T22:52:24.590Z",
        duration=1802.555,
    )
    assert result["msg"] == (
        f"activegate_update_job {DYNATRACE.id} was skipped: "
        "{collectorId=0x5a34b668, installer=INSTALLER_SG, validity=2021-05-04 22:52:22}."
    )


def test_a_job_that_was_just_created_is_pending(read) -> None:
    assert read(DYNATRACE, dynatrace.CREATED)["job"] == job(
        "dynatrace",
        DYNATRACE.id,
        "pending",
        native_state="PENDING",
        description="1.195.5.20200522-174041 → 1.198.0.20200630-163221",
    )


def _manual(job_id, versions, ended):
    return job(
        "dynatrace",
        job_id,
        "succeeded",
        native_state="SUCCEED",
        description=f"ACTIVE_GATE {versions} on ActiveGate -1556499193",
        finished_at=ended,
    )


LISTED = [
    _manual("-4754066816153208332", "1.217.89.20210506-182520 → 1.217.96.20210507-181038", "2021-05-07T20:26:17.047Z"),
    _manual("5075770917171973084", "1.217.84.20210505-174021 → 1.217.89.20210506-182520", "2021-05-06T20:27:13.412Z"),
    _manual("-6499213237883713862", "1.217.75.20210504-201049 → 1.217.84.20210505-174021", "2021-05-05T20:16:54.673Z"),
]


def test_the_jobs_of_one_activegate_are_listed(server, run_module) -> None:
    server.on("GET /api/v2/activeGates/-1556499193/updateJobs", reply(dynatrace.LISTING))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, job_id=None))
    assert (result["job"], result["jobs"], result["msg"]) == (None, LISTED, "3 jobs.")
    assert result["raw"] == dynatrace.LISTING


def test_the_jobs_of_all_activegates_are_listed(server, run_module) -> None:
    server.on("GET /api/v2/activeGates/updateJobs", reply(dynatrace.ALL))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, activegate_id=None, job_id=None))
    assert (result["job"], result["jobs"], result["msg"]) == (None, LISTED, "3 jobs.")
    assert result["raw"] == dynatrace.ALL


def test_filters_are_sent_under_the_names_of_the_api(server, run_module) -> None:
    server.on("GET /api/v2/activeGates/updateJobs", reply({"allUpdateJobs": []}))
    filters = {
        "from": "now-3d",
        "to": "2021-01-25T05:57:01.123+01:00",
        "start_version": "1.198.0",
        "start_version_compare_type": "GREATER_EQUAL",
        "target_version": "1.199.0",
        "target_version_compare_type": "LOWER",
        "update_type": "Z_REMOTE",
        "last_updates": True,
    }
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, activegate_id=None, job_id=None, **filters))
    assert (result["jobs"], result["msg"]) == ([], "0 jobs.")
    assert server.requests[0].query == {
        "from": "now-3d",
        "to": "2021-01-25T05:57:01.123+01:00",
        "startVersion": "1.198.0",
        "startVersionCompareType": "GREATER_EQUAL",
        "targetVersion": "1.199.0",
        "targetVersionCompareType": "LOWER",
        "updateType": "Z_REMOTE",
        "lastUpdates": "true",
    }


ALL = {"job_id": None, "activegate_id": None}
WITHOUT_JOBS = {
    "one without updateJobs": ({"agId": "1"}, {"job_id": None}),
    "one with null": ({"agId": "1", "updateJobs": None}, {"job_id": None}),
    "one without an id": ({"updateJobs": None}, {"job_id": None}),
    "some of all": ({"allUpdateJobs": [{"agId": "1"}, {"agId": "2", "updateJobs": None}, {}]}, ALL),
    "null for all": ({"allUpdateJobs": None}, ALL),
}


@pytest.mark.parametrize(("body", "options"), WITHOUT_JOBS.values(), ids=WITHOUT_JOBS)
def test_an_activegate_without_update_jobs_has_none(server, run_module, body, options) -> None:
    given = DYNATRACE.given(server.url, **options)
    segments = [given.get("activegate_id"), "updateJobs"]
    server.on("GET /api/v2/activeGates/" + "/".join(filter(None, segments)), reply(body))
    result = run_module(DYNATRACE.module, given)
    assert (result["jobs"], result["msg"]) == ([], "0 jobs.")


def test_an_activegate_without_update_jobs_hides_no_other_activegate(server, run_module) -> None:
    body = {"allUpdateJobs": [{"agId": "1"}, dynatrace.LISTING]}
    server.on("GET /api/v2/activeGates/updateJobs", reply(body))
    assert run_module(DYNATRACE.module, DYNATRACE.given(server.url, **ALL))["jobs"] == LISTED
    options = {"activegate_id": "-1556499193", "job_id": "5075770917171973084"}
    other = {"activegate_id": "1", "job_id": "5"}
    assert [one and one.job.state for one in Dynatrace().find([body], [other, options])] == [None, "succeeded"]


@pytest.mark.parametrize(
    ("body", "options", "message"),
    [
        (7, {}, "The API answered without the jobState of an update job."),
        ([7], {}, "The API answered without the jobState of an update job."),
        ({"allUpdateJobs": {}}, ALL, "The API answered without a list of updateJobs."),
        ([dynatrace.LISTING], {"job_id": None}, "The API answered without a list of updateJobs."),
        (dynatrace.LISTING, {}, "The API answered without the jobState of an update job."),
        (dynatrace.JOB, {"job_id": None}, "The API answered without a list of updateJobs."),
        ({"updateJobs": {}}, {"job_id": None}, "The API answered without a list of updateJobs."),
        ({"updateJobs": [1]}, {"job_id": None}, "The API answered without a list of updateJobs."),
        (dynatrace.LISTING, {"job_id": None, "activegate_id": None}, "The API answered without a list of updateJobs."),
        (
            {"allUpdateJobs": [7]},
            {"job_id": None, "activegate_id": None},
            "The API answered without a list of updateJobs.",
        ),
    ],
)
def test_a_reply_that_is_not_of_dynatrace_is_a_protocol_error(server, run_module, body, options, message) -> None:
    given = DYNATRACE.given(server.url, **options)
    segments = [given.get("activegate_id"), "updateJobs", given.get("job_id")]
    server.on("GET /api/v2/activeGates/" + "/".join(filter(None, segments)), reply(body))
    result = run_module(DYNATRACE.module, given)
    assert (result["failed"], result["msg"], result["error"]["kind"]) == (True, message, "protocol")


@pytest.mark.parametrize("body", [{}, []])
@pytest.mark.parametrize(
    ("options", "message"),
    [({}, "the jobState of an update job"), ({"job_id": None}, "a list of updateJobs"), (ALL, "a list of updateJobs")],
)
def test_an_empty_reply_of_dynatrace_is_incomplete(server, run_module, body, options, message) -> None:
    given = DYNATRACE.given(server.url, **options)
    segments = [given.get("activegate_id"), "updateJobs", given.get("job_id")]
    server.on("GET /api/v2/activeGates/" + "/".join(filter(None, segments)), reply(body))
    result = run_module(DYNATRACE.module, given)
    assert (result["msg"], result["error"]["kind"]) == (f"The API answered without {message}.", "incomplete")


@pytest.mark.parametrize(
    ("api_url", "base"),
    [
        ("", "/api/v2"),
        ("/", "/api/v2"),
        ("/e/abc12345", "/e/abc12345/api/v2"),
        ("/e/abc12345/", "/e/abc12345/api/v2"),
        ("/e/abc12345/api/v2", "/e/abc12345/api/v2"),
        ("/platform/classic/environment-api/v2", "/platform/classic/environment-api/v2"),
    ],
)
def test_the_path_of_the_api_is_added_to_the_environments_address(server, run_module, api_url, base) -> None:
    server.on(f"GET {base}/activeGates/-1556499193/updateJobs/{DYNATRACE.id}", reply(dynatrace.JOB))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, api_url=server.url + api_url))
    assert result["job"]["state"] == "succeeded"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (
            dynatrace.FORBIDDEN,
            403,
            "HTTP 403: Token is missing required scope. Use one of: activeGates.read (Read ActiveGates). The token needs the scope "
            "activeGates.read (environment-api:activegates:read or fleet-management:activegates:read for an access_token).",
        ),
        (
            dynatrace.NOT_FOUND,
            404,
            "HTTP 404: Update job not found. Check activegate_id, job_id and the environment in api_url. "
            "If it may not be visible yet, set on_missing: ignore.",
        ),
        (dynatrace.INVALID, 400, "HTTP 400: Constraints violated; from: must be before to; too long ago."),
        (
            {"error": {"code": 401, "message": "Token Authentication failed"}},
            401,
            "HTTP 401: Token Authentication failed. Check that the token is valid and belongs to the environment of api_url.",
        ),
        ({"error": "a text"}, 400, "HTTP 400."),
        ("Bad gateway", 502, "HTTP 502."),
    ],
)
def test_an_error_of_dynatrace_is_told_in_its_own_words(server, read, body, status, said) -> None:
    result = read(DYNATRACE, body, status)
    assert result["msg"] == f"{server.url}{DYNATRACE.route[4:]} answered {said}"
    assert result["error"]["status"] == status
