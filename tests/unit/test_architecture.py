# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the tree: imports go downwards only, a vendor's words are in its own files, and each system has all its parts."""

from __future__ import annotations

import pathlib
import re
import typing as t

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL, SYSTEMS
from ansible_collections.endstate.jobs.tools.imports import CHECKOUT, boxes, circles, files, imported

IMPORTS = {
    "plugins/module_utils": set(),
    "plugins/module_utils/_http": {"plugins/module_utils"},
    "plugins/module_utils/_systems": {
        "plugins/module_utils",
        "plugins/module_utils/_http",
        "plugins/module_utils/_systems/rest",
    },
    "plugins/module_utils/_systems/rest": {"plugins/module_utils", "plugins/module_utils/_http"},
    "plugins/plugin_utils/_engine": {"plugins/module_utils"},
    "plugins/plugin_utils/_wait": {
        "plugins/module_utils",
        "plugins/module_utils/_http",
        "plugins/module_utils/_systems",
        "plugins/module_utils/_systems/rest",
        "plugins/plugin_utils/_engine",
    },
    "plugins/plugin_utils/_report": {"plugins/module_utils", "plugins/plugin_utils"},
    "plugins/plugin_utils": {
        "plugins/module_utils",
        "plugins/module_utils/_http",
        "plugins/module_utils/_systems",
        "plugins/plugin_utils/_report",
        "plugins/plugin_utils/_wait",
    },
}
"""The folders that the files of each folder may import from, beside their own."""
BODY_OF_MODULES = "plugins/module_utils/_info_module.py"
"""The one file that stands above the folders beside it: all info modules are this."""

WORDS = {
    "dynatrace": r"dynatrace|active_?gate|update_?jobs?\b",
    "multiplay": r"multiplay|clanforge|\bunity\b|account_?service|image_?update",
    "strata": r"strata|prisma|palo.?alto|\bpan\b|\bscm|tsg_id|commitandpush|_str\b|children_settle",
    "xclarity": r"xclarity|lenovo|lxc[ao]|firmware|csrftoken|errormsg",
}
FILES = {name: CHECKOUT / name for name in files()}


def taken_along(name: str) -> set[str]:
    """The files of ``module_utils`` that Ansible packs with a module."""
    found: set[str] = set()
    todo = [name]
    while todo:
        new = imported(todo.pop()) - found
        found |= new
        todo += new
    return found


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_folder_imports_from_the_folders_below_it_alone(name) -> None:
    if name == BODY_OF_MODULES:
        return
    folder = pathlib.PurePosixPath(name).parent.as_posix()
    folders = {pathlib.PurePosixPath(one).parent.as_posix() for one in imported(name) - {BODY_OF_MODULES}}
    assert folders - {folder} <= IMPORTS[folder]
    assert name == "plugins/plugin_utils/_info_action.py" or BODY_OF_MODULES not in imported(name)


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert circles({name: set(imported(name)) for name in FILES}) == []


@pytest.mark.parametrize("folder", IMPORTS)
def test_files_and_folders_of_a_folder_build_on_each_other_in_one_direction(folder) -> None:
    assert circles(boxes(folder, {name: imported(name) for name in FILES})) == []


def test_imports_of_the_collection_are_relative() -> None:
    assert [
        name for name, path in FILES.items() if "import ansible_collections" in path.read_text(encoding="utf-8")
    ] == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_an_info_module_takes_along_its_own_vendor_and_no_engine(system) -> None:
    files = taken_along(f"plugins/modules/{system.module}.py")
    assert f"plugins/module_utils/_systems/{system.name}.py" in files
    others = {f"plugins/module_utils/_systems/{other.name}.py" for other in SYSTEMS if other is not system}
    assert not files & others
    assert not [name for name in files if name.startswith("plugins/plugin_utils")]


@pytest.mark.parametrize("module", ["job_gate_options", "job_report", "wait_for_job"])
def test_a_module_that_runs_on_the_controller_imports_nothing(module) -> None:
    assert taken_along(f"plugins/modules/{module}.py") == set()


def _without_code_of_the_registry(name: str, text: str) -> str:
    return (
        text.split("SYSTEMS: ")[0].split("\nfrom .")[0] if name == "plugins/module_utils/_systems/registry.py" else text
    )


OTHERS = {
    f"plugins/{path.relative_to(CHECKOUT / 'plugins')}": path for path in (CHECKOUT / "plugins" / "action").glob("*.py")
}
OTHERS["plugins/test/jobs.py"] = CHECKOUT / "plugins" / "test" / "jobs.py"


@pytest.mark.parametrize("name", sorted(FILES | OTHERS))
@pytest.mark.parametrize("vendor", WORDS)
def test_a_vendors_words_are_only_in_its_own_file(name, vendor) -> None:
    if name == f"plugins/module_utils/_systems/{vendor}.py":
        return
    text = _without_code_of_the_registry(name, (FILES | OTHERS)[name].read_text(encoding="utf-8"))
    assert re.findall(WORDS[vendor], text, re.IGNORECASE) == []


def test_each_vendor_has_words_of_its_own() -> None:
    assert WORDS.keys() == {system.name for system in SYSTEMS}
    for vendor, words in WORDS.items():
        assert re.search(
            words, FILES[f"plugins/module_utils/_systems/{vendor}.py"].read_text(encoding="utf-8"), re.IGNORECASE
        )


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
@pytest.mark.parametrize(
    "path",
    [
        "plugins/modules/{system.module}.py",
        "plugins/action/{system.module}.py",
        "plugins/doc_fragments/{system.name}.py",
        "simulator/systems/{system.name}.py",
        "tests/unit/plugins/module_utils/_systems/test_{system.name}.py",
        "tests/unit/replies/{system.name}.py",
    ],
)
def test_each_system_has_all_its_parts(system, path) -> None:
    assert (CHECKOUT / path.format(system=system)).is_file()


def test_each_system_has_its_group_of_defaults() -> None:
    groups: dict[str, t.Any] = yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text(encoding="utf-8"))[
        "action_groups"
    ]
    extended = [name for part in groups.pop("all") for name in part["metadata"]["extend_group"]]
    assert groups == {system.name: [system.module] for system in ALL}
    assert [name.rpartition(".")[2] for name in extended] == [system.name for system in ALL]
