# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts, lists and durations as people read them."""

from __future__ import annotations

import typing as t

NAMED = 10
"""How many of many a sentence names in full."""


def counted(count: int, what: str) -> str:
    """``1 job``, ``2 jobs``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def named(each: t.Sequence[str]) -> str:
    """``a; b; and 3 more``."""
    rest = [f"and {len(each) - NAMED} more"] if len(each) > NAMED else []
    return "; ".join([*each[:NAMED], *rest])


def duration(seconds: float) -> str:
    """``35 s``, ``4 min 05 s``, ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
