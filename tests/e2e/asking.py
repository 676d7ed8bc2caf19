# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An info module's body in this process, for tests that ask many times."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS

BY_NAME = {system.name: system for system in SYSTEMS}


def ask(name: str, job_id: str = "7", **options: t.Any) -> dict[str, t.Any]:
    """The result of the system's info module."""
    system = BY_NAME[name]
    ids = {"activegate_id": "-1556499193"} if name == "dynatrace" else {}
    given = {**ids, list(system.ids)[-1]: job_id, "retries": 0, **options}
    return info(system, given)
