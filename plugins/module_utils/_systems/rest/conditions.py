# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on one value of a reply, as a profile writes them: words, lists, ``PRE*``, present, any, all, not.

A value is *present* unless it is missing, null, ``""`` or ``[]``. JMESPath does not distinguish missing from null either.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .mistakes import Mistake, shown, under

Word = t.Union[str, bool, None]
"""A value in the form in which words are compared: a number as its text."""

MOST = 200
"""The most words of a list."""
DEEPEST = 5
"""The most levels of nested conditions."""
_BIGGEST = 10**30
"""A larger number equals no word: no API uses one as a state, and Python 3.11 may refuse its text (limit 4300 digits)."""

_NO_WORD = object()


def there(value: object) -> bool:
    """Whether the value is neither missing, null, ``""`` nor ``[]``."""
    return value is not None and value != "" and value != []


def word_of(value: object, fold: bool = False) -> t.Any:
    """A value as a word. For a list or a mapping, an object that equals no word.

    :param fold: whether case is ignored.
    """
    if isinstance(value, str):
        return value.casefold() if fold else value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and -_BIGGEST < value < _BIGGEST:
        return str(int(value)) if value == int(value) else repr(value)
    return _NO_WORD


class Condition(t.Protocol):
    """A condition on a value."""

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the condition holds for this value.

        :param whole: false if the value is a list in which values are missing (see ``Path.whole``).
        """


@dataclasses.dataclass(frozen=True)
class Words:
    """The value must be one of these words."""

    words: frozenset[Word]
    fold: bool = False

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the value is one of the words."""
        return word_of(value, self.fold) in self.words


@dataclasses.dataclass(frozen=True)
class Pattern:
    """``PRE*``, ``*POST`` or ``*MID*``."""

    start: bool
    """Whether the value must begin with the text."""
    end: bool
    """Whether the value must end with the text."""
    text: str
    fold: bool = False

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the value is a text or a number that matches the pattern."""
        word = word_of(value, self.fold)
        if not isinstance(word, str):
            return False
        if self.start:
            return word.startswith(self.text)
        return word.endswith(self.text) if self.end else self.text in word

    def __str__(self) -> str:
        return f"{'' if self.start else '*'}{self.text}{'' if self.end else '*'}"


@dataclasses.dataclass(frozen=True)
class Either:
    """A list of conditions, one of which must hold."""

    parts: tuple[Condition, ...]

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether one of the conditions holds."""
        return any(part.holds(value, whole) for part in self.parts)


@dataclasses.dataclass(frozen=True)
class Present:
    """The value must be present, or must not be present."""

    wanted: bool

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the value is present, or is not, as the condition demands."""
        return there(value) is self.wanted


@dataclasses.dataclass(frozen=True)
class Any:
    """The condition must hold for at least one element. A value that is not a list is one element. An absent value never holds."""

    inner: Condition

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the condition holds for an element."""
        return there(value) and any(map(self.inner.holds, value if isinstance(value, list) else [value]))


