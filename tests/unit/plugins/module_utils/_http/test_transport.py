# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request: what is sent, and what comes of each answer, however broken, slow or large."""

from __future__ import annotations

import collections
import gzip
import json
import socket
import time
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    BadReply,
    Incomplete,
    OptionError,
    TimedOut,
    Unreachable,
)
from ansible_collections.endstate.jobs.plugins.module_utils._http import transport
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Reply, Transport
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

GOOD = reply(dynatrace.JOB)
HEAD, _blank, BODY = GOOD.partition(b"\r\n\r\n")
HEAD += b"\r\n\r\n"


def test_a_request_has_the_usual_headers_and_no_body(server, get) -> None:
    server.on("GET /job", GOOD)
    got = get(f"{server.url}/job")
    assert (got.method, got.url, got.status, json.loads(got.body)) == ("GET", f"{server.url}/job", 200, dynatrace.JOB)
    (request,) = server.requests
    assert request.headers == {
        "Host": server.url.split("//")[1],
        "User-Agent": "endstate.jobs/1.1.0 (Ansible collection)",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
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
def test_an_answer_that_is_broken_off_can_be_asked_for_again(server, error_of, answer, said) -> None:
    server.on("GET /", answer)
    error = error_of(f"{server.url}/")
    assert (type(error), str(error)) == (Unreachable, f"{server.url} {said}")


def test_a_port_that_nobody_listens_on_is_unreachable(error_of) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = error_of(f"{url}/")
    assert (type(error), str(error)) == (Unreachable, f"{url} cannot be reached (Connection refused).")


def test_an_unknown_name_is_unreachable(error_of, monkeypatch) -> None:
    def fail(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    error = error_of("https://no-such-host.example.com")
    said = "https://no-such-host.example.com cannot be reached (Name or service not known)."
    assert (type(error), str(error)) == (Unreachable, said)


SLOW = {
    "the first line, a byte at a time": (b"", b"HTTP/1.1 200 OK" * 9),
    "headers, a byte at a time": (b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n"),
    "one Continue after the other": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body, a byte at a time": (HEAD, b" "),
    "chunks, a byte at a time": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a body without a length, a byte at a time": (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
}


@pytest.mark.parametrize(("head", "rest"), SLOW.values(), ids=SLOW)
def test_the_time_limit_is_for_the_whole_request(server, error_of, head, rest) -> None:
    server.on("GET /", server.drip(head, rest))
    error = error_of(f"{server.url}/", request_timeout=0.2)
    said = f"{server.url} did not answer completely within 0.2 s (request_timeout)."
    assert (type(error), str(error)) == (TimedOut, said)


def test_the_time_limit_is_for_all_redirects_together(server, error_of) -> None:
    def slowly(_request):
        server.stopped.wait(0.09)
        return reply(status=302, headers=[("Location", "/")])

    server.on("GET /", slowly)
    error = error_of(f"{server.url}/", request_timeout=0.2)
    assert str(error) == f"{server.url} did not answer completely within 0.2 s (request_timeout)."
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
def test_a_body_has_a_limit(server, error_of, answer) -> None:
    server.on("GET /", answer)
    error = error_of(f"{server.url}/")
    assert (type(error), str(error)) == (BadReply, f"{server.url} sent more than 2 MB.")


BIG_HEADS = {
    "many long headers": b"HTTP/1.1 200 OK\r\n" + b"X-Filler: %s\r\n" % (b"y" * 9000) * 90,
    "one long line": b"HTTP/1.1 200 OK\r\nX-Filler: " + b"y" * 999_999,
    "one Continue after the other": b"HTTP/1.1 100 Continue\r\n\r\n" * 9999,
    "the length of a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 999_999,
}


@pytest.mark.parametrize("head", BIG_HEADS.values(), ids=BIG_HEADS)
def test_what_comes_beside_a_body_has_a_limit(server, error_of, head) -> None:
    server.on("GET /", lambda _request: [head, b"\r\n\r\n{}"])
    assert (
        str(error_of(f"{server.url}/"))
        in (
            f"{server.url} sent a line or headers of more than 64 KB.",
            f"{server.url} closed the connection in the middle of its answer.",  # urllib3 has had a limit for chunks since 2.8
        )
    )


@pytest.mark.parametrize("length", [b"-1", b"-5"])
def test_a_chunk_of_a_negative_length_is_not_read(server, error_of, length) -> None:
    """Python 3.9 takes the length for 0, so that it reads the end of that chunk and a further length, which is then invalid."""
    sent = []

    def flood(_request):
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + length + b"\r\n"
        for _turn in range(64):
            sent.append(2**20)
            yield b"  \r\n" * 2**18

    server.on("GET /", flood)
    assert str(error_of(f"{server.url}/")) == f"{server.url} closed the connection in the middle of its answer."
    assert len(sent) < 32


@pytest.fixture
def stream() -> t.Iterator[t.Callable[..., Reply]]:
    """Sends a request whose reply's body is to be read piece by piece."""
    transports: list[Transport] = []

    def stream(url: str, **options: t.Any) -> Reply:
        transports.append(Transport(**options))
        return transports[-1].send("GET", url, auth=lambda request: request, stream=True)

    yield stream
    for one in transports:
        one.close()


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_of_any_length_is_read_piece_by_piece(server, stream, packed) -> None:
    server.on("GET /", HUGE["compressed"] if packed else reply(BIG))
    answer = stream(f"{server.url}/")
    assert (answer.status, answer.body) == (200, b"")
    chunks = list(answer.chunks)
    assert b"".join(chunks) == BIG
    assert max(map(len, chunks)) <= 16 * 1024


def test_a_piece_can_be_read_before_the_rest_has_come(server, stream) -> None:
    def forever(_request):
        yield b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 2**20
        server.stopped.wait(20)

    server.on("GET /", forever)
    answer = stream(f"{server.url}/")
    assert next(answer.chunks)
    answer.chunks.close()


def test_the_time_limit_holds_while_pieces_are_read(server, stream) -> None:
    server.on("GET /", server.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "))
    began = time.monotonic()
    with pytest.raises(TimedOut, match=r"did not answer completely within 0\.5 s \(request_timeout\)"):
        list(stream(f"{server.url}/", request_timeout=0.5).chunks)
    assert time.monotonic() - began < 1.5


def test_the_time_limit_holds_for_a_reader_that_takes_longer_than_the_sender(server, stream) -> None:
    server.on("GET /", reply(gzip.compress(b" " * 2**24), headers=[("Content-Encoding", "gzip")]))
    chunks = stream(f"{server.url}/", request_timeout=0.2).chunks
    with pytest.raises(TimedOut, match=r"did not answer completely within 0\.2 s \(request_timeout\)"):
        collections.deque((server.stopped.wait(0.01) for _chunk in chunks), maxlen=0)


@pytest.mark.parametrize(
    "answer",
    [
        reply(BIG).replace(b"Content-Length: ", b"Content-Length: 9"),
        reply(gzip.compress(BIG)[:-5], headers=[("Content-Encoding", "gzip")]),
    ],
    ids=["short of its length", "half of a gzip file"],
)
def test_a_stream_that_is_broken_off_is_incomplete(server, stream, answer) -> None:
    server.on("GET /", lambda _request: [answer])
    with pytest.raises((Incomplete, Unreachable)):
        list(stream(f"{server.url}/", request_timeout=5).chunks)


def test_a_stream_has_a_limit_too(server, stream) -> None:
    server.on("GET /", reply(gzip.compress(b" " * (65 * 2**20)), headers=[("Content-Encoding", "gzip")]))
    with pytest.raises(BadReply, match=f"^{server.url} sent more than 64 MB.$"):
        collections.deque(stream(f"{server.url}/").chunks, maxlen=0)


@pytest.mark.parametrize("status", [302, 401, 503])
def test_only_good_answers_are_streams(server, stream, status) -> None:
    server.on("GET /", reply(b"why", status))
    answer = stream(f"{server.url}/")
    assert (answer.body, answer.chunks) == (b"why", None)


@pytest.mark.parametrize("status", [200, 302, 503])
def test_no_more_is_read_than_the_limit(server, error_of, status) -> None:
    sent = []

    def flood(_request):
        yield b"HTTP/1.1 %d Odd\r\nLocation: /elsewhere\r\n\r\n" % status
        for _turn in range(64):
            sent.append(2**20)
            yield b" " * 2**20

    server.on("GET /", flood)
    assert str(error_of(f"{server.url}/")) == f"{server.url} sent more than 2 MB."
    assert len(sent) < 32


def test_a_body_may_be_compressed(server, get) -> None:
    server.on("GET /", reply(gzip.compress(b"[1, 2]"), headers=[("Content-Encoding", "gzip")]))
    assert get(f"{server.url}/").body == b"[1, 2]"


def test_half_of_a_compressed_body_is_incomplete(server, error_of) -> None:
    server.on("GET /", reply(gzip.compress(b"[1, 2]" * 99)[:-4], headers=[("Content-Encoding", "gzip")]))
    assert error_of(f"{server.url}/").kind == "incomplete"


def test_a_body_in_an_encoding_not_asked_for_is_refused(server, error_of) -> None:
    server.on("GET /", reply(b"[1, 2]", headers=[("Content-Encoding", "br")]))
    said = f"{server.url} sent a body in an encoding that was not asked for (br)."
    assert str(error_of(f"{server.url}/")) == said


def test_a_body_that_is_not_compressed_as_its_header_says_is_refused(server, error_of) -> None:
    server.on("GET /", reply(b"[1, 2]", headers=[("Content-Encoding", "gzip")]))
    error = error_of(f"{server.url}/")
    assert (type(error), str(error)) == (BadReply, f"{server.url} sent a body that cannot be decoded.")


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
def test_retry_after_is_read_as_seconds_or_as_a_date(text, seconds, monkeypatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        got = transport.retry_after({"Retry-After": text}, NOW)
    time.tzset()
    assert got == seconds


def test_a_missing_retry_after_is_none() -> None:
    assert transport.retry_after({}, NOW) is None


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf"), 1e20])
def test_a_request_timeout_out_of_range_is_refused(seconds) -> None:
    with pytest.raises(OptionError) as caught:
        Transport(request_timeout=seconds)
    said = f"request_timeout: expected more than 0 and at most 86400 seconds, got {seconds:g}."
    assert str(caught.value) == said
