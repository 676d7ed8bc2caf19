# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import BadReply
from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
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


def test_a_recorded_listing_is_read(listed) -> None:
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
def test_a_listing_is_read_page_by_page_to_its_end(server, listed, pages, asked, ids) -> None:
    got = listed(*pages)
    assert [row["id"] for row in got["jobs"]] == list(map(str, ids))
    assert len(server.requests) == asked
    assert server.requests[0].query == {"limit": "200", "offset": "0"}


def test_the_next_page_begins_where_the_last_one_ended(server, listed) -> None:
    listed(page(range(9, 4, -1)), page(range(4, 0, -1)), page([]))
    assert [request.query["offset"] for request in server.requests] == ["0", "5", "9"]


def test_a_listing_ends_at_the_limit(server, listed) -> None:
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
def test_a_reply_that_is_no_listing_is_refused(listed, body, kind) -> None:
    got = listed(body)
    assert (got["msg"], got["error"]["kind"]) == ("The API answered without a list of jobs in data.", kind)


def test_a_limit_below_one_is_refused(listed) -> None:
    assert listed(page([]), limit=0)["msg"] == "limit: expected 1 or more, got 0."


class Pages:
    """A client that gives these bodies in turn, and the last for ever."""

    def __init__(self, *bodies) -> None:
        self.bodies, self.offsets = list(bodies), []

    def pieces(self, *_segments, query):
        self.offsets.append(query["offset"])
        yield self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]


def wanted(*ids):
    return [{"job_id": job_id, "children": True, "children_settle": 30.0, "limit": 200} for job_id in ids]


@pytest.mark.parametrize(
    ("bodies", "offsets"),
    [
        ([page(range(9, 6, -1), 6), page(range(6, 3, -1), 6)], ["0", "3"]),
        ([page(range(9, 6, -1)), page(range(6, 3, -1)), {"data": []}], ["0", "3", "6"]),
        ([page(range(9, 6, -1))["data"], page(range(6, 3, -1))["data"], []], ["0", "3", "6"]),
        ([page(range(9, 6, -1)), page(range(6, 3, -1))], ["0", "3", "6"]),
        ([page(range(9, 3, -1), "six")], ["0", "6"]),
        ([page(range(300, 0, -1), 900)], ["0"]),
    ],
    ids=["total", "empty page", "bare lists", "last page repeated", "odd total", "limit"],
)
def test_a_wait_reads_pages_to_the_end(bodies, offsets) -> None:
    client = Pages(*bodies)
    found = Strata().find(Strata().pieces(client, wanted("5")[0]), wanted("5", "9999"))
    assert [one and one.job.id for one in found] == ["5", None]
    assert client.offsets == offsets


@pytest.mark.parametrize("body", [{}, [], {"data": None}, {"data": ["odd"]}, "odd"])
def test_a_wait_refuses_a_reply_that_is_no_listing(body) -> None:
    with pytest.raises(BadReply, match=r"^The API answered without a list of jobs in data"):
        list(Strata().pieces(Pages(body), wanted("5")[0]))


def test_the_rows_of_an_ended_push_are_kept_for_its_own_reading() -> None:
    rows = [{**strata.LISTING["data"][0], "id": "8", "parent_id": "7"}, *page(["7", "6"])["data"]]
    ended, other = Strata().find([{"data": rows}], wanted("7", "8"))
    assert [row["id"] for row in ended.family["data"]] == ["8", "7"]
    assert other.family is None, "a firewall's job has no children"
