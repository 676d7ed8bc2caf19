# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A player of playbooks for each test, and a gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.client import Simulator
from simulator.systems import SYSTEMS
from tests.e2e.gating import Gate
from tests.e2e.playing import Player

DEFAULTS = {f"group/endstate.jobs.{name}": f"{{{{ {name} }}}}" for name in SYSTEMS}
"""``module_defaults`` with all connections."""


@pytest.fixture
def player(tmp_path: Path, simulator: Simulator) -> Player:
    """Its plays know each system's connection options by the system's name."""
    return Player(tmp_path, simulator.connections())


@pytest.fixture
def gate(player: Player, simulator: Simulator) -> Gate:
    """With three firmware tasks to wait for."""
    return Gate(player, simulator)
