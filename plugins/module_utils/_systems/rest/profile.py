# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A REST job API as its profile describes it: makes requests and reads replies, and sends nothing itself.

Private to the collection, as all files of this folder.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..._errors import BadReply, OptionError, unreadable
from ..._http.client import Fault
from ..._job import Job
from ..._text import kind_of
from .addresses import last_segment, resolve
from .answer import Answer, Source, source_of
from .auth_ways import Way
from .children import roll_up
from .conditions import there
from .errors import NOTHING_READ, Errors
from .ids import Id
from .job_reader import JobReader
from .mistakes import Mistake, joined, nearest
from .paths import parse_path
from .placeholders import Template
from .request import Asking, Request
from .rows import Children, Listing
from .started_by import StartedBy
from .states import Overrides

WHOLE = source_of([parse_path("@")])
"""Where the job is if nothing else is said."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """A REST job API; made by ``read_profile``.

    :param file: what it came from, for sentences.
    :param library: whether it is one of the collection's own, which may name environment variables and hosts.
    :param digest: the same for the same profile, and for no other.
    :param api_url: the default of the option, ``None`` if it must be given.
    :param base_path: what follows ``api_url`` in each path.
    :param headers: those of each request, logins among them.
    :param variables: own placeholders with their defaults; ``None`` for one that must be given.
    :param environment: environment variables by option.
    :param status: the request for one job.
    :param job: where the job is in its reply.
    :param reader: reads the job there.
    :param errors: tells errors from answers.
    :param reply_headers: the headers of replies that it reads, in lower case.
    :param rows_need_page: whether a row of the listing is read with the help of what is around it.
    """

    name: str
    file: str
    library: bool
    digest: str
    title: str | None
    api_url: str | None
    base_path: Template
    headers: t.Mapping[str, Template]
    variables: t.Mapping[str, str | None]
    environment: t.Mapping[str, str]
    ids: tuple[Id, ...]
    auth: tuple[Way, ...]
    status: Asking
    job: Source
    reader: JobReader
    errors: Errors
    children: Children | None
    listing: Listing | None
    started_by: StartedBy | None
    hints: t.Mapping[str, str]
    sources: tuple[str, ...]
    tested: tuple[str, ...]
    reply_headers: tuple[str, ...]
    rows_need_page: bool

    @property
    def linear_progress(self) -> bool:
        """Whether half of the percentage means half of the time."""
        return self.reader.fields.linear

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """The API's own words for states of jobs, of children and of rows of a listing."""
        readers = [self.reader, *(part.reader for part in (self.children, self.listing) if part)]
        words = [word for reader in readers for word in reader.states.named_words() if isinstance(word, str)]
        return frozenset(part for word in words for part in word.split("/"))

    @property
    def lists_in_pieces(self) -> bool:
        """Whether a page of the listing is understood as well in pieces, each with a part of its rows."""
        needs_page = self.rows_need_page or bool(self.errors.unauthorized_when)
        return self.listing is not None and self.listing.in_pieces and not needs_page

    @property
    def addresses(self) -> frozenset[str]:
        """The ids that are a path or a URL."""
        return frozenset(one.name for one in self.ids if one.address)

    def values(self, variables: t.Mapping[str, t.Any]) -> dict[str, str]:
        """The variables of a task, with the profile's defaults for those that it does not give.

        :raises OptionError: for one that the profile does not have, one that is missing, and one that is no text.
        """
        for name, value in variables.items():
            if name not in self.variables:
                known = nearest(name, list(self.variables)) if self.variables else "none, because the profile has none"
                raise OptionError(f"variables.{name}", f"there is no such variable; expected {known}.")
            if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int))):
                raise OptionError(f"variables.{name}", f"expected text, got {kind_of(value)}.")
        given = {name: str(value) for name, value in variables.items() if value is not None}
        missing = [name for name, value in self.variables.items() if value is None and not given.get(name)]
        if missing:
            raise OptionError(f"variables.{missing[0]}", f"it is missing, and {self.file} has no default for it.")
        return {**{name: value for name, value in self.variables.items() if value is not None}, **given}

    def base_url(self, api_url: str, values: t.Mapping[str, str]) -> str:
        """What all paths follow, from the (valid) ``api_url``.

        :raises OptionError: for a value that cannot stand in a path.
        """
        return self.base_path.address(api_url, values).rstrip("/") if self.base_path.parts else api_url

    def request(self, base_url: str, values: t.Mapping[str, str]) -> Request:
        """The request for one job.

        :param values: ids, options and variables by name.
        :raises OptionError: for a value that cannot stand in a path, or that leads to another origin.
        """
        return self.status.request(base_url, values, self.addresses)

    def child_request(self, link: str, base_url: str, values: t.Mapping[str, str]) -> Request:
        """The request for a child by its link: an address of the same origin, or an id that is read as the last id is.

        :param values: as for :meth:`request`, of the parent.
        :raises BadReply: for a link to another origin, or one that can be no id.
        """
        last = self.ids[-1]
        try:
            if not (last.address or last.last) and (link.startswith("/") or "://" in link):
                return Request("GET", resolve(last.name, link, f"{base_url}/"))
            return self.request(base_url, {**values, last.name: last.normal(link, base_url)})
        except OptionError as error:
            raise BadReply(f"The link to a child is not followed: {error.problem}") from None

    def fault(self, answer: Answer) -> Fault | None:
        """What a reply says against the request, ``None`` if it is an answer."""
        return self.errors.fault(answer)

    def node(self, answer: Answer) -> t.Any:
        """The job in an answer. A reply of 202 or 204 may be empty if the status or a header decides.

        :raises BadReply: if there is nothing.
        """
        for path in self.job.paths:
            found = path.find(answer.body, answer)
            if path.projects and isinstance(found, list):
                if len(found) > 1:
                    raise BadReply(
                        f"The API answered with {len(found)} jobs at {path.text} where one was expected.",
                        status=answer.status,
                    )
                found = found[0] if found else None
            if there(found):
                return found
        if answer.body is None and answer.status in (202, 204) and self.reader.states.reads_beyond_body():
            return None
        where = "in the reply" if self.job == WHOLE else f"at {self.job}"
        what = "with an empty body" if answer.body is None else f"without a job {where}"
        raise unreadable(answer.body)(f"The API answered {what}.", status=answer.status)

    def read(self, answer: Answer, job_id: str | None, overrides: Overrides | None = None, follow: bool = True) -> Job:
        """The job in an answer, with the children that are in it.

        :param overrides: the task's own meaning of native states.
        :param follow: whether children count.
        :raises BadReply: if there is none.
        """
        node = self.node(answer)
        job = self.reader.read(node, answer, job_id, overrides)
        if not (follow and self.children and self.children.kind == "inline"):
            return job
        return roll_up(job, self.children.inline(node, answer, job_id), self.children.decides)

    def children_apart(
        self, children: Children, answer: Answer, others: t.Sequence[Answer], job_id: str | None
    ) -> list[Job]:
        """The children of a job that are in answers of their own.

        :param answer: the one for the job.
        :param others: the ones for its children: one for each link, or the pages of their listing.
        :raises BadReply: if one tells no job.
        """
        found: list[Job] = []
        if children.kind == "links":
            for link, other in zip(children.links(self.node(answer), answer), others):
                child_id = link if self.ids[-1].address else last_segment(link)
                found.append(children.reader.read(self.node(other), other, child_id, None, job_id))
        else:
            for other in others:
                found += children.inline(other.body, other, job_id)
        return found

    def explain(self, answer: Answer) -> dict[str, t.Any]:
        """For those who write profiles: the values read from an answer, the rule that matched, and what was not found."""
        error = self.errors.explain(answer)
        if error:
            return error
        try:
            return {"error": None, **self.reader.explain(self.node(answer), answer)}
        except BadReply as bad:
            return {"error": str(bad), **NOTHING_READ}

    def overrides(self, given: t.Mapping[t.Any, t.Any] | None) -> Overrides | None:
        """The meaning that a task gives to native states.

        :raises OptionError: for a state that is none of ours.
        """
        if not given:
            return None
        try:
            return Overrides(given, self.reader.states.fold)
        except Mistake as mistake:
            raise OptionError(joined("state_overrides", mistake.place), mistake.sentence()) from None
