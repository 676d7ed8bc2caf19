# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of each job over time, as parts of one time axis. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._job import RUNNING
from ...module_utils._values import to_epoch
from .finished_wait import ReportedJob

UNREAD = "unread"
"""A state beside those of a job: it could not be read at the end."""


@dataclasses.dataclass(frozen=True)
class Axis:
    """The time from the beginning of the wait to its end, in seconds since 1970."""

    start: float
    end: float

    def share(self, moment: float) -> float:
        """The position of a moment on the axis, from 0 to 1. A moment outside is put at the nearer edge."""
        length = self.end - self.start
        return min(1.0, max(0.0, (moment - self.start) / length)) if length > 0 else 0.0


@dataclasses.dataclass(frozen=True)
class Bar:
    """One state of one job: its begin and end on the axis, both from 0 to 1. For an end state they are the same."""

    state: str
    start: float
    end: float


def axis(jobs: t.Iterable[ReportedJob], elapsed: float | None, now: float) -> Axis:
    """The axis of a wait that took ``elapsed`` seconds and has just ended. If that is not known, it begins with the first state seen."""
    starts = [seen[0][0] for seen in map(_history, jobs) if seen]
    if elapsed is not None:
        starts.append(now - elapsed)
    return Axis(min(starts, default=now), now)


def bars(job: ReportedJob, along: Axis) -> list[Bar]:
    """The job's states over time: those that the wait saw. A child has no history, so its own times are used."""
    states = _history(job) or _own_times(job)
    found = []
    for index, (moment, state) in enumerate(states):
        last = index == len(states) - 1
        until = along.end if last else states[index + 1][0]
        if last and job.known.finished:
            until = moment
        found.append(Bar(state, along.share(moment), along.share(until)))
    if job.known.error:
        end = found[-1].end if found else 1.0
        found.append(Bar(UNREAD, end, end))
    return found


def _history(job: ReportedJob) -> list[tuple[float, str]]:
    moments = ((to_epoch(change.at), change.state) for change in job.history)
    return [(moment, state) for moment, state in moments if moment is not None]


def _own_times(job: ReportedJob) -> list[tuple[float, str]]:
    known = job.known
    begin = to_epoch(known.started_at or known.created_at)
    end = to_epoch(known.finished_at) if known.finished else None
    states = [(begin, RUNNING if known.finished else known.state)] if begin is not None else []
    return states + ([(end, known.state)] if end is not None else [])
