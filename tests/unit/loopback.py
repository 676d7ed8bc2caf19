# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP server on this machine that says what a test tells it to, byte for byte if need be."""

from __future__ import annotations

import dataclasses
import http.client
import http.server
import json
import ssl
import threading
import typing as t
from urllib.parse import parse_qsl, urlsplit


@dataclasses.dataclass(frozen=True)
class Request:
    """What came in. ``target`` is the path with the query, as it was sent."""

    method: str
    target: str
    headers: t.Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target if self.method == "CONNECT" else urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


Answer = t.Union[bytes, t.Callable[[Request], t.Union[bytes, t.Iterable[bytes]]]]
"""A whole message, after which the connection stays open; or what makes one of a request, or the pieces of one, after
which the connection is closed."""


def reply(body: t.Any = b"", status: int = 200, headers: t.Iterable[tuple[str, str]] = ()) -> bytes:
    """A whole HTTP message: bytes as they are, text as UTF-8, anything else as JSON."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Odd')}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", ""]).encode("latin-1") + body


class Loopback(http.server.ThreadingHTTPServer):
    """Answers what :meth:`on` was told, and keeps what was asked in ``requests``."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._tls = tls
        self._answers: dict[str, list[Answer]] = {}
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.005,), daemon=True).start()

    def on(self, route: str, *answers: Answer) -> None:
        """Answer to ``METHOD /path`` these in turn, and the last for ever."""
        self._answers[route] = list(answers)

    def asked(self, route: str) -> list[Request]:
        """The requests to ``METHOD /path``."""
        return [one for one in self.requests if f"{one.method} {one.path}" == route]

    def drip(self, head: bytes, rest: bytes) -> t.Callable[[Request], t.Iterable[bytes]]:
        """An answer whose head comes at once, and the rest a byte at a time, for ever from its beginning."""

        def pieces(_request: Request) -> t.Iterator[bytes]:
            yield head
            while not self.stopped.is_set():
                for byte in rest:
                    yield bytes([byte])
                    self.stopped.wait(0.01)

        return pieces

    def stop(self) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()

    def answer_to(self, request: Request) -> bytes | t.Iterable[bytes]:
        self.requests.append(request)
        answers = self._answers.get(f"{request.method} {request.path}") or [reply("no such route", 404)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, bytes) else answer(request)

    def get_request(self) -> t.Any:
        connection, address = super().get_request()
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A client that goes away is what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Loopback

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
        answer = self.server.answer_to(request)
        self.close_connection = not isinstance(answer, bytes)
        for piece in [answer] if isinstance(answer, bytes) else answer:
            self.wfile.write(piece)

    do_CONNECT = do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *args: t.Any) -> None:
        """Nobody reads it."""
