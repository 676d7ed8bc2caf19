# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies that lead a connection to one address of this machine, whatever host they are asked for."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import typing as t

Greet = t.Callable[[t.Any], t.Optional[str]]
"""Takes a client's first bytes; returns the host that it asks for, or ``None`` to hang up on it."""


def connect(client: t.Any) -> str:
    """As an HTTP proxy that is asked for a tunnel."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.recv(1)
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    return head.split()[1].decode()


def socks5(user: bytes | None = None) -> Greet:
    """As a SOCKS proxy of version 5 (RFC 1928, 1929).

    :param user: the user name and password that it asks for, with a colon between them.
    """

    def greet(client: t.Any) -> str | None:
        methods = client.recv(client.recv(2)[1])
        if user is None:
            client.sendall(b"\x05\x00")
        elif 2 not in methods:
            client.sendall(b"\x05\xff")
            return None
        else:
            client.sendall(b"\x05\x02")
            name = client.recv(client.recv(2)[1])
            good = name + b":" + client.recv(client.recv(1)[0]) == user
            client.sendall(b"\x01\x00" if good else b"\x01\x01")
            if not good:
                return None
        kind = client.recv(4)[3]
        host = socket.inet_ntoa(client.recv(4)) if kind == 1 else client.recv(client.recv(1)[0]).decode()
        client.recv(2)
        client.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        return host

    return greet


class Tunnel:
    """A proxy.

    :param greet: its protocol.
    :param target: host and port that every connection is led to.
    :param tls: the settings of TLS to the proxy itself, if it is spoken.
    """

    def __init__(self, greet: Greet, target: str, tls: ssl.SSLContext | None = None) -> None:
        self._greet = greet
        self._target = target
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.netloc = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.asked: list[str] = []
        """The hosts that were asked for."""
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, plain: socket.socket) -> None:
        name, _colon, port = self._target.rpartition(":")
        with contextlib.suppress(OSError, IndexError), contextlib.closing(plain):
            client: t.Any = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with contextlib.closing(client):
                host = self._greet(client)
                if host is None:
                    return
                self.asked.append(host)
                with socket.create_connection((name, int(port))) as server:
                    back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                    back.start()
                    _pump(client, server)
                    back.join()


def _pump(source: t.Any, sink: t.Any) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
