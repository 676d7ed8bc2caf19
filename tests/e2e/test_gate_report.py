# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real results of waits, judged: on each ansible-core, for they differ in what they register and mask."""

from __future__ import annotations

import json
import typing as t

import pytest

from simulator.client import Simulator
from tests.e2e.gating import Gate
from tests.e2e.playing import Player


def wait(gate: Gate, **keywords: t.Any) -> dict[str, t.Any]:
    """A task that waits for the firmware task ``item``, whatever comes of it."""
    firmware = {**gate.job("12")["firmware_repo"], "task_id": "{{ item }}"}
    options = {"firmware_repo": firmware, "timeout": 1, "interval": 0.3, "max_interval": 0.5}
    return {"endstate.jobs.wait_for_job": options, "register": "waited", "ignore_errors": True, **keywords}


def report(result: str = "{{ waited }}", **options: t.Any) -> dict[str, t.Any]:
    return {"endstate.jobs.job_report": {"result": result, **options}}


def test_the_result_of_a_loop_is_judged(gate: Gate) -> None:
    loop = {"loop": ["12", "13", "14", "99", "skip"], "when": "item != 'skip'"}
    played = gate.player.play([wait(gate, **loop), report(path=str(gate.report), allow_failed="2")])
    assert played.status == 0, played.output
    judged = played.last.result
    assert judged["passed"] is False
    assert [job["id"] for job in judged["succeeded"]] == ["12"]
    assert [(job["id"], job["state"]) for job in judged["failed_jobs"]] == [
        ("13", "failed"),
        ("14", "running"),
        ("99", "unknown"),
    ]
    assert judged["msg"].startswith("1 of 4 jobs ended badly after ")
    assert " 2 may fail (allow_failed: 2). The report is in " in judged["msg"]
    written = json.loads((gate.report / "report.json").read_text(encoding="utf-8"))
    assert [job["judgement"] for job in written["jobs"]] == ["succeeded", "failed", "unfinished", "unfinished"]


def test_an_item_that_could_not_be_waited_for_is_no_good_end(gate: Gate) -> None:
    played = gate.player.play([wait(gate, loop=["12", ".."]), report(allow_failed="100%")])
    assert played.last.result["passed"] is False
    assert played.last.result["msg"].startswith("1 of 2 waits failed: ")


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"loop": ["12"], "when": False}, "The wait was skipped. If that is intended, set allow_empty: true."),
        ({"loop": []}, "jobs is empty. If that is intended, set allow_empty: true."),
        ({"when": False}, "The wait was skipped. If that is intended, set allow_empty: true."),
    ],
)
def test_a_wait_that_was_skipped_is_nothing_good(gate: Gate, keywords: dict[str, t.Any], message: str) -> None:
    played = gate.player.play([wait(gate, **keywords), report()])
    assert (played.last.result["passed"], played.last.result["msg"]) == (False, message)


@pytest.mark.parametrize(
    "other",
    [
        {"ansible.builtin.command": "true"},
        {"ansible.builtin.command": "true", "loop": [1, 2]},
        {"ansible.builtin.set_fact": {"x": 1}},
    ],
)
def test_the_result_of_another_task_is_refused(gate: Gate, other: dict[str, t.Any]) -> None:
    played = gate.player.play([{**other, "register": "other"}, report("{{ other }}")])
    assert played.status == 2
    assert (
        " expected the registered result of endstate.jobs.wait_for_job, got a dictionary" in played.last.result["msg"]
    )


@pytest.mark.parametrize("secret", ["a", "e", "als"])
def test_a_failed_job_fails_the_gate_whatever_is_masked(player: Player, secret: str) -> None:
    accounts = {"strata": {"client_secret": secret}}
    jobs = [{"system": "strata", "id": "2", "stages": [{"state": "FIN/FAIL"}]}]
    with Simulator.start(scenario={"accounts": accounts, "jobs": jobs}) as simulator:
        gate = Gate(player, simulator)
        job = {"config_job": {"job_id": "2", **simulator.connection("strata"), "children_settle": 0}}
        played = gate.play([job])
    assert played.status == 2, played.output
    assert "Traceback" not in played.output
    assert played.last.result["msg"].startswith("Gate failed. ")
