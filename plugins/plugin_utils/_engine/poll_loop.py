# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait: polls one or many jobs until each has ended or the deadline has come."""

from __future__ import annotations

import dataclasses
import random
import time
import typing as t

from ...module_utils._errors import ApiError, Missing
from ...module_utils._job import Job
from .intervals import next_delay
from .outage import LASTING, ApiHealth, Trouble
from .poll import Poll
from .poll_queue import PollQueue
from .settings import WaitSettings
from .tracked_job import TrackedJob
from .tracked_listing import ListedJobs, TrackedListing
from .workers import NotAsked, Outcome, Workers

LONGEST_PAUSE = 3600.0
"""Seconds. The longest time to wait for an answer at once: a queue refuses a timeout that the system's clock cannot hold."""

LONGEST_ROUND = 300.0
"""Seconds. The longest time for a round of probes, in which each poll of an unreachable API is a probe once. By default, these are at most
a third of the requests that an API gets otherwise, which is asked for each job at least once in ``max_interval``."""
QUICKEST_PROBES = 0.25
"""Seconds. The shortest pause between the probes of a round, which spares an API that is about to recover. To find the next probe among
10,000 jobs takes 6 ms."""


@dataclasses.dataclass(frozen=True)
class Clock:
    """The clocks of a wait, in seconds. They are passed in, so that tests need not sleep."""

    monotonic: t.Callable[[], float] = time.monotonic
    wall: t.Callable[[], float] = time.time


class Observer:
    """Receives the events of a wait, always in the wait's thread. This base class ignores them."""

    def began(self, timeout: float) -> None:
        """Called before the first poll.

        :param timeout: seconds that the wait may take.
        """

    def polled(self, tracked: TrackedJob, now: float, changed: bool) -> None:
        """Called after each poll of a job, successful or not.

        :param changed: whether the job's state has changed.
        """

    def missing(self, tracked: TrackedJob, error: Missing, again_for: float, now: float) -> None:
        """Called once for a job that the API does not know yet.

        :param again_for: seconds for which the API is asked again.
        """

    def listed(self, listing: TrackedListing, now: float) -> bool:
        """Called after a listing was read. Returns whether the state of a job in it has changed: more changes may follow soon."""
        return False

    def closed(self, poll: Poll, now: float) -> None:
        """Called when the wait for a job is over, or when a listing cannot be read any more."""

    def lost(self, api: ApiHealth, error: ApiError, again_for: float) -> None:
        """Called when an API has become unreachable.

        :param again_for: seconds for which the API is asked again.
        """

    def regained(self, api: ApiHealth) -> None:
        """Called when an unreachable API answers again."""

    def failing(self, poll: Poll, error: ApiError, again_for: float) -> None:
        """Called once for a poll that fails again and again while its API answers other polls.

        :param again_for: seconds for which the poll is repeated.
        """

    def recovered(self, poll: Poll, is_read: bool) -> None:
        """Called when such a poll is answered again.

        :param is_read: whether the answer has the job. If not, the API does not know the job.
        """

    def tick(self, now: float) -> float:
        """Called in each turn of the loop. Returns the seconds until it must be called again at the latest."""
        return float("inf")


