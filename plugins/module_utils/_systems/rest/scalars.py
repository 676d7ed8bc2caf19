# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes of single values: texts, numbers, words."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._text import one_line
from .mistakes import Mistake, either, shown
from .shape import Schema, check_text


@dataclasses.dataclass(eq=False)
class Line:
    """One line of text.

    :param pattern: the pattern that the whole text must match.
    :param expected: the pattern in words, for messages.
    """

    pattern: str = r".*\S.*"
    expected: str = "text"
    longest: int = 500

    def read(self, value: t.Any) -> str:
        """The text."""
        check_text(value, self.expected)
        if len(value) > self.longest:
            raise Mistake(f"a text of {len(value)} characters", f"at most {self.longest}")
        if not re.fullmatch(self.pattern, value) or not value.isprintable():
            raise Mistake(shown(value), self.expected)
        return str(value)

    def schema(self) -> Schema:
        """Text with a pattern."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


@dataclasses.dataclass(eq=False)
class Prose:
    """Text for messages, of one or more lines."""

    def read(self, value: t.Any) -> str:
        """The text on one line."""
        check_text(value, "text")
        line = one_line(value)
        if line is None:
            raise Mistake("an empty text", "text")
        return line

    def schema(self) -> Schema:
        """Text."""
        return {"type": "string"}


@dataclasses.dataclass(eq=False)
class Number:
    """A number.

    :param whole: whether it must be a whole number.
    """

    least: float
    most: float
    whole: bool = False

    def read(self, value: t.Any) -> float:
        """The number."""
        kinds = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.least <= value <= self.most:
            what = "a whole number" if self.whole else "a number"
            raise Mistake(shown(value), f"{what} from {self.least:g} to {self.most:g}")
        return t.cast(float, value)

    def schema(self) -> Schema:
        """A number within its limits."""
        return {"type": "integer" if self.whole else "number", "minimum": self.least, "maximum": self.most}


@dataclasses.dataclass(eq=False)
class Flag:
    """True or false."""

    def read(self, value: t.Any) -> bool:
        """The boolean."""
        if not isinstance(value, bool):
            raise Mistake(shown(value), "true or false")
        return value

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclasses.dataclass(eq=False)
class Choice:
    """One of a few words or numbers.

    :param also: what else is allowed in this place, for the message.
    """

    words: tuple[t.Any, ...]
    also: str | None = None

    def read(self, value: t.Any) -> t.Any:
        """The word."""
        for word in self.words:
            if value == word and not isinstance(value, bool):
                return word
        if isinstance(value, bool) and all(isinstance(word, str) for word in self.words):
            check_text(value, either(self.words))
        raise Mistake(shown(value), either([*map(str, self.words), *([self.also] if self.also else [])]))

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.words)}
