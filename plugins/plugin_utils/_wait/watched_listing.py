# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a watched listing, for jobs that were not named one by one."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ...module_utils._errors import ApiError, Missing, Unreachable, Unready
from ...module_utils._job import Job
from ...module_utils._systems.base import System
from ...module_utils._systems.options import Options
from .._engine.outage import TOO_MANY_REQUESTS
from .._engine.tracked_listing import ListedJobs

MOST_FAILURES = 10
"""After so many failed readings in a row a job that has left the listing is given up. Without a limit, an API that never tells such jobs
would be asked for more and more of them in each reading."""


class WatchedListing:
    """Reads a listing.

    A job that was running and is no longer listed is read by its id, so that its end is not missed: some listings
    hold the running jobs alone, others the newest. If it cannot be read now, it stays as it is until a later reading.
    It is given up if the API answers, but never with the job.

    :param read: asks for what the options name: the jobs, and in how many seconds the API asks to be read again.
    """

    def __init__(
        self, system: System, options: Options, read: t.Callable[[Options], tuple[list[Job], float | None]]
    ) -> None:
        self._system = system
        self._options = options
        self._read = read
        self._going: dict[str, Job] = {}
        self._failures: collections.Counter[str] = collections.Counter()
        """By job that has left the listing, how often in a row it could not be read though the API has answered."""

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
                del self._failures[job_id]
            except ApiError as error:
                is_of_api = isinstance(error, Unreachable) or error.status == TOO_MANY_REQUESTS
                self._failures[job_id] += not is_of_api
                if self._failures[job_id] >= MOST_FAILURES:
                    jobs[job_id] = dataclasses.replace(job, error=error.as_dict())
                    continue
                warnings[f"Job {job_id} has left the listing and cannot be read now: {error}"] = None
                jobs[job_id] = jobs.pop(job_id)  # the last of the next reading
                if is_of_api:  # the others would fail as well, each perhaps only after request_timeout
                    break
        self._going = {job_id: job for job_id, job in jobs.items() if not (job.finished or job.error)}
        self._failures = collections.Counter({one: self._failures[one] for one in left if one in self._going})
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
