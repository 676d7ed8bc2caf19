# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits for a whole HTTP response: its time, and what http.client and urllib3 keep of it apart from the body. Both libraries limit each
read alone, so that a server which sends a byte now and then would hold a request for ever.

This file uses names of urllib3 that are not public (``_new_conn``, ``_dns_host``, ``_connect_tls_proxy``). They are the same in 1.26
and 2.x, and the tests run with both. Without them only the limit on connecting would be lost.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import typing as t

from .library import HTTPAdapter, HTTPConnection, HTTPConnectionPool, HTTPSConnection, HTTPSConnectionPool, urllib3
from .trust import Trust

SHORTEST = 0.001
"""Seconds. With a timeout of 0 a socket would not wait at all."""
LONGEST_HEAD = 64 * 1024
"""Bytes of the status line and all headers. Servers allow 8 to 32 KB. http.client would take 6 MB, which are 50 MB in memory."""


class _TimedStream(io.RawIOBase):
    """The bytes of a response, all of which must come within the timeout that the socket has at the beginning.

    Counts the bytes until the head of the response is complete.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + t.cast(float, sock.gettimeout())
        self._length = 0
        self.is_in_head = True
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        seconds_left = self._deadline - time.monotonic()
        if seconds_left <= 0:
            raise socket.timeout("timed out")
        self._sock.settimeout(seconds_left)
        got = t.cast(t.Optional[int], t.cast(io.RawIOBase, self._raw).readinto(buffer))
        self.ended = got == 0
        self._length += got or 0
        if self.is_in_head and self._length > LONGEST_HEAD + len(buffer):
            raise http.client.LineTooLong("the head")
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedReader(io.BufferedReader):
    """A response's bytes, of which nobody can ask for all at once: urllib3 reads the length of a chunk as it was sent (it may be -1), and
    up to 2.7 a line of any length."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            raise http.client.IncompleteRead(b"")
        return super().read(size)

    def readline(self, size: int | None = -1) -> bytes:
        if size is not None and size >= 0:
            return super().readline(size)
        line = super().readline(LONGEST_HEAD + 1)
        if len(line) > LONGEST_HEAD:
            raise http.client.LineTooLong("a line")
        return line


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self._stream = _TimedStream(sock)
        self.fp = _BoundedReader(self._stream)

    def begin(self) -> None:
        super().begin()
        # If the connection is closed among the headers, http.client treats that as the end of the headers.
        if self._stream.ended:
            self.close()
            raise http.client.IncompleteRead(b"")
        self._stream.is_in_head = False


class _Bounded:
    """A connection whose timeout covers connecting, TLS included, and then the whole response."""

    response_class: t.Any = _TimedResponse

    def _new_conn(self: t.Any) -> t.Any:
        deadline = time.monotonic() + self.timeout
        sock = super()._new_conn()  # type: ignore[misc]
        sock.settimeout(max(deadline - time.monotonic(), SHORTEST))
        return sock

    def send(self: t.Any, data: t.Any) -> None:
        try:
            super().send(data)  # type: ignore[misc]
        except (ssl.SSLEOFError, BrokenPipeError, ConnectionResetError) as error:
            raise _alert_or(self.sock, error) from None

    def _connect_tls_proxy(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        try:
            return super()._connect_tls_proxy(*args, **kwargs)  # type: ignore[misc]
        except (OSError, ValueError) as error:  # urllib3 1.26 raises the same errors for TLS to the API
            raise urllib3.exceptions.ProxyError("TLS to the proxy", error) from error


def _alert_or(sock: t.Any, error: OSError) -> OSError:
    """The TLS alert that a server sent before it closed a connection; the error of writing to that connection if there is no alert.

    With TLS 1.3 a server rejects a client certificate after its own part of the handshake (RFC 8446, 4.4.2.4), while the client may
    already be writing.

    :param sock: the socket of the connection; ``None`` if it is closed already.
    """
    try:
        if sock is not None:
            sock.recv(1)
    except ssl.SSLError as said:
        return said if "ALERT" in (said.reason or "") else error
    except OSError:
        pass
    return error


class _ManyAddresses:
    """A connection whose timeout is divided among the host's addresses. urllib3 allows each address the full timeout."""

    def _new_conn(self: t.Any) -> t.Any:
        name, timeout = self._dns_host, self.timeout
        deadline = time.monotonic() + timeout
        try:
            addresses = _addresses(name, self.port)
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(self, str(error)) from error
        try:
            for position, address in enumerate(addresses, start=1):
                to_try = len(addresses) - position + 1
                self._dns_host = address
                self.timeout = max((deadline - time.monotonic()) / to_try, SHORTEST)
                try:
                    return super()._new_conn()  # type: ignore[misc]
                except urllib3.exceptions.HTTPError:
                    if to_try == 1:
                        raise
        finally:
            self._dns_host, self.timeout = name, timeout


def _addresses(name: str, port: int) -> list[str]:
    """The host's addresses."""
    found = socket.getaddrinfo(name.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(t.cast(str, entry[4][0]) for entry in found))


class _Connection(_Bounded, _ManyAddresses, HTTPConnection):
    pass


class _TlsConnection(_Bounded, _ManyAddresses, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOLS = {"http": _Pool, "https": _TlsPool}


def _socks_pools() -> dict[str, t.Any]:
    """The pools for a SOCKS proxy. The proxy looks names up and tries addresses. Needs PySocks."""
    from urllib3.contrib.socks import SOCKSConnection, SOCKSHTTPSConnection

    class Connection(_Bounded, SOCKSConnection):
        pass

    class TlsConnection(_Bounded, SOCKSHTTPSConnection):
        pass

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    return {"http": Pool, "https": TlsPool}


class TimedAdapter(HTTPAdapter):
    """An adapter of requests. With ``timeout=urllib3.util.Timeout(total=…)`` one timeout covers connecting, headers and body.

    :param connections: how many connections to a host are kept open.
    :param trust: the settings of the TLS connections to the API and to a proxy; ``None`` if the adapter has no TLS connections.
    """

    def __init__(self, connections: int, trust: Trust | None) -> None:
        self._trust = trust
        context = trust.context if trust else None
        self._tls: dict[str, t.Any] = {"ssl_context": context, "cert_reqs": context.verify_mode} if context else {}
        # One pool each for the API and its token endpoint, by https and by http.
        super().__init__(pool_connections=4, pool_maxsize=connections)

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Makes the pools for connections without a proxy."""
        super().init_poolmanager(*args, **{**kwargs, **self._tls})
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: t.Any) -> t.Any:
        """The pools for connections through a proxy."""
        is_socks = proxy.lower().startswith("socks")
        if not is_socks:
            kwargs["proxy_ssl_context"] = self._trust.proxy_context if self._trust else None
        manager: t.Any = super().proxy_manager_for(proxy, **kwargs, **self._tls)
        manager.pool_classes_by_scheme = _socks_pools() if is_socks else POOLS
        return manager

    # The context has the trusted certificates for all connections. Without these two methods each connection would read them again.

    def cert_verify(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Does nothing. requests up to 2.31 calls this method for each connection."""

    def build_connection_pool_key_attributes(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """The attributes of a pool, without TLS settings. requests calls this method since 2.32."""
        host, _tls = super().build_connection_pool_key_attributes(*args, **kwargs)
        return host, {}
