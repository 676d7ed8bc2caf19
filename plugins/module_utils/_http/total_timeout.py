# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A time-out for the whole of an HTTP response: requests and urllib3 bound each read alone, and a server that sends a byte
now and then would hold us for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import typing as t

if t.TYPE_CHECKING:
    from requests.adapters import HTTPAdapter


class _TimedStream(io.RawIOBase):
    """A response's bytes, all of which must come within the time-out that the socket has at the beginning."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + t.cast(float, sock.gettimeout())
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        self._sock.settimeout(left)
        got = t.cast(t.Optional[int], t.cast(io.RawIOBase, self._raw).readinto(buffer))
        self.ended = got == 0
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self._stream = _TimedStream(sock)
        self.fp = io.BufferedReader(self._stream)

    def begin(self) -> None:
        super().begin()
        # http.client takes a connection that is closed among the headers for the end of them.
        if self._stream.ended:
            self.close()
            raise http.client.IncompleteRead(b"")


def _addresses(name: str, port: int) -> list[str]:
    """The host's addresses."""
    found = socket.getaddrinfo(name.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(t.cast(str, entry[4][0]) for entry in found))


def timed_adapter(connections: int, context: ssl.SSLContext | None) -> HTTPAdapter:
    """An adapter of requests that keeps so many connections to a host open.

    With ``timeout=urllib3.util.Timeout(total=…)`` connecting, headers and body together are bounded.

    :param context: the settings of its TLS connections, to the API and to a proxy; ``None`` where it has none of them.
    """
    # Here and not above: requests may be missing, which the user is told in a sentence.
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.exceptions import HTTPError, NewConnectionError, ProxyError

    class Bounded:
        """A connection that hands on what is left of its time-out when it is made."""

        response_class = _TimedResponse

        def _new_conn(self: t.Any) -> t.Any:
            deadline = time.monotonic() + self.timeout
            sock = super()._new_conn()  # type: ignore[misc]
            sock.settimeout(max(deadline - time.monotonic(), 0.001))
            return sock

        def _connect_tls_proxy(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
            try:
                return super()._connect_tls_proxy(*args, **kwargs)  # type: ignore[misc]
            except (OSError, ValueError) as error:  # urllib3 1.26 does not tell them from those of the API
                raise ProxyError("TLS to the proxy", error) from error

    class Shared:
        """A connection whose addresses share one time-out: urllib3 gives each the whole of it."""

        def _new_conn(self: t.Any) -> t.Any:
            name, whole = self._dns_host, self.timeout
            deadline = time.monotonic() + whole
            try:
                addresses = _addresses(name, self.port)
            except OSError as error:
                raise NewConnectionError(self, str(error)) from error
            try:
                for left in range(len(addresses), 0, -1):
                    self._dns_host = addresses[-left]
                    self.timeout = max((deadline - time.monotonic()) / left, 0.001)
                    try:
                        return super()._new_conn()  # type: ignore[misc]
                    except HTTPError:
                        if left == 1:
                            raise
            finally:
                self._dns_host, self.timeout = name, whole

    def pool(pool_class: t.Any, *connection_classes: t.Any) -> t.Any:
        connection = type("TimedConnection", (Bounded, *connection_classes), {})
        return type("TimedPool", (pool_class,), {"ConnectionCls": connection})

    pools = {
        "http": pool(HTTPConnectionPool, Shared, HTTPConnection),
        "https": pool(HTTPSConnectionPool, Shared, HTTPSConnection),
    }
    tls: dict[str, t.Any] = {"ssl_context": context, "cert_reqs": context.verify_mode} if context else {}

    class TimedAdapter(HTTPAdapter):
        def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
            super().init_poolmanager(*args, **{**kwargs, **tls})
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, proxy: str, **kwargs: t.Any) -> t.Any:
            if proxy.lower().startswith("socks"):
                from urllib3.contrib.socks import SOCKSConnection, SOCKSHTTPSConnection

                manager: t.Any = super().proxy_manager_for(proxy, **kwargs, **tls)
                manager.pool_classes_by_scheme = {
                    "http": pool(HTTPConnectionPool, SOCKSConnection),
                    "https": pool(HTTPSConnectionPool, SOCKSHTTPSConnection),
                }
            else:
                manager = super().proxy_manager_for(proxy, **kwargs, **tls, proxy_ssl_context=context)
                manager.pool_classes_by_scheme = pools
            return manager

        # The context says whom to trust, once for all connections. Else requests has each connection read the certificates.

        def cert_verify(self, *args: t.Any, **kwargs: t.Any) -> None:
            """Up to requests 2.31."""

        def build_connection_pool_key_attributes(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            """From requests 2.32 on."""
            host, _tls = super().build_connection_pool_key_attributes(*args, **kwargs)
            return host, {}

    # One pool each for the API, its token endpoint, and their plain twins.
    return TimedAdapter(pool_connections=4, pool_maxsize=connections)
