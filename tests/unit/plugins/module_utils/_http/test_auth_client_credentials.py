# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth2 client credentials: what is asked for, when a token is renewed, and for how many requests."""

from __future__ import annotations

import base64
import threading

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    ApiError,
    Forbidden,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import ClientCredentials, token_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.tokens import TokenCache
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata

TOKEN, JOB = "POST /oauth2/access_token", "GET /job"
GOOD = reply({"good": True})


def token(number, **changes):
    return reply({**strata.TOKEN, "access_token": f"token-{number}", **changes})


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def connect(server):
    """Makes clients of one account."""
    server.on(TOKEN, *(token(number) for number in range(1, 9)))
    server.on(JOB, GOOD)
    clients = []

    def connect(tokens=None, clock=None, secrets=None, client_cert=None, **changes):
        account = {"client_id": "sa@1", "client_secret": "s3cret", "scope": "tsg_id:1234567890", **changes}
        auth = ClientCredentials(f"{server.url}/oauth2/access_token", **account, clock=clock or Clock())
        transport = Transport(concurrency=8, client_cert=client_cert)
        clients.append(AskingConnection(transport, server.url, auth, lambda *_: None, {}, secrets or Secrets(), tokens))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()


def bearers(server):
    """The number of the token of each request for the job."""
    return [request.headers["Authorization"].removeprefix("Bearer token-") for request in server.asked(JOB)]


def test_the_token_endpoint_is_asked_as_rfc_6749_says(server, connect) -> None:
    secrets = Secrets()
    assert connect(secrets=secrets).get("job") == {"good": True}
    (request,) = server.asked(TOKEN)
    assert request.form == {"grant_type": "client_credentials", "scope": "tsg_id:1234567890"}
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"sa@1:s3cret"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert bearers(server) == ["1"]
    shown = f"s3cret token-1 {base64.b64encode(b'sa@1:s3cret').decode()}"
    assert secrets.mask(shown) == "******** ******** ********"


def test_clients_of_one_account_can_share_a_token(server, connect) -> None:
    """Attempts of a loop, each of which has a client of its own."""
    tokens = TokenCache()
    for _attempt in range(5):
        secrets = Secrets()
        connect(tokens, secrets=secrets).get("job")
        assert secrets.mask("token-1") == "********"
    assert len(server.asked(TOKEN)) == 1
    connect(tokens, client_id="sa@2").get("job")
    connect(tokens, scope="tsg_id:2").get("job")
    connect(tokens, client_secret="another").get("job")
    assert len(server.asked(TOKEN)) == 4


def test_a_token_is_shared_by_clients_of_one_certificate(server, connect, certificate) -> None:
    """The endpoint may tie it to the certificate that it was asked for with."""
    tokens = TokenCache()
    one, other = (str(certificate().path) for _certificate in range(2))
    for client_cert in (one, one, other, None, one):
        connect(tokens, client_cert=client_cert).get("job")
    assert (len(server.asked(TOKEN)), bearers(server)) == (3, ["1", "1", "2", "3", "1"])


def test_a_shared_token_that_is_rejected_is_replaced_for_all(server, connect) -> None:
    tokens = TokenCache()
    connect(tokens).get("job")
    server.on(JOB, reply(b"", 401), GOOD)
    connect(tokens).get("job")
    connect(tokens).get("job")
    assert bearers(server) == ["1", "1", "2", "2"]


def test_clients_without_a_cache_share_no_token(server, connect) -> None:
    connect().get("job")
    connect().get("job")
    assert len(server.asked(TOKEN)) == 2


def test_a_401_has_the_token_renewed_once(server, client) -> None:
    server.on(JOB, reply(b"", 401), GOOD)
    assert client.get("job") == {"good": True}
    assert bearers(server) == ["1", "2"]


def test_a_second_401_is_an_error(server, client) -> None:
    server.on(JOB, reply(b"", 401))
    with pytest.raises(Unauthorized):
        client.get("job")
    assert bearers(server) == ["1", "2"]


