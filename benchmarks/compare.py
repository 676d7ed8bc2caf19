# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences between two sets of figures."""

from __future__ import annotations

import typing as t

TOLERANCE = 0.2
"""The share by which a figure may differ without being reported."""


def moved(before: t.Any, after: t.Any, where: str = "") -> t.Iterator[str]:
    """A line for each figure in both that differs by more than the tolerance."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from moved(before[key], after[key], f"{where}.{key}" if where else key)
    elif _is_number(before) and _is_number(after) and abs(after - before) > TOLERANCE * abs(before):
        by = f"{(after - before) / abs(before):+.0%}" if before else "from nothing"
        yield f"{where}: {before:.4g} -> {after:.4g} ({by})"


def _is_number(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
