# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong between us and an API, as types that say whether a later try can help."""

from __future__ import annotations

import typing as t

from ._job import Job


class OptionError(ValueError):
    """A user's option that cannot be worked with; ``str(error)`` names it and says what was expected.

    :param option: its name, or blank: the sentence is about the options as a whole.
    :param problem: what follows the name and a colon, or a whole sentence; if it begins with a blank, it follows the name itself.
    """

    def __init__(self, option: str, problem: str) -> None:
        colon = ": " if option and not problem.startswith(" ") else ""
        super().__init__(f"{option}{colon}{problem}")
        self.option = option
        self.problem = problem

    def within(self, place: str) -> OptionError:
        """The same, of an option in this place of the task."""
        if self.option:
            return OptionError(f"{place}.{self.option}", self.problem)
        return OptionError(place, self.problem[:1].lower() + self.problem[1:])


class ApiError(Exception):
    """An API did not give what was asked for; ``str(error)`` is one clear sentence without secrets.

    :param message: the sentence.
    :param status: the HTTP status, where there was an answer.
    :param code: the vendor's own code of the error.
    :param request_id: the vendor's id of the request, for its support.
    :param retry_after: seconds after which the API asks to be tried again.
    """

    kind = "rejected"
    transient = False
    """Whether a later try can help."""

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
        """What was read before it, if a reading takes several requests and the first ones were answered."""
        self.known: Job | None = None
        """The job as far as :attr:`raw` tells it."""
        self.tells: t.Mapping[str, t.Any] = {}
        """What the info module returns beyond what every info module does (:attr:`System.more`), if the replies tell it."""

    def advising(self, advice: str) -> ApiError:
        """The same error with one more sentence. A copy: one error may be raised for many jobs."""
        return self._copy(type(self), f"{self} {advice}")

    def after(self, raw: t.Any) -> ApiError:
        """The same error, met by a further request of a reading. A 404 is then not about the job.

        :param raw: what was read before it.
        """
        error = self._copy(ApiError if isinstance(self, Missing) else type(self), str(self))
        error.raw = raw
        return error

    def _copy(self, kind: type[ApiError], message: str) -> ApiError:
        error = kind(
            message, status=self.status, code=self.code, request_id=self.request_id, retry_after=self.retry_after
        )
        error.tells = self.tells
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
        }


class Unreachable(ApiError):
    """No answer: name not resolved, connection refused or reset, a body cut short."""

    kind = "unreachable"
    transient = True


class TimedOut(Unreachable):
    """No whole answer within ``request_timeout``."""

    kind = "timeout"


class Unavailable(ApiError):
    """An answer that asks for a later try: 408, 425, 429 or 5xx."""

    kind = "unavailable"
    transient = True


class Misconfigured(ApiError):
    """Settings of the machine that asks are wrong: a file, a variable, a proxy, a permission. The API has no part in it."""

    kind = "configuration"


class Untrusted(ApiError):
    """The API's certificate is not trusted."""

    kind = "certificate"


class Unauthorized(ApiError):
    """401: the credentials are not accepted, by a new login neither."""

    kind = "unauthorized"


class Forbidden(ApiError):
    """403: the credentials are accepted and not enough."""

    kind = "forbidden"


class Missing(ApiError):
    """404: the API does not know the job."""

    kind = "not_found"


class Redirected(ApiError):
    """A redirect that would carry the credentials to another origin, or that never ends."""

    kind = "redirect"


class BadReply(ApiError):
    """A body that is not what the API documents."""

    kind = "protocol"


class Unready(BadReply):
    """A body without a word of the API's. From an API that has answered well before, it is an appliance that restarts."""


class WebPage(Unready):
    """A page for people where JSON was due: a proxy's or a portal's, or an appliance's while it starts."""

    kind = "web_page"


class Incomplete(Unready):
    """No body, ``null``, ``{}``, or JSON that breaks off."""

    kind = "incomplete"


def lacking(raw: object, expected: str) -> BadReply:
    """The error for a reply that lacks what is due: :class:`Incomplete` if there is nothing in it at all.

    :param raw: the reply, as parsed from JSON.
    :param expected: what is due: ``the state of a job``.
    """
    return unreadable(raw)(f"The API answered without {expected}.")


def unreadable(raw: object) -> type[BadReply]:
    """The type of error for a reply that is not what is due: :class:`Incomplete` if there is nothing in it at all."""
    return Incomplete if raw in (None, {}, [], "") else BadReply


def for_status(status: int) -> type[ApiError]:
    """The type of error that an HTTP status of 400 or more stands for."""
    if status in (501, 505):  # the server will never do it (RFC 9110, 15.6.2 and 15.6.6)
        return ApiError
    if status in (408, 425, 429) or status >= 500:
        return Unavailable
    return {401: Unauthorized, 403: Forbidden, 404: Missing}.get(status, ApiError)


def from_dict(error: t.Mapping[str, t.Any] | None, message: str) -> ApiError:
    """The error that :meth:`ApiError.as_dict` came from, on another machine.

    :param message: the sentence where there is no ``error``.
    """
    if not error:
        return ApiError(message)
    types = {kind.kind: kind for kind in all_types(ApiError) if "kind" in vars(kind)}
    known = {name: error.get(name) for name in ("status", "code", "request_id", "retry_after")}
    return types.get(error["kind"], ApiError)(error["message"], **known)


def all_types(base: type[ApiError]) -> t.Iterator[type[ApiError]]:
    """The type and all that are kinds of it."""
    yield base
    for child in base.__subclasses__():
        yield from all_types(child)
