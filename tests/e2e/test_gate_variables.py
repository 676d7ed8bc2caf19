# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the gate reads its variables, and that it runs with any tags. On each ansible-core: they type variables differently."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.plugin_utils._gate_variables import VARIABLES
from tests.e2e.gating import QUICK, ROLE, Gate, published

OPTIONS = [f"job_gate_{name}" for name in VARIABLES if name != "jobs"]


@pytest.mark.parametrize("blank", [None, "", " \t "], ids=["null", "empty", "blanks"])
def test_a_blank_variable_is_not_set(gate: Gate, blank: str | None) -> None:
    played = gate.run({**dict.fromkeys(OPTIONS, blank), "job_gate_jobs": [gate.job("12")]})
    assert played.status == 0, played.output
    assert played.last.result["msg"] == "Gate passed. firmware_repo 12 succeeded (complete) after 0 s."
    assert published(played)["job_gate_passed"] is True


def test_a_blank_variable_of_a_command_line_is_not_set(gate: Gate) -> None:
    jobs = json.dumps({"job_gate_jobs": [gate.job("13")]})
    given = " ".join(f"{name}=" for name in OPTIONS[::2]) + " " + " ".join(f"{name}='  '" for name in OPTIONS[1::2])
    played = gate.run({}, "--extra-vars", jobs, "--extra-vars", given)
    assert played.status == 2
    assert played.last.result["msg"].startswith("Gate failed. firmware_repo 13 failed (error) after 0 s: ")


@pytest.mark.parametrize("jobs", [{}, {"job_gate_jobs": None}, {"job_gate_jobs": "  "}, {"job_gate_jobs": []}])
def test_a_gate_without_jobs_fails_unless_allow_empty_is_set(gate: Gate, jobs: dict[str, t.Any]) -> None:
    played = gate.run(jobs)
    assert played.last.result["msg"] == (
        "Gate failed. job_gate_jobs is empty. If that is intended, set job_gate_allow_empty: true."
    )
    assert gate.run({**jobs, "job_gate_allow_empty": "yes"}).status == 0


def test_numbers_booleans_and_lists_may_be_text(gate: Gate) -> None:
    jobs = json.dumps([gate.job("13"), gate.job("14")])
    given = "job_gate_timeout=30 job_gate_interval=0.3 job_gate_max_interval=0.5 job_gate_fail_fast=true"
    given += " job_gate_concurrency=2 job_gate_fail_on='failed, cancelled' job_gate_allow_failed=1"
    played = gate.run({"job_gate_jobs": jobs}, "--extra-vars", given)
    assert played.status == 2
    assert [job["id"] for job in published(played)["job_gate_failed"]] == ["13", "14"]  # for it was not waited for
    options = played[ROLE + "Check the options of the gate"].result["options"]
    assert options["fail_on"] == ["failed", "cancelled"]


@pytest.mark.parametrize("text", ['["cancelled"]', "[cancelled]", "cancelled", "- cancelled"])
def test_a_list_may_be_yaml_json_or_separated_by_commas(gate: Gate, text: str) -> None:
    played = gate.play([gate.job("13")], fail_on=text)
    assert played.status == 0, played.output
    assert (
        "firmware_repo 13 did not succeed, which job_gate_fail_on accepts: failed (error)" in played.last.result["msg"]
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("alow_failed", "job_gate_alow_failed: there is no such variable; did you mean job_gate_allow_failed?"),
        ("time_out", "job_gate_time_out: there is no such variable; did you mean job_gate_timeout?"),
        ("xyz", "job_gate_xyz: there is no such variable; expected job_gate_jobs, job_gate_title, "),
    ],
)
def test_a_misspelt_variable_is_refused(gate: Gate, name: str, message: str) -> None:
    played = gate.play([gate.job("14")], **{name: "{{ never_templated }}"})
    assert played.status == 2
    assert played.last.result["msg"].startswith(f"Gate failed. {message}")
    assert "Wait for the jobs" not in played.output


def test_variables_published_by_a_gate_are_not_taken_for_misspelt(gate: Gate) -> None:
    before = published(gate.play([gate.job("13")]))
    assert gate.run({**before, **QUICK, "job_gate_jobs": [gate.job("12")]}).status == 0


def test_several_gates_of_a_play_publish_under_a_prefix_of_their_own(gate: Gate) -> None:
    roles = [
        {"role": "endstate.jobs.job_gate", "job_gate_jobs": [gate.job("12")], "job_gate_stats_prefix": "first"},
        {"role": "endstate.jobs.job_gate", "job_gate_jobs": [gate.job("13")], "job_gate_allow_failed": 1},
    ]
    play = {"hosts": "localhost", "gather_facts": False, "roles": roles}
    played = gate.player.playbook([play], "--extra-vars", json.dumps(QUICK))
    assert played.status == 0, played.output
    first, second = [
        task.result["ansible_stats"]["data"] for task in played.tasks if task.name == ROLE + "Publish the outcome"
    ]
    assert first.keys() == {f"first_{name}" for name in ("passed", "message", "succeeded", "failed", "accepted")}
    assert ([job["id"] for job in first["first_succeeded"]], first["first_failed"]) == (["12"], [])
    assert ([job["id"] for job in second["job_gate_failed"]], second["job_gate_succeeded"]) == (["13"], [])


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        ("no name", "job_gate_stats_prefix: expected the beginning of a variable's name, got 'no name'."),
        ("{{ x", "job_gate_stats_prefix: expected the beginning of a variable's name, got '❴❴ x'."),
        ("job_gate_x", "job_gate_stats_prefix: expected another beginning than job_gate_, got 'job_gate_x'."),
    ],
)
def test_a_prefix_that_makes_invalid_variable_names_is_refused(gate: Gate, prefix: str, message: str) -> None:
    # As a survey gives it, which AWX marks as unsafe: text, and no template.
    file = gate.player.folder / "answers.yml"
    file.write_text(f"job_gate_stats_prefix: !unsafe {json.dumps(prefix)}\n", encoding="utf-8")
    played = gate.play([gate.job("12")], "--extra-vars", f"@{file}")
    assert played.status == 2
    assert played.last.result["msg"] == f"Gate failed. {message}"


@pytest.mark.parametrize("arguments", [("--tags", "other"), ("--skip-tags", "other")])
def test_a_gate_runs_with_any_selection_of_tags(gate: Gate, arguments: tuple[str, str]) -> None:
    played = gate.play([gate.job("13")], *arguments)
    assert played.status == 2
    assert published(played)["job_gate_passed"] is False


def test_an_omitted_variable_is_not_set(gate: Gate) -> None:
    omitted = dict.fromkeys(("job_gate_timeout", "job_gate_title"), "{{ nowhere | default(omit) }}")
    role = {"role": "endstate.jobs.job_gate", "job_gate_jobs": [gate.job("12")], **omitted}
    played = gate.player.playbook([{"hosts": "localhost", "gather_facts": False, "roles": [role]}])
    assert played.status == 0, played.output
    assert played.last.result["msg"] == "Gate passed. firmware_repo 12 succeeded (complete) after 0 s."
