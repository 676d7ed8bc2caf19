# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of options and of APIs. The type of an API's error says whether a later try can help."""

from __future__ import annotations

import typing as t

from ._job import Job
from ._text import one_line


class OptionError(ValueError):
    """A user's option that is invalid; ``str(error)`` names the option and says what was expected.

    :param option: the option's name; blank if the sentence is about the options as a whole.
    :param problem: the text after the name and a colon, or a whole sentence. A text that begins with a blank follows the name
        without a colon.
    """

    def __init__(self, option: str, problem: str) -> None:
        colon = ": " if option and not problem.startswith(" ") else ""
        super().__init__(f"{option}{colon}{problem}")
        self.option = option
        self.problem = problem

    def within(self, place: str) -> OptionError:
        """The same error with the option's place in the task."""
        if self.option:
            return OptionError(f"{place}.{self.option}", self.problem)
        return OptionError(place, self.problem[:1].lower() + self.problem[1:])


class ApiError(Exception):
    """A request to an API failed; ``str(error)`` is one clear sentence without secrets.

    :param message: the sentence.
    :param status: the HTTP status, if there was an answer.
    :param code: the vendor's own code of the error.
    :param request_id: the vendor's id of the request, for its support.
    :param retry_after: seconds after which the API asks to be tried again.
    """

    kind = "rejected"
    transient = False
    """Whether a later try can help."""
    of_account = False
    """Whether each job of the account would meet the error. It is not tried again for the others, because a login that is refused too
    often locks an account."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.raw: t.Any = None
        """The replies before the error, if a reading takes several requests and the first requests were answered."""
        self.known: Job | None = None
        """The job as far as :attr:`raw` describes it."""
        self.more_values: t.Mapping[str, t.Any] = {}
        """The system's own return values of the info module (:attr:`System.more`), as far as the replies have them."""

    def advising(self, advice: str) -> ApiError:
        """A copy of the error with one more sentence. The error itself stays as it is, because it may be raised for many jobs."""
        return self._copy(type(self), f"{self} {advice}")

    def after(self, raw: t.Any) -> ApiError:
        """A copy of the error, as that of a further request of a reading. A 404 is then not about the job.

        :param raw: the replies before the error.
        """
        error = self._copy(ApiError if isinstance(self, Missing) else type(self), str(self))
        error.raw = raw
        return error

    def _copy(self, kind: type[ApiError], message: str) -> ApiError:
        error = kind(
            message, status=self.status, code=self.code, request_id=self.request_id, retry_after=self.retry_after
        )
        error.more_values = self.more_values
        error.of_account = self.of_account
        return error

    def as_dict(self) -> dict[str, t.Any]:
        """The documented ``error`` of a job."""
        return {
            "kind": self.kind,
            "status": self.status,
            "code": self.code,
            "message": str(self),
            "request_id": self.request_id,
            "retry_after": self.retry_after,
            "of_account": self.of_account,
        }


class Unreachable(ApiError):
    """There was no answer: the name was not resolved, the connection was refused or reset, or the body was cut short."""

    kind = "unreachable"
    transient = True


class TimedOut(Unreachable):
    """There was no complete answer within ``request_timeout``."""

    kind = "timeout"


class Unavailable(ApiError):
    """The answer asks for a later try: 408, 425, 429 or 5xx."""

    kind = "unavailable"
    transient = True


class Misconfigured(ApiError):
    """Settings of the machine that sends the requests are wrong: a file, a variable, a proxy, a permission. The API is not the cause."""

    kind = "configuration"
    of_account = True


class Untrusted(ApiError):
    """The API's certificate is not trusted."""

    kind = "certificate"
    of_account = True


class Unauthorized(ApiError):
    """401: the API does not accept the credentials, even after a new login."""

    kind = "unauthorized"
    of_account = True


class Forbidden(ApiError):
    """403: the API accepts the credentials, but they lack a permission."""

    kind = "forbidden"


class Missing(ApiError):
    """404: the API does not know the job."""

    kind = "not_found"

    def of_known_job(self, hint: str | None) -> ApiError:
        """The error for a job that was read before. What else the error says is about an id that may be wrong.

        :param hint: a sentence on why the API no longer knows the job, and what to do.
        """
        status, code = f"HTTP {self.status}" if self.status else "", one_line(self.code)
        facts = ", ".join(filter(None, [status, f"code {code}" if code else ""]))
        sentence = f"The API no longer knows the job{f' ({facts})' if facts else ''}."
        return self._copy(Missing, f"{sentence} {hint}" if hint else sentence)


class Redirected(ApiError):
    """A redirect to another origin, which must not get the credentials, or a redirect that never ends."""

    kind = "redirect"


class BadReply(ApiError):
    """A body that differs from what the API documents."""

    kind = "protocol"


class Unready(BadReply):
    """A body without any content of the API. An appliance that has answered before sends such bodies while it restarts."""


class WebPage(Unready):
    """A web page instead of JSON: that of a proxy or a portal, or of an appliance while it starts."""

    kind = "web_page"


class Incomplete(Unready):
    """No body, ``null``, ``{}``, or JSON whose end is missing."""

    kind = "incomplete"


def lacking(raw: object, expected: str) -> BadReply:
    """The error for a reply without the expected content: :class:`Incomplete` if the reply is empty.

    :param raw: the reply, as parsed from JSON.
    :param expected: the expected content: ``the state of a job``.
    """
    return unreadable(raw)(f"The API answered without {expected}.")


def unreadable(raw: object) -> type[BadReply]:
    """The type of error for a reply without the expected content: :class:`Incomplete` if the reply is empty."""
    return Incomplete if raw in (None, {}, [], "") else BadReply


def for_status(status: int) -> type[ApiError]:
    """The type of error for an HTTP status of 400 or more."""
    if status in (501, 505):  # the server will never do it (RFC 9110, 15.6.2 and 15.6.6)
        return ApiError
    if status in (408, 425, 429) or status >= 500:
        return Unavailable
    return {401: Unauthorized, 403: Forbidden, 404: Missing}.get(status, ApiError)


def from_dict(error: t.Mapping[str, t.Any] | None, message: str) -> ApiError:
    """The reverse of :meth:`ApiError.as_dict`, for an error of another machine.

    :param message: the sentence if ``error`` is ``None``.
    """
    if not error:
        return ApiError(message)
    types = {kind.kind: kind for kind in all_types(ApiError) if "kind" in vars(kind)}
    known = {name: error.get(name) for name in ("status", "code", "request_id", "retry_after")}
    found = types.get(error["kind"], ApiError)(error["message"], **known)
    found.of_account = bool(error.get("of_account"))
    return found


def all_types(base: type[ApiError]) -> t.Iterator[type[ApiError]]:
    """The type and all its subclasses, direct and indirect."""
    yield base
    for child in base.__subclasses__():
        yield from all_types(child)
