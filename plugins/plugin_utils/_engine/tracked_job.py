# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait knows about one job, updated with each answer."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import ApiError, Missing
from ...module_utils._job import RUNNING, Job
from ...module_utils._values import from_epoch, to_epoch
from .intervals import Sample, estimated_end
from .outage import ApiHealth
from .poll import Poll


class TrackedJob(Poll):
    """One job of a wait.

    :param job: what is known before the first answer: system and id.
    :param label: the job's name in messages.
    :param api: the API that has the job.
    :param fetch: reads the job once. Raises :class:`ApiError`.
    :param settle: the settle time in seconds: how long an end must last if children may still appear.
    :param linear: whether the job's progress grows linearly.
    :param if_gone: a sentence for a job that the API no longer knows: why that may be, and what to do.
    """

    def __init__(
        self,
        job: Job,
        *,
        label: str,
        api: ApiHealth,
        fetch: t.Callable[[], Job],
        settle: float = 0.0,
        linear: bool = False,
        if_gone: str | None = None,
    ) -> None:
        super().__init__(label, api, fetch)
        self.job = job
        self.history: list[dict[str, t.Any]] = []
        self.seen = False
        """Whether the API has ever known the job."""
        self.missing_since: float | None = None
        self.awaits_children = False
        """Whether the job itself has ended, so that the wait now polls for its children."""
        self._native_since = 0.0
        self._settle = settle
        self._linear = linear
        self._if_gone = if_gone
        self._samples: list[Sample] = []

    def record(self, job: Job, now: float, wall: float) -> bool:
        """Records an answer. Returns whether the state has changed.

        :param now: seconds, monotonic.
        :param wall: seconds since 1970.
        """
        self._native_since = self._since(job, now)
        self.awaits_children = job.settles or bool(job.children)
        if self.settling(job, now):
            job = job.unsettled()
        changed = not self.seen or (job.state, job.native_state) != (self.job.state, self.job.native_state)
        if changed:
            self.changed_at = now
            entry = {
                "state": job.state,
                "native_state": job.native_state,
                "progress": job.progress,
                "at": from_epoch(wall),
            }
            self.history.append(entry)
        self._sample(job, now)
        self.job, self.seen, self.missing_since = job, True, None
        return changed

    def settling(self, job: Job, now: float) -> bool:
        """Whether the job's end has not lasted for the settle time yet."""
        return job.settles and job.finished and now < self.settled_at(job, now)

    def settled_at(self, job: Job, now: float) -> float:
        """When (seconds, monotonic) the settle time of the job's end is over."""
        return self._since(job, now) + self._settle

    def _since(self, job: Job, now: float) -> float:
        """Since when (seconds, monotonic) the job has had its ``native_state``."""
        return self._native_since if self.seen and job.native_state == self.job.native_state else now

    def seconds_left(self, now: float, wall: float) -> float | None:
        """Seconds to the job's end, by the vendor's estimate or by its progress; negative if that time has passed; ``None`` without an
        estimate."""
        eta = to_epoch(self.job.eta_at)
        if eta is not None and eta > wall:
            return eta - wall
        end = estimated_end(self._samples) if self._linear else None
        if end is not None:
            return end - now
        return eta - wall if eta is not None else None

    @property
    def error(self) -> dict[str, t.Any] | None:  # type: ignore[override]
        """Why the last poll could not read the job; ``None`` if it could."""
        return self.job.error

    def record_error(self, error: ApiError) -> None:
        """Records why the job could not be read."""
        self.job = dataclasses.replace(self.job, error=error.as_dict())

    def record_missing(self, error: Missing, now: float, grace: float) -> float:
        """Records that the API does not know the job. Returns the seconds for which the job may still appear; 0 or less: no longer.

        A job that was just created may not be visible yet. A job that was seen and is gone will not come back.

        :param grace: the missing grace in seconds, from the time at which the job was first missing.
        """
        self.record_error(error.of_known_job(self._if_gone) if self.seen else error)
        if self.missing_since is None:
            self.missing_since = now
        return 0.0 if self.seen else grace - self.missing_for(now)

    def missing_for(self, now: float) -> float:
        """Seconds since the API first answered that it does not know the job."""
        return 0.0 if self.missing_since is None else now - self.missing_since

    def _sample(self, job: Job, now: float) -> None:
        if job.state != RUNNING or job.progress is None:
            self._samples = []
        elif not self._samples or job.progress < self._samples[-1].progress:
            self._samples = [Sample(now, job.progress)]
        elif job.progress > self._samples[-1].progress:
            self._samples = [self._samples[0], Sample(now, job.progress)]
