# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.xclarity import STATES
from ansible_collections.endstate.jobs.tests.unit.cases import XCLARITY, job
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import xclarity

DOCUMENTED = {"complete": "succeeded", "error": "failed", "canceled": "cancelled"}
ZIP = "EXPORTREPOSITORY repository20181112011742.zip"
DONE = "Repository operation completed successfully."
USUAL = {"native_state": "complete", "description": ZIP, "progress": 100.0, "message": DONE}


def test_the_table_has_the_documented_words_and_no_other() -> None:
    assert STATES == DOCUMENTED


@pytest.mark.parametrize(("word", "state"), DOCUMENTED.items())
def test_a_word_is_a_state(read, word, state) -> None:
    got = read(XCLARITY, {**xclarity.JOB, "state": word})
    assert got["job"] == job("xclarity", "12", state, **{**USUAL, "native_state": word})
    assert "warnings" not in got


@pytest.mark.parametrize("word", ["", None, ..., "running", "in progress", "cancelled", "stopping", 7])
@pytest.mark.parametrize(("progress", "state"), [(0, "pending"), (50, "running"), (100, "running"), (None, "running")])
def test_any_other_word_is_a_task_that_goes_on_and_no_cause_for_a_warning(read, word, progress, state) -> None:
    body = {**xclarity.JOB, "state": word, "progress": progress}
    got = read(XCLARITY, {name: value for name, value in body.items() if value is not ...})
    native = word if isinstance(word, str) and word else None
    percent = None if progress is None else float(progress)
    assert got["job"] == job("xclarity", "12", state, **{**USUAL, "native_state": native, "progress": percent})
    assert "warnings" not in got


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
    "a text": ("done", "succeeded", None),
    "a failure": (FAILURE, "failed", DONE),
    "a failure in a list": ([FAILURE], "failed", DONE),
    "a failure after a success": ([SUCCESS, FAILURE], "failed", f"{DONE} {DONE}"),
    "messages that are none": ({"result": "success", "messages": "x"}, "succeeded", None),
    "a message that is none": ({"result": "success", "messages": [7, {"text": ""}]}, "succeeded", None),
}


@pytest.mark.parametrize("key", ["errorMsg", "status"])
@pytest.mark.parametrize(("value", "state", "message"), MESSAGES.values(), ids=MESSAGES)
def test_the_messages_of_a_complete_task(read, key, value, state, message) -> None:
    body = {name: part for name, part in xclarity.JOB.items() if name != "errorMsg"}
    got = read(XCLARITY, {**body, key: value})
    assert got["job"] == job("xclarity", "12", state, **{**USUAL, "message": message})


def test_a_task_that_runs_says_failure_and_goes_on(read) -> None:
    assert read(XCLARITY, {**xclarity.RUNNING, "errorMsg": FAILURE})["job"]["state"] == "running"


def test_a_task_as_it_was_recorded(server, read) -> None:
    got = read(XCLARITY, xclarity.JOB)
    assert got["job"] == job("xclarity", "12", "succeeded", **USUAL)
    assert (got["jobs"], got["raw"]) == ([got["job"]], xclarity.JOB)
    assert got["msg"] == "firmware_repo 12 is succeeded (complete)."
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
}


@pytest.mark.parametrize("options", [{"task_id": "0"}, {"task_id": 0}, {"task_id": None}])
@pytest.mark.parametrize(("body", "jobs"), SHAPES.values(), ids=SHAPES)
def test_the_running_tasks_in_each_shape(server, read, body, jobs, options) -> None:
    got = read(XCLARITY, body, **options)
    assert (got["job"], got["jobs"], got["raw"]) == (None, jobs, body)
    assert got["msg"] == f"{len(jobs)} job{'' if len(jobs) == 1 else 's'}."
    assert server.requests[0].query["taskid"] == "0"


@pytest.mark.parametrize("body", [7, "text", [7], {"error": "x"}, [xclarity.RUNNING, 7], {"tasks": [7]}])
@pytest.mark.parametrize(
    ("task_id", "message"),
    [("12", "The API answered without the state of one task."), ("0", "The API answered without a list of tasks.")],
)
def test_what_is_no_reply_of_this_api(server, run_module, body, task_id, message) -> None:
    server.on(XCLARITY.route, reply(b'"text"' if body == "text" else body))
    got = run_module(XCLARITY.module, XCLARITY.given(server.url, task_id=task_id))
    assert (got["msg"], got["error"]["kind"]) == (message, "protocol")


@pytest.mark.parametrize("body", [{}, [], [xclarity.JOB, xclarity.JOB]])
def test_one_task_is_not_none_and_not_two(read, body) -> None:
    assert read(XCLARITY, body)["msg"] == "The API answered without the state of one task."


def test_one_task_in_a_list(read) -> None:
    assert read(XCLARITY, [xclarity.JOB])["job"] == job("xclarity", "12", "succeeded", **USUAL)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (xclarity.FORBIDDEN, 400, "HTTP 400 (code FQXHMSE0001F): You are not authorized."),
        (xclarity.FORBIDDEN, 200, "HTTP 200 (code FQXHMSE0001F): You are not authorized."),
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
def test_errors_in_the_apis_own_words(server, read, body, status, said) -> None:
    got = read(XCLARITY, body, status)
    assert got["msg"] == f"{server.url}/updateRepositories/firmware/status answered {said}"
    assert got["error"]["status"] == status
