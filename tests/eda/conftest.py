# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all, and rulebooks where there is an ansible-rulebook to run them."""

from __future__ import annotations

import os
import shutil
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.eda.rulebook import Rulebook

COMMAND = shutil.which("ansible-rulebook", path=os.environ.get("EDA_BIN", os.environ["PATH"]))
JAVA = shutil.which("java", path=os.path.join(os.environ.get("JAVA_HOME", ""), "bin") + os.pathsep + os.environ["PATH"])
MISSING = [what for what, there in (("ansible-rulebook", COMMAND), ("Java 17", JAVA)) if not there]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what could not be tried."""
    if MISSING:
        terminalreporter.write_line(f"skipped: rulebooks need {' and '.join(MISSING)}, not found")


@pytest.fixture(scope="session")
def running_simulator() -> t.Iterator[Simulator]:
    """Started once. Without TLS: rulebooks get all they need from the environment, which has no word for a CA."""
    with Simulator.start() as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """Without the jobs and faults of the test before."""
    running_simulator.reset()
    return running_simulator


@pytest.fixture
def rulebook(tmp_path: Path, simulator: Simulator) -> t.Iterator[Rulebook]:
    """Runs rulebooks whose credentials for the simulator are in the environment."""
    if COMMAND is None or JAVA is None:
        pytest.skip(f"needs {' and '.join(MISSING)}")
    runner = Rulebook(tmp_path, COMMAND, JAVA, simulator)
    yield runner
    runner.stop()