@dataclasses.dataclass(frozen=True)
class All:
    """The condition must hold for each element. A value that is not a list is one element. An absent value never holds.

    The condition does not hold either if a row lacks the value: if nine of ten rows are done and one is silent, not all are done.
    """

    inner: Condition

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the condition holds for each element."""
        return whole and there(value) and all(map(self.inner.holds, value if isinstance(value, list) else [value]))


@dataclasses.dataclass(frozen=True)
class Not:
    """The condition must not hold. An absent value never holds."""

    inner: Condition

    def holds(self, value: t.Any, whole: bool = True) -> bool:
        """Whether the value is present and the condition does not hold for it."""
        return there(value) and not self.inner.holds(value, whole)


KEYS = ("present", "any", "all", "not")


def parse_condition(value: t.Any, fold: bool = False, depth: int = 0) -> Condition:
    """The condition that a profile has written.

    :param value: a word, a list, or a mapping with one of :data:`KEYS`.
    :param fold: whether case is ignored.
    :raises Mistake: for a value that is not a condition, and for a condition that always or never holds.
    """
    if depth > DEEPEST:
        raise Mistake(f"conditions more than {DEEPEST} levels deep", "fewer")
    if isinstance(value, list):
        return _either(value, fold, depth)
    if not isinstance(value, dict):
        return parse_word(value, fold)
    if len(value) != 1 or next(iter(value)) not in KEYS:
        found = ", ".join(map(str, value)) if all(isinstance(key, str) for key in value) else "other keys"
        raise Mistake(f"a condition with {found or 'no key'}", f"exactly one of {', '.join(KEYS)}")
    ((key, inner),) = value.items()
    if key == "present":
        if not isinstance(inner, bool):
            raise Mistake(shown(inner), "true or false", "present")
        return Present(inner)
    part = under(key, parse_condition, inner, fold, depth + 1)
    if key == "any":
        return Any(part)
    if key == "all":
        return All(part)
    if isinstance(part, Present):
        raise Mistake("not with present never holds for what is not there", f"present: {not part.wanted}".lower(), key)
    return Not(part)


def parse_word(value: t.Any, fold: bool = False) -> Words | Pattern:
    """The condition of a single word or pattern."""
    if isinstance(value, str) and "*" in value:
        bare = value.strip("*")
        if not bare:
            raise Mistake(f"{shown(value)} fits any text", "{present: true}")
        if "*" in bare or value.startswith("**") or value.endswith("**"):
            raise Mistake(f"a * in the middle of {shown(value)}", "'PRE*', '*POST' or '*MID*'")
        return Pattern(not value.startswith("*"), not value.endswith("*"), bare.casefold() if fold else bare, fold)
    word = word_of(value, fold)
    if word is _NO_WORD:
        raise Mistake(shown(value), "a word, a number, true, false or null")
    return Words(frozenset({word}), fold)


def _either(values: list[t.Any], fold: bool, depth: int) -> Condition:
    if not values:
        raise Mistake("an empty list never holds", "one word or more")
    if len(values) > MOST:
        raise Mistake(f"a list of {len(values)}", f"at most {MOST} words")
    words: set[Word] = set()
    others: list[Condition] = []
    for number, value in enumerate(values):
        if isinstance(value, list):
            raise Mistake("a list in a list", "a word or a condition", f"[{number}]")
        part = under(f"[{number}]", parse_condition, value, fold, depth + 1)
        if isinstance(part, Words):
            words |= part.words
        else:
            others.append(part)
    parts = [Words(frozenset(words), fold), *others] if words else others
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def alternatives(condition: Condition) -> list[Condition]:
    """The single words and conditions of a condition, of which one must hold."""
    if isinstance(condition, Either):
        return [one for part in condition.parts for one in alternatives(part)]
    if isinstance(condition, Words):
        return [Words(frozenset({word}), condition.fold) for word in sorted(condition.words, key=repr)]
    return [condition]


def covers(wide: Condition, narrow: Condition) -> bool:
    """Whether ``wide`` certainly holds for each value for which ``narrow`` holds. False if this cannot be decided."""
    if wide == narrow:
        return True
    if isinstance(narrow, (Either, Words)):
        single = alternatives(narrow)
        if len(single) > 1:
            return all(covers(wide, one) for one in single)
    if isinstance(narrow, Words):
        (word,) = narrow.words
        return wide.holds(word)
    if isinstance(wide, Either):
        return any(covers(one, narrow) for one in wide.parts)
    if isinstance(wide, Present):
        # All other conditions hold only for a value that is present.
        return wide.wanted if not isinstance(narrow, Present) else False
    if isinstance(wide, Pattern) and isinstance(narrow, Pattern):
        if not (wide.start or wide.end):
            return wide.text in narrow.text
        fits = narrow.text.startswith(wide.text) if wide.start else narrow.text.endswith(wide.text)
        return fits and (wide.start, wide.end) == (narrow.start, narrow.end)
    if isinstance(wide, (Any, All)) and isinstance(narrow, (Any, All)):
        return (isinstance(wide, Any) or isinstance(narrow, All)) and covers(wide.inner, narrow.inner)
    return False


def can_meet(one: Pattern, other: Pattern) -> bool:
    """Whether a text can match both patterns."""
    if one.start and other.start:
        return one.text.startswith(other.text) or other.text.startswith(one.text)
    if one.end and other.end:
        return one.text.endswith(other.text) or other.text.endswith(one.text)
    return True


def is_for_lists(condition: Condition) -> bool:
    """Whether the condition is meaningful for a list: any, all, present, and not with one of these."""
    if isinstance(condition, Either):
        return all(map(is_for_lists, condition.parts))
    return isinstance(condition, (Any, All, Present)) or (isinstance(condition, Not) and is_for_lists(condition.inner))


def words_of(condition: Condition) -> frozenset[Word]:
    """All exact words in a condition, at any level."""
    if isinstance(condition, Words):
        return condition.words
    if isinstance(condition, Either):
        return frozenset().union(*map(words_of, condition.parts))
    if isinstance(condition, (Any, All, Not)):
        return words_of(condition.inner)
    return frozenset()


def compares(condition: Condition) -> bool:
    """Whether the condition compares the value with a word or a pattern, and not only checks that the value is present."""
    if isinstance(condition, Either):
        return any(map(compares, condition.parts))
    if isinstance(condition, (Any, All, Not)):
        return compares(condition.inner)
    return isinstance(condition, (Words, Pattern))
