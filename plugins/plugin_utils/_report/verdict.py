# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides by a policy whether a finished wait is good enough. Pure."""

from __future__ import annotations

import dataclasses
import decimal
import re
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._job import BAD_ENDS, UNKNOWN
from ...module_utils._outcome import Outcome, accepted, all_well, ended, not_ended, sentences, unread
from ...module_utils._text import counted, duration, named
from .finished_wait import FinishedWait, Part, ReportedJob

GOOD = "succeeded"
BAD = "failed"
UNJUDGED = "unfinished"
"""The job has not ended, or could not be read, so that it is not known whether it is good."""
ACCEPTED = "accepted"
"""The job did not succeed, but the options of the wait accept that."""

EXPLAINED = 50
"""The number of failed jobs that are published with their message, so that the published data stays small."""
LONGEST = 200
"""The most characters of a published message."""

_ALLOWANCE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(%?)")


@dataclasses.dataclass(frozen=True)
class GatePolicy:
    """What a gate accepts.

    :param allow_failed: how many jobs may not end well: a number such as ``2``, or a percentage such as ``10%``.
    :param allow_empty: whether the gate passes if there were no jobs at all.
    :param fail_on: the end states that the wait was told to fail on.
    :param on_timeout: whether the wait was told to ``fail`` or to ``warn`` when time is up.
    :param prefix: what the names of options begin with in messages.
    """

    allow_failed: str = "0"
    allow_empty: bool = False
    fail_on: frozenset[str] = frozenset(BAD_ENDS)
    on_timeout: str = "fail"
    prefix: str = ""

    def allowance(self, count: int) -> int:
        """How many of ``count`` jobs may fail. Percentages are rounded down: 10% of 15 jobs is 1.

        :raises OptionError: if ``allow_failed`` is neither a number of jobs nor a percentage.
        """
        match = _ALLOWANCE.fullmatch(self.allow_failed.strip())
        number = decimal.Decimal(match[1]) if match else decimal.Decimal("NaN")
        if match and match[2] and number <= 100:
            return int(number * count / 100)
        if match and not match[2] and number == int(number):
            return int(number)
        raise OptionError(
            f"{self.prefix}allow_failed",
            f"expected a number of jobs such as 2 or a percentage such as 10%, got {self.allow_failed!r}.",
        )


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The judgement of a wait."""

    passed: bool
    message: str
    """One or a few sentences for a person on call."""
    jobs: tuple[ReportedJob, ...] = ()
    judgements: tuple[str, ...] = ()
    """For each job ``GOOD``, ``BAD``, ``UNJUDGED`` or ``ACCEPTED``."""

    def of(self, *judgements: str) -> list[ReportedJob]:
        """The jobs with one of these judgements."""
        return [job for job, judgement in zip(self.jobs, self.judgements) if judgement in judgements]

    def published(self) -> dict[str, list[dict[str, t.Any]]]:
        """What the next step of a workflow needs to know of each job."""
        bad = [{**_brief(job), "state": job.known.state, "message": _why(job)} for job in self.of(BAD, UNJUDGED)]
        for one in bad[EXPLAINED:]:
            one["message"] = None
        accepted = [{**_brief(job), "state": job.known.state} for job in self.of(ACCEPTED)]
        return {"succeeded": [_brief(job) for job in self.of(GOOD)], "failed": bad, "accepted": accepted}


def judge(wait: FinishedWait, policy: GatePolicy) -> Verdict:
    """Judges a wait. A job that is not known to be good is bad.

    :raises OptionError: if the policy is none.
    """
    allowed = policy.allowance(len(wait.jobs))
    findings: list[_Finding] = []
    broken: list[str] = []
    for part in wait.parts:
        found = [_judge_job(job, part, wait, policy) for job in part.jobs]
        findings += found
        # Another failure than that of a job, which no policy lets pass.
        if part.failed and not any(one.judgement in (BAD, UNJUDGED) for one in found):
            broken.append(part.message or "The wait failed, and gave no reason.")
    if not findings and not broken:
        return _judge_nothing(wait, policy)
    judgements = tuple(one.judgement for one in findings)
    bad = sum(judgement in (BAD, UNJUDGED) for judgement in judgements)
    # The bad ones first.
    spoken_of = [one.outcome for wanted in (BAD, UNJUDGED, ACCEPTED) for one in findings if one.judgement == wanted]
    said = [*_reasons(broken, len(wait.parts)), *sentences(spoken_of, len(findings))]
    if not said:
        said = [all_well([one.outcome for one in findings])]
    if bad and policy.allow_failed.strip() != "0":
        said.append(f"{allowed} may fail ({policy.prefix}allow_failed: {policy.allow_failed.strip()}).")
    return Verdict(not broken and bad <= allowed, " ".join(said), wait.jobs, judgements)


class _Finding(t.NamedTuple):
    """The judgement of a job, and what became of it."""

    judgement: str
    outcome: Outcome


def _judge_nothing(wait: FinishedWait, policy: GatePolicy) -> Verdict:
    skipped = any(part.skipped for part in wait.parts)
    empty = "The wait was skipped" if skipped else f"{policy.prefix}jobs is empty"
    if policy.allow_empty:
        return Verdict(True, f"{empty}, so there was nothing to wait for.")
    return Verdict(False, f"{empty}. If that is intended, set {policy.prefix}allow_empty: true.")


def _judge_job(job: ReportedJob, part: Part, wait: FinishedWait, policy: GatePolicy) -> _Finding:
    known, name = job.known, job.label
    after = f" after {duration(wait.elapsed)}" if wait.elapsed is not None else ""
    if known.succeeded:
        return _Finding(GOOD, ended(name, known, after))
    if known.finished and known.state in policy.fail_on:
        return _Finding(BAD, ended(name, known, after))
    if known.finished:
        return _Finding(ACCEPTED, accepted(name, known, f"{policy.prefix}fail_on"))
    within = f" within {duration(part.elapsed)}" if part.elapsed is not None else " in time"
    late = f"{within} ({policy.prefix}timeout)"
    if known.error:
        return _Finding(UNJUDGED, unread(name, known, late if part.timed_out else ""))
    if not part.timed_out:
        return _Finding(UNJUDGED, not_ended(name, known, f" when the wait ended{after}"))
    # A state that this version does not know may be a bad end.
    if policy.on_timeout == "warn" and known.state != UNKNOWN:
        return _Finding(ACCEPTED, not_ended(name, known, within, f", which {policy.prefix}on_timeout accepts"))
    return _Finding(UNJUDGED, not_ended(name, known, late))


def _reasons(broken: t.Sequence[str], parts: int) -> t.Iterator[str]:
    """Why waits failed: the reason of the only one, or a sentence about those of a loop, which often have the same."""
    if broken and parts == 1:
        yield broken[0]
    elif broken:
        each = dict.fromkeys(reason.rstrip(".") for reason in broken)
        yield f"{len(broken)} of {counted(parts, 'wait')} failed: {named(list(each))}."


def _brief(job: ReportedJob) -> dict[str, t.Any]:
    return {"name": job.name, "system": job.known.system, "id": job.known.id}


def _why(job: ReportedJob) -> str | None:
    message = job.known.error["message"] if job.known.error else job.known.message
    return message[:LONGEST] if message else None
