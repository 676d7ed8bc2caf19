# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to a network device, for which ansible-core keeps a process of its own. Nobody may begin it."""

from __future__ import annotations

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = r"""
name: persistent
short_description: A device that nobody may connect to
description: For tests.
"""


class Connection(LocalConnection):
    """Fails as soon as ansible-core asks for what the process of a persistent connection needs."""

    transport = "persistent"
    force_persistence = True

    def get_option(self, option, hostvars=None):
        if option == "persistent_command_timeout":
            raise AnsibleConnectionFailure("a persistent connection was begun")
        return super().get_option(option, hostvars)
