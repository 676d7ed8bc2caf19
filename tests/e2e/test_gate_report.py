# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real results of waits, judged. On each ansible-core: they differ in what they register and mask."""

from __future__ import annotations

import json
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.gating import Gate
from tests.e2e.playing import CHECKOUT, Player


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


def test_a_loop_item_that_could_not_be_waited_for_does_not_pass(gate: Gate) -> None:
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
def test_a_skipped_wait_does_not_pass(gate: Gate, keywords: dict[str, t.Any], message: str) -> None:
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


FINISHED = {
    "jobs": [
        {
            **dict.fromkeys(["native_state", "message", "error", "name", "duration"]),
            "system": "strata",
            "id": "294",
            "state": "succeeded",
            "finished": True,
            "succeeded": True,
        }
    ],
    "elapsed": 5.0,
}
"""The result of a wait, as a play may have it from a file."""


def test_the_report_is_written_on_the_controller_for_any_host_of_the_play(player: Player, tmp_path: Path) -> None:
    here = tmp_path / "shop"
    here.mkdir()
    # A host whose connection does not answer, and a user that nobody can become.
    play = {"hosts": "web", "gather_facts": False, "become": True, "become_user": "nobody-of-this-name"}
    inventory = tmp_path / "hosts"
    inventory.write_text("web ansible_host=127.0.0.1 ansible_port=9\n", encoding="utf-8")
    plays = [{**play, "vars": {"finished": FINISHED}, "tasks": [report("{{ finished }}", path="report")]}]
    played = player.playbook(plays, f"--inventory={inventory}", folder=here)
    assert played.status == 0, played.output
    assert (
        played.last.result["msg"] == f"config_job 294 succeeded after 5 s. The report is in {here}/report/report.html."
    )
    assert sorted(path.name for path in (here / "report").iterdir()) == ["junit.xml", "report.html", "report.json"]


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"delegate_to": "localhost"}, "config_job 294 succeeded after 5 s."),
        ({"delegate_to": "jump"}, "The report is written on the controller, and not on jump. Leave delegate_to out; "),
        ({"no_log": True}, "the output has been hidden"),
        ({"async": 10, "poll": 1}, "async"),
    ],
)
def test_job_report_obeys_or_refuses_each_keyword_of_the_task(
    player: Player, keywords: dict[str, t.Any], message: str
) -> None:
    inventory = player.folder / "hosts"
    inventory.write_text("jump ansible_host=127.0.0.1 ansible_port=9\n", encoding="utf-8")
    task = {**report("{{ finished }}"), **keywords}
    played = player.play([task], f"--inventory={inventory}", vars={"finished": FINISHED})
    assert message in json.dumps(played.last.result), played.output
    assert "Traceback" not in played.output


def test_the_installed_collection_has_the_style_and_script_of_the_page(player: Player, tmp_path: Path) -> None:
    copied, collections = tmp_path / "copy", tmp_path / "collections"
    environment = player.environment(ANSIBLE_COLLECTIONS_PATH=str(collections))

    def run(*command: object) -> None:
        subprocess.run([*map(str, command)], env=environment, check=True, capture_output=True, timeout=120)

    run(sys.executable, CHECKOUT / "tools/copy_checkout.py", copied)
    run("ansible-galaxy", "collection", "build", "--output-path", tmp_path, copied)
    run("ansible-galaxy", "collection", "install", "--offline", *tmp_path.glob("*.tar.gz"))
    plays = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [report("{{ finished }}", path=str(tmp_path / "report"))],
        }
    ]
    plays[0]["vars"] = {"finished": FINISHED}
    played = player.playbook(plays, environment={"ANSIBLE_COLLECTIONS_PATH": str(collections)})
    assert played.status == 0, played.output
    page = (tmp_path / "report/report.html").read_text(encoding="utf-8")
    for name in ("page.css", "page.js"):
        source = CHECKOUT / "plugins/plugin_utils/_report" / name
        assert source.read_text(encoding="utf-8") in page
