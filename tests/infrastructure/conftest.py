# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers between the collection and the simulator."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
import trustme

from simulator.client import Simulator
from tests.e2e.conftest import SYSTEMS
from tests.e2e.meanwhile import acting
from tests.e2e.playing import Player
from tests.infrastructure import services
from tests.infrastructure.services import Service, serving

MISSING = services.missing()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what could not be tried, and how to get it."""
    if MISSING:
        terminalreporter.write_line(f"skipped: not installed: {' '.join(MISSING)} (apt-get install them)")


@pytest.fixture(autouse=True)
def _installed() -> None:
    """Where all is installed by the pipeline itself, nothing may be missing."""
    if MISSING and os.environ.get("CI"):
        pytest.fail(f"not installed: {' '.join(MISSING)}")
    if MISSING:
        pytest.skip(f"not installed: {' '.join(MISSING)}")


@pytest.fixture
def serve() -> t.Iterator[t.Callable[[Service], Service]]:
    """Starts a server, and ends it after the test."""
    with serving() as start:
        yield start


@pytest.fixture
def once_asked(simulator: Simulator) -> t.Iterator[t.Callable[[t.Callable[[], None]], None]]:
    """Does something while a wait goes on: when the simulator has been asked for a job."""

    def is_asked() -> bool:
        return any(request["method"] == "GET" for request in simulator.requests())

    with acting() as start:
        yield lambda action: start(is_asked, action)


@pytest.fixture
def player(tmp_path: Path, simulator: Simulator) -> Player:
    """Its plays know each system's connection options by the system's name."""
    return Player(tmp_path, {name: simulator.connection(name) for name in SYSTEMS})


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with ``ca.pem``, ``server.pem`` for loopback, and ``client.pem``, each a certificate, the last two with their keys."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        str(folder / "server.pem")
    )
    client = authority.issue_cert("ansible@controller.example.com")
    client.private_key_and_cert_chain_pem.write_to_path(str(folder / "client.pem"))
    return folder
