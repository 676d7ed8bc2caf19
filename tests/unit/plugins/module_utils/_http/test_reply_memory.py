# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import threading

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._http import reply_memory
from ansible_collections.endstate.jobs.plugins.module_utils._http.reply_memory import FREE, MOST, Load, enter, leave
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, DYNATRACE, STRATA
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace


def elsewhere(action):
    """What the action gives in another thread."""
    given = []
    thread = threading.Thread(target=lambda: given.append(action()))
    thread.start()
    thread.join()
    return given[0]


def weight(body):
    load = Load()
    load.add(body)
    return load.weight


@pytest.mark.parametrize(
    ("body", "weighs"),
    [(b"", 0), (b"7", 1), (b"[]", 34), (b'{"a":[1,2]}', 11 + 3 * 32), (b'"' + b"a" * 98 + b'"', 100)],
)
def test_weight(body, weighs) -> None:
    assert weight(body) == weighs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_real_replies_weigh_some_twice_their_length(case) -> None:
    body = json.dumps(case.reply).encode()
    assert weight(body) < 3 * len(body)
    assert weight(body) < FREE


def test_the_room_is_for_one() -> None:
    assert enter(0)
    assert enter(0), "whoever is inside is inside"
    assert not elsewhere(lambda: enter(0))
    leave()
    assert elsewhere(lambda: (enter(0), leave())[0])
    leave()  # it is no fault to leave twice


def test_it_is_left_however_a_read_ends(server, run_module) -> None:
    good = json.dumps(dynatrace.JOB)[:-1].encode()
    long = good + b', "extra": "' + b"a" * FREE + b'"}'
    many = good + b', "extra": [' + b"{}," * (MOST // 64) + b"1]}"
    for body, status, kind in (
        (long, 200, None),
        (long, 503, "unavailable"),
        (long[:-1], 200, "incomplete"),
        (many, 200, "protocol"),
    ):
        server.on(DYNATRACE.route, reply(body, status))
        result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
        assert (result["error"] or {}).get("kind") == kind
        assert elsewhere(lambda: (enter(0), leave())[0])


def test_a_reply_of_very_many_values_is_refused(server, run_module) -> None:
    server.on(DYNATRACE.route, reply(b'{"jobState": "SUCCEED", "extra": [' + b"[]," * (MOST // 67) + b"7]}"))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    url = f"{server.url}{DYNATRACE.route.split()[1]}"
    assert result["msg"] == f"{url} sends more than can be taken in; ask for less of it."
    assert result["error"]["kind"] == "protocol"


def test_but_it_hides_no_error(read) -> None:
    assert read(DYNATRACE, b"[" * 100_000, 502)["error"]["kind"] == "unavailable"


def test_so_are_pages_that_are_too_many_together(server, run_module, monkeypatch) -> None:
    monkeypatch.setattr(reply_memory, "_PER_VALUE", 0)

    def page(request):
        row = {"id": request.query["offset"], "status_str": "FIN", "result_str": "OK", "extra": "a" * (MOST // 3)}
        return reply({"data": [row]})

    server.on("GET /config/operations/v1/jobs", page)
    result = run_module(STRATA.module, STRATA.given(server.url, job_id=None))
    assert result["msg"].endswith("/jobs sends more than can be taken in; ask for less of it.")
    assert len(server.requests) == 3
