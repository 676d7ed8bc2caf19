# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An info module in the controller's process gives, key by key, what the module gives in a process of its own."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Player, Task

STRATA = "endstate.jobs.config_job_info"

CASES: dict[str, tuple[str, dict[str, t.Any]]] = {
    "a job": (STRATA, {"job_id": "294"}),
    "a listing": ("endstate.jobs.activegate_update_job_info", {"last_updates": True}),
    "a new word for a state": ("endstate.jobs.activegate_update_job_info", {"activegate_id": "-1", "job_id": "-2"}),
    "a missing job": (STRATA, {"job_id": "404"}),
    "a missing job that may be": (STRATA, {"job_id": "404", "on_missing": "ignore"}),
    "a session": ("endstate.jobs.firmware_repo_status", {"task_id": "12"}),
    "an error with status 200": ("endstate.jobs.imageupdate_status", {"update_id": "404"}),
    "a wrong password": ("endstate.jobs.firmware_repo_status", {"task_id": "12", "password": "wrong"}),
    "an unknown option": (STRATA, {"job_idd": "294"}),
    "a wrong type": (STRATA, {"job_id": "294", "limit": "many"}),
    "a wrong choice": (STRATA, {"job_id": "294", "on_missing": "shrug"}),
    "an option that cannot be": (STRATA, {"job_id": ".."}),
    "a certificate that is not trusted": (STRATA, {"job_id": "294", "ca_path": "/etc/hosts"}),
}


def run(player: Player, *, here: bool, python: Path) -> list[Task]:
    """All cases in one play; not here: by another path to the same Python, which is another Python to Ansible."""
    tasks = [{"name": name, module: options, "ignore_errors": True} for name, (module, options) in CASES.items()]
    interpreter = {} if here else {"ansible_python_interpreter": str(python)}
    played = player.play(tasks, module_defaults=DEFAULTS, vars=interpreter)
    assert len(played.tasks) == len(CASES), played.output
    return played.tasks


@pytest.fixture(scope="module")
def both(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Task, Task]]:
    """Each case's two results."""
    running_simulator.reset()
    running_simulator.add(
        jobs=[
            {"system": "strata", "id": "294", "age": 100, "stages": [{"state": "ACT", "for": 1}, {"state": "FIN/OK"}]},
            {"system": "xclarity", "id": "12", "age": 100, "stages": [{"state": "complete", "progress": 100}]},
            {"system": "dynatrace", "id": "-2", "activegate_id": "-1", "stages": [{"state": "PONDERING"}]},
        ]
    )
    folder = tmp_path_factory.mktemp("both")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    player = Player(folder, running_simulator.connections())
    here, there = run(player, here=True, python=python), run(player, here=False, python=python)
    return {one.name: (one, other) for one, other in zip(here, there, strict=True)}


@pytest.mark.parametrize("case", CASES)
def test_a_module_gives_the_same_in_process_and_in_its_own_process(
    both: dict[str, tuple[Task, Task]], case: str
) -> None:
    here, there = both[case]
    assert here.outcome == there.outcome
    assert settled(here) == settled(there)


def settled(task: Task) -> dict[str, t.Any]:
    """The result without what differs from run to run: the request's id, times, and core's traceback."""
    drop = ("exception", "request_id", "_request_id", "updated_at", "last_update", "end_ts", "finished_at", "duration")

    def without(value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {
                key: without(inner)
                for key, inner in value.items()
                if key not in drop and not key.startswith("_ansible")
            }
        return [without(inner) for inner in value] if isinstance(value, list) else value

    return t.cast("dict[str, t.Any]", without(task.result))
