# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in profiles, each as one sentence with its place."""

from __future__ import annotations

import datetime
import difflib
import typing as t

from ..._text import kind_of, listed, one_line

_NEAR = 0.6  # the default of difflib: ``gett`` is similar to ``get``
_SHOWN = 60  # characters of a profile's text that a sentence repeats


class Mistake(ValueError):
    """A part of a profile is invalid.

    :param wrong: what the profile has.
    :param expected: what is expected instead.
    :param place: the keys that lead to the part, such as ``state.rules[1].when``.
    """

    def __init__(self, wrong: str, expected: str, place: str = "") -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.expected = expected
        self.place = place

    def at(self, place: str) -> Mistake:
        """The same mistake with the place of the part that contains it."""
        return Mistake(self.wrong, self.expected, joined(place, self.place))

    def sentence(self) -> str:
        """``there is no such key; expected get or post.``"""
        return f"{self.wrong}; expected {self.expected}."


def joined(place: str, part: str) -> str:
    """``state`` and ``rules`` are ``state.rules``; ``rules`` and ``[1]`` are ``rules[1]``."""
    return f"{place}{'' if not place or not part or part.startswith('[') else '.'}{part}"


def shown(value: object) -> str:
    """A value of a profile for a message: a text in quotes and truncated, any other value as its kind."""
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
    return listed(names, "or")


def nearest(name: object, names: t.Sequence[str]) -> str:
    """The most similar names, or all names if none is similar."""
    near = difflib.get_close_matches(name, names, n=2, cutoff=_NEAR) if isinstance(name, str) else []
    return either(near or sorted(names))


def under(place: str, read: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
    """The result of ``read``.

    :raises Mistake: that of ``read``, with the place.
    """
    try:
        return read(*arguments)
    except Mistake as mistake:
        raise mistake.at(place) from None
