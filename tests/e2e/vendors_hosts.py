# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' real hosts, on this machine: a proxy that has each of them at the simulator's address."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
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
"""Those that the documentation names. Another one cannot be reached."""


class Proxy:
    """Answers CONNECT, ends TLS itself with a certificate for the host that was asked for, and forwards what is inside.

    :param url: where all of it goes, an address with TLS.
    :param ca: the CA that vouches for that address.
    """

    def __init__(self, url: str, ca: str) -> None:
        self.authority = trustme.CA()
        self._there = urlsplit(url)
        self._there_context = ssl.create_default_context(cafile=ca)
        self._contexts = {host: self._context(host) for host in HOSTS}

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
        host, _colon, port = target.partition(":")
        if (method, port) != ("CONNECT", "443") or host not in self._contexts:
            writer.write(b"HTTP/1.1 502 Not a host of the documentation\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        await writer.start_tls(self._contexts[host])
        there = await asyncio.open_connection(self._there.hostname, self._there.port, ssl=self._there_context)
        await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@contextlib.contextmanager
def vendors_hosts(url: str, ca: str, folder: Path) -> t.Iterator[tuple[str, str]]:
    """Have the hosts at ``url``: the proxy's URL and the file with the CA of its certificates."""
    proxy = Proxy(url, ca)
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
