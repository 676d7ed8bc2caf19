# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explanations for authors of profiles: for each job in a reply the values, the rule that matched, and what was not found."""

from __future__ import annotations

import typing as t

from ..._errors import BadReply
from .answer import Answer
from .errors import NOTHING_READ
from .job_reader import JobReader
from .profile import Profile
from .rows import Children, Listing, Row, id_in

Entry = dict[str, t.Any]


def of_reply(profile: Profile, answer: Answer, job_id: str | None) -> Entry:
    """The entry for the reply for one job, which may be an error."""
    return {"id": job_id, "parent_id": None, **profile.explain(answer)}


def of_children(
    profile: Profile, children: Children, first: Answer, others: t.Sequence[Answer], parent_id: str | None
) -> list[Entry]:
    """The entries for the children of a job, which are in the job's reply or in replies of their own.

    :param first: the reply for the job.
    :param others: the replies for the children.
    """
    try:
        node = profile.node(first)
    except BadReply:
        return []  # the entry of the job has the error
    try:
        if children.kind == "links":
            links = children.links(node, first)
            return [_of_link(profile, children, link, other, parent_id) for link, other in zip(links, others)]
        places = [(node, first)] if children.kind == "inline" else [(other.body, other) for other in others]
        rows = [(row, answer) for place, answer in places for row in children.rows(place, answer)]
    except BadReply as error:
        return [_unread(None, parent_id, error)]
    return [_of_row(children.reader, row, answer, id_in(children.id, row, answer), parent_id) for row, answer in rows]


def of_listing(listing: Listing, answers: t.Sequence[Answer], last: str, limit: int) -> list[Entry]:
    """The entries for the rows of a listing. A row that is in the listing twice has two entries.

    :param last: the name of the id that distinguishes jobs.
    :param limit: the most entries.
    """
    found: list[Entry] = []
    for answer in answers:
        try:
            rows = listing.rows(answer)
        except BadReply as error:
            found.append(_unread(None, None, error))
            continue
        ids = [listing.identify(row, answer)[last] for row in rows]
        found += [_of_row(listing.reader, row, answer, row_id, None) for row_id, row in zip(ids, rows)]
    return found[:limit]


def _of_row(reader: JobReader, row: Row, answer: Answer, job_id: str | None, parent_id: str | None) -> Entry:
    return {"id": job_id, "parent_id": parent_id, "error": None, **reader.explain(row[1], answer)}


def _of_link(profile: Profile, children: Children, link: str, answer: Answer, parent_id: str | None) -> Entry:
    try:
        return _of_row(children.reader, (None, profile.node(answer)), answer, link, parent_id)
    except BadReply as error:
        return _unread(link, parent_id, error)


def _unread(job_id: str | None, parent_id: str | None, error: BadReply) -> Entry:
    return {"id": job_id, "parent_id": parent_id, "error": str(error), **NOTHING_READ}
