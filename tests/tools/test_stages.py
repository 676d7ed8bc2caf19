# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of the test: what passes, what fails, and that nothing is skipped if all is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
STAGES = {
    "good": "@echo '=== 3 passed in 0.1s ==='",
    "bad": "@echo why; exit 3",
    "absent": "@echo 'skipped: there is no chromium on the PATH'",
    "partial": "@echo '=== 2 passed, 1 skipped in 0.1s ==='",
    "cored": "@echo core $(CORE)",
}


def run(folder: Path, *stages: str, ci: bool = False) -> tuple[int, str]:
    """The status and what is printed."""
    rules = "".join(f".PHONY: {name}\n{name}:\n\t{command}\n" for name, command in STAGES.items())
    (folder / "Makefile").write_text(rules, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | ({"CI": "true"} if ci else {})
    command = [sys.executable, str(CHECKOUT / "tools/stages.py"), "2", *stages]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_each_stage_has_a_line_and_the_last_line_counts_them(tmp_path: Path) -> None:
    status, said = run(tmp_path, "good", "cored:2.16")
    assert status == 0
    assert [line.split()[0] for line in said.splitlines()] == ["good", "cored:2.16", "stages:"]
    assert "3 passed in 0.1s" in said
    assert said.endswith("stages: 2 passed, 0 failed, 0 skipped\n")
    assert (tmp_path / ".build/log/cored-2.16.log").read_text(encoding="utf-8") == "core 2.16\n"


def test_a_stage_that_fails_shows_its_output(tmp_path: Path) -> None:
    status, said = run(tmp_path, "bad", "good")
    assert status == 1
    assert "\nwhy\n" in said
    assert said.endswith("stages: 1 passed, 1 failed, 0 skipped\n")


@pytest.mark.parametrize(
    ("stage", "result", "why"),
    [("absent", "skipped", "there is no chromium on the PATH"), ("partial", "ok", "2 passed, 1 skipped in 0.1s")],
)
def test_a_skipped_stage_is_told_and_fails_in_a_pipeline(tmp_path: Path, stage: str, result: str, why: str) -> None:
    status, said = run(tmp_path, stage)
    assert (status, said.split()[2]) == (0, result)
    assert why in said
    status, said = run(tmp_path, stage, ci=True)
    assert (status, said.split()[2]) == (1, "FAILED")
    assert why in said


def test_the_pipeline_installs_what_the_stages_call() -> None:
    """What a stage says that it was skipped for is in the list of .ci/run."""
    listed = (CHECKOUT / ".ci/run").read_text(encoding="utf-8").split("needed=(")[1].split(")")[0].split()
    assert {name.split(":")[0] for name in listed} >= {"chromium", "sshd", "ssh", "nginx", "squid", "aptly"}
