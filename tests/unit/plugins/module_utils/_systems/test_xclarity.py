# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.xclarity import STATES
from ansible_collections.endstate.jobs.tests.unit.cases import XCLARITY, job
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import xclarity

DOCUMENTED = {"complete": "succeeded", "error": "failed", "canceled": "cancelled"}
OF_ITS_JOBS = {
    "cancelled": "cancelled",
    "cancelled_with_errors": "cancelled",
    "interrupted": "failed",
    "stopped_with_error": "failed",
}
"""Ends that another API of the same product documents, as ``Cancelled`` and ``Stopped_With_Error``."""
ZIP = "EXPORTREPOSITORY repository20181112011742.zip"
DONE = "Repository operation completed successfully."
USUAL = {"native_state": "complete", "description": ZIP, "progress": 100.0, "message": DONE}


def test_the_table_of_states_has_exactly_the_documented_words() -> None:
    assert STATES == DOCUMENTED | OF_ITS_JOBS


@pytest.mark.parametrize("spelled", [str, str.title, str.upper])
@pytest.mark.parametrize(("word", "state"), (DOCUMENTED | OF_ITS_JOBS).items())
def test_each_word_has_its_state_in_any_case(read, word, state, spelled) -> None:
    word = spelled(word)
    got = read(XCLARITY, {**xclarity.JOB, "state": word})
    assert got["job"] == job("xclarity", "12", state, **{**USUAL, "native_state": word})
    assert "warnings" not in got


NAMELESS = ["", None, ..., 7]
GOING = ["running", "Running", "in progress", "Pending", "created", "Running_With_Errors"]
UNKNOWN = ["stopping", "Completed", "HIBERNATING"]


@pytest.mark.parametrize("word", [*NAMELESS, *GOING, *UNKNOWN])
@pytest.mark.parametrize(("progress", "state"), [(0, "pending"), (50, "running"), (100, "running"), (None, "running")])
def test_any_other_word_is_not_finished_and_warned_of_if_unknown(read, word, progress, state) -> None:
    body = {**xclarity.JOB, "state": word, "progress": progress}
    got = read(XCLARITY, {name: value for name, value in body.items() if value is not ...})
    native = word if isinstance(word, str) and word else None
    percent = None if progress is None else float(progress)
    assert got["job"] == job("xclarity", "12", state, **{**USUAL, "native_state": native, "progress": percent})
    unknown = (
        f"firmware_repo 12: The state '{word}' is not known, so the job is taken as not finished. Please report it."
    )
    assert got.get("warnings", []) == ([unknown] if word in UNKNOWN else [])


INFORMATIONAL, SUCCESS, FAILURE = (
    {"result": result, "messages": [{"id": "FQXHMUP2500I", "text": DONE}]}
    for result in ("informational", "success", "failure")
)
MESSAGES = {
    "an object": (INFORMATIONAL, "succeeded", DONE),
    "a list": ([INFORMATIONAL], "succeeded", DONE),
    "a list of two": ([SUCCESS, {"messages": [{"text": "And more."}]}], "succeeded", f"{DONE} And more."),
    "a list of messages": ([{"id": "FQXHMUP2500I", "text": DONE}], "succeeded", DONE),
    "an empty list": ([], "succeeded", None),
    "an empty object": ({}, "succeeded", None),
    "null": (None, "succeeded", None),
    "a failure in capitals": ({**FAILURE, "result": "FAILURE"}, "failed", DONE),
    "a failure by another name": ([{**FAILURE, "result": "Failed"}], "failed", DONE),
    "an error": ({**FAILURE, "result": "error"}, "failed", DONE),
    "a success in capitals": ({**FAILURE, "result": "Success"}, "succeeded", DONE),
    "a result as text": ("success", "succeeded", "success"),
    "a failure as text": ("FAILURE", "failed", "FAILURE"),
    "blank text": (" ", "succeeded", None),
    "a failure": (FAILURE, "failed", DONE),
    "a failure in a list": ([FAILURE], "failed", DONE),
    "a failure after a success": ([SUCCESS, FAILURE], "failed", f"{DONE} {DONE}"),
    "messages that are none": ({"result": "success", "messages": "x"}, "succeeded", None),
    "a message that is none": ({"result": "success", "messages": [7, {"text": ""}]}, "succeeded", None),
}


@pytest.mark.parametrize("key", ["errorMsg", "status"])
@pytest.mark.parametrize(("value", "state", "message"), MESSAGES.values(), ids=MESSAGES)
def test_the_messages_of_a_complete_task_decide_its_state(read, key, value, state, message) -> None:
    body = {name: part for name, part in xclarity.JOB.items() if name != "errorMsg"}
    got = read(XCLARITY, {**body, key: value})
    assert got["job"] == job("xclarity", "12", state, **{**USUAL, "message": message})


