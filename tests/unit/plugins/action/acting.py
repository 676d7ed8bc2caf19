# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an action plugin whole in this process, as a worker of Ansible would."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.action import ActionBase
from ansible.template import Templar

from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import NoConnection


def run_action(
    action: type[ActionBase],
    options: t.Mapping[str, t.Any],
    variables: t.Mapping[str, t.Any] | None = None,
    *,
    name: str | None = None,
    transport: str = "ssh",
    **keywords: t.Any,
) -> dict[str, t.Any]:
    """The result of a task with these options and variables, on a host whose connection may not be used.

    :param name: the module's, if its action plugin is made elsewhere.
    :param keywords: of the task, such as ``check_mode``.
    """
    task = Task()
    task.action = f"endstate.jobs.{name or action.__module__.rpartition('.')[2]}"
    task.args = dict(options)
    # The second since ansible-core 2.19, where the first can only be read.
    for attribute in ("resolved_action", "_resolved_action"):
        with contextlib.suppress(AttributeError):
            setattr(task, attribute, task.action)
    for keyword, value in {"async_val": 0, "check_mode": False, **keywords}.items():
        setattr(task, keyword, value)
    loader = DataLoader()
    templar = Templar(loader=loader, variables=dict(variables or {}))
    plugin = action(task, NoConnection(transport), PlayContext(), loader, templar, None)
    return plugin.run(task_vars=dict(variables or {}))
