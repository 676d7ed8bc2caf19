# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the JSON of a long reply in small pieces, while the reply still arrives."""

from __future__ import annotations

import codecs
import json
import typing as t

from .._errors import BadReply
from .json_body import (
    DECODER,
    DEEPEST,
    check_beginning,
    check_content,
    check_keys,
    check_value,
    explained,
    without_controls,
)
from .reply_memory import PER_VALUE
from .transport import Reply
from .url import shown

PIECE = 64 * 1024
"""The weight of the rows of a piece (see :mod:`reply_memory`): some 80 rows of a vendor."""
MOST = 512 * 1024
"""The largest weight that is kept at once: a piece, and everything that is not a row of a long list. 16 threads need up to 20 MB."""

_OF_NUMBER = "0123456789+-.eE"

Wrap = t.Callable[[t.Any], t.Any]
Parts = t.Generator[t.Any, None, t.Any]
"""Yields pieces of a value, and returns the rest of the value."""


def json_pieces(reply: Reply, chunks: t.Iterable[bytes]) -> t.Iterator[t.Any]:
    """The JSON of a reply, with the checks of :func:`parse_json`.

    A long list is yielded in slices. The list may be the whole reply, or a value in the reply's objects. Each piece has the form of the
    whole reply, with one slice of the list and the values before the list. The last piece is the reply without the slices that were
    yielded before. A short reply is one piece.

    :param chunks: the body of the reply.
    :raises BadReply: as :func:`parse_json`, and for a reply whose rows or other values are too large.
    """
    reader = _Reader(reply, chunks)
    with explained(reply):
        rest = yield from reader.value(lambda part: part, DEEPEST)
        reader.expect("")
    check_content(reply, rest)
    if rest != [] or not reader.has_given:
        yield rest


class _Reader:
    """Reads a JSON text, and keeps only a small part of it in memory.

    :param reply: the reply, for messages.
    :param chunks: the body of the reply.
    """

    def __init__(self, reply: Reply, chunks: t.Iterable[bytes]) -> None:
        self.has_given = False
        """Whether a piece was yielded."""
        self._reply = reply
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._is_whole = False
        self._first = ""
        self._kept = 0
        """The weight of the values that were read and not yielded yet."""
        with explained(reply):
            self._first = self._peek()
        check_beginning(reply, self._first)

    def value(self, wrap: Wrap, levels: int) -> Parts:
        """Reads the value at the present place.

        :param wrap: makes a piece of the whole reply from a piece of this value.
        :param levels: how many levels of nesting are allowed.
        """
        first = self._peek()
        if first in ("{", "[") and not levels:
            raise RecursionError
        if first == "{":
            return (yield from self._object(wrap, levels - 1))
        if first == "[":
            return (yield from self._list(wrap, levels - 1))
        return self._whole(levels)

    def _object(self, wrap: Wrap, levels: int) -> Parts:
        self._at += 1
        members: dict[str, t.Any] = {}
        if self._peek() == "}":
            self._at += 1
            return members
        while True:
            if self._peek() != '"':
                raise self._error("Expecting property name enclosed in double quotes")
            name = self._whole(1)
            check_keys([name])
            self.expect(":")

            def piece(part: t.Any, name: str = name) -> t.Any:
                return wrap({**members, name: part})

            members[name] = yield from self.value(piece, levels)
            if self.expect(",}") == "}":
                return members

    def _list(self, wrap: Wrap, levels: int) -> Parts:
        self._at += 1
        rows: list[t.Any] = []
        if self._peek() == "]":
            self._at += 1
            return rows
        before = self._kept
        while True:
            rows.append(self._whole(levels))
            if self._kept - before >= PIECE:
                self.has_given = True
                yield wrap(rows)
                rows, self._kept = [], before
            if self.expect(",]") == "]":
                return rows

    def expect(self, one_of: str) -> str:
        """Reads one of these characters. An empty ``one_of`` expects the end of the text."""
        found = self._peek()
        if found not in one_of or bool(found) != bool(one_of):
            raise self._error(f"Expecting {' or '.join(map(repr, one_of)) or 'nothing more'}")
        self._at += 1
        return found

    def _whole(self, levels: int) -> t.Any:
        """Reads the value at the present place without splitting it into pieces."""
        self._peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise self._error(error.msg, error.pos) from None
            # A number may continue in the next chunk.
            if not isinstance(value, (int, float)) or self._text[end : end + 1] not in _OF_NUMBER or not self._more():
                break
        text = self._text[self._at : end]
        check_value(value, text, levels)
        self._at = end
        self._kept += _weight(text)
        self._check(0)
        return value

    def _peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                found = self._text[self._at]
                if found not in " \t\n\r":
                    return found
                self._at += 1
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Reads the next chunk. Returns false if there is none."""
        if self._is_whole:
            return False
        new = ""
        while not new and not self._is_whole:
            chunk = next(self._chunks, None)
            self._is_whole = chunk is None
            new = self._decoder.decode(chunk or b"", final=self._is_whole)
        text = self._text[self._at :]
        self._check(_weight(text))
        self._text, self._at = without_controls(text + new), 0
        return True

    def _check(self, unread: int) -> None:
        """Checks the limit of :data:`MOST`.

        :param unread: the weight of the text that is held and not decoded yet.
        :raises BadReply: if the kept values and the text weigh more.
        """
        if self._kept + unread > MOST:
            raise BadReply(
                f"The reply of {shown(self._reply.url)} is too large to be read; ask for less, for example for fewer jobs.",
                status=self._reply.status,
            )

    def _error(self, message: str, at: int | None = None) -> json.JSONDecodeError:
        """An error with the first character of the reply, by which an incomplete text is recognised. The error has no position: it
        would refer to the text that is still held."""
        rest = self._text[self._at if at is None else at :]
        return _Wrong(message, self._first + rest, len(self._first))


def _weight(text: str) -> int:
    """The same weight as :func:`reply_memory.weight`, of text."""
    return len(text) + PER_VALUE * (1 + sum(map(text.count, ",[{")))


class _Wrong(json.JSONDecodeError):
    def __str__(self) -> str:
        return self.msg