class Wait:
    """One wait. After :meth:`run`, however it ended, each poll holds the last known state of its job.

    :param polled: the jobs, and the listings that are watched.
    :param observer: receives the wait's events.
    :param chance: returns a random number from 0 to 1.
    """

    def __init__(
        self,
        polled: t.Sequence[Poll],
        settings: WaitSettings,
        workers: Workers,
        *,
        clock: Clock | None = None,
        observer: Observer | None = None,
        chance: t.Callable[[], float] = random.random,
    ) -> None:
        self.polled = polled
        self.settings = settings
        self.transient_errors = 0
        """The count of transient errors."""
        self.last_error: str | None = None
        """The sentence of the last transient error."""
        self.warnings: dict[str, None] = {}
        """Sentences to warn the user with, each once, in order."""
        self._workers = workers
        self._clock = clock or Clock()
        self._observer = observer or Observer()
        self._chance = chance
        self._started = self._clock.monotonic()
        self.deadline = self._started + settings.timeout
        """When (seconds, monotonic) each job that has not ended is polled for the last time."""
        self.ends_at = self.deadline + settings.overrun
        """When (seconds, monotonic) the wait ends, even if requests are still under way."""
        self._queue = PollQueue()
        self._open = len(polled)
        self._draw = 0.0
        """The random number of this turn of the loop. Jobs whose states came together get the same jitter, so that they are polled
        together again, with one listing."""

    @property
    def elapsed(self) -> float:
        """Seconds since the wait began."""
        return self._clock.monotonic() - self._started

    @property
    def polls(self) -> int:
        """How many requests for a state were made, failed ones included."""
        return self._workers.fetches

    def run(self) -> None:
        """Runs the wait. An API's errors end in ``job.error``. An exception is a bug of ours, or ends the whole task."""
        now = self._started
        self._observer.began(self.settings.timeout)
        for poll in self.polled:
            self._queue.add(poll, now)
        try:
            while self._open > 0:
                now = self._clock.monotonic()
                if now > self.ends_at:
                    self._give_up(self.polled, now)
                    break
                self._start_due(now)
                finished = self._workers.finished(self._pause(now))
                self._draw = self._chance()
                for poll, outcome in finished:
                    if not poll.closed:
                        self._handle(poll, outcome, self._clock.monotonic())
                    self._queue.finish(poll)
        finally:
            self._workers.stop()

    def _start_due(self, now: float) -> None:
        while self._workers.free:
            poll = self._queue.pop_due(now)
            if poll is None:
                break
            poll.polls += 1
            self._workers.start(poll)

    def _pause(self, now: float) -> float:
        """Seconds until the loop has something to do even if no answer comes."""
        until = [self.ends_at - now + 0.001, self._observer.tick(now), LONGEST_PAUSE]
        if self._workers.free:
            until.append(self._queue.next_at() - now)
        return max(0.0, min(until))

    def _handle(self, poll: Poll, outcome: Outcome, now: float) -> None:
        if isinstance(outcome, NotAsked):
            self._queue.add(poll, now)
        elif isinstance(outcome, ListedJobs) and isinstance(poll, TrackedListing):
            self._answered(poll, now)
            self._listed(poll, outcome, now)
        elif isinstance(outcome, Job) and isinstance(poll, TrackedJob):
            self._answered(poll, now)
            self._record(poll, outcome, now)
        elif isinstance(outcome, Missing) and isinstance(poll, TrackedJob):
            self._answered(poll, now, is_read=False)
            self._missing(poll, outcome, now)
        elif isinstance(outcome, ApiError):
            self._error(poll, outcome, now)
        else:
            raise t.cast(Exception, outcome)

    def _error(self, poll: Poll, error: ApiError, now: float) -> None:
        if isinstance(poll, TrackedJob) and error.known:
            self._record_in_part(poll, error.known, now)
        if poll.api.can_recover(error):
            self._unanswered(poll, error, now)
        else:
            self._refused(poll, error, now)

    def _listed(self, listing: TrackedListing, listed: ListedJobs, now: float) -> None:
        self._warn(listing, listed.warnings)
        listing.record(listed, now)
        if self._observer.listed(listing, now):
            listing.changed_at = now
        self._reschedule(listing, now, self._delay(now, now - listing.changed_at, asked=listed.retry_after))

    def _record(self, tracked: TrackedJob, job: Job, now: float) -> None:
        changed = tracked.record(job, now, self._clock.wall())
        self._warn(tracked, job.warnings)
        self._observer.polled(tracked, now, changed)
        if tracked.job.finished:
            self._close(tracked, now)
            return
        within = tracked.settled_at(job, now) - now if tracked.settling(job, now) else float("inf")
        seconds_left = tracked.seconds_left(now, self._clock.wall())
        delay = self._delay(
            now, now - tracked.changed_at, seconds_left=seconds_left, asked=job.retry_after, within=within
        )
        self._reschedule(tracked, now, delay)

    def _warn(self, poll: Poll, warnings: t.Iterable[str]) -> None:
        self.warnings.update(dict.fromkeys(f"{poll.label}: {warning}" for warning in warnings))

    def _record_in_part(self, tracked: TrackedJob, job: Job, now: float) -> None:
        """Records the replies to the first requests of a poll of which a later request failed. They say less about the job than an
        earlier complete answer, so they count only if the state has changed, or if there was no answer before."""
        if not tracked.seen or job.native_state != tracked.job.native_state:
            self._observer.polled(tracked, now, tracked.record(job, now, self._clock.wall()))

    def _missing(self, tracked: TrackedJob, error: Missing, now: float) -> None:
        is_new = tracked.missing_since is None
        grace = tracked.record_missing(error, now, self.settings.missing_grace)
        if grace <= 0:
            self._close(tracked, now)
            return
        self._observer.polled(tracked, now, False)
        if is_new and now < self.deadline:
            self._observer.missing(tracked, error, min(grace, self.deadline - now), now)
        self._reschedule(tracked, now, self._delay(now, tracked.missing_for(now), within=grace))

    def _refused(self, poll: Poll, error: ApiError, now: float) -> None:
        """Closes a poll after an error that no later try can mend."""
        poll.record_error(error)
        self._close(poll, now)

    def _answered(self, poll: Poll, now: float, *, is_read: bool = True) -> None:
        has_recovered = poll.streak.is_lasting
        if poll.api.answered(poll.streak, now):
            self._observer.regained(poll.api)
        if has_recovered:
            self._observer.recovered(poll, is_read)

    def _unanswered(self, poll: Poll, error: ApiError, now: float) -> None:
        self.transient_errors += 1
        self.last_error = str(error)
        poll.record_error(error)
        if isinstance(poll, TrackedJob):
            self._observer.polled(poll, now, False)
        api, policy = poll.api, self.settings.policy
        only = self._queue.is_only_poll(poll)
        trouble = api.failed(poll.streak, error, now, is_only_poll=only, lull=policy.interval / 2)
        again_for = trouble.since + self.settings.unreachable_timeout - now
        if again_for <= 0 or now >= self.deadline:
            self._end_of(trouble, poll, error, now)
            return
        pause = error.retry_after or 0.0
        delay = self._delay(now, now - trouble.since, within=again_for)
        paused = self._delay(now, now - trouble.since, retry_after=pause, within=max(again_for, pause))
        self._queue.add(poll, now + paused)
        if trouble.is_of_api:
            api.open(trouble, error, now, delay=self._probe_delay(api, now, delay, again_for), paused=paused)
            if trouble.is_new:
                self._observer.lost(api, error, min(again_for, self.deadline - now))
        elif poll.streak.own_failures == LASTING:
            self._observer.failing(poll, error, min(again_for, self.deadline - now))

    def _probe_delay(self, api: ApiHealth, now: float, delay: float, again_for: float) -> float:
        """Seconds until the next probe: so few that each poll is a probe once before the API is given up. A pause that the API asks for
        may be longer.

        :param delay: seconds until then if each poll has been a probe.
        """
        # Half of the time, because the requests take time as well.
        time_left = min(again_for, self.deadline - now, LONGEST_ROUND) / 2
        untried = self._queue.untried(api, now)
        return min(delay, max(QUICKEST_PROBES, time_left / untried)) if untried else delay

    def _end_of(self, trouble: Trouble, poll: Poll, error: ApiError, now: float) -> None:
        """Closes the poll after trouble that has lasted too long, or up to the deadline. If the API is unreachable, all polls of the API
        are closed with the same error. The exception is an API that fails for the first time at the deadline: its other polls may
        still be answered, and each has a last poll of its own."""
        late = now >= self.deadline
        whole = trouble.is_of_api and not (trouble.is_new and late)
        for one in [one for one in self.polled if one.api is poll.api and not one.closed] if whole else [poll]:
            one.record_error(error)
            one.timed_out = late
            self._close(one, now)

    def _delay(
        self,
        now: float,
        unchanged: float,
        *,
        seconds_left: float | None = None,
        asked: float | None = None,
        retry_after: float | None = None,
        within: float = float("inf"),
    ) -> float:
        """Seconds until the next poll. The deadline is the latest time for it.

        :param within: seconds to another time at which the job must be polled, such as the end of its settle time.
        """
        return next_delay(
            self.settings.policy,
            unchanged=unchanged,
            seconds_left=seconds_left,
            asked=asked,
            retry_after=retry_after,
            remaining=min(within, self.deadline - now),
            chance=self._draw,
        )

    def _reschedule(self, poll: Poll, now: float, delay: float) -> None:
        """Schedules the next poll after the delay. After the deadline the poll is closed instead."""
        if now >= self.deadline:
            self._give_up([poll], now)
        else:
            self._queue.add(poll, now + delay)

    def _give_up(self, polled: t.Iterable[Poll], now: float) -> None:
        for poll in [one for one in polled if not one.closed]:
            poll.timed_out = True
            self._close(poll, now)

    def _close(self, poll: Poll, now: float) -> None:
        poll.closed = True
        self._open -= 1
        self._observer.closed(poll, now)
        if self.settings.fail_fast and isinstance(poll, TrackedJob) and self.settings.is_bad(poll):
            self._open = 0
