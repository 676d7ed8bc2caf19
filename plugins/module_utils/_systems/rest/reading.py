# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the requests of a profile: for a job, for its children, and for the pages of a listing."""

from __future__ import annotations

import json
import typing as t

from ..._errors import ApiError, BadReply
from ..._http.client import ApiClient
from ..._http.transport import Reply
from . import explanations
from .answer import Answer, recorded
from .logins import answer_of, headers_of
from .profile import Profile
from .request import Request
from .rows import Children, Listing, rows_in

MOST_PAGES = 100
"""The most pages of a listing, even if the API has more. Only a limit of rows that needs more pages raises this number."""
LEAST_OF_PAGE = 40
"""Rows. The least average length of pages by which a limit of rows raises the number of pages."""

Ask = t.Callable[[Request, "str | None"], t.Iterable[Answer]]
"""Requests a page; the second argument is the id of the parent if the page has children. The answer may come in pieces."""


class Reading:
    """Sends the requests of one reading of a job or of a listing.

    :param base_url: the beginning of all addresses.
    :param values: options, variables and ids, in the form that is sent.
    :param limit: the number of rows of a listing after which no further page is requested; ``None`` for all rows.
    """

    def __init__(
        self,
        profile: Profile,
        client: ApiClient,
        base_url: str,
        values: t.Mapping[str, str],
        limit: int | None = None,
    ) -> None:
        self._profile = profile
        self._client = client
        self._base_url = base_url
        self._values = values
        self._limit = limit

    def job(self, job_id: str | None) -> Answer:
        """The answer for the job.

        :raises ApiError: if there is no answer.
        """
        return self._ask(self._profile.request(self._base_url, self._values), job_id)

    def listing(self, listing: Listing, wanted: t.Sequence[str], in_pieces: bool = False) -> t.Iterator[Answer]:
        """The pages of a listing.

        :param wanted: the ids of the jobs to request, if the listing has a filter; an empty list for all jobs.
        :param in_pieces: whether a long page may come in pieces, each in the form of a page.
        :raises ApiError: if a page cannot be read.
        """
        request = listing.asking.request(self._base_url, self._values, self._profile.addresses)
        requests = [request]
        if listing.filter and wanted:
            some = listing.filter.slices(wanted)
            requests = [request.with_parameter(listing.filter.parameter, ids) for ids in some]
        for one in requests:
            yield from self._pages(one, listing, self._in_pieces if in_pieces else self._whole, None, self._limit)

    def children(self, children: Children, parent: Answer, parent_id: str | None) -> t.Iterator[Answer]:
        """The answers about the children of a job.

        :param parent: the answer for the job.
        :raises ApiError: if an answer cannot be read.
        """
        limit = None if children.decide else self._limit
        for request in self._child_requests(children, parent):
            # A child that is left out could have failed: there is no limit of rows, and one of pages is an error.
            if not (yield from self._pages(request, children, self._whole, parent_id, limit)) and children.decide:
                beyond = f"The children are on more than {MOST_PAGES} pages, so that not all of them can be told"
                raise ApiError(f"{beyond}; children: false reads the job alone.")

    def _child_requests(self, children: Children, parent: Answer) -> t.Iterator[Request]:
        if children.asking:
            yield children.asking.request(self._base_url, self._values, self._profile.addresses)
            return
        for link in children.links(self._profile.node(parent), parent):
            yield self._profile.child_request(link, self._base_url, self._values)

    def _pages(
        self, request: Request, rows: Listing | Children, ask: Ask, parent_id: str | None, limit: int | None = None
    ) -> t.Generator[Answer, None, bool]:
        """The pages of a listing; for a link to a child one page. Returns whether there are no more pages, or no more are needed.

        :param limit: the number of rows after which no further page is requested; ``None`` for all rows.
        """
        following = rows.pages.first(request) if rows.pages else request
        most = max(MOST_PAGES, limit // LEAST_OF_PAGE) if limit else MOST_PAGES
        seen: set[int] = set()
        for _page in range(most):
            page: list[int] = []
            for answer in ask(following, parent_id):
                yield answer
                if rows.pages or (isinstance(rows, Children) and rows.asking and rows.decide):
                    # An error if there is no list, which does not mean that there are no children.
                    found = rows_in(rows.items, answer.body, answer)
                    page += [hash(json.dumps(row, sort_keys=True)) for row in found]
            # Some APIs repeat their last page. Rows without an id may be equal on any page.
            repeated = seen.issuperset(page) and len(set(page)) == len(page)
            seen.update(page)
            if not rows.pages or repeated or (limit and len(seen) >= limit):
                return True
            further = rows.pages.following(following, answer, len(page))
            if further is None:
                return True
            following = further
        return False

    def _whole(self, request: Request, parent_id: str | None) -> t.Iterable[Answer]:
        return [self._ask(request, parent_id=parent_id)]

    def _in_pieces(self, request: Request, parent_id: str | None) -> t.Iterator[Answer]:
        reply = self._client.exchange(request.method, request.url, stream=True, **request.content)
        if reply.chunks is None:
            yield self._good(reply, answer_of(reply), parent_id=parent_id)
            return
        headers = headers_of(reply)
        for body in self._client.bodies(reply):
            yield self._good(reply, Answer(reply.status, headers, body), parent_id=parent_id)

    def _ask(self, request: Request, job_id: str | None = None, parent_id: str | None = None) -> Answer:
        """The answer to a request.

        :param job_id: the id of the job, for an explanation.
        :param parent_id: the id of the job's parent, for an explanation.
        :raises ApiError: if there is no answer.
        """
        reply = self._client.exchange(
            request.method,
            request.url,
            self._status if self._profile.errors.unauthorized_when else None,
            **request.content,
        )
        return self._good(reply, answer_of(reply), job_id, parent_id)

    def _good(self, reply: Reply, answer: Answer, job_id: str | None = None, parent_id: str | None = None) -> Answer:
        """The answer, after a check.

        :raises ApiError: for an answer that is an error.
        """
        check(self._profile, self._client, reply, answer, job_id, parent_id)
        return answer

    def _status(self, reply: Reply) -> int:
        """The status of a reply that decides about a new login. With any status, the body can say that the login is no longer valid."""
        try:
            fault = self._profile.fault(answer_of(reply, may_be_empty=True))
        except BadReply:
            return reply.status
        return 401 if fault and fault.status == 401 else reply.status


def check(
    profile: Profile,
    client: ApiClient,
    reply: Reply,
    answer: Answer,
    job_id: str | None,
    parent_id: str | None = None,
) -> None:
    """Checks that an answer is not an error.

    :raises ApiError: for an error, with an explanation.
    """
    fault = profile.fault(answer)
    if fault:
        error = client.refusal(reply, fault)
        error.more_values = {
            "explanation": [{**explanations.of_reply(profile, answer, job_id), "parent_id": parent_id}]
        }
        raise error


def check_recorded(profile: Profile, client: ApiClient, reply: t.Any, job_id: str | None) -> None:
    """Checks that a recorded reply is not an error.

    :raises ApiError: for an error, with an explanation.
    """
    answer = recorded(reply)
    check(profile, client, Reply("GET", "The reply", answer.status, {}, b"", {}), answer, job_id)
