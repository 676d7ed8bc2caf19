# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vendor's JSON API over HTTP: paths, credentials and their renewal, error envelopes; ends in JSON or in a typed error.

Private to the collection, as all files of this folder.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import threading
import time
import typing as t

from .._errors import ApiError, BadReply, TimedOut, for_status
from .._secrets import Secrets
from .._text import one_line
from .deadline import NEVER, Deadline
from .json_body import parse_json
from .json_pieces import json_pieces
from .reply_memory import ReplyMemory
from .tokens import TokenCache
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


@dataclasses.dataclass(frozen=True)
class Login:
    """What a login may use.

    :param send: as :meth:`Transport.send`, in time for the reading.
    :param transport: for what need not be in time for it.
    :param secrets: must be told what a login gives, before it is used.
    :param tokens: those of other clients.
    """

    send: t.Callable[..., Reply]
    transport: Transport
    secrets: Secrets
    tokens: TokenCache


Flow = t.Generator[Credential, Reply, None]
"""The credentials for one request: yields one, is sent the reply, and yields another one as long as that may help."""


class Auth(t.Protocol):
    """A way to authenticate (see ``auth``)."""

    secrets: frozenset[str]
    """What nobody else must see of what was given."""

    def flow(self, login: Login) -> Flow:
        """The credentials for one request.

        :raises ApiError: if a login that is needed for them fails.
        """

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
    :param tokens: those that other clients have obtained, and for them.
    """

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        auth: Auth,
        read_fault: FaultReader,
        hints: t.Mapping[str, str],
        secrets: Secrets,
        tokens: TokenCache | None = None,
    ) -> None:
        self._transport = transport
        self._base_url = base_url
        self._auth = auth
        self._read_fault = read_fault
        self._hints = hints
        self._secrets = secrets
        secrets.add(*auth.secrets)
        self.kept: dict[str, list[t.Any]] = {}
        """Replies that a system keeps for as long as this client lives, because what they tell does not change."""
        self._tokens = tokens or TokenCache()
        self._broken_off = threading.Event()
        self._end = NEVER
        self._memory: ReplyMemory | None = None
        self.retry_after: float | None = None
        """Seconds after which the API asks to be read again: the longest time in the good replies of this reading."""

    @contextlib.contextmanager
    def reading(self, end: Deadline = NEVER) -> t.Iterator[ApiClient]:
        """This client for one reading by one thread: whatever requests it takes, they end in time, and their replies have one limit.

        :param end: when the last answer must be whole.
        """
        reading = copy.copy(self)
        reading._end, reading._memory, reading.retry_after = end, ReplyMemory(), None
        try:
            yield reading
        finally:
            reading._memory.release()

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Any:
        """The JSON at the path made of ``segments``, each of which is percent-encoded whole.

        :raises OptionError: for a segment that is not allowed in a path.
        :raises ApiError: for anything but an answer as the API documents it.
        """
        if self._memory is None:
            with self.reading() as reading:
                return reading.get(*segments, query=query)
        url = "/".join([self._base_url, *map(path_segment, segments)])
        return read_answer(self.exchange("GET", url, params=query), self._read_fault, self._hints)

    def pieces(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Iterator[t.Any]:
        """The same as :meth:`get` in pieces (see :func:`json_pieces`), however long it is, while it still arrives."""
        url = "/".join([self._base_url, *map(path_segment, segments)])
        reply = self.exchange("GET", url, stream=True, params=query)
        for body in self.bodies(reply):
            fault = self._read_fault(reply.status, body)
            if fault is not None:
                raise refusal(reply, fault, self._hints)
            yield body

    def bodies(self, reply: Reply) -> t.Iterator[t.Any]:
        """The JSON of a reply that came as a stream, in pieces.

        :raises ApiError: for a reply that is none, or no good one.
        """
        if reply.chunks is None:
            yield read_answer(reply, self._read_fault, self._hints)
            return
        with contextlib.closing(reply.chunks):
            yield from json_pieces(reply, reply.chunks)

    def exchange(
        self, method: str, url: str, status: t.Callable[[Reply], int] | None = None, **content: t.Any
    ) -> Reply:
        """The whole reply to a request with credentials, whatever its status.

        :param url: of the origin that the credentials belong to.
        :param status: the status of a reply for the login, if it is not the one that it came with.
        :param content: ``params``, ``form``, ``json`` and ``stream``, as :meth:`Transport.send` takes them.
        :raises ApiError: if there is no whole reply.
        """
        if self._memory is None:
            with self.reading() as reading:
                return reading.exchange(method, url, status, **content)
        self._memory.release()
        reply = self._authorized(method, url, content, status)
        if reply.status < 400:
            asked = retry_after(reply.headers, time.time())
            self.retry_after = max(filter(None, (self.retry_after, asked)), default=None)
        if self._memory.take(reply.body):
            return reply
        if reply.status < 400:
            remedy = "ask for less, for example for fewer jobs"
            raise BadReply(f"The reply of {shown(url)} is too large to be read; {remedy}.", status=reply.status)
        return dataclasses.replace(reply, body=b"")  # the status says enough

    def refusal(self, reply: Reply, fault: Fault | None) -> ApiError:
        """The error that a reply is."""
        return refusal(reply, fault, self._hints)

    def break_off(self) -> None:
        """Refuse further requests, and end the session while others may still use it. Never fails."""
        self._broken_off.set()
        self.close()

    def close(self) -> None:
        """End the session, where there is one, and close the connections. Never fails."""
        self._auth.close(self._transport)
        self._transport.close()

    def _authorized(
        self,
        method: str,
        url: str,
        content: t.Mapping[str, t.Any],
        status: t.Callable[[Reply], int] | None,
    ) -> Reply:
        login = Login(self._send, self._transport, self._secrets, self._tokens)
        with contextlib.closing(self._auth.flow(login)) as flow:
            credential = next(flow)
            while True:
                reply = self._send(method, url, auth=credential, **content)
                try:
                    credential = flow.send(dataclasses.replace(reply, status=status(reply)) if status else reply)
                except StopIteration:
                    return reply

    def _send(self, method: str, url: str, **content: t.Any) -> Reply:
        if self._broken_off.is_set():
            raise TimedOut(f"{shown(url)} was not asked, because the task is ending.")
        return self._transport.send(method, url, end=self._end, **content)


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
    raise refusal(reply, fault, hints, check)


def refusal(reply: Reply, fault: Fault | None, hints: t.Mapping[str, str], check: str = "api_url") -> ApiError:
    """The error that a reply is: of the type that fits its status, with the vendor's own words in one sentence.

    :param fault: what the vendor's error envelope says, if it is one.
    :param check: the options that the address comes from.
    """
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
    return error(
        f"{sentence} {hint}" if hint else sentence,
        status=reply.status,
        code=fault.code,
        request_id=fault.request_id,
        retry_after=retry_after(reply.headers, time.time()),
    )
