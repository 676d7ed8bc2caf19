# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins that profiles describe: sessions and OAuth2."""

from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.plugins.action.rest_job_info import ActionModule
from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule as WaitAction
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.acting import run_action

ACCOUNT = {"username": "me", "password": "the-password-of-a-test"}
STATE = {"path": "state", "running": "busy", "succeeded": "done", "failed": "broken"}
DONE = reply({"state": "done"})
GONE = reply({"reason": "session is over"}, 401)


def profile(way, **more):
    known = {"schema": 1, "name": "my_job", "ids": {"job": {}}, "headers": {"X-Fixed": "always"}}
    return {**known, "auth": [way], "status": {"get": "/jobs/{job}"}, "state": STATE, **more}


def session(**more):
    return {
        "session": {
            "post": "/login",
            "json": {"user": "{username}", "secret": "{password}"},
            "take": {"ticket": "data.ticket"},
            "send": {"X-Ticket": "ticket {ticket}"},
            **more,
        }
    }


def run(run_module, server, way, more=None, **options):
    given = {"profile": profile(way, **(more or {})), "api_url": server.url, "id": "7", "retries": 0}
    return run_module("rest_job_info", {**given, **ACCOUNT, **options})


def asked(server):
    return [f"{request.method} {request.path}" for request in server.requests]


def test_a_session_takes_a_token_and_ends_with_a_logout(server, run_module) -> None:
    server.on("POST /login", reply({"data": {"ticket": "the-ticket-of-this-session"}}, 201))
    server.on("GET /jobs/7", reply({"state": "done", "echo": "the-ticket-of-this-session"}))
    server.on("DELETE /login/current", reply(b"", 204))
    got = run(run_module, server, session(logout={"delete": "/login/current"}))
    assert got["job"]["state"] == "succeeded"
    login, job, logout = server.requests
    assert asked(server) == ["POST /login", "GET /jobs/7", "DELETE /login/current"]
    assert json.loads(login.body) == {"user": "me", "secret": ACCOUNT["password"]}
    assert {request.headers["X-Fixed"] for request in server.requests} == {"always"}
    assert job.headers["X-Ticket"] == logout.headers["X-Ticket"] == "ticket the-ticket-of-this-session"
    assert "the-ticket-of-this-session" not in json.dumps(got)


@pytest.mark.parametrize(
    ("take", "headers", "body"),
    [
        ({"ticket": "$header.X-Auth-Token"}, [("X-Auth-Token", "abc")], b""),
        ({"ticket": "$cookie.SID"}, [("Set-Cookie", "SID=abc; Path=/")], {}),
        ({"ticket": "@"}, [], '"abc"'),
    ],
)
def test_a_session_may_be_in_a_header_a_cookie_or_a_bare_text(server, run_module, take, headers, body) -> None:
    server.on("POST /login", reply(body, 200, headers))
    server.on("GET /jobs/7", DONE)
    assert run(run_module, server, session(take=take))["job"]["succeeded"]
    assert server.requests[1].headers["X-Ticket"] == "ticket abc"


@pytest.mark.parametrize(
    "ticket", ["PVE:root@pam:6B07B6F4::rsKoApx+/4A==", "##[a]", "https://me:secret@host/?token=abc", 7]
)
def test_a_session_is_sent_as_it_was_taken(server, run_module, ticket) -> None:
    server.on("POST /login", reply({"data": {"ticket": ticket}}))
    server.on("GET /jobs/7", DONE)
    assert run(run_module, server, session())["job"]["succeeded"]
    assert server.requests[1].headers["X-Ticket"] == f"ticket {ticket}"


def test_a_login_may_be_a_form_or_carry_the_account_by_basic(server, run_module) -> None:
    server.on("POST /login", reply({"data": {"ticket": "abc"}}))
    server.on("GET /jobs/7", DONE)
    way = session(form={"user": "{username}"}, basic=True)
    del way["session"]["json"]
    assert run(run_module, server, way)["job"]["succeeded"]
    assert server.requests[0].form == {"user": "me"}
    assert server.requests[0].headers["Authorization"].startswith("Basic ")
    assert "Authorization" not in server.requests[1].headers


def test_a_session_that_is_over_is_renewed_once(server, run_module) -> None:
    server.on("POST /login", reply({"data": {"ticket": "one"}}), reply({"data": {"ticket": "two"}}))
    server.on("GET /jobs/7", GONE, DONE)
    assert run(run_module, server, session())["job"]["succeeded"]
    assert [request.headers.get("X-Ticket") for request in server.requests] == [None, "ticket one", None, "ticket two"]
    server.on("GET /jobs/8", GONE)
    got = run(run_module, server, session(), id="8")
    assert (got["error"]["kind"], asked(server)[4:]) == (
        "unauthorized",
        ["POST /login", "GET /jobs/8", "POST /login", "GET /jobs/8"],
    )


