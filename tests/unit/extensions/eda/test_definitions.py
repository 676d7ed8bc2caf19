# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands beside the event source: its documentation, and the types of credentials."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import jinja2
import pytest
import yaml

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.arguments import OWN, PACE, PLACES
from ansible_collections.endstate.jobs.extensions.eda.plugins.event_source import job_status
from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import System
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL

CREDENTIAL_TYPES = Path(job_status.__file__).parent / "credential_types"


def test_the_documentation_has_all_arguments() -> None:
    told = yaml.safe_load(job_status.DOCUMENTATION)
    assert list(told["options"]) == [*PLACES, *OWN]
    for name, option in OWN.items():
        assert (told["options"][name]["type"], told["options"][name].get("default")) == (
            option["type"],
            option.get("default"),
        )
    assert all(f"C({name})" in told["description"][-1] for name in PACE)


def test_the_schema_is_about_rulebooks() -> None:
    """A task finds the file of a profile in other folders than a rulebook does."""
    text = (Path(job_status.__file__).parent / "schemas/job_status.json").read_text(encoding="utf-8")
    assert "playbook" not in text
    found = json.loads(text)["$defs"]["rest_job"]["properties"]["profile"]["description"]
    assert " It is relative to the working directory of ansible-rulebook. " in found


def test_each_system_has_a_type_of_credentials_in_the_layout_of_ansible_eda() -> None:
    files = {file.relative_to(CREDENTIAL_TYPES).as_posix() for file in CREDENTIAL_TYPES.rglob("*") if file.is_file()}
    assert files == {f"{system.name}/{part}.yml" for system in ALL for part in ("input", "injectors")}


@pytest.mark.parametrize("system", ALL, ids=lambda system: system.name)
def test_credentials_set_the_variables_that_the_options_read(system: System) -> None:
    options = {
        name: option for name, option in {**system.ids, **system.connection_spec()}.items() if "fallback" in option
    }
    inputs, injectors = (_read(system, part) for part in ("input", "injectors"))
    fields = {field["id"]: field for field in inputs["fields"]}
    assert fields.keys() == options.keys()
    assert {name for name, field in fields.items() if field.get("secret")} == {
        name for name, option in options.items() if option.get("no_log")
    }
    injected = injectors["env"]
    assert injected.keys() == {variable for option in options.values() for variable in option["fallback"][1]}
    values = {name: f"the {name}" for name in fields}
    for name, option in options.items():
        (variable,) = option["fallback"][1]
        assert _render(injected[variable], values) == f"the {name}"
        blank = {other: value for other, value in values.items() if other != name}
        if name not in inputs.get("required", []):
            assert _render(injected[variable], blank) == ""


def _read(system: System, part: str) -> t.Any:
    return yaml.safe_load((CREDENTIAL_TYPES / system.name / f"{part}.yml").read_text(encoding="utf-8"))


def _render(template: str, values: dict[str, t.Any]) -> str:
    return jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(template).render(values)