TEXTS = {
    "text": ("disk full", "disk full"),
    "text in a list": (["disk full"], "disk full"),
    "text after a success": ([SUCCESS, "disk full"], f"{DONE} disk full"),
}


@pytest.mark.parametrize(("value", "message"), TEXTS.values(), ids=TEXTS)
def test_plain_text_as_error_is_no_success(read, value, message) -> None:
    got = read(XCLARITY, {**xclarity.JOB, "errorMsg": value})
    assert got["job"] == job("xclarity", "12", "failed", **{**USUAL, "message": message})


def test_plain_text_as_status_is_a_message(read) -> None:
    body = {name: part for name, part in xclarity.JOB.items() if name != "errorMsg"}
    assert read(XCLARITY, {**body, "status": "ready"})["job"] == job(
        "xclarity", "12", "succeeded", **{**USUAL, "message": "ready"}
    )


def test_an_unknown_result_is_warned_of_once(read) -> None:
    got = read(XCLARITY, {**xclarity.JOB, "errorMsg": [{"result": "Partial"}, {"result": "partial"}]})
    assert got["job"]["state"] == "succeeded"
    assert got["warnings"] == ["firmware_repo 12: The result 'partial' is not known; the state decides."]


@pytest.mark.parametrize("body", [{}, {"errorMsg": INFORMATIONAL}, {"status": INFORMATIONAL}])
def test_a_failure_told_beside_the_task_fails_it(read, body) -> None:
    task = {name: part for name, part in xclarity.JOB.items() if name != "errorMsg"}
    assert read(XCLARITY, {**task, **body, "result": "Failure"})["job"]["state"] == "failed"


@pytest.mark.parametrize(
    ("status", "state", "message"),
    [
        (INFORMATIONAL, "succeeded", DONE),
        (FAILURE, "failed", DONE),
        (None, "succeeded", None),
        (..., "succeeded", None),
    ],
)
def test_a_task_in_the_form_of_another_request_is_read(read, status, state, message) -> None:
    body = {"updatesByMt": xclarity.UPDATES_BY_MT["updatesByMt"], "status": status}
    got = read(XCLARITY, {name: part for name, part in body.items() if part is not ...})
    assert got["job"] == job(
        "xclarity",
        "12",
        state,
        native_state="complete",
        description="EXPORTREPOSITORY",
        progress=100.0,
        message=message,
    )


def test_a_recorded_reply_to_another_request_is_read(read) -> None:
    got = read(XCLARITY, xclarity.UPDATES_BY_MT)
    assert (got["job"]["state"], got["job"]["message"], got["raw"]) == ("succeeded", DONE, xclarity.UPDATES_BY_MT)


def test_a_running_task_that_says_failure_is_running(read) -> None:
    assert read(XCLARITY, {**xclarity.RUNNING, "errorMsg": FAILURE})["job"]["state"] == "running"


def test_a_recorded_task_is_read(server, read) -> None:
    got = read(XCLARITY, xclarity.JOB)
    assert got["job"] == job("xclarity", "12", "succeeded", **USUAL)
    assert (got["jobs"], got["raw"]) == ([got["job"]], xclarity.JOB)
    assert got["msg"] == "firmware_repo 12 succeeded (complete)."
    assert server.requests[0].query == {"tasktype": "EXPORTREPOSITORY", "taskid": "12"}


def listed(task_id, **known):
    return job(
        "xclarity", task_id, **{"state": "running", "description": "EXPORTREPOSITORY", "progress": 50.0, **known}
    )


SHAPES = {
    "an object": (xclarity.RUNNING, [listed("12")]),
    "a list": ([xclarity.RUNNING, {**xclarity.RUNNING, "taskIds": "13"}], [listed("12"), listed("13")]),
    "an object that holds a list": ({"tasks": [xclarity.RUNNING]}, [listed("12")]),
    "an id as a number, under its other name": ([{**xclarity.RUNNING, "taskIds": "", "jobid": 14}], [listed("14")]),
    "no id": ([{**xclarity.RUNNING, "taskIds": ""}], [listed(None)]),
    "an empty list": ([], []),
    "an empty object": ({}, []),
    "an object that holds an empty list": ({"tasks": []}, []),
    "a list of empty objects": ([{}, {}], []),
    "an object that holds one": ({"updatesByMt": xclarity.RUNNING, "status": {}}, [listed("12")]),
}


@pytest.mark.parametrize("options", [{"task_id": "0"}, {"task_id": 0}, {"task_id": None}])
@pytest.mark.parametrize(("body", "jobs"), SHAPES.values(), ids=SHAPES)
def test_the_running_tasks_are_listed_in_each_shape(server, read, body, jobs, options) -> None:
    got = read(XCLARITY, body, **options)
    assert (got["job"], got["jobs"], got["raw"]) == (None, jobs, body)
    assert got["msg"] == f"{len(jobs)} job{'' if len(jobs) == 1 else 's'}."
    assert server.requests[0].query["taskid"] == "0"


