# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stdout belongs to the callback: progress stays off it unless people read it."""

from __future__ import annotations

import json
import subprocess
import typing as t

import pytest
import yaml

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Player

WAIT = "endstate.jobs.wait_for_job"
LINE = "[localhost] firmware_repo 12: succeeded (complete), "


@pytest.fixture(autouse=True)
def finished_job(simulator: Simulator) -> None:
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": "complete", "progress": 100}]}])


def run(player: Player, command: list[str], *, typed: str = "", **environment: str) -> tuple[str, str]:
    """What a command writes to stdout and to stderr."""
    done = subprocess.run(
        command,
        cwd=player.folder,
        env=player.environment(ANSIBLE_LOCAL_TEMP=str(player.folder), **environment),
        input=typed,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout, done.stderr


def play(player: Player, callback: str) -> tuple[str, str]:
    """What ansible-playbook writes with this callback."""
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": DEFAULTS,
        "vars": player.variables,
        "tasks": [{WAIT: {"firmware_repo": {"task_id": "12"}}}],
    }
    (player.folder / "playbook.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    return run(player, ["ansible-playbook", "playbook.yml"], ANSIBLE_STDOUT_CALLBACK=callback)


@pytest.mark.parametrize("callback", ["default", "ansible.builtin.default", "people"])
def test_people_see_progress_on_stdout(player: Player, callback: str) -> None:
    stdout, stderr = play(player, callback)
    assert LINE in stdout
    assert LINE not in stderr


def test_a_json_document_on_stdout_stays_valid(player: Player) -> None:
    stdout, stderr = play(player, "program")
    (result,) = json.loads(stdout)
    assert result["job"]["state"] == "succeeded"
    assert LINE in stderr


def one_result(stdout: str) -> t.Any:
    """The result that the callbacks ``minimal`` and ``oneline`` write."""
    head, _arrow, text = stdout.partition(" => ")
    assert head == "localhost | SUCCESS", stdout
    return json.loads(text)


@pytest.mark.parametrize("callback", ["minimal", "oneline", "ansible.builtin.oneline"])
def test_a_result_printed_on_stdout_is_not_mixed_with_progress(player: Player, callback: str) -> None:
    stdout, stderr = play(player, callback)
    assert one_result(stdout)["job"]["state"] == "succeeded"
    assert LINE in stderr


@pytest.mark.parametrize("options", [[], ["--one-line"]])
def test_the_command_ansible_shows_progress_on_stderr(simulator: Simulator, player: Player, options: list[str]) -> None:
    arguments = json.dumps({"firmware_repo": {"task_id": "12", **simulator.connection("xclarity")}})
    command = ["ansible", "localhost", *options, "--module-name", WAIT, "--args", arguments]
    # The callback that is set is for playbooks alone.
    stdout, stderr = run(player, command, ANSIBLE_STDOUT_CALLBACK="people")
    assert one_result(stdout)["job"]["state"] == "succeeded"
    assert LINE in stderr


def test_the_command_ansible_shows_progress_on_stdout_with_a_callback_for_people(
    simulator: Simulator, player: Player
) -> None:
    arguments = json.dumps({"firmware_repo": {"task_id": "12", **simulator.connection("xclarity")}})
    command = ["ansible", "localhost", "--module-name", WAIT, "--args", arguments]
    stdout, _stderr = run(player, command, ANSIBLE_STDOUT_CALLBACK="people", ANSIBLE_LOAD_CALLBACK_PLUGINS="true")
    assert LINE in stdout