def test_a_body_that_says_that_the_session_is_over_renews_it(server, run_module) -> None:
    server.on("POST /login", reply({"data": {"ticket": "one"}}))
    server.on("GET /jobs/7", reply({"code": -11}), DONE)
    got = run(run_module, server, session(), {"error": {"unauthorized_when": {"code": -11}}})
    assert got["job"]["succeeded"]
    assert asked(server) == ["POST /login", "GET /jobs/7"] * 2


REFUSED = {
    "a status": (
        reply({"message": "wrong password"}, 401),
        "unauthorized",
        " answered HTTP 401: wrong password. Check ",
    ),
    "an error with 200": (
        reply({"ok": False, "message": "locked"}),
        "unauthorized",
        " answered HTTP 200: locked. Check ",
    ),
    "nothing to take": (
        reply({}),
        "protocol",
        "/login answered a login without data.ticket, from which ticket is taken.",
    ),
    "a line feed": (
        reply({"data": {"ticket": "é"}}),
        "protocol",
        "/login answered a login with a ticket that no header can carry.",
    ),
    "no such login": (reply(b"", 404), "rejected", "/login answered HTTP 404. Check api_url."),
    "a page": (reply("<html>"), "web_page", "/login answered HTTP 200 with a web page"),
}


@pytest.mark.parametrize(("answer", "kind", "message"), REFUSED.values(), ids=REFUSED)
def test_a_failed_login_is_tried_once_and_told(server, run_module, answer, kind, message) -> None:
    server.on("POST /login", answer)
    got = run(run_module, server, session(), {"error": {"when": {"ok": False}}})
    assert (got["error"]["kind"], asked(server)) == (kind, ["POST /login"])
    assert message in got["msg"]
    assert ACCOUNT["password"] not in json.dumps(got)


CLIENT = {"client_id": "an-id", "client_secret": "the-secret-of-a-client"}
TOKEN = reply({"access_token": "the-access-token-of-a-test", "expires_in": 3600})


@pytest.mark.parametrize(
    ("way", "options", "form", "basic"),
    [
        ({"scope": "all"}, CLIENT, {"grant_type": "client_credentials", "scope": "all"}, True),
        ({}, CLIENT, {"grant_type": "client_credentials"}, True),
        ({}, {**CLIENT, "scope": "some"}, {"grant_type": "client_credentials", "scope": "some"}, True),
        ({"credentials": "body"}, CLIENT, {"grant_type": "client_credentials", **CLIENT}, False),
        ({"grant": "password"}, {}, {"grant_type": "password", **ACCOUNT}, False),
    ],
)
def test_a_token_is_asked_for_as_the_profile_says(server, run_module, way, options, form, basic) -> None:
    server.on("POST /token", TOKEN)
    server.on("GET /jobs/7", DONE)
    got = run(run_module, server, {"oauth2": {"token_url": "/token", **way}}, **options)
    assert got["job"]["succeeded"]
    login, job = server.requests
    assert (login.form, "Authorization" in login.headers) == (form, basic)
    assert job.headers["Authorization"] == "Bearer the-access-token-of-a-test"
    assert {request.headers["X-Fixed"] for request in server.requests} == {"always"}
    shown = json.dumps(got)
    assert not [secret for secret in ("the-access-token-of-a-test", CLIENT["client_secret"]) if secret in shown]


def test_token_url_may_name_another_host(server, run_module) -> None:
    server.on("POST /elsewhere", TOKEN)
    server.on("GET /jobs/7", DONE)
    got = run(run_module, server, {"oauth2": {}}, token_url=f"{server.url}/elsewhere", **CLIENT)
    assert got["job"]["succeeded"]
    got = run(run_module, server, {"oauth2": {}}, **CLIENT)
    assert got["msg"].startswith("token_url: it is missing; this profile takes client_id, client_secret and token_url")
    got = run(run_module, server, {"oauth2": {}}, token_url="nowhere", **CLIENT)
    assert got["msg"] == "token_url: expected a URL such as https://host.example.com."


def test_the_profile_proxmox_task_sends_its_ticket_as_a_cookie(server) -> None:
    server.on("POST /api2/json/access/ticket", reply({"data": {"ticket": "PVE:root@pam:abcdef"}}))
    server.on("GET /api2/json/nodes/n/tasks/u/status", reply({"data": {"status": "stopped", "exitstatus": "OK"}}))
    given = {"profile": "proxmox_task", "api_url": server.url, "id": {"node": "n", "upid": "u"}, "retries": 0}
    got = run_action(ActionModule, {**given, **ACCOUNT}, name="rest_job_info", transport="local")
    assert got["job"]["succeeded"]
    assert server.requests[1].headers["Cookie"] == "PVEAuthCookie=PVE:root@pam:abcdef"


