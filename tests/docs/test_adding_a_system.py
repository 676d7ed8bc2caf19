# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on adding a system, followed to the letter in a copy of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import CHECKOUT, Block, blocks

PYTHON = Path(sys.executable)
KNOWS_NO_SYSTEM = ("module_utils/_http", "module_utils/_systems/rest", "plugin_utils/_engine")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, with all that the guide says in it."""
    copy = tmp_path_factory.mktemp("guide") / "checkout"
    subprocess.run([PYTHON, CHECKOUT / "tools/copy_checkout.py", copy], check=True)
    tree = copy / ".build/tree/ansible_collections/endstate/jobs"
    tree.parent.mkdir(parents=True)
    tree.symlink_to(copy)
    for block in blocks("adding_a_system"):
        if block.file:
            follow(copy, block)
    run(copy, PYTHON, "tools/render_docs.py")
    return copy


def run(copy: Path, *command: str | Path) -> str:
    """What a command prints in the copy; it must succeed."""
    tree = str(copy / ".build/tree")
    # Random input was tried in full in the checkout.
    environment = {**os.environ, "PYTHONPATH": tree, "ANSIBLE_COLLECTIONS_PATH": tree, "HYPOTHESIS_PROFILE": "few"}
    done = subprocess.run(command, cwd=copy, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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


def test_the_unit_tests_of_what_knows_systems_pass_in_the_copy(followed: Path) -> None:
    # The others are the same in the copy: no module of these folders may import a system (tests/unit/test_architecture.py).
    others = [f"--ignore=tests/unit/plugins/{folder}" for folder in KNOWS_NO_SYSTEM]
    assert " passed" in run(followed, PYTHON, "-m", "pytest", "-q", "-n", "2", "tests/unit", *others)


def test_a_playbook_waits_for_the_new_system(followed: Path) -> None:
    assert "2 passed" in run(followed, PYTHON, "-m", "pytest", "-q", "tests/e2e/test_acme.py")


@pytest.mark.parametrize(
    "command", ["ruff format --check .", "ruff check .", "mypy", "python tools/render_docs.py --check"]
)
def test_the_linters_find_nothing_in_the_copy(followed: Path, command: str) -> None:
    program, *arguments = command.split()
    run(followed, PYTHON.parent / program, *arguments)
