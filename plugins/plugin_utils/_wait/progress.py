# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait's progress as lines for people. Decides what is said and when; who prints is passed in."""

from __future__ import annotations

import collections
import typing as t

from ...module_utils._errors import ApiError, Missing
from ...module_utils._job import FAILED, RUNNING
from ...module_utils._text import duration
from .._engine.outage import ApiHealth
from .._engine.poll import Poll
from .._engine.poll_loop import Observer
from .._engine.tracked_job import TrackedJob

HEARTBEAT = 60.0
"""Seconds after which something is said even if nothing has changed, so that no watcher takes silence for death."""
SUMMARY_PAUSE = 5.0
"""Seconds between summaries of many jobs, each of whose changes would otherwise make one."""

Mode = t.Literal["changes", "polls", "none"]


class Progress(Observer):
    """Tells what a wait sees.

    :param display: shows a line.
    :param tracked_jobs: the jobs. One is told of in full; many in sums, and only their bad ends in full.
    :param mode: whether ``changes`` or all ``polls`` are told, or ``none``.
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
        self._said_at = started
        self._stale = False
        self._children: list[tuple[str | None, str]] = []

    def polled(self, tracked: TrackedJob, now: float, changed: bool) -> None:
        """Tell of a change, or of each poll if that is wanted."""
        if len(self._tracked_jobs) > 1:
            self._stale = self._stale or changed or self._mode == "polls"
            return
        # What a job waits for changes while its own state stays as it is.
        children = [(child.id, child.state) for child in tracked.job.children]
        if changed or children != self._children or self._mode == "polls":
            self._say(self._line(tracked, now), now)
        self._children = children

    def missing(self, tracked: TrackedJob, error: Missing, left: float, now: float) -> None:
        """Tell of one job at once, for its id may be wrong; of many in the sums."""
        if len(self._tracked_jobs) > 1:
            self._stale = True
            return
        status = f" (HTTP {error.status})" if error.status else ""
        again = f"asking again for up to {duration(left)}"
        self._say(f"{tracked.label} is not known to the API yet{status}; {again}", now)

    def closed(self, poll: Poll, now: float) -> None:
        """Tell of a bad end of one of many, and of the last sum."""
        if len(self._tracked_jobs) == 1:
            if poll.error:
                self._say(f"{poll.label}: {poll.error['message']}", now)
            return
        self._stale = True
        if isinstance(poll, TrackedJob) and self._is_bad(poll):
            self._say(f"{poll.label}: {poll.job.phrase()}", now)
        if all(one.closed for one in self._tracked_jobs):
            self._sum_up(now)

    def lost(self, api: ApiHealth, error: ApiError) -> None:
        """Tell that polls fail, once."""
        self._say(f"{error} Trying again.", None)

    def regained(self, api: ApiHealth) -> None:
        """Tell that polls work again."""
        self._say(f"{api.name} answers again.", None)

    def tick(self, now: float) -> float:
        """Tell the sum if it has changed, and something every minute."""
        quiet = now - self._said_at
        if (self._stale and quiet >= SUMMARY_PAUSE) or quiet >= HEARTBEAT:
            self._sum_up(now)
            quiet = 0.0
        return max(0.0, (SUMMARY_PAUSE if self._stale else HEARTBEAT) - quiet)

    def _sum_up(self, now: float) -> None:
        if len(self._tracked_jobs) == 1:
            self._say(self._line(self._tracked_jobs[0], now), now)
        else:
            self._say(summary(self._tracked_jobs) + f", {duration(now - self._started)} elapsed", now)
        self._stale = False

    def _line(self, tracked: TrackedJob, now: float) -> str:
        system, label = tracked.job.system, tracked.label
        who = label if label.startswith(f"{system} ") else f"{system} {label}"  # a profile is both system and label
        parts = [f"{who}: {tracked.job.phrase()}", f"{duration(now - self._started)} elapsed"]
        left = None if tracked.job.finished else tracked.seconds_left(now, self._wall())
        if left is not None and left > 0:
            parts.append(f"about {duration(left)} left")
        return ", ".join(parts)

    def _say(self, text: str, now: float | None) -> None:
        if now is not None:
            self._said_at = now
        if self._mode != "none":
            self._display(f"[{self._host}] {text}")


def summary(tracked_jobs: t.Sequence[TrackedJob]) -> str:
    """``12 of 40 ended, 1 failed, 27 running``."""
    missing = {tracked for tracked in tracked_jobs if tracked.missing_since is not None and not tracked.closed}
    states = collections.Counter(tracked.job.state for tracked in tracked_jobs if tracked not in missing)
    ended = sum(tracked.job.finished for tracked in tracked_jobs)
    unread = sum(tracked.closed and not (tracked.job.finished or tracked.timed_out) for tracked in tracked_jobs)
    parts = [f"{ended} of {len(tracked_jobs)} ended", *_counts(states, FAILED, RUNNING)]
    parts += [f"{len(missing)} not known to the API yet"] if missing else []
    return ", ".join(parts + ([f"{unread} given up"] if unread else []))


def _counts(states: t.Mapping[str, int], *first: str) -> list[str]:
    order = [*first, *sorted(set(states) - {*first, "succeeded"})]
    return [f"{states[state]} {state}" for state in order if states.get(state)]
