# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks and converts options by their spec, with the same messages in modules, waits and rulebooks.

ansible-core's own check accepts different values and has different messages in each version, fails with an infinite number, and
accepts blank text as a value.
"""

from __future__ import annotations

import ast
import difflib
import json
import math
import typing as t

from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_list

from .._errors import OptionError
from .._text import kind_of
from .._values import is_set
from .options import Spec, from_environment, in_environment

_BEYOND = 1e18
"""Larger numbers are refused: nobody means them, and a float cannot distinguish them from their neighbours."""

_SHOWN = 80
"""Characters. A message truncates a longer wrong value."""


def validated(spec: Spec, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """All options of the spec: as given, else from the environment, else the default.

    :param given: the options as the user wrote them; null and blank count as not set.
    :raises OptionError: for an invalid option; names the option and what was expected.
    """
    for option in given:
        if option not in spec:
            expected = f"there is no such option; expected {', '.join(spec)}."
            raise OptionError(str(option), expected + did_you_mean(option, spec))
    return {option: _value(option, rules, given.get(option)) for option, rules in spec.items()}


def did_you_mean(name: t.Any, names: t.Iterable[str]) -> str:
    """The end of a message on an unknown name: a question with the most similar name, after a blank; empty if no name is similar."""
    near = difflib.get_close_matches(str(name), list(names), n=1)
    return f" Did you mean {near[0]}?" if near else ""


Value = t.TypeVar("Value")


def located(place: str, action: t.Callable[[], Value]) -> Value:
    """The result of the action.

    :param place: the place of the options in the task.
    :raises OptionError: that of the action, with the place.
    """
    try:
        return action()
    except OptionError as error:
        raise error.within(place) from None


def as_dict(value: t.Any) -> dict[str, t.Any]:
    """A dictionary, or text that is one: JSON, a Python literal or ``key=value``, as ansible-core reads it.

    :raises ValueError: for anything else.
    """
    if isinstance(value, t.Mapping):
        return dict(value)
    if isinstance(value, str):
        found = _attempt(check_type_dict, value.strip())
        if isinstance(found, dict):
            return found
    raise ValueError


def as_list(value: t.Any) -> list[t.Any]:
    """A list, or text that is one: JSON or a Python literal.

    :raises ValueError: for anything else.
    """
    if isinstance(value, (list, tuple)):
        return list(value)
    for read in (json.loads, ast.literal_eval) if isinstance(value, str) else ():
        found = _attempt(read, value.strip())
        if isinstance(found, list):
            return found
    raise ValueError


def _attempt(read: t.Callable[[str], t.Any], text: str) -> t.Any:
    """The result of ``read``, or ``None`` if it cannot read the text."""
    try:
        return read(text)
    except (TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _value(option: str, rules: t.Mapping[str, t.Any], given: t.Any) -> t.Any:
    if not is_set(given):
        given = from_environment(rules)
    if given is None:
        if rules.get("required"):
            raise OptionError(option, f" is required{in_environment(rules)}.")
        return rules.get("default")
    convert, expected = _TYPES[rules["type"]]
    expected += f" of {rules['unit']}" if "unit" in rules else ""
    choices = rules.get("choices", [])
    try:
        value = convert(given)
        if choices and not set(choices).issuperset(value if isinstance(value, list) else [value]):
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise OptionError(option, _refusal(rules, " or ".join(choices) or expected, given)) from None
    return value


def _refusal(rules: t.Mapping[str, t.Any], expected: str, given: t.Any) -> str:
    if rules["type"] in ("str", "path") and "choices" not in rules:
        # The message does not show the value, which may be a secret. YAML reads 1.10 as 1.1, and yes as true.
        remedy = "; write it in quotes" if isinstance(given, (bool, float)) else ""
        return f"expected {expected}, got {'a decimal number' if isinstance(given, float) else kind_of(given)}{remedy}."
    shown = repr(given)
    return f"expected {expected}, got {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}."


def _text(value: t.Any) -> str:
    """The value as text. YAML reads an id of digits as a number, and with ansible-core 2.16 text of Ansible Vault is not a ``str``."""
    if isinstance(value, (bool, float, list, tuple, t.Mapping)):
        raise TypeError
    return str(value)


def _words(value: t.Any) -> list[t.Any]:
    """A list of words. Text with commas between the words is accepted too."""
    if isinstance(value, str) and not value.strip().startswith("["):
        return [word.strip() for word in check_type_list(value)]
    return as_list(value)


def _number(value: t.Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    number = float(value)
    if not math.isfinite(number) or abs(number) >= _BEYOND:
        raise ValueError
    return number


def _whole_number(value: t.Any) -> int:
    number = _number(value)
    if not number.is_integer():
        raise ValueError
    return value if isinstance(value, int) else int(number)


_TYPES: dict[str, tuple[t.Callable[[t.Any], t.Any], str]] = {
    "str": (_text, "text"),
    # A ~ or a variable in a path is expanded where the path is used, which may be another machine.
    "path": (_text, "text"),
    "int": (_whole_number, "a whole number"),
    "float": (_number, "a number"),
    "bool": (check_type_bool, "true or false"),
    "list": (_words, "a list"),
    "dict": (as_dict, "a dictionary"),
    "raw": (lambda value: value, ""),
}
