# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads many jobs of one account with one listing while they run.

A listing saves requests. It never ends the wait for a job, because it may lack the job, or details that the job's own reply has. A job
that has ended according to the listing, or is not in it, is read with a request of its own from then on.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import ApiError
from ...module_utils._job import Job
from .._engine.poll import Poll
from .._engine.poll_loop import Clock
from .._engine.tracked_job import TrackedJob
from .._engine.workers import NOT_ASKED, Outcome, Workers

LEAST = 20
"""The least number of jobs. With fewer, the rows of all other jobs in a listing cost more than single requests."""
FAILURES = 3
"""The number of failures in a row after which a listing is given up: perhaps only the listing fails."""

Answers = list[tuple[Poll, Outcome]]
Source = t.TypeVar("Source")
"""What a reading keeps for the jobs that have ended according to it."""


@dataclasses.dataclass(frozen=True)
class Listed(t.Generic[Source]):
    """The result of reading a listing: the jobs in it, and the reply that they come from."""

    jobs: t.Mapping[TrackedJob, Job]
    source: Source


class SharedListing(t.Generic[Source]):
    """One listing, and the jobs that can be in it.

    :param read: reads the listing for these jobs. Raises :class:`ApiError`.
    :param ended: called for each job that has ended according to a reading, and is now read with a request of its own.
    """

    def __init__(
        self,
        read: t.Callable[[t.Sequence[TrackedJob]], Listed[Source]],
        ended: t.Callable[[TrackedJob, Source], None] = lambda _poll, _source: None,
    ) -> None:
        self.read = read
        self._ended = ended
        self.jobs: dict[TrackedJob, None] = {}
        """The jobs that this listing may still serve."""
        self.under_way: set[Poll] = set()
        """The jobs whose own request is under way."""
        self.waiting: list[TrackedJob] = []
        """The polls that the present reading answers. The first of them began it."""
        self._by_themselves_once: set[TrackedJob] = set()
        self.is_suspended = False
        """Whether the listing has failed, so that each job is read with a request of its own until one of them could be read."""
        self._failures = 0

    def serves(self, poll: TrackedJob) -> bool:
        """Whether the job is read by this listing now."""
        if poll not in self.jobs or self.is_suspended or poll in self._by_themselves_once:
            self._by_themselves_once.discard(poll)
            return False
        if not self.waiting:
            self.jobs = {one: None for one in self.jobs if not one.closed}
        # A job that waits for children reads the listing itself each time.
        return len(self.jobs) >= LEAST or sum(one.awaits_children for one in self.jobs) > 1

    def answers(self, listed: Listed[Source], now: float) -> Answers:
        """The outcome for each job after a reading, whether the job was due or not."""
        self._failures = 0
        answers: Answers = []
        for poll in dict.fromkeys([*self.jobs, *self.waiting]):
            job = listed.jobs.get(poll)
            if poll in self.under_way:
                continue
            if job is not None and (not job.finished or poll.settling(job, now)):
                answers.append((poll, job))
            else:
                self.jobs.pop(poll, None)
                answers.append((poll, NOT_ASKED))
                if job is not None:
                    self._ended(poll, listed.source)
        return answers

    def failed(self, error: ApiError, *, at_deadline: bool) -> Answers:
        """The outcome for each job after a reading that failed. Mostly, each job is read with a request of its own."""
        first, *others = self.waiting
        if error.of_account:
            return [(poll, error) for poll in dict.fromkeys([*self.jobs, *self.waiting])]
        self.is_suspended = True
        self._failures += 1
        if not first.api.can_recover(error) or self._failures == FAILURES:
            self.jobs = {}
            return [(poll, NOT_ASKED) for poll in self.waiting]
        if at_deadline:  # each job has a last poll of its own
            others = self.waiting
        self._by_themselves_once.update(others)
        answers: Answers = [(poll, NOT_ASKED) for poll in others]
        return answers if at_deadline else [(first, error), *answers]


class _Reading:
    """One reading of a listing, which the workers run as they run a poll."""

    closed = False

    def __init__(self, listing: SharedListing[t.Any]) -> None:
        self.listing = listing
        self.label = f"listing for {len(listing.jobs)} jobs"
        self._jobs = list(listing.jobs)

    def fetch(self) -> Listed[t.Any]:
        """Reads the listing."""
        return self.listing.read(self._jobs)


class ListingWorkers:
    """Answers polls from listings if there are any, and passes all other polls to the workers.

    While a listing is read, the polls that it answers occupy no worker.

    :param workers: run the requests.
    :param listings: for each poll, the listing that may answer it.
    """

    def __init__(self, workers: Workers, listings: t.Mapping[Poll, SharedListing[t.Any]], clock: Clock) -> None:
        self.deadline = float("inf")
        """When (seconds, monotonic) each job is polled for the last time."""
        self._workers: t.Any = workers
        self._listings = listings
        self._clock = clock

    @property
    def fetches(self) -> int:
        """How many requests for a state were begun."""
        return t.cast(int, self._workers.fetches)

    @property
    def free(self) -> int:
        """How many polls can be started now."""
        return t.cast(int, self._workers.free)

    def start(self, poll: Poll) -> None:
        """Starts a poll, or lets it wait for a reading of its listing."""
        listing = self._listings.get(poll)
        if listing is None or not isinstance(poll, TrackedJob) or not listing.serves(poll):
            if listing is not None:
                listing.under_way.add(poll)
            self._workers.start(poll)
            return
        if not listing.waiting:
            self._workers.start(_Reading(listing))
        listing.waiting.append(poll)

    def finished(self, timeout: float) -> Answers:
        """The polls that have ended, and all jobs in listings that were read meanwhile."""
        answers: Answers = []
        for poll, outcome in self._workers.finished(timeout):
            if isinstance(poll, _Reading):
                answers += self._read(poll.listing, outcome)
                continue
            answers.append((poll, outcome))
            listing = self._listings.get(poll)
            if listing is not None:
                listing.under_way.remove(poll)
                listing.is_suspended = listing.is_suspended and not isinstance(outcome, Job)
        return answers

    def stop(self) -> None:
        """Accepts no more polls."""
        self._workers.stop()

    def _read(self, listing: SharedListing[t.Any], outcome: t.Any) -> Answers:
        now = self._clock.monotonic()
        if isinstance(outcome, ApiError):
            answers = listing.failed(outcome, at_deadline=now >= self.deadline)
        elif isinstance(outcome, Exception):  # a bug of ours
            answers = [(listing.waiting[0], outcome)]
        else:
            answers = listing.answers(outcome, now)
        listing.waiting = []
        return answers
