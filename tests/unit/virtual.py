# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world without waiting: a clock that a wait moves on itself, workers that take virtual time, APIs that follow a script."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Unavailable
from ansible_collections.endstate.jobs.plugins.module_utils._job import RUNNING, SUCCEEDED, Job
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll import Poll
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Clock, Observer, Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Outcome
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import ListingWorkers, SharedListing

START = 1000.0
"""What the monotonic clock shows when a wait begins."""
EPOCH = 1_600_000_000.0
"""What the wall clock shows then: 2020-09-13T12:26:40Z."""
POLLS = [0, 2, 5, 9.06, 14.23, 20.51, 27.95, 36.55, 46.31, 57.26, 69.39]
"""When (seconds) a job is polled that does not change, with the intervals of :class:`World`."""


def job(state: str = RUNNING, native_state: str | None = None, **known: t.Any) -> Job:
    """What an API says."""
    return Job("strata", "7", state=state, native_state=native_state, **known)


DONE = job(SUCCEEDED, "FIN/OK")
GOING = job(RUNNING, "ACT/PEND")
FAULT = Unavailable("The API answered HTTP 503.", status=503)


class Time:
    """Seconds since the wait began; both clocks follow it."""

    def __init__(self) -> None:
        self.passed = 0.0

    def clock(self) -> Clock:
        """The clocks for a wait."""
        return Clock(monotonic=lambda: START + self.passed, wall=lambda: EPOCH + self.passed)


class FakeWorkers:
    """Fetches that take virtual time.

    :param size: how many can be under way at once.
    :param takes: seconds that a fetch takes: all alike, or by the job's label.
    """

    def __init__(self, time: Time, size: int = 16, takes: float | t.Mapping[str, float] = 0.0) -> None:
        self.time = time
        self.size = size
        self.takes = takes
        self.most = 0
        """How many were under way at once."""
        self.starts: list[tuple[float, str]] = []
        """When which job was asked for."""
        self.stopped = False
        self.fetches = 0
        self._under_way: list[tuple[float, TrackedJob]] = []

    @property
    def free(self) -> int:
        return self.size - len(self._under_way)

    def start(self, watch: TrackedJob) -> None:
        assert self.free > 0
        assert not self.stopped
        assert not watch.closed
        assert all(watch is not other for _end, other in self._under_way), f"{watch.label} is asked for twice at once"
        self.fetches += 1
        self.starts.append((round(self.time.passed, 3), watch.label))
        takes = self.takes if isinstance(self.takes, (int, float)) else self.takes[watch.label]
        self._under_way.append((self.time.passed + takes, watch))
        self.most = max(self.most, len(self._under_way))

    def finished(self, timeout: float) -> list[tuple[TrackedJob, Outcome]]:
        assert 0 <= timeout < float("inf")
        first = min((end for end, _watch in self._under_way), default=float("inf"))
        self.time.passed = max(self.time.passed, min(first, self.time.passed + timeout))
        done = [watch for end, watch in self._under_way if end <= self.time.passed]
        self._under_way = [(end, watch) for end, watch in self._under_way if end > self.time.passed]
        return [(watch, _outcome(watch)) for watch in done]

    def stop(self) -> None:
        self.stopped = True


def _outcome(watch: TrackedJob) -> Outcome:
    try:
        return watch.fetch()
    except Exception as error:
        return error


class World:
    """A wait in virtual time.

    :param size: how many fetches can be under way at once.
    :param takes: seconds that a fetch takes: all alike, or by the job's label.
    """

    def __init__(self, size: int = 16, takes: float | t.Mapping[str, float] = 0.0) -> None:
        self.time = Time()
        self.workers = FakeWorkers(self.time, size, takes)

    def at(self, *script: tuple[float, Outcome]) -> t.Callable[[], Job]:
        """A fetch that gives what has held since the newest time of the script that has come."""

        def fetch() -> Job:
            outcome = [one for since, one in script if since <= self.time.passed][-1]
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return fetch

    def watch(
        self, *script: tuple[float, Outcome], label: str = "job 7", api: ApiHealth | None = None, **known: t.Any
    ) -> TrackedJob:
        """A job that answers by the script."""
        fetch = self.at(*script)
        return TrackedJob(Job("strata", "7"), label=label, api=api or ApiHealth("https://api"), fetch=fetch, **known)

    def wait(
        self,
        *watches: Poll,
        observer: Observer | None = None,
        chance: float = 0.0,
        listings: t.Mapping[TrackedJob, SharedListing[t.Any]] | None = None,
        **settings: t.Any,
    ) -> Wait:
        """A wait for the jobs, which is not yet running. Its policy is the tests' own, whatever the defaults are.

        :param listings: by job, what tells of it along with others.
        """
        settings = {"policy": IntervalPolicy(interval=2.0, max_interval=30.0, backoff=1.5), **settings}
        clock = self.time.clock()
        workers = ListingWorkers(self.workers, listings or {}, clock)
        wait = Wait(watches, WaitSettings(**settings), workers, clock=clock, observer=observer, chance=lambda: chance)
        workers.deadline = wait.deadline
        return wait

    def run(self, *watches: Poll, **how: t.Any) -> Wait:
        """Wait for the jobs."""
        wait = self.wait(*watches, **how)
        wait.run()
        return wait

    @property
    def polled_at(self) -> list[float]:
        """When, in seconds since the beginning, a job was asked for."""
        return [time for time, _label in self.workers.starts]


def answering(*outcomes: Outcome) -> t.Callable[[], Job]:
    """A fetch that gives one outcome after another, and the last for ever."""
    left = list(outcomes)

    def fetch() -> Job:
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return fetch
