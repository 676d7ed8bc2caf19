# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role job_gate in real plays: what it decides, publishes, writes and says."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import xmlschema
import yaml

from ansible_collections.endstate.jobs.plugins.plugin_utils._gate_variables import REPORT, VARIABLES
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS
from tests.e2e.gating import ROLE, Gate, published
from tests.e2e.playing import CHECKOUT, HERE

JUNIT = xmlschema.XMLSchema(HERE / "junit.xsd")


def test_a_gate_passes_for_a_good_end(gate: Gate) -> None:
    played = gate.play([gate.job("12", name="export")], title="Firmware")
    assert played.status == 0, played.output
    assert played.last.result["msg"] == (
        f"Firmware passed. export (firmware_repo 12) succeeded (complete) after 0 s. The report is in {gate.report}/report.html."
    )
    assert published(played) == {
        "job_gate_passed": True,
        "job_gate_message": played.last.result["msg"].removeprefix("Firmware passed. "),
        "job_gate_succeeded": [{"name": "export", "system": "xclarity", "id": "12"}],
        "job_gate_failed": [],
        "job_gate_accepted": [],
    }
    JUNIT.validate(gate.report / "junit.xml")
    assert json.loads((gate.report / "report.json").read_text())["jobs"][0]["history"][0]["state"] == "succeeded"


def test_a_relative_report_dir_begins_at_the_working_directory(gate: Gate, tmp_path: Path) -> None:
    """Not in the folder of the playbook, which is the installed collection's."""
    here = tmp_path / "shop"
    here.mkdir()
    played = gate.play([gate.job("12")], report_dir="report", folder=here)
    assert played.last.result["msg"].endswith(f"The report is in {here}/report/report.html.")
    assert [path.name for path in here.iterdir()] == ["report"]


def test_a_report_dir_may_begin_with_a_variable(gate: Gate) -> None:
    played = gate.play([gate.job("12")], report_dir="$ANSIBLE_HOME/report")
    assert played.last.result["msg"].endswith(f"The report is in {gate.player.folder}/ansible/report/report.html.")


def test_a_gate_with_an_empty_report_dir_writes_no_report(gate: Gate, tmp_path: Path) -> None:
    played = gate.play([gate.job("12")], report_dir="", folder=tmp_path)
    assert played.last.result["msg"] == "Gate passed. firmware_repo 12 succeeded (complete) after 0 s."


def test_a_gate_that_fails_names_the_bad_job_and_its_reason(gate: Gate) -> None:
    played = gate.play([gate.job("12"), gate.job("13")])
    assert played.status == 2
    assert played.last.result["msg"] == (
        "Gate failed. 1 of 2 jobs ended badly after 0 s: firmware_repo 13: failed (error): no space <left> & right. "
        f"The report is in {gate.report}/report.html."
    )
    assert published(played)["job_gate_failed"] == [
        {"name": None, "system": "xclarity", "id": "13", "state": "failed", "message": "no space <left> & right"}
    ]
    assert not published(played)["job_gate_passed"]
    JUNIT.validate(gate.report / "junit.xml")
    assert "✗ Gate failed" in (gate.report / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("allow_failed", "status"), [(1, 0), ("50%", 0), ("49%", 2), (0, 2)])
def test_allow_failed_decides_how_many_bad_jobs_may_pass(gate: Gate, allow_failed: int | str, status: int) -> None:
    played = gate.play([gate.job("12"), gate.job("13")], allow_failed=allow_failed)
    assert played.status == status, played.output
    assert published(played)["job_gate_passed"] == (status == 0)
    assert len(published(played)["job_gate_failed"]) == 1


@pytest.mark.parametrize(("on_timeout", "status"), [("fail", 2), ("warn", 0)])
def test_on_timeout_decides_about_jobs_that_have_not_ended(gate: Gate, on_timeout: str, status: int) -> None:
    played = gate.play([gate.job("14")], timeout=1, on_timeout=on_timeout)
    assert played.status == status
    listed = "failed" if on_timeout == "fail" else "accepted"
    assert [job["id"] for job in published(played)[f"job_gate_{listed}"]] == ["14"]
    said = {
        "fail": "Gate failed. firmware_repo 14 had not ended within 1 s (job_gate_timeout): running",
        "warn": "Gate passed. firmware_repo 14 had not ended within 1 s, which job_gate_on_timeout accepts: running",
    }
    assert played.last.result["msg"].startswith(said[on_timeout])
    JUNIT.validate(gate.report / "junit.xml")


