# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session: begun by a login, replaced once if it is rejected, and ended by a logout."""

from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, Forbidden, Unavailable
from ansible_collections.endstate.jobs.plugins.module_utils._http import auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import SessionLogin, basic_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.client import Fault
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import reply

LOGIN, LOGOUT, JOB = "POST /sessions", "DELETE /sessions", "GET /job"
GOOD = reply({"good": True})


def session(number):
    """The answer to a login: cookies of the session with this number."""
    return reply(
        {"csrf": f"csrf-token-of-session-{number}"},
        headers=[
            ("Set-Cookie", f"SID=cookie-of-session-{number}; Path=/; HttpOnly"),
            ("Set-Cookie", "user=automation"),
        ],
    )


def read_fault(status, content):
    said = content.get("failure") if isinstance(content, dict) else None
    return Fault(said, status=400) if said and status < 400 else Fault(said) if status >= 400 else None


def read_csrf(answer):
    csrf = answer.get("csrf")
    return None if csrf is None else str(csrf)


@pytest.fixture
def secrets():
    return Secrets()


@pytest.fixture
def client(server, secrets):
    server.on(LOGIN, *(session(number) for number in range(1, 9)))
    server.on(LOGOUT, reply(b"", 204))
    server.on(JOB, GOOD)
    login = SessionLogin(
        login_url=f"{server.url}/sessions",
        body={"UserId": "automation", "password": "s3cret"},
        secret="s3cret",
        csrf_header="X-Csrf-Token",
        read_csrf=read_csrf,
        read_fault=read_fault,
        headers={"X-Client": "jobs"},
    )
    client = AskingConnection(Transport(), server.url, login, read_fault, {}, secrets)
    yield client
    client.close()


def steps(server):
    """What was asked in turn, and in which session."""
    cookies = [request.headers.get("Cookie", "") for request in server.requests]
    return [
        (request.method, cookie.split(";")[0].removeprefix("SID=cookie-of-session-"))
        for request, cookie in zip(server.requests, cookies)
    ]


def test_a_client_logs_in_asks_and_logs_out(server, client, secrets) -> None:
    assert client.get("job") == {"good": True}
    client.close()
    login, question, logout = server.requests
    assert json.loads(login.body) == {"UserId": "automation", "password": "s3cret"}
    assert login.headers["X-Client"] == "jobs"
    assert not {"Authorization", "Cookie", "X-Csrf-Token"} & login.headers.keys()
    for request in (question, logout):
        assert request.headers["Cookie"] == "SID=cookie-of-session-1; user=automation"
        assert request.headers["X-Csrf-Token"] == "csrf-token-of-session-1"
        assert not {"Authorization", "X-Client"} & request.headers.keys()
    assert (logout.method, logout.path) == ("DELETE", "/sessions")
    shown = "s3cret, cookie-of-session-1, csrf-token-of-session-1, automation"
    assert secrets.mask(shown) == "********, ********, ********, automation"


@pytest.mark.parametrize("status", [401, 403])
def test_an_expired_session_is_replaced_once(server, client, status) -> None:
    server.on(JOB, reply(b"", status), GOOD)
    assert client.get("job") == {"good": True}
    client.close()
    assert steps(server) == [("POST", ""), ("GET", "1"), ("DELETE", "1"), ("POST", ""), ("GET", "2"), ("DELETE", "2")]


@pytest.mark.parametrize(("status", "kind"), [(401, "unauthorized"), (403, "forbidden")])
def test_a_user_who_may_not_read_leaves_no_session_behind(server, client, status, kind) -> None:
    server.on(JOB, reply(b"", status))
    with pytest.raises(ApiError) as caught:
        client.get("job")
    assert caught.value.kind == kind
    client.close()
    assert steps(server) == [("POST", ""), ("GET", "1"), ("DELETE", "1"), ("POST", ""), ("GET", "2"), ("DELETE", "2")]


def test_jobs_that_may_not_be_read_cost_no_login_each(server, client) -> None:
    server.on(JOB, reply(b"", 403))
    for _job in range(5):
        with pytest.raises(Forbidden):
            client.get("job")
    assert len(server.asked(LOGIN)) == 2


def test_basic_has_no_session(server) -> None:
    server.on(JOB, reply(b"", 401))
    client = AskingConnection(Transport(), server.url, basic_auth("user", "s3cret"), read_fault, {}, Secrets())
    with pytest.raises(ApiError):
        client.get("job")
    client.close()
    assert [request.method for request in server.requests] == ["GET"]


