# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation, found in the documents themselves, each with its text as written."""

from __future__ import annotations

import ast
import dataclasses
import re
import typing as t

import yaml

from tests.e2e.playing import CHECKOUT


@dataclasses.dataclass(frozen=True)
class Example:
    """A task of a plugin's EXAMPLES, or a block of the README."""

    document: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}: {self.content[0]['name']}"

    @property
    def content(self) -> list[dict[str, t.Any]]:
        """Its tasks, or its plays."""
        return yaml.safe_load(self.text)

    @property
    def is_playbook(self) -> bool:
        """Whether it holds plays."""
        return "hosts" in self.content[0]

    @property
    def is_loop(self) -> bool:
        """Whether it asks again until a job has ended."""
        return "until" in self.content[0]

    @property
    def is_loop_over_pushes(self) -> bool:
        """Whether it is a loop that waits for the children of a push."""
        return self.is_loop and bool(self.content[0].get("endstate.jobs.config_job_info", {}).get("children"))


def documented() -> list[Example]:
    """All that can be played."""
    in_python = [*_plugins("modules/*.py"), *_plugins("lookup/*.py")]
    texts = {path.stem: _assigned(path.read_text(encoding="utf-8")) for path in in_python}
    beside = [*_plugins("test/*.yml"), *_plugins("filter/*.yml")]
    texts |= {path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["EXAMPLES"] for path in beside}
    tasks = [Example(name, task) for name, text in texts.items() for task in re.split(r"^(?=- )", text, flags=re.M)[1:]]
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    blocks = [Example("README", block) for block in re.findall(r"^```yaml\n(.*?)^```$", readme, re.S | re.M)]
    return tasks + blocks


def _plugins(pattern: str) -> t.Any:
    return sorted((CHECKOUT / "plugins").glob(pattern))


def _assigned(source: str) -> str:
    """What a module's source assigns to EXAMPLES."""
    (text,) = (
        ast.literal_eval(statement.value)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "EXAMPLES"
    )
    return text
