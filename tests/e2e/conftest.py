# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all, and a player of playbooks for each test."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.playing import Player

SYSTEMS = ("dynatrace", "multiplay", "strata", "xclarity")

DEFAULTS = {f"group/endstate.jobs.{name}": f"{{{{ {name} }}}}" for name in SYSTEMS}
"""``module_defaults`` with all connections."""


@pytest.fixture(scope="session")
def running_simulator() -> t.Iterator[Simulator]:
    """Started once: with TLS, so that each test checks certificates as well."""
    with Simulator.start(tls=True) as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """Without the jobs and faults of the test before."""
    running_simulator.reset()
    return running_simulator


@pytest.fixture
def player(tmp_path: Path, simulator: Simulator) -> Player:
    """Its plays know each system's connection options by the system's name."""
    return Player(tmp_path, {name: simulator.connection(name) for name in SYSTEMS})
