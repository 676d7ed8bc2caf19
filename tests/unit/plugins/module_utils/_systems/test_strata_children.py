# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
from ansible_collections.endstate.jobs.tests.unit.cases import STRATA
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata

JOBS = "GET /config/operations/v1/jobs"
PARENT = strata.parent("27", "2022-10-20 17:57:06", "2022-10-20 18:00:19")
GOOD = strata.child("28", "27", "2022-10-20 18:00:24", "2022-10-20 18:02:00", "OK")
BAD = {**strata.child("29", "27", "2022-10-20 18:00:30", "2022-10-20 18:03:00"), "device_name": "fw-berlin"}
RUNNING = {**GOOD, "id": "30", "status_str": "ACT", "result_str": "PEND", "percent": "40", "summary": ""}
STRANGER = strata.child("26", "25", "2022-10-19 20:08:02", "2022-10-19 20:09:38")
GLOBAL = "Mobile Users Global Protect configuration pushed to cloud"
RUNS = f"waiting for config_job 30 (CommitAll by user@example.com: {GLOBAL}): running (ACT/PEND, 40 %)"
BAD_SAYS = (
    "config_job 29 (CommitAll to fw-berlin by user@example.com: Mobile Users Global Protect configuration pushed to cloud): "
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
    ("children", "state", "message", "finished_at", "duration", "progress"),
    [
        ([], "succeeded", None, "2022-10-20T18:00:19Z", 193.0, 100.0),
        ([GOOD], "succeeded", None, "2022-10-20T18:02:00Z", 294.0, 100.0),
        ([GOOD, BAD], "failed", BAD_SAYS, "2022-10-20T18:03:00Z", 354.0, 100.0),
        ([RUNNING, GOOD], "running", RUNS, None, None, 40.0),
        ([RUNNING, BAD], "running", f"{BAD_SAYS}; {RUNS}", None, None, 40.0),
        (
            [{**BAD, "status_str": "PUSHABORT", "result_str": "CANCELLED", "summary": "Aborted by user"}],
            "cancelled",
            BAD_SAYS.replace("Configuration push failed", "Aborted by user"),
            "2022-10-20T18:03:00Z",
            354.0,
            100.0,
        ),
        (
            [{**RUNNING, "percent": "90"}, {**RUNNING, "id": "31", "percent": "", "description": "", "uname": ""}],
            "running",
            f"{RUNS.replace('40', '90')}; config_job 31 (CommitAll): running (ACT/PEND)",
            None,
            None,
            90.0,
        ),
        (
            [{**GOOD, "status_str": "NEW"}],
            "running",
            f"waiting for config_job 28 (CommitAll by user@example.com: {GLOBAL}): unknown (NEW/OK, 100 %): "
            "Configuration push finished",
            None,
            None,
            100.0,
        ),
    ],
)
def test_the_state_of_a_push_follows_from_its_children(
    push, children, state, message, finished_at, duration, progress
) -> None:
    got = push([*children, PARENT, STRANGER])["job"]
    assert (got["state"], got["message"], got["finished_at"], got["duration"], got["progress"]) == (
        state,
        message,
        finished_at,
        duration,
        progress,
    )
    assert (got["native_state"], got["id"]) == ("FIN/OK", "27")
    assert [child["id"] for child in got["children"]] == [child["id"] for child in children]


def test_the_message_names_the_failed_child(push) -> None:
    assert push([BAD, PARENT])["msg"] == f"config_job 27 failed (FIN/OK): {BAD_SAYS}."


def test_the_message_of_a_push_names_the_child_that_is_waited_for(push) -> None:
    device = {**RUNNING, "id": "301", "device_name": "FW-OSLO", "description": ""}
    assert push([device, PARENT])["msg"] == (
        "config_job 27 is running (FIN/OK, 40 %): "
        "waiting for config_job 301 (CommitAll to FW-OSLO by user@example.com): running (ACT/PEND, 40 %)."
    )


FAILED = {**PARENT, "result_str": "FAIL", "summary": "Commit failed"}


@pytest.mark.parametrize(
    ("children", "state", "message"),
    [
        ([], "failed", "Commit failed"),
        ([GOOD], "failed", "Commit failed"),
        ([BAD], "failed", f"Commit failed; {BAD_SAYS}"),
        ([RUNNING], "running", f"Commit failed; {RUNS}"),
    ],
)
def test_a_failed_push_stays_failed_and_gives_its_reason(push, children, state, message) -> None:
    got = push([*children, FAILED], parent=FAILED)["job"]
    assert (got["state"], got["message"], got["native_state"]) == (state, message, "FIN/FAIL")


def test_the_children_of_a_bootstrap_push_are_followed(push) -> None:
    bootstrap = {**PARENT, "type_str": "NGFW-Bootstrap-Push"}
    assert push([BAD, bootstrap], parent=bootstrap)["job"]["state"] == "failed"


