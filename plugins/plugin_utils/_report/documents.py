# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of a report, by the name of their file."""

from __future__ import annotations

import collections
import json

from .._inert import inert
from .finished_wait import FinishedWait
from .junit import junit
from .page import Page
from .text import moment, plain
from .timeline import Axis, axis
from .verdict import Verdict


def documents(verdict: Verdict, wait: FinishedWait, *, title: str, now: float) -> dict[str, str]:
    """All documents; the page for people comes last.

    :param now: seconds since 1970, just after the wait has ended.
    """
    along = axis(wait.jobs, wait.elapsed, now)
    return {
        "report.json": _json(verdict, wait, title=title, along=along),
        "junit.xml": junit(verdict, title=title, elapsed=wait.elapsed, started=along.start),
        "report.html": Page(verdict, title=title, along=along).html(),
    }


def _json(verdict: Verdict, wait: FinishedWait, *, title: str, along: Axis) -> str:
    report = {
        "title": title,
        "passed": verdict.passed,
        "message": verdict.message,
        "started_at": moment(along.start).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "finished_at": moment(along.end).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "elapsed": wait.elapsed,
        "timed_out": wait.timed_out,
        "polls": wait.polls,
        "states": dict(sorted(collections.Counter(job.known.state for job in verdict.jobs).items())),
        "jobs": [{**job.returned, "judgement": judgement} for job, judgement in zip(verdict.jobs, verdict.judgements)],
    }
    # People give the report to a play, with --extra-vars @report.json, and extra variables are templates.
    return plain(json.dumps(inert(report), indent=2, ensure_ascii=False)) + "\n"
