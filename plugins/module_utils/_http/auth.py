# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One small class per way to authenticate. A credential is a callable that puts itself on a prepared request."""

from __future__ import annotations

import abc
import base64
import contextlib
import dataclasses
import threading
import time
import typing as t

from .._errors import ApiError, BadReply, Missing, OptionError
from .._text import one_line
from .._values import mapping, number
from .client import Credential, Fault, FaultReader, read_answer
from .transport import Transport


class StaticAuth:
    """A credential that is given and stays: there is nothing to renew and nothing to end.

    :param header: the header that carries it.
    :param value: the header's whole value.
    :param secrets: the parts of it that nobody else must see.
    """

    renew_on: frozenset[int] = frozenset()

    def __init__(self, header: str, value: str, *secrets: str) -> None:
        self.secrets = frozenset(secrets)
        self._credential = _headers({header: value})

    def credential(self, transport: Transport) -> Credential:
        """The one credential."""
        return self._credential

    def discard(self, credential: Credential) -> bool:
        """Nothing can replace it."""
        return True

    def close(self, transport: Transport) -> None:
        """There is nothing to end."""


def token_auth(scheme: str, option: str, token: str) -> StaticAuth:
    """A ready token: ``Authorization: <scheme> <token>``.

    :param option: the option that the token came from.
    :raises OptionError: for a token that cannot stand in a header.
    """
    if not _header_safe(token):
        raise OptionError(option, "expected a token of printable ASCII characters, without blanks and line feeds.")
    return StaticAuth("Authorization", f"{scheme} {token}", token)


def basic_auth(username: str, password: str) -> StaticAuth:
    """HTTP Basic, in UTF-8 (RFC 7617)."""
    encoded = base64.b64encode(f"{username}:{password}".encode()).decode()
    return StaticAuth("Authorization", f"Basic {encoded}", password, encoded)


class _Login(abc.ABC):
    """A credential that is obtained by a login, shared by all threads and replaced when it is no longer good."""

    renew_on: frozenset[int]

    def __init__(self, *secrets: str) -> None:
        self.secrets = frozenset(secrets)
        self._lock = threading.Lock()
        self._credential: Credential | None = None
        self._logins = 0  # that have ended
        self._failure: ApiError | None = None

    def credential(self, transport: Transport) -> Credential:
        """The present credential, got by a new login where there is none or it is about to expire.

        :raises ApiError: when the login fails; to all threads that waited for it.
        """
        before = self._logins
        with self._lock:
            if self._credential is None or self._expired():
                if self._logins != before and self._failure is not None:
                    raise self._failure.with_traceback(None)
                self._credential, self._failure = None, None
                try:
                    self._credential = self._login(transport)
                except Missing as error:
                    # The place to log in at is missing, and not the job.
                    self._failure = ApiError(str(error), status=error.status, code=error.code)
                    raise self._failure from None
                except ApiError as error:
                    self._failure = error
                    raise
                finally:
                    self._logins += 1
            return self._credential

    def discard(self, credential: Credential) -> bool:
        """Have a rejected credential replaced; false where another thread has done so already."""
        with self._lock:
            if self._credential is not credential:
                return False
            self._credential = None
            return True

    def _expired(self) -> bool:
        return False

    @abc.abstractmethod
    def _login(self, transport: Transport) -> Credential:
        """A new credential."""


class ClientCredentials(_Login):
    """OAuth2 client credentials (RFC 6749, 4.4). Made by :func:`client_credentials`.

    :param scope: the scope that is asked for.
    :param clock: seconds, monotonic.
    """

    renew_on = frozenset({401})
    MARGIN = 60.0
    """Seconds before a token's expiry at which it is renewed."""

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        scope: str,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(client_secret)
        self._token_url = token_url
        self._client = basic_auth(client_id, client_secret)
        self.secrets |= self._client.secrets
        self._scope = scope
        self._clock = clock
        self._renew_at = 0.0

    def close(self, transport: Transport) -> None:
        """A token cannot be handed back; it stays for the next caller of this process."""

    def _expired(self) -> bool:
        return self._clock() >= self._renew_at

    def _login(self, transport: Transport) -> Credential:
        asked = self._clock()
        reply = transport.send(
            "POST",
            self._token_url,
            auth=self._client.credential(transport),
            form={"grant_type": "client_credentials", "scope": self._scope},
        )
        answer = mapping(
            read_answer(
                reply,
                _oauth_fault,
                {"unauthorized": "Check client_id, client_secret and token_url.", "not_found": "Check token_url."},
                "token_url",
            )
        )
        token = answer.get("access_token")
        if not isinstance(token, str) or not _header_safe(token):
            raise BadReply(f"{self._token_url} answered without a usable access_token.", status=reply.status)
        lifetime = number(answer.get("expires_in"))
        if lifetime is None:
            lifetime = float("inf")  # a 401 will tell
        self._renew_at = asked + max(lifetime - self.MARGIN, lifetime / 2)
        self.secrets |= {token}
        return _headers({"Authorization": f"Bearer {token}"})


