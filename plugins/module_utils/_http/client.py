# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client for a vendor's JSON API: paths, credentials and their renewal, error envelopes. Each request ends in JSON or in a typed
error.

Private to the collection, as all files of this folder.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
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
from .web_page import title

Credential = t.Callable[[t.Any], t.Any]
"""Adds a credential to a prepared request and returns the request, as ``auth`` of the library requests does."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """The content of a vendor's error envelope.

    :param status: replaces the HTTP status, for an API that sends errors with 200.
    """

    message: str | None
    code: str | None = None
    request_id: str | None = None
    status: int | None = None


WRONG_PATH = "wrong_path"
"""The key of the hint for a 404 without a text of the vendor: the address is not one of the API, so no job was looked up."""

CERTIFICATE_WANTED = frozenset({400, 403, 495, 496})
"""The statuses with which a server in front of the API asks for a client certificate, or refuses one. nginx sends 400, with "No required
SSL certificate was sent" (inside it, 496) or "The SSL certificate error" (495) as the title of its page."""

FaultReader = t.Callable[[int, t.Any], t.Optional[Fault]]
"""Reads a vendor's error envelope from an HTTP status and a body (parsed JSON; ``None`` if it is not JSON). Returns ``None`` if the
body is an answer, or is not documented by the vendor."""


@dataclasses.dataclass(frozen=True)
class Login:
    """The means of a login.

    :param send: as :meth:`Transport.send`, with the deadline of the reading.
    :param transport: for requests without that deadline.
    :param secrets: must receive the secrets of a new credential before the credential is used.
    :param tokens: a cache of tokens that several clients share.
    """

    send: t.Callable[..., Reply]
    transport: Transport
    secrets: Secrets
    tokens: TokenCache


Flow = t.Generator[Credential, Reply, None]
"""The credentials for one request: yields a credential, receives the reply, and yields another credential if that may help."""


class Auth(t.Protocol):
    """A way to authenticate (see ``auth``)."""

    secrets: frozenset[str]
    """The secrets in the options."""

    def flow(self, login: Login) -> Flow:
        """Yields the credentials for one request.

        :raises ApiError: if a login fails.
        """

    def close(self, transport: Transport) -> None:
        """Ends the session that a login began. Never fails."""


