"""Types of credentials, one for each system: for AWX in one file, for Event-Driven Ansible in a folder each."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import SystemOptions
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL

from .files import CHECKOUT, Texts, as_yaml
from .tables import KNOWN

AWX = CHECKOUT / "extensions/awx/credential_types.yml"
EDA = CHECKOUT / "extensions/eda/plugins/event_source/credential_types"
WIDTH = 118


def texts() -> Texts:
    """The file for AWX, and two files a system in the layout of ansible.eda."""
    found: Texts = {AWX: _document(AWX_HEAD, {"controller_credential_types": [_awx(system) for system in ALL]})}
    for system in ALL:
        name, jobs = (KNOWN[system.name][key] for key in ("credential", "jobs"))
        head = f"# endstate.jobs, {name}: reads {jobs}."
        found[EDA / system.name / "input.yml"] = _document(head, _inputs(system, formats=False))
        # In a rulebook a field that was left blank does not exist.
        found[EDA / system.name / "injectors.yml"] = _document(
            "# What is left blank stays unset.", _injectors(system, "{{{{ {} | default('', true) }}}}")
        )
    return found


AWX_HEAD = """\
# Items for awx.awx.credential_type and ansible.controller.credential_type.
# A field that a user leaves out is an empty variable, which the collection takes for one that is not set."""


def _awx(system: SystemOptions) -> dict[str, t.Any]:
    known = KNOWN[system.name]
    return {
        "name": known["credential"],
        "description": f"Reads {known['jobs']}",
        "kind": known["kind"],
        "inputs": _inputs(system, formats=True),
        "injectors": _injectors(system, "{{{{ {} }}}}"),
    }


def _inputs(system: SystemOptions, *, formats: bool) -> dict[str, t.Any]:
    fields = []
    for name, (label, help_text) in KNOWN[system.name]["fields"].items():
        fields.append(
            {
                "id": name,
                "label": label,
                "type": "string",
                **({"format": "url"} if formats and name.endswith("_url") else {}),
                **({"secret": True} if system.connection[name].get("no_log") else {}),
                **({"help_text": help_text} if help_text else {}),
            }
        )
    # With several ways to authenticate none of them is required.
    only = system.credentials[0] if len(system.credentials) == 1 else ()
    needed = {*only, *KNOWN[system.name].get("needed", ())}
    required = [
        field["id"] for field in fields if field["id"] in needed or system.connection[field["id"]].get("required")
    ]
    return {"fields": fields, **({"required": required} if required else {})}


def _injectors(system: SystemOptions, template: str) -> dict[str, t.Any]:
    fields = KNOWN[system.name]["fields"]
    return {"env": {system.connection[name]["fallback"][1][0]: template.format(name) for name in fields}}


def _document(head: str, value: t.Any) -> str:
    return f"---\n{head}\n{as_yaml(value, width=WIDTH)}"
