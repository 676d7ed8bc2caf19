# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator in a process of its own, for all tests that talk to it, and texts that must never be taken for code."""

from __future__ import annotations

import signal
import typing as t
from pathlib import Path

import pytest

if t.TYPE_CHECKING:
    from simulator.client import Simulator
    from tests.templates import Texts

# A shell without a terminal has what it starts in the background ignore interrupts, and nohup does so with hang-ups. What the tests
# start would inherit that, and some of it must end by such a signal. With a handler, only this process goes on ignoring them.
for _signal in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, lambda _number, _frame: None)


@pytest.fixture(scope="session")
def simulator_tls() -> bool:
    """Whether the simulator speaks TLS, so that each test checks certificates as well. A folder may say otherwise."""
    return True


@pytest.fixture(scope="session")
def running_simulator(simulator_tls: bool) -> t.Iterator[Simulator]:
    """Started once."""
    # Here, for ansible-test runs the unit tests without what the simulator needs.
    from simulator.client import Simulator

    with Simulator.start(tls=simulator_tls) as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """Without the jobs and faults of the test before."""
    running_simulator.reset()
    return running_simulator


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    from tests.templates import Texts

    return Texts(tmp_path / "ran")
