# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import threading

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, Unauthorized, Unreachable
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import ClientCredentials, client_credentials
from ansible_collections.endstate.jobs.plugins.module_utils._http.client import ApiClient
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.cases import STRATA
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata

TOKEN = "POST /oauth2/access_token"
CLIENT = {"access_token": None, "client_id": "sa@1", "client_secret": "strata-client-secret", "tsg_id": "1234567890"}


def token(number, **changes):
    return reply({**strata.TOKEN, "access_token": f"token-{number}", **changes})


@pytest.fixture
def push(server, run_module):
    """Reads job 21 by client credentials."""
    server.on(TOKEN, *(token(number) for number in range(1, 9)))
    server.on(STRATA.route, reply(strata.FINISHED))

    def push(**options):
        return run_module(
            STRATA.module,
            STRATA.given(server.url, **{**CLIENT, "token_url": f"{server.url}/oauth2/access_token", **options}),
        )

    return push


def bearers(server):
    return [request.headers["Authorization"] for request in server.asked(STRATA.route)]


def test_what_is_asked_of_the_token_endpoint(server, push) -> None:
    assert push()["job"]["state"] == "succeeded"
    (request,) = server.asked(TOKEN)
    assert request.form == {"grant_type": "client_credentials", "scope": "tsg_id:1234567890"}
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"sa@1:strata-client-secret"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert bearers(server) == ["Bearer token-1"]


def test_the_attempts_of_a_process_share_a_token(server, push) -> None:
    for _turn in range(5):
        push()
    assert len(server.asked(TOKEN)) == 1
    push(client_id="sa@2")
    push(tsg_id="2")
    assert len(server.asked(TOKEN)) == 3


def test_a_401_has_the_token_renewed_once(server, push) -> None:
    server.on(STRATA.route, reply(b"", 401), reply(strata.FINISHED))
    assert push()["job"]["state"] == "succeeded"
    assert bearers(server) == ["Bearer token-1", "Bearer token-2"]


def test_a_second_401_is_an_error(server, push) -> None:
    server.on(STRATA.route, reply(strata.fault("E016", "Not Authenticated"), 401))
    result = push()
    assert result["error"]["kind"] == "unauthorized"
    assert result["msg"] == (
        f"{server.url}{STRATA.route[4:]} answered HTTP 401 (code E016): Not Authenticated. Check client_id and client_secret, or that "
        "the access_token has not expired."
    )
    assert bearers(server) == ["Bearer token-1", "Bearer token-2"]


def test_a_403_is_no_reason_to_renew(server, push) -> None:
    server.on(STRATA.route, reply(b"", 403))
    assert push()["error"]["kind"] == "forbidden"
    assert len(server.asked(TOKEN)) == 1


def test_a_ready_token_is_not_renewed(server, run_module) -> None:
    server.on(STRATA.route, reply(b"", 401))
    assert run_module(STRATA.module, STRATA.given(server.url))["error"]["kind"] == "unauthorized"
    assert len(server.requests) == 1


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [(900, 840), ("899", 839), (120, 60), (60, 30), (1, 0.5), (-5, 0), (0, 0)],
)
def test_a_token_is_renewed_before_it_expires(server, expires_in, good_for) -> None:
    server.on(TOKEN, token(1, expires_in=expires_in), token(2))
    clock, transport = Clock(), Transport()
    auth = ClientCredentials(f"{server.url}/oauth2/access_token", "id", "secret", "scope", clock)
    first = auth.credential(transport)
    if good_for:
        clock.now += good_for - 0.001
        assert auth.credential(transport) is first
    clock.now += 0.001
    assert auth.credential(transport) is not first
    transport.close()


@pytest.mark.parametrize("expires_in", [None, "soon", True, [900]])
def test_a_token_whose_expiry_is_not_told_is_kept_until_a_401(server, expires_in) -> None:
    server.on(TOKEN, token(1, expires_in=expires_in))
    clock, transport = Clock(), Transport()
    auth = ClientCredentials(f"{server.url}/oauth2/access_token", "id", "secret", "scope", clock)
    first = auth.credential(transport)
    clock.now = 1e15
    assert auth.credential(transport) is first
    transport.close()


FAULTS = {
    "bad client": (
        reply({"error": "invalid_client", "error_description": "Client authentication failed"}, 401),
        "answered HTTP 401 (code invalid_client): Client authentication failed. Check client_id, client_secret and token_url.",
        "unauthorized",
    ),
    "bad request": (
        reply({"error": "invalid_scope"}, 400),
        "answered HTTP 400 (code invalid_scope).",
        "rejected",
    ),
    "throttled": (reply("slow down", 429), "answered HTTP 429.", "unavailable"),
    "no such path": (reply(b"", 404), "answered HTTP 404. Check token_url.", "rejected"),
    "HTML": (
        reply("<html>"),
        "answered HTTP 200 with a web page where JSON was due; check token_url, and whether a proxy or a portal answers in its place.",
        "web_page",
    ),
    "no token": (reply({"token_type": "Bearer"}), "answered without a usable access_token.", "protocol"),
    "a list": (reply([]), "answered without a usable access_token.", "protocol"),
    "a token that is no text": (token(1, access_token=7), "answered without a usable access_token.", "protocol"),
    "an empty token": (token(1, access_token=""), "answered without a usable access_token.", "protocol"),
    "a token with a line feed": (
        token(1, access_token="a\nX: y"),
        "answered without a usable access_token.",
        "protocol",
    ),
}


