# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login that a profile describes: a session with a token or a cookie."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ..._errors import ApiError, BadReply, Incomplete, OptionError
from ..._http.auth import LOGOUT_TIMEOUT, LoggedIn, LoginAuth, with_headers
from ..._http.client import Credential, Fault, Login, refusal
from ..._http.json_body import parse_json, without_controls
from ..._http.transport import Reply, Transport
from .answer import Answer, as_text
from .auth_ways import Session

_HINT = "Check username, password and api_url."
_HINTS = {"unauthorized": _HINT, "forbidden": _HINT, "not_found": "Check api_url."}


def answer_of(reply: Reply, may_be_empty: bool = False) -> Answer:
    """A reply in the form that profiles read.

    :param may_be_empty: whether a good reply may have no body.
    :raises BadReply: for a good reply that is not JSON.
    """
    body, text = None, None
    try:
        body = parse_json(reply)
    except BadReply as error:
        is_empty = isinstance(error, Incomplete) and not reply.body.strip()
        if reply.status < 400 and not (is_empty and (may_be_empty or reply.status in (202, 204))):
            raise
        text = reply.body.decode(errors="replace") or None
    return Answer(reply.status, headers_of(reply), body, text, dict(reply.cookies))


def headers_of(reply: Reply) -> dict[str, str]:
    """The headers of a reply in the form that profiles read: with names in lower case, and as clean as a body."""
    return {name.lower(): without_controls(value) for name, value in reply.headers.items()}


class SessionOfProfile(LoginAuth):
    """A session of a profile.

    :param way: the login, the values to take from its answer, and the headers to send.
    :param base_url: the beginning of all addresses.
    :param values: options and variables by name.
    :param headers: the headers of each request, including logins.
    :param fault: reads an error from a reply.
    :param basic: the headers of HTTP Basic, for a login that carries them.
    :param clock: seconds, monotonic.
    """

    def __init__(
        self,
        way: Session,
        base_url: str,
        values: t.Mapping[str, str],
        headers: t.Mapping[str, str],
        fault: t.Callable[[Answer], Fault | None],
        basic: t.Mapping[str, str] | None = None,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(clock=clock)
        self.renew_on = way.renew_on
        self._way = way
        self._base_url = base_url
        self._values = values
        self._fixed = headers
        self._basic = basic or {}
        self._fault = fault
        self._request = way.login.request(base_url, values)
        self._open: tuple[Credential, dict[str, str]] | None = None
        """The credential of the session that must be ended, and the values taken from the login's answer."""

    def close(self, transport: Transport) -> None:
        """Logs out, if the profile has a logout. Never fails."""
        opened, self._open = self._open, None
        if opened is None or self._way.logout is None:
            return
        credential, taken = opened
        with contextlib.suppress(ApiError, OptionError):
            addresses = self._way.logout_addresses()
            request = self._way.logout.request(self._base_url, {**self._values, **taken}, addresses)
            transport.send(request.method, request.url, auth=credential, request_timeout=LOGOUT_TIMEOUT)

    def _login(self, login: Login) -> LoggedIn:
        # The old session may still be open: the API may have refused only one request.
        self.close(login.transport)
        began, request = self._clock(), self._request
        headers = with_headers({**self._fixed, **self._basic})
        reply = login.send(request.method, request.url, auth=headers, **request.content)
        answer = answer_of(reply, may_be_empty=True)
        found = {name: _verbatim(source.find(answer.body, answer)) for name, source in self._way.take.items()}
        taken = {name: text for name, text in found.items() if text is not None}
        if reply.status >= 400 or len(taken) < len(found):
            raise self._refused(reply, answer, found)
        try:
            own = {name: text.header({**self._values, **taken}) for name, text in self._way.send.items()}
        except OptionError as error:
            raise BadReply(f"{request.url} answered a login with a {error.option} that no header can carry.") from None
        credential = with_headers({**self._fixed, **own})
        self._open = (credential, taken)
        sent: set[str] = set().union(*(text.names for text in self._way.send.values()))
        renew_at = began + (self._way.lifetime or float("inf"))
        return LoggedIn(credential, frozenset(taken[name] for name in sent & taken.keys()), renew_at)

    def _refused(self, reply: Reply, answer: Answer, found: t.Mapping[str, str | None]) -> ApiError:
        fault = self._fault(answer)
        if reply.status >= 400:
            return refusal(reply, fault, _HINTS, "api_url, username and password")
        if fault:  # an error with status 200 in the answer to a login means that the login was refused
            return refusal(reply, Fault(fault.message, fault.code, fault.request_id, 401), _HINTS)
        lacking = next(name for name, text in found.items() if text is None)
        error = Incomplete if answer.body is None and answer.text is None else BadReply
        return error(
            f"{self._request.url} answered a login without {self._way.take[lacking]}, from which {lacking} is taken.",
            status=reply.status,
        )


def _verbatim(value: t.Any) -> str | None:
    """A token as sent; ``None`` if there is none. It is not cleaned like a text for messages, because it is sent back to the API."""
    return value.strip() or None if isinstance(value, str) else as_text(value)
