# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON of a long reply in pieces, each of which is small, while the reply still arrives."""

from __future__ import annotations

import codecs
import json
import typing as t

from .._errors import BadReply, Incomplete
from .json_body import DECODER, DEEPEST, check_beginning, check_key, check_value, explained, without_controls
from .reply_memory import PER_VALUE
from .transport import Reply
from .url import shown

PIECE = 64 * 1024
"""What the rows of a piece weigh (see :mod:`reply_memory`): some 80 of a vendor's."""
MOST = 512 * 1024
"""What may be kept at once: a piece, and all that is not a row of a long list. 16 threads take 20 MB for it at the most."""

_OF_NUMBER = "0123456789+-.eE"

Wrap = t.Callable[[t.Any], t.Any]
Parts = t.Generator[t.Any, None, t.Any]
"""Pieces of a value; in the end what is left of it."""


def json_pieces(reply: Reply, chunks: t.Iterable[bytes]) -> t.Iterator[t.Any]:
    """The JSON of a reply, which is checked as :func:`parse_json` does.

    A long list, which the reply is or which is a value in its objects, is given in slices: each piece is like the whole, with one
    slice of the list and the values before it. The last piece is the whole without the slices that were given before. A short
    reply is one piece.

    :param chunks: its body.
    :raises BadReply: as :func:`parse_json`, and for one whose rows or other values are too large.
    """
    reader = _Reader(reply, chunks)
    with explained(reply):
        rest = yield from reader.value(lambda part: part, DEEPEST)
        reader.expect("")
    if rest is None:
        raise Incomplete(f"{shown(reply.url)} answered HTTP {reply.status} with null where an answer was due.")
    if rest != [] or not reader.has_given:
        yield rest


class _Reader:
    """Reads a text of which it holds little.

    :param reply: for messages.
    """

    def __init__(self, reply: Reply, chunks: t.Iterable[bytes]) -> None:
        self.has_given = False
        """Whether there was a piece."""
        self._reply = reply
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._is_whole = False
        self._first = ""
        self._kept = 0
        """What the values weigh that were read and not given."""
        with explained(reply):
            self._first = self._peek()
        check_beginning(reply, self._first)

    def value(self, wrap: Wrap, levels: int) -> Parts:
        """The value that begins here.

        :param wrap: makes a piece of the whole of a piece of it.
        :param levels: how deep it may be nested.
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
            check_key(name)
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
        """Read one of these characters, of which none stands for the end of the text."""
        found = self._peek()
        if found not in one_of or bool(found) != bool(one_of):
            raise self._error(f"Expecting {' or '.join(map(repr, one_of)) or 'nothing more'}")
        self._at += 1
        return found

    def _whole(self, levels: int) -> t.Any:
        """The value that begins here, decoded whole."""
        self._peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise self._error(error.msg, error.pos) from None
            # A number may go on in what follows.
            if not isinstance(value, (int, float)) or self._text[end : end + 1] not in _OF_NUMBER or not self._more():
                break
        text = self._text[self._at : end]
        check_value(value, text, levels)
        self._at = end
        self._kept += _weight(text)
        self._check(0)
        return value

    def _peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                found = self._text[self._at]
                if found not in " \t\n\r":
                    return found
                self._at += 1
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Have more of the text; false if there is none."""
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
        """:raises BadReply: if more is kept than may be."""
        if self._kept + unread > MOST:
            raise BadReply(
                f"The reply of {shown(self._reply.url)} is too large to be read; ask for less, for example for fewer jobs.",
                status=self._reply.status,
            )

    def _error(self, message: str, at: int | None = None) -> json.JSONDecodeError:
        """With the beginning of the whole, and without a place: it would be one in what is still held."""
        rest = self._text[self._at if at is None else at :]
        return _Wrong(message, self._first + rest, len(self._first))


def _weight(text: str) -> int:
    """As :func:`reply_memory.weight` has it."""
    return len(text) + PER_VALUE * (1 + sum(map(text.count, ",[{")))


class _Wrong(json.JSONDecodeError):
    def __str__(self) -> str:
        return self.msg
