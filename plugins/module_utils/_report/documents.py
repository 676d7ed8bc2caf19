# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of a report, by the name of their file."""

from __future__ import annotations

import collections
import json
import typing as t

from .._inert import inert
from .html import Page
from .junit import junit
from .text import moment, plain
from .timeline import axis
from .verdict import Verdict


def documents(verdict: Verdict, result: t.Mapping[str, t.Any], *, title: str, now: float) -> dict[str, str]:
    """All documents; the page for people comes last.

    :param result: what the wait returned.
    :param now: seconds since 1970, just after the wait has ended.
    """
    elapsed = result.get("elapsed")
    along = axis(verdict.jobs, elapsed, now)
    return {
        "report.json": _json(verdict, result, title=title, start=along.start, end=along.end),
        "junit.xml": junit(verdict, title=title, elapsed=elapsed, started=along.start),
        "report.html": Page(verdict, title=title, along=along).html(),
    }


def _json(verdict: Verdict, result: t.Mapping[str, t.Any], *, title: str, start: float, end: float) -> str:
    report = {
        "title": title,
        "passed": verdict.passed,
        "message": verdict.message,
        "started_at": moment(start).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "finished_at": moment(end).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **{name: result.get(name) for name in ("elapsed", "timed_out", "polls")},
        "states": dict(sorted(collections.Counter(job["state"] for job in verdict.jobs).items())),
        "jobs": [{**job, "judgement": judgement} for job, judgement in zip(verdict.jobs, verdict.judgements)],
    }
    # Whoever gives the report to a play, with --extra-vars @report.json, has its text templated.
    return plain(json.dumps(inert(report), indent=2, ensure_ascii=False)) + "\n"