def test_a_gate_fails_for_a_job_that_cannot_be_reached(gate: Gate) -> None:
    gate.simulator.add(faults=[{"system": "xclarity", "job": "12", "kind": "status", "status": 403}])
    played = gate.play([gate.job("12")], on_timeout="warn")
    assert played.status == 2
    assert played.last.result["msg"].startswith("Gate failed. firmware_repo 12 could not be read: https://")
    assert "403" in published(played)["job_gate_failed"][0]["message"]
    JUNIT.validate(gate.report / "junit.xml")


@pytest.mark.parametrize(
    "playbook", [pytest.param(("gate", "--check"), id="check mode"), pytest.param(("read",), id="playbook read")]
)
def test_check_mode_shows_the_present_state_and_decides_nothing(gate: Gate, playbook: tuple[str, ...]) -> None:
    jobs = [gate.job("13"), gate.job("14", name="long one"), gate.job("99")]
    played = gate.play(jobs, *playbook[1:], playbook=playbook[0])
    assert played.status == 0, played.output
    states = played[ROLE + "Show the present state of each job"].result["msg"]
    assert states[0] == "firmware_repo 13: failed (error): no space <left> & right"
    assert states[1].startswith("long one (firmware_repo 14): running")
    assert states[2].startswith("firmware_repo 99: could not be read: ")
    assert played[ROLE + "Publish the outcome"].outcome == "skipped"
    assert not gate.report.exists()


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_jobs_may_be_text_as_a_survey_gives_it(gate: Gate, write: t.Callable[[t.Any], str]) -> None:
    played = gate.play(write([gate.job("12")]), timeout="30", allow_failed="0", fail_fast="false", fail_on=["failed"])
    assert played.status == 0, played.output


EMPTY = "job_gate_jobs is empty. If that is intended, set job_gate_allow_empty: true."


@pytest.mark.parametrize(
    ("jobs", "options", "message"),
    [
        ([], {}, EMPTY),
        ("", {}, EMPTY),
        ("hello", {}, "job_gate_jobs: expected a list of jobs in YAML or JSON, got text."),
        ("- a: [b", {}, "job_gate_jobs: expected a list of jobs in YAML or JSON, got text."),
        ("config_job: {}", {}, "job_gate_jobs: expected a list of jobs in YAML or JSON, got a dictionary."),
        (
            [{"config_job": {}}],
            {"allow_failed": "100%", "allow_empty": True},
            "job_gate_jobs[0].config_job.job_id is required.",
        ),
        ([], {"interval": 0}, "job_gate_interval: expected more than 0 seconds, got 0."),
        ([], {"timeout": "soon"}, "job_gate_timeout: expected a number of seconds, got 'soon'."),
        ([], {"on_timeout": "pass"}, "job_gate_on_timeout: expected fail or warn, got 'pass'."),
        ([], {"fail_fast": "perhaps"}, "job_gate_fail_fast: expected true or false, got 'perhaps'."),
    ],
)
def test_bad_input_fails_and_is_reported(gate: Gate, jobs: t.Any, options: dict[str, t.Any], message: str) -> None:
    played = gate.play(jobs, **options)
    assert played.status == 2
    assert played.last.name == ROLE + "Fail because of the jobs above"
    assert played.last.result["msg"] == f"Gate failed. {message} The report is in {gate.report}/report.html."
    assert published(played)["job_gate_passed"] is False
    (suite,) = t.cast("t.Any", JUNIT.to_dict(gate.report / "junit.xml"))["testsuite"]
    assert (suite["@tests"], suite["@errors"]) == (1, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"allow_failed": "lots"},
            "job_gate_allow_failed: expected a number of jobs such as 2 or a percentage such as 10%, got 'lots'.",
        ),
        (
            {"allow_failed": "100.5%"},
            "job_gate_allow_failed: expected a number of jobs such as 2 or a percentage such as 10%, got '100.5%'.",
        ),
        ({"title": ["a"]}, "job_gate_title: expected text, got a list."),
    ],
)
def test_a_gate_with_bad_options_waits_for_nothing_and_writes_nothing(
    gate: Gate, options: dict[str, t.Any], message: str
) -> None:
    played = gate.play([gate.job("14")], **options)
    assert played.status == 2
    assert played.last.result["msg"] == f"Gate failed. {message}"
    assert published(played)["job_gate_message"] == message
    assert "Wait for the jobs" not in played.output
    assert not gate.report.exists()


