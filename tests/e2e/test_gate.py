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

from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS
from simulator.client import Simulator
from tests.e2e.playing import CHECKOUT, HERE, Played, Player

ROLE = "endstate.jobs.job_gate : "
QUICK = {"job_gate_interval": 0.3, "job_gate_max_interval": 0.5, "job_gate_timeout": 30}
JUNIT = xmlschema.XMLSchema(HERE / "junit.xsd")


class Gate:
    """Runs the gate's playbook, as a user does: by its name, and with extra variables alone."""

    def __init__(self, player: Player, simulator: Simulator) -> None:
        self.player = player
        self.simulator = simulator
        self.report = player.folder / "report"

    def job(self, task_id: str, **item: t.Any) -> dict[str, t.Any]:
        """A firmware task as an item of ``job_gate_jobs``."""
        return {**item, "firmware_repo": {"task_id": task_id, **self.simulator.connection("xclarity")}}

    def script(self, task_id: str, *stages: dict[str, t.Any]) -> None:
        """What the firmware task lives through."""
        self.simulator.add(jobs=[{"system": "xclarity", "id": task_id, "stages": list(stages)}])

    def play(
        self, jobs: t.Any, *arguments: str, playbook: str = "gate", folder: Path | None = None, **options: t.Any
    ) -> Played:
        """Run it.

        :param folder: where it is started.
        """
        given = {f"job_gate_{name}": value for name, value in options.items()}
        variables = {"job_gate_jobs": jobs, "job_gate_report_dir": str(self.report), **QUICK, **given}
        extra = {name: value for name, value in variables.items() if value is not None}
        plays = [{"ansible.builtin.import_playbook": f"endstate.jobs.{playbook}"}]
        # A thousand jobs are too long for a command line.
        file = self.player.folder / "gate.json"
        file.write_text(json.dumps(extra), encoding="utf-8")
        return self.player.playbook(plays, "--extra-vars", f"@{file}", *arguments, folder=folder)


@pytest.fixture
def gate(player: Player, simulator: Simulator) -> Gate:
    made = Gate(player, simulator)
    made.script("12", {"state": "complete"})
    made.script("13", {"state": "error", "message": "no space <left> & right"})
    made.script("14", {"state": "running"})
    return made


def published(played: Played) -> dict[str, t.Any]:
    """What the next step of a workflow gets."""
    stats: dict[str, t.Any] = played[ROLE + "Publish the outcome"].result["ansible_stats"]
    assert (stats["per_host"], stats["aggregate"]) == (False, False)
    return t.cast("dict[str, t.Any]", stats["data"])


