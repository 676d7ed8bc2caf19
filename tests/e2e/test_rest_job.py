# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of any REST API in real plays: profiles of the library and of the user, loops, another machine, gate, check mode."""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.e2e.playing import HERE, Player
from tests.unit.loopback import Loopback, reply

PROFILE = """\
schema: 1
name: farm_build
ids: {build: {}}
auth: [{header: {X-Key: "{token}"}}]
status: {get: "/builds/{build}", job: build}
state: {path: state, running: busy, succeeded: done, failed: broken}
fields: {message: reason}
"""
SECRET = "the-key-of-the-farm"
BUSY, DONE = reply({"build": {"state": "busy"}}), reply({"build": {"state": "done"}})
BROKEN = reply({"build": {"state": "broken", "reason": "{{ 1 + 1 }} no space"}})


@pytest.fixture
def farm() -> t.Iterator[Loopback]:
    """An API that no system of the collection has."""
    farm = Loopback()
    yield farm
    farm.stop()


@pytest.fixture
def plays(tmp_path: Path) -> Player:
    """Plays beside a profile of their own."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "farm.yml").write_text(PROFILE, encoding="utf-8")
    return Player(tmp_path, {})


def build(farm: Loopback, number: str = "7", **options: t.Any) -> dict[str, t.Any]:
    return {"profile": "farm.yml", "api_url": farm.url, "token": SECRET, "id": number, **options}


def wait(*jobs: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    pace = {"interval": 0.1, "max_interval": 0.2}
    return {"endstate.jobs.wait_for_job": {"jobs": [{"rest_job": job} for job in jobs], **pace, **options}}


def test_one_wait_takes_profiles_beside_the_playbook_where_it_was_started_and_of_the_collection(
    farm: Loopback, plays: Player
) -> None:
    start = plays.folder / "start"
    start.mkdir()
    (start / "shed.yml").write_text(PROFILE.replace("farm_build", "shed_build"), encoding="utf-8")
    farm.on("GET /builds/7", BUSY, DONE)
    farm.on("GET /builds/8", DONE)
    farm.on("GET /api/tasks/12", reply({"ID": 12, "Name": "publish", "State": 2}))
    jobs = build(farm), build(farm, "8", profile="./shed.yml"), {"profile": "aptly_task", "api_url": farm.url, "id": 12}
    played = plays.playbook([{"hosts": "localhost", "gather_facts": False, "tasks": [wait(*jobs)]}], folder=start)
    assert played.status == 0, played.output
    assert [job["system"] for job in played.last.result["jobs"]] == ["farm_build", "shed_build", "aptly_task"]
    assert played.last.result["msg"].startswith("All 3 jobs ended well after ")
    assert SECRET not in played.output


def test_the_reason_of_a_bad_end_is_not_templated(farm: Loopback, plays: Player) -> None:
    farm.on("GET /builds/7", BROKEN)
    played = plays.play([wait(build(farm))])
    assert played.status == 2
    assert "farm_build 7" in played.last.result["msg"]
    assert "1 + 1" in played.last.result["jobs"][0]["message"]
    assert "2 no space" not in played.output


def test_progress_and_history_tell_each_change(farm: Loopback, plays: Player) -> None:
    farm.on("GET /builds/7", BUSY, BUSY, BROKEN)
    played = plays.play([wait(build(farm))])
    lines = [line.split(",")[0] for line in played.output.splitlines() if line.startswith("[localhost]")]
    assert lines[:2] == [
        "[localhost] waiting for farm_build 7 for up to 1 h",
        "[localhost] farm_build 7: running (busy)",
    ]
    assert lines[-1].startswith("[localhost] farm_build 7: failed (broken)")
    (job,) = played.last.result["jobs"]
    assert [(entry["state"], entry["native_state"]) for entry in job["history"]] == [
        ("running", "busy"),
        ("failed", "broken"),
    ]


def test_a_wait_with_no_log_shows_no_progress(farm: Loopback, plays: Player) -> None:
    farm.on("GET /builds/7", BUSY, DONE)
    played = plays.play([{**wait(build(farm)), "no_log": True}])
    assert (played.status, len(farm.requests)) == (0, 2)
    assert "farm_build" not in played.output


def test_a_delegate_gets_the_profile_as_a_mapping(farm: Loopback, plays: Player) -> None:
    farm.on("GET /builds/7", BUSY, DONE)
    there = {"ansible_connection": "elsewhere", "ansible_python_interpreter": sys.executable}
    delegated = {**wait(build(farm)), "delegate_to": "jumphost", "vars": there}
    environment = {"ANSIBLE_CONNECTION_PLUGINS": f"{HERE}/connection_plugins"}
    played = plays.play([delegated], environment=environment)
    assert (played.status, played.last.result["succeeded"]) == (0, True), played.output
    assert SECRET not in played.output


def test_an_until_loop_reads_with_the_defaults_of_the_group(farm: Loopback, plays: Player) -> None:
    farm.on("GET /builds/7", BUSY, BUSY, DONE)
    read = {
        "endstate.jobs.rest_job_info": {"id": "7"},
        "register": "read",
        "until": "read is endstate.jobs.job_finished",
        "retries": 9,
        "delay": 0.1,
    }
    account = {name: value for name, value in build(farm).items() if name != "id"}
    played = plays.play([read], module_defaults={"group/endstate.jobs.rest": account})
    assert (played.status, played.last.result["job"]["state"]) == (0, "succeeded"), played.output
    assert len(farm.requests) == 3


def test_a_module_in_its_own_process_gets_the_profile_as_a_mapping(
    farm: Loopback, plays: Player, tmp_path: Path
) -> None:
    farm.on("GET /builds/7", DONE)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    there = {"ansible_python_interpreter": str(python)}
    played = plays.play([{"endstate.jobs.rest_job_info": build(farm), "vars": there}])
    assert (played.status, played.last.result["job"]["state"]) == (0, "succeeded"), played.output


def test_a_wait_in_check_mode_polls_once(farm: Loopback, plays: Player) -> None:
    farm.on("GET /builds/7", BUSY)
    played = plays.play([wait(build(farm))], "--check")
    assert (played.status, played.last.result["jobs"][0]["state"], len(farm.requests)) == (0, "running", 1)


def test_the_gate_waits_for_a_rest_job_and_reports_it(farm: Loopback, plays: Player, tmp_path: Path) -> None:
    farm.on("GET /builds/7", BUSY, DONE)
    report = tmp_path / "report"
    gate = {
        "ansible.builtin.include_role": {"name": "endstate.jobs.job_gate"},
        "vars": {
            "job_gate_jobs": [{"name": "nightly", "rest_job": build(farm)}],
            "job_gate_interval": 0.1,
            "job_gate_report_dir": str(report),
        },
    }
    played = plays.play([gate])
    assert played.status == 0, played.output
    assert "nightly (farm_build 7)" in played.output
    (case,) = ElementTree.parse(report / "junit.xml").iter("testcase")
    assert "nightly" in case.attrib["name"]
    (job,) = json.loads((report / "report.json").read_text(encoding="utf-8"))["jobs"]
    assert (job["system"], job["id"], job["judgement"]) == ("farm_build", "7", "succeeded")
    assert "farm_build" in (report / "report.html").read_text(encoding="utf-8")
    assert SECRET not in played.output + "".join(file.read_text(encoding="utf-8") for file in report.iterdir())
