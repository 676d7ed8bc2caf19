# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks options against their spec, with messages that name their place in the task."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ...module_utils._errors import OptionError
from ...module_utils._systems.options import Spec, in_environment
from ...module_utils._text import kind_of

_BEYOND = 1e18
"""Core fails, or is at it for minutes, where a number is no whole number or no fraction of Python's: infinity, 1e1000000."""

_TYPES = {"float": "a number", "int": "a whole number", "bool": "true or false", "list": "a list"}


def _is_beyond(value: t.Any) -> bool:
    try:
        return abs(float(value)) >= _BEYOND
    except OverflowError:
        return True
    except (TypeError, ValueError):
        return False  # no number at all, as the validator will say


def validated(spec: Spec, given: t.Mapping[str, t.Any], where: str = "") -> tuple[dict[str, t.Any], frozenset[str]]:
    """The options with their defaults, and the secrets among their values.

    :param given: what the user wrote; null is as good as nothing.
    :param where: the place in the task that the options stand in.
    :raises OptionError: in our own words: core's differ from version to version and name no place.
    """
    dot = f"{where}." if where else ""
    for option in given:
        if option not in spec:
            raise OptionError(f"{dot}{option}", f"there is no such option; expected {', '.join(spec)}.")
    for option, value in given.items():
        if spec[option]["type"] in ("int", "float") and _is_beyond(value):
            raise OptionError(f"{dot}{option}", f"expected {_TYPES[spec[option]['type']]}, got {value!r}.")
    result = ArgumentSpecValidator(spec).validate({name: value for name, value in given.items() if value is not None})
    options = result.validated_parameters
    # What a path begins with is looked up where it is used, which may be on another machine.
    options.update({name: str(given[name]) for name in options if spec[name]["type"] == "path" and given.get(name)})
    for option, rules in spec.items():
        value = options.get(option)
        if rules["type"] == "str" and isinstance(given.get(option), (list, dict)):
            raise OptionError(f"{dot}{option}", f"expected text, got {kind_of(given[option])}.")
        if rules.get("required") and value is None:
            raise OptionError(f"{dot}{option}", f"it is required{in_environment(rules)}.")
        if result.error_messages and ArgumentSpecValidator({option: rules}).validate({option: value}).error_messages:
            choices = " or ".join(rules.get("choices", []))
            expected = choices or _TYPES.get(rules["type"], "text")
            raise OptionError(
                f"{dot}{option}", f"expected {expected}{'' if rules.get('no_log') else f', got {value!r}'}."
            )
    # AnsibleModule reads the same attribute; nothing public tells which values are secret.
    return options, frozenset(result._no_log_values)


Value = t.TypeVar("Value")


def located(where: str, action: t.Callable[[], Value]) -> Value:
    """Do what may raise an :class:`OptionError`, which then tells the place as well."""
    try:
        return action()
    except OptionError as error:
        raise OptionError(f"{where}.{error.option}", error.expected) from None
