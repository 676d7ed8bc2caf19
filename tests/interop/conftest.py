# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator, a vendor's client that reads from it, and our own reading of the same."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS
from simulator.client import Simulator
from tests.interop.venvs import NotInstalled, run

BY_NAME = {system.name: system for system in SYSTEMS}


@pytest.fixture
def theirs(simulator: Simulator) -> t.Callable[..., t.Any]:
    """What a vendor's client reads: ``theirs(client, system, **arguments)``."""

    def read(client: str, system: str, **arguments: t.Any) -> t.Any:
        try:
            return run(client, str(simulator.ca), url=simulator.url, **simulator.connection(system), **arguments)
        except NotInstalled as error:
            pytest.skip(f"{client} cannot be installed: {error}")

    return read


@pytest.fixture
def ours(simulator: Simulator) -> t.Callable[..., dict[str, t.Any]]:
    """What our info module returns: ``ours(system, **options)``."""

    def read(system: str, **options: t.Any) -> dict[str, t.Any]:
        return info(BY_NAME[system], {**simulator.connection(system), **options})

    return read
