# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to another machine, as far as Ansible knows. Where the file ``ELSEWHERE_DOWN`` names exists, it does not answer."""

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
        if os.path.exists(os.environ.get("ELSEWHERE_DOWN", "/nonexistent")):
            raise AnsibleConnectionFailure("no route to host")
        return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
