# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shape of the language of profiles is, and what all of them check. A profile is YAML or JSON that somebody else may have written."""

from __future__ import annotations

import typing as t

from .mistakes import Mistake, shown, under

MOST = 500
"""Entries of a list or a mapping of a profile."""
MOST_VALUES = 20_000
DEEPEST = 30
"""Values of a profile, and levels of it. YAML's aliases can make endless ones out of a few lines."""

Schema = dict[str, t.Any]

# Shapes are dataclasses that are not frozen and not compared: a frozen one takes three times as long to make, in each task that
# reads a profile.


class Shape(t.Protocol):
    """A part of the language."""

    def read(self, value: t.Any) -> t.Any:
        """What a value of a profile stands for.

        :raises Mistake: if it is not of this shape.
        """

    def schema(self) -> Schema:
        """The shape as JSON Schema (draft 2020-12), for editors. It may allow more than :meth:`read` does."""


def check_size(value: t.Any) -> None:
    """Check that a profile ends.

    :raises Mistake: if it is too deep or too long, or holds itself.
    """
    parts, count = [(value, 0)], 0
    while parts:
        part, depth = parts.pop()
        count += 1
        if depth > DEEPEST:
            raise Mistake(f"more than {DEEPEST} levels", "fewer")
        if count > MOST_VALUES:
            raise Mistake(f"more than {MOST_VALUES:,} values", "fewer")
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        parts += [(one, depth + 1) for one in inner]


def is_braces(value: t.Mapping[t.Any, t.Any]) -> bool:
    """Whether a mapping is probably ``{name}`` without quotes, which YAML reads as a key with null."""
    return len(value) == 1 and None in value.values()


def check_text(value: t.Any, expected: str) -> None:
    """Check that a value is text.

    :raises Mistake: if it is not, with the trap of YAML that may have made it.
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
    """Check that the keys of a mapping are text, and not too many.

    :raises Mistake: for one that YAML has made something else of.
    """
    if len(value) > MOST:
        raise Mistake(f"{len(value)} entries", f"at most {MOST}")
    for key in value:
        if isinstance(key, bool):
            raise Mistake(f"a key that YAML reads as {shown(key)} (yes, no, on and off are)", "it in quotes")
        if not isinstance(key, str):
            raise Mistake(f"a key that is {shown(key)}", "text, in quotes")


def each(values: list[t.Any], read: t.Callable[[t.Any], t.Any], expected: str) -> list[t.Any]:
    """What the values of a list stand for.

    :raises Mistake: for none at all, for too many, and for one that cannot be read.
    """
    if not 1 <= len(values) <= MOST:
        raise Mistake(f"a list of {len(values)}", expected)
    return [under(f"[{number}]", read, value) for number, value in enumerate(values)]
