# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks against the simulator and measures them."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

import yaml

from simulator.client import Simulator
from simulator.systems import SYSTEMS

from . import measure

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
BUILD = CHECKOUT / ".build/bench"
DEFAULTS = {f"group/endstate.jobs.{name}": f"{{{{ {name} }}}}" for name in SYSTEMS}

Tasks = t.Sequence[t.Mapping[str, t.Any]]
NOTHING: Tasks = [{"ansible.builtin.debug": {"msg": "a play that does nothing"}}]


def nothing_with(jobs: t.Sequence[t.Mapping[str, t.Any]]) -> Tasks:
    """A task that gets these jobs and does nothing with them.

    A long list alone takes ansible-core several times what a play takes without one. A garbage collection while it templates
    the list makes the worker copy some 20 MB that it shares with its parent, and whether there is one depends on the number of
    mappings in the list.
    """
    return [{"ansible.builtin.debug": {"msg": jobs, "verbosity": 4}}]


class Stage:
    """A folder for playbooks, and a simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.variables = simulator.connections()
        BUILD.mkdir(parents=True, exist_ok=True)

    def play(
        self,
        tasks: Tasks,
        *,
        hosts: int = 1,
        results: Path | None = None,
        status: t.Collection[int] = (0,),
        defaults: t.Mapping[str, t.Any] | None = None,
        **variables: t.Any,
    ) -> measure.Usage:
        """Runs one play of these tasks and measures it.

        :param hosts: how many hosts the play is for, all of them this machine.
        :param results: a file for each task's result, a line of JSON each.
        :param status: the exit statuses that are expected.
        :param defaults: ``module_defaults`` on top of those of the simulator's systems.
        """
        names = [f"host{number}" for number in range(hosts)]
        inventory = {"all": {"hosts": {name: {"ansible_connection": "local"} for name in names}}}
        where = "all" if hosts > 1 else "localhost"
        known = {**DEFAULTS, **(defaults or {})}
        play = {"hosts": where, "gather_facts": False, "module_defaults": known, "tasks": list(tasks)}
        # JSON is YAML, and much faster to read if a task names a thousand jobs.
        playbook, hosts_file, given = BUILD / "playbook.yml", BUILD / "inventory.yml", BUILD / "variables.json"
        playbook.write_text(json.dumps([play]), encoding="utf-8")
        hosts_file.write_text(yaml.safe_dump(inventory), encoding="utf-8")
        given.write_text(json.dumps({**self.variables, **variables}), encoding="utf-8")
        command = ["ansible-playbook", str(playbook), "--extra-vars", f"@{given}", "--forks", str(hosts)]
        command += ["--inventory", str(hosts_file)] if hosts > 1 else []
        return measure.run(command, environment(results), BUILD / "play.log", status)


def environment(results: Path | None = None) -> dict[str, str]:
    """The environment of a play."""
    added = {
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".build/tree"),
        "ANSIBLE_HOME": str(BUILD / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_ACTION_PLUGINS": str(HERE / "peers"),
        "PYTHONPATH": str(CHECKOUT),
    }
    if results:
        results.unlink(missing_ok=True)
        added |= {
            "ANSIBLE_CALLBACK_PLUGINS": str(CHECKOUT / "tests/e2e/callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "results",
            "RESULTS_FILE": str(results),
        }
    # Without it the collection, which is not installed, would be compiled again in each run.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **added}


def last_result(results: Path) -> dict[str, t.Any]:
    """The result of the last task."""
    return t.cast("dict[str, t.Any]", json.loads(results.read_text(encoding="utf-8").splitlines()[-1])["result"])
