# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the variables of the role job_gate, which is why it takes them from the task's variables and has no options."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.plugin_utils._gate_variables import (
    PREFIX,
    VARIABLES,
    check_jobs,
    check_names,
    given,
    report_options,
    wait_options,
)

GOOD = f"All variables that begin with {PREFIX} are good."


class ActionModule(ActionBase):
    """Returns the options that the variables set. What is wrong with them is its message."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """The options, without the jobs, which may hold secrets. If one is wrong, those of the report if these are good."""
        variables = task_vars or {}
        # From here on plain names, so that a variable that is none of the role's is never templated.
        names = [name.removeprefix(PREFIX) for name in variables if name.startswith(PREFIX)]
        result = {**super().run(tmp, task_vars), "changed": False, "msg": GOOD, "options": {}}
        try:
            # All at once: in a dictionary, omit leaves a value out. On ansible-core 2.16 it leaves a placeholder.
            templated = self._templar.template({name: variables[PREFIX + name] for name in names if name in VARIABLES})
            values = given({name: value for name, value in templated.items() if value != variables.get("omit")})
            result["options"].update(report_options(values))
            check_names(names)
            result["options"].update(wait_options(values))
            check_jobs(values)
        except OptionError as error:
            result.update(failed=True, msg=f"{PREFIX}{error}")
        return result
