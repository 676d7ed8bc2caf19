# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of listings, and the pages that they come in."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import BadReply
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.request import Request
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile, rules

LISTING = {"get": "/tasks", "items": "items", "id": "id"}
BASE = "https://h.example.com/api"


def listing(*changes, **more):
    return profile(*changes, ("listing", {**LISTING, **more})).listing


def jobs(known, *bodies, limit=200):
    return [(job.id, job.state) for job in known.jobs([Answer(body=body) for body in bodies], limit, "task")]


def test_rows_of_a_listing_are_jobs_without_duplicates() -> None:
    first = {"items": [{"id": 1, "status": "done"}, {"id": 2, "status": "running"}]}
    second = {"items": [{"id": 2, "status": "done"}, {"id": 3, "status": "failed"}]}
    assert jobs(listing(), first, second) == [("1", "succeeded"), ("2", "running"), ("3", "failed")]
    assert jobs(listing(), first, second, limit=2) == [("1", "succeeded"), ("2", "running")]


def test_rows_of_a_listing_may_have_their_own_states_and_fields() -> None:
    state = rules(
        {"exit": "status", "end": "endtime"},
        ("running", {"end": {"present": False}}),
        ("succeeded", {"exit": ["OK", "WARNINGS*"]}),
        ("failed", {"exit": {"present": True}}),
    )
    known = listing(state=state, fields={"description": "type"})
    (job,) = known.jobs([Answer(body={"items": [{"id": 1, "status": "OK", "endtime": 1, "type": "t"}]})], 10, "task")
    assert (job.state, job.description) == ("succeeded", "t")
    assert jobs(known, {"items": [{"id": 1}]}) == [("1", "running")]


def test_rows_may_be_the_values_of_a_mapping() -> None:
    known = listing(items="value.*", id="$key")
    assert jobs(known, {"value": {"a:1": {"status": "done"}, "a:2": {"status": "failed"}}}) == [
        ("a:1", "succeeded"),
        ("a:2", "failed"),
    ]


@pytest.mark.parametrize("body", [{"items": []}, {"items": None}, {"items": {}}, {"items": [{}]}, {"items": [{}, {}]}])
def test_an_empty_list_in_each_form_has_no_rows(body) -> None:
    assert jobs(listing(), body) == []


def test_one_mapping_in_place_of_a_list_is_one_row() -> None:
    assert jobs(listing(), {"items": {"id": 1, "status": "done"}}) == [("1", "succeeded")]


@pytest.mark.parametrize("body", [{}, [], None, "x", {"items": "x"}, {"items": [7]}, {"items": [{"id": 1}, None]}])
def test_a_reply_that_is_no_listing_is_a_protocol_error(body) -> None:
    with pytest.raises(BadReply, match=r"^The API answered without a list of jobs at items\.$"):
        jobs(listing(), body)


def test_a_row_without_a_state_is_unknown_if_another_row_has_one() -> None:
    assert jobs(listing(), {"items": [{"id": 1}, {"id": 2, "status": "done"}]}) == [
        ("1", "unknown"),
        ("2", "succeeded"),
    ]
    with pytest.raises(BadReply, match=r"^The API answered without status, from which the state is read\.$"):
        jobs(listing(), {"items": [{"id": 1}, {"id": 2}]})


def find(known, wanted, *bodies):
    answers = [Answer(body=body) for body in bodies]
    return [job and job.state for job in known.listing.find(answers, wanted, known.ids, BASE)]


def test_certain_jobs_are_found_among_the_rows() -> None:
    known = profile(("listing", LISTING))
    rows = {"items": [{"id": 1, "status": "done"}, {"id": "x/y", "status": "failed"}, {"id": 3}, {"status": "done"}]}
    wanted = [{"task": "x/y"}, {"task": "1"}, {"task": "3"}, {"task": "4"}]
    assert find(known, wanted, rows) == ["failed", "succeeded", None, None]
    assert [job.id for job in known.listing.find([Answer(body=rows)], wanted[:2], known.ids, BASE)] == ["x/y", "1"]


def test_a_job_on_two_pages_is_read_from_the_first() -> None:
    known = profile(("listing", LISTING))
    pages = [{"items": [{"id": 1, "status": "done"}]}, {"items": [{"id": 1, "status": "running"}]}]
    assert find(known, [{"task": "1"}], *pages) == ["succeeded"]


def test_jobs_of_several_ids_are_told_apart_by_all_that_rows_have() -> None:
    known = profile(
        ("ids", {"node": {}, "task": {}}),
        ("status.get", "/{node}/{task}"),
        ("listing", {**LISTING, "id": {"node": "node", "task": "id"}}),
    )
    rows = {"items": [{"node": "a", "id": 1, "status": "done"}, {"node": "b", "id": 1, "status": "failed"}]}
    assert find(known, [{"node": "b", "task": "1"}, {"node": "c", "task": "1"}], rows) == ["failed", None]


