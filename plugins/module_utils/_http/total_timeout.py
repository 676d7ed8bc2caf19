# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A time-out for the whole of an HTTP response: requests and urllib3 bound each read alone, so that a server that sends a byte
now and then would never be given up.

It builds on names of urllib3 that are not public (``_new_conn``, ``_dns_host``, ``_connect_tls_proxy``), the same in 1.26 and
2.x, on both of which the tests run. Without them only the bound on connecting would be lost.
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
"""Seconds: 0 means to a socket that it must not wait at all."""


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
        seconds_left = self._deadline - time.monotonic()
        if seconds_left <= 0:
            raise socket.timeout("timed out")
        self._sock.settimeout(seconds_left)
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


class _Bounded:
    """A connection that is made, TLS included, and answers within its time-out."""

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
            raise _last_words(self.sock, error) from None

    def _connect_tls_proxy(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        try:
            return super()._connect_tls_proxy(*args, **kwargs)  # type: ignore[misc]
        except (OSError, ValueError) as error:  # urllib3 1.26 does not tell them from those of the API
            raise urllib3.exceptions.ProxyError("TLS to the proxy", error) from error


def _last_words(sock: t.Any, error: OSError) -> OSError:
    """The TLS alert that a server sent before it closed a connection, else the error of writing to that connection.

    In TLS 1.3 a server refuses a certificate after its own part of the handshake (RFC 8446, 4.4.2.4), so that the client may be
    writing already.

    :param sock: of the connection; ``None`` if it was closed already.
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
    """A connection whose addresses share its time-out: urllib3 gives each the whole of it."""

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
    """The pools for a SOCKS proxy, which itself looks up names and tries addresses. Needs PySocks."""
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
    """An adapter of requests: with ``timeout=urllib3.util.Timeout(total=…)`` connecting, headers and body together are bounded.

    :param connections: how many to a host are kept open.
    :param trust: has the settings of its TLS connections, to the API and to a proxy; ``None`` if it has none of them.
    """

    def __init__(self, connections: int, trust: Trust | None) -> None:
        self._trust = trust
        context = trust.context if trust else None
        self._tls: dict[str, t.Any] = {"ssl_context": context, "cert_reqs": context.verify_mode} if context else {}
        # One pool each for the API, its token endpoint, and their plain twins.
        super().__init__(pool_connections=4, pool_maxsize=connections)

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Make the pools for connections without a proxy."""
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

    # The context says whom to trust, once for all connections. Else requests has each connection read the certificates.

    def cert_verify(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Up to requests 2.31."""

    def build_connection_pool_key_attributes(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """From requests 2.32 on."""
        host, _tls = super().build_connection_pool_key_attributes(*args, **kwargs)
        return host, {}
