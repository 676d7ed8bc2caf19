# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``PYTHONPATH=.build/tree python -m tests.e2e.matrix``: run the whole matrix and print its table."""

from __future__ import annotations

import sys

from tests.e2e.matrix.running import run_all
from tests.e2e.matrix.table import table

cells = run_all()
sys.stdout.write(table(cells))
sys.exit(any(cell.verdict() for cell in cells))
