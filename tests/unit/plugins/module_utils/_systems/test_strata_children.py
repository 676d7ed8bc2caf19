# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import STRATA
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata

JOBS = "GET /config/operations/v1/jobs"
PARENT = strata.parent("27", "2022-10-20 17:57:06", "2022-10-20 18:00:19")
GOOD = strata.child("28", "27", "2022-10-20 18:00:24", "2022-10-20 18:02:00", "OK")
BAD = {**strata.child("29", "27", "2022-10-20 18:00:30", "2022-10-20 18:03:00"), "device_name": "fw-berlin"}
RUNNING = {**GOOD, "id": "30", "status_str": "ACT", "result_str": "PEND", "percent": "40", "summary": ""}
STRANGER = strata.child("26", "25", "2022-10-19 20:08:02", "2022-10-19 20:09:38")
BAD_SAYS = (
    "job 29 (CommitAll to fw-berlin by user@example.com: Mobile Users Global Protect configuration pushed to cloud): "
    "Configuration push failed"
)


@pytest.fixture
def push(server, run_module):
    """Reads job 27 with its children, with the server answering these pages of the listing in turn."""

    def push(*pages, parent=None, **options):
        server.on(f"{JOBS}/27", reply({"data": [parent or PARENT]}))
        server.on(JOBS, *(reply({"data": page}) if isinstance(page, list) else page for page in pages))
        return run_module(STRATA.module, STRATA.given(server.url, job_id="27", **{"children": True, **options}))

    return push


@pytest.mark.parametrize(
    ("children", "state", "message", "finished_at", "duration"),
    [
        ([], "succeeded", None, "2022-10-20T18:00:19Z", 193.0),
        ([GOOD], "succeeded", None, "2022-10-20T18:02:00Z", 294.0),
        ([GOOD, BAD], "failed", BAD_SAYS, "2022-10-20T18:03:00Z", 354.0),
        ([RUNNING, GOOD], "running", None, None, None),
        ([RUNNING, BAD], "running", BAD_SAYS, None, None),
        (
            [{**BAD, "result_str": "CANCELLED", "summary": ""}],
            "cancelled",
            BAD_SAYS.replace("Configuration push failed", "cancelled"),
            "2022-10-20T18:03:00Z",
            354.0,
        ),
        ([{**GOOD, "status_str": "NEW"}], "running", None, None, None),
    ],
)
def test_the_job_is_what_its_children_make_it(push, children, state, message, finished_at, duration) -> None:
    got = push([*children, PARENT, STRANGER])["job"]
    assert (got["state"], got["message"], got["finished_at"], got["duration"]) == (
        state,
        message,
        finished_at,
        duration,
    )
    assert (got["native_state"], got["id"]) == ("FIN/OK", "27")
    assert [child["id"] for child in got["children"]] == [child["id"] for child in children]


def test_the_message_names_the_failed_child(push) -> None:
    assert push([BAD, PARENT])["msg"] == f"config_job 27 is failed (FIN/OK): {BAD_SAYS}."


def test_a_failed_parent_stays_failed(push) -> None:
    failed = {**PARENT, "result_str": "FAIL", "summary": "Commit failed"}
    got = push([GOOD, failed], parent=failed)["job"]
    assert (got["state"], got["message"], got["native_state"]) == ("failed", "Commit failed", "FIN/FAIL")


def test_ids_are_compared_as_strings(push) -> None:
    got = push([{**GOOD, "id": 28, "parent_id": 27}, {**PARENT, "id": 27}])
    assert [child["id"] for child in got["job"]["children"]] == ["28"]
    assert "warnings" not in got


def test_pages_are_read_down_to_the_parent_and_duplicates_dropped(server, push) -> None:
    pages = [[BAD, GOOD], [GOOD, STRANGER], [{**GOOD, "id": "31"}, PARENT], [{**GOOD, "id": "32"}]]
    got = push(*pages)
    assert [child["id"] for child in got["job"]["children"]] == ["29", "28", "31"]
    assert len(server.asked(JOBS)) == 3
    assert got["raw"] == [{"data": [PARENT]}, *({"data": page} for page in pages[:3])]


def test_a_listing_that_never_comes_down_to_the_parent_is_warned_of(push) -> None:
    got = push([GOOD], [])
    assert got["job"]["state"] == "succeeded"
    assert got["warnings"] == ["config_job 27: The listing does not reach down to the job; children may be missing."]


def test_a_listing_without_end_is_not_read_for_ever(server, push) -> None:
    def endless(request):
        offset = int(request.query["offset"])
        return reply({"data": [{**STRANGER, "id": f"{offset + row}-"} for row in range(200)]})

    result = push(endless)
    assert result["msg"] == (
        "2,000 or more jobs are newer than job 27, so that its children cannot be told; children: false reads the job alone."
    )
    assert (result["failed"], result["error"]["kind"]) == (True, "rejected")
    assert len(server.asked(JOBS)) == 10


@pytest.mark.parametrize(
    "parent",
    [
        {**PARENT, "status_str": "ACT", "result_str": "PEND"},
        {**PARENT, "type_str": "CommitAll"},
        {**PARENT, "type_str": "Validate", "result_str": "FAIL"},
    ],
)
def test_children_are_not_looked_for_where_there_can_be_none_yet(server, push, parent) -> None:
    assert push([BAD, parent], parent=parent)["job"]["children"] == []
    assert server.asked(JOBS) == []


def test_children_are_not_looked_for_unasked(server, push) -> None:
    got = push([BAD, PARENT], children=False)
    assert (got["job"]["state"], got["job"]["children"]) == ("succeeded", [])
    assert (server.asked(JOBS), got["raw"]) == ([], {"data": [PARENT]})


def test_the_oddities_of_children_are_warned_of(push) -> None:
    got = push([{**GOOD, "status_str": "NEW"}, {**BAD, "start_ts": "soon"}, PARENT])
    assert got["warnings"] == [
        "config_job 27: The state 'NEW' is not known; the job is taken as not finished.",
        "config_job 27: The reply's start_ts is no time that can be read: soon.",
    ]


def test_a_listing_that_fails_fails_the_read(server, push) -> None:
    got = push(reply(strata.fault("E013", "Bad XPath"), 400))
    assert (got["job"], got["msg"]) == (None, f"{server.url}{JOBS[4:]} answered HTTP 400 (code E013): Bad XPath.")