def test_a_wait_for_many_jobs_logs_in_once(server) -> None:
    server.on("POST /login", reply({"data": {"ticket": "one"}}))
    server.on("DELETE /login", reply(b"", 204))
    jobs = []
    for number in range(12):
        server.on(f"GET /jobs/{number}", reply({"state": "busy"}), DONE)
        own = profile(session(logout={"delete": "/login"}))
        jobs.append({"rest_job": {"profile": own, "api_url": server.url, "id": number, **ACCOUNT}})
    got = run_action(WaitAction, {"jobs": jobs, "interval": 0.001, "max_interval": 0.002})
    assert got["succeeded"]
    assert (asked(server).count("POST /login"), asked(server).count("DELETE /login")) == (1, 1)


# The account of the environment: what a task says, and whether it counts.
OF_ANY_API = {
    "all of it": ({}, True),
    "the same address": ({"api_url": "{url}"}, True),
    "another path of it": ({"api_url": "{url}/v2"}, True),
    "another host": ({"api_url": "https://elsewhere.example.com"}, False),
    "no address at all": ({"api_url": "[::"}, False),
    "another user": ({"username": "other", "password": "the-other-password"}, False),
    "another token": ({"token": "the-other-token"}, False),
}


@pytest.mark.parametrize(("options", "counts"), OF_ANY_API.values(), ids=OF_ANY_API)
def test_rest_job_variables_count_as_a_whole_or_not_at_all(server, run_module, monkeypatch, options, counts) -> None:
    monkeypatch.setenv("REST_JOB_API_URL", server.url)
    monkeypatch.setenv("REST_JOB_TOKEN", "the-token-of-the-environment")
    server.on("GET /jobs/7", DONE)
    server.on("GET /v2/jobs/7", DONE)
    given = {name: text.format(url=server.url) for name, text in options.items()}
    ways = {"auth": [{"header": {"X-Key": "{token}"}}, "basic"]}
    got = run_module("rest_job_info", {"profile": profile("basic", **ways), "id": "7", "retries": 0, **given})
    assert [request.headers.get("X-Key") for request in server.requests] == ["the-token-of-the-environment"] * counts
    assert (got["job"] is not None) == counts
    assert "the-token-of-the-environment" not in json.dumps(got)


def test_rest_job_token_is_not_sent_to_an_address_of_the_task(server, run_module, monkeypatch) -> None:
    monkeypatch.setenv("REST_JOB_TOKEN", "the-token-of-the-environment")
    way = {"header": {"X-Key": "{token}"}}
    got = run_module("rest_job_info", {"profile": profile(way), "api_url": server.url, "id": "7"})
    assert got["msg"] == (
        "token: it is missing; this profile takes token. REST_JOB_TOKEN is not used: it counts only with REST_JOB_API_URL, for "
        "that host, and if the task sets no credentials."
    )
    assert server.requests == []


def test_variables_of_a_profile_win_over_rest_job_variables(server, monkeypatch) -> None:
    server.on("GET /api2/json/nodes/n/tasks/u/status", reply({"data": {"status": "running"}}))
    monkeypatch.setenv("REST_JOB_API_URL", server.url)
    monkeypatch.setenv("REST_JOB_TOKEN", "the-token-of-the-environment")
    clone = {"profile": "proxmox_task", "id": {"node": "n", "upid": "u"}, "retries": 0}
    got = run_action(ActionModule, clone, name="rest_job_info", transport="local")
    assert got["job"]["state"] == "running"
    monkeypatch.setenv("PROXMOX_USER", "me")
    got = run_action(ActionModule, clone, name="rest_job_info", transport="local")
    assert got["msg"] == (
        "api_url is required. REST_JOB_API_URL is not used: it counts only if the task sets no credentials, and if no "
        "environment variable of the profile is set."
    )
    assert len(server.requests) == 1


def test_rest_job_api_url_is_not_asked_with_credentials_of_the_task(server, run_module, monkeypatch) -> None:
    monkeypatch.setenv("REST_JOB_API_URL", server.url)
    way = {"header": {"X-Key": "{token}"}}
    got = run_module("rest_job_info", {"profile": profile(way), "token": "the-token", "id": "7"})
    assert got["msg"] == (
        "api_url is required. REST_JOB_API_URL is not used: it counts only if the task sets no credentials."
    )
    assert server.requests == []
