# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import re
import typing as t

import yaml

from ansible_collections.endstate.jobs.plugins.doc_fragments import started_by
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL

SINCE = {"rest_job": {"version_added": "1.1.0"}}
"""The keys that are younger than the module that has them."""
STARTED_BY = (
    started_by.NEEDED,
    "A task with a C(loop) has started several jobs. The name of each job comes from its item. It is the item itself if that is text or a "
    "number, its C(name) if the item is a dictionary, else its position. In a list of jobs, the name of the entry precedes it.",
    "Items that were skipped are left out. If all items were skipped, this task fails, except in check mode. A failed item is an error. "
    "To leave failed items out, pass V(RESULT.results | select('success'\\)) instead of the whole result.",
)


def _options(fragment: str, attribute: str = "DOCUMENTATION") -> dict[str, t.Any]:
    module = importlib.import_module(f"ansible_collections.endstate.jobs.plugins.doc_fragments.{fragment}")
    options: dict[str, t.Any] = yaml.safe_load(getattr(module.ModuleDocFragment, attribute))["options"]
    return options


def _item(system: t.Any) -> dict[str, t.Any]:
    parts = [
        _options(system.name, "IDS"),
        started_by.options(system.name, *STARTED_BY),
        _options(system.name, "WAIT_ONLY"),
        _options(system.name),
    ]
    suboptions = {name: option for part in parts for name, option in part.items()}
    for option in suboptions.values():
        # A fragment refers to options of the same level, which here are suboptions.
        option["description"] = [re.sub(r"\bO\((\w)", rf"O({system.key}.\1", line) for line in option["description"]]
    for name, option in _options("reaching").items():
        suboptions[name] = {**option, "description": [f"See O(endstate.jobs.{system.module}#module:{name})."]}
    return {
        "description": [
            f"A job as M(endstate.jobs.{system.module}) reads it. The C(module_defaults) of that module, and those of the action groups "
            f"C(endstate.jobs.{system.name}) and C(endstate.jobs.all), apply here too.",
            "Text is read as a dictionary, from JSON or from C(key=value), as on a command line.",
        ],
        "type": "dict",
        **SINCE.get(system.key, {}),
        "suboptions": suboptions,
    }


def _documentation() -> str:
    keys = ", ".join(f"O(jobs[].{system.key})" for system in ALL)
    name = {
        "description": ["The name of the job in messages and results. Each name must be unique."],
        "type": "str",
    }
    same = {
        system.key: {"description": [f"The options of O({system.key})."], "type": "dict", **SINCE.get(system.key, {})}
        for system in ALL
    }
    jobs = {
        "description": [
            f"The jobs to wait for, of any mix of systems. Each entry has one of {keys}.",
            "A job that is listed twice is polled once and returned twice. An empty list is a success, with a warning.",
            "Text is read as a list, from JSON.",
        ],
        "type": "list",
        "elements": "dict",
        "suboptions": {"name": name, **same},
    }
    items = {system.key: _item(system) for system in ALL}
    return yaml.safe_dump({"options": {**items, "jobs": jobs}}, sort_keys=False)


class ModuleDocFragment:
    """The jobs of a wait, from the fragments of the systems. The options of a job are documented once, below the job's key."""

    # Annotated, because ansible-test expects a literal in a plain assignment.
    DOCUMENTATION: str = _documentation()
