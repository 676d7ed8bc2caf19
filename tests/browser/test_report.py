# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page in a real browser: what is seen at which width, in which light, on paper, and without a script."""

from __future__ import annotations

import datetime
import itertools
import shutil
import time
import typing as t
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.endstate.jobs.plugins.plugin_utils._report.documents import documents
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import GatePolicy, judge

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH")

PICTURES = Path(__file__).resolve().parents[2] / ".build/browser"
"""What the page looked like, for people."""

NOW = 1_700_000_600.0
EVIL = "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title='taken over'\">"
WIDE = "x" * 300
WIDTHS = {"phone": 360, "tablet": 800, "desktop": 1400}
LIMIT = 2.0
"""Seconds in which a thousand jobs are written, and in which they are shown."""

OVERFLOWING = """() => [...document.body.querySelectorAll("*")]
    .filter(element => element.getClientRects().length && !element.closest("svg, .defs"))
    .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(element => element.outerHTML.slice(0, 120))"""
OUTSIDE = """() => [...document.querySelectorAll(".bar")].flatMap(bar => [...bar.querySelectorAll("rect")].filter(rect => {
    const inner = rect.getBoundingClientRect(), outer = bar.getBoundingClientRect();
    return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.width <= 0;
}).map(rect => rect.outerHTML))"""
# The contrast of text by WCAG: of the element's colour against the page's, for nothing but the page and the groups has a background.
CONTRAST = """() => {
    const light = colour => {
        const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255);
        const [r, g, b] = parts.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = element => {
        const colour = getComputedStyle(element).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" ? behind(element.parentElement) : colour;
    };
    return [...document.querySelectorAll("h1, p, dt, dd, th, td, li, .id, .local, summary, time")].map(element => {
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
        return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 80)];
    }).filter(([contrast]) => contrast < 4.5);
}"""


def iso(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def job(number: int, state: str, **more: t.Any) -> dict[str, t.Any]:
    """A job that lived from some time after the wait's begin."""
    begin = NOW - 600 + number % 60
    ended = state in ("succeeded", "failed", "cancelled", "skipped")
    end = begin + 100 + number % 300
    history = [("pending", begin), ("running", begin + 30), *([(state, end)] if ended else [])]
    words = ("description", "native_state", "message", "error", "name", "progress", "duration", "parent_id")
    return {
        **dict.fromkeys(words),
        "system": "strata",
        "id": str(number),
        "state": state,
        "finished": ended,
        "succeeded": state == "succeeded",
        "started_at": iso(begin),
        "finished_at": iso(end) if ended else None,
        "children": [],
        "history": [{"state": word, "native_state": "FIN/OK", "progress": 3.0, "at": iso(at)} for word, at in history],
        **more,
    }


ERROR = {"kind": "unreachable", "message": f"https://api.example.com/{WIDE} cannot be reached."}
JOBS = [
    job(1, "succeeded", name="good one"),
    job(2, "failed", message=EVIL, description=EVIL, name=EVIL),
    job(3, "running", error=ERROR, name=WIDE),
    job(4, "cancelled", native_state=WIDE),
    job(5, "skipped"),
    job(6, "failed", name="parent", children=[{**job(7, "failed", message="no such zone"), "history": []}]),
    job(8, "unknown"),
]


def write(folder: Path, jobs: list[dict[str, t.Any]]) -> str:
    """A report's page; its address."""
    wait = read_wait({"jobs": jobs, "elapsed": 600.0, "timed_out": True}, {"strata": "config_job"})
    verdict = judge(wait, GatePolicy(fail_on=frozenset({"failed", "cancelled"})))
    file = folder / "report.html"
    file.write_text(documents(verdict, wait, title="Rollout", now=NOW)["report.html"], encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(tmp_path_factory.mktemp("report"), JOBS)


@pytest.fixture(scope="module")
def browser() -> t.Iterator[Browser]:
    # As root Chromium has no sandbox; the pages are our own. It asks nobody for updates.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *quiet])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> t.Iterator[t.Callable[..., Page]]:
    """Opens the page in a window of its own; whatever goes wrong in it fails the test."""
    complaints: list[str] = []

    def open_page(**how: t.Any) -> Page:
        page = browser.new_page(**{"viewport": {"width": 1400, "height": 900}, **how})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url != address else None)
        page.goto(address)
        return page

    yield open_page
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_fits_its_window_with_enough_contrast(
    open_page: t.Callable[..., Page], width: str, scheme: str
) -> None:
    page = open_page(viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"report-{width}-{scheme}.png", full_page=True)
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CONTRAST) == []


