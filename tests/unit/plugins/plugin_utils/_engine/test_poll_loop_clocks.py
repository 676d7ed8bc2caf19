# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall clock that jumps while a wait runs, and a wait of two hours for ten thousand jobs."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._job import PENDING, RUNNING
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Clock
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import Listed, SharedListing
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, EPOCH, FAULT, GOING, START, World, job

DAY = 86400.0
JUMPS = pytest.mark.parametrize("jump", [DAY, -DAY, 3600.0, -EPOCH])


def world_that_jumps(jump: float, at: float) -> World:
    """A world whose wall clock is set to another time after so many seconds."""
    world = World()
    clock = Clock(
        monotonic=lambda: START + world.time.passed,
        wall=lambda: EPOCH + world.time.passed + (jump if world.time.passed >= at else 0.0),
    )
    world.time.clock = lambda: clock  # type: ignore[method-assign]
    return world


@JUMPS
def test_a_wall_clock_that_jumps_changes_no_poll(jump: float) -> None:
    world, steady = world_that_jumps(jump, 10), World()
    script = [(0, job(PENDING)), (5, GOING), (20, FAULT), (40, GOING), (60, DONE)]
    one = world.watch(*script)
    wait = world.run(one)
    steady.run(steady.watch(*script))
    assert world.polled_at == steady.polled_at
    assert (one.job, wait.elapsed) == (DONE, world.time.passed)


@JUMPS
def test_the_deadline_is_not_of_the_wall_clock(jump: float) -> None:
    world = world_that_jumps(jump, 10)
    one = world.watch((0, GOING))
    assert world.run(one, timeout=60).elapsed == 60
    assert one.timed_out


@JUMPS
def test_a_change_has_the_time_that_the_wall_clock_showed_then(jump: float) -> None:
    world = world_that_jumps(jump, 10)
    one = world.watch((0, GOING), (15, DONE))
    world.run(one)
    assert [entry["at"] for entry in one.history] == [from_epoch(EPOCH), from_epoch(EPOCH + world.time.passed + jump)]


@JUMPS
def test_an_estimate_that_a_jump_has_made_wrong_costs_few_polls_and_no_end(jump: float) -> None:
    """It is a time of the wall clock; what it says is never believed beyond the longest interval."""
    world = world_that_jumps(jump, 10)
    going = job(RUNNING, "ACT", eta_at=from_epoch(EPOCH + 100))
    one = world.watch((0, going), (100, DONE))
    wait = world.run(one)
    assert one.job == DONE
    assert wait.elapsed <= 130
    assert wait.polls <= 50


def test_two_hours_with_ten_thousand_jobs() -> None:
    """All end one after the other; none is lost, and each is read alone once."""
    world, api, count, hours = World(takes=0.01), ApiHealth("https://api"), 10_000, 7200.0
    ends: dict[TrackedJob, float] = {}

    def read(tracked_jobs):
        return Listed({one: DONE if ends[one] <= world.time.passed else GOING for one in tracked_jobs}, None)

    listing = SharedListing(read)
    for number in range(count):
        end = hours * (number + 1) / count
        ends[world.watch((0, GOING), (end, DONE), label=f"job {number}", api=api)] = end
    listing.jobs = dict.fromkeys(ends)
    policy = IntervalPolicy(interval=60.0, max_interval=300.0)
    wait = world.run(*ends, listings=dict.fromkeys(ends, listing), policy=policy, timeout=2 * hours)
    assert all(one.job == DONE and len(one.history) == 2 for one in ends)
    assert wait.elapsed <= hours + 300
    assert count < wait.polls <= 1.03 * count