def test_a_good_end_passes(gate: Gate) -> None:
    played = gate.play([gate.job("12", name="export")], title="Firmware")
    assert played.status == 0, played.output
    assert played.last.result["msg"] == (
        f"Firmware passed. export (xclarity 12) ended well after 0 s. The report is in {gate.report}/report.html."
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


def test_a_relative_report_dir_begins_where_the_user_is(gate: Gate, tmp_path: Path) -> None:
    """Not in the folder of the playbook, which is the installed collection's."""
    here = tmp_path / "shop"
    here.mkdir()
    played = gate.play([gate.job("12")], report_dir="report", folder=here)
    assert played.last.result["msg"].endswith(f"The report is in {here}/report/report.html.")
    assert [path.name for path in here.iterdir()] == ["report"]


def test_a_report_dir_may_begin_with_a_variable(gate: Gate) -> None:
    played = gate.play([gate.job("12")], report_dir="$ANSIBLE_HOME/report")
    assert played.last.result["msg"].endswith(f"The report is in {gate.player.folder}/ansible/report/report.html.")


def test_an_empty_report_dir_is_none(gate: Gate, tmp_path: Path) -> None:
    played = gate.play([gate.job("12")], report_dir="", folder=tmp_path)
    assert played.last.result["msg"] == "Gate passed. xclarity 12 ended well after 0 s."


def test_a_bad_end_fails_and_says_which_and_why(gate: Gate) -> None:
    played = gate.play([gate.job("12"), gate.job("13")])
    assert played.status == 2
    assert played.last.result["msg"] == (
        "Gate failed. 1 of 2 jobs did not end well after 0 s: xclarity 13: failed (error): no space <left> & right. "
        f"The report is in {gate.report}/report.html."
    )
    assert published(played)["job_gate_failed"] == [
        {"name": None, "system": "xclarity", "id": "13", "state": "failed", "message": "no space <left> & right"}
    ]
    assert not published(played)["job_gate_passed"]
    JUNIT.validate(gate.report / "junit.xml")
    assert "✗ Gate failed" in (gate.report / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("allow_failed", "status"), [(1, 0), ("50%", 0), ("49%", 2), (0, 2)])
def test_the_policy_decides(gate: Gate, allow_failed: int | str, status: int) -> None:
    played = gate.play([gate.job("12"), gate.job("13")], allow_failed=allow_failed)
    assert played.status == status, played.output
    assert published(played)["job_gate_passed"] == (status == 0)
    assert len(published(played)["job_gate_failed"]) == 1


@pytest.mark.parametrize(("on_timeout", "status"), [("fail", 2), ("warn", 0)])
def test_time_out(gate: Gate, on_timeout: str, status: int) -> None:
    played = gate.play([gate.job("14")], timeout=1, on_timeout=on_timeout)
    assert played.status == status
    listed = "failed" if on_timeout == "fail" else "accepted"
    assert [job["id"] for job in published(played)[f"job_gate_{listed}"]] == ["14"]
    JUNIT.validate(gate.report / "junit.xml")


def test_a_job_that_cannot_be_reached_fails(gate: Gate) -> None:
    gate.simulator.add(faults=[{"system": "xclarity", "job": "12", "kind": "status", "status": 403}])
    played = gate.play([gate.job("12")], on_timeout="warn")
    assert played.status == 2
    assert "1 of 1 job did not end well after" in played.last.result["msg"]
    assert "403" in published(played)["job_gate_failed"][0]["message"]
    JUNIT.validate(gate.report / "junit.xml")


@pytest.mark.parametrize(
    "playbook", [pytest.param(("gate", "--check"), id="check mode"), pytest.param(("read",), id="playbook read")]
)
def test_the_present_state_is_shown_and_nothing_decided(gate: Gate, playbook: tuple[str, ...]) -> None:
    jobs = [gate.job("13"), gate.job("14", name="long one"), gate.job("99")]
    played = gate.play(jobs, *playbook[1:], playbook=playbook[0])
    assert played.status == 0, played.output
    states = played[ROLE + "Show the present state of each job"].result["msg"]
    assert states[0] == "xclarity 13: failed (error): no space <left> & right"
    assert states[1].startswith("long one (xclarity 14): running (running")
    assert states[2].startswith("xclarity 99: unknown: ")
    assert played[ROLE + "Publish the outcome"].outcome == "skipped"
    assert not gate.report.exists()


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_jobs_may_be_text_as_a_survey_gives_it(gate: Gate, write: t.Callable[[t.Any], str]) -> None:
    played = gate.play(write([gate.job("12")]), timeout="30", allow_failed="0", fail_fast="false", fail_on=["failed"])
    assert played.status == 0, played.output


@pytest.mark.parametrize(
    ("jobs", "options", "message"),
    [
        (
            [],
            {},
            "The list of jobs is empty, so there was nothing to wait for. Where that is no mistake, set allow_empty.",
        ),
        (
            "",
            {},
            "The list of jobs is empty, so there was nothing to wait for. Where that is no mistake, set allow_empty.",
        ),
        ("hello", {}, "There was no wait. endstate.jobs.wait_for_job: jobs: expected a list, got text."),
        (
            [{"config_job": {}}],
            {"allow_failed": "100%", "allow_empty": True},
            "There was no wait. endstate.jobs.wait_for_job: jobs[0].config_job.job_id: it is required.",
        ),
        (
            [{"config_job": {"job_id": "1"}}],
            {"interval": 0},
            "There was no wait. endstate.jobs.wait_for_job: interval: expected more than 0 seconds, got 0.",
        ),
    ],
)
def test_bad_input_fails_and_is_reported(gate: Gate, jobs: t.Any, options: dict[str, t.Any], message: str) -> None:
    played = gate.play(jobs, **options)
    assert played.status == 2
    assert played.last.result["msg"] == f"Gate failed. {message} The report is in {gate.report}/report.html."
    assert published(played)["job_gate_passed"] is False
    (suite,) = t.cast("t.Any", JUNIT.to_dict(gate.report / "junit.xml"))["testsuite"]
    assert (suite["@tests"], suite["@errors"]) == (1, 1)


def test_text_that_is_no_yaml_fails(gate: Gate) -> None:
    played = gate.play("- a: [b")
    assert played.status == 2
    message = published(played)["job_gate_message"]
    assert message.startswith("There was no wait. ")
    assert "value for 'jobs'" in message or "job_gate_jobs or another option cannot be read" in message


@pytest.mark.parametrize(
    ("jobs", "options", "message"),
    [
        (None, {}, "missing required arguments: job_gate_jobs"),
        ([], {"timeout": "soon"}, "argument 'job_gate_timeout' is of type"),
        ([], {"on_timeout": "pass"}, "value of job_gate_on_timeout must be one of: fail, warn, got: pass"),
        ([], {"allow_failed": "lots"}, "allow_failed: expected a number of jobs such as 2 or a percentage such as 10%, got 'lots'."),
        ([], {"allow_failed": "100.5%"}, "allow_failed: expected"),
    ],
)  # fmt: skip
def test_options_are_validated_before_the_wait(
    gate: Gate, jobs: t.Any, options: dict[str, t.Any], message: str
) -> None:
    played = gate.play(jobs, **options)
    assert played.status == 2
    assert message in played.last.result["msg"]
    assert "Wait for the jobs" not in played.output


def test_an_empty_list_may_be_allowed(gate: Gate) -> None:
    assert gate.play([], allow_empty=True).status == 0


@pytest.mark.parametrize(("task_id", "status"), [("12", 0), ("13", 2)])
def test_without_a_report_the_decision_stands(gate: Gate, task_id: str, status: int) -> None:
    gate.report.write_text("a file where the folder was to be")
    played = gate.play([gate.job(task_id)])
    assert played.status == status
    missing = f"The report is missing. path: {gate.report} cannot be written (File exists)."
    assert played.last.result["msg"].endswith(missing)
    assert published(played)["job_gate_passed"] == (status == 0)


def test_the_outcome_of_the_gate_before_means_nothing(gate: Gate) -> None:
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


def test_a_thousand_jobs(gate: Gate) -> None:
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
    assert played.last.result["msg"].startswith("Gate passed. 10 of 1000 jobs did not end well (allowed: 10) after")
    assert len(published(played)["job_gate_succeeded"]) == 990
    JUNIT.validate(gate.report / "junit.xml")


def test_each_option_of_the_wait_is_one_of_the_gate() -> None:
    spec = yaml.safe_load((CHECKOUT / "roles/job_gate/meta/argument_specs.yml").read_text())["argument_specs"]["main"]
    (wait,) = [
        task["endstate.jobs.wait_for_job"]
        for block in yaml.safe_load((CHECKOUT / "roles/job_gate/tasks/main.yml").read_text())
        for task in block.get("block", [])
        if "endstate.jobs.wait_for_job" in task
    ]
    for name, option in OPTIONS.items():
        documented = spec["options"][f"job_gate_{name}"]
        assert {part: documented.get(part) for part in ("type", "elements", "choices")} == {
            part: option.get(part) for part in ("type", "elements", "choices")
        }
        assert wait[name] == f"{{{{ job_gate_{name} | default(omit) }}}}"
    assert wait.keys() == {"jobs", *OPTIONS}
    defaults = yaml.safe_load((CHECKOUT / "roles/job_gate/defaults/main.yml").read_text())
    assert defaults == {name: option["default"] for name, option in spec["options"].items() if "default" in option}


@pytest.mark.parametrize(
    "broken",
    [
        "<testsuites/>",
        '<testsuites tests="1" failures="0" errors="0" time="0.000"><testsuite name="x"/></testsuites>',
        '<testsuites tests="x" failures="0" errors="0" time="0.000"/>',
    ],
)
def test_the_schema_refuses_what_is_wrong(broken: str, tmp_path: Path) -> None:
    (tmp_path / "broken.xml").write_text(broken)
    assert not JUNIT.is_valid(tmp_path / "broken.xml")
