# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An end that its children may still belie is believed when it has stood for a while."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Forbidden
from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, RUNNING, SUCCEEDED, Job
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, GOING, World, job

ENDED = dataclasses.replace(
    DONE, settles=True, meanwhile="looking", progress=100.0, duration=30.0, finished_at="2020-09-13T12:27:00Z"
)
CHILD_RUNS = job(RUNNING, "FIN/OK", settles=True, children=(job(RUNNING),))
CHILD_DONE = job(SUCCEEDED, "FIN/OK", settles=True, children=(job(SUCCEEDED),))
CHILD_FAILED = job(
    FAILED, "FIN/OK", settles=True, children=(job(FAILED),), message="config_job 8 (CommitAll to FW-1): failed"
)


def test_a_parent_counts_as_running_until_its_end_has_settled() -> None:
    world = World()
    one = world.watch((0, GOING), (4, ENDED), settle=30)
    wait = world.run(one)
    assert wait.elapsed == pytest.approx(5 + 30), "counted from the poll that first saw the end"
    assert one.job == ENDED
    assert [(entry["state"], entry["native_state"]) for entry in one.history] == [
        ("running", "ACT/PEND"),
        ("running", "FIN/OK"),
        ("succeeded", "FIN/OK"),
    ]


def test_an_end_that_has_not_settled_has_no_time_and_says_what_is_waited_for() -> None:
    world = World()
    one = world.watch((0, ENDED), settle=30)
    world.run(one, timeout=10)
    assert one.timed_out
    assert (one.job.state, one.job.finished_at, one.job.duration, one.job.progress) == (RUNNING, None, None, None)
    assert one.job.phrase() == "running (FIN/OK): looking"


def partly(known: Job) -> Forbidden:
    """An error of a further request."""
    error = Forbidden("The API answered HTTP 403.", status=403)
    error.known = known
    return error


def test_what_was_read_before_an_error_is_kept() -> None:
    world = World()
    one = world.watch((0, GOING), (4, partly(job(RUNNING, "FIN/OK", message="committed"))))
    wait = world.run(one)
    assert (one.job.native_state, one.job.message, wait.settings.is_bad(one)) == ("FIN/OK", "committed", True)
    assert one.job.error is not None
    assert [entry["native_state"] for entry in one.history] == ["ACT/PEND", "FIN/OK"]


def test_what_was_read_before_an_error_tells_less_than_a_whole_answer_did() -> None:
    world = World()
    one = world.watch((0, CHILD_RUNS), (4, partly(job(RUNNING, "FIN/OK"))))
    world.run(one)
    assert (one.job.children, len(one.history)) == (CHILD_RUNS.children, 1)


def test_children_may_come_late() -> None:
    world = World()
    one = world.watch((0, ENDED), (13, CHILD_RUNS), (120, CHILD_DONE), settle=30)
    wait = world.run(one)
    assert one.job == CHILD_DONE
    assert 120 <= wait.elapsed < 150


def test_a_child_that_runs_longer_than_the_settle_window_is_not_waited_for_twice() -> None:
    world = World()
    one = world.watch((0, CHILD_RUNS), (200, CHILD_DONE), settle=30)
    world.run(one)
    assert world.polled_at[-2] < 200 <= world.polled_at[-1], "the first poll that sees the child's end ends the wait"


def test_a_child_that_ends_within_the_window_leaves_time_for_others() -> None:
    world = World()
    one = world.watch((0, CHILD_RUNS), (5, CHILD_DONE), (20, CHILD_RUNS), (100, CHILD_FAILED), settle=30)
    wait = world.run(one)
    assert one.job == CHILD_FAILED
    assert wait.settings.is_bad(one)


def test_children_settle_0_looks_once() -> None:
    world = World()
    one = world.watch((0, GOING), (4, ENDED), settle=0)
    assert world.run(one).elapsed == 5
    assert one.job == ENDED


@pytest.mark.parametrize("end", [DONE, job(FAILED, "FIN/FAIL")])
def test_an_end_that_no_child_can_belie_is_believed_at_once(end) -> None:
    world = World()
    one = world.watch((0, GOING), (4, end), settle=30)
    assert world.run(one).elapsed == 5
