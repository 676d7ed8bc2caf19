# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of the documentation, on this machine: a proxy that has each of them at the address of a server for tests."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import dataclasses
import ssl
import threading
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

import trustme

HOSTS = (
    "abc12345.live.dynatrace.com",
    "api.multiplay.co.uk",
    "api.strata.paloaltonetworks.com",
    "auth.apps.paloaltonetworks.com",
    "xclarity.example.com",
)
"""Those of the four vendors."""


@dataclasses.dataclass(frozen=True)
class Server:
    """Where a host really is.

    :param url: its address.
    :param ca: the CA that vouches for the address, if it has TLS.
    """

    url: str
    ca: str | None = None


class Proxy:
    """Answers CONNECT, ends TLS itself with a certificate for the host that was asked for, and forwards what is inside.

    :param servers: by host, with its port if it is not 443, where it really is. Another one cannot be reached.
    """

    def __init__(self, servers: t.Mapping[str, Server]) -> None:
        self.authority = trustme.CA()
        self._servers = {name if ":" in name else f"{name}:443": server for name, server in servers.items()}
        self._contexts = {name: self._context(name.partition(":")[0]) for name in self._servers}

    async def serve(self, ready: t.Callable[[int, t.Callable[[], None]], None]) -> None:
        """Serve on loopback, until stopped.

        :param ready: is told the port, and what any thread can call to stop.
        """
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with await asyncio.start_server(self._tunnel, "127.0.0.1", 0) as server:
            ready(server.sockets[0].getsockname()[1], lambda: loop.call_soon_threadsafe(stopped.set))
            await stopped.wait()

    def _context(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        return context

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, *_rest = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split()
        if method != "CONNECT" or target not in self._servers:
            writer.write(b"HTTP/1.1 502 Not a host of the documentation\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        await writer.start_tls(self._contexts[target])
        server = self._servers[target]
        url, tls = urlsplit(server.url), ssl.create_default_context(cafile=server.ca) if server.ca else None
        there = await asyncio.open_connection(url.hostname, url.port, ssl=tls)
        await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@contextlib.contextmanager
def vendors_hosts(servers: t.Mapping[str, Server], folder: Path) -> t.Iterator[tuple[str, str]]:
    """Have the hosts where they really are: the proxy's URL, and the file with the CA of its certificates."""
    proxy = Proxy(servers)
    ca_file = folder / "vendors.pem"
    proxy.authority.cert_pem.write_to_path(str(ca_file))
    listening: concurrent.futures.Future[tuple[int, t.Callable[[], None]]] = concurrent.futures.Future()
    serving = proxy.serve(lambda port, stop: listening.set_result((port, stop)))
    thread = threading.Thread(target=asyncio.run, args=(serving,))
    thread.start()
    port, stop = listening.result(10)
    try:
        yield f"http://127.0.0.1:{port}", str(ca_file)
    finally:
        stop()
        thread.join()
