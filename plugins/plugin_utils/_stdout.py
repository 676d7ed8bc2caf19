# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether people read what a play writes to stdout, or a program that a line of progress would break."""

from __future__ import annotations

from ansible import constants, context
from ansible.plugins.loader import callback_loader

DEFAULT = ".plugins.callback.default"
"""How the name of the default callback's module ends. It begins with ``ansible``, or ``ansible_collections`` if it was named in full."""


def is_read_by_people() -> bool:
    """Whether the callback that owns stdout extends Ansible's default one, as those do that print headings and results for people.

    Callbacks that write JSON, JSON lines, one line for each host, or nothing at all are made from the bare base class.
    """
    callback = callback_loader.get(_name(), class_only=True)
    return any(base.__module__.endswith(DEFAULT) for base in getattr(callback, "__mro__", ()))


def _name() -> str:
    """The callback's name, chosen as each command of Ansible's chooses it."""
    arguments = context.CLIARGS
    is_playbook = not {"module_name", "pattern"} & arguments.keys()  # which ansible and ansible-console have
    if is_playbook:
        return str(constants.DEFAULT_STDOUT_CALLBACK)
    if arguments.get("one_line"):
        return "oneline"
    if constants.DEFAULT_LOAD_CALLBACK_PLUGINS and constants.DEFAULT_STDOUT_CALLBACK != "default":
        return str(constants.DEFAULT_STDOUT_CALLBACK)
    return "minimal"