_CLIENTS: dict[tuple[str, ...], ClientCredentials] = {}
"""Of this process: attempts of one ``until:`` loop, and tasks' items, share a token instead of asking for one each."""


def client_credentials(token_url: str, client_id: str, client_secret: str, scope: str) -> ClientCredentials:
    """The one :class:`ClientCredentials` of this process for these arguments."""
    key = (token_url, client_id, client_secret, scope)
    return _CLIENTS.setdefault(key, ClientCredentials(*key))


class SessionLogin(_Login):
    """A session: a login answers with cookies and a token against cross-site requests, a logout ends it.

    :param login_url: where a POST begins a session and a DELETE ends it.
    :param body: what is posted.
    :param secret: the secret in it.
    :param csrf_header: the header that carries the token.
    :param read_csrf: finds the token in the login's answer; ``None`` where it has none.
    :param read_fault: the vendor's reading of its error envelopes.
    :param headers: what the login is sent with beside it.
    """

    # Vendors answer an expired session with either.
    renew_on = frozenset({401, 403})
    LOGOUT_TIMEOUT = 2.0
    """Seconds. A logout is a courtesy: sessions end by themselves, and a job's outcome must not wait for it."""

    def __init__(
        self,
        login_url: str,
        body: t.Mapping[str, str],
        secret: str,
        csrf_header: str,
        read_csrf: t.Callable[[t.Any], str | None],
        read_fault: FaultReader,
        headers: t.Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(secret)
        self._url = login_url
        self._body = body
        self._csrf_header = csrf_header
        self._read_csrf = read_csrf
        self._read_fault = read_fault
        self._headers = headers or {}
        self._session: Credential | None = None

    def close(self, transport: Transport) -> None:
        """Log out. Never fails."""
        if self._session is not None:
            with contextlib.suppress(ApiError):
                transport.send("DELETE", self._url, auth=self._session, timeout=self.LOGOUT_TIMEOUT)
            self._session = None

    def _login(self, transport: Transport) -> Credential:
        # A 403 may be for a session that lives on, of a user who may not read.
        self.close(transport)
        reply = transport.send("POST", self._url, auth=_headers(self._headers), json=dict(self._body))
        hint = "Check username and password."
        hints = {"unauthorized": hint, "forbidden": hint, "not_found": "Check api_url."}
        answer = read_answer(reply, self._refused, hints, "api_url, username and password")
        csrf = self._read_csrf(answer) or reply.cookies.get("csrf")
        values = [*reply.cookies.values(), csrf or ""]
        if not reply.cookies or not all(_header_safe(value) for value in values if value):
            raise BadReply(f"{self._url} answered a login without usable cookies.", status=reply.status)
        self.secrets |= {value for value in values if len(value) >= 16}  # shorter ones are no secrets: a user, a time
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in reply.cookies.items())}
        self._session = _headers({**headers, self._csrf_header: csrf} if csrf else headers)
        return self._session

    def _refused(self, status: int, content: t.Any) -> Fault | None:
        """An error that comes with 200 is the refusal of the login, whatever it is for other requests."""
        fault = self._read_fault(status, content)
        return dataclasses.replace(fault, status=401) if fault and status < 400 else fault


def _headers(headers: t.Mapping[str, str]) -> Credential:
    def put(request: t.Any) -> t.Any:
        request.headers.update(headers)
        return request

    return put


def _header_safe(value: str) -> bool:
    return value.isascii() and value.isprintable() and " " not in value and value != ""


def _oauth_fault(status: int, content: t.Any) -> Fault | None:
    """``{"error": …, "error_description": …}`` (RFC 6749, 5.2)."""
    answer = mapping(content)
    if status < 400:
        return None
    return Fault(one_line(answer.get("error_description")), code=one_line(answer.get("error")))
