# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reference of the language says of YAML and of paths is what happens."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.paths import parse_path
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles
from tests.docs.pages import guide

PROFILE = {
    "status": '{get: "/tasks/{task}"}',
    "state": "{path: state, succeeded: done, failed: broken}",
    "children": "{items: parts}",
    "listing": "{get: /tasks, items: tasks, id: id}",
    "headers": "{X-Tenant: main}",
    "fields": "{description: name}",
}
PLACES = {
    "get": "status: {%s}",
    "links": "children:\n  %s",
    "items": "listing:\n  get: /tasks\n  id: id\n  %s",
    "failed": "state:\n  path: state\n  succeeded: done\n  %s",
    "succeeded": "state:\n  path: state\n  failed: broken\n  %s",
    "X-Api-Version": "headers:\n  %s",
    "message": "fields:\n  %s",
}
"""By key, the part of a profile that it is in."""


def rows(section: str) -> list[list[list[str]]]:
    """The rows of the table of a section: for each cell what it has between double backticks."""
    text = guide("profile_language").split(f"\n{section}\n{'-' * len(section)}\n")[1].split("\n---")[0]
    found = re.findall(r"^   \* - (.+)((?:\n     - .+)+)", text, re.MULTILINE)
    cells = [[first, *re.findall(r"\n     - (.+)", others)] for first, others in found]
    return [[re.findall("``(.+?)``", cell) for cell in row] for row in cells[1:]]


def read(folder: Path, written: str) -> None:
    """Read a profile with this line in it.

    :raises OptionError: if it is refused.
    """
    key = written.partition(":")[0]
    part = PLACES[key] % written
    own = {name: text for name, text in PROFILE.items() if name != part.partition(":")[0]}
    lines = ["schema: 1", "name: example", "ids: {task: {}}", "auth: [basic]"]
    lines += [*(f"{name}: {text}" for name, text in own.items()), part]
    file = folder / "my.yml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Profiles(lambda _name: str(file)).load("./my.yml")


TRAPS = rows("Traps of YAML")


def test_the_guide_lists_seven_traps() -> None:
    assert len(TRAPS) == 7


@pytest.mark.parametrize("written", [one for row in TRAPS for one in row[0]])
def test_each_trap_of_the_guide_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(OptionError, match=re.escape("my.yml")):
        read(tmp_path, written)


@pytest.mark.parametrize("written", [one for row in TRAPS for one in row[2]])
def test_the_remedy_for_each_trap_is_accepted(tmp_path: Path, written: str) -> None:
    read(tmp_path, written)


@pytest.mark.parametrize("written", [one for row in rows("Paths") for one in row[0]])
def test_each_path_of_the_guide_is_a_valid_path(written: str) -> None:
    quote = written[0] if written[0] == written[-1] and written[0] in "'\"" else ""
    path = json.loads(written) if quote == '"' else written.strip("'") if quote else written
    assert parse_path(path, ("status", "header", "body", "key", "cookie"))
