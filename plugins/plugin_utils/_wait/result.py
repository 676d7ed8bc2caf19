# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the task result of a wait: the same keys on success, failure and timeout, and its sentence."""

from __future__ import annotations

import typing as t

from ...module_utils._outcome import Outcome, accepted, all_well, ended, not_ended, sentences, unread
from ...module_utils._text import NAMED, duration
from .._engine.poll_loop import Wait
from .._engine.tracked_job import TrackedJob
from .jobs import JobItem
from .session import WaitSession


def result(session: WaitSession, wait: Wait, *, single: bool, on_timeout: str) -> dict[str, t.Any]:
    """The documented result of a wait, however it ended, without secrets.

    :param single: whether one job was asked for, and not a list.
    :param on_timeout: ``fail``, ``warn`` or ``ignore``.
    """
    secrets = session.secrets
    # Masked one by one, because a copy of a thousand jobs takes 1.3 MB.
    by_item = (poll for poll in session.by_item if isinstance(poll, TrackedJob))
    jobs = [secrets.mask(_job(item, tracked)) for item, tracked in zip(session.items, by_item)]
    late = [tracked for tracked in session.tracked_jobs if tracked.timed_out]
    bad = [tracked for tracked in session.tracked_jobs if wait.settings.is_bad(tracked)]
    open_jobs = [tracked for tracked in session.tracked_jobs if not tracked.closed]
    failed = bool(bad or open_jobs or (late and on_timeout == "fail"))
    warnings = list(wait.warnings)[:NAMED]
    if len(wait.warnings) > NAMED:
        warnings.append(f"There are {len(wait.warnings) - NAMED} more warnings of this kind.")
    warnings += _recovered(session, wait)
    message = _sentence(session, wait)
    if late and not failed and on_timeout == "warn":
        warnings.append(message)
    warnings += secrets.warnings
    if not jobs:
        warnings.append("jobs: the list is empty, so there was nothing to wait for.")
    return {
        "changed": False,
        "failed": failed,
        "msg": secrets.mask(message),
        **({"job": jobs[0]} if single else {}),
        "jobs": jobs,
        "finished": all(job["finished"] for job in jobs),
        "succeeded": all(job["succeeded"] for job in jobs),
        "timed_out": bool(late),
        "timedout": {"period": wait.settings.timeout} if late else None,
        "elapsed": round(wait.elapsed, 3),
        "polls": wait.polls,
        "warnings": secrets.mask(warnings),
    }


def _recovered(session: WaitSession, wait: Wait) -> t.Iterator[str]:
    """A warning about errors that ended with a later poll. Errors that lasted are in the sentence on jobs that could not be read."""
    lasting = {one.job.error["message"] for one in session.tracked_jobs if one.job.error}
    if wait.transient_errors == 1 and wait.last_error not in lasting:
        yield f"1 poll failed during the wait and was repeated with success: {wait.last_error}"
    elif wait.transient_errors and wait.last_error not in lasting:
        failed = f"{wait.transient_errors} polls failed during the wait and were repeated with success"
        yield f"{failed}; the last error: {wait.last_error}"


def _job(item: JobItem, tracked: TrackedJob) -> dict[str, t.Any]:
    return {"name": item.name, "label": item.own_label, **tracked.job.as_dict(), "history": tracked.history}


def _sentence(session: WaitSession, wait: Wait) -> str:
    jobs = session.tracked_jobs
    if not jobs:
        return "There was nothing to wait for."
    spoken_of = _spoken_of(jobs, wait)
    if spoken_of:
        return " ".join(sentences(spoken_of, len(jobs)))
    return all_well([ended(one.label, one.job, f" after {duration(wait.elapsed)}") for one in jobs])


def _spoken_of(jobs: t.Sequence[TrackedJob], wait: Wait) -> list[Outcome]:
    """What became of each job that did not end well, the bad ends first."""
    after, settings = f" after {duration(wait.elapsed)}", wait.settings
    within = f" within {duration(settings.timeout)} (timeout)" if settings.timeout else ""
    broken_off = f" when the wait was broken off{after}"
    bad, unknown, late, unended, well_enough = [], [], [], [], []
    for one in jobs:
        name, job = one.label, one.job
        if settings.is_bad(one) and job.finished:
            bad.append(ended(name, job, after))
        elif settings.is_bad(one):
            unknown.append(unread(name, job))
        elif one.timed_out:
            late.append(unread(name, job, within) if job.is_unread else not_ended(name, job, within))
        elif not one.closed:
            unended.append(not_ended(name, job, broken_off))
        elif not job.succeeded:
            well_enough.append(accepted(name, job, "fail_on"))
    return bad + unknown + late + unended + well_enough
