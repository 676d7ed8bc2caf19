# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Jinja tests ask of a registered result: one job or many, or an attempt that failed and has none."""

from __future__ import annotations

import typing as t


def holds(value: t.Any, key: str) -> bool:
    """Whether each job in the value has a true ``key``; false where there is no job.

    :param value: a job, a list of jobs, or the registered result of a task of this collection, with or without a ``loop``.
    :raises TypeError: for anything else.
    """
    jobs = list(_jobs(value))
    return bool(jobs) and all(job is not None and bool(job[key]) for job in jobs)


def _jobs(value: t.Any) -> t.Iterator[t.Mapping[str, t.Any] | None]:
    """The jobs in the value; ``None`` for one that is not there."""
    if isinstance(value, t.Mapping):
        if _is_job(value):
            yield value
            return
        if "results" in value and isinstance(value["results"], list):  # of a task with a loop
            for item in value["results"]:
                yield from _jobs(item)
            return
        if "jobs" in value and isinstance(value["jobs"], list):
            # A missing job is no end, and an empty list of jobs none either; so says any failed attempt.
            yield from value["jobs"] or [None]
            return
        if value.get("failed") or value.get("skipped") or value.get("unreachable"):
            yield None
            return
    elif isinstance(value, (list, tuple)) and all(isinstance(job, t.Mapping) and _is_job(job) for job in value):
        yield from value
        return
    raise TypeError(
        f"expected a job, a list of jobs, or the registered result of a task of endstate.jobs, got {_kind(value)}."
    )


def _is_job(value: t.Mapping[str, t.Any]) -> bool:
    return "system" in value and "finished" in value and "succeeded" in value


def _kind(value: t.Any) -> str:
    return (
        f"a dictionary with the keys {', '.join(map(str, value))}"
        if isinstance(value, t.Mapping)
        else type(value).__name__
    )
