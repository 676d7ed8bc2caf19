# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job from end to end: four systems, one wait."""

from __future__ import annotations

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Player

READS = {
    "endstate.jobs.activegate_update_job_info": {"activegate_id": "-1556499193", "job_id": "-75"},
    "endstate.jobs.imageupdate_status": {"update_id": "1234"},
    "endstate.jobs.config_job_info": {"job_id": "294"},
    "endstate.jobs.firmware_repo_status": {"task_id": "12"},
}
JOBS = [
    {"activegate_update_job": {"activegate_id": "-1556499193", "job_id": "-75"}},
    {"name": "image", "imageupdate": {"update_id": 1234}},
    {"name": "push", "config_job": {"job_id": 294, "children_settle": 1}},
    {"firmware_repo": {"task_id": 12}},
]


def script(strata_child: str = "FIN/OK") -> list[dict[str, object]]:
    """One job of each system, each with something before its end."""
    child = {
        "id": "295",
        "after": 0.5,
        "device_name": "FW-1",
        "stages": [{"state": strata_child, "message": "no such zone"}],
    }
    return [
        {"system": "dynatrace", "id": "-75", "stages": [{"state": "IN_PROGRESS", "for": 2}, {"state": "SUCCEED"}]},
        {
            "system": "multiplay",
            "id": "1234",
            "stages": [{"state": "4", "for": 2, "progress": [0, 100]}, {"state": "5"}],
        },
        {
            "system": "strata",
            "id": "294",
            "stages": [{"state": "ACT", "for": 2}, {"state": "FIN/OK"}],
            "children": [child],
        },
        {
            "system": "xclarity",
            "id": "12",
            "stages": [{"state": "running", "for": 2, "progress": 50}, {"state": "complete"}],
        },
    ]


def test_each_info_module_reads_its_job(simulator: Simulator, player: Player) -> None:
    simulator.add(jobs=script())
    played = player.play(
        [{"name": module, module: options} for module, options in READS.items()], module_defaults=DEFAULTS
    )
    assert played.status == 0, played.output
    assert {task.name: task.result["job"]["id"] for task in played.tasks} == {
        "endstate.jobs.activegate_update_job_info": "-75",
        "endstate.jobs.imageupdate_status": "1234",
        "endstate.jobs.config_job_info": "294",
        "endstate.jobs.firmware_repo_status": "12",
    }
    assert all(task.result["job"]["state"] in ("running", "succeeded") for task in played.tasks)


def test_one_wait_covers_jobs_of_all_systems_and_logs_out(simulator: Simulator, player: Player) -> None:
    simulator.add(jobs=script())
    wait = {"jobs": JOBS, "interval": 0.5, "max_interval": 1, "timeout": 60}
    played = player.play([{"endstate.jobs.wait_for_job": wait}], module_defaults=DEFAULTS)
    assert played.status == 0, played.output
    result = played.last.result
    assert [(job["system"], job["name"], job["state"]) for job in result["jobs"]] == [
        ("dynatrace", None, "succeeded"),
        ("multiplay", "image", "succeeded"),
        ("strata", "push", "succeeded"),
        ("xclarity", None, "succeeded"),
    ]
    assert (result["finished"], result["succeeded"], result["timed_out"]) == (True, True, False)
    assert [child["id"] for child in result["jobs"][2]["children"]] == ["295"]
    assert simulator.stats()["strata"]["tokens_issued"] == 1
    assert simulator.stats()["xclarity"]["logins"] == simulator.stats()["xclarity"]["logouts"] == 1


def test_a_push_that_a_firewall_refuses_fails(simulator: Simulator, player: Player) -> None:
    simulator.add(jobs=script(strata_child="FIN/FAIL"))
    wait = {"config_job": {"job_id": "294", "children_settle": 1}, "interval": 0.5, "timeout": 60}
    played = player.play([{"endstate.jobs.wait_for_job": wait}], module_defaults=DEFAULTS)
    assert played.status == 2
    assert played.last.result["job"]["native_state"] == "FIN/OK"
    child = "config_job 295 (CommitAll to FW-1 by sim@1234567890.iam.panserviceaccount.com): no such zone"
    seconds = round(played.last.result["elapsed"])
    assert played.last.result["msg"] == f"config_job 294 failed (FIN/OK) after {seconds} s: {child}."
    assert "[localhost] config_job 294: failed (FIN/OK), " in played.output


def test_a_correct_loop_fails_for_a_failed_job_and_survives_a_failed_attempt(
    simulator: Simulator, player: Player
) -> None:
    simulator.add(
        jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": "running", "for": 1}, {"state": "error"}]}],
        faults=[{"system": "xclarity", "kind": "status", "status": 503, "times": 1}],
    )
    loop = {
        "endstate.jobs.firmware_repo_status": {"task_id": "12", "retries": 0},
        "register": "export",
        "until": "export is endstate.jobs.job_finished",
        "failed_when": "export is not endstate.jobs.job_succeeded",
        "retries": 20,
        "delay": 1,  # whole seconds: ansible-core 2.16 makes 0.3 a 0, and spends all retries before the job ends
    }
    played = player.play([loop], module_defaults=DEFAULTS)
    assert played.status == 2
    assert played.tasks[0].outcome == "retry"
    assert played.tasks[0].result["error"]["kind"] == "unavailable"
    assert (played.last.outcome, played.last.result["job"]["state"]) == ("failed", "failed")
