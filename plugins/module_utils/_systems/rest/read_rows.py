# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and checks the ``listing``, the ``children`` and the ``pages`` of a profile."""

from __future__ import annotations

import typing as t

from .answer import Source
from .children import BOTH, PARENT
from .fields import Fields, fields_of
from .job_reader import JobReader
from .mistakes import Mistake, nearest, under
from .pages import ByOffset, Pages, pages_of
from .placeholders import Template
from .request import Asking
from .rows import Children, Filter, Listing
from .scope import Scope
from .states import States, check_ends, states_of


def asking_of(read: t.Mapping[str, t.Any], scope: Scope, ids: t.Sequence[str]) -> Asking:
    """A request other than a login, which the language has read.

    :param ids: the ids that may be placeholders.
    :raises Mistake: for any other placeholder.
    """
    method = "get" if "get" in read else "post"
    asking = Asking(method.upper(), read[method], read.get("query", {}), read.get("json"))
    scope.check_asking(asking, ids)
    return asking


def checked_states(read: t.Mapping[str, t.Any], place: str, ends: bool = True) -> States:
    """The states at a place of a profile, which the language has read.

    :param ends: whether a good and a bad end must be reachable.
    :raises Mistake: for the first fault.
    """
    states = states_of(read, place)
    check_ends(states, ends)
    return states


def listing_of(read: t.Mapping[str, t.Any], own: JobReader, scope: Scope) -> Listing:
    """The listing of a profile, which the language has read.

    :param own: the reader of the job.
    :raises Mistake: for rows that cannot be distinguished, and for a fault in a part of the listing.
    """
    *outer, last = scope.ids
    asking = asking_of(read, scope, outer)
    row_ids: dict[str, Source] = read["id"] if isinstance(read["id"], dict) else {last: read["id"]}
    for name in row_ids:
        if name not in scope.ids:
            raise Mistake("there is no such id", nearest(name, list(scope.ids)), f"id.{name}")
    if last not in row_ids:
        raise Mistake(f"{last} is missing, by which jobs are told apart", f"{last} and its path", "id")
    for name in outer:
        if name not in asking.names() and name not in row_ids:
            raise Mistake(f"rows of any {name} could be meant", f"{{{name}}} in the request, or {name} in id", "id")
    for source in row_ids.values():
        under("id", _check_key, source, read["items"])
    chosen = read.get("filter")
    return Listing(
        asking=asking,
        items=read["items"],
        row_ids=row_ids,
        outer=tuple(name for name in outer if name in asking.names()),
        reader=_row_reader(read, own, "listing", ends=False),
        pages=_pages(read),
        filter=Filter(chosen["parameter"], chosen.get("separator", ",")) if chosen else None,
    )


def children_of(read: t.Mapping[str, t.Any], own: JobReader, scope: Scope) -> Children:
    """The children of a profile, which the language has read.

    :param own: the reader of the job.
    :raises Mistake: for a fault in a part of the children.
    """
    decides = read.get("decides", BOTH)
    kind = "links" if "links" in read else "listing" if {"get", "post"} & read.keys() else "inline"
    if "id" in read:
        under("id", _check_key, read["id"], read["items"])
    if decides == PARENT and "settle" in read:
        raise Mistake("decides: parent, whose good end is believed at once", "settle with another decides", "settle")
    return Children(
        kind=kind,
        items=read["links" if kind == "links" else "items"],
        id=read.get("id"),
        reader=_row_reader(read, own, "children", ends=decides != PARENT),
        decides=decides,
        followed=read.get("followed", True),
        settle=read.get("settle", 0.0),
        asking=asking_of(read, scope, scope.ids) if kind == "listing" else None,
        pages=_pages(read) if kind == "listing" else None,
    )


def _row_reader(read: t.Mapping[str, t.Any], own: JobReader, place: str, ends: bool) -> JobReader:
    """The reader of rows. Rows have states and fields of their own, or those of the job."""
    states: States = own.states
    if "state" in read:
        states = under("state", checked_states, read["state"], f"{place}.state", ends)
    if states.reads_beyond_body() and "links" not in read:
        raise Mistake(
            f"the state is read from {states.beyond_body()}, which says nothing of a row",
            "a state that is read from the row alone",
            "state",
        )
    fields: Fields = under("fields", fields_of, read["fields"]) if "fields" in read else own.fields
    return JobReader(own.system, states, fields)


def _check_key(source: Source, items: Source) -> None:
    """Checks that rows have keys, if ``$key`` is their id."""
    if any(path.origin == "key" for path in source.paths) and not all(path.keyed for path in items.paths):
        raise Mistake(f"$key, while {items} gives no keys", "items that end with *, for the values of a mapping")


def _pages(read: t.Mapping[str, t.Any]) -> Pages | None:
    if "pages" not in read:
        return None
    pages = pages_of(read["pages"])
    if isinstance(pages, ByOffset):
        where = "json" if "post" in read else "query"
        sent = read.get(where)
        size = sent.get(pages.limit) if isinstance(sent, dict) else None
        text = size.text if isinstance(size, Template) else str(size)
        if not text.isdecimal() or int(text) < 1:
            raise Mistake(
                f"{where} has no number {pages.limit}", f"the number of rows of a page in {where}", "pages.limit"
            )
    return pages
