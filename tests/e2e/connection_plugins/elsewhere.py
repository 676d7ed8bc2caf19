# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to another machine, as far as Ansible knows. If the file ``ELSEWHERE_DOWN`` names exists, it refuses, and says so in there."""

from __future__ import annotations

import os

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = r"""
name: elsewhere
short_description: Another machine, which is this one
description: For tests.
"""


class Connection(LocalConnection):
    """The local connection under another name."""

    transport = "elsewhere"

    def exec_command(self, cmd, in_data=None, sudoable=True):
        down = os.environ.get("ELSEWHERE_DOWN", "/nonexistent")
        if os.path.exists(down):
            with open(down, "a", encoding="utf-8") as file:
                file.write("refused\n")
            raise AnsibleConnectionFailure("Permission denied (publickey,password).")
        return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
