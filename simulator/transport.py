# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a reply is sent, or not. What ASGI cannot do is done on the connection itself, and only here."""

from __future__ import annotations

import asyncio
import http
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .clock import Clock
from .exchange import Reply
from .faults import Options

EXTENSION = "simulator.transport"  # where an ASGI scope carries the connection
_CHUNK = b" " * 65536  # blanks, which a JSON parser skips


@dataclass(frozen=True)
class Sending:
    """A reply, with what is needed to send it."""

    reply: Reply
    options: Options  # of the fault, if there is one
    clock: Clock
    scope: Scope
    receive: Receive
    send: Send

    async def asgi(self, response: Response) -> None:
        """Sends it as ASGI does."""
        await response(self.scope, self.receive, self.send)

    async def until_gone(self) -> None:
        """Waits until either side has closed the connection."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def transport(self) -> asyncio.Transport:
        """The connection itself."""
        transport: asyncio.Transport = self.scope["extensions"][EXTENSION]["transport"]
        return transport

    @property
    def head(self) -> bytes:
        """Status line and headers; the connection ends with this reply."""
        lines = [f"HTTP/1.1 {self.reply.status} {http.HTTPStatus(self.reply.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in self.reply.headers]
        lines += [f"content-length: {len(self.reply.body)}", "connection: close", "", ""]
        return "\r\n".join(lines).encode("latin-1")


Delivery = Callable[[Sending], Awaitable[None]]


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 that hands the connection to the application."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


class Listener(socket.socket):
    """A listening socket that can break connections before HTTP begins."""

    verdict: Callable[[], str | None] = staticmethod(lambda: None)

    def accept(self) -> tuple[socket.socket, Any]:
        """Accepts a connection. One that is to be broken never reaches the server."""
        connection, address = super().accept()
        kind = self.verdict()
        if kind is None:
            return connection, address
        if kind == "refuse":
            connection.close()
        else:
            task = asyncio.ensure_future(_cut_handshake(connection))
            _cutting.add(task)
            task.add_done_callback(_cutting.discard)
        # The error of accept when no client is there: the event loop waits for the next one.
        raise BlockingIOError


_cutting: set[asyncio.Future[None]] = set()  # the event loop itself keeps only weak references


async def _cut_handshake(connection: socket.socket) -> None:
    """Reads the client's hello, sends the begin of an answer, and closes."""
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await asyncio.wait_for(loop.sock_recv(connection, 65536), 10)
        await loop.sock_sendall(connection, b"\x16\x03\x03\x00\x7a\x02")
    except OSError:  # asyncio's TimeoutError is one
        pass
    finally:
        connection.close()


async def _whole(sending: Sending) -> None:
    response = Response(sending.reply.body, sending.reply.status)
    for name, value in sending.reply.headers:
        response.headers.append(name, value)
    await sending.asgi(response)


async def _late(sending: Sending) -> None:
    await sending.clock.sleep(sending.options["seconds"])
    await _whole(sending)


async def _drip(sending: Sending) -> None:
    reply = sending.reply

    async def single_bytes() -> AsyncIterator[bytes]:
        for number in range(len(reply.body)):
            yield reply.body[number : number + 1]
            await sending.clock.sleep(sending.options["interval"])

    headers = {**dict(reply.headers), "content-length": str(len(reply.body))}
    await sending.asgi(StreamingResponse(single_bytes(), reply.status, headers))


async def _huge(sending: Sending) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _turn in range(sending.options["size"] // len(_CHUNK) + 1):
            yield _CHUNK
            await asyncio.sleep(0)  # lets other requests be served meanwhile

    await sending.asgi(StreamingResponse(chunks(), 200, {"content-type": "application/json"}))


async def _hang(sending: Sending) -> None:
    await sending.until_gone()


async def _drop(sending: Sending) -> None:
    sending.transport.close()
    await sending.until_gone()


async def _reset(sending: Sending) -> None:
    # A linger time of zero makes the kernel send RST instead of FIN.
    connection = sending.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sending.transport.abort()
    await sending.until_gone()


async def _cut_body(sending: Sending) -> None:
    body = sending.reply.body
    sending.transport.write(sending.head + body[: len(body) // 2])
    sending.transport.close()
    await sending.until_gone()


async def _slow_headers(sending: Sending) -> None:
    head = sending.head
    for number in range(len(head)):
        if sending.transport.is_closing():
            break
        sending.transport.write(head[number : number + 1])
        await sending.clock.sleep(sending.options["interval"])
    sending.transport.write(sending.reply.body)
    sending.transport.close()
    await sending.until_gone()


DELIVERIES: dict[str, Delivery] = {
    "whole": _whole,
    "late": _late,
    "drip": _drip,
    "huge": _huge,
    "hang": _hang,
    "drop": _drop,
    "reset": _reset,
    "cut_body": _cut_body,
    "slow_headers": _slow_headers,
}
