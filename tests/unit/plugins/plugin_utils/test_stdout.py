# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reads stdout, by the command that was started and its settings."""

from __future__ import annotations

import typing as t

import pytest
from ansible import constants, context

from ansible_collections.endstate.jobs.plugins.plugin_utils._stdout import is_read_by_people

PLAYBOOK = {"args": ("site.yml",), "start_at_task": None}
ADHOC = {"args": "localhost", "module_name": "ping", "one_line": False}
CONSOLE = {"pattern": "all"}


@pytest.mark.parametrize(
    ("arguments", "callback", "load", "people"),
    [
        ({}, "default", False, True),
        (PLAYBOOK, "default", False, True),
        (PLAYBOOK, "minimal", False, False),
        (PLAYBOOK, "of.no.collection", False, False),
        (ADHOC, "default", False, False),
        (ADHOC, "default", True, False),
        (ADHOC, "ansible.builtin.default", False, False),
        ({**ADHOC, "one_line": True}, "ansible.builtin.default", True, False),
        (CONSOLE, "default", True, False),
    ],
)
def test_the_stdout_callback_decides_if_people_read_stdout(
    monkeypatch: pytest.MonkeyPatch, arguments: dict[str, t.Any], callback: str, load: bool, people: bool
) -> None:
    monkeypatch.setattr(context, "CLIARGS", arguments)
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    monkeypatch.setattr(constants, "DEFAULT_LOAD_CALLBACK_PLUGINS", load)
    assert is_read_by_people() == people
