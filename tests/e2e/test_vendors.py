# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a vendor's reply says of a job is neither lost nor misread, in real plays."""

from __future__ import annotations

import typing as t

import pytest

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Played, Player

WAIT = "endstate.jobs.wait_for_job"
INFO = "endstate.jobs.config_job_info"
QUICK = {"interval": 0.3, "max_interval": 0.5}
LISTING = "/config/operations/v1/jobs$"
NAME = "config_job 295 (CommitAll to FW-OSLO by sim@1234567890.iam.panserviceaccount.com)"


def play(player: Player, module: str, options: dict[str, t.Any], *arguments: str, **keywords: t.Any) -> Played:
    """Play one task."""
    return player.play([{module: options, **keywords}], *arguments, module_defaults=DEFAULTS)


def push(*child_stages: dict[str, t.Any], after: float = 1, **child: t.Any) -> dict[str, t.Any]:
    """A push that is committed after a second."""
    script = {"id": "295", "after": after, "device_name": "FW-OSLO", "stages": list(child_stages), **child}
    stages = [{"state": "ACT", "for": 1}, {"state": "FIN/OK"}]
    return {"system": "strata", "id": "294", "stages": stages, "children": [script] if child_stages else []}


@pytest.mark.parametrize("refused", [{"success": False}, {"success": False, "error": True}])
def test_a_failed_image_update_that_is_sent_with_success_false_has_failed(
    simulator: Simulator, player: Player, refused: dict[str, t.Any]
) -> None:
    stages = [{"state": "4", "for": 1}, {"state": "6", "message": "disk full"}]
    simulator.add(jobs=[{"system": "multiplay", "id": "1234", "stages": stages, "body": refused}])
    played = play(player, WAIT, {"imageupdate": {"update_id": "1234"}, **QUICK})
    result = played.last.result
    assert (result["job"]["state"], result["job"]["message"], result["job"]["error"]) == ("failed", "disk full", None)
    assert result["msg"].startswith("imageupdate 1234 failed after ")
    assert result["msg"].endswith(" s: disk full.")


@pytest.mark.parametrize("module", [WAIT, INFO])
def test_a_push_keeps_its_state_if_its_children_may_not_be_listed(
    simulator: Simulator, player: Player, module: str
) -> None:
    simulator.add(
        jobs=[{"system": "strata", "id": "294", "stages": [{"state": "FIN/OK"}]}],
        faults=[{"system": "strata", "path": LISTING, "kind": "status", "status": 403}],
    )
    options: dict[str, t.Any] = {"config_job": {"job_id": "294"}, **QUICK}
    if module == INFO:
        options = {"job_id": "294", "children": True}
    task = play(player, module, options).last
    result = task.result
    assert (task.outcome, result["job"]["native_state"], result["job"]["succeeded"]) == ("failed", "FIN/OK", False)
    assert result["job"]["error"]["kind"] == "forbidden"
    assert result["msg"].endswith("Set children: false to read the job alone.")


def test_a_push_keeps_its_state_if_its_children_can_never_be_listed(simulator: Simulator, player: Player) -> None:
    simulator.add(jobs=[push()], faults=[{"system": "strata", "path": LISTING, "kind": "status", "status": 500}])
    played = play(player, WAIT, {"config_job": {"job_id": "294"}, **QUICK, "timeout": 3})
    job = played.last.result["job"]
    assert (played.last.result["timed_out"], job["state"], job["native_state"]) == (True, "running", "FIN/OK")
    assert job["history"][-1]["native_state"] == "FIN/OK"
    assert job["error"]["kind"] == "unavailable"


def test_a_wait_says_which_firewall_it_waits_for(simulator: Simulator, player: Player) -> None:
    simulator.add(jobs=[push({"state": "ACT", "for": 300, "progress": 40}, {"state": "FIN/OK"}, after=0)])
    played = play(player, WAIT, {"config_job": {"job_id": "294"}, **QUICK, "timeout": 3})
    says = f"running (FIN/OK, 40 %): waiting for {NAME}: running (ACT/PEND, 40 %)"
    state, waits = says.split(": ", 1)
    lines = [line for line in played.output.splitlines() if line.startswith(f"[localhost] config_job 294: {state}, ")]
    assert any(line.endswith(f" s elapsed: {waits}") for line in lines), played.output
    assert played.last.result["msg"] == f"config_job 294 had not ended within 3 s (timeout): {says}."


def test_a_firewalls_job_without_a_reason_in_the_listing_is_read_alone(simulator: Simulator, player: Player) -> None:
    stages = {"state": "FIN/FAIL", "message": "No such zone"}
    simulator.add(jobs=[push(stages, body={"summary": ""})])
    played = play(player, WAIT, {"config_job": {"job_id": "294", "children_settle": 2}, **QUICK})
    assert played.last.result["job"]["message"] == f"{NAME}: No such zone"
    assert [one["job"] for one in simulator.requests() if one["system"] == "strata"].count("295") == 1


@pytest.mark.parametrize("state", ["Complete", "COMPLETE/informational"])
def test_a_native_state_may_be_spelled_in_any_case(simulator: Simulator, player: Player, state: str) -> None:
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": state}]}])
    assert play(player, WAIT, {"firmware_repo": {"task_id": "12"}, **QUICK, "timeout": 5}).status == 0


@pytest.fixture
def _password_to_be_changed(simulator: Simulator) -> t.Iterator[None]:
    """A setting outlives a test, as the simulator does."""
    simulator.play({"settings": {"xclarity": {"password": "must_change"}}})
    yield
    simulator.play({"settings": {"xclarity": {"password": "good"}}})


@pytest.mark.usefixtures("_password_to_be_changed")
def test_a_password_that_must_be_changed_is_told(simulator: Simulator, player: Player) -> None:
    result = play(player, WAIT, {"firmware_repo": {"task_id": "12"}, **QUICK}).last.result
    assert "The user must change the password in XClarity Administrator" in result["msg"]
    assert simulator.stats()["xclarity"]["logins"] == 1


def test_an_info_module_in_check_mode_does_not_watch_for_children(simulator: Simulator, player: Player) -> None:
    simulator.add(jobs=[{"system": "strata", "id": "294", "stages": [{"state": "FIN/OK"}]}])
    played = play(player, INFO, {"job_id": "294", "children": True}, "--check")
    assert played.last.result["job"]["state"] == "succeeded"
    assert [one["job"] for one in simulator.requests() if one["system"] == "strata"].count("294") == 1