@pytest.mark.parametrize(
    ("kind", "given", "sent"),
    [
        ({"kind": "path"}, "/pulp/tasks/7/", "/pulp/tasks/7/"),
        ({"kind": "path"}, "https://h.example.com/pulp/tasks/7/", "/pulp/tasks/7/"),
        ({"kind": "path"}, "tasks/7", "https://h.example.com:443/api/tasks/7"),
        ({"last_segment": True}, "https://h.example.com/redfish/Jobs/JID%201", "/redfish/Jobs/JID 1"),
        ({"last_segment": True}, "JID_1", "/redfish/v1/Jobs/JID_1/"),
    ],
)
def test_ids_of_rows_are_compared_in_the_form_that_is_sent(kind, given, sent) -> None:
    path = "{task}" if "kind" in kind else "/jobs/{task}"
    known = profile(("ids", {"task": kind}), ("status.get", path), ("listing", LISTING))
    rows = {"items": [{"id": "https://other.example.com/x", "status": "done"}, {"id": sent, "status": "failed"}]}
    assert find(known, [{"task": given}], rows) == ["failed"]
    assert find(known, [{"task": "https://other.example.com/x/.."}], rows) == [None]


def test_ids_of_a_listing_are_asked_for_in_slices() -> None:
    slices = listing(filter={"parameter": "id__in"}).filter.slices
    assert slices(["1", "2", "3"]) == ["1,2,3"]
    assert [len(one.split(",")) for one in slices([str(number) for number in range(120)])] == [50, 50, 20]
    long = slices(["x" * 400] * 8)
    assert [len(one.split(",")) for one in long] == [3, 3, 2]
    assert max(map(len, long)) <= 1500
    assert slices([]) == []
    assert listing(filter={"parameter": "ids", "separator": "|"}).filter.slices(["a", "b"]) == ["a|b"]


GET = Request("GET", f"{BASE}/tasks", {"limit": "2", "sort": "id"})
POST = Request("POST", f"{BASE}/search", json={"limit": 2, "where": {"a": 1}})


def pages(way, **more):
    return listing(pages=way, query={"limit": 2}, **more).pages


def follow(way, request, *answers):
    """The requests from the first page on, for answers that have as many rows as their lists."""
    asked = [way.first(request)]
    for body in answers:
        rows = len(body.get("items", ()))
        following = way.following(asked[-1], Answer(body=body), rows)
        if following is None:
            break
        asked.append(following)
    return asked


FULL, SHORT, NONE = {"items": [1, 2]}, {"items": [1]}, {"items": []}


def test_pages_by_offset_end_with_a_short_page() -> None:
    way = pages({"offset": "start", "limit": "limit"})
    asked = follow(way, GET, FULL, FULL, SHORT, FULL)
    assert [request.query.get("start") for request in asked] == [None, "2", "4"]
    assert {request.query["sort"] for request in asked} == {"id"}
    asked = follow(way, POST, FULL, NONE)
    assert [request.json for request in asked] == [POST.json, {**POST.json, "start": 2}]


def test_pages_by_number_begin_with_1() -> None:
    asked = follow(pages({"page": "page"}), GET, FULL, SHORT, NONE, FULL)
    assert [request.query["page"] for request in asked] == ["1", "2", "3"]
    asked = follow(pages({"page": "page"}), POST, FULL)
    assert [request.json["page"] for request in asked] == [1, 2]


def test_pages_by_link_stay_on_the_origin() -> None:
    way = pages({"next": "next"})
    asked = follow(
        way, GET, {**FULL, "next": "https://h.example.com/api/tasks?page=2"}, {**FULL, "next": "?page=3"}, FULL
    )
    assert [(request.url, request.query) for request in asked] == [
        (GET.url, GET.query),
        ("https://h.example.com/api/tasks?page=2", {}),
        ("https://h.example.com/api/tasks?page=3", {}),
    ]
    assert follow(way, GET, {**NONE, "next": "/api/tasks?page=2"}) == [GET]
    for other in (
        "https://evil.example.com/",
        "//evil.example.com/",
        "http://h.example.com/",
        "https://h.example.com@evil/",
    ):
        with pytest.raises(BadReply) as caught:
            follow(way, GET, {**FULL, "next": other})
        assert str(caught.value) == (
            "The link to the next page is not followed: expected a path, or a URL that begins with https://h.example.com."
        )


def test_pages_by_cursor_end_without_a_new_cursor() -> None:
    way = pages({"cursor": "next_token", "as": "page_token"})
    asked = follow(way, GET, {**FULL, "next_token": "a=b&c"}, {**FULL, "next_token": ""})
    assert [request.query.get("page_token") for request in asked] == [None, "a=b&c"]
    asked = follow(
        way, POST, {**FULL, "next_token": 7}, {**FULL, "next_token": "0012"}, {**FULL, "next_token": {"x": 1}}
    )
    assert [request.json.get("page_token") for request in asked] == [None, 7, 12]
