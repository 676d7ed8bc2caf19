# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import XCLARITY
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import xclarity

LOGIN, LOGOUT = "POST /sessions", "DELETE /sessions"


def session(number):
    """The answer to a login: cookies of the session with this number."""
    login = {**xclarity.LOGIN, "response": {"session": {"csrf": f"csrf-token-of-session-{number}"}}}
    return reply(
        login,
        headers=[
            ("Set-Cookie", f"JSESSIONID=cookie-of-session-{number}; Path=/; HttpOnly"),
            ("Set-Cookie", "user=automation"),
        ],
    )


@pytest.fixture
def export(server, run_module):
    """Reads task 12 by a session."""
    server.on(LOGIN, *(session(number) for number in range(1, 9)))
    server.on(LOGOUT, reply(b"", 204))
    server.on(XCLARITY.route, reply(xclarity.JOB))
    return lambda **options: run_module(XCLARITY.module, XCLARITY.given(server.url, auth_method=None, **options))


def steps(server):
    """What was asked in turn, and in which session."""
    cookies = [request.headers.get("Cookie", "") for request in server.requests]
    return [
        (request.method, cookie.split(";")[0].removeprefix("JSESSIONID=cookie-of-session-"))
        for request, cookie in zip(server.requests, cookies)
    ]


def test_log_in_ask_and_log_out(server, export) -> None:
    assert export()["job"]["state"] == "succeeded"
    login, question, logout = server.requests
    assert json.loads(login.body) == {"UserId": "automation", "password": "xclarity-password"}
    assert not {"Authorization", "Cookie", "X-Csrf-Token"} & login.headers.keys()
    for request in (question, logout):
        assert request.headers["Cookie"] == "JSESSIONID=cookie-of-session-1; user=automation"
        assert request.headers["X-Csrf-Token"] == "csrf-token-of-session-1"
        assert "Authorization" not in request.headers
    assert (logout.method, logout.path) == ("DELETE", "/sessions")


@pytest.mark.parametrize("status", [401, 403])
def test_an_expired_session_is_replaced_once(server, export, status) -> None:
    server.on(XCLARITY.route, reply(b"", status), reply(xclarity.JOB))
    assert export()["job"]["state"] == "succeeded"
    assert steps(server) == [("POST", ""), ("GET", "1"), ("DELETE", "1"), ("POST", ""), ("GET", "2"), ("DELETE", "2")]


@pytest.mark.parametrize(("status", "kind"), [(401, "unauthorized"), (403, "forbidden")])
def test_a_user_who_may_not_read_leaves_no_session_behind(server, export, status, kind) -> None:
    server.on(XCLARITY.route, reply(xclarity.FORBIDDEN, status))
    assert export()["error"]["kind"] == kind
    assert steps(server) == [("POST", ""), ("GET", "1"), ("DELETE", "1"), ("POST", ""), ("GET", "2"), ("DELETE", "2")]


def test_basic_has_no_session(server, run_module) -> None:
    server.on(XCLARITY.route, reply(b"", 401))
    run_module(XCLARITY.module, XCLARITY.given(server.url))
    assert [request.method for request in server.requests] == ["GET"]


@pytest.mark.parametrize("answer", [reply(b"", 500), reply("<html>", 403), lambda _: [b"HTTP"], lambda _: []])
def test_a_logout_that_fails_changes_nothing(server, export, answer) -> None:
    good = export()
    server.on(LOGOUT, answer)
    server.on(LOGIN, session(1))
    assert export() == good
    assert server.requests[-1].method == "DELETE"


def test_a_logout_gets_two_seconds_at_most(server, export, monkeypatch) -> None:
    from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import SessionLogin

    assert SessionLogin.LOGOUT_TIMEOUT == 2.0
    monkeypatch.setattr(SessionLogin, "LOGOUT_TIMEOUT", 0.2)
    server.on(LOGOUT, server.drip(b"", b"HTTP/1.1 200 OK\r\n"))
    assert export()["job"]["state"] == "succeeded"


def test_a_failed_read_logs_out_too(server, export) -> None:
    server.on(XCLARITY.route, reply(b"", 500))
    assert export()["error"]["kind"] == "unavailable"
    assert steps(server)[-1] == ("DELETE", "1")


@pytest.mark.parametrize(
    ("answer", "cookie", "csrf"),
    [
        (
            reply({}, headers=xclarity.COOKIES),
            "JSESSIONID=session-id-of-the-first-session; csrf=csrf-of-the-first-session; user=automation",
            "csrf-of-the-first-session",
        ),
        (reply({}, headers=xclarity.COOKIES[:1]), "JSESSIONID=session-id-of-the-first-session", None),
        (
            reply({"response": {"session": {"csrf": 7}}}, headers=xclarity.COOKIES[:1]),
            "JSESSIONID=session-id-of-the-first-session",
            "7",
        ),
    ],
)
def test_a_token_in_the_cookie_or_none(server, export, answer, cookie, csrf) -> None:
    server.on(LOGIN, answer)
    export()
    question = server.requests[1]
    assert (question.headers["Cookie"], question.headers.get("X-Csrf-Token")) == (cookie, csrf)


CHECK = "Check username and password."
FAULTS = {
    "refused with 401": (reply(b"", 401), f"answered HTTP 401. {CHECK}", "unauthorized"),
    "refused with 403": (
        reply(xclarity.FORBIDDEN, 403),
        f"answered HTTP 403 (code FQXHMSE0001F): You are not authorized. {CHECK}",
        "forbidden",
    ),
    "refused with 200": (
        reply(xclarity.FORBIDDEN),
        f"answered HTTP 200 (code FQXHMSE0001F): You are not authorized. {CHECK}",
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
    "no cookie": (reply(xclarity.LOGIN), "answered a login without usable cookies.", "protocol"),
    "a cookie with a blank": (
        reply(xclarity.LOGIN, headers=[("Set-Cookie", "JSESSIONID=a b")]),
        "answered a login without usable cookies.",
        "protocol",
    ),
    "a token with a line feed": (
        reply({"response": {"session": {"csrf": "a\tb"}}}, headers=xclarity.COOKIES),
        "answered a login without usable cookies.",
        "protocol",
    ),
}


@pytest.mark.parametrize(("answer", "said", "kind"), FAULTS.values(), ids=FAULTS)
def test_a_login_that_fails(server, export, answer, said, kind) -> None:
    server.on(LOGIN, answer)
    result = export()
    assert (result["msg"], result["error"]["kind"]) == (f"{server.url}/sessions {said}", kind)
    assert [request.method for request in server.requests] == ["POST"]
