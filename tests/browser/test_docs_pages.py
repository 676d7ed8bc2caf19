# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site, as `make docs` has built it, in a real browser."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH")

SITE = Path(__file__).resolve().parents[2] / ".build/docs/html"
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
GUIDES = [path.stem for path in (SITE.parents[2] / "docs/docsite/rst").glob("*.rst")]
WIDTHS = {"phone": 390, "desktop": 1280}

# Nothing that can be seen ends to the right of the page, but for what scrolls in a box of its own.
OVERFLOWING = """() => {
    const width = document.documentElement.clientWidth;
    const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const inBox = element => element !== document.body && (scrolls(element) || inBox(element.parentElement));
    return [...document.body.querySelectorAll("*")]
        .filter(element => {
            const box = element.getBoundingClientRect();
            return box.width > 1 && box.height > 1 && box.right > width + 1 && !inBox(element);
        })
        .map(element => `${element.tagName} ${element.textContent.trim().slice(0, 60)}`);
}"""
ASKED = "() => performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !/^(file|data):/.test(name))"
LINKS = "() => [...document.querySelectorAll('a[href]')].map(link => link.href)"
IDS = "() => [...document.querySelectorAll('[id]')].map(element => element.id)"
# Code whose lines are broken, and rows of tables of which a part can only be guessed because the table scrolls.
CUT = """() => [
    ...[...document.querySelectorAll("div.highlight pre")].filter(code => getComputedStyle(code).whiteSpace !== "pre"),
    ...[...document.querySelectorAll(".wy-table-responsive")].filter(box => box.scrollWidth > box.clientWidth + 1),
].map(element => element.textContent.trim().slice(0, 60))"""
CONSOLE = "div.highlight-console"


class Seen(t.NamedTuple):
    """What a page shows, at each width."""

    overflowing: list[str]
    asked: list[str]
    """Addresses of other hosts."""
    links: list[str]
    ids: list[str]
    cut: list[str]


@pytest.fixture(scope="module")
def page() -> t.Iterator[Page]:
    """A window of the browser, which may use the clipboard."""
    # As root Chromium has no sandbox; the pages are our own. It asks nobody for updates.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *quiet])
        yield chromium.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        chromium.close()


@pytest.fixture(scope="module")
def seen(page: Page) -> dict[str, dict[str, Seen]]:
    """Each page, by its name and the width's."""
    return {name: {width: visit(page, name, WIDTHS[width]) for width in WIDTHS} for name in PAGES}


def visit(page: Page, name: str, width: int) -> Seen:
    """Open a page of the site."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((SITE / name).as_uri())
    return Seen(*map(page.evaluate, (OVERFLOWING, ASKED, LINKS, IDS, CUT)))


def test_each_guide_has_its_page() -> None:
    assert GUIDES
    assert {f"docsite/{name}.html" for name in GUIDES} <= set(PAGES), "run `make docs`"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_the_guides_scrolls_sideways(seen: dict[str, dict[str, Seen]], width: str) -> None:
    assert {name: page[width].overflowing for name, page in seen.items() if page[width].overflowing} == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_a_guide_is_cut_off(seen: dict[str, dict[str, Seen]], width: str) -> None:
    assert {name: page[width].cut for name, page in seen.items() if page[width].cut} == {}


def test_commands_are_copied_without_prompts(page: Page) -> None:
    page.goto((SITE / "docsite/getting_started.html").as_uri())
    block = page.locator(CONSOLE).first
    assert block.inner_text().startswith("$ ")
    block.hover()
    block.locator("button.copybtn").click()
    block.locator("button.copybtn.success").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "ansible-galaxy collection install endstate.jobs\npip install 'requests>=2.28'"


def test_a_cell_of_a_wide_table_names_its_column_on_a_narrow_page(page: Page) -> None:
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 900})
    page.goto((SITE / "docsite/waiting.html").as_uri())
    row = page.locator("table.as-list tbody tr").first
    assert row.locator("td").evaluate_all("cells => cells.map(cell => cell.dataset.title)") == [
        *("", "Task", "Loop", "Rulebook")
    ]
    lefts = row.locator("td").evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().left)")
    assert len(set(lefts)) == 1


def test_the_sidebar_leads_to_each_page_in_sections(page: Page) -> None:
    page.set_viewport_size({"width": WIDTHS["desktop"], "height": 900})
    page.goto((SITE / "index.html").as_uri())
    sections = page.locator(".wy-menu-vertical .caption-text").all_inner_texts()
    assert [section.title() for section in sections] == [
        *(
            "Guides",
            "Any Rest Api",
            "Modules",
            "Tests, Filter And Lookup",
            "Role And Playbooks",
            "Event Source",
            "About",
        )
    ]
    leads_to = page.locator(".wy-menu-vertical a.internal").evaluate_all("links => links.map(link => link.href)")
    pages = {(SITE / name).as_uri() for name in PAGES} - {
        (SITE / name).as_uri() for name in ("index.html", "search.html")
    }
    of_profiles = {one for one in pages if "/docsite/profiles/" in one}
    assert set(leads_to) == pages - of_profiles
    page.goto((SITE / "docsite/profiles.html").as_uri())
    leads_to = page.locator("table a").evaluate_all("links => links.map(link => link.href.split('#')[0])")
    assert set(leads_to) == of_profiles


@pytest.mark.parametrize(
    ("words", "guide"),
    [
        ("expired certificate", "Troubleshooting"),
        ("poll less often", "Polling interval"),
        ("typo", "Troubleshooting"),
        ("environment variable", "Getting started"),
    ],
)
def test_the_search_finds_the_guide_first(page: Page, words: str, guide: str) -> None:
    page.goto(f"{(SITE / 'search.html').as_uri()}?q={words.replace(' ', '+')}")
    first = page.locator("ul.search li > a").first
    first.wait_for()
    assert first.inner_text() == guide


def test_pages_of_the_guides_load_nothing_from_other_hosts(seen: dict[str, dict[str, Seen]]) -> None:
    assert {name: page["desktop"].asked for name, page in seen.items() if page["desktop"].asked} == {}


def test_each_link_in_the_guides_has_a_target(seen: dict[str, dict[str, Seen]]) -> None:
    links = {link for page in seen.values() for link in page["desktop"].links}
    inside = {link for link in links if link.startswith("file:")}
    assert inside
    places = {
        f"{(SITE / name).as_uri()}{place}"
        for name, page in seen.items()
        for place in ("", "#", *(f"#{known}" for known in page["desktop"].ids))
    }
    assert {link for link in inside if unquote(link) not in places and not _is_file(link)} == set()
    # Other sites are not asked: the tests work without a network.
    assert {link for link in links - inside if urlsplit(link).scheme != "https" or not urlsplit(link).hostname} == set()


def _is_file(link: str) -> bool:
    """Whether it is a file beside the pages, such as a source."""
    address, fragment = urldefrag(link)
    return not fragment and not address.endswith(".html") and Path(unquote(urlsplit(address).path)).is_file()
