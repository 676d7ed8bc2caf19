# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers, each started once for the tests of its file."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest

from tests.e2e.meanwhile import Start, acting
from tests.e2e.playing import Player
from tests.infrastructure.services import Service, serving
from tests.servers import starting

MISSING = starting.missing()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what could not be tried, and how to get it."""
    if MISSING:
        terminalreporter.write_line(f"skipped: not installed: {', '.join(MISSING)}")


def needs(command: str) -> None:
    """Skip the tests of a server that is not installed; fail in the pipeline, which installs all."""
    if any(command in one for one in MISSING):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"not installed: {', '.join(MISSING)}")


@pytest.fixture(scope="session")
def serve() -> t.Iterator[t.Callable[[Service], Service]]:
    """Starts a server, and ends it after the tests."""
    with serving() as start:
        yield start


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return Player(tmp_path, {})


@pytest.fixture
def meanwhile() -> t.Iterator[Start]:
    """Does something while a play runs: ``meanwhile(when, action)`` acts once ``when()`` holds."""
    with acting() as start:
        yield start
