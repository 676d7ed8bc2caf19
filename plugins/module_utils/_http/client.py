# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vendor's JSON API over HTTP: paths, credentials and their renewal, error envelopes; ends in JSON or in a typed error."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from .._errors import ApiError, BadReply, TimedOut, Unready, for_status
from .._secrets import Secrets
from .._text import one_line
from .json_body import parse_json
from .reply_memory import FREE, MOST, Load, enter, leave
from .transport import Reply, Transport, retry_after
from .url import path_segment, shown

Credential = t.Callable[[t.Any], t.Any]
"""Puts itself on a prepared request and returns it, as requests' ``auth`` does."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """What a vendor's error envelope says. ``status`` replaces the HTTP status, for an API that answers 200 to everything."""

    message: str | None
    code: str | None = None
    request_id: str | None = None
    status: int | None = None


WRONG_PATH = "wrong_path"
"""In place of a kind of error, the key of the hint on a 404 without a word of the vendor's: nobody there has looked for a job."""

FaultReader = t.Callable[[int, t.Any], t.Optional[Fault]]
"""A vendor's reading of a body (parsed, or ``None`` where it is no JSON) that came with an HTTP status: a :class:`Fault`
where it is an error envelope, ``None`` where it is an answer or nothing the vendor documents."""


class Auth(t.Protocol):
    """A way to authenticate (see ``_auth``)."""

    secrets: frozenset[str]
    """What nobody else must see: given credentials and those obtained at run time."""
    renew_on: frozenset[int]
    """The HTTP statuses that a new login may mend."""

    def credential(self, transport: Transport) -> Credential:
        """The present credential, got anew where there is none or it is about to expire."""

    def discard(self, credential: Credential) -> bool:
        """Have a rejected credential replaced by the next call of :meth:`credential`; false where it was replaced already."""

    def close(self, transport: Transport) -> None:
        """End what a login began. Never fails."""


class ApiClient:
    """Reads JSON from one API for one account; safe for use by many threads at once.

    :param transport: sends the requests.
    :param base_url: what all paths begin with.
    :param auth: the credentials.
    :param read_fault: the vendor's reading of its error envelopes.
    :param hints: by kind of error (or :data:`WRONG_PATH`), a sentence on what to do about it.
    :param secrets: is told what the credentials are, before a reply can repeat them.
    """

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        auth: Auth,
        read_fault: FaultReader,
        hints: t.Mapping[str, str],
        secrets: Secrets,
    ) -> None:
        self._transport = transport
        self._base_url = base_url
        self._auth = auth
        self._read_fault = read_fault
        self._hints = hints
        self._answered = False
        """Whether there was a good answer."""
        self._secrets = secrets
        secrets.add(*auth.secrets)
        self.kept: dict[str, list[t.Any]] = {}
        """Replies that a system keeps for as long as this client lives, because what they tell does not change."""
        self._refusal: ApiError | None = None
        """Why a login was refused. It is not tried again: accounts are locked for less."""
        self._renewal: Credential | None = None
        """The credential that has replaced a rejected one and was not accepted itself so far: if it is not, no other will be."""

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None, load: Load | None = None) -> t.Any:
        """The JSON at the path made of ``segments``, each of which is percent-encoded whole.

        :param load: what was read before it and is still needed.
        :raises OptionError: for a segment that cannot stand in a path.
        :raises ApiError: for anything but an answer as the API documents it.
        """
        url = "/".join([self._base_url, *map(path_segment, segments)])
        load = load or Load()
        reply = self._authorized(url, query)
        load.add(reply.body)
        if load.weight > MOST and reply.status >= 400:
            reply = dataclasses.replace(reply, body=b"")  # the status says enough
        elif load.weight > MOST:
            raise BadReply(f"{shown(url)} sends more than can be taken in; ask for less of it.", status=reply.status)
        if load.weight > FREE and not enter(self._transport.patience):
            raise TimedOut(f"{shown(url)} answered at length while other long answers were read.")
        answer = read_answer(reply, self._read_fault, self._hints)
        self._answered = True
        return answer

    def end_at(self, over_at: float) -> None:
        """Have each answer whole by then (seconds, monotonic), and take it for lost otherwise."""
        self._transport.over_at = over_at

    def break_off(self) -> None:
        """Refuse further requests, and end the session while others may still use it. Never fails."""
        self.end_at(0.0)
        self.close()

    def close(self) -> None:
        """End the session, where there is one, and close the connections. Never fails."""
        self._auth.close(self._transport)
        self._transport.close()
        leave()

    def _authorized(self, url: str, query: t.Mapping[str, str] | None) -> Reply:
        """Send with credentials that are renewed at most once, not counting renewals by other threads meanwhile."""
        renewed = False
        while True:
            credential = self._credential()
            if renewed:
                self._renewal = credential
            try:
                reply = self._transport.send("GET", url, auth=credential, params=query)
            except ApiError:
                if renewed:
                    self._renewal = None  # nobody knows whether it is good
                raise
            if reply.status not in self._auth.renew_on:
                self._renewal = None
                return reply
            if credential is self._renewal:
                return reply
            if self._auth.discard(credential):
                if renewed:
                    return reply
                renewed = True

    def _credential(self) -> Credential:
        if self._refusal:
            raise self._refusal.with_traceback(None)  # one error for all jobs, which would gather their tracebacks
        try:
            return self._auth.credential(self._transport)
        except ApiError as error:
            # An appliance that did answer and now shows a page, or nothing, restarts.
            restarts = isinstance(error, Unready) and self._answered
            if not (error.transient or restarts):
                self._refusal = error
            raise
        finally:
            self._secrets.add(*self._auth.secrets)


def read_answer(reply: Reply, read_fault: FaultReader, hints: t.Mapping[str, str], check: str = "api_url") -> t.Any:
    """The JSON of a good reply.

    :param check: the options that the address comes from.
    :raises ApiError: of the type that fits the status, with the vendor's own words in one sentence.
    """
    try:
        content = parse_json(reply, check)
    except BadReply:
        if reply.status < 400:
            raise
        content = None
    fault = read_fault(reply.status, content)
    if fault is None and reply.status < 400:
        return content
    fault = fault or Fault(None)
    status = fault.status or reply.status
    error = for_status(status)
    said, code = one_line(fault.message), one_line(fault.code)
    sentence = f"{shown(reply.url)} answered HTTP {reply.status}{f' (code {code})' if code else ''}"
    sentence += f": {said.rstrip('.')}." if said else "."
    hint = hints.get(error.kind)
    if status == 404 and not (said or code):
        hint = hints.get(WRONG_PATH, hint)
    elif status in (501, 505):  # not even the version of the API, or of HTTP
        hint = f"Check {check}."
    raise error(
        f"{sentence} {hint}" if hint else sentence,
        status=reply.status,
        code=fault.code,
        request_id=fault.request_id,
        retry_after=retry_after(reply.headers, time.time()),
    )
