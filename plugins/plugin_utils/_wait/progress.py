# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait's progress as lines for people. Decides what is said and when; who prints is passed in."""

from __future__ import annotations

import collections
import typing as t

from ...module_utils._errors import ApiError, Missing
from ...module_utils._job import BAD_ENDS, PENDING, RUNNING, UNKNOWN
from ...module_utils._text import duration
from .._engine.outage import ApiHealth
from .._engine.poll import Poll
from .._engine.poll_loop import Observer
from .._engine.tracked_job import TrackedJob

FEW = 10
"""Up to so many jobs, each change of each job is a line; with more there are sums."""
NAMED_OPEN = 3
"""Up to so many jobs that go on, a sum names them."""
HEARTBEAT = 60.0
"""Seconds after which something is said even if nothing has changed, so that silence always means that something is wrong."""
SUMMARY_PAUSE = 5.0
"""The least seconds between two sums."""

Mode = t.Literal["changes", "polls", "none"]


class Progress(Observer):
    """Says what a wait sees.

    :param display: shows a line.
    :param tracked_jobs: the jobs.
    :param mode: whether ``changes`` or all ``polls`` are shown, or ``none``.
    :param host: the host of the play, which each line begins with.
    :param started: when (monotonic) the wait began.
    :param wall: seconds since 1970.
    :param is_bad: whether a job's end fails the wait.
    """

    def __init__(
        self,
        display: t.Callable[[str], None],
        tracked_jobs: t.Sequence[TrackedJob],
        *,
        mode: Mode,
        host: str,
        started: float,
        wall: t.Callable[[], float],
        is_bad: t.Callable[[TrackedJob], bool],
    ) -> None:
        self._display = display
        self._tracked_jobs = tracked_jobs
        self._mode = mode
        self._host = host
        self._started = started
        self._wall = wall
        self._is_bad = is_bad
        self._is_single = len(tracked_jobs) == 1
        self._is_few = len(tracked_jobs) <= FEW
        self._said_at = started
        self._summed_at = started
        self._sum = ""
        """The last sum that was shown."""
        self._is_stale = False
        """Whether the next sum may be another one."""
        self._unpolled = set(tracked_jobs)
        """The jobs whose first poll has not ended."""
        self._children: dict[TrackedJob, list[tuple[str | None, str]]] = {}
        self._failing: set[Poll] = set()
        """The jobs that could not be read again and again, as far as they were named."""
        self._reasons: set[str] = set()
        """Why something could not be read, as far as it was said: what ten jobs have in common is said once."""

    def began(self, timeout: float) -> None:
        """Says what is waited for.

        :param timeout: seconds for the whole wait; with 0 each job is polled once.
        """
        if not self._tracked_jobs:
            return
        labels = [tracked.label for tracked in self._tracked_jobs]
        what = ", ".join(labels) if self._is_few else f"{len(labels)} jobs"
        limit = f"waiting for {what} for up to {duration(timeout)}" if timeout else f"polling {what} once"
        self._say(limit, self._started)

    def noted(self, text: str) -> None:
        """Shows what was found before the first poll."""
        self._say(text, None)

    def polled(self, tracked: TrackedJob, now: float, changed: bool) -> None:
        """Shows that a job has changed, or the result of each poll, as the mode says."""
        self._unpolled.discard(tracked)
        # What a job waits for changes while its own state stays as it is.
        children = [(child.id, child.state) for child in tracked.job.children]
        is_news = changed or self._mode == "polls"
        if not self._is_few:
            self._is_stale = self._is_stale or is_news or tracked.missing_since is not None
            if not self._unpolled and not self._sum:
                self._sum_up(now)
        elif (is_news or children != self._children.get(tracked, [])) and not self._is_end(tracked):
            self._say(self._line(tracked, now), now)
        self._children[tracked] = children

    def missing(self, tracked: TrackedJob, error: Missing, again_for: float, now: float) -> None:
        """Says at once that a job is not known, for its id may be wrong. Many are in the sums."""
        if self._is_few:
            status = f" (HTTP {error.status})" if error.status else ""
            again = f"asking again for up to {duration(again_for)}"
            self._say(f"{tracked.label} is not known to the API yet{status}; {again}", now)

    def closed(self, poll: Poll, now: float) -> None:
        """Says how a job has ended; of many, only the bad ends and the last sum."""
        if not isinstance(poll, TrackedJob):
            return
        if self._is_end(poll):
            self._say_last(poll, now)
        elif poll.job.is_unread and not poll.timed_out:
            self._say_unread(poll, now)
        elif not self._is_few and poll.job.finished and self._is_bad(poll):
            self._say(f"{poll.label}: {poll.job.phrase()}", now)
        if not self._is_few:
            self._is_stale = True
            if all(one.closed for one in self._tracked_jobs):
                self._sum_up(now)

    def lost(self, api: ApiHealth, error: ApiError, again_for: float) -> None:
        """Says that polls fail, once."""
        self._reasons.add(str(error))
        self._say(f"{error} Trying again for up to {duration(again_for)}.", None)

    def regained(self, api: ApiHealth) -> None:
        """Says that polls work again."""
        self._say(f"{api.name} answers again.", None)

    def failing(self, poll: Poll, error: ApiError, again_for: float) -> None:
        """Says that a job cannot be read though its API answers for others. Of many such jobs, the sums count all but a few."""
        self._is_stale = True
        if self._is_few or len(self._failing) < NAMED_OPEN:
            self._failing.add(poll)
            self._reasons.add(str(error))
            self._say(f"{poll.label} cannot be read: {error} Trying again for up to {duration(again_for)}.", None)

    def recovered(self, poll: Poll, is_read: bool) -> None:
        """Says that the job can be read again, if it was named."""
        self._is_stale = True
        if poll in self._failing:
            self._failing.remove(poll)
            if is_read:
                self._say(f"{poll.label} can be read again.", None)

    def tick(self, now: float) -> float:
        """Shows the sum if it has changed, and something every minute."""
        if now - self._said_at >= HEARTBEAT:
            self._sum_up(now, always=True)
        elif not self._is_few and (self._is_stale or not self._sum) and now - self._summed_at >= SUMMARY_PAUSE:
            self._sum_up(now, always=self._mode == "polls")
        heartbeat = self._said_at + HEARTBEAT - now
        is_due = not self._is_few and (self._is_stale or not self._sum)
        return max(0.0, min(heartbeat, self._summed_at + SUMMARY_PAUSE - now) if is_due else heartbeat)

    def _is_end(self, tracked: TrackedJob) -> bool:
        """Whether it is the end of the only job, which is shown when the wait for it is over: then it is known what the task says."""
        return self._is_single and tracked.job.finished

    def _say_last(self, tracked: TrackedJob, now: float) -> None:
        """Of a job that fails the task, the task's message says the reason."""
        if self._is_bad(tracked):
            self._say(f"{tracked.label}: {tracked.job.state_words()}{self._elapsed(now)}", now)
        else:
            self._say(self._line(tracked, now), now)

    def _say_unread(self, tracked: TrackedJob, now: float) -> None:
        reason = (tracked.error or {})["message"]
        if self._is_single:
            return  # the task's message says it
        if reason not in self._reasons:
            self._reasons.add(reason)
            self._say(f"{tracked.label}: {tracked.job.phrase()}", now)
        elif self._is_few or tracked in self._failing:
            self._say(f"{tracked.label}: given up", now)
        self._failing.discard(tracked)

    def _sum_up(self, now: float, always: bool = False) -> None:
        self._is_stale = False
        if self._is_single:
            self._say(self._line(self._tracked_jobs[0], now), now)
            return
        self._summed_at = now
        text = summary(self._tracked_jobs)
        if always or text != self._sum:
            self._sum = text
            self._say(f"{text}{self._elapsed(now)}", now)

    def _line(self, tracked: TrackedJob, now: float) -> str:
        seconds_left = None if tracked.job.finished else tracked.seconds_left(now, self._wall())
        about = f", about {duration(seconds_left)} left" if seconds_left is not None and seconds_left > 0 else ""
        return f"{tracked.label}: {tracked.job.phrase(self._elapsed(now) + about)}"

    def _elapsed(self, now: float) -> str:
        return f", {duration(now - self._started)} elapsed"

    def _say(self, text: str, now: float | None) -> None:
        if now is not None:
            self._said_at = now
        if self._mode != "none":
            self._display(f"[{self._host}] {text}")


