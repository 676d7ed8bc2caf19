# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory for replies: what they weigh, and that waiting for it is no fault of an API and costs no request its time."""

from __future__ import annotations

import json
import threading
import time

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, BadReply, TimedOut
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import token_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.deadline import NEVER
from ansible_collections.endstate.jobs.plugins.module_utils._http.reply_memory import (
    FREE,
    MOST,
    PER_VALUE,
    ReplyMemory,
    weight,
)
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Threads
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import parse_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.cases import CASES
from ansible_collections.endstate.jobs.tests.unit.loopback import reply

LARGE = b'{"extra": "' + b"a" * FREE + b'"}'


def elsewhere(action):
    """What the action gives in another thread, ``None`` if it has not come back after a while."""
    given = []
    thread = threading.Thread(target=lambda: given.append(action()), daemon=True)
    thread.start()
    thread.join(0.2)
    return given[0] if given else None


@pytest.mark.parametrize(
    ("body", "weighs"),
    [(b"", 0), (b"7", 1), (b"[]", 34), (b'{"a":[1,2]}', 11 + 3 * 32), (b'"' + b"a" * 98 + b'"', 100)],
)
def test_a_body_weighs_its_length_and_32_bytes_for_each_value(body, weighs) -> None:
    assert weight(body) == weighs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_real_replies_weigh_some_twice_their_length(case) -> None:
    body = json.dumps(case.reply).encode()
    assert weight(body) < 3 * len(body)
    assert weight(body) < FREE


def test_one_large_reply_is_decoded_at_a_time() -> None:
    first, second = ReplyMemory(), ReplyMemory()
    assert first.take(LARGE)
    assert first.take(LARGE), "a reading waits for no reply of its own"
    waiting = threading.Event()

    def take():
        waiting.set()
        second.take(LARGE)
        second.release()
        return "taken"

    assert elsewhere(take) is None
    assert waiting.is_set()
    assert elsewhere(lambda: ReplyMemory().take(b"{}")), "a small one waits for none"
    first.release()
    first.release()
    assert elsewhere(lambda: (ReplyMemory().take(b"{}"), "none is held")[1]) == "none is held"
    third = ReplyMemory()
    assert elsewhere(lambda: (third.take(LARGE), third.release(), "free")[2]) == "free"


