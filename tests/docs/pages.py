# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides, and the blocks of code in them."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
GUIDES = CHECKOUT / "docs/docsite/rst"
BLOCK = re.compile(r"^\.\. code-block:: (\S+)\n(?:   :caption: (\S+)\n)?\n((?:(?:   .*)?\n)+)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Block:
    """A block of code: its language, the file that it belongs to, and its text."""

    language: str
    file: str | None
    text: str


def guide(name: str) -> str:
    """The source of a guide."""
    return (GUIDES / f"{name}.rst").read_text(encoding="utf-8")


def blocks(name: str) -> list[Block]:
    """All blocks of a guide."""
    return [
        Block(language, file or None, textwrap.dedent(text).strip("\n") + "\n")
        for language, file, text in BLOCK.findall(guide(name))
    ]
