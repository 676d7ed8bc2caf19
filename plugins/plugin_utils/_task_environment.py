# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``environment`` of a task and its play, which ansible-core applies only to modules and not to action plugins."""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible.plugins.action import ActionBase


@contextlib.contextmanager
def task_environment(action: ActionBase) -> t.Iterator[None]:
    """Sets the task's environment variables in this process (a worker of the controller, forked for the task) during the block."""
    wanted: dict[str, t.Any] = {}
    action._compute_environment_string(wanted)
    before = dict(os.environ)
    os.environ.update({name: str(value) for name, value in wanted.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
