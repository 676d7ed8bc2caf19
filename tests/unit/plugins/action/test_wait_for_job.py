# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way out of ``wait_for_job`` but the ``timeout`` of the task: one shape."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
from ansible_collections.endstate.jobs.tests.unit.loopback import Request, reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import ACTIVE, FAIL, OK, Wait

KEYS = {
    "changed",
    "failed",
    "msg",
    "jobs",
    "finished",
    "succeeded",
    "timed_out",
    "timedout",
    "elapsed",
    "polls",
    "warnings",
}
BUSY = reply({}, 503)


def told(result: dict[str, t.Any]) -> tuple[bool, ...]:
    return tuple(result[key] for key in ("failed", "finished", "succeeded", "timed_out"))


def check_shape(result: dict[str, t.Any], count: int, *more: str) -> None:
    assert set(result) == KEYS | set(more)
    assert len(result["jobs"]) == count
    for job in result["jobs"]:
        assert set(job) == {"name", "label", "history", *Job("strata", "7").as_dict()}
    assert isinstance(result["elapsed"], float)
    assert result["changed"] is False


def test_a_good_end_is_returned_with_all_keys_and_progress(wait: Wait) -> None:
    wait.says(ACTIVE, ACTIVE, OK)
    result = wait.run({"config_job": wait.push()})
    check_shape(result, 1, "job")
    assert told(result) == (False, True, True, False)
    assert result["job"] == result["jobs"][0]
    assert result["msg"] == "config_job 7 succeeded (FIN/OK) after 0 s."
    assert result["polls"] == 3
    assert [entry["native_state"] for entry in result["job"]["history"]] == ["ACT/PEND", "FIN/OK"]
    assert result["warnings"] == []
    assert wait.lines == [
        "[web1] waiting for config_job 7 for up to 1 h",
        "[web1] config_job 7: running (ACT/PEND, 45 %), 0 s elapsed",
        "[web1] config_job 7: succeeded (FIN/OK), 0 s elapsed",
    ]


def test_a_bad_end_fails_the_task_with_its_reason(wait: Wait) -> None:
    wait.says(FAIL)
    result = wait.run({"config_job": wait.push()})
    check_shape(result, 1, "job")
    assert told(result) == (True, True, False, False)
    assert result["msg"] == "config_job 7 failed (FIN/FAIL) after 0 s: Configuration push failed."
    assert wait.lines == [
        "[web1] waiting for config_job 7 for up to 1 h",
        "[web1] config_job 7: failed (FIN/FAIL), 0 s elapsed",
    ]


@pytest.mark.parametrize(("on_timeout", "failed"), [("fail", True), ("warn", False)])
def test_on_timeout_decides_if_running_out_of_time_fails_the_task(wait: Wait, on_timeout: str, failed: bool) -> None:
    wait.says(ACTIVE)
    result = wait.run({"config_job": wait.push(), "timeout": 0, "on_timeout": on_timeout})
    check_shape(result, 1, "job")
    assert told(result) == (failed, False, False, True)
    assert result["msg"] == "config_job 7 had not ended: running (ACT/PEND, 45 %)."
    assert result["warnings"] == ([] if failed else [result["msg"]])


def test_all_requests_of_the_last_poll_share_one_request_timeout(wait: Wait) -> None:
    def slowly(body: t.Any) -> t.Callable[[Request], bytes]:
        def answer(_request: Request) -> bytes:
            wait.server.stopped.wait(0.3)
            return reply({"data": [body]})

        return answer

    wait.server.on("GET /jobs/7", slowly({**OK, "type_str": "CommitAndPush"}))
    wait.server.on("GET /jobs", slowly({**OK, "type_str": "CommitAndPush"}))
    result = wait.run({"config_job": wait.push(request_timeout=0.5, children_settle=0), "timeout": 0})
    assert told(result) == (True, False, False, True)
    assert re.fullmatch(
        rf"{wait.server.url} did not answer completely within 0\.\d+ s \(the time that was left\)\.",
        result["job"]["error"]["message"],
    )


def test_an_api_that_stays_unreachable_fails_the_task(wait: Wait) -> None:
    wait.says(ACTIVE, BUSY)
    result = wait.run({"config_job": wait.push(), "unreachable_timeout": 0})
    check_shape(result, 1, "job")
    assert told(result) == (True, False, False, False)
    assert result["job"]["state"] == "running"
    assert result["job"]["error"]["status"] == 503
    busy = f"{wait.server.url}/jobs/7 answered HTTP 503"
    assert result["msg"] == f"config_job 7 could not be read, last seen running (ACT/PEND, 45 %): {busy}."
    assert result["warnings"] == []
    assert wait.lines == [
        "[web1] waiting for config_job 7 for up to 1 h",
        "[web1] config_job 7: running (ACT/PEND, 45 %), 0 s elapsed",
    ]


def test_a_transient_error_is_repeated_and_warned_of(wait: Wait) -> None:
    wait.says(ACTIVE, BUSY, OK)
    result = wait.run({"config_job": wait.push()})
    assert told(result) == (False, True, True, False)
    assert result["job"]["error"] is None
    busy = f"{wait.server.url}/jobs/7 answered HTTP 503."
    assert result["warnings"] == [f"1 poll failed during the wait and was repeated with success: {busy}"]


