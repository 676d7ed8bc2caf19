# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A slow line that loses requests, a machine without file descriptors, and a disk that is full."""

from __future__ import annotations

import json
import subprocess
import typing as t

from simulator.client import Simulator
from tests.e2e.playing import Player


def begin(simulator: Simulator, number: int, seconds: float, *faults: dict[str, t.Any]) -> dict[str, t.Any]:
    """Starts image updates, which are read one by one; the task that waits for them."""
    stages = [{"state": "4", "for": seconds}, {"state": "5"}]
    jobs = [{"system": "multiplay", "id": str(index), "stages": stages} for index in range(1, number + 1)]
    simulator.add(jobs, [{"system": "multiplay", **fault} for fault in faults])
    items = [{"imageupdate": {"update_id": job["id"]}} for job in jobs]
    return {"jobs": items, "interval": 1, "max_interval": 2, "timeout": 90}


def defaults(simulator: Simulator, **more: t.Any) -> dict[str, t.Any]:
    """The account, as ``module_defaults``."""
    return {"endstate.jobs.imageupdate_status": {**simulator.connection("multiplay"), **more}}


def test_all_ends_are_seen_over_a_slow_line_that_loses_requests(player: Player, simulator: Simulator) -> None:
    """Half a second for each answer, and one in twenty that never comes."""
    lost, late = {"kind": "hang", "probability": 0.05}, {"kind": "delay", "seconds": 0.5}
    task = begin(simulator, 40, 4, lost, late)
    played = player.play([{"endstate.jobs.wait_for_job": task}], module_defaults=defaults(simulator, request_timeout=2))
    result = played.last.result
    assert result["succeeded"], result["msg"]
    assert {tuple(entry["state"] for entry in job["history"]) for job in result["jobs"]} <= {
        ("running", "succeeded"),
        ("succeeded",),
    }
    assert any("failed during the wait" in warning for warning in result["warnings"])
    assert result["elapsed"] < 60


def limited(player: Player, limit: str, *tasks: dict[str, t.Any], **play: t.Any) -> str:
    """What a play with a limit of the shell's prints."""
    playbook = player.folder / "playbook.yml"
    whole = {"hosts": "localhost", "gather_facts": False, "tasks": tasks, **play}
    playbook.write_text(json.dumps([whole]), encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f'ulimit {limit} && exec ansible-playbook "$0"', str(playbook)],
        env=player.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stdout
    return done.stdout


def test_a_wait_for_more_jobs_than_file_descriptors_sees_all_ends(player: Player, simulator: Simulator) -> None:
    """A connection that cannot be opened for want of one is tried again."""
    task = {**begin(simulator, 40, 3, {"kind": "delay", "seconds": 0.5}), "concurrency": 40}
    output = limited(player, "-n 20", {"endstate.jobs.wait_for_job": task}, module_defaults=defaults(simulator))
    assert "This machine has no file descriptors left to reach " in output, output
    assert "40 of 40 ended" in output, output


def test_a_full_disk_costs_the_report_and_is_told(player: Player, simulator: Simulator) -> None:
    """Files end at 24 blocks of 512 bytes, which the system says in other words than those for a full disk."""
    wait = {"endstate.jobs.wait_for_job": begin(simulator, 40, 0.1), "register": "waited"}
    report = {"endstate.jobs.job_report": {"result": "{{ waited }}", "path": str(player.folder / "report")}}
    output = limited(player, "-f 24", wait, report, module_defaults=defaults(simulator))
    assert f"No report was written: path {player.folder / 'report'}: File too large." in output, output
