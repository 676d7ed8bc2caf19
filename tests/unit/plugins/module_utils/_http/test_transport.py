# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import json
import socket
import time

import pytest
import urllib3

from ansible_collections.endstate.jobs.plugins.module_utils._http import transport
from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

GOOD = reply(dynatrace.JOB)
HEAD, _blank, BODY = GOOD.partition(b"\r\n\r\n")
HEAD += b"\r\n\r\n"


def test_what_is_sent(server, read) -> None:
    read(DYNATRACE, dynatrace.JOB)
    (request,) = server.requests
    assert request.headers == {
        "Host": server.url.split("//")[1],
        "User-Agent": "endstate.jobs/1.0.0 (Ansible collection)",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": "Api-Token dt0c01.abc123.abcdefjhij1234567890",
    }
    assert request.body == b""


def closing(*pieces):
    """An answer of these bytes, after which the connection is closed."""
    return lambda _request: pieces


CUT = "closed the connection in the middle of its answer."
BROKEN = {
    "closed without a word": (closing(), "cannot be reached (Remote end closed connection without response)."),
    "cut in the headers": (closing(b"HTTP/1.1 200 OK\r\nContent-Le"), CUT),
    "cut in the body": (closing(HEAD, BODY[:10]), CUT),
    "cut before the body": (closing(HEAD), CUT),
    "cut between chunks": (closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"), CUT),
    "cut in a chunk": (closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n{"), CUT),
    "no HTTP at all": (closing(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be reached (SSH-2.0-OpenSSH_9.2)."),
    "headers without end": (
        closing(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 200),
        "cannot be reached (got more than 100 headers).",
    ),
}


@pytest.mark.parametrize(("answer", "said"), BROKEN.values(), ids=BROKEN)
def test_an_answer_that_is_broken_off_can_be_asked_for_again(server, run_module, answer, said) -> None:
    server.on(DYNATRACE.route, answer)
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert (result["msg"], result["error"]["kind"]) == (f"{server.url} {said}", "unreachable")


def test_a_body_cut_short_is_seen_where_urllib3_does_not_look(server, run_module, monkeypatch) -> None:
    # urllib3 1.26 compares no lengths.
    monkeypatch.setattr(urllib3.HTTPResponse, "_init_length", lambda *_args, **_kwargs: None)
    server.on(DYNATRACE.route, closing(HEAD, BODY[:-1]))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert (result["msg"], result["error"]["kind"]) == (f"{server.url} {CUT}", "unreachable")


def test_nobody_listens(run_module) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = run_module(DYNATRACE.module, DYNATRACE.given(url))
    assert (result["msg"], result["error"]["kind"]) == (f"{url} cannot be reached (Connection refused).", "unreachable")


def test_a_name_that_is_not_known(run_module, monkeypatch) -> None:
    def fail(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://no-such-host.example.com"))
    assert result["msg"] == "https://no-such-host.example.com cannot be reached (Name or service not known)."
    assert result["error"]["kind"] == "unreachable"


SLOW = {
    "the first line, a byte at a time": (b"", b"HTTP/1.1 200 OK" * 9),
    "headers, a byte at a time": (b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n"),
    "one Continue after the other": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body, a byte at a time": (HEAD, b" "),
    "chunks, a byte at a time": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a body without a length, a byte at a time": (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
}


@pytest.mark.parametrize(("head", "rest"), SLOW.values(), ids=SLOW)
def test_the_time_limit_is_for_the_whole_request(server, run_module, head, rest) -> None:
    server.on(DYNATRACE.route, server.drip(head, rest))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, request_timeout=0.2))
    assert result["msg"] == f"{server.url} gave no whole answer within 0.2 s (request_timeout)."
    assert result["error"]["kind"] == "timeout"


def test_the_time_limit_is_for_all_redirects_together(server, run_module) -> None:
    def slowly(request):
        server.stopped.wait(0.09)
        return reply(status=302, headers=[("Location", request.target)])

    server.on(DYNATRACE.route, slowly)
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, request_timeout=0.2))
    assert result["msg"] == f"{server.url} gave no whole answer within 0.2 s (request_timeout)."
    assert len(server.requests) <= 3


BIG = b"[" + b" " * transport.MAX_BODY + b"]"
HUGE = {
    "by its length": reply(BIG),
    "in chunks": closing(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"%x\r\n" % len(BIG), BIG, b"\r\n0\r\n\r\n"
    ),
    "of an error": reply(BIG, 503),
    "compressed": reply(gzip.compress(BIG), headers=[("Content-Encoding", "gzip")]),
}


@pytest.mark.parametrize("answer", HUGE.values(), ids=HUGE)
def test_a_body_has_a_limit(server, run_module, answer) -> None:
    server.on(DYNATRACE.route, answer)
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert (result["msg"], result["error"]["kind"]) == (f"{server.url} sent more than 2 MB.", "protocol")


@pytest.mark.parametrize("status", [200, 302, 503])
def test_no_more_is_read_than_the_limit(server, run_module, status) -> None:
    sent = []

    def flood(_request):
        yield b"HTTP/1.1 %d Odd\r\nLocation: /elsewhere\r\n\r\n" % status
        for _turn in range(64):
            sent.append(2**20)
            yield b" " * 2**20

    server.on(DYNATRACE.route, flood)
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert result["msg"] == f"{server.url} sent more than 2 MB."
    assert len(sent) < 32


def test_a_body_may_be_compressed_unasked(server, run_module) -> None:
    body = gzip.compress(json.dumps(dynatrace.JOB).encode())
    server.on(DYNATRACE.route, reply(body, headers=[("Content-Encoding", "gzip")]))
    assert run_module(DYNATRACE.module, DYNATRACE.given(server.url))["job"]["state"] == "succeeded"


def test_a_body_that_is_not_compressed_as_it_says(server, run_module) -> None:
    server.on(DYNATRACE.route, reply(dynatrace.JOB, headers=[("Content-Encoding", "gzip")]))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url))
    assert result["msg"] == f"{server.url} sent a body that cannot be decoded."
    assert result["error"]["kind"] == "protocol"


NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("9" * 400, 999999999.0),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
        ("Tue, 14 Nov 2023 22:14:20 -0000", 60.0),
        ("Tue, 14 Nov 2023 23:14:20 +0100", 60.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251702300799.0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Tue, 14 Nov 2023", None),
    ],
)
def test_retry_after(text, seconds, monkeypatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        got = transport.retry_after({"Retry-After": text}, NOW)
    time.tzset()
    assert got == seconds


def test_no_retry_after() -> None:
    assert transport.retry_after({}, NOW) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host",
        "host.example.com/api",
        "ftp://host",
        "file:///etc/passwd",
        "https://",
        "https:///api",
        "https://host:port",
        "https://host:99999",
        "https://[::1",
        "https://host/with blank",
        "https://host/with\nfeed",
        " https://host",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_url(run_module, url) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given(url))
    assert (result["failed"], result["msg"]) == (True, "api_url: expected a URL such as https://host.example.com.")


@pytest.mark.parametrize("part", ["?x=1", "#top", "/e/1?api-token=geheim"])
def test_a_url_has_no_query(run_module, part) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given(f"https://host{part}"))
    assert result["msg"] == "api_url: expected a URL without user, query and fragment."


def test_a_url_has_no_password(run_module) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://user:geheim@host"))
    assert result["msg"] == "api_url: expected a URL without user, query and fragment."


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e20"])
def test_a_time_limit_that_is_none(run_module, seconds) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://host", request_timeout=seconds))
    assert result["msg"] == f"request_timeout: expected more than 0 and at most 86400 seconds, got {float(seconds):g}."
