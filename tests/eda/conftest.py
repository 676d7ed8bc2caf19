# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulebooks, if there is an ansible-rulebook to run them."""

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
def simulator_tls() -> bool:
    """Without TLS: rulebooks get all they need from the environment, which has no variable for a CA."""
    return False


@pytest.fixture
def rulebook(tmp_path: Path, simulator: Simulator) -> t.Iterator[Rulebook]:
    """Runs rulebooks whose credentials for the simulator are in the environment."""
    if COMMAND is None or JAVA is None:
        pytest.skip(f"needs {' and '.join(MISSING)}")
    runner = Rulebook(tmp_path, COMMAND, JAVA, simulator)
    yield runner
    runner.stop()
