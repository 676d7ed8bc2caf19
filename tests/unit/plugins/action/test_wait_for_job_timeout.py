# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``timeout`` of a task, which raises no Exception: the task ends at once, with all that is known."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Threads
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import ACTIVE, OK, Wait


class TaskTimeoutError(BaseException):
    """As Ansible's."""


def second_time(function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """The function, which is interrupted by the ``timeout`` when it is called again."""
    calls = []

    def interrupted(*args: t.Any) -> t.Any:
        calls.append(args)
        if len(calls) > 1:
            raise TaskTimeoutError("Timed out after 5 second(s).")
        return function(*args)

    return interrupted


def test_the_tasks_timeout_ends_a_wait_during_a_request(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    wait.says(ACTIVE)
    monkeypatch.setattr(Strata, "read", second_time(Strata.read))
    result = wait.run({"config_job": wait.push(), "on_timeout": "warn"}, timeout=5)
    assert result["msg"] == (
        "The task's timeout of 5 s ended the wait. config_job 7 had not ended when the wait was broken "
        "off after 0 s: running (ACT/PEND, 45 %)."
    )
    assert (result["failed"], result["timed_out"], result["finished"]) == (True, True, False)
    assert result["timedout"] == {"period": 5}
    assert result["job"]["state"] == "running"
    assert result["polls"] == 2


def test_the_tasks_timeout_ends_a_wait_while_threads_are_at_work(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    wait.says(OK)
    wait.says(ACTIVE, job_id="8")
    first = Threads.finished

    def both(self: Threads, timeout: float) -> t.Any:
        done = first(self, timeout)
        while len(done) < 2:
            done += first(self, timeout)
        return done

    monkeypatch.setattr(Threads, "finished", second_time(both))
    result = wait.run(
        {"jobs": [{"config_job": wait.push(job_id=job_id)} for job_id in ("7", "8")], "max_interval": 1, "interval": 1}
    )
    assert [job["state"] for job in result["jobs"]] == ["succeeded", "running"]
    assert (result["failed"], result["timed_out"], result["finished"]) == (True, True, False)
    assert "job" not in result


def test_the_tasks_timeout_during_a_logout_keeps_the_result(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    wait.says(OK)

    def interrupted(_session: WaitSession) -> t.NoReturn:
        raise TaskTimeoutError("Timed out after 5 second(s).")

    monkeypatch.setattr(WaitSession, "close", interrupted)
    result = wait.run({"config_job": wait.push(), "timeout": 60})
    assert (result["failed"], result["timed_out"], result["job"]["state"]) == (False, False, "succeeded")


def test_a_keyboard_interrupt_is_passed_on(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_args: t.Any) -> t.NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(Strata, "read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        wait.run({"config_job": wait.push()})
