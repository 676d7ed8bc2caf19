# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jinja tests on jobs. Core's own ``finished`` and ``succeeded`` are about tasks and mean other things."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.plugins.module_utils._text import kind_of


def _test(name: str, key: str) -> t.Callable[[t.Any], bool]:
    def test(value: t.Any) -> bool:
        try:
            return holds(value, key)
        except TypeError as error:
            raise AnsibleFilterError(f"endstate.jobs.{name}: {error}") from None

    return test


class TestModule:
    """The collection's tests."""

    def tests(self) -> dict[str, t.Callable[[t.Any], bool]]:
        """By name."""
        return {"job_finished": _test("job_finished", "finished"), "job_succeeded": _test("job_succeeded", "succeeded")}


def holds(value: t.Any, key: str) -> bool:
    """Whether each job in the value has a true ``key``; false where there is no job.

    :param value: a job, a list of jobs, or the registered result of a task of this collection, with or without a ``loop``.
    :raises TypeError: for anything else, and for a job that says neither true nor false or is in a state that there is not:
        a test that is false would be true behind ``is not``.
    """
    answers = [job is not None and _says(job, key) for job in _jobs(value)]
    return bool(answers) and all(answers)


def _says(job: t.Mapping[str, t.Any], key: str) -> bool:
    if job["state"] not in STATES:
        raise TypeError(f"the job's state {job['state']!r} is none of {', '.join(STATES)}.")
    if job[key] is not True and job[key] is not False:
        raise TypeError(f"the job's {key} is neither true nor false but {kind_of(job[key])}.")
    return job[key] is True


def _jobs(value: t.Any) -> t.Iterator[t.Mapping[str, t.Any] | None]:
    """The jobs in the value; ``None`` for one that is not there."""
    if isinstance(value, (list, tuple)) and all(map(_is_job, value)):
        yield from value
    elif not isinstance(value, t.Mapping):
        raise _unexpected(value)
    elif _is_job(value):
        yield value
    elif isinstance(value.get("results"), list):  # of a task with a loop
        for item in value["results"]:
            yield from _jobs(item)
    elif isinstance(value.get("jobs"), list) and all(map(_is_job, value["jobs"])):
        # A missing job is no end, and an empty list of jobs none either; so says any failed attempt.
        yield from value["jobs"] or [None]
    elif value.get("failed") or value.get("skipped") or value.get("unreachable"):
        yield None
    else:
        raise _unexpected(value)


def _is_job(value: t.Any) -> bool:
    return isinstance(value, t.Mapping) and all(key in value for key in ("system", "state", "finished", "succeeded"))


def _unexpected(value: t.Any) -> TypeError:
    got = kind_of(value)
    if isinstance(value, t.Mapping):
        got = f"a dictionary with the keys {', '.join(map(str, value))}" if value else "an empty dictionary"
    return TypeError(f"expected a job, a list of jobs, or the registered result of a task of endstate.jobs, got {got}.")
