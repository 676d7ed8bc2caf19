# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to authenticate of each system: from which options they are made, and where they go."""

from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE, MULTIPLAY, STRATA, XCLARITY
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata, xclarity

NEITHER = {"dynatrace": {"api_token": None}, "multiplay": {"access_key": None, "secret_key": None}}
NEITHER |= {"strata": {"access_token": None}, "xclarity": {"username": None, "password": None}}
CLIENT = {"client_id": "sa@1", "client_secret": "strata-client-secret", "tsg_id": "1"}


@pytest.mark.parametrize(
    ("case", "options", "environment", "sent"),
    [
        (DYNATRACE, {"api_token": "given"}, {}, "Api-Token given"),
        (DYNATRACE, {"access_token": "given"}, {}, "Bearer given"),
        (DYNATRACE, {}, {"DYNATRACE_API_TOKEN": "held"}, "Api-Token held"),
        (DYNATRACE, {}, {"DYNATRACE_ACCESS_TOKEN": "held"}, "Bearer held"),
        (DYNATRACE, {"access_token": "given"}, {"DYNATRACE_API_TOKEN": "held"}, "Bearer given"),
        (DYNATRACE, {"api_token": "given"}, {"DYNATRACE_ACCESS_TOKEN": "held"}, "Api-Token given"),
        (DYNATRACE, {"api_token": "given"}, {"DYNATRACE_API_TOKEN": "held"}, "Api-Token given"),
        (DYNATRACE, {"api_token": "given", "access_token": ""}, {}, "Api-Token given"),
        (DYNATRACE, {"api_token": "given"}, {"DYNATRACE_ACCESS_TOKEN": ""}, "Api-Token given"),
        (STRATA, {"access_token": "given"}, {"SCM_CLIENT_ID": "held", "SCM_TSG_ID": "held"}, "Bearer given"),
        (STRATA, {}, {"SCM_ACCESS_TOKEN": "held"}, "Bearer held"),
        (MULTIPLAY, {"access_key": "a", "secret_key": "b"}, {}, "Basic YTpi"),
        (MULTIPLAY, {}, {"MULTIPLAY_ACCESS_KEY": "a", "MULTIPLAY_SECRET_KEY": "b"}, "Basic YTpi"),
        (MULTIPLAY, {"access_key": "a"}, {"MULTIPLAY_ACCESS_KEY": "x", "MULTIPLAY_SECRET_KEY": "b"}, "Basic YTpi"),
        (XCLARITY, {"username": "a", "password": "b"}, {}, "Basic YTpi"),
        (XCLARITY, {"username": "ä", "password": "ö: 日本"}, {}, "Basic w6Q6w7Y6IOaXpeacrA=="),
        (XCLARITY, {}, {"XCLARITY_USERNAME": "a", "XCLARITY_PASSWORD": "b"}, "Basic YTpi"),
    ],
)
def test_options_win_over_the_environment(server, read, monkeypatch, case, options, environment, sent) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = read(case, case.reply, **{**NEITHER[case.name], **options})
    assert result["job"]["id"] == case.id
    assert server.requests[0].headers["Authorization"] == sent


BOTH = "expected client_id, client_secret and tsg_id, or access_token"
NONE = (
    "No credentials. Set client_id, client_secret and tsg_id, or access_token "
    "(or SCM_CLIENT_ID, SCM_CLIENT_SECRET and SCM_TSG_ID, or SCM_ACCESS_TOKEN in the environment)."
)


@pytest.mark.parametrize(
    ("case", "options", "message"),
    [
        (
            DYNATRACE,
            {},
            "No credentials. Set api_token, or access_token (or DYNATRACE_API_TOKEN, or DYNATRACE_ACCESS_TOKEN in the environment).",
        ),
        (
            DYNATRACE,
            {"api_token": "first-secret", "access_token": "second-secret"},
            "access_token: expected api_token, or access_token, not both.",
        ),
        (STRATA, {}, NONE),
        (STRATA, {**CLIENT, "access_token": "second-secret"}, f"access_token: {BOTH}, not both."),
        (
            STRATA,
            {**CLIENT, "client_id": None},
            "client_id: it is needed with client_secret (or SCM_CLIENT_ID in the environment).",
        ),
        (
            STRATA,
            {**CLIENT, "client_secret": ""},
            "client_secret: it is needed with client_id (or SCM_CLIENT_SECRET in the environment).",
        ),
        (STRATA, {**CLIENT, "tsg_id": None}, "tsg_id: it is needed with client_id (or SCM_TSG_ID in the environment)."),
        (STRATA, {**CLIENT, "token_url": "auth"}, "token_url: expected a URL such as https://host.example.com."),
        (
            MULTIPLAY,
            {},
            "No credentials. Set access_key and secret_key (or MULTIPLAY_ACCESS_KEY and MULTIPLAY_SECRET_KEY in the environment).",
        ),
        (
            MULTIPLAY,
            {"access_key": "a"},
            "secret_key: it is needed with access_key (or MULTIPLAY_SECRET_KEY in the environment).",
        ),
        (
            MULTIPLAY,
            {"secret_key": "b"},
            "access_key: it is needed with secret_key (or MULTIPLAY_ACCESS_KEY in the environment).",
        ),
        (
            XCLARITY,
            {},
            "No credentials. Set username and password (or XCLARITY_USERNAME and XCLARITY_PASSWORD in the environment).",
        ),
        (
            XCLARITY,
            {"username": "a"},
            "password: it is needed with username (or XCLARITY_PASSWORD in the environment).",
        ),
        (
            XCLARITY,
            {"password": "b"},
            "username: it is needed with password (or XCLARITY_USERNAME in the environment).",
        ),
    ],
)
def test_incomplete_missing_or_double_credentials_are_refused(server, run_module, case, options, message) -> None:
    result = run_module(case.module, case.given(server.url, **{**NEITHER[case.name], **options}))
    assert (result["failed"], result["msg"], result["error"]["kind"]) == (True, message, "configuration")
    assert server.requests == []


