# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each job of a wait, in the same words for the wait and for the gate that judges it."""

from __future__ import annotations

import typing as t

from ._job import Job
from ._text import of_many


class Outcome(t.NamedTuple):
    """What became of a job.

    :param name: what people call the job.
    :param what: the predicate of a sentence about several jobs.
    :param words: what such a sentence says of this one.
    :param alone: a sentence about this one.
    """

    name: str
    what: str
    words: str
    alone: str


def ended(name: str, job: Job, after: str) -> Outcome:
    """Of a job that has ended.

    :param after: `` after 5 s``, or blank if that is not known.
    """
    what = f"ended {'well' if job.succeeded else 'badly'}{after}"
    return Outcome(name, what, job.phrase(), f"{name} {job.predicate(after)}.")


def unread(name: str, job: Job, late: str = "") -> Outcome:
    """Of a job whose last poll failed.

    :param late: when it should have ended, if time was up: `` within 5 s (timeout)``.
    """
    if late and job.was_read:
        return not_ended(name, job, late)
    alone = f"{name} could not be read{late}: {job.why_unread()}." if late else f"{name} {job.predicate()}."
    return Outcome(name, f"could not be read{late}", job.why_unread(), alone)


def not_ended(name: str, job: Job, when: str, accepted: str = "") -> Outcome:
    """Of a job that was still going on.

    :param when: `` within 5 s (timeout)``.
    :param accepted: ``, which on_timeout accepts``.
    """
    what = f"had not ended{when}{accepted}"
    return Outcome(name, what, job.phrase(), f"{name} {what}: {job.phrase()}.")


def accepted(name: str, job: Job, option: str) -> Outcome:
    """Of a job that did not succeed, which is no failure.

    :param option: the option by which it is none.
    """
    what = f"did not succeed, which {option} accepts"
    return Outcome(name, what, job.phrase(), f"{name} {what}: {job.phrase()}.")


def sentences(outcomes: t.Iterable[Outcome], count: int) -> t.Iterator[str]:
    """A sentence for all jobs that came to the same.

    :param count: how many jobs there are, also those that are not spoken of.
    """
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.what, []).append(outcome)
    for what, group in groups.items():
        yield group[0].alone if count == 1 else of_many([(one.name, one.words) for one in group], count, what)


def all_well(outcomes: t.Sequence[Outcome]) -> str:
    """The sentence if all jobs came to the same good end."""
    return f"All {len(outcomes)} jobs {outcomes[0].what}." if len(outcomes) > 1 else outcomes[0].alone
