# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server process: binds, reports that it is ready, and ends at once upon a signal."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from .transport import Listener, Protocol

IDLE_LIMIT = 3600  # real seconds after which an idle connection is closed; longer than any test


class Server(uvicorn.Server):
    """uvicorn that calls ``ready`` when it accepts connections, and aborts open ones at its end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then calls ``ready``."""
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends without raising the signal again, so that the exit status is 0."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Aborts open connections, some of which hang on purpose."""
        logging.disable(logging.CRITICAL)  # uvicorn reports each task that is cancelled here
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await super().shutdown(sockets)


def bind(host: str, port: int) -> Listener:
    """A listening socket; raises OSError if that is not possible."""
    family, kind, protocol, _sep, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = Listener(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def serve(app: ASGIApp, listener: Listener, context: ssl.SSLContext | None, ready: Callable[[], None]) -> None:
    """Serves until a signal comes."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",  # another loop would not go through Listener.accept
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=IDLE_LIMIT,
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = context
    asyncio.run(Server(config, ready).serve(sockets=[listener]))


def write_ready_file(path: Path, url: str, ca_file: Path | None) -> None:
    """Writes the ready file, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"url": url, "ca": str(ca_file) if ca_file else None, "pid": os.getpid()}))
    os.replace(draft, path)
