# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A verdict as a page for people: one file that loads nothing, and that needs no script to be read.

Built as a tree of elements, so that whatever an API says is escaped by the library that writes it. Colours and patterns of
the bars are SVG, because printers leave out backgrounds, and some servers forbid the styles of a page that they did not make.
"""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import pathlib
import xml.etree.ElementTree as ET

from ...module_utils._text import counted, duration
from ...module_utils._values import to_epoch
from .finished_wait import ReportedJob
from .looks import LOOKS
from .text import moment, plain
from .timeline import UNREAD, Axis, Bar, bars
from .verdict import ACCEPTED, BAD, GOOD, UNJUDGED, Verdict

GROUPS = (("Did not end well", (BAD, UNJUDGED)), ("Accepted", (ACCEPTED,)), ("Ended well", (GOOD,)))
CAP = 2.5
"""Per cent of the axis that an end state takes, which has no length of its own."""
DEEPEST = 3
"""How far children are indented."""


class Page:
    """One page. Build it once, and take :meth:`html`.

    :param along: the time from the wait's begin to its end.
    :param zone: the local time beside UTC; ``None`` is the machine's own.
    """

    def __init__(self, verdict: Verdict, *, title: str, along: Axis, zone: datetime.tzinfo | None = None) -> None:
        self._verdict = verdict
        self._title = title
        self._axis = along
        self._zone = zone

    def html(self) -> str:
        """The document."""
        root = ET.Element("html", {"lang": "en"})
        self._head(add(root, "head"))
        body = add(root, "body")
        add(body, "div", class_="defs").append(_patterns())
        self._outcome(add(body, "header", class_="passed" if self._verdict.passed else "failed"))
        main = add(body, "main")
        self._legend(add(main, "ul", class_="legend"))
        if self._verdict.jobs:
            self._table(add(main, "table"))
        add(body, "script", asset("page.js"))
        return "<!DOCTYPE html>\n" + ET.tostring(root, encoding="unicode", method="html") + "\n"

    def _head(self, head: ET.Element) -> None:
        add(head, "meta", charset="utf-8")
        add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
        add(head, "meta", name="color-scheme", content="light dark")
        # Nothing is loaded, and no script runs but our own: a second lock behind the escaping.
        style, script = asset("page.css"), asset("page.js")
        policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'"
        add(head, "meta", http_equiv="Content-Security-Policy", content=policy)
        add(head, "title", f"{self._title} {_outcome(self._verdict)}")
        add(head, "style", style)

    def _outcome(self, header: ET.Element) -> None:
        verdict = self._verdict
        add(header, "h1", f"{'✓' if verdict.passed else '✗'} {self._title} {_outcome(verdict)}")
        add(header, "p", verdict.message, class_="message")
        facts = add(header, "dl")
        for name, judgements in GROUPS:
            _fact(facts, name, str(len(verdict.of(*judgements))))
        for name, seconds in (("From", self._axis.start), ("To", self._axis.end)):
            self._time(_fact(facts, name), seconds, day=True)
        _fact(facts, "Took", duration(self._axis.end - self._axis.start))

    def _legend(self, legend: ET.Element) -> None:
        for state, look in LOOKS.items():
            item = add(legend, "li")
            _swatch(item, state)
            tail(item, f" {look.sign} {look.word}")

    def _table(self, table: ET.Element) -> None:
        heads = add(add(table, "thead"), "tr")
        for name in ("Job", "State", "Over time (UTC)", "When"):
            add(heads, "th", name, scope="col")
        scale = add(heads[2], "div", class_="scale")
        middle = (self._axis.start + self._axis.end) / 2
        for seconds in (self._axis.start, middle, self._axis.end):
            add(scale, "span", moment(seconds).strftime("%H:%M:%S"))
        for name, judgements in GROUPS:
            jobs = self._verdict.of(*judgements)
            if jobs:
                body = add(table, "tbody")
                add(add(body, "tr", class_="group"), "th", f"{name} ({len(jobs)})", colspan="4", scope="rowgroup")
                for job in jobs:
                    self._rows(body, job, 0)

    def _rows(self, body: ET.Element, job: ReportedJob, depth: int) -> None:
        row = add(body, "tr", class_=f"depth{min(depth, DEEPEST)}")
        self._name(add(row, "td"), job, depth)
        self._state(add(row, "td"), job)
        self._life(add(row, "td", class_="life"), job)
        self._when(add(row, "td", class_="when"), job)
        for child in job.children:
            self._rows(body, child, depth + 1)

    def _name(self, cell: ET.Element, job: ReportedJob, depth: int) -> None:
        add(cell, "strong", ("↳ " if depth else "") + (job.name or job.own_label))
        if job.name:
            add(cell, "span", job.own_label, class_="id")
        if job.known.description:
            add(cell, "p", job.known.description)

    def _state(self, cell: ET.Element, job: ReportedJob) -> None:
        known = job.known
        look = LOOKS[UNREAD if known.error and not known.finished else known.state]
        add(cell, "strong", f"{look.sign} {look.word}")
        if known.native_state:
            add(cell, "span", known.native_state, class_="id")
        why = known.error["message"] if known.error else known.message
        if why and not known.succeeded:
            add(cell, "p", why, class_="why")

    def _life(self, cell: ET.Element, job: ReportedJob) -> None:
        found = bars(job, self._axis)
        told = ", ".join(LOOKS[part.state].word for part in found) or "nothing was seen"
        drawing = add(cell, "svg", width="100%", height="16", role="img", class_="bar")
        add(drawing, "title", f"{told}; at the end {job.known.phrase()}")
        add(drawing, "rect", y="7", width="100%", height="2", class_="line", fill="#888888", opacity="0.35")
        for part in found:
            _draw(drawing, part)
        if job.history:
            details = add(cell, "details")
            add(details, "summary", f"{counted(len(job.history), 'state')} seen")
            entries = add(details, "ol")
            for change in job.history:
                line = add(entries, "li")
                self._time(line, to_epoch(change.at))
                tail(line, f" {change.phrase}")

    def _when(self, cell: ET.Element, job: ReportedJob) -> None:
        for name, time in (("began", job.known.started_at), ("ended", job.known.finished_at)):
            seconds = to_epoch(time)
            if seconds is not None:
                line = add(cell, "p", f"{name} ")
                self._time(line, seconds, day=not self._axis.start <= seconds <= self._axis.end)
        if job.known.duration is not None:
            add(cell, "p", f"took {duration(job.known.duration)}")

    def _time(self, parent: ET.Element, seconds: float | None, *, day: bool = False) -> None:
        """A moment in UTC, and in local time if that differs. A script replaces the latter by the reader's own."""
        if seconds is None:
            return
        utc, local = moment(seconds), moment(seconds, self._zone)
        form = "%Y-%m-%d %H:%M:%S" if day else "%H:%M:%S"
        kind = {"class_": "day"} if day else {}
        add(parent, "time", f"{utc.strftime(form)} UTC", datetime=utc.isoformat(timespec="milliseconds"), **kind)
        other = add(parent, "span", class_="local")
        if local.utcoffset() != utc.utcoffset():
            other.text = f" ({local.strftime(form)} {local.strftime('%Z')})"


