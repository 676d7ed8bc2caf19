# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the house: imports go down only, a vendor's words stand in its own files, and each system has all its parts."""

from __future__ import annotations

import ast
import pathlib
import re
import typing as t

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems._registry import SYSTEMS

ROOT = pathlib.Path(__file__).parents[2]
UTILS = ROOT / "plugins" / "module_utils"

LAYERS = [
    {"_values", "_wording"},
    {"_job"},
    {"_errors"},
    {"_masking"},
    {"_schedule"},
    {"_timed"},
    {"_room"},
    {"_transport"},
    {"_http"},
    {"_auth"},
    {"_systems/_system"},
    {f"_systems/{system.name}" for system in SYSTEMS},
    {"_systems/_registry"},
    {"_watch"},
    {"_turns"},
    {"_workers"},
    {"_wait"},
    {"_info"},
    {"_items"},
    {"_listing"},
    {"_fleet"},
    {"_orders"},
    {"_progress"},
    {"_result"},
    {"_reading"},
    {"_report", "_report_text", "_report_timeline"},
    {"_report_page"},
    {"_report_html", "_report_junit"},
    {"_report_files"},
]
"""From the bottom up. A file imports from the layers below its own, and none from its own."""

WORDS = {
    "dynatrace": r"dynatrace|active_?gate|update_?jobs?\b",
    "multiplay": r"multiplay|clanforge|\bunity\b|account_?service|image_?update",
    "strata": r"strata|prisma|palo.?alto|\bpan\b|\bscm|tsg_id|commitandpush|_str\b|children_settle",
    "xclarity": r"xclarity|lenovo|lxc[ao]|firmware|csrftoken|errormsg",
}
FILES = {path.relative_to(UTILS).with_suffix("").as_posix(): path for path in UTILS.rglob("*.py")}


def imported(name: str) -> set[str]:
    """The files of ``module_utils`` that this one imports."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        folder = pathlib.PurePosixPath(name).parent
        for _turn in range(node.level - 1):
            folder = folder.parent
        modules = [node.module.replace(".", "/")] if node.module else [alias.name for alias in node.names]
        found.update((folder / module).as_posix() for module in modules)
    return found


def test_each_file_has_its_layer() -> None:
    layered = [name for layer in LAYERS for name in layer]
    assert sorted(layered) == sorted(FILES.keys() - {"_systems/__init__"})


@pytest.mark.parametrize("name", [name for layer in LAYERS for name in sorted(layer)])
def test_imports_go_down_only(name) -> None:
    height = next(index for index, layer in enumerate(LAYERS) if name in layer)
    below: set[str] = set().union(*LAYERS[:height])
    assert imported(name) - below == set()


def test_imports_of_the_collection_are_relative() -> None:
    assert [
        name for name, path in FILES.items() if "import ansible_collections" in path.read_text(encoding="utf-8")
    ] == []


def _without_code_of_the_registry(name: str, text: str) -> str:
    return text.split("SYSTEMS: ")[0].split("from ._system")[0] if name == "_systems/_registry" else text


OTHERS = {f"plugins/{path.relative_to(ROOT / 'plugins')}": path for path in (ROOT / "plugins" / "action").glob("*.py")}
OTHERS["plugins/test/jobs.py"] = ROOT / "plugins" / "test" / "jobs.py"


@pytest.mark.parametrize("name", sorted(FILES | OTHERS))
@pytest.mark.parametrize("vendor", WORDS)
def test_a_vendors_words_stand_in_its_own_file(name, vendor) -> None:
    if name == f"_systems/{vendor}":
        return
    text = _without_code_of_the_registry(name, (FILES | OTHERS)[name].read_text(encoding="utf-8"))
    assert re.findall(WORDS[vendor], text, re.IGNORECASE) == []


def test_there_are_words_for_each_vendor_and_they_are_its_own() -> None:
    assert WORDS.keys() == {system.name for system in SYSTEMS}
    for vendor, words in WORDS.items():
        assert re.search(words, FILES[f"_systems/{vendor}"].read_text(encoding="utf-8"), re.IGNORECASE)


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
    assert (ROOT / path.format(system=system)).is_file()


def test_each_system_has_its_group_of_defaults() -> None:
    groups: dict[str, t.Any] = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))[
        "action_groups"
    ]
    extended = [name for part in groups.pop("all") for name in part["metadata"]["extend_group"]]
    assert groups == {system.name: [system.module] for system in SYSTEMS}
    assert [name.rpartition(".")[2] for name in extended] == [system.name for system in SYSTEMS]
