# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins do with a registered result: it ends there, whatever becomes of the task."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.endstate.jobs.plugins.action.config_job_info import ActionModule as ConfigJobInfo
from ansible_collections.endstate.jobs.plugins.action.rest_job_info import ActionModule as RestJobInfo
from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule as WaitForJob
from ansible_collections.endstate.jobs.plugins.plugin_utils import _info_action
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.acting import run_action
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import FAIL, OK, Wait

SECRET = "t0ken-of-the-start"
PROFILE = {
    "schema": 1,
    "name": "farm",
    "ids": {"task": {"last_segment": True}},
    "auth": ["none"],
    "status": {"get": "/tasks/{task}"},
    "state": {"path": "s", "running": "r", "succeeded": "d", "failed": "f"},
    "started_by": ["location"],
}


def start(job_id: str = "7", **more: t.Any) -> dict[str, t.Any]:
    return {
        "json": {"job_id": job_id},
        "location": f"https://h/tasks/{job_id}?key={SECRET}",
        "msg": SECRET,
        "invocation": {"module_args": {"headers": {"X-Token": SECRET}}},
        **more,
    }


def loop(*names: str) -> dict[str, t.Any]:
    return {"results": [start(name, item=name, ansible_loop_var="item") for name in names]}


def by(wait: Wait, result: t.Any, **options: t.Any) -> dict[str, t.Any]:
    """A job of the server by what started it."""
    named = wait.push(started_by=result, **options)
    return {name: value for name, value in named.items() if name != "job_id" or name in options}


def test_the_result_of_one_start_gives_one_job(wait: Wait) -> None:
    wait.says(OK)
    result = wait.run({"config_job": by(wait, start())})
    assert (result["job"]["id"], result["job"]["name"], result["msg"][:12]) == ("7", None, "config_job 7")
    assert SECRET not in json.dumps(result) + "".join(wait.lines)


def test_jobs_of_a_loop_are_a_list(wait: Wait) -> None:
    wait.says(OK)
    wait.says(FAIL, job_id="8")
    result = wait.run({"config_job": by(wait, loop("7", "8"))})
    assert "job" not in result
    assert [(job["name"], job["state"]) for job in result["jobs"]] == [("7", "succeeded"), ("8", "failed")]
    assert "8 (config_job 8): failed" in result["msg"]
    assert SECRET not in json.dumps(result) + "".join(wait.lines)


@pytest.mark.parametrize(
    ("options", "shown"),
    [({}, True), ({"progress": "none"}, False)],
)
def test_skipped_items_are_told_like_progress(wait: Wait, options: t.Any, shown: bool) -> None:
    wait.says(OK)
    result = loop("7")
    result["results"].append({"skipped": True, "item": "Oslo", "ansible_loop_var": "item"})
    wait.run({"config_job": by(wait, result), **options})
    assert ("[web1] config_job: left out, for the start was skipped: Oslo" in wait.lines) is shown


def test_a_task_with_no_log_shows_no_progress(wait: Wait) -> None:
    wait.says(OK)
    wait.run({"config_job": by(wait, loop("7"))}, no_log=True)
    assert wait.lines == []


def test_later_attempts_of_an_until_loop_still_know_the_started_job(wait: Wait) -> None:
    wait.says(FAIL, OK)
    action = wait.action({"config_job": by(wait, start())})
    found = []
    for _attempt in range(2):
        found.append(action.run(task_vars={"inventory_hostname": "web1"})["job"]["state"])
        assert SECRET not in repr(action._task.args)
    assert found == ["failed", "succeeded"]


@pytest.mark.parametrize("wrong", [start("7", failed=True), {"msg": SECRET}, [SECRET], SECRET])
def test_a_refused_start_is_not_quoted_and_callbacks_never_get_it(wait: Wait, wrong: t.Any) -> None:
    action = wait.action({"config_job": by(wait, wrong)})
    with pytest.raises(AnsibleActionFail) as caught:
        action.run(task_vars={"inventory_hostname": "web1"})
    assert str(caught.value).startswith("endstate.jobs.wait_for_job: config_job.started_by: ")
    assert SECRET not in str(caught.value) + repr(action._task.args)
    assert wait.server.requests == []


def test_check_mode_of_a_start_leaves_nothing_to_wait_for(wait: Wait) -> None:
    result = wait.run({"config_job": by(wait, {"skipped": True})}, check_mode=True)
    assert (result["jobs"], result["failed"], "job" in result) == ([], False, False)


