# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a report's page looks. Data: the states' looks, a style sheet, and a script that the page can do without."""

from __future__ import annotations

import dataclasses

from .._job import CANCELLED, FAILED, PENDING, RUNNING, SKIPPED, SUCCEEDED, UNKNOWN
from .timeline import UNREAD


@dataclasses.dataclass(frozen=True)
class Look:
    """A state for the eye, in three ways at once: a sign and a word, a colour, a pattern."""

    sign: str
    word: str
    colour: str
    ink: str = "#ffffff"
    strokes: str = ""
    """An SVG path on a tile of 8 by 8; none is a plain bar."""


# The colours are those of Okabe and Ito, which people with any of the usual kinds of colour-blindness can tell apart.
LOOKS = {
    PENDING: Look("○", "pending", "#d9d9d9", "#555555", "M4 3v2"),
    RUNNING: Look("▶", "running", "#56b4e9", "#ffffff", "M-2 2l4-4M0 8l8-8M6 10l4-4"),
    SUCCEEDED: Look("✓", "succeeded", "#009e73"),
    FAILED: Look("✗", "failed", "#d55e00", "#000000", "M0 0l8 8M0 8l8-8"),
    CANCELLED: Look("■", "cancelled", "#cc79a7", "#000000", "M4 0v8"),
    SKIPPED: Look("»", "skipped", "#f0e442", "#000000", "M0 4h8"),
    UNKNOWN: Look("?", "unknown", "#ffffff", "#888888", "M0 8l8-8"),
    UNREAD: Look("!", "could not be read", "#000000", "#ffffff", "M0 4h8M4 0v8"),
}

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #ffffff; --faint: #5c5c66; --rule: #d5d5dc;
  --good: #00664a; --bad: #a33c00; --band: #f3f3f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ee; --paper: #17171b; --faint: #a5a5b0; --rule: #3c3c46;
  --good: #3ccfa0; --bad: #ff9a57; --band: #222228; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 90rem; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
.defs { position: absolute; width: 0; height: 0; overflow: hidden; }
header { border-left: .5rem solid; padding: .25rem 1rem; margin-bottom: 1rem; }
header.passed { border-color: var(--good); } header.failed { border-color: var(--bad); }
h1 { font-size: 1.6rem; margin: 0; } .passed h1 { color: var(--good); } .failed h1 { color: var(--bad); }
.message { max-width: 70rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }
dt, .id, .local, .when, summary, .scale { color: var(--faint); font-size: .85rem; } dd { margin: 0; font-weight: 600; }
dd .local { font-weight: 400; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0 0 1rem; padding: 0; }
.legend svg { vertical-align: -.15rem; }
#search { display: block; width: 100%; max-width: 30rem; margin-bottom: 1rem; padding: .5rem .75rem; font: inherit;
  color: inherit; background: var(--paper); border: 1px solid var(--faint); border-radius: .35rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th { text-align: left; font-weight: 600; } th, td { padding: .4rem .75rem .4rem 0; vertical-align: top; }
thead th:nth-child(1) { width: 25%; } thead th:nth-child(2) { width: 24%; } thead th:nth-child(4) { width: 19%; }
tr { border-bottom: 1px solid var(--rule); } .group th { background: var(--band); padding: .4rem .75rem; }
td p { margin: 0; } .id { display: block; } .why { font-size: .9rem; }
.depth1 td:first-child { padding-left: 1.25rem; } .depth2 td:first-child { padding-left: 2.5rem; }
.depth3 td:first-child { padding-left: 3.75rem; }
.scale { display: flex; justify-content: space-between; font-weight: 400; } .bar { display: block; }
.life ol { margin: .25rem 0 0; padding-left: 1.25rem; font-size: .85rem; } summary { cursor: pointer; }
.hidden { display: none; }
@media (max-width: 44rem) {
  thead tr, tr, td { display: block; width: 100%; } thead th:not(:nth-child(3)) { display: none; }
  thead th:nth-child(3), .group th { display: block; width: 100%; } td { padding: .1rem 0; }
  tr { padding: .5rem 0; } .hidden { display: none; } .when p { display: inline; margin-right: .75rem; }
}
@media print {
  :root { --ink: #000000; --paper: #ffffff; --faint: #333333; --rule: #999999; --good: #000000; --bad: #000000; --band: #ffffff; }
  body { max-width: none; padding: 0; font-size: 9pt; } #search { display: none; } tr { break-inside: avoid; }
  thead { display: table-header-group; } details::details-content { content-visibility: visible; display: block; }
}
"""

# Adds what a page alone cannot: a search over thousands of rows, and the reader's own time zone.
SCRIPT = """
"use strict";
const clock = {hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short"};
const hours = new Intl.DateTimeFormat([], clock);
const days = new Intl.DateTimeFormat([], {year: "numeric", month: "short", day: "numeric", ...clock});
for (const time of document.querySelectorAll("time")) {
  const moment = new Date(time.dateTime), own = time.className == "day" ? days : hours;
  time.nextElementSibling.textContent = moment.getTimezoneOffset() ? " (" + own.format(moment) + ")" : "";
}
const table = document.querySelector("table");
if (table) {
  const rows = [...table.querySelectorAll("tbody tr:not(.group)")];
  const texts = rows.map(row => row.textContent.toLowerCase());
  const search = document.createElement("input");
  Object.assign(search, {id: "search", type: "search", placeholder: "Search jobs, states, messages"});
  search.setAttribute("aria-label", search.placeholder);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    rows.forEach((row, at) => row.classList.toggle("hidden", !texts[at].includes(wanted)));
  });
  table.before(search);
}
"""
