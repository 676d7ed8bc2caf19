# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import email.utils
import time

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils import _info_module
from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.dynatrace import Dynatrace
from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

GOOD = reply(dynatrace.JOB)


@pytest.fixture
def attempt(server):
    """Reads the job with the server answering these in turn: the result, and the pauses that were made."""

    def attempt(*answers, retries=2):
        server.on(DYNATRACE.route, *answers)
        given = DYNATRACE.given(server.url, retries=retries, request_timeout=5)
        pauses = []
        return info(Dynatrace(), given, sleep=pauses.append), pauses

    return attempt


def test_a_library_that_is_missing_is_a_fault_of_the_machine(attempt, monkeypatch) -> None:
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
def test_a_fault_that_a_later_try_can_mend(server, attempt, fault) -> None:
    result, pauses = attempt(fault, GOOD)
    assert (result["job"]["state"], pauses, len(server.requests)) == ("succeeded", [1.0], 2)


@pytest.mark.parametrize(
    "fault", [*(busy(status) for status in (400, 401, 403, 404, 409)), reply("<html>"), reply(b""), busy(302)]
)
def test_a_fault_that_no_later_try_can_mend(server, attempt, fault) -> None:
    result, pauses = attempt(fault, GOOD)
    assert (result["failed"], pauses, len(server.requests)) == (True, [], 1)


def test_the_pauses_grow_to_five_seconds(server, attempt) -> None:
    result, pauses = attempt(busy(), retries=5)
    assert (result["error"]["kind"], pauses, len(server.requests)) == ("unavailable", [1.0, 2.0, 4.0, 5.0, 5.0], 6)


def test_no_retries(server, attempt) -> None:
    result, pauses = attempt(busy(), GOOD, retries=0)
    assert (result["failed"], pauses, len(server.requests)) == (True, [], 1)


def test_negative_retries(server, attempt) -> None:
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
def test_what_the_api_asks_for_is_obeyed(attempt, text, pause) -> None:
    result, pauses = attempt(busy(429, text), GOOD)
    assert (result["job"]["state"], pauses) == ("succeeded", [pause])


def test_a_date_that_the_api_asks_for_is_obeyed(attempt) -> None:
    _result, (pause,) = attempt(busy(429, email.utils.formatdate(time.time() + 30, usegmt=True)), GOOD)
    assert 25 < pause <= 30


@pytest.mark.parametrize("text", ["61", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_longer_pause_is_left_to_the_caller(server, attempt, text) -> None:
    result, pauses = attempt(busy(429, text), GOOD)
    assert (result["error"]["kind"], pauses, len(server.requests)) == ("unavailable", [], 1)