@functools.cache
def asset(name: str) -> str:
    """The text of a file beside this one, to be written into the page."""
    return (pathlib.Path(__file__).parent / name).read_text(encoding="utf-8")


def add(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    """A new last child. ``class_`` is ``class``, and ``aria_hidden`` is ``aria-hidden``."""
    clean = {key.rstrip("_").replace("_", "-"): plain(value) for key, value in attributes.items()}
    element = ET.SubElement(parent, tag, clean)
    element.text = None if text is None else plain(text)
    return element


def tail(parent: ET.Element, text: str) -> None:
    """Text after the last child."""
    parent[-1].tail = plain(text)


def _outcome(verdict: Verdict) -> str:
    return "passed" if verdict.passed else "failed"


def _fact(facts: ET.Element, name: str, text: str | None = None) -> ET.Element:
    pair = add(facts, "div")
    add(pair, "dt", name)
    return add(pair, "dd", text)


def _draw(drawing: ET.Element, part: Bar) -> None:
    """A bar; all of the axis is a little narrower than the drawing, so that there is room for an end at its end."""
    room = 100.0 - CAP
    width = max((part.end - part.start) * room, CAP if part.start == part.end else 0.2)
    add(drawing, "rect", x=f"{part.start * room:.2f}%", width=f"{width:.2f}%", height="16", fill=_fill(part.state))


def _swatch(parent: ET.Element, state: str) -> None:
    drawing = add(parent, "svg", width="28", height="16", aria_hidden="true")
    add(drawing, "rect", width="28", height="16", fill=_fill(state))


def _fill(state: str) -> str:
    return f"url(#{state})"


def _patterns() -> ET.Element:
    """For each state a colour and a pattern, so that neither is needed to tell them apart."""
    drawing = ET.Element("svg", {"width": "0", "height": "0", "aria-hidden": "true"})
    definitions = add(drawing, "defs")
    for state, look in LOOKS.items():
        pattern = add(definitions, "pattern", id=state, width="8", height="8", patternUnits="userSpaceOnUse")
        add(pattern, "rect", width="8", height="8", fill=look.colour)
        if look.strokes:
            add(pattern, "path", d=look.strokes, stroke=look.ink, stroke_width="1.6", fill="none")
    return drawing


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