class Connection:
    """The connection to one API for one account; safe for use by many threads at once.

    :param transport: sends the requests.
    :param base_url: the beginning of all addresses.
    :param auth: the way to authenticate.
    :param read_fault: reads the vendor's error envelopes.
    :param hints: for each kind of error (or :data:`WRONG_PATH`) a sentence on what to do about it.
    :param secrets: receives the credentials before a reply can repeat them.
    :param tokens: a cache of tokens that several connections share.
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
        self.transport = transport
        self.base_url = base_url
        self.auth = auth
        self.read_fault = read_fault
        self.hints = hints
        self.secrets = secrets
        secrets.add(*auth.secrets, *transport.secrets)
        self.kept: dict[str, list[t.Any]] = {}
        """Replies that a system keeps as long as the connection exists, because their facts do not change."""
        self.tokens = tokens or TokenCache()
        self._broken_off = threading.Event()

    def reading(self, end: Deadline = NEVER) -> ApiClient:
        """A client for one reading.

        :param end: when the last answer must be complete.
        """
        return ApiClient(self, end)

    def send(self, method: str, url: str, end: Deadline, **content: t.Any) -> Reply:
        """Sends one request, as :meth:`Transport.send`.

        :raises TimedOut: if the connection was broken off.
        """
        if self._broken_off.is_set():
            raise TimedOut(f"{shown(url)} was not asked, because the task is ending.")
        return self.transport.send(method, url, end=end, **content)

    def break_off(self) -> None:
        """Refuses further requests, and ends the session while other threads may still use it. Never fails."""
        self._broken_off.set()
        self.close()

    def close(self) -> None:
        """Ends the session, if there is one, and closes the connections. Never fails."""
        self.auth.close(self.transport)
        self.transport.close()


class ApiClient:
    """Reads JSON from one API, for one reading by one thread. All requests of the reading share a deadline and a memory limit.

    As a context manager it frees the memory at the end.

    :param connection: the connection, which many readings share.
    :param end: when the last answer must be complete.
    """

    def __init__(self, connection: Connection, end: Deadline) -> None:
        self.kept = connection.kept
        self.retry_after: float | None = None
        """Seconds after which the API asks to be read again: the longest time of the good replies of this reading."""
        self._connection = connection
        self._end = end
        self._memory = ReplyMemory()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._memory.release()

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Any:
        """The JSON at a path.

        :param segments: the segments of the path, unencoded.
        :raises OptionError: for a segment that is not allowed in a path.
        :raises ApiError: if there is no answer as the API documents it.
        """
        reply = self.exchange("GET", self._url(segments), params=query)
        return read_answer(reply, self._connection.read_fault, self._connection.hints)

    def pieces(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Iterator[t.Any]:
        """The same as :meth:`get`, in pieces (see :func:`json_pieces`), for a reply of any length, while it still arrives."""
        reply = self.exchange("GET", self._url(segments), stream=True, params=query)
        for body in self.bodies(reply):
            fault = self._connection.read_fault(reply.status, body)
            if fault is not None:
                raise self.refusal(reply, fault)
            yield body

    def bodies(self, reply: Reply) -> t.Iterator[t.Any]:
        """The JSON of a reply that came as a stream, in pieces.

        :raises ApiError: for an error of the API, and for a body that is not JSON.
        """
        if reply.chunks is None:
            yield read_answer(reply, self._connection.read_fault, self._connection.hints)
            return
        with contextlib.closing(reply.chunks):
            yield from json_pieces(reply, reply.chunks)

    def exchange(
        self, method: str, url: str, status: t.Callable[[Reply], int] | None = None, **content: t.Any
    ) -> Reply:
        """The complete reply to a request with credentials, with any status.

        :param url: an address of the origin that the credentials belong to.
        :param status: returns the status of a reply that decides about a new login, for APIs that send it in the body.
        :param content: ``params``, ``form``, ``json`` and ``stream``, as :meth:`Transport.send` takes them.
        :raises ApiError: if there is no complete reply.
        """
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
        """The error for a reply, as :func:`refusal`."""
        return refusal(reply, fault, self._connection.hints)

    def _url(self, segments: t.Iterable[str]) -> str:
        return "/".join([self._connection.base_url, *map(path_segment, segments)])

    def _authorized(
        self,
        method: str,
        url: str,
        content: t.Mapping[str, t.Any],
        status: t.Callable[[Reply], int] | None,
    ) -> Reply:
        connection, send = self._connection, functools.partial(self._connection.send, end=self._end)
        login = Login(send, connection.transport, connection.secrets, connection.tokens)
        with contextlib.closing(connection.auth.flow(login)) as flow:
            credential = next(flow)
            while True:
                reply = send(method, url, auth=credential, **content)
                try:
                    credential = flow.send(dataclasses.replace(reply, status=status(reply)) if status else reply)
                except StopIteration:
                    return reply


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
    """The error for a reply: of the type that fits its status, with the vendor's own words, or the title of a web page, in one sentence.

    :param fault: the content of the vendor's error envelope, if there is one.
    :param check: the options that the address comes from.
    """
    fault = fault or Fault(None)
    status = fault.status or reply.status
    error = for_status(status)
    said, code = one_line(fault.message), one_line(fault.code)
    sentence = f"{shown(reply.url)} answered HTTP {reply.status}{f' (code {code})' if code else ''}"
    page = None if said else title(reply.body, reply.status)
    why = said or page
    sentence += f": {why.rstrip('.')}." if why else "."
    hint = hints.get(error.kind)
    if status == 404 and not (said or code):
        hint = hints.get(WRONG_PATH, hint)
    elif status in (501, 505):  # the method or the version of HTTP is not supported (RFC 9110, 15.6.2, 15.6.6)
        hint = f"Check {check}."
    if status in CERTIFICATE_WANTED and "ssl certificate" in (page or "").lower():
        hint = "Set client_cert and client_key to a client certificate that it accepts."
    return error(
        f"{sentence} {hint}" if hint else sentence,
        status=reply.status,
        code=fault.code,
        request_id=fault.request_id,
        retry_after=retry_after(reply.headers, time.time()),
    )
