# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A REST job API as described by its profile: makes requests and reads replies, but sends nothing.

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
from .auth_ways import Headers, Way
from .children import roll_up
from .conditions import there
from .errors import NOTHING_READ, Errors
from .ids import Id
from .job_reader import JobReader
from .mistakes import Mistake, joined, nearest
from .paths import parse_path
from .placeholders import Template, is_secret
from .request import Asking, Request
from .rows import Children, Listing
from .started_by import StartedBy
from .states import Overrides

WHOLE = source_of([parse_path("@")])
"""The place of the job in a reply, for profiles that name none."""


@dataclasses.dataclass(frozen=True)
class Profile:
    """A REST job API; made by ``read_profile``.

    :param file: the profile's file, for messages.
    :param library: whether the profile belongs to the collection, so that it may name environment variables and hosts.
    :param digest: identifies the content of the profile.
    :param api_url: the default of the option, ``None`` if the option is required.
    :param base_path: the path between ``api_url`` and each path of the profile.
    :param headers: the headers of each request, including logins.
    :param variables: the profile's own placeholders with their defaults; ``None`` for a variable that is required.
    :param environment: for each option its environment variable.
    :param status: the request for one job.
    :param job: the place of the job in the reply.
    :param reader: reads the job at that place.
    :param errors: distinguishes errors from answers.
    :param reply_headers: the headers of replies that the profile reads, in lower case.
    :param rows_need_page: whether a row of the listing is read together with other parts of the page.
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
        """Whether the percentage grows linearly, so that 50 % means half of the time."""
        return self.reader.fields.linear

    @property
    def secret_variables(self) -> frozenset[str]:
        """The variables that are secrets: those whose name suggests it, and those that a header with credentials needs."""
        in_headers = frozenset().union(*(way.needs for way in self.auth if isinstance(way, Headers)))
        return frozenset(name for name in self.variables if is_secret(name) or name in in_headers)

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """The API's own words for states of jobs, of children and of rows of a listing."""
        readers = [self.reader, *(part.reader for part in (self.children, self.listing) if part)]
        words = [word for reader in readers for word in reader.states.named_words() if isinstance(word, str)]
        return frozenset(part for word in words for part in word.split("/"))

    @property
    def lists_in_pieces(self) -> bool:
        """Whether a page of the listing can be read in pieces, each with a part of the rows."""
        needs_page = self.rows_need_page or bool(self.errors.unauthorized_when)
        return self.listing is not None and self.listing.in_pieces and not needs_page

    @property
    def addresses(self) -> frozenset[str]:
        """The ids that are a path or a URL."""
        return frozenset(one.name for one in self.ids if one.address)

    def values(self, variables: t.Mapping[str, t.Any]) -> dict[str, str]:
        """The variables of a task, with the profile's defaults for variables that are not set.

        :raises OptionError: for an unknown variable, a missing one, and one that is not text.
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
        """The beginning of all addresses.

        :param api_url: a valid URL.
        :raises OptionError: for a value that is not allowed in a path.
        """
        return self.base_path.address(api_url, values).rstrip("/") if self.base_path.parts else api_url

    def request(self, base_url: str, values: t.Mapping[str, str]) -> Request:
        """The request for one job.

        :param values: ids, options and variables by name.
        :raises OptionError: for a value that is not allowed in a path, or that leads to another origin.
        """
        return self.status.request(base_url, values, self.addresses)

    def child_request(self, link: str, base_url: str, values: t.Mapping[str, str]) -> Request:
        """The request for a child.

        :param link: an address of the same origin, or an id of the same kind as the profile's last id.
        :param values: the values of the parent, as for :meth:`request`.
        :raises BadReply: for a link to another origin, or an invalid id.
        """
        last = self.ids[-1]
        try:
            if not (last.address or last.last) and (link.startswith("/") or "://" in link):
                return Request("GET", resolve(last.name, link, f"{base_url}/"))
            return self.request(base_url, {**values, last.name: last.normal(link, base_url)})
        except OptionError as error:
            raise BadReply(f"The link to a child is not followed: {error.problem}") from None

    def fault(self, answer: Answer) -> Fault | None:
        """The error in a reply; ``None`` if the reply is an answer."""
        return self.errors.fault(answer)

    def node(self, answer: Answer) -> t.Any:
        """The node of the job in an answer. A reply with status 202 or 204 may be empty if the status or a header decides.

        :raises BadReply: if the answer has no job, or several.
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
        """The job in an answer, with the children in the same answer.

        :param overrides: the meaning of native states for this task.
        :param follow: whether children count.
        :raises BadReply: if the answer has no job.
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
        """An explanation for authors of profiles: the values in an answer, the rule that matched, and what was not found."""
        error = self.errors.explain(answer)
        if error:
            return error
        try:
            return {"error": None, **self.reader.explain(self.node(answer), answer)}
        except BadReply as bad:
            return {"error": str(bad), **NOTHING_READ}

    def overrides(self, given: t.Mapping[t.Any, t.Any] | None) -> Overrides | None:
        """The meaning of native states for a task.

        :param given: the option ``state_overrides``.
        :raises OptionError: for an unknown state.
        """
        if not given:
            return None
        try:
            return Overrides(given, self.reader.states.fold)
        except Mistake as mistake:
            raise OptionError(joined("state_overrides", mistake.place), mistake.sentence()) from None
