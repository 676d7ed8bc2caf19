# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX is given: credential types by AWX's own rules, and definitions in the form of the modules that apply them."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL
from tests.e2e.playing import CHECKOUT

AWX = CHECKOUT / "extensions/awx"

# Of AWX's CredentialTypeInputField, CredentialTypeInjectorField and ENV_BLOCKLIST.
FIELD_KEYS = {
    "id",
    "label",
    "type",
    "format",
    "choices",
    "help_text",
    "multiline",
    "secret",
    "ask_at_runtime",
    "default",
}
FORBIDDEN = {
    *("VIRTUAL_ENV", "PATH", "PYTHONPATH", "JOB_ID", "INVENTORY_ID", "INVENTORY_SOURCE_ID", "INVENTORY_UPDATE_ID"),
    *("AD_HOC_COMMAND_ID", "REST_API_URL", "REST_API_TOKEN", "MAX_EVENT_RES", "CALLBACK_QUEUE", "CALLBACK_CONNECTION"),
    *("CACHE", "JOB_CALLBACK_DEBUG", "INVENTORY_HOSTVARS", "AWX_HOST", "PROJECT_REVISION", "SUPERVISOR_CONFIG_PATH"),
}
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

# The options of awx.awx.job_template, workflow_job_template, and of the latter's workflow_nodes, as far as they are used.
TEMPLATE = {
    *("name", "description", "job_type", "organization", "inventory", "project", "playbook", "credentials", "timeout"),
    *("allow_simultaneous", "ask_variables_on_launch", "survey_enabled", "survey_spec"),
}
WORKFLOW = {"name", "description", "organization", "allow_simultaneous", "destroy_current_nodes", "workflow_nodes"}
NODE = {"identifier", "unified_job_template", "related", "all_parents_must_converge"}
QUESTION = {"question_name", "question_description", "variable", "type", "required", "default", "min", "max"}


def load(name: str, variable: str) -> list[dict[str, t.Any]]:
    """A file's items."""
    content: dict[str, list[dict[str, t.Any]]] = yaml.safe_load((AWX / name).read_text(encoding="utf-8"))
    assert content.keys() == {variable}
    return content[variable]


TYPES = {one["name"]: one for one in load("credential_types.yml", "controller_credential_types")}
TEMPLATES = load("job_templates.yml", "controller_templates")
(ROLLOUT,) = load("workflow.yml", "controller_workflows")
OF_SYSTEM = {
    "dynatrace": "Dynatrace environment",
    "multiplay": "Multiplay",
    "rest": "REST API",
    "strata": "Strata Cloud Manager",
    "xclarity": "XClarity Administrator",
}


def injected(name: str, inputs: t.Mapping[str, str]) -> dict[str, str]:
    """The environment that AWX makes of a credential: each template rendered in its sandbox, what is left out undefined."""
    sandbox = ImmutableSandboxedEnvironment()
    env = TYPES[name]["injectors"]["env"]
    return {variable: sandbox.from_string(template).render(**inputs) for variable, template in env.items()}


@pytest.mark.parametrize("one", TYPES.values(), ids=TYPES)
def test_awx_accepts_each_credential_type(one: dict[str, t.Any]) -> None:
    assert one.keys() == {"name", "description", "kind", "inputs", "injectors"}
    assert one["kind"] in ("cloud", "net")
    assert one["inputs"].keys() <= {"fields", "required"}
    assert one["injectors"].keys() == {"env"}
    fields = one["inputs"]["fields"]
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)
    assert set(one["inputs"].get("required", [])) <= set(ids)
    for field in fields:
        assert {"id", "label", "type"} <= field.keys() <= FIELD_KEYS
        assert NAME.fullmatch(field["id"])
        assert field["id"] != "tower"
        assert field["type"] in ("string", "boolean")
        assert field.get("format", "url") in ("url", "ssh_private_key")
        assert field["type"] == "string" or not field.keys() & {"choices", "multiline", "format", "secret"}
    for variable, template in one["injectors"]["env"].items():
        assert NAME.fullmatch(variable)
        assert not variable.startswith("ANSIBLE_")
        assert variable not in FORBIDDEN
        assert template.isascii()
        # AWX tries each with all fields defined, and refuses what is undefined then.
        sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
        assert sandbox.from_string(template).render(dict.fromkeys(ids, "EXAMPLE")) == "EXAMPLE"


@pytest.mark.parametrize("system", ALL, ids=lambda system: system.name)
def test_a_credential_type_sets_the_variables_that_the_modules_read(system: t.Any) -> None:
    one = TYPES[OF_SYSTEM[system.name]]
    variables = {name: option["fallback"][1][0] for name, option in system.connection.items() if "fallback" in option}
    fields = {field["id"]: field for field in one["inputs"]["fields"]}
    assert fields.keys() == variables.keys()
    expected = {variable: f"value of {name}" for name, variable in variables.items()}
    assert injected(one["name"], {name: f"value of {name}" for name in fields}) == expected
    secret = {name for name, option in system.connection.items() if option.get("no_log")}
    assert {name for name, field in fields.items() if field.get("secret")} == secret


def test_a_field_left_out_of_a_credential_is_an_empty_variable() -> None:
    assert injected("Multiplay", {"access_key": "a"})["MULTIPLAY_API_URL"] == ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_a_job_template_can_be_applied(template: dict[str, t.Any]) -> None:
    assert template.keys() <= TEMPLATE
    assert set(template["credentials"]) <= TYPES.keys()
    (play,) = yaml.safe_load((AWX / "project" / template["playbook"]).read_text())
    playbook = play["ansible.builtin.import_playbook"].removeprefix("endstate.jobs.")
    assert (CHECKOUT / f"playbooks/{playbook}.yml").is_file()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_a_survey_asks_for_options_of_the_role(template: dict[str, t.Any]) -> None:
    specs = yaml.safe_load((CHECKOUT / "roles/job_gate/meta/argument_specs.yml").read_text())["argument_specs"]
    assert template["survey_spec"].keys() == {"name", "description", "spec"}
    for question in template["survey_spec"]["spec"]:
        assert {"question_name", "question_description", "variable", "type", "required"} <= question.keys() <= QUESTION
        assert question["variable"] in specs["main"]["options"]
        assert question["type"] in ("text", "textarea", "integer")
        # Else a workflow could not start the template: what set_stats answers does not count as an answer.
        assert question["required"] is False


def test_the_awx_timeout_is_longer_than_any_timeout_of_the_gate() -> None:
    (gate,) = [template for template in TEMPLATES if template["name"] == "Gate"]
    (seconds,) = [one for one in gate["survey_spec"]["spec"] if one["variable"] == "job_gate_timeout"]
    assert gate["timeout"] > seconds["max"] >= seconds["default"]


def test_the_workflow_leads_through_the_gate_to_one_of_two_ends() -> None:
    assert ROLLOUT.keys() <= WORKFLOW
    nodes = {node["identifier"]: node for node in ROLLOUT["workflow_nodes"]}
    leads = {
        name: {way: [one["identifier"] for one in ends] for way, ends in node.get("related", {}).items()}
        for name, node in nodes.items()
    }
    assert leads == {
        "start": {"success_nodes": ["gate"]},
        "gate": {"success_nodes": ["go-on"], "failure_nodes": ["roll-back"]},
        "go-on": {},
        "roll-back": {},
    }
    for node in nodes.values():
        assert node.keys() <= NODE
        assert node["unified_job_template"].keys() == {"name", "organization", "type"}
        assert node["unified_job_template"]["type"] == "job_template"
    assert nodes["gate"]["unified_job_template"]["name"] in [template["name"] for template in TEMPLATES]
