# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A verdict as JUnit's XML, which continuous integration servers show: one test case for each job."""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from .finished_wait import ReportedJob
from .text import moment, plain
from .verdict import ACCEPTED, BAD, UNJUDGED, Verdict

OUTCOMES = {BAD: "failure", UNJUDGED: "error", ACCEPTED: "skipped"}
"""A job that has failed fails its test case, also if the policy lets the gate pass: nothing turns red into green here."""


def junit(verdict: Verdict, *, title: str, elapsed: float | None, started: float) -> str:
    """The document.

    :param elapsed: seconds that the wait took.
    :param started: when it began, in seconds since 1970.
    """
    cases = [_case(job, judgement) for job, judgement in zip(verdict.jobs, verdict.judgements)]
    if not cases or not (verdict.passed or verdict.of(BAD, UNJUDGED)):
        cases.append(_whole(title, verdict))
    counts = {
        "tests": str(len(cases)),
        "failures": str(_count(cases, "failure")),
        "errors": str(_count(cases, "error")),
        "skipped": str(_count(cases, "skipped")),
        "time": _seconds(elapsed),
    }
    suite = ET.Element(
        "testsuite", {"name": plain(title), **counts, "timestamp": moment(started).strftime("%Y-%m-%dT%H:%M:%S")}
    )
    suite.extend(cases)
    ET.SubElement(suite, "system-out").text = plain(verdict.message)
    document = ET.Element("testsuites", {name: value for name, value in counts.items() if name != "skipped"})
    document.append(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(document, encoding="unicode") + "\n"


def _case(job: ReportedJob, judgement: str) -> ET.Element:
    known = job.known
    names = {"classname": plain(f"endstate.jobs.{known.system}"), "name": plain(job.label)}
    case = ET.Element("testcase", {**names, "time": _seconds(known.duration)})
    if judgement in OUTCOMES:
        phrase = plain(known.phrase())
        outcome = ET.SubElement(case, OUTCOMES[judgement], {"type": known.state, "message": phrase})
        outcome.text = phrase
    ET.SubElement(case, "system-out").text = plain("\n".join(_lines(job)))
    return case


def _lines(job: ReportedJob) -> t.Iterator[str]:
    """What is known of the job, in lines: its description, the states that were seen, and its children."""
    if job.known.description:
        yield job.known.description
    for change in job.history:
        yield f"{change.at} {change.phrase}"
    for child in job.children:
        yield f"{child.label}: {child.known.phrase()}"


def _whole(title: str, verdict: Verdict) -> ET.Element:
    """The gate itself as a test case, if no job says why it failed. A suite without any case would count as good."""
    case = ET.Element("testcase", {"classname": "endstate.jobs", "name": plain(title), "time": _seconds(None)})
    if not verdict.passed:
        ET.SubElement(case, "error", {"type": "gate", "message": plain(verdict.message)})
    return case


def _count(cases: t.Iterable[ET.Element], outcome: str) -> int:
    return sum(case.find(outcome) is not None for case in cases)


def _seconds(value: float | None) -> str:
    return f"{value or 0.0:.3f}"
