# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on adding a system, followed to the letter in a copy of the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import CHECKOUT, Block, blocks

ITS_OWN = ["tests/unit/plugins/module_utils/_systems/test_acme.py", "tests/e2e/test_acme.py"]
SHARED = [
    "tests/unit/test_architecture.py",
    "tests/unit/test_documentation.py",
    "tests/unit/extensions/eda/test_definitions.py",
]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, with all that the guide says in it."""
    copy = tmp_path_factory.mktemp("guide") / "checkout"
    subprocess.run([sys.executable, CHECKOUT / "tools/copy_checkout.py", copy], check=True)
    tree = copy / ".build/tree/ansible_collections/endstate/jobs"
    tree.parent.mkdir(parents=True)
    tree.symlink_to(copy)
    for block in blocks("adding_a_system"):
        if block.file:
            follow(copy, block)
    rendered = subprocess.run(
        [sys.executable, "tools/render_docs.py"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(tree.parents[2])},
        check=False,
        capture_output=True,
        text=True,
    )
    assert rendered.returncode == 0, rendered.stderr
    return copy


def follow(copy: Path, block: Block) -> None:
    """Write a file, or change some lines of one."""
    assert block.file
    file = copy / block.file
    if block.language != "diff":
        assert not file.exists()
        file.write_text(block.text, encoding="utf-8")
        return
    lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
    after = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{block.file} has changed since the guide was written"
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("tests", [ITS_OWN, SHARED], ids=["its own tests", "the tests that all systems share"])
def test_they_pass(followed: Path, tests: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests], cwd=followed, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    # And not because there was nothing to try.
    assert re.search(r"^\d+ passed", done.stdout, re.MULTILINE), done.stdout


def test_the_linters_are_content(followed: Path) -> None:
    new = [block.file for block in blocks("adding_a_system") if block.file and block.file.endswith(".py")]
    for command in (["ruff", "format", "--check"], ["ruff", "check"]):
        done = subprocess.run(
            [Path(sys.executable).parent / command[0], *command[1:], *new],
            cwd=followed,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
