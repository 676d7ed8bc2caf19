# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a finished wait is good enough, by a policy. Pure: reads what ``wait_for_job`` returned, and does nothing."""

from __future__ import annotations

import dataclasses
import decimal
import re
import typing as t

from .._errors import OptionError
from .._job import BAD_ENDS, Job, state_of
from .._text import counted, duration, named

GOOD = "succeeded"
BAD = "failed"
UNJUDGED = "unfinished"
"""It had not ended, or could not be read: nobody knows whether it is good."""
ACCEPTED = "accepted"
"""Not good, and by the wait's own options no failure either."""

EXPLAINED = 50
"""How many failed jobs are published with their message, so that what is published stays small."""
LONGEST = 200
"""Characters of a published message."""

_NEEDED = {"system", "id", "state", "finished", "succeeded"}
_ALLOWANCE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(%?)")


@dataclasses.dataclass(frozen=True)
class GatePolicy:
    """What a gate lets pass.

    :param allow_failed: how many jobs may not end well: a number such as ``2``, or a percentage such as ``10%``.
    :param allow_empty: whether it is good that there were no jobs at all.
    :param fail_on: the end states that the wait was told to fail on.
    :param on_timeout: whether the wait was told to ``fail`` or to ``warn`` where time is up.
    """

    allow_failed: str = "0"
    allow_empty: bool = False
    fail_on: frozenset[str] = frozenset(BAD_ENDS)
    on_timeout: str = "fail"

    def allowance(self, count: int) -> int:
        """How many of so many jobs may fail. What is left of a percentage is no job.

        :raises OptionError: where ``allow_failed`` is neither a number of jobs nor a percentage.
        """
        match = _ALLOWANCE.fullmatch(self.allow_failed.strip())
        number = decimal.Decimal(match[1]) if match else decimal.Decimal("NaN")
        if match and match[2] and number <= 100:
            return int(number * count / 100)
        if match and not match[2] and number == int(number):
            return int(number)
        raise OptionError(
            "allow_failed",
            f"expected a number of jobs such as 2 or a percentage such as 10%, got {self.allow_failed!r}.",
        )


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a wait came to, by a policy."""

    passed: bool
    message: str
    """One or two sentences for a person on call."""
    jobs: tuple[t.Mapping[str, t.Any], ...] = ()
    judgements: tuple[str, ...] = ()
    """For each job ``GOOD``, ``BAD``, ``UNJUDGED`` or ``ACCEPTED``."""

    def of(self, *judgements: str) -> list[t.Mapping[str, t.Any]]:
        """The jobs that were judged so."""
        return [job for job, judgement in zip(self.jobs, self.judgements) if judgement in judgements]

    def published(self) -> dict[str, list[dict[str, t.Any]]]:
        """What the next step of a workflow needs to know of each job, and no more."""
        bad = [{**_brief(job), "state": job["state"], "message": _why(job)} for job in self.of(BAD, UNJUDGED)]
        for one in bad[EXPLAINED:]:
            one["message"] = None
        accepted = [{**_brief(job), "state": job["state"]} for job in self.of(ACCEPTED)]
        return {"succeeded": [_brief(job) for job in self.of(GOOD)], "failed": bad, "accepted": accepted}


def judge(result: t.Mapping[str, t.Any], policy: GatePolicy) -> Verdict:
    """Judge what ``wait_for_job`` returned. What is not known to be good is bad.

    :raises OptionError: where ``result`` is nothing that ``wait_for_job`` returns, or the policy is none.
    """
    policy.allowance(0)
    if "jobs" not in result:
        return Verdict(False, str(result.get("msg") or "The wait returned no jobs, and no reason for it."))
    jobs = tuple(checked(result["jobs"]))
    if not jobs:
        return _judge_nothing(result, policy)
    timed_out = bool(result.get("timed_out"))
    judgements = tuple(_judge_job(job, timed_out, policy) for job in jobs)
    bad = [job for job, judgement in zip(jobs, judgements) if judgement in (BAD, UNJUDGED)]
    allowed = policy.allowance(len(jobs))
    if result.get("failed") and not bad:  # it has broken down, which no policy lets pass
        return Verdict(False, str(result.get("msg") or "The wait failed."), jobs, judgements)
    message = _sentence(jobs, judgements, bad, allowed, result.get("elapsed"))
    return Verdict(len(bad) <= allowed, message, jobs, judgements)


def checked(jobs: t.Any) -> list[dict[str, t.Any]]:
    """Jobs in the one shape.

    :raises OptionError: for anything else.
    """
    if isinstance(jobs, list) and all(isinstance(job, dict) and job.keys() >= _NEEDED for job in jobs):
        return jobs
    raise OptionError("result", "expected what endstate.jobs.wait_for_job returned.")


def label(job: t.Mapping[str, t.Any]) -> str:
    """What people call a job."""
    own = f"{job['system']} {job['id']}"
    return f"{job['name']} ({own})" if job.get("name") else own


def phrase(job: t.Mapping[str, t.Any]) -> str:
    """A job's state for people, as ``wait_for_job`` says it."""
    known: dict[str, t.Any] = {name: job.get(name) for name in ("native_state", "progress", "message", "error")}
    return Job(job["system"], job["id"], job["state"], **known).phrase()


def seen(entry: t.Mapping[str, t.Any]) -> str:
    """An entry of a job's history for people, but for its time: ``running (ACT/PEND, 45 %)``."""
    return state_of(entry["state"], entry.get("native_state"), entry.get("progress"))


def _judge_nothing(result: t.Mapping[str, t.Any], policy: GatePolicy) -> Verdict:
    if result.get("failed"):
        return Verdict(False, str(result.get("msg") or "The wait failed."))
    empty = "The list of jobs is empty, so there was nothing to wait for."
    if policy.allow_empty:
        return Verdict(True, empty)
    return Verdict(False, f"{empty} Where that is no mistake, set allow_empty.")


def _judge_job(job: t.Mapping[str, t.Any], timed_out: bool, policy: GatePolicy) -> str:
    if job["succeeded"]:
        return GOOD
    if job["finished"]:
        return BAD if job["state"] in policy.fail_on else ACCEPTED
    late = timed_out and not job.get("error")
    return ACCEPTED if late and policy.on_timeout == "warn" else UNJUDGED


def _sentence(
    jobs: t.Sequence[t.Mapping[str, t.Any]],
    judgements: t.Sequence[str],
    bad: t.Sequence[t.Mapping[str, t.Any]],
    allowed: int,
    elapsed: float | None,
) -> str:
    count = len(jobs)
    after = f" after {duration(elapsed)}" if elapsed is not None else ""
    good = judgements.count(GOOD)
    if good == count:
        return f"All {count} jobs ended well{after}." if count > 1 else f"{label(jobs[0])} ended well{after}."
    parts = []
    if bad:
        may = f" (allowed: {allowed})" if allowed else ""
        parts.append(f"{len(bad)} of {counted(count, 'job')} did not end well{may}{after}: {_named(bad)}.")
    accepted = [job for job, judgement in zip(jobs, judgements) if judgement == ACCEPTED]
    if accepted:
        parts.append(f"{len(accepted)} of {counted(count, 'job')} may be as they are: {_named(accepted)}.")
    return " ".join(parts)


def _named(jobs: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    return named([f"{label(job)}: {phrase(job)}" for job in jobs])


def _brief(job: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {"name": job.get("name"), "system": job["system"], "id": job["id"]}


def _why(job: t.Mapping[str, t.Any]) -> str | None:
    error = job.get("error")
    message = error["message"] if error else job.get("message")
    return message[:LONGEST] if message else None
