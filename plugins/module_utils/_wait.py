# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait: polls one or many jobs until each has ended, for good or ill, or time is up."""

from __future__ import annotations

import dataclasses
import heapq
import random
import time
import typing as t

from ._errors import ApiError, Missing
from ._job import CANCELLED, FAILED, SKIPPED, Job
from ._schedule import Policy, next_delay
from ._watch import Api, Watch
from ._workers import Outcome, Workers


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a wait is told. All times are in seconds."""

    policy: Policy = dataclasses.field(default_factory=Policy)
    timeout: float = 3600.0
    overrun: float = 30.0
    """How long the last answers may take after the deadline."""
    unreachable_timeout: float = 300.0
    missing_grace: float = 30.0
    fail_on: frozenset[str] = frozenset({FAILED, CANCELLED, SKIPPED})
    fail_fast: bool = False


@dataclasses.dataclass(frozen=True)
class Clock:
    """The times a wait lives by, passed in so that tests need not sleep."""

    monotonic: t.Callable[[], float] = time.monotonic
    wall: t.Callable[[], float] = time.time


class Observer:
    """Is told what happens, always in the thread of the wait. This one ignores it."""

    def polled(self, watch: Watch, now: float, changed: bool) -> None:
        """The job was asked for, well or in vain; ``changed``: it has another state than before."""

    def closed(self, watch: Watch, now: float) -> None:
        """The wait for this job is over."""

    def lost(self, api: Api, error: ApiError) -> None:
        """The API no longer answers."""

    def regained(self, api: Api) -> None:
        """The API answers again."""

    def tick(self, now: float) -> float:
        """Called every now and then; the seconds until it must be called again."""
        return float("inf")


class Wait:
    """One wait. After :meth:`run`, however it ended, each watch has the last that was known of its job.

    :param chance: a random number from 0 to 1.
    """

    def __init__(
        self,
        watches: t.Sequence[Watch],
        plan: Plan,
        workers: Workers,
        *,
        clock: Clock | None = None,
        observer: Observer | None = None,
        chance: t.Callable[[], float] = random.random,
    ) -> None:
        self.watches = watches
        self.plan = plan
        self.faults = 0
        """Transient faults met."""
        self.warnings: dict[str, None] = {}
        """Sentences that the user should hear, each once, in order."""
        self._workers = workers
        self._clock = clock or Clock()
        self.observer = observer or Observer()
        """Is told what happens."""
        self._chance = chance
        self._started = self._clock.monotonic()
        self._deadline = self._started + plan.timeout
        self.over_at = self._deadline + plan.overrun
        """When (seconds, monotonic) it ends, whatever is under way then."""
        self._queue: list[tuple[float, int, Watch]] = []
        self._turn = 0
        self._open = len(watches)

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self._clock.monotonic() - self._started

    @property
    def polls(self) -> int:
        """Status requests made, failed ones included."""
        return sum(watch.polls for watch in self.watches)

    def is_bad(self, watch: Watch) -> bool:
        """Whether the job fails the wait: by its end, or because it could not be read."""
        job = watch.job
        return watch.closed and not watch.timed_out and (not job.finished or job.state in self.plan.fail_on)

    def run(self) -> None:
        """Wait. An API's faults end in ``job.error``; what is raised is a bug of ours, or ends the whole task."""
        now = self._started
        for watch in self.watches:
            self._enqueue(watch, now)
        try:
            while self._open > 0:
                now = self._clock.monotonic()
                if now > self.over_at:
                    self._give_up(self.watches, now)
                    break
                self._start_due(now)
                for watch, outcome in self._workers.finished(self._pause(now)):
                    if not watch.closed:
                        self._take(watch, outcome, self._clock.monotonic())
        finally:
            self._workers.stop()

    def _start_due(self, now: float) -> None:
        while self._queue and self._queue[0][0] <= now and self._workers.free:
            watch = heapq.heappop(self._queue)[2]
            api = watch.api
            if watch.closed:
                continue
            if api.dark_since is not None:
                if api.probe not in (None, watch):
                    api.parked.append(watch)
                    continue
                api.probe = watch
            watch.polls += 1
            self._workers.start(watch)

    def _pause(self, now: float) -> float:
        """Seconds for which nothing but answers can happen."""
        until = [self.over_at - now + 0.001, self.observer.tick(now)]
        if self._queue and self._workers.free:
            until.append(self._queue[0][0] - now)
        return max(0.0, min(until))

    def _take(self, watch: Watch, outcome: Outcome, now: float) -> None:
        if isinstance(outcome, Job):
            self._answered(watch.api, now)
            self._learn(watch, outcome, now)
        elif isinstance(outcome, Missing):
            self._answered(watch.api, now)
            self._missing(watch, outcome, now)
        elif isinstance(outcome, ApiError) and watch.api.can_recover(outcome):
            self._unanswered(watch, outcome, now)
        elif isinstance(outcome, ApiError):
            watch.fail(outcome)
            self._close(watch, now)
            self._release(watch, now)
        else:
            raise outcome

    def _learn(self, watch: Watch, job: Job, now: float) -> None:
        changed = watch.learn(job, now, self._clock.wall())
        for warning in job.warnings:
            self.warnings[f"{watch.label}: {warning}"] = None
        self.observer.polled(watch, now, changed)
        if watch.job.finished:
            self._close(watch, now)
            return
        delay = self._delay(now - watch.changed_at, watch.left(now, self._clock.wall()))
        if watch.settling(job, now):
            delay = min(delay, watch.settled_at - now)
        self._again(watch, now, delay)

    def _missing(self, watch: Watch, error: Missing, now: float) -> None:
        """A job that was just created may not be visible yet; one that was seen and is gone will not come back."""
        if watch.missing_since is None:
            watch.missing_since = now
        grace = watch.missing_since + self.plan.missing_grace - now
        watch.fail(error)
        if watch.seen or grace <= 0:
            self._close(watch, now)
        else:
            self.observer.polled(watch, now, False)
            self._again(watch, now, min(grace, self._delay(now - watch.missing_since)))

    def _answered(self, api: Api, now: float) -> None:
        api.answered = True
        if api.dark_since is None:
            return
        api.dark_since, api.probe = None, None
        parked, api.parked = api.parked, []
        for watch in parked:
            self._enqueue(watch, now)
        self.observer.regained(api)

    def _unanswered(self, watch: Watch, error: ApiError, now: float) -> None:
        api = watch.api
        self.faults += 1
        watch.fail(error)
        self.observer.polled(watch, now, False)
        first = api.dark_since is None
        if first and now >= self._deadline:
            self._give_up([watch], now)  # the others each have a last poll of their own
            return
        api.dark_since = now if api.dark_since is None else api.dark_since
        dark = now - api.dark_since
        if api.probe not in (None, watch):
            api.parked.append(watch)  # it was under way when the API went dark
        elif dark >= self.plan.unreachable_timeout or now >= self._deadline:
            self._end_of_api(api, error, now)
        else:
            if first:
                self.observer.lost(api, error)
            api.probe = watch
            last = self.plan.unreachable_timeout - dark
            delay = self._delay(dark)
            self._again(watch, now, max(min(delay, last), error.retry_after or 0.0))

    def _end_of_api(self, api: Api, error: ApiError, now: float) -> None:
        """The API stayed dark for too long, or up to the deadline: what one of its jobs met holds for all."""
        for watch in [one for one in self.watches if one.api is api and not one.closed]:
            watch.fail(error)
            watch.timed_out = now >= self._deadline
            self._close(watch, now)

    def _release(self, watch: Watch, now: float) -> None:
        """Another job takes over the probing of a dark API whose probe has ended."""
        api = watch.api
        if api.probe is watch:
            api.probe = None
            if api.parked:
                self._enqueue(api.parked.pop(0), now)

    def _delay(self, unchanged: float, left: float | None = None) -> float:
        return next_delay(self.plan.policy, unchanged=unchanged, left=left, chance=self._chance())

    def _again(self, watch: Watch, now: float, delay: float) -> None:
        """Poll once more after the delay, at the deadline at the latest; after the deadline no more."""
        if now >= self._deadline:
            self._give_up([watch], now)
        else:
            self._enqueue(watch, min(now + delay, self._deadline))

    def _enqueue(self, watch: Watch, at: float) -> None:
        self._turn += 1  # who has waited longest comes first; also, watches have no order
        heapq.heappush(self._queue, (at, self._turn, watch))

    def _give_up(self, watches: t.Iterable[Watch], now: float) -> None:
        for watch in [one for one in watches if not one.closed]:
            watch.timed_out = True
            self._close(watch, now)

    def _close(self, watch: Watch, now: float) -> None:
        watch.closed = True
        self._open -= 1
        self.observer.closed(watch, now)
        if self.plan.fail_fast and self.is_bad(watch):
            self._open = 0
