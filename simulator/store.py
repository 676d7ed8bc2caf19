# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs of one system."""

from __future__ import annotations

from .jobs import Job


class JobStore:
    """Jobs by id. They are sorted only for a listing."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._newest_first: list[Job] | None = None

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._jobs

    def add(self, job: Job) -> None:
        """Adds a job; its id must be new."""
        self._jobs[job.id] = job
        self._newest_first = None

    def remove(self, job_id: str) -> None:
        """Removes a job."""
        del self._jobs[job_id]
        self._newest_first = None

    def clear(self) -> None:
        """Removes all jobs."""
        self._jobs.clear()
        self._newest_first = None

    def find(self, job_id: str, now: float) -> Job | None:
        """The job, if the API knows it at ``now``."""
        job = self._jobs.get(job_id)
        return job if job is not None and job.known(now) else None

    def newest_first(self, now: float) -> list[Job]:
        """All jobs that the API knows at ``now``."""
        if self._newest_first is None:
            # Sorted by age and then reversed, so that of two that began together the later added one is the newer.
            self._newest_first = sorted(self._jobs.values(), key=lambda job: job.began)[::-1]
        return [job for job in self._newest_first if job.known(now)]
