# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events that a source emits. Pure: which events a job causes follows from those that it has caused before."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._job import Job

Event = dict[str, t.Any]

REMEMBERED = 10_000
"""How many jobs are remembered after they have left a listing, so that none causes the same event again if it comes back."""


class EmittedStates:
    """The states of the jobs of one poll for which events have been emitted.

    :param initial: whether the first poll emits an event for the state of each job. Errors cause an event in any case.
    """

    def __init__(self, initial: bool) -> None:
        self._silent = not initial
        self._jobs: dict[str | None, tuple[str, bool]] = {}
        """State, and whether the job could not be read, by id. The least recently seen comes first."""

    def new_events(self, jobs: t.Sequence[Job]) -> list[Event]:
        """The events for what has changed since the last call."""
        events = []
        for job in jobs:
            before = self._jobs.pop(job.id, None)
            now = (job.state, job.error is not None)
            self._jobs[job.id] = now
            if before != now and (job.error or not self._silent):
                kind = "unreadable" if job.error else "transition"
                events.append({"type": kind, "job": job.as_dict(), "previous_state": before[0] if before else None})
        self._silent = False
        while len(self._jobs) > len(jobs) + REMEMBERED:
            del self._jobs[next(iter(self._jobs))]
        return events


def lost(api: str, error: t.Mapping[str, t.Any]) -> Event:
    """An API does not answer.

    :param api: its address.
    :param error: why, in the shape of a job's ``error``.
    """
    return {"type": "lost", "api": api, "error": dict(error)}


def regained(api: str) -> Event:
    """The API answers again."""
    return {"type": "regained", "api": api}


def fatal(message: str, error: t.Mapping[str, t.Any] | None = None) -> Event:
    """The source ends, after an error that no later poll can recover from."""
    return {"type": "fatal", "message": message, "error": dict(error) if error else None}
