# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redirects: followed within an origin, and never with a credential to another."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Redirected
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.tests.unit.loopback import reply


def to(location, status=302):
    return reply(status=status, headers=[("Location", location)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["{url}/moved?x=1", "/moved?x=1", "../../../../../moved?x=1#top"])
def test_redirects_within_the_origin_are_followed(server, status, location) -> None:
    assert_followed(server, to(location.format(url=server.url), status))


@pytest.mark.parametrize("location", [r"http://127.0.0.1:1\@{host}/moved?x=1", r"//127.0.0.1:1\@{host}/moved?x=1"])
def test_an_address_with_two_hosts_leads_to_the_one_that_was_compared(server, location) -> None:
    assert_followed(server, to(location.format(host=server.url.removeprefix("http://"))))


def assert_followed(server, redirect) -> None:
    """The redirect of ``/a/b`` leads to ``/moved?x=1`` of the same server, with the credential."""
    server.on("GET /a/b", redirect)
    server.on("GET /moved", reply({"good": True}))
    transport = Transport()
    assert transport.send("GET", f"{server.url}/a/b", auth=secret, params={"y": "2"}).status == 200
    transport.close()
    assert [request.headers["Authorization"] for request in server.requests] == ["s3cret"] * 2
    assert [request.target for request in server.requests] == ["/a/b?y=2", "/moved?x=1"]


def secret(request):
    """Puts a credential on a request."""
    request.headers["Authorization"] = "s3cret"
    return request


@pytest.mark.parametrize(("hops", "followed"), [(5, True), (6, False)])
def test_at_most_five_redirects_are_followed(server, get, hops, followed) -> None:
    server.on("GET /", *[to("/")] * hops, reply({"good": True}))
    if followed:
        assert get(f"{server.url}/").status == 200
    else:
        with pytest.raises(Redirected, match=r"^http://127\.0\.0\.1:\d+ redirects more than 5 times\.$"):
            get(f"{server.url}/")
    assert len(server.requests) == 6


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
def test_redirects_to_another_origin_are_not_followed(server, error_of, location, there) -> None:
    server.on("GET /", to(location.format(netloc=server.url.removeprefix("http://"))))
    error = error_of(f"{server.url}/")
    assert str(error) == (
        f"{server.url} redirects to {there}, which is not followed because the credentials belong to {server.url}; "
        "if that is the right address, set it."
    )
    assert (error.kind, error.status) == ("redirect", 302)


def test_a_redirect_without_an_address_is_an_answer_like_any_other(server, get) -> None:
    server.on("GET /", reply(b"", 302))
    assert get(f"{server.url}/").status == 302
