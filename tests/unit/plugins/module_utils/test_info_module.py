# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import calendar
import email.utils
import re
import time

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils import _info_module
from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.dynatrace import Dynatrace
from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE, STRATA
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace, strata

GOOD = reply(dynatrace.JOB)


@pytest.fixture
def attempt(server):
    """Reads the job with the server answering these in turn: the result, and the pauses that were made."""

    def attempt(*answers, **options):
        server.on(DYNATRACE.route, *answers)
        given = DYNATRACE.given(server.url, **{"retries": 2, "request_timeout": 5, **options})
        pauses = []
        return info(Dynatrace(), given, sleep=pauses.append), pauses

    return attempt


def test_a_missing_library_is_a_configuration_error(attempt, monkeypatch) -> None:
    monkeypatch.setattr(_info_module, "REQUESTS_IMPORT_ERROR", "Traceback: no module named requests")
    result, _pauses = attempt(GOOD)
    assert (result["failed"], result["error"]["kind"], result["job"]) == (True, "configuration", None)
    assert result["msg"] == result["error"]["message"]
    assert result["msg"].startswith("Failed to import the required Python library (requests) on ")


def busy(status=503, retry_after=None):
    return reply(b"", status, [] if retry_after is None else [("Retry-After", retry_after)])


def hang_up(_request):
    return [b"HTTP/1.1 200"]


@pytest.mark.parametrize("fault", [*(busy(status) for status in (408, 425, 429, 500, 502, 503, 504)), hang_up])
def test_a_transient_error_is_tried_again(server, attempt, fault) -> None:
    result, pauses = attempt(fault, GOOD)
    assert (result["job"]["state"], pauses, len(server.requests)) == ("succeeded", [1.0], 2)


@pytest.mark.parametrize(
    "fault", [*(busy(status) for status in (400, 401, 403, 404, 409)), reply("<html>"), reply(b""), busy(302)]
)
def test_a_final_error_is_not_tried_again(server, attempt, fault) -> None:
    result, pauses = attempt(fault, GOOD)
    assert (result["failed"], pauses, len(server.requests)) == (True, [], 1)


def test_pauses_between_tries_grow_to_five_seconds(server, attempt) -> None:
    result, pauses = attempt(busy(), retries=5)
    assert (result["error"]["kind"], pauses, len(server.requests)) == ("unavailable", [1.0, 2.0, 4.0, 5.0, 5.0], 6)


def test_retries_0_tries_once(server, attempt) -> None:
    result, pauses = attempt(busy(), GOOD, retries=0)
    assert (result["failed"], pauses, len(server.requests)) == (True, [], 1)


def test_negative_retries_are_refused(server, attempt) -> None:
    result, _pauses = attempt(GOOD, retries=-1)
    assert (result["msg"], server.requests) == ("retries: expected 0 or more, got -1.", [])


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("7", 7.0),
        ("60", 60.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("soon", 1.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1.0),
    ],
)
def test_a_pause_of_seconds_that_the_api_asks_for_is_kept(attempt, text, pause) -> None:
    result, pauses = attempt(busy(429, text), GOOD)
    assert (result["job"]["state"], pauses) == ("succeeded", [pause])


def test_a_pause_until_a_date_that_the_api_asks_for_is_kept(attempt) -> None:
    _result, (pause,) = attempt(busy(429, email.utils.formatdate(time.time() + 30, usegmt=True)), GOOD)
    assert 25 < pause <= 30


