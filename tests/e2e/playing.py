# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real playbooks with the real ansible-playbook, against the simulator."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import typing as t
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent

Tasks = t.Sequence[t.Mapping[str, t.Any]]


@dataclasses.dataclass(frozen=True)
class Task:
    """One result of one task: ``outcome`` is ok, failed, unreachable, skipped or retry."""

    name: str
    outcome: str
    result: dict[str, t.Any]
    options: dict[str, t.Any] = dataclasses.field(repr=False)
    """Those of the task as callbacks get them, with all that the playbook says."""


@dataclasses.dataclass(frozen=True)
class Played:
    """What a playbook came to."""

    status: int
    output: str
    """All that it printed, on both streams."""
    tasks: list[Task]

    @property
    def last(self) -> Task:
        """The last task's result."""
        return self.tasks[-1]

    def __getitem__(self, name: str) -> Task:
        """The last result of the task of this name."""
        return [task for task in self.tasks if task.name == name][-1]


def core() -> tuple[int, ...]:
    """The version of the ansible-core that the plays are run with."""
    done = subprocess.run(["ansible", "--version"], env=_environment(), capture_output=True, text=True, check=True)
    return tuple(map(int, re.findall(r"\[core (\d+)\.(\d+)", done.stdout)[0]))


def _environment() -> dict[str, str]:
    """Which ansible-core: the one first on the PATH, or the one that ANSIBLE_BIN names."""
    return {**os.environ, "PATH": os.pathsep.join(filter(None, [os.environ.get("ANSIBLE_BIN"), os.environ["PATH"]]))}


class Player:
    """Runs playbooks in a folder of its own.

    :param folder: for the playbook, Ansible's own files and the results.
    :param variables: known to each play.
    """

    def __init__(self, folder: Path, variables: t.Mapping[str, t.Any]) -> None:
        self.folder = folder
        self.variables = variables

    def environment(self, **more: str) -> dict[str, str]:
        """What ansible-playbook is started with."""
        return {
            **_environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".build/tree"),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "results",
            "PYTHONUNBUFFERED": "1",
            "RESULTS_FILE": str(self.folder / "results"),
            **more,
        }

    def play(
        self, tasks: Tasks, *arguments: str, environment: t.Mapping[str, str] | None = None, **play: t.Any
    ) -> Played:
        """Run one play of these tasks.

        :param arguments: for ansible-playbook.
        :param environment: variables to start it with.
        :param play: keywords of the play.
        """
        whole = {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **play}
        return self.playbook([whole], *arguments, environment=environment)

    def playbook(
        self,
        plays: Tasks,
        *arguments: str,
        environment: t.Mapping[str, str] | None = None,
        folder: Path | None = None,
        timeout: float = 120,
    ) -> Played:
        """Run a whole playbook.

        :param folder: where it is started.
        """
        playbook = self.folder / "playbook.yml"
        playbook.write_text(yaml.safe_dump(list(plays), sort_keys=False), encoding="utf-8")
        results = self.folder / "results"
        results.write_text("", encoding="utf-8")
        command = ["ansible-playbook", str(playbook), "--extra-vars", json.dumps(self.variables), *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env=self.environment(**(environment or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=timeout,
        )
        lines = map(json.loads, results.read_text(encoding="utf-8").splitlines())
        tasks = [Task(line["task"], line["outcome"], line["result"], line["options"]) for line in lines]
        return Played(done.returncode, done.stdout, tasks)
