# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a report shows each state. The style of its page is in page.css."""

from __future__ import annotations

import dataclasses

from ...module_utils._job import CANCELLED, FAILED, PENDING, RUNNING, SKIPPED, SUCCEEDED, UNKNOWN
from .timeline import UNREAD


@dataclasses.dataclass(frozen=True)
class Look:
    """How a state looks, in three ways at once: a sign and a word, a colour, a pattern."""

    sign: str
    word: str
    colour: str
    ink: str = "#ffffff"
    strokes: str = ""
    """An SVG path on a tile of 8 by 8; if it is empty, the bar is plain."""


# The colours are those of Okabe and Ito, which people with any of the usual kinds of colour-blindness can tell apart.
LOOKS = {
    PENDING: Look("○", "pending", "#d9d9d9", "#555555", "M4 3v2"),
    RUNNING: Look("▶", "running", "#56b4e9", "#ffffff", "M-2 2l4-4M0 8l8-8M6 10l4-4"),
    SUCCEEDED: Look("✓", "succeeded", "#009e73"),
    FAILED: Look("✗", "failed", "#d55e00", "#000000", "M0 0l8 8M0 8l8-8"),
    CANCELLED: Look("■", "cancelled", "#cc79a7", "#000000", "M4 0v8"),
    SKIPPED: Look("»", "skipped", "#f0e442", "#000000", "M0 4h8"),
    UNKNOWN: Look("?", "unknown", "#ffffff", "#888888", "M0 8l8-8"),
    UNREAD: Look("!", "could not be read", "#000000", "#ffffff", "M0 4h8M4 0v8"),
}
