# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait ends with ansible-playbook, whatever ends that: no process, no request and no session is left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import select
import signal
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
import yaml

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import HERE, Player

WAIT = "endstate.jobs.wait_for_job"
STATUS = "endstate.jobs.firmware_repo_status"
LIMIT = 5.0
"""Seconds after the signal; no request may be sent later."""
GONE = 20.0
"""Seconds after the signal in which all processes must have ended. Fifteen plays that end at once take a busy machine a while."""

Task = t.Callable[[list[str]], dict[str, t.Any]]


def one(ids: list[str]) -> dict[str, t.Any]:
    """A wait that polls in the worker's own thread."""
    return {WAIT: {"firmware_repo": {"task_id": ids[0]}, "interval": 0.5, "max_interval": 0.5}}


def many(ids: list[str]) -> dict[str, t.Any]:
    """A wait that polls in threads."""
    jobs = [{"firmware_repo": {"task_id": job_id}} for job_id in ids]
    return {WAIT: {"jobs": jobs, "interval": 0.5, "max_interval": 0.5}}


def delegated(ids: list[str]) -> dict[str, t.Any]:
    """A wait for which another machine asks; a module that is ended there cannot log out, so that it is one without a session."""
    wait = {"config_job": {"job_id": ids[0]}, "interval": 0.5, "max_interval": 0.5}
    return {WAIT: wait, "delegate_to": "jumphost"}


def loop(ids: list[str]) -> dict[str, t.Any]:
    """A loop whose attempts run in the worker; each has a login of its own, which a signal may hit, so that it is one without a session."""
    return {"endstate.jobs.config_job_info": {"job_id": ids[0]}, "until": False, "retries": 99, "delay": 1}


def retries(ids: list[str]) -> dict[str, t.Any]:
    """One attempt that repeats its request."""
    return {STATUS: {"task_id": ids[0], "retries": 99}}


@dataclasses.dataclass(frozen=True)
class Case:
    """What is sent to whom during which task."""

    task: Task
    signal: signal.Signals
    to_group: bool = False
    """Whether the whole process group gets the signal, as from a terminal, or ansible-playbook's main process alone."""
    fault: t.Mapping[str, t.Any] | None = None
    """What the API does to requests for the job."""


HANGS = {"kind": "hang"}
BUSY = {"kind": "status", "status": 503}

CASES = {
    "one job, killed": Case(one, signal.SIGKILL),
    "one job, terminated": Case(one, signal.SIGTERM),
    "one job, main process hung up": Case(one, signal.SIGHUP),
    "one job, terminal closed": Case(one, signal.SIGHUP, to_group=True),
    "one job, interrupted": Case(one, signal.SIGINT, to_group=True),
    "many jobs, killed": Case(many, signal.SIGKILL),
    "many jobs, terminated": Case(many, signal.SIGTERM),
    "many jobs, terminal closed": Case(many, signal.SIGHUP, to_group=True),
    "many jobs, interrupted": Case(many, signal.SIGINT, to_group=True),
    "a request without an answer, killed": Case(one, signal.SIGKILL, fault=HANGS),
    "a request without an answer, interrupted": Case(one, signal.SIGINT, to_group=True, fault=HANGS),
    "delegated, killed": Case(delegated, signal.SIGKILL),
    "delegated, terminated": Case(delegated, signal.SIGTERM),
    "a loop, killed": Case(loop, signal.SIGKILL),
    "a loop, terminated": Case(loop, signal.SIGTERM),
    "retries of a module, killed": Case(retries, signal.SIGKILL, fault=BUSY),
}