@pytest.mark.parametrize("answer", [reply(b"", 500), reply("<html>", 403), lambda _: [b"HTTP"], lambda _: []])
def test_a_logout_that_fails_changes_nothing(server, client, answer) -> None:
    server.on(LOGOUT, answer)
    assert client.get("job") == {"good": True}
    client.close()
    assert server.requests[-1].method == "DELETE"


def test_a_logout_gets_two_seconds_at_most(server, client, monkeypatch) -> None:
    assert auth.LOGOUT_TIMEOUT == 2.0
    monkeypatch.setattr(auth, "LOGOUT_TIMEOUT", 0.2)
    server.on(LOGOUT, server.drip(b"", b"HTTP/1.1 200 OK\r\n"))
    client.get("job")
    client.close()
    assert server.requests[-1].method == "DELETE"


def test_a_client_logs_out_after_a_failed_read(server, client) -> None:
    server.on(JOB, reply(b"", 500))
    with pytest.raises(Unavailable):
        client.get("job")
    client.close()
    assert steps(server)[-1] == ("DELETE", "1")


def test_a_client_that_is_broken_off_logs_out_and_asks_no_more(server, client) -> None:
    client.get("job")
    client.break_off()
    with pytest.raises(ApiError):
        client.get("job")
    assert steps(server) == [("POST", ""), ("GET", "1"), ("DELETE", "1")]


@pytest.mark.parametrize(
    ("answer", "cookie", "csrf"),
    [
        (
            reply({}, headers=[("Set-Cookie", "SID=sid-of-the-session"), ("Set-Cookie", "csrf=csrf-of-the-session")]),
            "SID=sid-of-the-session; csrf=csrf-of-the-session",
            "csrf-of-the-session",
        ),
        (reply({}, headers=[("Set-Cookie", "SID=sid-of-the-session")]), "SID=sid-of-the-session", None),
        (reply({"csrf": 7}, headers=[("Set-Cookie", "SID=sid-of-the-session")]), "SID=sid-of-the-session", "7"),
    ],
)
def test_a_csrf_token_may_be_missing(server, client, answer, cookie, csrf) -> None:
    server.on(LOGIN, answer)
    client.get("job")
    question = server.requests[1]
    assert (question.headers["Cookie"], question.headers.get("X-Csrf-Token")) == (cookie, csrf)


CHECK = "Check username and password."
FAULTS = {
    "refused with 401": (reply(b"", 401), f"answered HTTP 401. {CHECK}", "unauthorized"),
    "refused with 403": (
        reply({"failure": "You are not authorized."}, 403),
        f"answered HTTP 403: You are not authorized. {CHECK}",
        "forbidden",
    ),
    "refused with 200": (
        reply({"failure": "You are not authorized."}),
        f"answered HTTP 200: You are not authorized. {CHECK}",
        "unauthorized",
    ),
    "unavailable": (reply("<html>starting</html>", 503), "answered HTTP 503.", "unavailable"),
    "HTML": (
        reply("<html>"),
        "answered HTTP 200 with a web page where JSON was due; check api_url, username and password, and whether a proxy or "
        "a portal answers in its place.",
        "web_page",
    ),
    "no such path": (reply(b"", 404), "answered HTTP 404. Check api_url.", "rejected"),
    "no cookie": (reply({"csrf": "x"}), "answered a login without usable cookies.", "protocol"),
    "a cookie with a blank": (
        reply({}, headers=[("Set-Cookie", "SID=a b")]),
        "answered a login without usable cookies.",
        "protocol",
    ),
    "a token with a line feed": (
        reply({"csrf": "a\tb"}, headers=[("Set-Cookie", "SID=sid-of-the-session")]),
        "answered a login without usable cookies.",
        "protocol",
    ),
}


@pytest.mark.parametrize(("answer", "said", "kind"), FAULTS.values(), ids=FAULTS)
def test_a_failed_login_is_one_request_and_one_sentence(server, client, answer, said, kind) -> None:
    server.on(LOGIN, answer)
    with pytest.raises(ApiError) as caught:
        client.get("job")
    assert (str(caught.value), caught.value.kind) == (f"{server.url}/sessions {said}", kind)
    assert [request.method for request in server.requests] == ["POST"]