def test_a_delegate_of_a_wait_gets_only_the_id(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[t.Any] = []

    def execute(_action: t.Any, **call: t.Any) -> dict[str, t.Any]:
        calls.append(call["module_args"])
        return {"raw": {"data": [{**OK, "id": "7"}]}}

    monkeypatch.setattr(WaitForJob, "_execute_module", execute)
    result = wait.run({"config_job": by(wait, start())}, delegate_to="relay")
    assert result["job"]["state"] == "succeeded"
    assert calls[0]["job_id"] == "7"
    assert "started_by" not in calls[0]
    assert SECRET not in repr(calls)


def read(wait: Wait, result: t.Any, transport: str = "local", **keywords: t.Any) -> dict[str, t.Any]:
    given = by(wait, result)
    return run_action(ConfigJobInfo, given, name="config_job_info", transport=transport, **keywords)


def test_an_info_module_reads_the_job_that_was_started(wait: Wait) -> None:
    wait.says(OK)
    result = read(wait, start(), variables={"ansible_inject_invocation": True})
    assert result["job"]["id"] == "7"
    assert result["invocation"]["module_args"]["job_id"] == "7"
    assert result["invocation"]["module_args"]["started_by"] is None
    assert SECRET not in json.dumps(result)


def test_an_info_module_reads_one_job_of_a_loop(wait: Wait) -> None:
    wait.says(OK)
    assert read(wait, loop("7"))["job"]["id"] == "7"
    several = read(wait, loop("7", "8"))
    assert several["failed"]
    assert several["msg"] == (
        "started_by: 2 jobs were started, and this module reads one; use endstate.jobs.wait_for_job, "
        "or a loop over the results."
    )
    assert (several["error"]["kind"], SECRET in json.dumps(several)) == ("configuration", False)


NOTHING = "nothing was started, so there is no job to read; skip this task, too, with 'when: RESULT is not skipped'."


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (None, "started_by is empty, so it names nothing."),
        (" ", "started_by is empty, so it names nothing."),
        ({"skipped": True}, f"started_by: {NOTHING}"),
        ({"results": [], "skipped": True}, f"started_by: {NOTHING}"),
        (
            {"msg": SECRET},
            "started_by: the result has no job_id; expected it at json.job_id or json.message after 'jobid '.",
        ),
    ],
)
def test_a_result_without_an_id_never_asks_for_all_jobs(wait: Wait, result: t.Any, sentence: str) -> None:
    found = read(wait, result)
    assert (found["failed"], found["msg"]) == (True, sentence)
    assert SECRET not in json.dumps(found)
    assert wait.server.requests == []


def test_in_check_mode_an_info_module_has_no_job(wait: Wait) -> None:
    found = read(wait, {"skipped": True}, check_mode=True)
    assert (found.get("failed"), found["job"], found["jobs"]) == (None, None, [])
    assert found["msg"] == "Nothing was started, so there is no job to read."
    assert wait.server.requests == []


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, t.Any]]:
    """What a module on another machine gets."""
    calls: list[dict[str, t.Any]] = []

    def run(action: t.Any, *_how: t.Any, **_more: t.Any) -> dict[str, t.Any]:
        calls.append(dict(action._task.args))
        return {"job": None}

    monkeypatch.setattr(_info_action.NormalAction, "run", run)
    return calls


def test_a_delegate_of_an_info_module_gets_only_the_id(wait: Wait, sent: t.Any) -> None:
    read(wait, start(), transport="ssh")
    assert sent == [{"api_url": wait.server.url, "access_token": wait.push()["access_token"], "job_id": "7"}]


def test_a_delegate_of_rest_job_info_gets_only_the_id(sent: t.Any) -> None:
    given = {"profile": PROFILE, "api_url": "https://h", "started_by": start("12")}
    run_action(RestJobInfo, given, name="rest_job_info")
    assert (sent[0]["id"], "started_by" in sent[0]) == ({"task": "12"}, False)
    assert SECRET not in repr(sent)


def test_a_refused_start_asks_no_delegate(wait: Wait, sent: t.Any) -> None:
    assert read(wait, {"msg": SECRET}, transport="ssh")["failed"]
    assert sent == []


def test_a_recorded_reply_is_read_for_the_job_that_was_started() -> None:
    given = {"profile": PROFILE, "started_by": start("12"), "reply": {"s": "d"}}
    result = run_action(RestJobInfo, given, name="rest_job_info", transport="local")
    assert (result["job"]["id"], result["job"]["state"]) == ("12", "succeeded")


def test_the_module_alone_refuses_a_result(run_module: t.Any) -> None:
    result = run_module("config_job_info", {"access_token": "x", "started_by": start()})
    assert result["msg"] == "started_by: only the controller reads it."
    assert SECRET not in json.dumps(result)


def test_an_id_of_a_marked_text_type_becomes_plain_text(wait: Wait) -> None:
    class Marked(str):
        """As core marks what came from a host."""

    wait.server.on("GET /jobs/7", reply({"data": [{**OK, "id": "7"}]}))
    result = read(wait, {"json": {"job_id": Marked("7")}})
    assert not isinstance(result["job"]["id"], Marked)
