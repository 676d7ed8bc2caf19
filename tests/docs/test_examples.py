# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each example of these guides does what it says, exactly as it is written."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.docs.pages import blocks
from tests.e2e.documented_world import (
    EXPORT,
    GOOD,
    IMAGE,
    JOB,
    PUSH,
    UPDATE,
    World,
    documented_world,
    pushes_that_a_firewall_refuses_late,
)
from tests.e2e.examples import Example

SEEN: dict[str, list[t.Any]] = {
    "getting_started: Wait for a push": [{JOB: "succeeded"}],
    "getting_started: Read and wait with the same credentials": [{EXPORT: "succeeded"}, {EXPORT: "succeeded"}],
    "getting_started: Read a configuration job": [
        {JOB: "succeeded"},
        "CommitAll by sa@1234567890.iam.panserviceaccount.com is succeeded (FIN/OK)",
    ],
    "waiting: Wait for the new game image and the new firmware": [{IMAGE: "succeeded", EXPORT: "succeeded"}],
    "waiting: Export the firmware of two machine types": ["All items completed", {"1": "succeeded", "2": "succeeded"}],
    "waiting: Wait for the one push that all of them need": [{PUSH: "succeeded"}],
    "waiting: Wait for an export that only the management network can see": [{EXPORT: "succeeded"}],
    "waiting: Read the update until it has ended": [{UPDATE: "succeeded"}],
    "waiting: Read the push until it and its children have ended": [{JOB: "succeeded"}],
    "waiting: Wait at most a minute, and go on if that was too short": [{EXPORT: "succeeded"}, "go on"],
    "polling: Wait for a long export, with at most one request in two minutes": [{EXPORT: "succeeded"}],
    "scale: Wait for the whole rollout": [{JOB: "succeeded", EXPORT: "succeeded"}, "The wait took 2 polls."],
    "migrating: Get a token": [None, "FIN"],
    "migrating: Wait for the push": [{JOB: "succeeded"}],
    "migrating: Wait for the push and for the firewalls": [{JOB: "succeeded"}],
    "migrating: Read the push as the vendor sends it": [{JOB: "succeeded"}, "CommitAll"],
}
"""For each task of an example the jobs in its result with their states, or the message that it shows."""
EXAMPLES = {
    str(example): example
    for name in ("getting_started", "waiting", "migrating", "polling", "scale")
    for example in (Example(name, block.text) for block in blocks(name) if block.language == "yaml+jinja")
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[World]:
    """Started once. Its CA is good for ansible-core's own modules, too."""
    folder = tmp_path_factory.mktemp("vendors")
    with documented_world(folder) as world, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "vendors.pem"))
        world.simulator.add(jobs=GOOD)
        yield world


LOOPS_OVER_PUSHES = [name for name, example in EXAMPLES.items() if example.is_loop_over_pushes]


def shown(result: dict[str, t.Any]) -> t.Any:
    """The part of a task's result that the table has."""
    if "jobs" in result:
        return {job["id"]: job["state"] for job in result["jobs"]}
    if "json" in result:
        return result["json"]["data"][0]["status_str"]
    return result.get("msg") if "censored" not in result else None


def test_each_example_of_the_guides_is_in_the_table() -> None:
    assert sorted(EXAMPLES) == sorted(SEEN)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_the_guides_runs(world: World, tmp_path: Path, name: str) -> None:
    played = world.play(EXAMPLES[name], tmp_path)
    assert played.status == 0, played.output
    assert [shown(task.result) for task in played.tasks] == SEEN[name]


@pytest.mark.parametrize("name", LOOPS_OVER_PUSHES)
def test_each_loop_sees_a_firewall_that_refuses_late(world: World, tmp_path: Path, name: str) -> None:
    world.simulator.reset()
    world.simulator.add(jobs=pushes_that_a_firewall_refuses_late())
    played = world.play(EXAMPLES[name], tmp_path)
    world.simulator.reset()
    world.simulator.add(jobs=GOOD)
    assert played.status == 2, played.output
    assert (played.last.result["job"]["native_state"], played.last.result["job"]["state"]) == ("FIN/OK", "failed")
