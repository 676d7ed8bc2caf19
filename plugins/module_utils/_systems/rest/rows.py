# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the rows of a reply: jobs of a listing, and children."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ..._errors import BadReply
from ..._job import Job
from ..._values import identifier
from .answer import Answer, Source
from .ids import Id
from .job_reader import JobReader
from .pages import Pages
from .request import Asking
from .states import Overrides

Row = tuple[t.Optional[str], t.Any]
"""The key of a row (``None`` unless rows are the values of a mapping), and the row."""

MOST_FILTERED = 50
"""The most ids in one request for certain jobs."""
LONGEST_FILTER = 1500
"""The most characters of these ids. Many servers refuse more than 2,000 characters in a URL."""


def rows_in(items: Source, node: t.Any, answer: Answer) -> list[Row]:
    """The rows at a place. A mapping instead of a list is one row, because some APIs send a list of one in this form. An empty mapping is
    not a row.

    :raises BadReply: if there is no list, or a list with other elements than mappings.
    """
    for path in items.paths:
        value = path.find(node, answer)
        start = answer.body if path.origin == "body" else node
        if value is None and not path.names_null(start):
            continue
        if path.keyed:
            rows: list[Row] = list(path.entries(start))
        else:
            rows = [(None, row) for row in (value if isinstance(value, list) else [value] if value is not None else [])]
        rows = [(key, row) for key, row in rows if row != {}]
        if all(isinstance(row, dict) for _key, row in rows):
            return rows
        break
    raise _no_list(items, answer)


def _no_list(items: Source, answer: Answer) -> BadReply:
    return BadReply(f"The API answered without a list of jobs at {items}.", status=answer.status)


def id_in(source: Source | None, row: Row, answer: Answer) -> str | None:
    """The id of a row; ``None`` if the row has none."""
    if source is None:
        return None
    key, node = row
    for path in source.paths:
        found = identifier(key if path.origin == "key" else path.find(node, answer))
        if found:
            return found
    return None


@dataclasses.dataclass(frozen=True)
class Filter:
    """The parameter with which a listing returns only certain jobs."""

    parameter: str
    separator: str = ","

    def slices(self, ids: t.Sequence[str]) -> list[str]:
        """The values of the parameter. Each has as many ids as fit into one request."""
        slices: list[list[str]] = []
        length = 0
        for one in ids:
            length += len(one) + len(self.separator)
            if not slices or len(slices[-1]) == MOST_FILTERED or length > LONGEST_FILTER:
                slices.append([])
                length = len(one)
            slices[-1].append(one)
        return [self.separator.join(some) for some in slices]


@dataclasses.dataclass(frozen=True)
class Listing:
    """The listing of a profile, which reads many jobs at once.

    :param asking: the request for the first page; its placeholders are outer ids, options and variables.
    :param row_ids: for each id its place in a row. The last id is always there.
    :param outer: the ids in the request, which are the same for all rows.
    """

    asking: Asking
    items: Source
    row_ids: t.Mapping[str, Source]
    outer: tuple[str, ...]
    reader: JobReader
    pages: Pages | None = None
    filter: Filter | None = None

    def rows(self, answer: Answer) -> list[Row]:
        """The rows of a page.

        :raises BadReply: for a reply that is not a listing.
        """
        return rows_in(self.items, answer.body, answer)

    def identify(self, row: Row, answer: Answer) -> dict[str, str | None]:
        """The ids of a row, as sent by the API."""
        return {name: id_in(source, row, answer) for name, source in self.row_ids.items()}

    def jobs(self, answers: t.Sequence[Answer], limit: int, last: str, overrides: Overrides | None = None) -> list[Job]:
        """The jobs of the pages, each once.

        :param limit: the most jobs.
        :param last: the name of the id that distinguishes jobs.
        :raises BadReply: for a reply that is not a listing, or in which no row has a state.
        """
        found: dict[t.Any, Job] = {}
        for answer in answers:
            if len(found) >= limit:
                break
            refused: BadReply | None = None
            told = False
            for row in self.rows(answer):
                ids = self.identify(row, answer)
                key = tuple(ids.values()) if ids[last] else id(row[1])
                if key not in found:
                    try:
                        found[key] = self.reader.read(row[1], answer, ids[last], overrides)
                        told = True
                    except BadReply as error:
                        refused = error
                        found[key] = self.reader.unread(error, ids[last])
                if len(found) >= limit:
                    break
            if refused and not told:
                raise refused
        return list(found.values())

    @property
    def in_pieces(self) -> bool:
        """Whether the rows can be read from a part of the list alone."""
        return all(path.is_plain for path in self.items.paths)

    def find(
        self,
        answers: t.Iterable[Answer],
        wanted: t.Sequence[t.Mapping[str, str]],
        ids: t.Sequence[Id],
        base_url: str,
        overrides: t.Sequence[Overrides | None] = (),
    ) -> list[Job | None]:
        """The wanted jobs as found in the pages; ``None`` for a job that is not in the pages.

        :param wanted: the ids of each job, as the user wrote them.
        :param overrides: the meaning of native states for each job, if any.
        :raises BadReply: for a reply that is not a listing.
        """
        compared = [one for one in ids if one.name in self.row_ids]
        places: dict[tuple[str | None, ...], list[int]] = {}
        for place, given in enumerate(wanted):
            key = tuple(one.normal_or_none(given[one.name], base_url) for one in compared)
            if None not in key:
                places.setdefault(key, []).append(place)
        jobs: list[Job | None] = [None] * len(wanted)
        for answer in answers:
            for row in self.rows(answer):
                sent = self.identify(row, answer)
                # The first row of a job counts.
                for place in places.pop(tuple(one.normal_or_none(sent[one.name], base_url) for one in compared), ()):
                    with contextlib.suppress(BadReply):
                        override = overrides[place] if overrides else None
                        jobs[place] = self.reader.read(
                            row[1], answer, ids[-1].short(wanted[place][ids[-1].name]), override
                        )
        return jobs


