# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait came to: the one result that is returned on every path out, and its sentence."""

from __future__ import annotations

import typing as t

from ...module_utils._text import NAMED, counted, duration, named
from .._engine.poll_loop import Wait
from .._engine.tracked_job import TrackedJob
from .session import WaitSession


def result(session: WaitSession, wait: Wait, *, single: bool, on_timeout: str) -> dict[str, t.Any]:
    """The documented result of a wait, however it ended, without secrets.

    :param single: whether one job was asked for, and not a list.
    :param on_timeout: ``fail``, ``warn`` or ``ignore``.
    """
    secrets = session.secrets
    # One by one, for a copy of a thousand jobs takes 1.3 MB.
    by_item = (poll for poll in session.by_item if isinstance(poll, TrackedJob))
    jobs = [secrets.mask(_job(item.name, tracked)) for item, tracked in zip(session.items, by_item)]
    late = [tracked for tracked in session.tracked_jobs if tracked.timed_out]
    bad = [tracked for tracked in session.tracked_jobs if wait.settings.is_bad(tracked)]
    left = [tracked for tracked in session.tracked_jobs if not tracked.closed]
    failed = bool(bad or left or (late and on_timeout == "fail"))
    warnings = list(wait.warnings)[:NAMED]
    if len(wait.warnings) > NAMED:
        warnings.append(f"There are {len(wait.warnings) - NAMED} more warnings of this kind.")
    if wait.transient_errors:
        last = ":" if wait.transient_errors == 1 else "; the last error:"
        warnings.append(f"{counted(wait.transient_errors, 'poll')} failed during the wait{last} {wait.last_error}")
    if late and not failed and on_timeout == "warn":
        warnings.append(_sentence(session, wait, [], late, []))
    warnings += secrets.warnings
    if not jobs:
        warnings.append("jobs: the list is empty, so there was nothing to wait for.")
    return {
        "changed": False,
        "failed": failed,
        "msg": secrets.mask(_sentence(session, wait, bad, late, left)),
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


def _job(name: str | None, tracked: TrackedJob) -> dict[str, t.Any]:
    return {"name": name, **tracked.job.as_dict(), "history": tracked.history}


def _sentence(
    session: WaitSession,
    wait: Wait,
    bad: t.Sequence[TrackedJob],
    late: t.Sequence[TrackedJob],
    left: t.Sequence[TrackedJob],
) -> str:
    count = len(session.tracked_jobs)
    parts = []
    if bad:
        parts.append(_named(bad, count, "ended badly or could not be read"))
    if late:
        parts.append(_named(late, count, f"had not ended after {duration(wait.settings.timeout)}"))
    if left:
        parts.append(_named(left, count, f"had not ended when the wait was broken off after {duration(wait.elapsed)}"))
    if parts:
        return " ".join(parts)
    if count == 1:
        return f"{session.tracked_jobs[0].label} {session.tracked_jobs[0].job.phrase()} after {duration(wait.elapsed)}."
    return f"All {count} jobs have ended after {duration(wait.elapsed)}." if count else "There was nothing to wait for."


def _named(tracked_jobs: t.Sequence[TrackedJob], count: int, what: str) -> str:
    each = named([f"{tracked.label}: {tracked.job.phrase()}" for tracked in tracked_jobs])
    return f"{len(tracked_jobs)} of {counted(count, 'job')} {what}: {each}."
