# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as systems declare them, and those that environment variables stand behind."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.errors import AnsibleFallbackNotFound

Options = t.Mapping[str, t.Any]
"""Validated options: each that the specs name is there, ``None`` where it was not given."""

Spec = dict[str, dict[str, t.Any]]
"""Options as Ansible's argument specs have them."""


class FromEnvironment(str):
    """An option's value that nobody gave: it gives way to an option that was given."""


def environment(variable: str, **option: t.Any) -> dict[str, t.Any]:
    """An option that falls back to an environment variable."""
    return {"type": "str", "fallback": (_look_up, [variable]), **option}


def _look_up(variable: str) -> FromEnvironment:
    if not os.environ.get(variable):
        raise AnsibleFallbackNotFound
    return FromEnvironment(os.environ[variable])


def in_environment(option: t.Mapping[str, t.Any]) -> str:
    """For a message on an option that was not given: where else it may stand."""
    return f" (or {option['fallback'][1][0]} in the environment)" if "fallback" in option else ""