def test_two_kinds_of_credentials_in_the_environment_are_refused(run_module, monkeypatch) -> None:
    monkeypatch.setenv("DYNATRACE_API_TOKEN", "first-secret")
    monkeypatch.setenv("DYNATRACE_ACCESS_TOKEN", "second-secret")
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://host", api_token=None))
    assert result["msg"] == "access_token: expected api_token, or access_token, not both."


@pytest.mark.parametrize(
    ("case", "option", "variable"),
    [
        (MULTIPLAY, "secret_key", "MULTIPLAY_SECRET_KEY"),
        (STRATA, "client_secret", "SCM_CLIENT_SECRET"),
        (XCLARITY, "password", "XCLARITY_PASSWORD"),
    ],
)
def test_a_variable_that_is_not_utf_8_is_refused(server, run_module, monkeypatch, case, option, variable) -> None:
    options = case.given(server.url, **(dict(NEITHER["strata"], **CLIENT) if case is STRATA else {}))
    monkeypatch.setenv(variable, b"gr\xf6\xdfe".decode("utf-8", "surrogateescape"))
    del options[option]
    result = run_module(case.module, options)
    assert (result["msg"], server.requests) == (f"{option}: expected valid Unicode.", [])
    assert "Traceback" not in json.dumps(result)


def test_a_proxy_password_is_in_no_result(run_module) -> None:
    url = "http://user:proxy-password@127.0.0.1:1"
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://api.example.com", proxy=url))
    assert result["error"]["kind"] == "unreachable"
    assert "proxy-password" not in json.dumps(result)


def to(location):
    return reply(status=307, headers=[("Location", location)])


@pytest.fixture
def other():
    other = Loopback()
    yield other
    other.stop()


@pytest.mark.parametrize(
    ("case", "options", "prepare"),
    [
        (DYNATRACE, {}, {}),
        (STRATA, {}, {}),
        (XCLARITY, {}, {}),
        (STRATA, {"access_token": None, **CLIENT}, {"POST /token": reply(strata.TOKEN)}),
        (
            XCLARITY,
            {"auth_method": "session"},
            {"POST /sessions": reply(xclarity.LOGIN, headers=xclarity.COOKIES)},
        ),
    ],
)
def test_no_credential_reaches_another_origin(server, other, run_module, case, options, prepare) -> None:
    for route, answer in prepare.items():
        server.on(route, answer)
    server.on(case.route, to(other.url))
    if "client_id" in options:
        options = {**options, "token_url": f"{server.url}/token"}
    result = run_module(case.module, case.given(server.url, **options))
    assert result["error"]["kind"] == "redirect"
    assert other.requests == []


@pytest.mark.parametrize("location", ["/elsewhere", "{other}/elsewhere"])
@pytest.mark.parametrize(
    ("case", "options", "route"),
    [
        (STRATA, {"access_token": None, **CLIENT}, "POST /token"),
        (XCLARITY, {"auth_method": "session"}, "POST /sessions"),
    ],
)
def test_a_login_follows_no_redirect(server, other, run_module, case, options, route, location) -> None:
    server.on(route, to(location.format(other=other.url)))
    if "client_id" in options:
        options = {**options, "token_url": f"{server.url}/token"}
    result = run_module(case.module, case.given(server.url, **options))
    assert result["error"]["kind"] == "redirect"
    if location.startswith("/"):
        assert result["msg"] == f"{server.url} redirects a POST, which is not followed."
    assert len(server.requests) == 1
    assert other.requests == []
