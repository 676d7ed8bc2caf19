# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import System
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.started_by import read_started_by

NEEDED = "Either this option or the id is needed."
SYSTEMS = {system.name: system for system in ALL}


def options(name: str, *loops: str) -> dict[str, t.Any]:
    """The option ``started_by`` of a system.

    :param loops: sentences on a task with a loop.
    """
    system = SYSTEMS[name]
    ids = [f"O({one})" for one in system.ids]
    read = system.started(read_started_by) if isinstance(system, System) else None
    if read is None:
        places = "The profile says where the ids are in the result. If the profile has several ids, O(id) may give some of them."
    else:
        places = " ".join(f"O({one}) is expected at C({where})." for one, where in read.where.items())
        places += " An id that is given as an option need not be in the result." if len(ids) > 1 else ""
    description = [
        f"The registered result of the task that started the job, for example of M(ansible.builtin.uri), instead of {' and '.join(ids)}.",
        places,
        *loops,
        "The controller takes only ids from the result. The result is neither shown nor returned, and it is not sent to another machine.",
    ]
    return {"started_by": {"description": description, "type": "raw", "version_added": "1.1.0"}}


def _of_module(name: str, *more: str) -> str:
    one = "A task with a C(loop) must have started one job. For several, use M(endstate.jobs.wait_for_job)."
    skipped = "If the start was skipped, this task fails, but not in check mode, in which it returns no job."
    return yaml.safe_dump({"options": options(name, *more, one, skipped)}, sort_keys=False)


class ModuleDocFragment:
    """The option ``started_by``, with an attribute for each system. No attribute has the name of a fragment, because Ansible would load
    that fragment instead."""

    # Annotated, because ansible-test expects a literal in a plain assignment.
    OF_DYNATRACE: str = _of_module("dynatrace")
    OF_MULTIPLAY: str = _of_module("multiplay", NEEDED)
    OF_REST: str = _of_module("rest")
    OF_STRATA: str = _of_module("strata")
    OF_XCLARITY: str = _of_module("xclarity")
