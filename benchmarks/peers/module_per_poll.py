# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A peer: an action plugin that polls by running a module for each poll."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Runs ``ansible.builtin.uri`` ``polls`` times."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """The last answer."""
        answer: dict[str, t.Any] = {}
        arguments = dict(self._task.args)
        for _poll in range(int(arguments.pop("polls"))):
            answer = self._execute_module("ansible.builtin.uri", module_args=arguments, task_vars=task_vars)
        return answer
