# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for one job."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._job import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SKIPPED,
    SUCCEEDED,
    UNKNOWN,
)
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, EPOCH, GOING, POLLS, World, job


def test_a_good_end_ends_the_wait_without_an_error() -> None:
    world = World()
    one = world.watch((0, GOING), (60, DONE))
    wait = world.run(one)
    assert one.job == DONE
    assert one.closed
    assert not one.timed_out
    assert not wait.settings.is_bad(one)
    assert world.polled_at == pytest.approx(POLLS, abs=0.01)
    assert (wait.polls, wait.elapsed, wait.transient_errors) == (11, pytest.approx(69.39, abs=0.01), 0)
    assert world.workers.stopped


@pytest.mark.parametrize("state", [FAILED, CANCELLED, SKIPPED])
def test_a_bad_end_is_bad_unless_fail_on_leaves_it_out(state: str) -> None:
    world = World()
    one = world.watch((0, job(state)))
    assert world.run(one).settings.is_bad(one)
    others = frozenset({FAILED, CANCELLED, SKIPPED} - {state})
    again = World()
    one = again.watch((0, job(state)))
    assert not again.run(one, fail_on=others).settings.is_bad(one)
    assert one.job.state == state


def test_the_last_poll_is_at_the_deadline() -> None:
    world = World()
    one = world.watch((0, GOING))
    wait = world.run(one, timeout=12)
    assert world.polled_at == pytest.approx([*POLLS[:4], 12], abs=0.01)
    assert one.timed_out
    assert one.job == GOING
    assert wait.elapsed == 12
    assert not wait.settings.is_bad(one)


def test_an_end_at_the_deadline_is_seen() -> None:
    world = World()
    one = world.watch((0, GOING), (12, DONE))
    world.run(one, timeout=12)
    assert not one.timed_out
    assert one.job == DONE


@pytest.mark.parametrize(("answer", "timed_out"), [(GOING, True), (DONE, False)])
def test_timeout_0_is_one_poll(answer, timed_out: bool) -> None:
    world = World()
    one = world.watch((0, answer))
    wait = world.run(one, timeout=0)
    assert (wait.polls, wait.elapsed, one.timed_out) == (1, 0, timed_out)


def test_an_answer_may_come_after_the_deadline_within_the_overrun() -> None:
    world = World(takes=20)
    one = world.watch((0, GOING), (30, DONE))
    world.run(one, timeout=15, overrun=30)
    # The first poll took until 20, when the deadline had passed: no other one follows.
    assert (world.polled_at, world.time.passed, one.timed_out) == ([0], 20, True)


def test_a_fetch_that_hangs_does_not_hold_up_the_end() -> None:
    world = World(takes=10_000)
    one = world.watch((0, DONE))
    world.run(one, timeout=15, overrun=30)
    assert world.time.passed == pytest.approx(45, abs=0.01)
    assert one.timed_out


def test_a_wait_for_no_jobs_ends_at_once() -> None:
    world = World()
    wait = world.run()
    assert (wait.polls, wait.elapsed) == (0, 0)


def test_history_has_each_change_of_state_and_of_the_vendors_word() -> None:
    world = World()
    script = [
        (0, job(PENDING, "PEND")),
        (3, job(RUNNING, "ACT", progress=10.0)),
        (6, job(RUNNING, "ACT", progress=50.0)),
        (12, job(RUNNING, "PUSHSENT", progress=99.0)),
        (20, job(SUCCEEDED, "FIN/OK", progress=100.0)),
    ]
    one = world.watch(*script)
    world.run(one, policy=IntervalPolicy(interval=1, max_interval=1, backoff=1))
    assert one.history == [
        {"state": PENDING, "native_state": "PEND", "progress": None, "at": from_epoch(EPOCH)},
        {"state": RUNNING, "native_state": "ACT", "progress": 10.0, "at": from_epoch(EPOCH + 3)},
        {"state": RUNNING, "native_state": "PUSHSENT", "progress": 99.0, "at": from_epoch(EPOCH + 12)},
        {"state": SUCCEEDED, "native_state": "FIN/OK", "progress": 100.0, "at": from_epoch(EPOCH + 20)},
    ]


def test_an_unknown_word_is_warned_of_once_and_ends_nothing() -> None:
    world = World()
    odd = job(UNKNOWN, "WOBBLING", warnings=("The state 'WOBBLING' is not known.",))
    one = world.watch((0, odd), (30, DONE))
    wait = world.run(one)
    assert list(wait.warnings) == ["job 7: The state 'WOBBLING' is not known."]
    assert one.job == DONE


def test_a_change_brings_the_polls_back_to_the_interval() -> None:
    world = World()
    world.run(world.watch((0, job(PENDING)), (20, job(RUNNING)), (40, DONE)))
    assert world.polled_at[5:8] == pytest.approx([20.51, 22.51, 25.51], abs=0.01)


def test_max_interval_is_a_cap() -> None:
    world = World()
    world.run(world.watch((0, GOING), (300, DONE)), policy=IntervalPolicy(interval=2, max_interval=10, backoff=2))
    pauses = [after - before for before, after in zip(world.polled_at, world.polled_at[1:])]
    assert pauses[:4] == pytest.approx([2, 4, 6.32, 8.83], abs=0.01)
    assert max(pauses) == pytest.approx(10)


def test_an_estimate_draws_the_polls_nearer() -> None:
    """Without one the end at 100 s is seen 20 s late at the worst; with one within an interval."""
    world = World()
    one = world.watch((0, job(RUNNING, eta_at=from_epoch(EPOCH + 100))), (100, DONE))
    wait = world.run(one)
    assert wait.elapsed - 100 <= 2


def test_linear_progress_draws_the_polls_nearer() -> None:
    world = World()
    script = [(float(second), job(RUNNING, progress=second / 2)) for second in range(200)]
    one = world.watch(*script, (200, DONE), linear=True)
    wait = world.run(one)
    assert wait.elapsed - 200 <= 2


def test_progress_that_is_for_show_draws_no_poll_nearer() -> None:
    runs = []
    for script in (
        [(0, GOING)],
        [(float(second), job(RUNNING, "ACT/PEND", progress=second / 2)) for second in range(200)],
    ):
        world = World()
        world.run(world.watch(*script, (200, DONE)))
        runs.append(world.polled_at)
    assert runs[0] == runs[1]


def test_an_overdue_estimate_backs_off_again() -> None:
    world = World()
    one = world.watch((0, job(RUNNING, eta_at=from_epoch(EPOCH + 60))), (600, DONE))
    world.run(one)
    times = world.polled_at
    pauses = [round(after - before, 2) for before, after in zip(times, times[1:]) if before > 60]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 10
    assert len(world.polled_at) < 60


def test_jitter_shortens_only() -> None:
    worlds = {chance: World() for chance in (0.0, 1.0)}
    for chance, world in worlds.items():
        world.run(world.watch((0, GOING)), timeout=100, chance=chance)
    assert worlds[1.0].polled_at[1] == pytest.approx(1.8)
    assert all(early <= late for early, late in zip(worlds[1.0].polled_at, worlds[0.0].polled_at))


def test_a_bug_of_ours_is_raised() -> None:
    world = World()
    one = world.watch((0, GOING), (5, KeyError("bug")))
    wait = world.wait(one)
    with pytest.raises(KeyError, match="bug"):
        wait.run()
    assert one.job == GOING
    assert world.workers.stopped
