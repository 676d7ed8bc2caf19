"""The JSON schema of the event source's arguments, made of what their validation and their documentation say."""

from __future__ import annotations

import importlib
import json
import re
import typing as t

import yaml

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.arguments import OWN, PACE
from ansible_collections.endstate.jobs.extensions.eda.plugins.event_source import job_status
from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import SystemOptions
from ansible_collections.endstate.jobs.plugins.module_utils._systems.options import Spec
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY

from .files import CHECKOUT, Texts

FILE = CHECKOUT / "extensions/eda/plugins/event_source/schemas/job_status.json"
TYPES = {
    "dict": "object",
    "list": "array",
    "str": "string",
    "path": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
}
RAW = {"profile": ["string", "object"], "id": ["string", "integer", "object"]}
MARKUP = re.compile(r"\b[A-Z]\(([^()]*)\)")

Schema = dict[str, t.Any]


def texts() -> Texts:
    """The one file of the schema."""
    return {FILE: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"}


def schema() -> Schema:
    """The whole schema."""
    documented = yaml.safe_load(job_status.DOCUMENTATION)
    wait = yaml.safe_load(_documentation("wait_for_job"))["options"]
    items = {key: {"$ref": f"#/$defs/{key}"} for key in BY_KEY}
    name = {"type": "string", "title": "Name", "description": "What to call the job in its events."}
    one_of = [{"required": [key]} for key in BY_KEY]
    entry = {
        "type": "object",
        "properties": {"name": name, **items},
        "oneOf": one_of,
        "additionalProperties": False,
    }
    jobs = {"type": "array", "title": "Jobs", "description": _plain(documented["options"]["jobs"]), "items": entry}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/endstate/jobs/extensions/eda/plugins/event_source/schemas/job_status.json",
        "title": "Job status source plugin",
        "description": f"{documented['short_description']}.",
        "type": "object",
        "properties": {**items, "jobs": jobs, **_properties(PACE, wait), **_properties(OWN, documented["options"])},
        "oneOf": [*one_of, {"required": ["jobs"]}],
        "additionalProperties": False,
        "$defs": {key: _definition(system, documented["options"][key]) for key, system in BY_KEY.items()},
    }


def _definition(system: SystemOptions, documented: t.Any) -> Schema:
    spec = {**system.listing_spec(), **system.wait_only}
    required = [name for name in system.ids if name not in system.optional_ids]
    # Some options of a task mean something else in a rulebook.
    properties = _properties(spec, {**_documented(system), **documented.get("suboptions", {})})
    return {
        "title": system.key,
        "description": _plain(documented),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _documented(system: SystemOptions) -> dict[str, t.Any]:
    """The documentation of all options of a job of the system."""
    texts = [_documentation(system.module)]
    for fragment, name in ((system.name, "DOCUMENTATION"), ("reaching", "DOCUMENTATION"), (system.name, "WAIT_ONLY")):
        fragments = importlib.import_module(f"ansible_collections.endstate.jobs.plugins.doc_fragments.{fragment}")
        texts.append(getattr(fragments.ModuleDocFragment, name))
    options: dict[str, t.Any] = {}
    for text in texts:
        options.update(yaml.safe_load(text)["options"])
    return options


def _documentation(module: str) -> str:
    plugin = importlib.import_module(f"ansible_collections.endstate.jobs.plugins.modules.{module}")
    return t.cast(str, plugin.DOCUMENTATION)


def _properties(spec: Spec, documented: t.Mapping[str, t.Any]) -> Schema:
    return {name: _property(name, option, documented[name]) for name, option in spec.items()}


def _property(name: str, option: t.Mapping[str, t.Any], documented: t.Any) -> Schema:
    # An id of digits is a number in YAML.
    kind: t.Any = ["string", "integer"] if name.endswith("_id") else RAW.get(name) or TYPES[option["type"]]
    found: Schema = {"type": kind, "title": name.replace("_", " ").capitalize(), "description": _plain(documented)}
    if option["type"] == "list":
        found["items"] = {"type": ["string", "integer"]}
    if "choices" in option:
        found["enum"] = list(option["choices"])
    if "default" in option:
        found["default"] = option["default"]
    if option.get("no_log"):
        found["format"] = "password"
    return found


def _plain(documented: t.Any) -> str:
    return MARKUP.sub(r"\1", " ".join(documented["description"]))
