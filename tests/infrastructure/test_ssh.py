# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait that is delegated to another machine over a real OpenSSH server."""

from __future__ import annotations

import json
import os
import sys
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Played, Player
from tests.infrastructure import services
from tests.infrastructure.services import Service

PYTHON = os.path.join(os.environ["ANSIBLE_BIN"], "python") if "ANSIBLE_BIN" in os.environ else sys.executable
LOGIN = "authenticating user"


@pytest.fixture
def sshd(tmp_path: Path, serve: t.Callable[[Service], Service]) -> Service:
    folder = tmp_path / "sshd"
    folder.mkdir()
    return serve(services.sshd(folder))


def push(simulator: Simulator, seconds: float) -> None:
    stages = [{"state": "ACT/PEND", "for": seconds}, {"state": "FIN/OK"}]
    simulator.add(jobs=[{"system": "strata", "id": "294", "stages": stages, "children": []}])


def wait(player: Player, host: dict[str, str], **options: t.Any) -> Played:
    inventory = player.folder / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"jump": host}}}), encoding="utf-8")
    task = {
        "name": "wait",
        "endstate.jobs.wait_for_job": {"config_job": {"job_id": "294", "children": False}, "interval": 1, **options},
        "delegate_to": "jump",
    }
    return player.play([task], "-i", str(inventory), module_defaults=DEFAULTS)


def test_a_wait_reads_the_job_over_ssh(player, simulator, sshd) -> None:
    push(simulator, 3)
    played = wait(player, services.ssh_host(sshd, python=PYTHON))
    assert (played.last.outcome, played.last.result["job"]["native_state"]) == ("ok", "FIN/OK")
    assert not played.last.result.get("warnings")


def test_a_refused_login_is_tried_once_and_makes_the_host_unreachable(player, simulator, sshd) -> None:
    push(simulator, 1)
    played = wait(player, services.ssh_host(sshd, key="other_key", python=PYTHON), unreachable_timeout=20)
    assert played.last.outcome == "unreachable"
    assert "Permission denied" in played.last.result["msg"]
    assert sshd.log.count(LOGIN) == 1
    assert simulator.requests() == []


def test_a_host_that_goes_away_and_returns_is_asked_again(player, simulator, sshd, once_asked) -> None:
    push(simulator, 15)
    once_asked(lambda: sshd.restart(8))
    played = wait(player, services.ssh_host(sshd, python=PYTHON), max_interval=1)
    assert (played.last.outcome, played.last.result["job"]["native_state"]) == ("ok", "FIN/OK")
    assert "jump cannot be reached" in played.output


def old_pythons() -> list[str]:
    """Pythons that Ansible can use on a host, of one of the versions before 3.9."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return [str(path) for path in sorted(versions.glob("3.8.*/bin/python"))]


@pytest.mark.skipif(not old_pythons(), reason="there is no Python 3.8 in pyenv's folder")
def test_a_host_with_an_old_python_is_told_which_one_is_needed(player, simulator, sshd) -> None:
    push(simulator, 1)
    played = wait(player, services.ssh_host(sshd, python=old_pythons()[0]))
    assert played.last.outcome == "failed"
    assert "Python 3.9" in played.last.result["msg"]
