# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of systems, and options that fall back to environment variables."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._text import listed
from .._values import is_set

Options = t.Mapping[str, t.Any]
"""Validated options. Each option of the spec is present, with the value ``None`` if it is not set."""

Spec = dict[str, dict[str, t.Any]]
"""Options in the form of Ansible's argument specs. In addition, ``unit`` names the unit of a number, for messages."""


def for_ansible(spec: Spec) -> Spec:
    """The spec in the form that Ansible accepts."""
    return {name: {key: rule for key, rule in rules.items() if key != "unit"} for name, rules in spec.items()}


def environment(variable: str, **option: t.Any) -> dict[str, t.Any]:
    """An option that falls back to an environment variable."""
    return {"type": "str", "fallback": (_look_up, [variable]), **option}


def _look_up(variable: str) -> str:
    value = os.environ.get(variable)
    if value is None or not is_set(value):
        raise AnsibleFallbackNotFound
    return value


def from_environment(option: t.Mapping[str, t.Any]) -> str | None:
    """The value of an option's environment variable; ``None`` if there is no value."""
    if "fallback" not in option:
        return None
    look_up, variables = option["fallback"]
    try:
        return t.cast(str, look_up(*variables))
    except AnsibleFallbackNotFound:
        return None


def in_environment(*options: t.Mapping[str, t.Any]) -> str:
    """The end of a message on missing options: the environment variables that may be set instead."""
    variables = [option["fallback"][1][0] for option in options if "fallback" in option]
    return f" (or {listed(variables)} in the environment)" if variables else ""
