# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of profiles that live for a time that the profile says."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.logins import SessionOfProfile
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(server: Loopback, clock: Clock) -> t.Iterator[t.Callable[..., AskingConnection]]:
    """Makes a client whose session has these keys in addition."""
    server.on("POST /login", *(reply({"ticket": f"ticket-{number}"}) for number in range(1, 9)))
    server.on("DELETE /login", reply(b"", 204))
    server.on("GET /job", reply({"good": True}))
    clients = []

    def connect(**more: t.Any) -> AskingConnection:
        session = {"post": "/login", "take": {"ticket": "ticket"}, "send": {"X-Ticket": "{ticket}"}, **more}
        known = profile(("auth", [{"session": session}]))
        way: t.Any = known.auth[0]
        login = SessionOfProfile(way, server.url, {}, {}, known.fault, clock=clock)
        clients.append(AskingConnection(Transport(), server.url, login, lambda *_: None, {}, Secrets()))
        return clients[-1]

    yield connect
    for one in clients:
        one.close()


def tickets(server: Loopback) -> list[str]:
    return [request.headers["X-Ticket"] for request in server.asked("GET /job")]


def test_a_session_is_renewed_when_its_lifetime_is_over(server, client, clock) -> None:
    reader = client(lifetime=60, logout={"delete": "/login"})
    for now in (1000, 1059, 1060, 1119, 1125):
        clock.now = float(now)
        assert reader.get("job") == {"good": True}
    assert tickets(server) == ["ticket-1", "ticket-1", "ticket-2", "ticket-2", "ticket-3"]
    ended = [request.headers["X-Ticket"] for request in server.asked("DELETE /login")]
    assert ended == ["ticket-1", "ticket-2"], "one that is replaced is ended first"
    reader.close()
    assert len(server.asked("DELETE /login")) == 3


def test_the_lifetime_of_a_session_begins_with_its_login_request(server, client, clock) -> None:
    """The server's clock may have begun with the request."""

    def slow(_request: t.Any) -> bytes:
        clock.now += 30
        return reply({"ticket": "slow"})

    server.on("POST /login", slow, reply({"ticket": "second"}))
    reader = client(lifetime=60)
    for now in (1000, 1059, 1061):
        clock.now = max(clock.now, float(now))
        reader.get("job")
    assert tickets(server) == ["slow", "slow", "second"]


def test_a_session_without_a_lifetime_is_kept_until_it_is_refused(server, client, clock) -> None:
    reader = client()
    reader.get("job")
    clock.now += 1e9
    reader.get("job")
    server.on("GET /job", reply({}, 401), reply({"good": True}))
    reader.get("job")
    assert tickets(server) == ["ticket-1", "ticket-1", "ticket-1", "ticket-2"]