@pytest.mark.parametrize(("answer", "said", "kind"), FAULTS.values(), ids=FAULTS)
def test_a_token_endpoint_that_gives_none(server, push, answer, said, kind) -> None:
    server.on(TOKEN, answer)
    result = push()
    assert result["msg"] == f"{server.url}/oauth2/access_token {said}"
    assert (result["error"]["kind"], server.asked(STRATA.route)) == (kind, [])


def test_a_token_endpoint_is_asked_again_after_it_failed(server, push) -> None:
    server.on(TOKEN, reply(b"", 503), token(1))
    assert push()["error"]["kind"] == "unavailable"
    assert push()["job"]["state"] == "succeeded"


@pytest.fixture
def client(server):
    """An API client of eight threads."""
    auth = client_credentials(f"{server.url}/oauth2/access_token", "id", "secret", "scope")
    client = ApiClient(Transport(concurrency=8), server.url, auth, lambda _status, _content: None, {}, Secrets())
    yield client
    client.close()


def at_once(action, threads=8):
    """What the action returned or raised, in each of these threads."""
    results = []

    def run():
        try:
            results.append(action())
        except Exception as error:
            results.append(error)

    started = [threading.Thread(target=run) for _turn in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return results


def test_threads_share_one_token_request(server, client) -> None:
    server.on(TOKEN, *(token(number) for number in range(1, 9)))
    server.on("GET /job", reply({"good": True}))
    assert at_once(lambda: client.get("job")) == [{"good": True}] * 8
    assert len(server.asked(TOKEN)) == 1


def test_threads_share_one_failure(server, client) -> None:
    under_way = threading.Event()

    def refuse(_request):
        under_way.set()
        server.stopped.wait(0.2)
        return reply({"error": "invalid_client"}, 401)

    server.on(TOKEN, refuse)
    turns = iter(range(8))

    def ask():
        if next(turns):  # the others come while the first login is under way
            under_way.wait()
        return client.get("job")

    errors = at_once(ask)
    assert {type(error) for error in errors} == {Unauthorized}
    assert len(server.asked(TOKEN)) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_client_is_not_tried_again_for_each_job(server, client, status) -> None:
    server.on(TOKEN, reply({"error": "invalid_client"}, status))
    for _job in range(5):
        with pytest.raises(ApiError, match="invalid_client"):
            client.get("job")
    assert len(server.asked(TOKEN)) == 1


def test_tokens_that_are_rejected_are_not_renewed_for_each_job(server, client) -> None:
    server.on(TOKEN, *(token(number) for number in range(1, 9)))
    server.on("GET /job", *[reply(b"", 401)] * 6, reply({"good": True}), reply(b"", 401), reply({"good": True}))
    for _job in range(5):
        with pytest.raises(Unauthorized):
            client.get("job")
    assert len(server.asked(TOKEN)) == 2, "the one that replaced the first was no better"
    assert client.get("job") == client.get("job") == {"good": True}
    assert len(server.asked(TOKEN)) == 3, "once one was accepted, its rejection is worth another try"


def test_a_renewed_token_whose_first_request_is_cut_off_may_be_renewed_again(server, client) -> None:
    """As when an appliance restarts: nobody has learnt whether that token is good."""
    server.on(TOKEN, *(token(number) for number in range(1, 9)))
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{"
    server.on("GET /job", reply(b"", 401), lambda _request: [cut], reply(b"", 401), reply({"good": True}))
    with pytest.raises(Unreachable):
        client.get("job")
    assert client.get("job") == {"good": True}
    assert len(server.asked(TOKEN)) == 3


def test_a_401_to_a_request_sent_with_an_older_token_is_no_second_failure(server, client) -> None:
    """All eight are under way with the first token when it expires; each meets one 401, and one renewal serves all."""
    together = threading.Barrier(8)

    def job(request):
        if request.headers["Authorization"] == "Bearer token-1":
            together.wait(5)  # no answer before all have asked
            return reply(b"", 401)
        return reply({"good": True})

    server.on(TOKEN, *(token(number) for number in range(1, 9)))
    server.on("GET /job", job)
    assert at_once(lambda: client.get("job")) == [{"good": True}] * 8
    assert len(server.asked(TOKEN)) == 2


def test_a_token_that_another_thread_replaced_meanwhile_does_not_count(server, client) -> None:
    """Twice the token is replaced while the request is under way: its own renewal is still to come."""
    server.on(TOKEN, *(token(number) for number in range(1, 9)))

    def job(request):
        if request.headers["Authorization"] in ("Bearer token-1", "Bearer token-2"):
            auth, transport = client._auth, client._transport
            auth.discard(auth.credential(transport))
            auth.credential(transport)
            return reply(b"", 401)
        if request.headers["Authorization"] == "Bearer token-3":
            return reply(b"", 401)
        return reply({"good": True})

    server.on("GET /job", job)
    assert client.get("job") == {"good": True}
    assert [request.headers["Authorization"] for request in server.asked("GET /job")] == [
        f"Bearer token-{number}" for number in (1, 2, 3, 4)
    ]