def summary(tracked_jobs: t.Sequence[TrackedJob]) -> str:
    """``12 of 40 ended (1 failed), 27 running``; ``38 of 40 ended, waiting for config_job 7, config_job 9``."""
    ends = collections.Counter(tracked.job.state for tracked in tracked_jobs if tracked.job.finished)
    bad = ", ".join(f"{ends[state]} {state}" for state in BAD_ENDS if ends[state])
    parts = [f"{sum(ends.values())} of {len(tracked_jobs)} ended{f' ({bad})' if bad else ''}"]
    closed = [tracked for tracked in tracked_jobs if tracked.closed and not tracked.job.finished]
    late = sum(tracked.timed_out for tracked in closed)
    parts += [f"{len(closed) - late} could not be read"] if len(closed) > late else []
    parts += [f"{late} not ended in time"] if late else []
    going = [tracked for tracked in tracked_jobs if not (tracked.closed or tracked.job.finished)]
    return ", ".join(parts + (_named(going) if len(going) <= NAMED_OPEN else list(_counts(going))))


def _named(going: t.Sequence[TrackedJob]) -> list[str]:
    unknown = " (not known to the API yet)"
    unread = " (cannot be read now)"
    names = [
        f"{one.label}{unknown if one.missing_since is not None else unread if one.streak.is_lasting else ''}"
        for one in going
    ]
    return [f"waiting for {', '.join(names)}"] if names else []


def _counts(going: t.Sequence[TrackedJob]) -> t.Iterator[str]:
    missing = [one for one in going if one.missing_since is not None]
    failing = [one for one in going if one.missing_since is None and one.streak.is_lasting]
    unread = [one for one in going if one.missing_since is None and not (one.seen or one.streak.is_lasting)]
    states = collections.Counter(one.job.state for one in going if one.seen and not one.streak.is_lasting)
    for state, words in ((RUNNING, RUNNING), (PENDING, PENDING), (UNKNOWN, "in an unknown state")):
        if states[state]:
            yield f"{states[state]} {words}"
    for some, words in ((missing, "not known to the API yet"), (failing, "cannot be read now")):
        names = f" ({', '.join(one.label for one in some)})" if len(some) <= NAMED_OPEN else ""
        if some:
            yield f"{len(some)} {words}{names}"
    if unread:
        yield f"{len(unread)} not read yet"
