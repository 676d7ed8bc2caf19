# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences on the outcome of each job of a wait, in the same words for the wait and for the gate."""

from __future__ import annotations

import typing as t

from ._job import Job
from ._text import of_many


class Outcome(t.NamedTuple):
    """The outcome of a job, as text.

    :param name: the job's name in messages.
    :param what: the predicate of a sentence about several jobs.
    :param words: the text on this job in the sentence about several jobs.
    :param alone: a sentence about this job only.
    """

    name: str
    what: str
    words: str
    alone: str


def ended(name: str, job: Job, after: str) -> Outcome:
    """The outcome of a job that has ended.

    :param after: `` after 5 s``, or blank if that is not known.
    """
    what = f"ended {'well' if job.succeeded else 'badly'}{after}"
    return Outcome(name, what, job.phrase(), f"{name} {job.predicate(after)}.")


def unread(name: str, job: Job, late: str = "") -> Outcome:
    """The outcome of a job whose last poll failed.

    :param late: the limit that was exceeded, if the wait has timed out: `` within 5 s (timeout)``.
    """
    if late and job.was_read:
        return not_ended(name, job, late)
    alone = f"{name} could not be read{late}: {job.why_unread()}." if late else f"{name} {job.predicate()}."
    return Outcome(name, f"could not be read{late}", job.why_unread(), alone)


def not_ended(name: str, job: Job, when: str, accepted: str = "") -> Outcome:
    """The outcome of a job that had not ended.

    :param when: the limit that was exceeded: `` within 5 s (timeout)``.
    :param accepted: ``, which on_timeout accepts``; blank if the outcome is a failure.
    """
    what = f"had not ended{when}{accepted}"
    return Outcome(name, what, job.phrase(), f"{name} {what}: {job.phrase()}.")


def accepted(name: str, job: Job, option: str) -> Outcome:
    """The outcome of a job that did not succeed, although the task accepts that.

    :param option: the option that accepts the outcome.
    """
    what = f"did not succeed, which {option} accepts"
    return Outcome(name, what, job.phrase(), f"{name} {what}: {job.phrase()}.")


def sentences(outcomes: t.Iterable[Outcome], count: int) -> t.Iterator[str]:
    """One sentence for each group of jobs with the same outcome.

    :param count: the number of all jobs, including jobs without an outcome here.
    """
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.what, []).append(outcome)
    for what, group in groups.items():
        yield group[0].alone if count == 1 else of_many([(one.name, one.words) for one in group], count, what)


def all_well(outcomes: t.Sequence[Outcome]) -> str:
    """The sentence for the case that all jobs have the same good outcome."""
    return f"All {len(outcomes)} jobs {outcomes[0].what}." if len(outcomes) > 1 else outcomes[0].alone
