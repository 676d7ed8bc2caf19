# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import STRATA, job
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata

JOBS = "GET /config/operations/v1/jobs"


@pytest.fixture
def listed(server, run_module):
    """Lists jobs, with the server answering these pages in turn."""

    def listed(*pages, **options):
        server.on(JOBS, *map(reply, pages))
        return run_module(STRATA.module, STRATA.given(server.url, job_id=None, **options))

    return listed


def page(ids, total=None):
    rows = [
        {**strata.parent(str(number), "2022-10-20 17:57:06", "2022-10-20 18:00:19"), "id": number} for number in ids
    ]
    return {"data": rows, **({} if total is None else {"total": total})}


def test_a_listing_as_it_was_recorded(listed) -> None:
    got = listed(strata.LISTING, {"data": []})
    assert got["job"] is None
    assert got["raw"] == [strata.LISTING, {"data": []}]
    assert [row["id"] for row in got["jobs"]] == ["28", "27", "26", "25", "24"]
    assert got["jobs"][0] == job(
        "strata",
        "28",
        "failed",
        parent_id="27",
        native_state="FIN/FAIL",
        description="CommitAll by user@example.com: Mobile Users Global Protect configuration pushed to cloud",
        progress=100.0,
        message="Configuration push failed",
        started_at="2022-10-20T18:00:24Z",
        finished_at="2022-10-20T18:02:00Z",
        duration=96.0,
    )
    assert got["msg"] == "5 jobs."


PAGES = {
    "to the end by the total": ([page(range(10, 5, -1), 8), page(range(5, 2, -1), 8)], 2, list(range(10, 2, -1))),
    "to an empty page": ([page([3, 2]), page([1]), page([])], 3, [3, 2, 1]),
    "duplicates, as new jobs push old ones down": (
        [page([5, 4, 3], 6), page([3, 2, 1], 7), page([0], 7)],
        3,
        [5, 4, 3, 2, 1, 0],
    ),
    "duplicates by number and by string": ([page([2, "1"]), page([1, "0"]), page([])], 3, [2, 1, 0]),
    "an API that does not know the end of its list": ([page([2, 1])], 2, [2, 1]),
    "none at all": ([page([], 0)], 1, []),
    "a total in a string": ([{**page([2, 1]), "total": "2"}, page([])], 2, [2, 1]),
    "bare lists": ([page([3, 2])["data"], page([1])["data"], []], 3, [3, 2, 1]),
    "an absurd total": ([page([2, 1], -7)], 1, [2, 1]),
}


@pytest.mark.parametrize(("pages", "asked", "ids"), PAGES.values(), ids=PAGES)
def test_pages(server, listed, pages, asked, ids) -> None:
    got = listed(*pages)
    assert [row["id"] for row in got["jobs"]] == list(map(str, ids))
    assert len(server.requests) == asked
    assert server.requests[0].query == {"limit": "200", "offset": "0"}


def test_the_next_page_begins_where_the_last_one_ended(server, listed) -> None:
    listed(page(range(9, 4, -1)), page(range(4, 0, -1)), page([]))
    assert [request.query["offset"] for request in server.requests] == ["0", "5", "9"]


def test_the_limit_ends_the_reading_too(server, listed) -> None:
    got = listed(page([9, 8, 7]), page([6, 5, 4]), page([3]), limit=4)
    assert [row["id"] for row in got["jobs"]] == ["9", "8", "7", "6"]
    assert len(server.requests) == 2
    assert got["raw"] == [page([9, 8, 7]), page([6, 5, 4])]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "incomplete"),
        ([], "incomplete"),
        ({"data": {}}, "protocol"),
        ({"data": [7]}, "protocol"),
        ({"data": [[]]}, "protocol"),
        ([7], "protocol"),
        (strata.DOCUMENTED, "protocol"),
    ],
)
def test_what_is_no_listing(listed, body, kind) -> None:
    got = listed(body)
    assert (got["msg"], got["error"]["kind"]) == ("The API answered without a list of jobs in data.", kind)


def test_a_limit_below_one_is_refused(listed) -> None:
    assert listed(page([]), limit=0)["msg"] == "limit: expected 1 or more, got 0."
