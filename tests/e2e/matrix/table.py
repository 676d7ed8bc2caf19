# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix as a table for people."""

from __future__ import annotations

import collections
import itertools
import typing as t

from tests.e2e.matrix.cells import WAYS, Cell


def table(cells: t.Sequence[Cell]) -> str:
    """A line for each fault and target, a column for each way, the sums below, and what is wrong at the end."""
    lines = [f"{'fault':40} {'at':15} " + " ".join(f"{way:12}" for way in WAYS)]
    ordered = sorted(cells, key=lambda cell: (cell.fault.name, cell.target.name))
    for (fault, target), group in itertools.groupby(ordered, lambda cell: (cell.fault.name, cell.target.name)):
        outcomes = {cell.way: cell.outcome for cell in group}
        lines.append(f"{fault:40} {target:15} " + " ".join(f"{outcomes.get(way, '-'):12}" for way in WAYS))
    return "\n".join([*lines, "", *sums(cells), ""])


def sums(cells: t.Sequence[Cell]) -> list[str]:
    """What it all came to."""
    outcomes = collections.Counter(cell.outcome for cell in cells)
    wrong = [f"WRONG {cell.name}: {cell.verdict()}" for cell in cells if cell.verdict()]
    slowest = max(cells, key=lambda cell: cell.seconds)
    return [
        f"{len(cells)} cells: {len({cell.fault.name for cell in cells})} faults at {len({cell.target.name for cell in cells})} "
        f"targets of {len({cell.target.system for cell in cells})} APIs, met in {len(WAYS)} ways.",
        ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()),
        f"{len(cells) - len(wrong)} came to what they must, in time, with one clear sentence, no traceback and no secret.",
        f"The slowest took {slowest.seconds:.1f} s: {slowest.name}.",
        *wrong,
    ]
