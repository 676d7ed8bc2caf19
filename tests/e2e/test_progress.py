# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress is seen while the task runs: as events of ansible-runner (and so in AWX), and on a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
import typing as t

import ansible_runner
import pytest
import yaml

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Player

LINES = (
    "[localhost] firmware_repo 12: pending (running, 0 %)",
    "[localhost] firmware_repo 12: running (50 %)",
    "[localhost] firmware_repo 12: succeeded (complete)",
)


@pytest.fixture
def playbook(simulator: Simulator, player: Player) -> list[dict[str, t.Any]]:
    """A wait that sees three states. The first lasts for longer than a busy machine takes to start ansible-playbook."""
    stages = [
        {"state": "running", "progress": 0, "for": 8},
        {"state": "running", "progress": 50, "for": 2},
        {"state": "complete", "progress": 100},
    ]
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": stages}])
    options = {"firmware_repo": {"task_id": "12"}, "interval": 0.2, "max_interval": 0.4}
    tasks = [{"endstate.jobs.wait_for_job": options}]
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": DEFAULTS,
        "tasks": tasks,
        "vars": player.variables,
    }
    return [play]


def test_progress_lines_come_live_as_events_of_ansible_runner(player: Player, playbook: list[dict[str, t.Any]]) -> None:
    seen: list[tuple[float, dict[str, t.Any]]] = []
    folder = player.folder / "runner"
    folder.mkdir()
    run = ansible_runner.run(
        private_data_dir=str(folder),
        playbook=playbook,
        envvars={
            name: value for name, value in player.environment().items() if name.startswith(("ANSIBLE_", "RESULTS_"))
        },
        event_handler=lambda event: seen.append((time.monotonic(), event)) or True,
        quiet=True,
    )
    assert run.status == "successful"
    end = next(at for at, event in seen if event["event"] == "runner_on_ok")
    at = [at for line in LINES for at, event in seen if event["event"] == "verbose" and line in event["stdout"]]
    assert len(at) == len(LINES)
    assert at == sorted(at)
    assert end - at[0] > 1.5, "the first line came with the end of the task"


def test_progress_lines_come_live_on_a_terminal(player: Player, playbook: list[dict[str, t.Any]]) -> None:
    file = player.folder / "playbook.yml"
    file.write_text(yaml.safe_dump(playbook), encoding="utf-8")
    environment = player.environment()
    del environment["PYTHONUNBUFFERED"]  # a terminal needs no help
    here, there = pty.openpty()
    process = subprocess.Popen(
        ["ansible-playbook", str(file)], env=environment, stdin=there, stdout=there, stderr=there
    )
    os.close(there)
    text, first = "", 0.0
    while select.select([here], [], [], 60)[0]:
        try:
            text += os.read(here, 4096).decode()
        except OSError:  # the other side has been closed
            break
        first = first or (time.monotonic() if LINES[0] in text else 0.0)
    assert process.wait() == 0, text
    assert all(line in text for line in LINES), text
    assert time.monotonic() - first > 1.5, "the first line came with the end of the task"
