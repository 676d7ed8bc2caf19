# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a listing goes on: the request for its next page, from the one before and its reply."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._errors import BadReply, OptionError
from .addresses import resolve
from .answer import Answer, Source, as_text
from .request import Request


class Pages(t.Protocol):
    """A way in which APIs split listings."""

    def first(self, request: Request) -> Request:
        """The request for the first page."""

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The request for the page after this one, ``None`` if there is none.

        A page without a row ends every listing. The caller must also stop at a page that has no new row, because some
        APIs repeat their last page without end.

        :param request: the request that was answered.
        :param rows: how many rows the answer has.
        :raises BadReply: for a link to another origin.
        """


@dataclasses.dataclass(frozen=True)
class ByOffset:
    """``{offset: start, limit: limit}``: names of the parameters for the first row and for the number of rows."""

    offset: str
    limit: str

    def first(self, request: Request) -> Request:
        """Without an offset, or with the profile's own."""
        return request

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """From the row after the last; a page with fewer rows than were asked for is the last."""
        if rows < (_whole_number(request.parameter(self.limit)) or 1):
            return None
        return request.with_parameter(self.offset, str((_whole_number(request.parameter(self.offset)) or 0) + rows))


@dataclasses.dataclass(frozen=True)
class ByNumber:
    """``{page: page}``: the name of the parameter for the page's number, which begins with 1."""

    page: str

    def first(self, request: Request) -> Request:
        """Page 1."""
        return request.with_parameter(self.page, "1")

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The next number."""
        if rows == 0:
            return None
        return request.with_parameter(self.page, str((_whole_number(request.parameter(self.page)) or 1) + 1))


@dataclasses.dataclass(frozen=True)
class ByLink:
    """``{next: path}``: where the reply has the address of the next page."""

    next: Source

    def first(self, request: Request) -> Request:
        """As it is."""
        return request

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The address, which has its own query."""
        link = self.next.find(answer.body, answer)
        if rows == 0 or not isinstance(link, str) or not link:
            return None
        try:
            url = resolve("next", link, request.url)
        except OptionError as error:
            raise BadReply(
                f"The link to the next page is not followed: {error.problem}", status=answer.status
            ) from None
        return dataclasses.replace(request, url=url, query={})


@dataclasses.dataclass(frozen=True)
class ByCursor:
    """``{cursor: path, as: page_token}``: where the reply has the word for the next page, and the parameter to send it in."""

    cursor: Source
    parameter: str

    def first(self, request: Request) -> Request:
        """Without a cursor."""
        return request

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """With the cursor of this page."""
        word = as_cursor(self.cursor.find(answer.body, answer))
        return None if rows == 0 or word is None else request.with_parameter(self.parameter, word)


def as_cursor(value: t.Any) -> str | None:
    """A cursor is sent back as it came: text or a whole number, and nothing that merely looks like one."""
    return value if isinstance(value, str) and value else as_text(value) if isinstance(value, int) else None


def pages_of(read: t.Mapping[str, t.Any]) -> Pages:
    """The way that ``pages`` names, as the language reads it."""
    if "offset" in read:
        return ByOffset(read["offset"], read["limit"])
    if "page" in read:
        return ByNumber(read["page"])
    if "next" in read:
        return ByLink(read["next"])
    return ByCursor(read["cursor"], read["as"])


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