@dataclasses.dataclass(frozen=True)
class Children:
    """The children of a profile, and their reader.

    :param kind: ``inline``, ``links`` or ``listing``.
    :param items: the place of the rows or links.
    :param decides: whose end decides (see :func:`roll_up`).
    :param followed: whether children count by default.
    :param settle: the settle time in seconds.
    :param asking: the request of a listing.
    """

    kind: str
    items: Source
    id: Source | None
    reader: JobReader
    decides: str
    followed: bool = True
    settle: float = 0.0
    asking: Asking | None = None
    pages: Pages | None = None

    def inline(self, node: t.Any, answer: Answer, parent_id: str | None) -> list[Job]:
        """The children in a reply.

        :raises BadReply: as :meth:`rows` does.
        """
        return [self._child(row, answer, parent_id) for row in self.rows(node, answer)]

    def rows(self, node: t.Any, answer: Answer) -> list[Row]:
        """The rows of children in a reply; an empty list if the reply has nothing in their place.

        :raises BadReply: if the children decide and something else is in their place, because a child that is left out could have
            failed.
        """
        is_odd = self.decide and self.items.is_odd(node, answer)
        try:
            rows = rows_in(self.items, node, answer)
        except BadReply:
            if is_odd or (self.decide and self.items.find(node, answer) is not None):
                raise
            return []
        if is_odd:
            raise _no_list(self.items, answer)
        return rows

    def _child(self, row: Row, answer: Answer, parent_id: str | None) -> Job:
        """One child. If its row has no state, the child is ``unknown`` with a warning, so that one row cannot hide the others."""
        child_id = id_in(self.id, row, answer)
        try:
            return self.reader.read(row[1], answer, child_id, None, parent_id)
        except BadReply as error:
            return self.reader.unread(error, child_id, parent_id)

    def links(self, node: t.Any, answer: Answer) -> list[str]:
        """The addresses or ids of the children, each once.

        :raises BadReply: if the children decide and something else is among them, because a child that is left out could have failed.
        """
        found = self.items.find(node, answer)
        values = [value for value in (found if isinstance(found, list) else [found]) if value not in (None, "")]
        links = list(map(identifier, values))
        if self.decide and (not all(links) or self.items.is_odd(node, answer) or self._lacks_links(node, answer)):
            raise BadReply(f"The API answered without addresses or ids at {self.items}.", status=answer.status)
        return list(dict.fromkeys(filter(None, links)))

    def _lacks_links(self, node: t.Any, answer: Answer) -> bool:
        """Whether an element has no link. With several ``[]`` an element of an outer list may have none."""
        there = next((path for path in self.items.paths if path.find(node, answer) is not None), None)
        return there is not None and len(there.parts) <= 2 and not there.whole(node, answer)

    def due(self, parent: Job) -> bool:
        """Whether children must now be read with requests of their own. They are read only after the parent's end. If the parent alone
        decides, they are read only after a bad end, for their reasons."""
        if self.kind == "inline" or not parent.finished:
            return False
        return self.decide or not parent.succeeded

    @property
    def decide(self) -> bool:
        """Whether their ends count, and not only their reasons."""
        return self.decides != "parent"