def test_a_403_is_no_reason_to_renew(server, client) -> None:
    server.on(JOB, reply(b"", 403))
    with pytest.raises(Forbidden):
        client.get("job")
    assert len(server.asked(TOKEN)) == 1


def test_a_ready_token_is_not_renewed(server) -> None:
    server.on(JOB, reply(b"", 401))
    auth = token_auth("Bearer", "access_token", "t")
    ready = AskingConnection(Transport(), server.url, auth, lambda *_: None, {}, Secrets())
    with pytest.raises(Unauthorized):
        ready.get("job")
    ready.close()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [(900, 840), ("899", 839), (120, 60), (60, 30), (1, 0.5), (-5, 0), (0, 0)],
)
def test_a_token_is_renewed_before_it_expires(server, connect, expires_in, good_for) -> None:
    server.on(TOKEN, token(1, expires_in=expires_in), token(2))
    clock = Clock()
    client = connect(clock=clock)
    client.get("job")
    if good_for:
        clock.now += good_for - 0.001
        client.get("job")
    clock.now += 0.001
    client.get("job")
    assert bearers(server) == ["1", "1", "2"] if good_for else ["1", "2"]


@pytest.mark.parametrize("expires_in", [None, "soon", True, [900]])
def test_a_token_whose_expiry_is_not_told_is_kept_until_a_401(server, connect, expires_in) -> None:
    server.on(TOKEN, token(1, expires_in=expires_in))
    clock = Clock()
    client = connect(clock=clock)
    client.get("job")
    clock.now = 1e15
    client.get("job")
    assert len(server.asked(TOKEN)) == 1


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
def test_a_token_endpoint_without_a_token_is_one_request_and_one_sentence(server, client, answer, said, kind) -> None:
    server.on(TOKEN, answer)
    with pytest.raises(ApiError) as caught:
        client.get("job")
    assert (str(caught.value), caught.value.kind) == (f"{server.url}/oauth2/access_token {said}", kind)
    assert server.asked(JOB) == []


def test_a_token_endpoint_is_asked_again_after_it_failed(server, client) -> None:
    server.on(TOKEN, reply(b"", 503), token(1))
    with pytest.raises(Unavailable):
        client.get("job")
    assert client.get("job") == {"good": True}


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
    server.on(JOB, *[reply(b"", 401)] * 6, GOOD, reply(b"", 401), GOOD)
    for _job in range(5):
        with pytest.raises(Unauthorized):
            client.get("job")
    assert len(server.asked(TOKEN)) == 2, "the one that replaced the first was no better"
    assert client.get("job") == client.get("job") == {"good": True}
    assert len(server.asked(TOKEN)) == 3, "once one was accepted, its rejection is worth another try"


def test_a_renewed_token_whose_first_request_is_cut_off_may_be_renewed_again(server, client) -> None:
    """As when an appliance restarts: nobody has learnt whether that token is good."""
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{"
    server.on(JOB, reply(b"", 401), lambda _request: [cut], reply(b"", 401), GOOD)
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

    server.on(JOB, job)
    assert at_once(lambda: client.get("job")) == [{"good": True}] * 8
    assert len(server.asked(TOKEN)) == 2


def test_a_token_that_another_thread_replaced_meanwhile_does_not_count(server, client) -> None:
    """Twice the token is replaced while the request is under way: its own renewal is still to come."""

    def job(request):
        number = request.headers["Authorization"].removeprefix("Bearer token-")
        if number in "12":
            assert client.get("other") == {"good": True}
        return GOOD if number == "4" else reply(b"", 401)

    server.on("GET /other", reply(b"", 401), GOOD, reply(b"", 401), GOOD)
    server.on(JOB, job)
    assert client.get("job") == {"good": True}
    assert bearers(server) == ["1", "2", "3", "4"]