class Run:
    """An ansible-playbook that runs one case's task."""

    def __init__(self, case: Case, ids: list[str], folder: Path, simulator: Simulator) -> None:
        self.case = case
        self.ids = ids
        folder.mkdir()
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": DEFAULTS,
            "vars": simulator.connections(),
            "tasks": [case.task(ids)],
        }
        (folder / "playbook.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
        jumphost = f"jumphost ansible_connection=elsewhere ansible_python_interpreter={sys.executable}"
        (folder / "inventory").write_text(jumphost, encoding="utf-8")
        # A process that holds the other end, a fork included, has not ended.
        self._alive, held = os.pipe()
        self._process = subprocess.Popen(
            ["ansible-playbook", "--inventory", "inventory", "playbook.yml"],
            cwd=folder,
            env=Player(folder, {}).environment(ANSIBLE_CONNECTION_PLUGINS=str(HERE / "connection_plugins")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[held],
        )
        os.close(held)
        self._workers: list[int] = []

    def send(self) -> None:
        """The case's signal."""
        processes = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in processes.splitlines()]
        self._workers = [pid for pid, parent in pairs if parent == self._process.pid]
        assert self._workers
        (os.killpg if self.case.to_group else os.kill)(self._process.pid, self.case.signal)

    def end(self, limit: float) -> str | None:
        """What is wrong with how it ended, if it has not ended within the limit.

        :param limit: seconds.
        """
        deadline = time.monotonic() + limit
        assert self._process.stdout is not None
        for what, end in (("a process is left", self._alive), ("a pipe is open", self._process.stdout.fileno())):
            while select.select([end], [], [], max(0.0, deadline - time.monotonic()))[0]:
                if not os.read(end, 65536):
                    break
            else:
                return what
        return None

    def close(self) -> None:
        """End all that may be left of it."""
        for pid in [self._process.pid, *self._workers]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        os.close(self._alive)


@dataclasses.dataclass(frozen=True)
class Ended:
    """What was left of all runs."""

    wrong: t.Mapping[str, str | None]
    late: t.Mapping[str, list[t.Any]]
    """The requests for each case's jobs after the limit."""
    sessions: tuple[int, int]
    """How many were opened, and ended by a logout."""


@pytest.fixture(scope="module")
def ended(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """All cases at once, for most of the time is spent with waiting."""
    simulator = running_simulator
    simulator.reset()
    ids = {name: [f"{100 * number}", f"{100 * number + 1}"] for number, name in enumerate(CASES, start=1)}
    each = [(case, job_id) for name, case in CASES.items() for job_id in ids[name]]
    simulator.add(
        jobs=[
            {"system": system, "id": job_id, "stages": [{"state": state}]}
            for _case, job_id in each
            for system, state in (("xclarity", "running"), ("strata", "ACT"))
        ],
        faults=[{"system": "xclarity", "job": job_id, **case.fault} for case, job_id in each if case.fault],
    )
    folder = tmp_path_factory.mktemp("runs")
    runs = {
        name: Run(case, ids[name], folder / str(number), simulator) for number, (name, case) in enumerate(CASES.items())
    }
    try:
        deadline = time.monotonic() + 60
        while {run.ids[0] for run in runs.values()} - {request["job"] for request in simulator.requests()}:
            assert time.monotonic() < deadline, "not all runs have begun to poll"
            time.sleep(0.1)
        for run in runs.values():
            run.send()
        began = time.monotonic()
        time.sleep(LIMIT)
        before = len(simulator.requests())
        wrong = {name: run.end(began + GONE - time.monotonic()) for name, run in runs.items()}
        time.sleep(1.5)  # three intervals
        after = simulator.requests()[before:]
        late = {name: [one for one in after if one["job"] in run.ids] for name, run in runs.items()}
    finally:
        for run in runs.values():
            run.close()
    counts = simulator.stats()["xclarity"]
    return Ended(wrong, late, (counts["logins"], counts["logouts"]))


@pytest.mark.parametrize("name", CASES)
def test_a_run_that_loses_its_controller_ends_soon(ended: Ended, name: str) -> None:
    assert ended.wrong[name] is None
    assert ended.late[name] == []


def test_each_session_is_ended_by_a_logout(ended: Ended) -> None:
    opened, closed = ended.sessions
    assert opened == len([case for case in CASES.values() if case.task not in (delegated, loop)])
    assert closed == opened
