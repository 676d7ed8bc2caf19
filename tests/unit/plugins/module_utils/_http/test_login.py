# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login that is refused is tried once for all jobs of an account, whatever it is refused with."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.plugin_utils._delegate import Delegate
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata, xclarity

STRATA_LOGIN, XCLARITY_LOGIN = "POST /oauth2/access_token", "POST /sessions"
JOBS = 12


@pytest.fixture
def jobs(server):
    """The watches of twelve jobs of one account, by the system's name."""
    sessions = []

    def jobs(system, fetch=None):
        if system == "strata":
            client = {"client_id": "sa@1", "client_secret": "strata-client-secret", "tsg_id": "1"}
            url = {"api_url": server.url, "token_url": f"{server.url}/oauth2/access_token"}
            items = [{"config_job": {**client, **url, "job_id": str(number)}} for number in range(JOBS)]
        else:
            account = {"api_url": server.url, "username": "automation", "password": "xclarity-password"}
            items = [{"firmware_repo": {**account, "task_id": str(number + 1)}} for number in range(JOBS)]
        sessions.append(WaitSession(parse_items({"jobs": items}, lambda _system: {}), concurrency=4, fetch=fetch))
        return sessions[-1].tracked_jobs

    yield jobs
    for session in sessions:
        session.close()


REFUSALS = {
    "401": reply(b"", 401),
    "403": reply(b"", 403),
    "400": reply({"error": "invalid_client"}, 400),
    "404": reply(b"", 404),
    "a web page": reply("<html>Please log in</html>"),
    "an empty body": reply(b""),
    "null": reply(b"null"),
    "half an answer": reply(b'{"access_token": "abc'),
    "no token and no cookie": reply({}),
    "a list": reply([]),
    "a token and cookies that cannot be sent": reply(
        {"access_token": "a\nb"}, headers=[("Set-Cookie", "JSESSIONID=a b")]
    ),
    "a redirect": reply(status=302, headers=[("Location", "/login.html")]),
    "a redirect elsewhere": reply(status=307, headers=[("Location", "https://sso.example.com/")]),
}
BY_SYSTEM = {
    "xclarity": {"failure with 200": reply({"result": "failure", "messages": [{"text": "The password is not valid."}]})}
}


@pytest.mark.parametrize(
    ("system", "route", "answer"),
    [
        pytest.param(system, route, answer, id=f"{system}, {name}")
        for system, route in (("strata", STRATA_LOGIN), ("xclarity", XCLARITY_LOGIN))
        for name, answer in {**REFUSALS, **BY_SYSTEM.get(system, {})}.items()
    ],
)
@pytest.mark.parametrize("where", ["here", "delegate"])
def test_a_refused_login_is_one_login_for_twelve_jobs(server, jobs, run_module, system, route, answer, where) -> None:
    server.on(route, answer)
    sentences = set()
    there = Delegate("relay", lambda module, given: run_module(module.rpartition(".")[2], given), "endstate.jobs")
    for watch in jobs(system, there.fetch if where == "delegate" else None):
        with pytest.raises(ApiError) as caught:
            watch.fetch()
        assert not caught.value.transient
        sentences.add(str(caught.value))
    assert (len(sentences), [f"{one.method} {one.path}" for one in server.requests]) == (1, [route])


@pytest.mark.parametrize(
    "answer",
    [reply(b"", 503), reply(b"", 429), lambda _request: [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]],
    ids=["503", "429", "cut"],
)
@pytest.mark.parametrize(("system", "route"), [("strata", STRATA_LOGIN), ("xclarity", XCLARITY_LOGIN)])
def test_a_login_that_only_failed_is_tried_again(server, jobs, system, route, answer) -> None:
    server.on(route, answer)
    for watch in jobs(system)[:3]:
        with pytest.raises(ApiError) as caught:
            watch.fetch()
        assert caught.value.transient
    assert len(server.asked(route)) == 3


SESSION = reply(xclarity.LOGIN, headers=xclarity.COOKIES)
TASK = "GET /updateRepositories/firmware/status"


@pytest.mark.parametrize("page", ["<html>XClarity is starting</html>", b"", b"null", b'{"response": {"ses'])
def test_a_login_page_of_an_appliance_that_restarts_is_no_refusal(server, jobs, page) -> None:
    """It had answered well before; then its sessions are gone, and for a while it shows a page in place of the login."""
    server.on(XCLARITY_LOGIN, SESSION, reply(page), reply(page), SESSION)
    server.on(TASK, reply(xclarity.JOB), reply(b"", 401), reply(xclarity.JOB))
    first, second, third, *_others = jobs("xclarity")
    assert first.fetch().finished
    for watch in (second, third):
        with pytest.raises(ApiError) as caught:
            watch.fetch()
        assert caught.value.kind in ("web_page", "incomplete")
    assert second.fetch().finished
    assert len(server.asked(XCLARITY_LOGIN)) == 4


def test_a_page_of_the_token_endpoint_after_a_good_answer_is_no_refusal(server, jobs) -> None:
    server.on(STRATA_LOGIN, reply(strata.TOKEN), reply("<html>"), reply({**strata.TOKEN, "access_token": "second"}))
    for number in range(JOBS):
        running = {"id": str(number), "status_str": "ACT", "result_str": "PEND"}
        server.on(f"GET /jobs/{number}", reply({"data": [running]}))
    server.on("GET /jobs/1", reply(b"", 401), reply({"data": [{"id": "1", "status_str": "ACT"}]}))
    first, second, *_others = jobs("strata")
    first.fetch()
    with pytest.raises(ApiError) as caught:
        second.fetch()
    assert caught.value.kind == "web_page"
    assert second.fetch().state == "running"


def test_a_login_refused_after_a_good_answer_is_refused(server, jobs) -> None:
    server.on(XCLARITY_LOGIN, SESSION, reply(b"", 401))
    server.on(TASK, reply(xclarity.JOB), reply(b"", 401))
    first, *others = jobs("xclarity")
    first.fetch()
    for watch in others:
        with pytest.raises(ApiError) as caught:
            watch.fetch()
        assert caught.value.kind == "unauthorized"
    assert len(server.asked(XCLARITY_LOGIN)) == 2
