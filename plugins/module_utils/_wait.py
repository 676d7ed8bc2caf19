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

from ._errors import ApiError, Missing, Unauthorized, Untrusted
from ._job import CANCELLED, FAILED, SKIPPED, Job
from ._schedule import Policy, next_delay
from ._watch import Api, Asked, Batch, Watch
from ._workers import Outcome, Workers

LONGEST_PAUSE = 3600.0
"""Seconds. What waits for an answer takes no number of them that is beyond the system's own clock."""


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
        self._queue: list[tuple[float, int, Asked]] = []
        self._turn = 0
        self._open = len(watches)
        self._asked = list(_batched(watches))

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self._clock.monotonic() - self._started

    @property
    def polls(self) -> int:
        """Status requests made, failed ones included."""
        return sum(asked.polls for asked in {*self._asked, *self.watches})

    def is_bad(self, watch: Watch) -> bool:
        """Whether the job fails the wait: by its end, or because it could not be read."""
        job = watch.job
        return watch.closed and not watch.timed_out and (not job.finished or job.state in self.plan.fail_on)

    def run(self) -> None:
        """Wait. An API's faults end in ``job.error``; what is raised is a bug of ours, or ends the whole task."""
        now = self._started
        for asked in self._asked:
            self._enqueue(asked, now)
        try:
            while self._open > 0:
                now = self._clock.monotonic()
                if now > self.over_at:
                    self._give_up(self.watches, now)
                    break
                self._start_due(now)
                for asked, outcome in self._workers.finished(self._pause(now)):
                    if not asked.closed:
                        self._take(asked, outcome, self._clock.monotonic())
        finally:
            self._workers.stop()

    def _start_due(self, now: float) -> None:
        while self._queue and self._queue[0][0] <= now and self._workers.free:
            asked = heapq.heappop(self._queue)[2]
            api = asked.api
            if asked.closed:
                continue
            if api.dark_since is not None:
                if api.probe not in (None, asked):
                    api.parked.append(asked)
                    continue
                api.probe = asked
            asked.polls += 1
            self._workers.start(asked)

    def _pause(self, now: float) -> float:
        """Seconds for which nothing but answers can happen."""
        until = [self.over_at - now + 0.001, self.observer.tick(now), LONGEST_PAUSE]
        if self._queue and self._workers.free:
            until.append(self._queue[0][0] - now)
        return max(0.0, min(until))

    def _take(self, asked: Asked, outcome: Outcome, now: float) -> None:
        if isinstance(asked, Batch) and isinstance(outcome, t.Mapping):
            self._answered(asked, now)
            self._learn_of_many(asked, outcome, now)
        elif isinstance(asked, Watch) and isinstance(outcome, Job):
            self._answered(asked, now)
            delay = self._learn(asked, outcome, now, self._chance())
            if delay is not None:
                self._again(asked, now, delay)
        elif isinstance(asked, Watch) and isinstance(outcome, Missing):
            self._answered(asked, now)
            self._missing(asked, outcome, now)
        elif isinstance(outcome, ApiError) and asked.api.can_recover(outcome):
            self._unanswered(asked, outcome, now)
        elif isinstance(outcome, ApiError):
            self._refused(asked, outcome, now)
        else:
            raise t.cast(Exception, outcome)

    def _learn(self, watch: Watch, job: Job, now: float, chance: float) -> float | None:
        """The seconds until the next poll; ``None``: there is none."""
        changed = watch.learn(job, now, self._clock.wall())
        for warning in job.warnings:
            self.warnings[f"{watch.label}: {warning}"] = None
        self.observer.polled(watch, now, changed)
        if watch.job.finished:
            self._close(watch, now)
            return None
        left = watch.left(now, self._clock.wall())
        delay = next_delay(self.plan.policy, unchanged=now - watch.changed_at, left=left, chance=chance)
        return min(delay, watch.settled_at(job, now) - now) if watch.settling(job, now) else delay

    def _learn_of_many(self, batch: Batch, jobs: t.Mapping[Watch, Job], now: float) -> None:
        going, leaving = batch.part(jobs, now)
        chance = self._chance()
        delays = [self._learn(watch, job, now, chance) for watch, job in going.items()]
        self._enqueue_each(leaving, now)
        delay = min((delay for delay in delays if delay is not None), default=0.0)
        for asked in [batch] if len(going) >= Batch.LEAST else going:
            self._again(asked, now, delay)

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

    def _refused(self, asked: Asked, error: ApiError, now: float) -> None:
        """No later try can help: neither the job, nor, where the account itself is refused, any in the listing."""
        watches = asked.under_way
        if isinstance(asked, Watch) or isinstance(error, (Unauthorized, Untrusted)):
            for watch in watches:
                watch.fail(error)
                self._close(watch, now)
        else:
            self._enqueue_each(watches, now)  # it was the listing that was refused
        self._release(asked, now)

    def _answered(self, asked: Asked, now: float) -> None:
        api = asked.api
        asked.failing_since = None
        dark, parked = api.dark_since is not None, api.parked
        if dark:
            api.dark_since, api.probe, api.parked = None, None, []
        for one in parked if dark else ():
            # One that fails though others are answered waits for its turn, lest the API seem dark again at once.
            self._enqueue(
                one, now + (self._delay(now - t.cast(float, one.failing_since)) if api.answers_others(one) else 0.0)
            )
        api.answered_at = now
        if dark:
            self.observer.regained(api)

    def _unanswered(self, asked: Asked, error: ApiError, now: float) -> None:
        api = asked.api
        self.faults += 1
        if asked.failing_since is None:
            asked.failing_since = now
        for watch in asked.under_way:
            watch.fail(error)
            self.observer.polled(watch, now, False)
        first = api.dark_since is None
        if first and now >= self._deadline:
            self._give_up(asked.under_way, now)  # the others each have a last poll of their own
            return
        api.dark_since = now if api.dark_since is None else api.dark_since
        dark = now - api.dark_since
        if api.probe not in (None, asked):
            api.parked.append(asked)  # it was under way when the API went dark
        elif api.answers_others(asked) and self._is_beyond_help(asked, now):
            self._refused(asked, error, now)
        elif api.answers_others(asked) and now >= self._deadline:
            self._give_up(asked.under_way, now)
            self._release(asked, now)
        elif dark >= self.plan.unreachable_timeout or now >= self._deadline:
            self._end_of_api(api, error, now)
        else:
            if first:
                self.observer.lost(api, error)
            else:
                asked = self._next_probe(asked)
            api.probe = asked
            last = self.plan.unreachable_timeout - dark
            delay = self._delay(dark)
            self._again(asked, now, max(min(delay, last), error.retry_after or 0.0))

    def _is_beyond_help(self, asked: Asked, now: float) -> bool:
        """Whether it has failed for long enough while others were answered. A listing can be done without at once."""
        return isinstance(asked, Batch) or now - t.cast(float, asked.failing_since) >= self.plan.unreachable_timeout

    def _next_probe(self, asked: Asked) -> Asked:
        """What to try next on a dark API: another one each time, for it may be this one alone that gets no answer."""
        api = asked.api
        if api.parked:
            api.parked.append(asked)
            return api.parked.pop(0)
        if isinstance(asked, Batch):
            api.parked.append(asked)
            return asked.detach()
        return asked

    def _end_of_api(self, api: Api, error: ApiError, now: float) -> None:
        """The API stayed dark for too long, or up to the deadline: what one of its jobs met holds for all."""
        for watch in [one for one in self.watches if one.api is api and not one.closed]:
            watch.fail(error)
            watch.timed_out = now >= self._deadline
            self._close(watch, now)

    def _release(self, asked: Asked, now: float) -> None:
        """Another job takes over the probing of a dark API whose probe has ended."""
        api = asked.api
        if api.probe is asked:
            api.probe = None
            if api.parked:
                self._enqueue(api.parked.pop(0), now)

    def _delay(self, unchanged: float) -> float:
        return next_delay(self.plan.policy, unchanged=unchanged, chance=self._chance())

    def _again(self, asked: Asked, now: float, delay: float) -> None:
        """Poll once more after the delay, at the deadline at the latest; after the deadline no more."""
        if now >= self._deadline:
            self._give_up(asked.under_way, now)
        else:
            self._enqueue(asked, min(now + delay, self._deadline))

    def _enqueue(self, asked: Asked, at: float) -> None:
        self._turn += 1  # who has waited longest comes first; also, what is asked for has no order
        heapq.heappush(self._queue, (at, self._turn, asked))

    def _enqueue_each(self, some: t.Iterable[Asked], at: float) -> None:
        for asked in some:
            self._enqueue(asked, at)

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


def _batched(watches: t.Sequence[Watch]) -> t.Iterator[Asked]:
    """The watches, those in batches that can be and are enough."""
    groups: dict[t.Any, list[Watch]] = {}
    for watch in watches:
        groups.setdefault(watch.together or watch, []).append(watch)
    for group in groups.values():
        together = group[0].together
        if together and len(group) >= Batch.LEAST:
            yield Batch(group, together)
        else:
            yield from group