def test_replies_of_one_reading_have_one_limit() -> None:
    memory = ReplyMemory()
    third = b"a" * (MOST // 3)
    assert [memory.take(third) for _turn in range(4)] == [True, True, True, False]
    memory.release()


@pytest.fixture
def client(server):
    client = AskingConnection(
        Transport(concurrency=16),
        server.url,
        token_auth("Bearer", "token", "t"),
        lambda *_: None,
        {},
        Secrets(),
    )
    yield client
    client.close()


LONG = b'{"good": true, "extra": "' + b"a" * FREE + b'"}'
OUTCOMES = {
    "a good reply": (LONG, 200, None),
    "an error": (LONG, 503, "unavailable"),
    "half a reply": (LONG[:-1], 200, "incomplete"),
    "too many values": (b"[" + b"{}," * (MOST // PER_VALUE) + b"1]", 200, "protocol"),
}


@pytest.mark.parametrize(("body", "status", "kind"), OUTCOMES.values(), ids=OUTCOMES)
def test_the_lock_is_released_after_every_outcome(server, client, body, status, kind) -> None:
    server.on("GET /job", reply(body, status))
    for _turn in range(2):
        try:
            client.get("job")
            got = None
        except ApiError as error:
            got = error.kind
        assert got == kind
    memory = ReplyMemory()
    assert elsewhere(lambda: (memory.take(LARGE), memory.release(), "free")[2]) == "free"


def test_a_reply_of_very_many_values_is_refused(server, client) -> None:
    server.on("GET /job", reply(b"[" + b"[]," * (MOST // 67) + b"7]"))
    with pytest.raises(BadReply) as caught:
        client.get("job")
    assert (
        str(caught.value)
        == f"The reply of {server.url}/job is too large to be read; ask for less, for example for fewer jobs."
    )


def test_an_error_of_very_many_values_keeps_its_status(server, client) -> None:
    server.on("GET /job", reply(b"[" * 100_000, 502))
    with pytest.raises(ApiError) as caught:
        client.get("job")
    assert (caught.value.kind, caught.value.status) == ("unavailable", 502)


def test_pages_of_a_reading_that_are_too_many_together_are_refused(server, client) -> None:
    server.on("GET /page", reply(json.dumps("a" * (MOST // 3 - 2))))
    with client.reading() as reading:
        for _page in range(3):
            reading.get("page")
        with pytest.raises(BadReply):
            reading.get("page")
    with client.reading() as reading:
        assert reading.get("page")


def test_the_lock_is_never_held_while_a_request_is_under_way(server, client) -> None:
    """A reading that has a large page, and waits for its next one, costs another one no time."""
    asked = threading.Event()

    def never(_request):
        asked.set()
        server.stopped.wait(10)
        return reply(b"{}")

    def late(_request):
        server.stopped.wait(0.5)
        return reply(LARGE)

    server.on("GET /large", reply(LARGE))
    server.on("GET /never", never)
    server.on("GET /late", late)

    def read():
        with client.reading() as reading:
            reading.get("large")
            reading.get("never")

    threading.Thread(target=read, daemon=True).start()
    assert asked.wait(5)
    began = time.monotonic()
    quick = AskingConnection(
        Transport(request_timeout=1.0), server.url, token_auth("Bearer", "token", "t"), lambda *_: None, {}, Secrets()
    )
    assert quick.get("late")
    quick.close()
    assert time.monotonic() - began < 1.1


def test_a_reading_of_several_requests_ends_in_time(server, client) -> None:
    """However many they are, and whatever each of them may take."""

    def slowly(_request):
        server.stopped.wait(0.15)
        return reply(b"{}")

    server.on("GET /page", slowly)
    began = time.monotonic()
    with client.reading(NEVER.within(0.4, "timeout")) as reading:
        reading.get("page")
        reading.get("page")
        with pytest.raises(TimedOut) as caught:
            reading.get("page")
    # Without one deadline for all of them it would be longer than any: each request has 30 s of its own.
    assert 0.4 <= time.monotonic() - began < 5
    assert "(the time that was left)" in str(caught.value)


PAGES = {
    str(offset): reply(
        {
            "data": [
                {"id": str(1000 - offset - row), "type_str": "CommitAll", "status_str": "FIN", "summary": "s" * 300}
                for row in range(200)
            ],
            "total": 1000,
        }
    )
    for offset in range(0, 1000, 200)
}
"""Jobs 1000 to 1, newest first, some 400 bytes each: by the offset of their page."""


@pytest.fixture
def pushes(server):
    """Waits for so many pushes whose row is on the fifth page of the listing: the seconds it took, and the wait."""

    def listing(request):
        server.stopped.wait(0.2)
        return PAGES[request.query["offset"]]

    def push(request):
        server.stopped.wait(0.2)
        number = request.path.rpartition("/")[2]
        return reply({"data": [{"id": number, "type_str": "CommitAndPush", "status_str": "FIN", "result_str": "OK"}]})

    server.on("GET /jobs", listing)

    def wait(count: int):
        for number in range(1, count + 1):
            server.on(f"GET /jobs/{number}", push)
        options = {"api_url": server.url, "access_token": "x" * 20, "request_timeout": 5, "children_settle": 0}
        jobs = [{"config_job": {**options, "job_id": str(number)}} for number in range(1, count + 1)]
        task = {"jobs": jobs, "interval": 0.5, "max_interval": 0.5, "timeout": 60}
        session = WaitSession(parse_items(task, lambda _system: {}), 16)
        waited = session.wait(parse_options(task).settings, Threads(16))
        began = time.monotonic()
        waited.run()
        took = time.monotonic() - began
        session.close()
        return took, waited

    return wait


def test_many_readings_of_many_pages_do_not_wait_for_each_others_requests(pushes) -> None:
    """Sixteen pushes whose rows are on the fifth page: no fault of an API that answers each request, and little more time."""
    ratios = []
    while len(ratios) < 3 and min(ratios, default=4) >= 4:  # another process may have had the machine meanwhile
        one, _wait = pushes(1)
        sixteen, wait = pushes(16)
        assert (wait.transient_errors, [watch.job.succeeded for watch in wait.polled]) == (0, [True] * 16)
        ratios.append(sixteen / one)
    assert min(ratios) < 4
