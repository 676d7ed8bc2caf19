# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a profile, as one sentence with its place."""

from __future__ import annotations

import datetime
import difflib
import typing as t

from ..._text import kind_of, one_line

_NEAR = 0.6  # difflib's own default: ``gett`` is near ``get``
_SHOWN = 60  # characters of a profile's text that a sentence repeats


class Mistake(ValueError):
    """A part of a profile that cannot be used.

    :param wrong: what was found.
    :param expected: what belongs there instead.
    :param place: the keys that lead to it, such as ``state.rules[1].when``.
    """

    def __init__(self, wrong: str, expected: str, place: str = "") -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.expected = expected
        self.place = place

    def at(self, place: str) -> Mistake:
        """The same mistake, seen from the part that holds it."""
        return Mistake(self.wrong, self.expected, joined(place, self.place))

    def sentence(self) -> str:
        """``there is no such key; expected get or post.``"""
        return f"{self.wrong}; expected {self.expected}."


def joined(place: str, part: str) -> str:
    """``state`` and ``rules`` are ``state.rules``; ``rules`` and ``[1]`` are ``rules[1]``."""
    return f"{place}{'' if not place or not part or part.startswith('[') else '.'}{part}"


def shown(value: object) -> str:
    """A value of a profile for a sentence: text in quotes and cut, anything else by its kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)[:_SHOWN]
    if isinstance(value, str):
        line = one_line(value) or ""
        return f"'{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"
    if isinstance(value, datetime.date):
        return "a date, which needs quotes in YAML"
    return kind_of(value)


def either(names: t.Iterable[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def nearest(name: object, names: t.Sequence[str]) -> str:
    """The names that were probably meant, or all of them."""
    near = difflib.get_close_matches(name, names, n=2, cutoff=_NEAR) if isinstance(name, str) else []
    return either(near or sorted(names))


def under(place: str, read: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
    """What ``read`` gives, with the place of its mistakes."""
    try:
        return read(*arguments)
    except Mistake as mistake:
        raise mistake.at(place) from None
