# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE, STRATA, XCLARITY
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace, strata, xclarity


def to(location, status=302):
    return reply(status=status, headers=[("Location", location)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["{url}/moved?x=1", "/moved?x=1", "../../../../../moved?x=1#top"])
def test_within_the_origin_they_are_followed(server, run_module, status, location) -> None:
    server.on(DYNATRACE.route, to(location.format(url=server.url), status))
    server.on("GET /moved", reply(dynatrace.JOB))
    assert run_module(DYNATRACE.module, DYNATRACE.given(server.url))["job"]["state"] == "succeeded"
    assert [request.headers["Authorization"] for request in server.requests] == [
        "Api-Token dt0c01.abc123.abcdefjhij1234567890"
    ] * 2
    assert server.requests[1].target == "/moved?x=1"


@pytest.mark.parametrize(("hops", "followed"), [(5, True), (6, False)])
def test_at_most_five(server, run_module, hops, followed) -> None:
    server.on(DYNATRACE.route, *[to(DYNATRACE.route[4:])] * hops, reply(dynatrace.JOB))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert len(server.requests) == 6
    if followed:
        assert result["job"]["state"] == "succeeded"
    else:
        assert (result["msg"], result["error"]["kind"]) == (f"{server.url} redirects more than 5 times.", "redirect")


ELSEWHERE = {
    "another host": ("http://other.example.com/x", "http://other.example.com"),
    "another port": ("http://127.0.0.1:1/x", "http://127.0.0.1:1"),
    "another scheme": ("https://127.0.0.1/x", "https://127.0.0.1"),
    "no scheme": ("//other.example.com/x", "http://other.example.com"),
    "a user": ("http://user:geheim@other.example.com/", "http://other.example.com"),
    "no HTTP": ("ftp://127.0.0.1/", "ftp://127.0.0.1"),
    "no address": ("http://[::1", "an unreadable address"),
    "no port": ("http://127.0.0.1:port/", "an unreadable address"),
    "control characters": ("http://other\x1b\x9b.example.com/", "http://other .example.com"),
}


@pytest.mark.parametrize(("location", "there"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_elsewhere_they_are_not_followed(server, run_module, location, there) -> None:
    server.on(DYNATRACE.route, to(location))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert result["msg"] == (
        f"{server.url} redirects to {there}, which is not followed because the credentials belong to {server.url}; "
        "if that is the right address, set it."
    )
    assert (result["error"]["kind"], result["error"]["status"]) == ("redirect", 302)


@pytest.fixture
def other():
    other = Loopback()
    yield other
    other.stop()


CLIENT = {"client_id": "sa@1", "client_secret": "strata-client-secret", "tsg_id": "1"}


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
def test_a_login_is_never_sent_elsewhere(server, other, run_module, case, options, route, location) -> None:
    server.on(route, to(location.format(other=other.url), 307))
    if "client_id" in options:
        options = {**options, "token_url": f"{server.url}/token"}
    result = run_module(case.module, case.given(server.url, **options))
    assert result["error"]["kind"] == "redirect"
    if location.startswith("/"):
        assert result["msg"] == f"{server.url} redirects a POST, which is not followed."
    assert len(server.requests) == 1
    assert other.requests == []


def test_a_redirect_without_an_address_is_an_answer_like_any_other(server, read) -> None:
    result = read(DYNATRACE, b"", 302)
    assert result["msg"] == (
        f"{server.url}{DYNATRACE.route[4:]} answered HTTP 302 with an empty body where JSON was due."
    )
