# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for many jobs."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, PENDING
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, FAULT, GOING, POLLS, World, job

BAD = job(FAILED, "FIN/FAIL")


def test_a_thousand_jobs_keep_to_the_number_of_requests_at_once() -> None:
    world = World(size=16, takes=0.1)
    watches = [world.watch((0, GOING), (60 + number, DONE), label=f"job {number}") for number in range(1000)]
    world.run(*watches)
    assert all(watch.job == DONE for watch in watches)
    assert world.workers.most == 16


def test_each_job_keeps_its_own_intervals() -> None:
    world = World()
    quick = world.watch((0, job(PENDING)), (9, GOING), (14, DONE), label="quick")
    slow = world.watch((0, GOING), (14, DONE), label="slow")
    world.run(quick, slow)
    quick = [time for time, label in world.workers.starts if label == "quick"]
    assert quick == pytest.approx([*POLLS[:4], POLLS[3] + 2, POLLS[3] + 5], abs=0.01)
    slow = [time for time, label in world.workers.starts if label == "slow"]
    assert slow == pytest.approx(POLLS[:5], abs=0.01)


def test_all_jobs_are_polled_at_the_deadline_as_far_as_the_overrun_allows() -> None:
    world = World(size=10, takes=1)
    watches = [world.watch((0, GOING), (60, DONE), label=f"job {number}") for number in range(200)]
    world.run(*watches, timeout=60, overrun=10)
    assert world.time.passed == pytest.approx(70, abs=0.1)
    assert 100 <= sum(watch.job == DONE for watch in watches) <= 110
    assert all(watch.timed_out != (watch.job == DONE) for watch in watches)


def test_one_bad_end_does_not_stop_the_others() -> None:
    world = World()
    bad, good = world.watch((0, BAD), label="bad"), world.watch((0, GOING), (50, DONE), label="good")
    wait = world.run(bad, good)
    assert good.job == DONE
    assert [wait.settings.is_bad(watch) for watch in (bad, good)] == [True, False]


class TestFailFast:
    """Stop at the first bad end."""

    def test_fail_fast_leaves_the_other_jobs_as_they_are(self) -> None:
        world = World()
        bad, slow = world.watch((0, GOING), (5, BAD), label="bad"), world.watch((0, GOING), label="slow")
        wait = world.run(bad, slow, fail_fast=True)
        assert wait.elapsed == 5
        assert (slow.closed, slow.timed_out, slow.job) == (False, False, GOING)

    def test_fail_fast_reports_bad_ends_that_come_together(self) -> None:
        world = World()
        bad = [world.watch((0, BAD), label=f"bad {number}") for number in range(5)]
        good = [world.watch((0, DONE), label=f"good {number}") for number in range(5)]
        slow = world.watch((0, GOING), label="slow")
        wait = world.run(*bad, *good, slow, fail_fast=True)
        assert (wait.elapsed, wait.polls) == (0, 11)

    def test_fail_fast_ends_a_wait_whose_api_is_lost(self) -> None:
        world = World()
        api = ApiHealth("https://dead")
        dead = [world.watch((0, FAULT), label=f"dead {number}", api=api) for number in range(5)]
        slow = world.watch((0, GOING), label="slow")
        wait = world.run(*dead, slow, fail_fast=True, unreachable_timeout=100)
        assert wait.elapsed == 100
        assert all(wait.settings.is_bad(watch) for watch in dead)

    def test_fail_fast_goes_on_after_an_end_that_fail_on_leaves_out(self) -> None:
        world = World()
        bad, slow = world.watch((0, BAD), label="bad"), world.watch((0, GOING), (50, DONE), label="slow")
        world.run(bad, slow, fail_fast=True, fail_on=frozenset())
        assert slow.job == DONE
