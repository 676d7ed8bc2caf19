# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.started_by import read_started_by

NEEDED = "Either it or the id is needed."
SYSTEMS = {system.name: system for system in ALL}


def options(name: str, *loops: str) -> dict[str, t.Any]:
    """The option for a system.

    :param loops: what is said of a task with a loop.
    """
    system = SYSTEMS[name]
    ids = [f"O({one})" for one in system.ids]
    read = system.started(read_started_by)
    if read is None:
        places = "The profile says where the ids are in it. If it has several, O(id) may give some of them."
    else:
        places = " ".join(f"O({one}) is expected at C({where})." for one, where in read.where.items())
        places += " An id that is given need not be in it." if len(ids) > 1 else ""
    description = [
        f"The registered result of the task that started the job, for example of M(ansible.builtin.uri), instead of {' and '.join(ids)}.",
        places,
        *loops,
        "Nothing but ids is taken from it, on the controller. It is neither shown nor returned nor sent to another machine.",
    ]
    return {"started_by": {"description": description, "type": "raw", "version_added": "1.1.0"}}


def _of_module(name: str, *more: str) -> str:
    one = "A task with a C(loop) must have started one job. For several, use M(endstate.jobs.wait_for_job)."
    skipped = "If the start was skipped, this task fails, but not in check mode, in which it returns no job."
    return yaml.safe_dump({"options": options(name, *more, one, skipped)}, sort_keys=False)


class ModuleDocFragment:
    """A job by what started it: an attribute for each system, none of which is called as a fragment is: Ansible would take that."""

    # Annotated, for ansible-test takes a plain assignment for a literal.
    OF_DYNATRACE: str = _of_module("dynatrace")
    OF_MULTIPLAY: str = _of_module("multiplay", NEEDED)
    OF_REST: str = _of_module("rest")
    OF_STRATA: str = _of_module("strata")
    OF_XCLARITY: str = _of_module("xclarity")
