# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each example of the documentation does what it says, exactly as it is written, with the hosts that it names."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.e2e.documented_world import (
    BAD,
    CHILD,
    CLONE,
    EXPORT,
    GOOD,
    IMAGE,
    JOB,
    PUBLICATION,
    PUSH,
    RUNNING_EXPORT,
    UPDATE,
    World,
    documented_world,
    pushes_that_a_firewall_refuses_late,
)
from tests.e2e.examples import documented

EXAMPLES = {str(example): example for example in documented()}
LOOPS = [name for name, example in EXAMPLES.items() if example.is_loop]
LOOPS_OVER_PUSHES = [name for name, example in EXAMPLES.items() if example.is_loop_over_pushes]

ALL_FOUR = {JOB: "succeeded", UPDATE: "succeeded", IMAGE: "succeeded", EXPORT: "succeeded"}
EXPECTED: dict[str, list[t.Any]] = {
    "activegate_update_job_info: Read an update job": [{UPDATE: "succeeded"}],
    "activegate_update_job_info: Wait for the end of an update job with a loop": [{UPDATE: "succeeded"}],
    "activegate_update_job_info: List the last update of each type on all ActiveGates, of the last three days": [
        {UPDATE: "succeeded"}
    ],
    "config_job_info: Read a configuration job": [{JOB: "succeeded"}],
    "config_job_info: Wait for the end of a push and of its children with a loop": [{JOB: "succeeded"}],
    "config_job_info: List the ten newest jobs": [{CHILD: "succeeded", PUSH: "succeeded", JOB: "succeeded"}],
    "firmware_repo_status: Read an export task": [{EXPORT: "succeeded"}],
    "firmware_repo_status: Wait for the end of an export task with a loop": [{EXPORT: "succeeded"}],
    "firmware_repo_status: List the running tasks": [{RUNNING_EXPORT: "running"}],
    "imageupdate_status: Read an image update": [{IMAGE: "succeeded"}],
    "imageupdate_status: Wait for the end of an image update with a loop": [{IMAGE: "succeeded"}],
    "inert: Publish which push to wait for, by the id that the API has answered": [
        {"job_gate_jobs": [{"config_job": {"job_id": PUSH}}]}
    ],
    "job_finished: Wait for the end of a task with a loop": [{EXPORT: "succeeded"}],
    "job_succeeded: Say which of the jobs that were read ended well": [[JOB, EXPORT]],
    "job_gate_options: Check the variables that begin with job_gate_": [
        "All variables that begin with job_gate_ are good."
    ],
    "job_report: Wait for all jobs": [{JOB: "succeeded", EXPORT: "succeeded"}],
    "job_report: Write a report, and fail if the outcome is not good enough": [
        ["config_job 294: succeeded", "firmware_repo 12: succeeded"]
    ],
    "rest_job_info: Read a task of Proxmox VE": [{CLONE: "succeeded"}],
    "rest_job_info: Wait for the end of a task with a loop": [{PUBLICATION: "succeeded"}],
    "rest_job_info: Try a profile offline": [{"12": "succeeded"}],
    "untemplated: Say what a job in an extra variable came to, whatever its text holds": ["failed: no such zone"],
    "wait_for_job: Wait until the firewalls have the new rules": [{JOB: "succeeded"}],
    "wait_for_job: Wait for the push that the task before has started": [{PUSH: "succeeded"}],
    "wait_for_job: Wait for the pushes that a loop has started, and for an image update": [
        {JOB: "succeeded", CHILD: "succeeded", IMAGE: "succeeded"}
    ],
    "wait_for_job: Wait for jobs of several systems, whose credentials are in the environment": [ALL_FOUR],
    "wait_for_job: Wait at most a minute, and go on if that was too short": [{EXPORT: "succeeded"}],
    "README: Wait for a push": [{JOB: "succeeded"}],
}
"""For each task of an example the jobs in its result with their states, what it publishes, or the words that it has for people."""


@pytest.fixture(scope="module")
def running_world(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[World]:
    """Started once."""
    with documented_world(tmp_path_factory.mktemp("vendors")) as world:
        yield world


@pytest.fixture
def world(running_world: World) -> World:
    """Without jobs and faults."""
    running_world.reset()
    return running_world


def shown(result: dict[str, t.Any]) -> t.Any:
    """The part of a task's result that the table has."""
    if "jobs" in result:
        return {job["id"]: job["state"] for job in result["jobs"]}
    if "ansible_stats" in result:
        return result["ansible_stats"]["data"]
    return result.get("states", result.get("msg"))


def test_each_example_of_the_documents_is_in_the_table() -> None:
    assert sorted(EXAMPLES) == sorted(EXPECTED)
    assert len(EXAMPLES) == len(documented()), "two examples of a document have the same name"


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_the_documents_runs(world: World, tmp_path: Path, name: str) -> None:
    expected = EXPECTED[name]
    world.simulator.add(jobs=GOOD)
    played = world.play(EXAMPLES[name], tmp_path)
    assert played.status == 0, played.output
    assert [shown(task.result) for task in played.tasks] == expected


@pytest.mark.parametrize("name", LOOPS)
def test_each_loop_survives_a_failed_attempt_and_fails_for_a_failed_job(
    world: World, tmp_path: Path, name: str
) -> None:
    # A pause that no attempt waits out: the first one fails without a retry of its own.
    outage = {"kind": "status", "status": 503, "retry_after": "120", "times": 1}
    world.simulator.add(jobs=BAD, faults=[outage])
    world.fail_rest_jobs()
    played = world.play(EXAMPLES[name], tmp_path)
    assert played.status == 2, played.output
    attempt, end = played.tasks
    assert (attempt.outcome, attempt.result["error"]["kind"]) == ("retry", "unavailable")
    assert (end.outcome, set(shown(end.result).values())) == ("failed", {"failed"})


@pytest.mark.parametrize("name", LOOPS_OVER_PUSHES)
def test_each_loop_sees_a_firewall_that_refuses_late(world: World, tmp_path: Path, name: str) -> None:
    world.simulator.add(jobs=pushes_that_a_firewall_refuses_late())
    played = world.play(EXAMPLES[name], tmp_path)
    assert played.status == 2, played.output
    job = played.last.result["job"]
    assert (job["native_state"], job["state"]) == ("FIN/OK", "failed")
    assert [child["message"] for child in job["children"]] == ["Configuration push failed"]


def test_one_loop_of_the_documents_waits_for_a_push() -> None:
    assert len(LOOPS_OVER_PUSHES) == 1
