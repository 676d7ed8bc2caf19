# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate as AWX runs it: by ansible-runner, in a project, with the environment that credentials make."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path

import ansible_runner
import pytest

from simulator.client import Simulator
from tests.e2e.playing import CHECKOUT, Player
from tests.e2e.test_awx import AWX, TEMPLATES, injected

INPUTS = ("api_url", "username", "password")


class Awx:
    """Runs a playbook of the project with extra variables, a credential and a survey's answers."""

    def __init__(self, folder: Path, player: Player, simulator: Simulator) -> None:
        self.folder = folder
        connection = simulator.connection("xclarity")
        self.ca = connection["ca_path"]
        known = ("PATH", "ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_HOME")
        # Output is buffered, as in AWX: ansible-runner gives the play a terminal.
        environment = {name: player.environment()[name] for name in known} | {"PYTHONUNBUFFERED": ""}
        credential = injected("XClarity Administrator", {name: connection[name] for name in INPUTS})
        self.environment = {**environment, **credential}
        shutil.copytree(AWX / "project", folder / "project")
        (folder / "inventory").mkdir()
        (folder / "inventory/hosts").write_text(
            'localhost ansible_connection=local ansible_python_interpreter="{{ ansible_playbook_python }}"\n'
        )

    def job(self, task_id: str) -> str:
        """What a user writes into the survey."""
        return f"- firmware_repo: {{task_id: {task_id}, ca_path: {self.ca}}}\n"

    def run(self, playbook: str, variables: t.Mapping[str, t.Any], **how: t.Any) -> t.Any:
        """Run to the end."""
        return ansible_runner.run(
            private_data_dir=str(self.folder),
            playbook=playbook,
            envvars=self.environment,
            extravars=dict(variables),
            quiet=True,
            **how,
        )


@pytest.fixture
def awx(tmp_path: Path, player: Player, simulator: Simulator) -> Awx:
    return Awx(tmp_path / "private", player, simulator)


def artifacts(runner: t.Any) -> dict[str, t.Any]:
    """What AWX hands to the next node: the artifact data of the run's last event."""
    (stats,) = [event for event in runner.events if event["event"] == "playbook_on_stats"]
    return t.cast("dict[str, t.Any]", stats["event_data"]["artifact_data"])


def output(runner: t.Any) -> str:
    """All that was shown."""
    with runner.stdout as file:
        text: str = file.read()
    return text


def script(simulator: Simulator, *stages: dict[str, t.Any]) -> None:
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": list(stages)}])


def test_a_good_end_passes_and_publishes_the_jobs_in_awx(awx: Awx, simulator: Simulator) -> None:
    script(simulator, {"state": "complete"})
    runner = awx.run("gate.yml", {"job_gate_jobs": awx.job("12"), "job_gate_timeout": 30, "job_gate_allow_failed": "0"})
    assert (runner.status, runner.rc) == ("successful", 0), output(runner)
    told = artifacts(runner)
    assert (told["job_gate_passed"], told["job_gate_failed"]) == (True, [])
    assert told["job_gate_succeeded"] == [{"name": None, "system": "xclarity", "id": "12"}]


def test_a_bad_end_tells_the_failure_node_why(awx: Awx, simulator: Simulator) -> None:
    script(simulator, {"state": "error", "message": "no space left"})
    runner = awx.run("gate.yml", {"job_gate_jobs": awx.job("12")})
    assert (runner.status, runner.rc) == ("failed", 2)
    told = artifacts(runner)
    assert told["job_gate_passed"] is False
    assert told["job_gate_message"].startswith("firmware_repo 12 failed (error) after")
    assert told["job_gate_failed"][0]["message"] == "no space left"


def survey(name: str, answer: t.Any) -> dict[str, t.Any]:
    """The extra variables of a survey each of whose questions has this answer."""
    (template,) = [template for template in TEMPLATES if template["name"] == name]
    return {question["variable"]: answer for question in template["survey_spec"]["spec"]}


@pytest.mark.parametrize("blank", ["", None, " "], ids=["empty", "null", "blank"])
def test_a_survey_without_answers_waits_for_the_jobs_of_the_node_before(
    awx: Awx, simulator: Simulator, blank: str | None
) -> None:
    script(simulator, {"state": "complete"})
    published = {"job_gate_jobs": [{"firmware_repo": {"task_id": "12", "ca_path": awx.ca}}]}
    runner = awx.run("gate.yml", {**survey("Gate", blank), **published})
    assert (runner.status, artifacts(runner)["job_gate_passed"]) == ("successful", True), output(runner)


def test_a_survey_without_answers_fails_if_the_node_before_published_no_jobs(awx: Awx) -> None:
    runner = awx.run("gate.yml", survey("Gate", ""))
    assert runner.status == "failed"
    assert artifacts(runner)["job_gate_message"] == (
        "job_gate_jobs is empty. If that is intended, set job_gate_allow_empty: true."
    )


def test_the_survey_for_reading_may_be_left_blank(awx: Awx) -> None:
    assert awx.run("read.yml", survey("Read jobs", "")).status == "successful"


def test_a_credential_without_its_password_fails(awx: Awx, simulator: Simulator) -> None:
    script(simulator, {"state": "complete"})
    awx.environment["XCLARITY_PASSWORD"] = ""
    runner = awx.run("gate.yml", {"job_gate_jobs": awx.job("12")})
    assert runner.status == "failed"
    assert "password" in artifacts(runner)["job_gate_message"]


def test_the_template_for_reading_shows_jobs_and_publishes_nothing(awx: Awx, simulator: Simulator) -> None:
    script(simulator, {"state": "running"})
    runner = awx.run("read.yml", {"job_gate_jobs": awx.job("12")})
    assert runner.status == "successful"
    assert "firmware_repo 12: running" in output(runner)
    assert artifacts(runner) == {}


def test_progress_comes_as_events_while_the_job_runs_and_a_cancel_ends_the_wait(awx: Awx, simulator: Simulator) -> None:
    script(simulator, {"state": "running", "progress": 50})  # without an end: only the cancel ends it
    seen: list[str] = []

    def watch(event: dict[str, t.Any]) -> bool:
        if event["event"] == "verbose" and "running" in event["stdout"]:
            seen.append(event["stdout"])
        return True

    runner = awx.run(
        "gate.yml", {"job_gate_jobs": awx.job("12")}, event_handler=watch, cancel_callback=lambda: bool(seen)
    )
    assert runner.status == "canceled"
    assert seen[0].startswith("[localhost] firmware_repo 12: running (50 %)")
    assert not any(event["event"] == "playbook_on_stats" for event in runner.events)


def test_no_secret_is_in_any_event(awx: Awx, simulator: Simulator) -> None:
    secret = awx.environment["XCLARITY_PASSWORD"]
    script(simulator, {"state": "error", "message": f"bad {secret}"})
    runner = awx.run("gate.yml", {"job_gate_jobs": awx.job("12")}, verbosity=3)
    assert runner.status == "failed"
    assert all(secret not in str(event) for event in runner.events)
    assert secret not in output(runner)


def test_the_requirements_of_the_awx_project_name_the_collection() -> None:
    assert "name: endstate.jobs" in (AWX / "project/collections/requirements.yml").read_text()
    assert (CHECKOUT / "playbooks/gate.yml").is_file()
