# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events that a source sends. Pure: what is told of a job follows from what has been told of it before."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._job import Job

Event = dict[str, t.Any]

REMEMBERED = 10_000
"""How many jobs that are listed no more are kept in mind, so that none is told again should a listing bring it back."""


class Told:
    """What has been told of the jobs of one watch.

    :param initial: whether the state in which the first look finds a job is told. That it cannot be read is told in any case.
    """

    def __init__(self, initial: bool) -> None:
        self._silent = not initial
        self._jobs: dict[str | None, tuple[str, bool]] = {}
        """By id, the least recently seen first: the state, and whether the job could not be read."""

    def news(self, jobs: t.Sequence[Job]) -> list[Event]:
        """What there is to tell, now that the jobs are as they are; each thing once."""
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
    """The API gives no answer.

    :param api: its address.
    :param error: why, in the shape of a job's ``error``.
    """
    return {"type": "lost", "api": api, "error": dict(error)}


def regained(api: str) -> Event:
    """The API answers again."""
    return {"type": "regained", "api": api}


def fatal(message: str, error: t.Mapping[str, t.Any] | None = None) -> Event:
    """The source ends, for a reason that no later poll can mend."""
    return {"type": "fatal", "message": message, "error": dict(error) if error else None}