@pytest.mark.parametrize("text", ["61", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_above_the_limit_ends_the_tries(server, attempt, text) -> None:
    result, pauses = attempt(busy(429, text), GOOD)
    assert (result["error"]["kind"], pauses, len(server.requests)) == ("unavailable", [], 1)


JOBS = "/config/operations/v1/jobs"
PARENT = strata.parent("27", "2022-10-20 17:57:06", "2022-10-20 18:00:19")
CHILD = strata.child("28", "27", "2022-10-20 18:00:24", "2022-10-20 18:02:00", "OK")
RUNNING = {**CHILD, "status_str": "ACT", "result_str": "PEND"}
REFUSED = strata.child("29", "27", "2022-10-20 18:00:24", "2022-10-20 18:02:00")
AN_HOUR_LATER = calendar.timegm((2022, 10, 20, 19, 0, 19))


@pytest.fixture
def look(server):
    """Reads a push with the listing holding these children in turn: the result, and the pauses that were made."""

    def look(*children, wall=AN_HOUR_LATER, check_mode=False, parent=None, own=None, **changes):
        parent = parent or PARENT
        answers = [one if isinstance(one, bytes) else reply({"data": [*one, parent]}) for one in children]
        server.on(f"GET {JOBS}/27", *(own or [reply({"data": [parent]})]))
        server.on(f"GET {JOBS}", *answers)
        given = STRATA.given(server.url, **{"job_id": "27", "children": True, **changes})
        pauses = []
        result = info(Strata(lambda: wall), given, pauses.append, check_mode=check_mode)
        return result, pauses

    return look


def test_a_good_end_is_believed_after_half_a_minute_without_a_child(server, look) -> None:
    result, pauses = look([])
    assert (result["job"]["state"], pauses) == ("succeeded", [5.0] * 6)
    assert len(server.asked(f"GET {JOBS}/27")) == 7
    assert result["raw"] == [{"data": [PARENT]}, {"data": [PARENT]}], "the last look's"


def test_a_child_that_fails_ends_the_watch_at_once(look) -> None:
    result, pauses = look([], [], [REFUSED], [])
    assert (result["job"]["state"], pauses) == ("failed", [5.0, 5.0])


def test_a_child_that_runs_ends_the_watch_at_once(look) -> None:
    result, pauses = look([], [RUNNING], [CHILD])
    assert (result["job"]["state"], result["job"]["finished"], pauses) == ("running", False, [5.0])


def test_a_good_child_does_not_end_the_watch_for_more_children(look) -> None:
    result, pauses = look([CHILD], [CHILD], [CHILD, REFUSED])
    assert (result["job"]["state"], pauses) == ("failed", [5.0, 5.0])


@pytest.mark.parametrize(("settle", "expected"), [(0, []), (3, [3.0]), (5, [5.0]), (12.5, [5.0, 5.0, 2.5])])
def test_children_settle_bounds_the_watch_for_children(look, settle, expected) -> None:
    result, pauses = look([], children_settle=settle)
    assert (result["job"]["state"], pauses) == ("succeeded", expected)


@pytest.mark.parametrize(
    "how",
    [
        {"check_mode": True},
        {"children": False},
        {"parent": {**PARENT, "type_str": "CommitAll"}},
        {"parent": {**PARENT, "result_str": "FAIL"}},
        {"parent": {**PARENT, "status_str": "ACT", "result_str": "PEND"}},
        {"wall": AN_HOUR_LATER + 26 * 3600},
    ],
    ids=lambda how: next(iter(how)),
)
def test_a_state_that_no_child_can_change_is_read_once(look, how) -> None:
    _result, pauses = look([], **how)
    assert pauses == []


@pytest.mark.parametrize("hours", [-14, 0, 12, 25.9])
def test_an_end_whose_time_names_no_zone_may_be_new(look, hours) -> None:
    end = calendar.timegm((2022, 10, 20, 18, 0, 19))
    _result, pauses = look([], wall=end + hours * 3600)
    assert len(pauses) == 6


def test_an_end_without_a_time_may_be_new(look) -> None:
    _result, pauses = look([], parent={**PARENT, "end_ts": ""})
    assert len(pauses) == 6


def test_an_error_of_children_during_the_watch_keeps_the_jobs_state(look) -> None:
    result, pauses = look([], busy(500), busy(500))
    assert (result["failed"], result["error"]["kind"], pauses) == (True, "unavailable", [5.0])
    assert (result["job"]["state"], result["job"]["native_state"]) == ("running", "FIN/OK")


def test_an_error_of_the_job_during_the_watch_keeps_its_state(look) -> None:
    parent = reply({"data": [PARENT]})
    result, pauses = look([], own=[parent, busy(500)])
    assert (result["failed"], result["error"]["kind"], pauses) == (True, "unavailable", [5.0])
    assert (result["job"]["state"], result["job"]["native_state"]) == ("running", "FIN/OK")
    assert result["job"]["message"] == "committed; looking for the firewalls' jobs for up to 30 s"
    result, _pauses = look(
        [], own=[parent, reply(strata.fault("E005", "Object Not Present"), 404)], on_missing="ignore"
    )
    assert (result["failed"], result["job"]["native_state"]) == (True, "FIN/OK")


def test_a_transient_error_during_the_watch_is_tried_again(look) -> None:
    result, pauses = look([], busy(500), [REFUSED], retries=1)
    assert (result["job"]["state"], pauses) == ("failed", [5.0, 1.0])


@pytest.mark.parametrize(
    ("settle", "expected"),
    [
        (-1, "0 or more seconds, got -1"),
        ("inf", "a number of seconds, got 'inf'"),
        ("nan", "a number of seconds, got 'nan'"),
    ],
)
def test_an_unbounded_children_settle_is_refused(look, settle, expected) -> None:
    result, _pauses = look([], children_settle=settle)
    assert result["msg"] == f"children_settle: expected {expected}."


def test_no_retry_begins_after_the_timeout(server, attempt) -> None:
    result, pauses = attempt(busy(), busy(), GOOD, timeout=1.5)
    assert (result["error"]["kind"], pauses, len(server.requests)) == ("unavailable", [1.0], 2)


def test_the_timeout_bounds_all_requests_together(server, attempt) -> None:
    def slowly(request):
        server.stopped.wait(0.2)
        return reply(status=302, headers=[("Location", request.target)])

    began = time.monotonic()
    result, _pauses = attempt(slowly, timeout=0.3)
    # Of the 30 s of each request, and six redirects, nothing is used.
    assert 0.3 <= time.monotonic() - began < 5
    assert re.fullmatch(
        re.escape(server.url) + r" did not answer completely within 0\.\d+ s \(the time that was left\)\.",
        result["msg"],
    )


def test_a_negative_timeout_is_refused(server, attempt) -> None:
    result, _pauses = attempt(GOOD, timeout=-1)
    assert (result["msg"], server.requests) == ("timeout: expected 0 or more seconds, got -1.", [])


def test_a_good_end_is_not_believed_without_time_to_watch_for_children(look) -> None:
    result, pauses = look([], timeout=4)
    assert (result["job"]["state"], result["job"]["finished"], pauses) == ("running", False, [])
