# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks up files as Ansible does: in the role's folders, and beside the playbook.

The playbook may be part of an installed collection, as ``endstate.jobs.gate`` is, where no user has files. So the folder in which
``ansible-playbook`` was started is the last to be searched.
"""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase


def finder(action: ActionBase) -> t.Callable[[str], str | None]:
    """From the name of a file in a task to its path; ``None`` if there is none."""

    def find(name: str) -> str | None:
        try:
            return t.cast(str, action._find_needle("files", name))
        except AnsibleError:
            return os.path.abspath(name) if os.path.isfile(name) else None

    return find
