# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a listing: makes the request for the next page from the previous request and its reply."""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from ..._errors import BadReply, OptionError
from .addresses import resolve
from .answer import Answer, Source, as_text
from .request import Request


class Pages(abc.ABC):
    """A way in which APIs split a listing into pages."""

    def first(self, request: Request) -> Request:
        """The request for the first page: the listing's own."""
        return request

    @abc.abstractmethod
    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The request for the next page; ``None`` after the last page.

        A page without a row ends every listing. The caller must also stop at a page without a new row, because some APIs repeat
        their last page for ever.

        :param request: the request for the present page.
        :param rows: the number of rows in the answer.
        :raises BadReply: for a link to another origin.
        """


@dataclasses.dataclass(frozen=True)
class ByOffset(Pages):
    """``{offset: start, limit: limit}``: names of the parameters for the first row and for the number of rows."""

    offset: str
    limit: str

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The request from the next row on. A page with fewer rows than requested is the last page."""
        if rows < (_whole_number(request.parameter(self.limit)) or 1):
            return None
        return request.with_parameter(self.offset, str((_whole_number(request.parameter(self.offset)) or 0) + rows))


@dataclasses.dataclass(frozen=True)
class ByNumber(Pages):
    """``{page: page}``: the name of the parameter for the number of the page. The first page is 1."""

    page: str

    def first(self, request: Request) -> Request:
        """The request for page 1."""
        return request.with_parameter(self.page, "1")

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The request with the next number."""
        if rows == 0:
            return None
        return request.with_parameter(self.page, str((_whole_number(request.parameter(self.page)) or 1) + 1))


@dataclasses.dataclass(frozen=True)
class ByLink(Pages):
    """``{next: path}``: the place of the next page's address in the reply."""

    next: Source

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The request to the address in the reply, which includes the query."""
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
class ByCursor(Pages):
    """``{cursor: path, as: page_token}``: the place of the cursor in the reply, and the parameter that sends it back."""

    cursor: Source
    parameter: str

    def following(self, request: Request, answer: Answer, rows: int) -> Request | None:
        """The request with the cursor of this page."""
        word = as_cursor(self.cursor.find(answer.body, answer))
        return None if rows == 0 or word is None else request.with_parameter(self.parameter, word)


def as_cursor(value: t.Any) -> str | None:
    """A cursor, which is sent back unchanged: text or a whole number; ``None`` for any other value."""
    return value if isinstance(value, str) and value else as_text(value) if isinstance(value, int) else None


def pages_of(read: t.Mapping[str, t.Any]) -> Pages:
    """The way to read pages in the ``pages`` of a profile, which the language has read."""
    if "offset" in read:
        return ByOffset(read["offset"], read["limit"])
    if "page" in read:
        return ByNumber(read["page"])
    if "next" in read:
        return ByLink(read["next"])
    return ByCursor(read["cursor"], read["as"])


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
