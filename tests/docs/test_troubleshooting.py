# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide names messages that the collection really has."""

from __future__ import annotations

import ast
import re

import pytest

from tests.docs.pages import CHECKOUT, guide

HEADINGS = re.findall(r"^(.*…[^\n]*)\n~+$", guide("troubleshooting"), re.MULTILINE)
GAP = "…"


def said(node: ast.AST) -> str:
    """A text in the source, with a gap for each value that is put in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(said, node.values))
    if isinstance(node, ast.BinOp):
        return said(node.left) + said(node.right)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else GAP


TEXTS = [
    re.sub(f"{GAP}+", GAP, said(node))
    for path in (CHECKOUT / "plugins").rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp))
]


def test_the_troubleshooting_guide_has_headings() -> None:
    assert len(HEADINGS) > 15


@pytest.mark.parametrize("heading", HEADINGS)
def test_each_heading_of_the_troubleshooting_guide_is_in_the_source(heading: str) -> None:
    """A message may be put together of several texts, each of which may begin and end with a value."""
    pieces = [part.strip(" .,:") for part in re.split(r"[…();]", heading)]
    assert [piece for piece in pieces if not any(piece in text for text in TEXTS)] == []
