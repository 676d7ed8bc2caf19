# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface of the shapes of the language of profiles, and the checks that all shapes share. A profile is untrusted YAML or JSON."""

from __future__ import annotations

import typing as t

from ..._http.json_body import RESERVED
from .mistakes import Mistake, shown, under

MOST = 500
"""The most entries of a list or a mapping of a profile."""
MOST_VALUES = 20_000
"""The most values of a profile. With aliases, a few lines of YAML can make an endless profile."""
DEEPEST = 30
"""The most levels of a profile."""
_MOST_DIGITS = 18
"""The most digits of a number of a profile: such a number fits into 64 bits. Python refuses the text of a much larger one (limit 4300
digits), so that no message could show it."""

Schema = dict[str, t.Any]

# Shapes are dataclasses without frozen and eq: a frozen dataclass takes three times as long to make, in each task that reads a profile.


class Shape(t.Protocol):
    """A part of the language."""

    def read(self, value: t.Any) -> t.Any:
        """The meaning of a value of a profile.

        :raises Mistake: for a value that is not of this shape.
        """

    def schema(self) -> Schema:
        """The shape as JSON Schema (draft 2020-12), for editors. The schema may allow more than :meth:`read`."""


def check_size(value: t.Any) -> None:
    """Checks that a profile is finite, and that its names and numbers can be shown and sent.

    :raises Mistake: for a profile that is too deep or too long, or contains itself; for a huge number; for a key that only Ansible may use.
    """
    parts, count = [(value, 0)], 0
    while parts:
        part, depth = parts.pop()
        count += 1
        if depth > DEEPEST:
            raise Mistake(f"more than {DEEPEST} levels", "fewer")
        if count > MOST_VALUES:
            raise Mistake(f"more than {MOST_VALUES:,} values", "fewer")
        if isinstance(part, int) and abs(part) >= 10**_MOST_DIGITS:
            raise Mistake(f"a number of more than {_MOST_DIGITS} digits", "a smaller one, or text in quotes")
        if isinstance(part, dict) and any(isinstance(key, str) and key.startswith(RESERVED) for key in part):
            raise Mistake(f"a key that begins with {RESERVED}, which only Ansible may use", "another name")
        inner = [*part, *part.values()] if isinstance(part, dict) else part if isinstance(part, list) else ()
        parts += [(one, depth + 1) for one in inner]


def is_braces(value: t.Mapping[t.Any, t.Any]) -> bool:
    """Whether a mapping is probably ``{name}`` without quotes, which YAML reads as a key with null."""
    return len(value) == 1 and None in value.values()


def check_text(value: t.Any, expected: str) -> None:
    """Checks that a value is text.

    :raises Mistake: if it is not text, with the rule of YAML that is the probable cause.
    """
    if isinstance(value, str):
        return
    if isinstance(value, dict) and is_braces(value):
        (name,) = value
        raise Mistake(
            "braces without quotes are a dictionary in YAML", f'"{{{shown(name).strip(chr(39))}}}", in quotes'
        )
    if isinstance(value, bool):
        raise Mistake(
            f"YAML reads {'yes and on' if value else 'no and off'} as {shown(value)}", f"{expected}, in quotes"
        )
    if isinstance(value, (int, float)):
        raise Mistake(f"the number {shown(value)}", f"{expected}, in quotes")
    raise Mistake(shown(value), expected)


def check_keys(value: t.Mapping[t.Any, t.Any]) -> None:
    """Checks that the keys of a mapping are text, and not too many.

    :raises Mistake: for too many keys, and for a key that is not text, for example because YAML reads it as a boolean.
    """
    if len(value) > MOST:
        raise Mistake(f"{len(value)} entries", f"at most {MOST}")
    for key in value:
        if isinstance(key, bool):
            raise Mistake(f"a key that YAML reads as {shown(key)} (yes, no, on and off are)", "it in quotes")
        if not isinstance(key, str):
            raise Mistake(f"a key that is {shown(key)}", "text, in quotes")


def each(values: list[t.Any], read: t.Callable[[t.Any], t.Any], expected: str) -> list[t.Any]:
    """The results of ``read`` for the values of a list.

    :raises Mistake: for an empty list, for too many values, and for a value that cannot be read.
    """
    if not 1 <= len(values) <= MOST:
        raise Mistake(f"a list of {len(values)}", expected)
    return [under(f"[{number}]", read, value) for number, value in enumerate(values)]
