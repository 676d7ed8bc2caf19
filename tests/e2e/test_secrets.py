# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that are words of results, or parts of them: a failed job stays a failed job, however it is read, and texts are masked."""

from __future__ import annotations

import sys
import typing as t

import pytest

from simulator.client import Simulator
from tests.e2e.playing import HERE, Player, Task

INFO, WAIT = "endstate.jobs.config_job_info", "endstate.jobs.wait_for_job"
SECRETS = ("a", "e", "als", "False", "true", "failed", "1", "10", "FIN", "a long one")
MASKED = tuple(secret for secret in SECRETS if len(secret) > 2)
CASES = list(enumerate(SECRETS, 100))
PYTHON = {"ansible_python_interpreter": "{{ other_python }}"}
WAYS: dict[str, dict[str, t.Any]] = {
    "in process": {},
    "as a module": {"vars": PYTHON},
    "delegated": {"delegate_to": "jumphost"},
}


def read(number: int, secret: str, way: str, module: str) -> dict[str, t.Any]:
    """A task that passes if the failed job passes for a good one."""
    push = {"job_id": f"{number}", "client_secret": secret}
    return {
        "name": f"{module} {way} {secret}",
        module: push if module == INFO else {"config_job": push, "timeout": 5},
        "register": "read",
        "failed_when": "read is endstate.jobs.job_finished and read is not endstate.jobs.job_succeeded",
        "ignore_errors": True,
        **WAYS[way],
    }


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    """All cases in one play, by the names of their tasks."""
    folder = tmp_path_factory.mktemp("secrets")
    with Simulator.start() as simulator:
        stage = {"state": "FIN/FAIL", "progress": 100}
        simulator.add(
            jobs=[
                {
                    "system": "strata",
                    "id": str(number),
                    "stages": [{**stage, "message": f"It is <{secret}>, said 10 men."}],
                }
                for number, secret in CASES
            ]
        )
        python = folder / "python"
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
        python.chmod(0o755)
        hosts = folder / "inventory"
        web = 'web ansible_connection=local ansible_python_interpreter="{{ ansible_playbook_python }}"'
        jumphost = f"jumphost ansible_connection=elsewhere ansible_python_interpreter={sys.executable}"
        hosts.write_text(f"{web}\n{jumphost}\n", encoding="utf-8")
        tasks: list[dict[str, t.Any]] = []
        for number, secret in CASES:
            account = {"accounts": {"strata": {"client_secret": secret}}}
            scenario = {
                "url": f"{simulator.url}/_sim/scenario",
                "method": "POST",
                "body_format": "json",
                "body": account,
            }
            tasks.append({"name": f"accept {secret}", "ansible.builtin.uri": scenario})
            tasks += [read(number, secret, way, INFO) for way in WAYS]
            tasks += [read(number, secret, way, WAIT) for way in ("in process", "delegated")]
        connection = {name: value for name, value in simulator.connection("strata").items() if name != "client_secret"}
        done = Player(folder, {"other_python": str(python)}).play(
            tasks,
            *("--inventory", str(hosts)),
            environment={"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins")},
            hosts="web",
            module_defaults={"group/endstate.jobs.strata": connection},
        )
    assert len(done.tasks) == len(tasks), done.output
    (folder / "output").write_text(done.output, encoding="utf-8")
    return {task.name: task for task in done.tasks}


each = pytest.mark.parametrize(("number", "secret"), CASES, ids=SECRETS)
by_each_way = pytest.mark.parametrize(
    ("module", "way"), [*((INFO, way) for way in WAYS), (WAIT, "in process"), (WAIT, "delegated")]
)


@each
@by_each_way
def test_a_failed_job_is_failed_even_if_the_secret_is_a_word_of_its_state(
    played: dict[str, Task], number: int, secret: str, module: str, way: str
) -> None:
    task = played[f"{module} {way} {secret}"]
    assert task.outcome == "failed"
    job = task.result["job"]
    assert (job["system"], job["id"], job["state"]) == ("strata", str(number), "failed")
    assert (job["finished"] is True, job["succeeded"] is False, job["error"]) == (True, True, None)
    assert (job["native_state"], job["children"], job["parent_id"]) == ("FIN/FAIL", [], None)
    assert task.result["jobs"] == [job]
    assert task.result["changed"] is False
    if module == WAIT:
        assert (task.result["finished"] is True, task.result["succeeded"] is False) == (True, True)
        assert job["history"][-1]["state"] == "failed"
        assert task.result["polls"] == 1
    else:
        (row,) = task.result["raw"]["data"]
        assert (row["id"], row["status_str"], row["result_str"], row["percent"]) == (str(number), "FIN", "FAIL", "100")


@pytest.mark.parametrize("secret", SECRETS)
@by_each_way
def test_texts_are_masked_unless_the_secret_is_too_short(
    played: dict[str, Task], secret: str, module: str, way: str
) -> None:
    task = played[f"{module} {way} {secret}"]
    shown = "********" if secret in MASKED else secret
    assert task.result["job"]["message"] == f"It is <{shown}>, said 10 men."
    assert f"It is <{shown}>, said 10 men" in task.result["msg"]
    warning = "client_secret has fewer than 3 characters, so it is not masked in any text."
    assert [_text(one) for one in task.result.get("warnings", [])] == ([] if secret in MASKED else [warning])


def _text(warning: t.Any) -> str:
    """Since ansible-core 2.19 a callback gets an object for it."""
    return warning if isinstance(warning, str) else str(warning["event"]["msg"])
