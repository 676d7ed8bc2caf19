# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who fetches: real threads, whose steps are events, so that nothing sleeps."""

from __future__ import annotations

import threading
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Unreachable
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Inline, Threads
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE

LONG = 10.0
"""Seconds after which a test has failed; none takes them."""


def watch(fetch: t.Callable[[], Job], label: str = "job 7") -> TrackedJob:
    return TrackedJob(Job("strata", "7"), label=label, api=ApiHealth(label), fetch=fetch)


def raising(error: Exception) -> t.Callable[[], Job]:
    def fetch() -> Job:
        raise error

    return fetch


def pausing(never: threading.Event, seconds: float) -> Job:
    never.wait(seconds)
    return DONE


def noting(fetched: list[str]) -> Job:
    fetched.append("late")
    return DONE


class Gate:
    """A fetch that tells when it began, and goes on when it is let."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self) -> Job:
        self.began.release()
        assert self.open.wait(LONG)
        return DONE


def test_threads_are_as_many_as_may_be_and_no_more() -> None:
    gate = Gate()
    watches = [watch(gate, f"job {number}") for number in range(9)]
    workers = Threads(3)
    counts, done = [], []
    for one in watches:
        if not workers.free:
            counts.append(threading.active_count())
            gate.open.set()
            done += workers.finished(LONG)
        workers.start(one)
    while len(done) < len(watches):
        done += workers.finished(LONG)
    workers.stop()
    assert len({outcome_watch.label for outcome_watch, _outcome in done}) == 9
    assert all(outcome == DONE for _watch, outcome in done)
    assert workers.free == 3
    assert max(counts) <= threading.active_count() + 3


def test_threads_run_at_the_same_time() -> None:
    together = threading.Barrier(4, timeout=LONG)

    def meet() -> Job:
        together.wait()
        return DONE

    workers = Threads(4)
    for number in range(4):
        workers.start(watch(meet, f"job {number}"))
    assert workers.free == 0
    done: list[t.Any] = []
    while len(done) < 4:
        done += workers.finished(LONG)
    assert [outcome for _watch, outcome in done] == [DONE] * 4


def test_a_quick_api_needs_one_thread() -> None:
    workers = Threads(16)
    before = set(threading.enumerate())
    for number in range(100):
        workers.start(watch(lambda: DONE, f"job {number}"))
        assert [outcome for _watch, outcome in workers.finished(LONG)] == [DONE]
    assert len(set(threading.enumerate()) - before) == 1
    workers.stop()


def test_a_fetch_waits_for_a_thread_no_longer_than_patience_however_often_others_end() -> None:
    hold = threading.Event()
    workers = Threads(16)
    before = set(threading.enumerate())
    for number in range(16):
        workers.start(watch(lambda: pausing(hold, 0.02), f"job {number}"))
    done: list[t.Any] = []
    while len(done) < 16:
        done += workers.finished(LONG)
    assert len(set(threading.enumerate()) - before) > 1
    workers.stop()


def test_workers_do_with_the_threads_that_the_system_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    start, started = threading.Thread.start, []

    def limited(thread: threading.Thread) -> None:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    hold = threading.Event()
    workers = Threads(4)
    for number in range(4):
        workers.start(watch(lambda: pausing(hold, 0.06), f"job {number}"))
    done: list[t.Any] = []
    while len(done) < 4:
        done += workers.finished(LONG)
    assert (workers.free, [outcome for _watch, outcome in done]) == (1, [DONE] * 4)
    workers.stop()


def test_stop_takes_back_what_no_thread_has_begun() -> None:
    gate = Gate()
    fetched: list[str] = []
    workers = Threads(16)
    before = set(threading.enumerate())
    workers.start(watch(gate, "begun"))
    assert gate.began.acquire(timeout=LONG)
    for number in range(5):
        workers.start(watch(lambda: noting(fetched), f"job {number}"))
    (thread,) = set(threading.enumerate()) - before
    workers.stop()
    gate.open.set()
    thread.join(LONG)
    assert fetched == []


@pytest.mark.parametrize("error", [Unreachable("refused"), KeyError("a bug of ours")])
@pytest.mark.parametrize("make", [Inline, lambda: Threads(2)], ids=["inline", "threads"])
def test_what_a_fetch_raises_is_its_outcome(make, error: Exception) -> None:
    workers = make()
    one = watch(raising(error))
    workers.start(one)
    assert workers.finished(LONG) == [(one, error)]


def test_threads_wait_no_longer_than_they_are_told() -> None:
    gate = Gate()
    workers = Threads(2)
    workers.start(watch(gate))
    assert gate.began.acquire(timeout=LONG)
    assert workers.finished(0) == []
    assert workers.finished(-1) == []
    gate.open.set()
    assert len(workers.finished(LONG)) == 1


def test_stop_lets_threads_end_and_does_not_wait_for_them() -> None:
    gate = Gate()
    workers = Threads(2)
    before = set(threading.enumerate())
    for number in range(2):
        workers.start(watch(gate, f"job {number}"))
    for _fetch in range(2):
        while not gate.began.acquire(timeout=0):
            assert workers.finished(LONG) == [], "and it comes back early, for a second thread is needed"
    ours = set(threading.enumerate()) - before
    workers.stop()
    assert [thread.daemon for thread in ours] == [True, True]
    gate.open.set()
    for thread in ours:
        thread.join(LONG)
        assert not thread.is_alive()


def test_a_fetch_that_hangs_does_not_hold_up_the_end() -> None:
    gate = Gate()
    hanging, good = watch(gate, "hanging"), watch(lambda: DONE, "good")
    wait = Wait([hanging, good], WaitSettings(timeout=0.02, overrun=0.2), Threads(2))
    wait.run()
    assert wait.elapsed < LONG / 2
    assert (hanging.timed_out, good.job) == (True, DONE)
    gate.open.set()


def test_inline_sleeps_where_there_is_nothing_to_fetch() -> None:
    slept: list[float] = []
    workers = Inline(slept.append)
    assert workers.free == 1
    assert workers.finished(7) == []
    assert slept == [7]
    workers.start(watch(lambda: DONE))
    assert workers.free == 0
    assert [outcome for _watch, outcome in workers.finished(7)] == [DONE]
    assert slept == [7]


def test_inline_lets_a_time_out_of_ansibles_pass() -> None:
    class TaskTimeout(BaseException):
        pass

    def fetch() -> Job:
        raise TaskTimeout

    workers = Inline()
    workers.start(watch(fetch))
    with pytest.raises(TaskTimeout):
        workers.finished(0)
