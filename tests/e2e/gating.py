# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the gate as a user does, against the simulator."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from simulator.client import Simulator
from tests.e2e.playing import Played, Player

ROLE = "endstate.jobs.job_gate : "
QUICK = {"job_gate_interval": 0.3, "job_gate_max_interval": 0.5, "job_gate_timeout": 30}


class Gate:
    """Runs the gate's playbook by its name, with extra variables alone.

    Task 12 of the simulator is complete, task 13 has failed, task 14 does not end.
    """

    def __init__(self, player: Player, simulator: Simulator) -> None:
        self.player = player
        self.simulator = simulator
        self.report = player.folder / "report"
        self.script("12", {"state": "complete"})
        self.script("13", {"state": "error", "message": "no space <left> & right"})
        self.script("14", {"state": "running"})

    def job(self, task_id: str, **item: t.Any) -> dict[str, t.Any]:
        """A firmware task as an item of ``job_gate_jobs``."""
        return {**item, "firmware_repo": {"task_id": task_id, **self.simulator.connection("xclarity")}}

    def script(self, task_id: str, *stages: dict[str, t.Any]) -> None:
        """The states that the firmware task goes through."""
        self.simulator.add(jobs=[{"system": "xclarity", "id": task_id, "stages": list(stages)}])

    def play(
        self, jobs: t.Any, *arguments: str, playbook: str = "gate", folder: Path | None = None, **options: t.Any
    ) -> Played:
        """Run it with these options beside those that make a test quick.

        :param folder: the folder that it is started in.
        """
        given = {f"job_gate_{name}": value for name, value in options.items()}
        return self.run(
            {"job_gate_jobs": jobs, "job_gate_report_dir": str(self.report), **QUICK, **given},
            *arguments,
            playbook=playbook,
            folder=folder,
        )

    def run(
        self,
        variables: t.Mapping[str, t.Any],
        *arguments: str,
        playbook: str = "gate",
        folder: Path | None = None,
    ) -> Played:
        """Run it with these extra variables."""
        plays = [{"ansible.builtin.import_playbook": f"endstate.jobs.{playbook}"}]
        # A thousand jobs are too long for a command line.
        file = self.player.folder / "gate.json"
        file.write_text(json.dumps(variables), encoding="utf-8")
        return self.player.playbook(plays, "--extra-vars", f"@{file}", *arguments, folder=folder)


def published(played: Played) -> dict[str, t.Any]:
    """What the next step of a workflow gets."""
    stats: dict[str, t.Any] = played[ROLE + "Publish the outcome"].result["ansible_stats"]
    assert (stats["per_host"], stats["aggregate"]) == (False, False)
    return t.cast("dict[str, t.Any]", stats["data"])
