# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is documented is what there is."""

from __future__ import annotations

import importlib
import pathlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Inline
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.result import result
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession

CHECKOUT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.endstate.jobs.plugins"
each = pytest.mark.parametrize("system", ALL, ids=lambda system: system.name)


def documented(module: str) -> dict[str, t.Any]:
    """The documented options of a module, those of its fragments among them."""
    text = importlib.import_module(f"{PLUGINS}.modules.{module}").DOCUMENTATION
    documentation = yaml.safe_load(text)
    options: dict[str, t.Any] = {}
    for name in documentation["extends_documentation_fragment"]:
        if name.startswith("endstate.jobs."):
            file, _dot, attribute = name.removeprefix("endstate.jobs.").partition(".")
            fragments = importlib.import_module(f"{PLUGINS}.doc_fragments.{file}")
            # Of two parts Ansible takes the second alone, if there is such a file.
            assert not (pathlib.Path(str(fragments.__file__)).with_name(f"{attribute}.py")).exists()
            text = getattr(fragments.ModuleDocFragment, attribute.upper() or "DOCUMENTATION")
            options.update(yaml.safe_load(text).get("options", {}))
    return {**options, **documentation["options"]}


def essence(options: t.Mapping[str, t.Mapping[str, t.Any]], nested: str) -> dict[str, t.Any]:
    """What a documentation and a spec must have in common."""
    return {
        name: {
            "type": option.get("type", "str"),
            "required": option.get("required", False),
            "default": option.get("default"),
            "choices": option.get("choices"),
            "elements": option.get("elements"),
            "options": essence(option.get(nested, {}), nested),
        }
        for name, option in options.items()
    }


@each
def test_the_options_of_an_info_module_are_documented(system) -> None:
    assert essence(documented(system.module), "suboptions") == essence(system.offered(system.module_spec()), "options")


def test_the_options_of_a_wait_are_documented() -> None:
    items = {system.key: {"type": "dict", "options": system.offered(system.wait_spec())} for system in ALL}
    # Told once, below its key: an item of jobs refers to it.
    same = {key: {"type": "dict"} for key in items}
    jobs = {"type": "list", "elements": "dict", "options": {"name": {}, **same}}
    spec = {**OPTIONS, **items, "jobs": jobs}
    assert essence(documented("wait_for_job"), "suboptions") == essence(spec, "options")


@each
def test_the_environment_variables_are_documented(system) -> None:
    options = documented(system.module)
    for name, option in system.connection.items():
        if "fallback" in option:
            (variable,) = option["fallback"][1]
            assert f"E({variable})" in " ".join(options[name]["description"])


@each
def test_the_returned_values_of_an_info_module_are_documented(system) -> None:
    returned = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{system.module}").RETURN)
    assert returned.keys() == {"job", "jobs", "raw", "retry_after", "msg", "error", *system.more}
    assert list(returned["job"]["contains"]) == list(Job("x", "1").as_dict())
    assert list(returned["error"]["contains"]) == list(ApiError("x").as_dict())
    values = [*returned.values(), *returned["job"]["contains"].values(), *returned["error"]["contains"].values()]
    assert {value["returned"] for value in values} == {"always"}


def test_the_returned_values_of_a_wait_are_documented() -> None:
    returned = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.wait_for_job").RETURN)
    session = WaitSession([])
    wait = session.wait(WaitSettings(), Inline())
    known = result(session, wait, single=False, on_timeout="fail")
    assert returned.keys() == {*known, "job"} - {"changed", "failed", "warnings"}  # those that every module has
    job = {"name", "label", *Job("x", "1").as_dict(), "history"}
    assert set(returned["jobs"]["contains"]) == job
    assert list(returned["jobs"]["contains"]["error"]["contains"]) == list(ApiError("x").as_dict())


@each
def test_every_option_and_value_is_described(system) -> None:
    for option in documented(system.module).values():
        assert option["description"]
    returned = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{system.module}").RETURN)
    for value in [*returned.values(), *returned["job"]["contains"].values(), *returned["error"]["contains"].values()]:
        assert value["description"]


@each
def test_the_examples_use_existing_options(system) -> None:
    tasks = yaml.safe_load(importlib.import_module(f"{PLUGINS}.modules.{system.module}").EXAMPLES)
    assert len(tasks) >= 2
    for task in tasks:
        assert task[f"endstate.jobs.{system.module}"].keys() <= system.module_spec().keys()
        if "until" in task:
            name = task["register"]
            assert task["until"] == f"{name} is endstate.jobs.job_finished"
            assert task["failed_when"] == f"{name} is not endstate.jobs.job_succeeded"
    assert any("until" in task for task in tasks)


def test_contributing_names_existing_files() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z.][\w.-]*/[\w./-]*)`", text)
    assert len(named) > 50
    unknown = [path for path in named if not (CHECKOUT / path).exists() and not path.startswith(".build/")]
    assert unknown == []
