"""The RETURN blocks of the modules, from returns.yml: ansible-core has doc fragments for options and none for these."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils import _errors
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL, SYSTEMS

from .files import CHECKOUT, Texts, as_yaml, between

BEGIN, END = '\nRETURN = r"""\n', '"""\n'
SOURCE = yaml.safe_load(Path(__file__).with_name("returns.yml").read_text(encoding="utf-8"))
SILENT = "The API does not say."
LISTS = {"jobs", "children", "history", "explanation"}

Values = dict[str, dict[str, t.Any]]


def texts() -> Texts:
    """The files of all modules that speak of jobs."""
    systems = {system.module: system.name for system in ALL}
    found: Texts = {}
    for module in SOURCE["modules"]:
        path = CHECKOUT / "plugins/modules" / f"{module}.py"
        values = _info(module, systems[module]) if module in systems else _wait(module)
        found[path] = between(path, BEGIN, END, as_yaml(values))
    return found


def _info(module: str, system: str) -> Values:
    own = SOURCE["modules"][module]
    values = _values(SOURCE["info"], own.get("info", {}), {"msg": own["msg"]})
    values["job"]["contains"] = _job(own, system)
    del values["job"]["sample"]
    values["error"]["contains"] = _error(own)
    del values["error"]["sample"]
    return {**values, **_values(own.get("more", {}), {}, {})}


def _wait(module: str) -> Values:
    own = SOURCE["modules"][module]
    values = _values(SOURCE["wait"], {}, {})
    more = _values(SOURCE["wait_job"], {}, {})
    job = {"name": more.pop("name"), **_job(own, ""), **more}
    job["error"]["contains"] = _error(own)
    job["history"]["contains"] = _values(SOURCE["history"], {}, {})
    values["jobs"]["contains"] = job
    values["timedout"]["contains"] = _values(SOURCE["timedout"], {}, {})
    values["job"]["returned"] = "if one job was asked for"
    for value in (values["job"], values["jobs"], job["error"], job["history"]):
        del value["sample"]
    return values


def _job(own: t.Mapping[str, t.Any], system: str) -> Values:
    samples = {"system": system, **own.get("samples", {})}
    names = [f"V({one.name})" for one in SYSTEMS]
    values = _values(SOURCE["job"], own.get("job", {}), samples, own.get("silent", ()))
    text = values["system"]["description"]
    values["system"]["description"] = text.format(system=system, systems=_either(names))
    return values


def _error(own: t.Mapping[str, t.Any]) -> Values:
    values = _values(SOURCE["error"], {}, own.get("error_samples", {}), own.get("silent_error", ()))
    kinds = sorted({error.kind for error in _errors.all_types(_errors.ApiError)})
    values["kind"]["description"] = values["kind"]["description"].format(
        kinds=_either([f"V({kind})" for kind in kinds])
    )
    return values


def _values(
    table: t.Mapping[str, t.Any],
    words: t.Mapping[str, t.Any],
    samples: t.Mapping[str, t.Any],
    silent: t.Collection[str] = (),
) -> Values:
    """The values of a table as Ansible documents them.

    :param words: other descriptions.
    :param samples: other samples.
    :param silent: the values that the API never has.
    """
    values: Values = {}
    for name, (kind, description, sample, *since) in table.items():
        text = words.get(name, description)
        values[name] = {
            "description": f"{text} {SILENT}" if name in silent else text,
            "type": kind,
            **({"elements": "dict"} if name in LISTS else {}),
            **({"version_added": since[0]} if since else {}),
            "returned": "always",
            "sample": samples.get(name, sample),
        }
    return values


def _either(names: t.Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
