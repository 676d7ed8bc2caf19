# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a watched listing, for jobs that were not named one by one."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import ApiError, Missing, Unready
from ...module_utils._job import Job
from ...module_utils._systems.base import System
from ...module_utils._systems.options import Options
from .._engine.tracked_listing import ListedJobs


class WatchedListing:
    """Reads a listing.

    A job that was running and is no longer listed is read by its id, so that its end is not missed: some listings
    hold the running jobs alone, others the newest. If it cannot be read now, it stays as it is until a later reading.

    :param read: asks for what the options name: the jobs, and in how many seconds the API asks to be read again.
    """

    def __init__(
        self, system: System, options: Options, read: t.Callable[[Options], tuple[list[Job], float | None]]
    ) -> None:
        self._system = system
        self._options = options
        self._read = read
        self._going: dict[str, Job] = {}

    def __call__(self) -> ListedJobs:
        """The jobs in one reading.

        :raises ApiError: when the listing cannot be read.
        """
        listed, retry_after = self._read(self._options)
        jobs = {job.id: job for job in listed if job.id is not None}
        warnings = dict.fromkeys(warning for job in listed for warning in job.warnings)
        if any(job.id is None for job in listed):
            warnings["The listing has jobs without an id, which cannot be watched."] = None
        left = {job_id: job for job_id, job in self._going.items() if job_id not in jobs}
        jobs.update(left)
        for job_id, job in left.items():
            try:
                jobs[job_id] = self._alone(job_id, job)
            except ApiError as error:
                warnings[f"Job {job_id} has left the listing and cannot be read now: {error}"] = None
                jobs[job_id] = jobs.pop(job_id)  # the last of the next reading
                if error.status is None:  # each of the others might wait for an answer as long
                    break
        self._going = {job_id: job for job_id, job in jobs.items() if not (job.finished or job.error)}
        return ListedJobs(tuple(jobs.values()), tuple(warnings), retry_after)

    def _alone(self, job_id: str, job: Job) -> Job:
        """The job, read by its id.

        :raises ApiError: when a later reading may succeed.
        """
        options = self._system.naming(self._options, job_id)
        if any(options[name] is None for name in self._system.ids):
            return job  # a listing over many parents does not tell this job's: it goes on until it is listed again
        try:
            jobs, _retry_after = self._read(options)
            return jobs[0]
        except ApiError as error:
            if error.transient or isinstance(error, Unready):  # the API has just answered, so it can recover
                raise
            if isinstance(error, Missing):
                error = error.of_known_job(self._system.if_gone)
            return dataclasses.replace(job, error=error.as_dict())
