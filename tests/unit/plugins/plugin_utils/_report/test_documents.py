# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import datetime
import hashlib
import html.parser
import pathlib
import re
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.plugins.plugin_utils._report import page as page_module
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.junit import junit
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.looks import LOOKS
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.page import Page
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.timeline import UNREAD, Axis
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import GatePolicy, judge
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, job

KEYS = {case.name: case.key for case in CASES}

AXIS = Axis(1_700_000_000.0, 1_700_000_065.0)
EVIL = "</script><script>alert(1)</script> & \"quoted\" 'too' \x00 \ud800 ]]>"
HISTORY = [{"state": "running", "native_state": EVIL, "progress": 3.0, "at": "2023-11-14T22:13:21.500Z"}]
CHILD = job("strata", "31", "failed", message="no such zone", finished_at="2023-11-14T22:13:30Z")
JOBS = [
    job("strata", "1", "succeeded", duration=12.3456),
    job("xclarity", "2", "failed", message=EVIL, description=EVIL, native_state=EVIL),
    {**job("strata", "3", "failed", children=[CHILD]), "name": EVIL, "history": HISTORY},
    job("strata", "4", "skipped"),
    job("strata", "5", "running", error={"kind": "timeout", "message": "No answer in time."}),
]


def verdict(jobs=None, **more):
    wait = read_wait({"jobs": JOBS if jobs is None else jobs, "elapsed": 65.0, **more}, KEYS)
    return judge(wait, GatePolicy(fail_on=frozenset({"failed"})))


class Reader(html.parser.HTMLParser):
    """What a browser would make of a page: its tags with their attributes, its text, and its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.scripts += tag == "script"

    def handle_data(self, data):
        self.text += data


def page(zone=datetime.timezone.utc, **more) -> Reader:
    return Reader(Page(verdict(**more), title="Rollout", along=AXIS, zone=zone).html())


def test_the_page_shows_what_an_api_says_as_text() -> None:
    read = page()
    assert read.scripts == 1
    assert "</script><script>alert(1)</script> & \"quoted\" 'too' \ufffd \ufffd ]]>" in read.text


def test_the_page_loads_nothing() -> None:
    read = page()
    for tag, attributes in read.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert not attributes.keys() & {"src", "href", "style", "action"}
    metas = [attributes for tag, attributes in read.tags if tag == "meta"]
    policies = [meta["content"] for meta in metas if meta.get("http-equiv") == "Content-Security-Policy"]
    assert [policy.split(";")[0] for policy in policies] == ["default-src 'none'"]


def test_style_and_script_are_the_files_beside_the_page_and_nothing_else_may_run() -> None:
    text = Page(verdict(), title="Rollout", along=AXIS).html()
    (policy,) = re.findall(r'content="(default-src [^"]*)"', text)
    allowed = ["default-src 'none'"]
    for tag, name in (("style", "page.css"), ("script", "page.js")):
        (embedded,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert embedded == (pathlib.Path(page_module.__file__).parent / name).read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(embedded.encode("utf-8")).digest()).decode("ascii")
        allowed.append(f"{tag}-src 'sha256-{digest}'")
    assert policy == "; ".join(allowed)


def test_failures_come_first_and_children_below_their_parent() -> None:
    rows = page().text.split("Over time (UTC)")[1]
    order = ["firmware_repo 2", "config_job 3", "config_job 31", "config_job 5", "config_job 4", "config_job 1"]
    places = [rows.index(name) for name in order]
    assert places == sorted(places)


def test_a_state_has_a_sign_a_word_a_colour_and_a_pattern_of_its_own() -> None:
    assert LOOKS.keys() == {*STATES, UNREAD}
    for part in ("sign", "word", "colour", "strokes"):
        assert len({getattr(look, part) for look in LOOKS.values()}) == len(LOOKS)


def test_times_are_in_utc_and_local() -> None:
    read = page(datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST"))
    assert "2023-11-14 22:13:20 UTC (2023-11-15 03:43:20 IST)" in read.text
    assert "22:13:21 UTC (03:43:21 IST)" in read.text
    assert "UTC (" not in page().text


def test_a_gate_that_passed_says_so() -> None:
    read = page(jobs=JOBS[:1])
    assert "✓ Rollout passed" in read.text
    assert "✗" not in read.text.replace("✗ failed", "")


@pytest.mark.parametrize("jobs", [[], JOBS])
def test_junit_counts_what_it_holds(jobs) -> None:
    document = ET.fromstring(junit(verdict(jobs), title="Rollout", elapsed=65.0, started=AXIS.start).encode())
    (suite,) = document
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(name)) == len(list(suite.iter(tag)))
    assert suite.get("timestamp") == "2023-11-14T22:13:20"


def test_junit_has_a_case_for_each_job() -> None:
    text = junit(verdict(), title="Rollout", elapsed=65.0, started=AXIS.start)
    cases = list(ET.fromstring(text.encode("utf-8")).iter("testcase"))
    assert [case.get("name") for case in cases][:2] == ["config_job 1", "firmware_repo 2"]
    outcomes = [[child.tag for child in case if child.tag != "system-out"] for case in cases]
    assert outcomes == [[], ["failure"], ["failure"], ["skipped"], ["error"]]
    assert (cases[0].get("time"), cases[0].get("classname")) == ("12.346", "endstate.jobs.strata")
    assert "config_job 31: failed: no such zone" in (cases[2].findtext("system-out") or "")
    assert cases[4].find("error").get("message") == "could not be read, last seen running: No answer in time"


def test_junit_of_a_gate_without_jobs_fails() -> None:
    text = junit(verdict([], msg="x"), title="Rollout", elapsed=None, started=AXIS.start)
    assert [case.get("name") for case in ET.fromstring(text.encode()).iter("testcase")] == ["Rollout"]
    assert "jobs is empty" in next(ET.fromstring(text.encode()).iter("error")).get("message")


def test_junit_of_a_wait_that_failed_beside_good_jobs_fails() -> None:
    text = junit(verdict(JOBS[:1], failed=True, msg="A bug."), title="Rollout", elapsed=None, started=AXIS.start)
    document = ET.fromstring(text.encode())
    assert [case.get("name") for case in document.iter("testcase")] == ["config_job 1", "Rollout"]
    assert next(document.iter("error")).get("message") == "A bug."
