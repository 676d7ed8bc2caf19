# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text for messages: an API's text as one safe line, and counts, lists and durations."""

from __future__ import annotations

import re
import typing as t

NAMED = 10
"""The largest number of jobs that a sentence names."""


def counted(count: int, what: str) -> str:
    """``1 job``, ``2 jobs``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def listed(names: t.Iterable[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; with another word than "and" between the last two, ``a or b``."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last


def of_many(entries: t.Sequence[tuple[str, str]], count: int, what: str) -> str:
    """``2 of 3 jobs could not be read: a, b: no answer.`` Names the first ten jobs, and joins jobs with the same text.

    :param entries: for each job of the sentence, its name and the text on it.
    :param count: the number of all jobs.
    :param what: the predicate of the sentence.
    """
    said: dict[str, list[str]] = {}
    for name, words in entries[:NAMED]:
        said.setdefault(words, []).append(name)
    each = [f"{', '.join(names)}: {words}" for words, names in said.items()]
    rest = [f"and {len(entries) - NAMED} more"] if len(entries) > NAMED else []
    return f"{len(entries)} of {counted(count, 'job')} {what}: {'; '.join(each + rest)}."


def first_ten(each: t.Sequence[str]) -> list[str]:
    """The first ten texts, and ``and 3 more`` if there are more."""
    return [*each[:NAMED], *([f"and {len(each) - NAMED} more"] if len(each) > NAMED else [])]


def named(each: t.Sequence[str]) -> str:
    """``a; b; and 3 more``: the first ten texts, and the number of the others."""
    return "; ".join(first_ten(each))


def duration(seconds: float) -> str:
    """``35 s``, ``5 min``, ``4 min 05 s``, ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    of, unit, part_unit = (60, "min", "s") if whole < 3600 else (3600, "h", "min")
    part = whole % of * 60 // of
    return f"{whole // of} {unit}" + (f" {part:02} {part_unit}" if part else "")


LONGEST_LINE = 500
"""Characters. A longer text of an API is truncated in a message; the reply as sent keeps all of it."""

_PLAIN = re.compile(r"[\w.-]{1,100}", re.ASCII)
"""Text that is safe without changes, such as most ids and states. This check takes a sixth of the time that cleaning takes."""

# U+202A to U+202E and U+2066 to U+2069 show the text after them in another order (Unicode Standard Annex 9), so that it can look like
# another line.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")

# An image update's source is a URL that holds credentials (s3://key:secret@bucket, ?credentials=...), and errors quote it.
# The secret may contain a slash or an @: everything up to the last @ is removed. No pattern here backtracks over a long text.
_URL = re.compile(r"(\w://)(\S+)")

_PARAMETER = re.compile(r"([?&])([\w.-]+)=([^&\s]+)")

_SECRET = re.compile(r"(?i)credential|token|secret|password|key")

# Error texts may contain a token. They are truncated at a word boundary: half a token would escape masking.
_LAST_WORD = re.compile(r"[!-~]+$")

# CI servers execute commands in a job's log: "##[name]" and "##vso[name]" anywhere in a line, and "::name::" at the beginning of a line,
# which may be anywhere in a long message that is wrapped (github.com/actions/runner, ActionCommand.cs). The sharp sign and the colon of
# a command are replaced by signs that look alike.
_BRACKET_COMMAND = re.compile(r"#(?=#\w*\[)")
_COLON_COMMAND = re.compile(r":(?=:[A-Za-z])(?!:[0-9A-Fa-f]{1,4}(?![\w-]))")  # not the two colons of an IPv6 address
_SHARP, _RATIO = "\u266f", "\u2236"


def one_line(value: object) -> str | None:
    """An API's text on one line, safe to show: without control characters, commands to CI servers and credentials of URLs, and not longer
    than :data:`LONGEST_LINE`.

    Returns ``None`` for a value that is not text, and for blank text.
    """
    line = one_word(value)
    return line and _COLON_COMMAND.sub(_RATIO, line)


def one_word(value: object) -> str | None:
    """The same as :func:`one_line` for an id, whose colons are kept because programs compare ids."""
    if not isinstance(value, str):
        return None
    if _PLAIN.fullmatch(value):
        return str(value)
    line = " ".join(_CONTROL.sub(" ", value).split())
    line = _PARAMETER.sub(_without_secret, _URL.sub(_without_user, line))
    if len(line) > LONGEST_LINE:
        line = _LAST_WORD.sub("", line[: LONGEST_LINE - 1]) + "…"
    return _BRACKET_COMMAND.sub(_SHARP, line) or None


def _without_user(url: re.Match[str]) -> str:
    _user, at, rest = url[2].rpartition("@")
    return f"{url[1]}***@{rest}" if at else url[0]


def _without_secret(parameter: re.Match[str]) -> str:
    return f"{parameter[1]}{parameter[2]}=***" if _SECRET.search(parameter[2]) else parameter[0]


def kind_of(value: object) -> str:
    """The kind of a value, in a user's words: ``a list``."""
    kinds: list[tuple[t.Any, str]] = [
        (bool, "true or false"),
        ((int, float), "a number"),
        (str, "text"),
        (t.Mapping, "a dictionary"),
        ((list, tuple), "a list"),
    ]
    return "nothing" if value is None else next((kind for types, kind in kinds if isinstance(value, types)), "that")
