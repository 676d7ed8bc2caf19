# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever headers an API sends: a request ends in a reply or in an error of the API, in one line for people."""

from __future__ import annotations

import math
import typing as t
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import StaticAuth
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport, retry_after
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback

NAMES = [
    "Retry-After",
    "Content-Type",
    "Content-Encoding",
    "Content-Length",
    "Transfer-Encoding",
    "Location",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Set-Cookie",
    "Connection",
    "Link",
    "X",
]
WORDS = [
    "",
    "0",
    "-1",
    "5",
    "1e9",
    "9" * 5000,
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "Wed, 21 Oct 99999 07:28:00 GMT",
    "Wed, 21 Oct 2015 07:28:00 +9999",
    "application/json; charset=utf-16",
    "gzip",
    "gzip, gzip",
    "chunked",
    "identity",
    "close",
    "/elsewhere",
    "//other.example.com/",
    "http://[::1",
    "http://127.0.0.1:99999/",
    "?a=b",
    'Basic realm="\u00e9", Bearer error="{{ lookup(1) }}"',
    "SID=1; Path=/; Expires=never",
    "=;=;",
    "SID=\x7f\u0085",
    '<http://x/>; rel="next"',
]
VALUES = st.sampled_from(WORDS) | st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=20)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)
BODIES = st.sampled_from([b"", b"{}", b'{"a": 1}', b"2\r\n{}\r\n0\r\n\r\n", b"\x1f\x8b\x08", b"<html>"])


@pytest.fixture(scope="module")
def server() -> t.Iterator[Loopback]:
    server = Loopback()
    yield server
    server.stop()


def check_sentence(error: ApiError) -> None:
    """That an error can be shown."""
    assert {unicodedata.category(sign) for sign in str(error)}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert error.retry_after is None or 0 <= error.retry_after < math.inf


@given(st.sampled_from([200, 204, 301, 307, 401, 407, 429, 503]), HEADERS, BODIES)
@example(200, [("Content-Length", "-1")], b"{}")
@example(301, [("Location", "http://127.0.0.1:99999/")], b"")
@example(301, [("Location", "http://[::1")], b"")
@example(503, [("Retry-After", "9" * 5000)], b"")
@example(503, [("Retry-After", "Wed, 21 Oct 2015 07:28:00 +9999")], b"")
@example(200, [("Transfer-Encoding", "chunked"), ("Content-Length", "5")], b"2\r\n{}\r\n0\r\n\r\n")
def test_whatever_headers_come_there_is_an_answer_or_an_error_of_the_api(
    server: Loopback, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    lines = [f"HTTP/1.1 {status} Odd", *(f"{name}: {value}" for name, value in headers), "Connection: close", "", ""]
    message = "\r\n".join(lines).encode("latin-1") + body
    server.on("GET /a", lambda _request: [message])
    transport = Transport(request_timeout=5)
    client = AskingConnection(transport, server.url, StaticAuth({}), lambda _status, _content: None, {}, Secrets())
    try:
        for ask in (lambda: client.get("a"), lambda: list(client.pieces("a"))):
            try:
                ask()
            except ApiError as error:
                check_sentence(error)
    finally:
        transport.close()


@given(VALUES, st.floats(0, 4e9))
@example("Wed, 21 Oct 99999 07:28:00 GMT", 0.0)
@example("\u00b2", 0.0)
def test_whatever_retry_after_says_it_is_seconds_or_nothing(text: str, now: float) -> None:
    seconds = retry_after({"Retry-After": text}, now)
    assert seconds is None or 0 <= seconds < math.inf