@pytest.mark.parametrize("body", [7, "text", [7], {"error": "x"}, [xclarity.RUNNING, 7], {"tasks": [7]}])
@pytest.mark.parametrize(
    ("task_id", "message"),
    [("12", "The API answered without the state of one task."), ("0", "The API answered without a list of tasks.")],
)
def test_a_reply_that_is_not_of_xclarity_is_a_protocol_error(server, run_module, body, task_id, message) -> None:
    server.on(XCLARITY.route, reply(b'"text"' if body == "text" else body))
    got = run_module(XCLARITY.module, XCLARITY.given(server.url, task_id=task_id))
    assert (got["msg"], got["error"]["kind"]) == (message, "protocol")


TWO = {"a": {"state": "complete"}, "b": {"state": "error"}}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "incomplete"),
        ([], "incomplete"),
        ([{}, {}], "incomplete"),
        ([xclarity.JOB, xclarity.JOB], "protocol"),
        (TWO, "protocol"),
    ],
)
def test_a_reply_with_no_task_or_with_two_is_refused(read, body, kind) -> None:
    got = read(XCLARITY, body)
    assert (got["msg"], got["error"]["kind"]) == ("The API answered without the state of one task.", kind)


def test_a_task_in_a_list_of_one_is_read(read) -> None:
    assert read(XCLARITY, [xclarity.JOB])["job"] == job("xclarity", "12", "succeeded", **USUAL)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (xclarity.FORBIDDEN, 400, "HTTP 400 (code FQXHMSE0001F): You are not authorized."),
        (xclarity.FORBIDDEN, 200, "HTTP 200 (code FQXHMSE0001F): You are not authorized."),
        ({**xclarity.FORBIDDEN, "result": "FAILURE"}, 200, "HTTP 200 (code FQXHMSE0001F): You are not authorized."),
        (
            {**xclarity.FORBIDDEN, "result": "failed", "state": ""},
            200,
            "HTTP 200 (code FQXHMSE0001F): You are not authorized.",
        ),
        (
            xclarity.FORBIDDEN,
            403,
            "HTTP 403 (code FQXHMSE0001F): You are not authorized. Check username and password, and that the user may read the "
            "firmware repository.",
        ),
        ({"result": "failure", "messages": [{"text": "One."}, {"text": "Two."}]}, 409, "HTTP 409: One. Two."),
        ({"result": "failure", "messages": {}}, 500, "HTTP 500."),
        (b"", 401, "HTTP 401. Check username and password."),
    ],
)
def test_an_error_of_xclarity_is_told_in_its_own_words(server, read, body, status, said) -> None:
    got = read(XCLARITY, body, status)
    assert got["msg"] == f"{server.url}/updateRepositories/firmware/status answered {said}"
    assert got["error"]["status"] == status


SESSION = {"auth_method": "session", "task_id": "12"}


@pytest.mark.parametrize("required", [True, "true", "True"])
def test_a_password_that_must_be_changed_is_told(server, run_module, required) -> None:
    login = {**xclarity.LOGIN, "response": {**xclarity.LOGIN["response"], "pwChangeRequired": required}}
    server.on("POST /sessions", reply(login, headers=xclarity.COOKIES))
    got = run_module(XCLARITY.module, XCLARITY.given(server.url, **SESSION))
    assert got["msg"] == (
        f"{server.url}/sessions answered HTTP 200: The user must change the password in XClarity Administrator before the "
        "API can be used. Check username and password."
    )
    assert server.asked(XCLARITY.route) == []


@pytest.mark.parametrize("required", [False, None, "false", 0])
def test_a_password_that_need_not_be_changed_is_no_error(server, run_module, required) -> None:
    login = {**xclarity.LOGIN, "response": {**xclarity.LOGIN["response"], "pwChangeRequired": required}}
    server.on("POST /sessions", reply(login, headers=xclarity.COOKIES))
    server.on("DELETE /sessions", reply({}))
    server.on(XCLARITY.route, reply(xclarity.JOB))
    assert run_module(XCLARITY.module, XCLARITY.given(server.url, **SESSION))["job"]["state"] == "succeeded"
    login, question, logout = server.requests
    assert json.loads(login.body) == {"UserId": "automation", "password": "xclarity-password"}
    assert question.headers["X-Csrf-Token"] == logout.headers["X-Csrf-Token"] == "csrf-of-the-first-session"
    assert login.headers["Referer"] == f"{server.url}/sessions"
    assert "Referer" not in question.headers.keys() | logout.headers.keys()
