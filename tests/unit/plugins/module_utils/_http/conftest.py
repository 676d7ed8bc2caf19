# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pathlib
import ssl
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Reply, Transport
from ansible_collections.endstate.jobs.tests.unit.certificates import Certificate, Maker, authority, maker
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply


@pytest.fixture
def get() -> t.Callable[..., Reply]:
    """Gets a URL once, by a transport with these options."""

    def get(url: str, **options: t.Any) -> Reply:
        transport = Transport(**options)
        try:
            return transport.send("GET", url, auth=lambda request: request)
        finally:
            transport.close()

    return get


@pytest.fixture
def error_of(get: t.Callable[..., Reply]) -> t.Callable[..., ApiError]:
    """Gets a URL once, and gives the error that it ends in."""

    def error_of(url: str, **options: t.Any) -> ApiError:
        with pytest.raises(ApiError) as caught:
            get(url, **options)
        return caught.value

    return error_of


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A CA."""
    return authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def certificate(tmp_path: pathlib.Path) -> Maker:
    """Makes certificates of servers."""
    return maker(tmp_path)


@pytest.fixture
def listen() -> t.Iterator[t.Callable[[ssl.SSLContext], Loopback]]:
    """Starts servers with these settings of TLS. They answer to ``GET /``."""
    servers = []

    def listen(tls: ssl.SSLContext) -> Loopback:
        servers.append(Loopback(tls))
        servers[-1].on("GET /", reply({"good": True}))
        return servers[-1]

    yield listen
    for server in servers:
        server.stop()