def test_the_report_follows_the_dark_colour_scheme(open_page: t.Callable[..., Page]) -> None:
    colours = [
        open_page(color_scheme=scheme).evaluate("() => getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert colours == ["rgb(255, 255, 255)", "rgb(23, 23, 27)"]


def test_markup_in_an_apis_text_is_shown_as_text(open_page: t.Callable[..., Page]) -> None:
    page = open_page()
    assert page.title() == "Rollout failed"
    assert page.locator("img").count() == 0
    assert page.get_by_text(EVIL, exact=True).count() >= 3


def test_the_report_is_complete_without_scripts(open_page: t.Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    for words in ("✗ Rollout failed", "good one", "no such zone", "cannot be reached", "2023-11-14 22:13:20 UTC"):
        assert page.get_by_text(words).first.is_visible()
    assert page.locator("#search").count() == 0


def test_states_can_be_told_apart_without_colours(open_page: t.Callable[..., Page]) -> None:
    page = open_page()
    page.evaluate("() => { document.documentElement.style.filter = 'grayscale(1)'; }")
    swatches = page.locator(".legend svg").all()
    assert len(swatches) == 8
    pictures = [swatch.screenshot() for swatch in swatches]
    assert not [pair for pair in itertools.combinations(range(8), 2) if pictures[pair[0]] == pictures[pair[1]]]


def test_the_search_shows_only_the_matching_jobs(open_page: t.Callable[..., Page]) -> None:
    page = open_page()
    rows = page.locator("tbody tr:not(.group):visible")
    assert rows.count() == len(JOBS) + 1
    page.get_by_role("searchbox").fill("No Such ZONE")
    assert [text.split()[:3] for text in rows.all_inner_texts()] == [["↳", "config_job", "7"]]
    page.get_by_role("searchbox").fill("")
    assert rows.count() == len(JOBS) + 1


def test_times_are_shown_in_the_readers_time_zone_too(open_page: t.Callable[..., Page]) -> None:
    header = open_page(timezone_id="Asia/Kolkata", locale="en-GB").locator("header").inner_text()
    assert "2023-11-14 22:13:20 UTC (15 Nov 2023, 03:43:20 GMT+5:30)" in header
    assert "UTC (" not in open_page(timezone_id="UTC").locator("header").inner_text()


def test_the_printed_report_is_light_and_shows_the_folded_details(open_page: t.Callable[..., Page]) -> None:
    page = open_page(color_scheme="dark")
    pdf = page.pdf(path=PICTURES / "report.pdf", format="A4")
    assert pdf.startswith(b"%PDF-")
    page.emulate_media(media="print")
    assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator("#search").is_visible()
    assert page.locator("details li").first.is_visible()


def test_a_report_on_a_thousand_jobs_loads_and_searches_fast(browser: Browser, tmp_path: Path) -> None:
    jobs = [job(number, "failed" if number % 50 == 0 else "succeeded", name=f"site {number}") for number in range(1000)]
    started = time.process_time()
    address = write(tmp_path, jobs)
    assert time.process_time() - started < LIMIT
    page = browser.new_page()
    loaded = "() => performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"
    times = []
    for _attempt in range(3):  # the machine may be busy with something else
        page.goto(address)
        times.append(page.evaluate(loaded))
    assert 0 < min(times) < LIMIT
    page.get_by_role("searchbox").fill("site 999")
    assert page.locator("tbody tr:not(.group):visible").count() == 1