def test_a_running_push_is_running_even_if_all_children_listed_have_ended() -> None:
    """As a listing for many jobs may show it: children appear up to 3 s before their parent's end."""
    active = {**PARENT, "status_str": "ACT", "result_str": "PEND", "percent": "99"}
    options = {"job_id": "27", "children": True, "children_settle": 30.0}
    ((job, _family),) = Strata().find([{"data": [RUNNING, active]}], [options])
    assert job is not None
    assert job.phrase() == "running (ACT/PEND, 99 %)"
    assert [child.id for child in job.children] == ["30"]


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


def test_a_listing_of_children_that_never_reaches_the_parent_is_warned_of(push) -> None:
    got = push([GOOD], [])
    assert got["job"]["state"] == "succeeded"
    assert got["warnings"] == ["config_job 27: The listing does not reach down to the job; children may be missing."]


def test_an_endless_listing_is_not_read_for_ever(server, push) -> None:
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
def test_children_are_not_looked_for_before_there_can_be_any(server, push, parent) -> None:
    assert push([BAD, parent], parent=parent)["job"]["children"] == []
    assert server.asked(JOBS) == []


def test_children_are_looked_for_only_on_request(server, push) -> None:
    got = push([BAD, PARENT], children=False)
    assert (got["job"]["state"], got["job"]["children"]) == ("succeeded", [])
    assert (server.asked(JOBS), got["raw"]) == ([], {"data": [PARENT]})


def test_an_unusual_reply_about_a_child_is_warned_of(push) -> None:
    got = push([{**GOOD, "status_str": "NEW"}, {**BAD, "start_ts": "soon"}, PARENT])
    assert got["warnings"] == [
        f"config_job 27: config_job 28 (CommitAll by user@example.com: {GLOBAL}): The state 'NEW' is not known, so the job is "
        "taken as not finished. Please report it.",
        f"config_job 27: config_job 29 (CommitAll to fw-berlin by user@example.com: {GLOBAL}): The reply's start_ts is no time that "
        "can be read: soon.",
    ]


ALONE = " Set children: false to read the job alone."
ROLE = " The service account needs a role on the tenant of tsg_id that may read configuration jobs."
UNKNOWN = "committed; what became of the firewalls' jobs is not known"
FAULTS = {
    "no right": (
        reply(strata.fault("E007", "Unauthorized"), 403),
        "forbidden",
        f"answered HTTP 403 (code E007): Unauthorized.{ROLE}{ALONE}",
    ),
    "a bad request": (
        reply(strata.fault("E013", "Bad XPath"), 400),
        "rejected",
        f"answered HTTP 400 (code E013): Bad XPath.{ALONE}",
    ),
    "no listing there, which is not a job that is missing": (
        reply(b"", 404),
        "rejected",
        f"answered HTTP 404. Check api_url, then job_id.{ALONE}",
    ),
    "a void token": (
        reply(b"", 401),
        "unauthorized",
        "answered HTTP 401. Check client_id and client_secret, or that the access_token has not expired.",
    ),
    "a fault of the API": (reply(b"", 500), "unavailable", "answered HTTP 500."),
    "a body that breaks off": (
        lambda _request: [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"],
        "unreachable",
        "closed the connection in the middle of its answer.",
    ),
    "what is not JSON": (reply(b"no"), "protocol", f"answered HTTP 200 with what is not JSON: {{}}.{ALONE}"),
    "nothing": (reply({}), "incomplete", "The API answered without a list of jobs in data."),
    "no list": (reply({"data": 7}), "protocol", f"The API answered without a list of jobs in data.{ALONE}"),
}


@pytest.mark.parametrize("before", [[], [{"data": [STRANGER]}]], ids=["first page", "second page"])
@pytest.mark.parametrize(("fault", "kind", "said"), FAULTS.values(), ids=FAULTS)
def test_the_jobs_state_is_kept_when_its_listing_fails(push, fault, kind, said, before) -> None:
    got = push(*(reply(page) for page in before), fault)
    assert got["failed"] is True
    assert got["error"]["kind"] == kind
    assert got["error"]["message"] == got["msg"]
    head, _gap, tail = said.partition("{}")
    assert head in got["msg"]
    assert got["msg"].endswith(tail)
    kept = {name: got["job"][name] for name in ("state", "native_state", "message", "error", "finished_at", "progress")}
    assert kept == {
        "state": "running",
        "native_state": "FIN/OK",
        "message": UNKNOWN,
        "error": got["error"],
        "finished_at": None,
        "progress": None,
    }
    assert (got["job"]["finished"], got["job"]["succeeded"], got["jobs"]) == (False, False, [got["job"]])
    own = {"data": [PARENT]}
    assert got["raw"] == ([own, *before] if before else own)


def test_the_jobs_state_is_kept_when_its_listing_times_out(server, push) -> None:
    got = push(server.drip(b"HTTP/1.1 200 OK\r\n", b"X"), request_timeout=0.3)
    assert (got["error"]["kind"], got["job"]["native_state"]) == ("timeout", "FIN/OK")


def test_children_listed_before_an_error_are_kept(push) -> None:
    got = push([BAD], reply(b"", 500))["job"]
    assert (got["state"], got["message"]) == ("running", f"{BAD_SAYS}; {UNKNOWN}")
    assert [child["id"] for child in got["children"]] == ["29"]
    assert push([RUNNING], reply(b"", 500))["job"]["message"] == RUNS


def test_a_job_that_has_failed_is_failed_even_if_its_listing_fails(push) -> None:
    got = push(reply(b"", 403), parent=FAILED)["job"]
    assert (got["state"], got["message"], got["error"]["kind"]) == ("failed", "Commit failed", "forbidden")


def test_on_missing_ignore_does_not_ignore_a_missing_listing(push) -> None:
    got = push(reply(b"", 404), on_missing="ignore")
    assert (got["failed"], got["job"]["native_state"]) == (True, "FIN/OK")


MUTE = {**BAD, "summary": ""}
WHY = {**MUTE, "details": '{"errors": ["Failed to handle VPN clusters."], "info": []}'}
NAME = BAD_SAYS.partition(": Configuration")[0]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply({"data": [WHY]}), "Failed to handle VPN clusters."),
        (reply([WHY]), "Failed to handle VPN clusters."),
        (reply({"data": [{**WHY, "summary": "Late words"}]}), "Late words; Failed to handle VPN clusters."),
        (reply({"data": [{**WHY, "details": ""}]}), "failed"),
        (reply({"data": [{**WHY, "id": "99"}]}), "failed"),
        (reply({"data": [WHY, {**WHY, "id": "99"}]}), "failed"),
        (reply({"data": []}), "failed"),
        (reply(b"", 500), "failed"),
        (reply(b"", 403), "failed"),
        (reply(b"no JSON"), "failed"),
    ],
)
def test_a_bad_child_without_a_reason_in_the_listing_is_read_alone(server, push, answer, message) -> None:
    server.on(f"{JOBS}/29", answer)
    got = push([MUTE, GOOD, PARENT])
    assert (got["job"]["state"], got["job"]["message"]) == ("failed", f"{NAME}: {message}")
    assert [child["id"] for child in got["job"]["children"]] == ["29", "28"]
    assert (len(server.asked(f"{JOBS}/29")), got.get("failed")) == (1, None)