def test_allow_empty_lets_an_empty_list_pass(gate: Gate) -> None:
    assert gate.play([], allow_empty=True).status == 0


@pytest.mark.parametrize(("task_id", "status"), [("12", 0), ("13", 2)])
def test_the_decision_of_a_gate_holds_if_no_report_can_be_written(gate: Gate, task_id: str, status: int) -> None:
    gate.report.write_text("a file where the folder was to be")
    played = gate.play([gate.job(task_id)])
    assert played.status == status
    missing = f" No report was written: job_gate_report_dir {gate.report}: File exists."
    assert played.last.result["msg"].endswith(missing)
    assert published(played)["job_gate_passed"] == (status == 0)


def test_the_published_outcome_of_an_earlier_gate_does_not_decide(gate: Gate) -> None:
    good = gate.play([gate.job("12")])
    assert good.status == 0
    extra = json.dumps(published(good))
    assert gate.play([gate.job("13")], "--extra-vars", extra).status == 2


def test_no_secret_is_written_shown_or_published(gate: Gate) -> None:
    secret = gate.simulator.connection("xclarity")["password"]
    gate.simulator.add(
        jobs=[{"system": "xclarity", "id": "15", "stages": [{"state": "error", "message": f"bad {secret}"}]}]
    )
    played = gate.play([gate.job("15")])
    assert played.status == 2
    for file in gate.report.iterdir():
        assert secret not in file.read_text(encoding="utf-8")
    assert secret not in played.output
    assert secret not in json.dumps(published(played))


def test_a_gate_judges_a_thousand_jobs(gate: Gate) -> None:
    stages = [{"state": "running", "for": 15}, {"state": "complete"}]
    bad = [{"state": "running", "for": 15}, {"state": "error"}]
    numbers = [str(number) for number in range(1000, 2000)]
    gate.simulator.add(
        jobs=[
            {"system": "xclarity", "id": number, "stages": bad if number.endswith("00") else stages}
            for number in numbers
        ]
    )
    played = gate.play([gate.job(number) for number in numbers], allow_failed="1%", timeout=90)
    assert played.status == 0, played.output[-3000:]
    assert played.last.result["msg"].startswith("Gate passed. 10 of 1000 jobs ended badly after ")
    assert " 10 may fail (job_gate_allow_failed: 1%). The report is in " in played.last.result["msg"]
    assert len(published(played)["job_gate_succeeded"]) == 990
    JUNIT.validate(gate.report / "junit.xml")


def test_each_option_is_documented_and_handed_on_to_the_wait() -> None:
    spec = yaml.safe_load((CHECKOUT / "roles/job_gate/meta/argument_specs.yml").read_text())["argument_specs"]["main"]
    (wait,) = [
        task["endstate.jobs.wait_for_job"]
        for block in yaml.safe_load((CHECKOUT / "roles/job_gate/tasks/main.yml").read_text())
        for task in block.get("block", [])
        if "endstate.jobs.wait_for_job" in task
    ]
    assert {name: option.get("default") for name, option in spec["options"].items()} == {
        **dict.fromkeys(f"job_gate_{name}" for name in VARIABLES),
        **{f"job_gate_{name}": option.get("default") for name, option in REPORT.items()},
    }
    # With a type of their own blank answers would be refused.
    assert {option["type"] for option in spec["options"].values()} == {"raw"}
    for name in OPTIONS:
        assert wait[name] == f"{{{{ __job_gate.options.{name} | default(omit) }}}}"
    assert wait.keys() == {"jobs", *OPTIONS}


@pytest.mark.parametrize(
    "broken",
    [
        "<testsuites/>",
        '<testsuites tests="1" failures="0" errors="0" time="0.000"><testsuite name="x"/></testsuites>',
        '<testsuites tests="x" failures="0" errors="0" time="0.000"/>',
    ],
)
def test_the_junit_schema_refuses_a_wrong_document(broken: str, tmp_path: Path) -> None:
    (tmp_path / "broken.xml").write_text(broken)
    assert not JUNIT.is_valid(tmp_path / "broken.xml")