@pytest.mark.parametrize("several", [False, True])
def test_an_internal_error_fails_the_task_with_the_last_state(
    wait: Wait, several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait.says(ACTIVE)
    parse = Strata.parse
    calls = []

    def broken(*args: t.Any) -> t.Any:
        calls.append(args)
        if len(calls) > 2:
            raise ZeroDivisionError("of a test")
        return parse(*args)

    monkeypatch.setattr(Strata, "parse", broken)
    jobs = [{"config_job": wait.push()}, {"config_job": wait.push(children=False)}]
    result = wait.run({"jobs": jobs} if several else {"config_job": wait.push()})
    check_shape(result, *(2, "exception") if several else (1, "exception", "job"))
    assert told(result) == (True, False, False, False)
    assert result["msg"].startswith(
        "A bug of endstate.jobs.wait_for_job ended the wait (ZeroDivisionError: of a test); please report it. "
    )
    assert "had not ended when the wait was broken off after 0 s: " in result["msg"]
    assert "running (ACT/PEND, 45 %)." in result["msg"]
    assert "Traceback" in result["exception"]


def test_many_jobs_are_returned_in_the_given_order(wait: Wait) -> None:
    wait.says(ACTIVE, OK)
    wait.says(FAIL, job_id="8")
    jobs = [
        {"name": "late", "config_job": wait.push()},
        {"name": "bad", "config_job": wait.push(job_id="8")},
        {"name": "the first again", "config_job": wait.push()},
    ]
    result = wait.run({"jobs": jobs})
    check_shape(result, 3)
    assert told(result) == (True, True, False, False)
    assert [(job["name"], job["id"], job["state"]) for job in result["jobs"]] == [
        ("late", "7", "succeeded"),
        ("bad", "8", "failed"),
        ("the first again", "7", "succeeded"),
    ]
    assert result["polls"] == 3, "the same job twice is polled once"
    assert sorted(wait.lines) == [
        "[web1] bad (config_job 8): failed (FIN/FAIL), 0 s elapsed: Configuration push failed",
        "[web1] late (config_job 7): running (ACT/PEND, 45 %), 0 s elapsed",
        "[web1] late (config_job 7): succeeded (FIN/OK), 0 s elapsed",
        "[web1] waiting for late (config_job 7), bad (config_job 8) for up to 1 h",
    ]


def test_an_empty_list_succeeds_with_a_warning(wait: Wait) -> None:
    result = wait.run({"jobs": []})
    check_shape(result, 0)
    assert told(result) == (False, True, True, False)
    assert result["warnings"] == ["jobs: the list is empty, so there was nothing to wait for."]


def test_one_job_may_stand_beside_a_null_list(wait: Wait) -> None:
    wait.says(OK)
    assert wait.run({"config_job": wait.push(), "jobs": None})["job"]["state"] == "succeeded"


@pytest.mark.parametrize(
    ("answer", "failed"),
    [(ACTIVE, False), (OK, False), (reply({}, 404), False), (BUSY, False), (FAIL, True), (reply({}, 403), True)],
    ids=["running", "succeeded", "missing", "unavailable", "failed", "forbidden"],
)
@pytest.mark.parametrize("grace", [0, 30])
def test_check_mode_polls_once(wait: Wait, answer: t.Any, failed: bool, grace: float) -> None:
    wait.says(answer)
    result = wait.run({"config_job": wait.push(), "missing_grace": grace}, check_mode=True)
    check_shape(result, 1, "job")
    assert (result["failed"], result["polls"]) == (failed, 1)


def test_async_is_refused(wait: Wait) -> None:
    with pytest.raises(AnsibleActionFail, match=r"^endstate\.jobs\.wait_for_job: async is not supported; "):
        wait.run({"config_job": wait.push()}, async_val=60)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"config_job": {"job_idd": "7"}}, "config_job.job_idd: there is no such option; expected job_id, "),
        ({"jobs": [], "interval": 0}, "interval: expected more than 0 seconds, got 0."),
        (
            {"config_job": {"job_id": "7"}},
            "config_job: no credentials. Set client_id, client_secret and tsg_id, or access_token (or SCM_CLIENT_ID, ",
        ),
    ],
)
def test_bad_input_names_the_plugin_as_the_task_does(wait: Wait, options: dict[str, t.Any], sentence: str) -> None:
    with pytest.raises(AnsibleActionFail) as caught:
        wait.run(options)
    assert str(caught.value).startswith(f"endstate.jobs.wait_for_job: {sentence}")


@pytest.mark.parametrize("how", [{"no_log": True}, {"progress": "none"}])
def test_no_log_and_progress_none_show_no_progress(wait: Wait, how: dict[str, t.Any]) -> None:
    wait.says(ACTIVE, BUSY, FAIL)
    keywords = {"no_log": how.pop("no_log", False)}
    wait.run({"config_job": wait.push(), **how}, **keywords)
    assert wait.lines == []


def test_a_huge_concurrency_does_not_fail_a_wait(wait: Wait) -> None:
    wait.says(OK)
    assert wait.run({"config_job": wait.push(), "concurrency": 10**8})["succeeded"]


def test_check_mode_accepts_each_state_of_a_job(wait: Wait) -> None:
    """A fresh end need not stand for a while, and what goes on is no reason to warn."""
    push = {**OK, "type_str": "CommitAndPush"}
    wait.says(push)
    wait.server.on("GET /jobs", reply({"data": [push]}))
    wait.says(ACTIVE, job_id="8")
    jobs = [{"config_job": wait.push(job_id=job_id)} for job_id in ("7", "8")]
    result = wait.run({"jobs": jobs}, check_mode=True)
    assert [job["state"] for job in result["jobs"]] == ["succeeded", "running"]
    assert (result["failed"], result["timed_out"], result.get("warnings", [])) == (False, True, [])


def test_a_name_with_line_feeds_is_shown_on_one_line(wait: Wait) -> None:
    wait.says(FAIL)
    result = wait.run({"jobs": [{"name": "a\nb\x1b[31m", "config_job": wait.push()}]})
    assert "a b [31m (config_job 7) failed" in result["msg"]
    assert all(line.isprintable() for line in wait.lines)
    assert result["jobs"][0]["name"] == "a\nb\x1b[31m"
