# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signals of what tests start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "number"), [("INT", 2), ("HUP", 1)])
def test_a_signal_ends_what_tests_start_though_the_tests_ignore_it(name: str, number: int) -> None:
    start = f"import os, tests.conftest; os.execlp('sh', 'sh', '-c', 'kill -{name} $$')"
    ignoring = ["sh", "-c", f'trap "" {name}; exec "$@"', "sh", sys.executable, "-c", start]
    assert subprocess.run(ignoring, cwd=CHECKOUT, check=False).returncode == -number