def test_the_listing_decides_the_state_of_a_child(server, push) -> None:
    server.on(f"{JOBS}/29", reply({"data": [{**WHY, "status_str": "ACT", "result_str": "PEND"}]}))
    assert push([MUTE, PARENT])["job"]["children"][0]["native_state"] == "FIN/FAIL"


def test_the_reply_of_a_child_is_in_raw(server, push) -> None:
    server.on(f"{JOBS}/29", reply({"data": [WHY]}))
    page = [MUTE, PARENT]
    assert push(page)["raw"] == [{"data": [PARENT]}, {"data": page}, {"data": [WHY]}]


@pytest.mark.parametrize(
    "child",
    [
        BAD,
        GOOD,
        RUNNING,
        {**MUTE, "result_str": "OK"},
        {**MUTE, "details": '{"errors": ["Said."]}'},
        {**MUTE, "id": ".."},
    ],
)
def test_only_a_bad_child_without_a_reason_is_read_alone(server, push, child) -> None:
    push([child, PARENT])
    assert [request.path for request in server.requests] == [f"{JOBS[4:]}/27", JOBS[4:]]


def test_at_most_ten_children_are_read_alone(server, push) -> None:
    children = [{**MUTE, "id": str(number)} for number in range(100, 130)]
    for child in children:
        server.on(f"{JOBS}/{child['id']}", reply({"data": [{**WHY, "id": child["id"]}]}))
    got = push([*children, PARENT])
    assert [child["message"] for child in got["job"]["children"]] == ["Failed to handle VPN clusters."] * 10 + [
        None
    ] * 20
    assert len(server.requests) == 12


def test_an_error_ends_the_reading_of_children(server, push) -> None:
    push([{**MUTE, "id": "100"}, {**MUTE, "id": "101"}, PARENT])
    assert len(server.requests) == 4, "each is asked: no route is an answer"
    server.requests.clear()
    server.on(f"{JOBS}/100", reply(b"", 503))
    push([{**MUTE, "id": "100"}, {**MUTE, "id": "101"}, PARENT])
    assert [request.path for request in server.requests][2:] == [f"{JOBS[4:]}/100"]


def test_a_wait_keeps_whole_rows_only_of_its_own_jobs(server) -> None:
    """Many waits read many pages at once. The info module returns them as they were sent."""
    server.on("GET /jobs/27", reply({"data": [PARENT]}))
    server.on("GET /jobs", reply({"data": [STRANGER, GOOD, PARENT]}))
    given = {"api_url": server.url, "access_token": "t", "job_id": "27", "children": True}
    for spec, rows in (
        (Strata().wait_spec(), [{"id": "26"}, GOOD, PARENT]),
        (Strata().module_spec(), [STRANGER, GOOD, PARENT]),
    ):
        options = Strata().validated(spec, given)
        connection = Strata().connect(options, Secrets())
        with connection.reading() as client:
            _job, page = Strata().read(client, options)
        connection.close()
        assert page == {"data": rows}
