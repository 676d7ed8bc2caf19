# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to authenticate, one class each. ``flow`` yields the credentials to try for one request."""

from __future__ import annotations

import abc
import base64
import contextlib
import dataclasses
import threading
import time
import typing as t

from .._errors import ApiError, BadReply, Missing, OptionError, Unready
from .._text import one_line
from .._values import mapping, number
from .client import Credential, Fault, FaultReader, Flow, Login, read_answer
from .transport import Transport

LOGOUT_TIMEOUT = 2.0
"""Seconds. A logout is optional, because sessions expire anyway; the outcome of a job must not wait for longer."""


class StaticAuth:
    """A fixed credential, without a login, a renewal or a logout.

    :param headers: the headers that carry the credential.
    :param secrets: the secrets in the headers.
    """

    def __init__(self, headers: t.Mapping[str, str], *secrets: str) -> None:
        self.secrets = frozenset(secrets)
        self.headers = headers
        self.credential = with_headers(headers)

    def flow(self, login: Login) -> Flow:
        """Yields the one credential."""
        yield self.credential

    def close(self, transport: Transport) -> None:
        """Does nothing: there is no session to end."""


def token_auth(scheme: str, option: str, token: str) -> StaticAuth:
    """A token that the user has given: ``Authorization: <scheme> <token>``.

    :param option: the option that the token comes from.
    :raises OptionError: for a token that is not allowed in a header.
    """
    if not _header_safe(token):
        raise OptionError(option, "expected a token of printable ASCII characters, without blanks and line feeds.")
    return StaticAuth({"Authorization": f"{scheme} {token}"}, token)


def basic_auth(username: str, password: str) -> StaticAuth:
    """HTTP Basic, in UTF-8 (RFC 7617)."""
    encoded = base64.b64encode(f"{username}:{password}".encode()).decode()
    return StaticAuth({"Authorization": f"Basic {encoded}"}, password, encoded)


@dataclasses.dataclass
class LoggedIn:
    """The result of a login.

    :param secrets: the secrets in the credential.
    :param renew_at: when (seconds, by the login's clock) another login is due.
    :param is_worth_renewing: whether a new login may help if the credential is rejected; false if the credential has replaced a
        rejected credential and has not been accepted yet.
    """

    credential: Credential
    secrets: frozenset[str]
    renew_at: float = float("inf")
    is_worth_renewing: bool = True


class LoginAuth(abc.ABC):
    """A credential that is obtained by a login, shared by all threads, and replaced once if it is rejected."""

    renew_on: frozenset[int]
    """The HTTP statuses after which a new login may help."""

    def __init__(self, *secrets: str, clock: t.Callable[[], float] = time.monotonic) -> None:
        self.secrets = frozenset(secrets)
        self._clock = clock
        self._lock = threading.Lock()
        self._session: LoggedIn | None = None
        self._has_worked = False
        """Whether a login has ever succeeded."""
        self._refusal: ApiError | None = None
        """Why a login was refused. A refused login is not repeated, because repeated refusals can lock the account."""
        self._attempts = 0
        """The count of logins that have ended."""
        self._failure: ApiError | None = None
        """Why the last login failed; ``None`` if it succeeded."""

    def flow(self, login: Login) -> Flow:
        """Yields the present credential. If that is rejected, yields the credential that another thread has obtained meanwhile, or
        that of a new login. There is at most one new login for a request.

        :raises ApiError: if a login fails.
        """
        (session, _is_new), has_renewed = self._present(login), False
        while True:
            try:
                reply = yield session.credential
            except GeneratorExit:  # there is no reply, so it is unknown whether the credential is good
                session.is_worth_renewing = True
                raise
            if reply.status not in self.renew_on:
                session.is_worth_renewing = True
                return
            if self._session is session and (has_renewed or not session.is_worth_renewing):
                return
            session, is_new = self._present(login, rejected=session)
            has_renewed = has_renewed or is_new

    def _present(self, login: Login, rejected: LoggedIn | None = None) -> tuple[LoggedIn, bool]:
        """The session that all threads share, and whether it comes from a new login. There is a new login if there is no session, or if
        the session is about to expire or was rejected."""
        seen = self._attempts
        with self._lock:
            session = self._session or (None if self._has_worked else self._known(login))
            is_new = session is None or session is rejected or self._clock() >= session.renew_at
            if session is None or is_new:
                self._raise_known_failure(seen)
                self._session = None
                session = self._attempt(login)
                session.is_worth_renewing = rejected is None
            self._session, self._has_worked = session, True
            login.secrets.add(*session.secrets)
            return session, is_new

    def _raise_known_failure(self, seen: int) -> None:
        """Raises an error that holds for this thread too: a refusal, or the failure of a login that this thread has waited for."""
        failure = self._refusal or (self._failure if self._attempts != seen else None)
        if failure:
            # The error is raised for many jobs, and would collect the traceback of each.
            raise failure.with_traceback(None)

    def _attempt(self, login: Login) -> LoggedIn:
        self._failure = None
        try:
            return self._login(login)
        except ApiError as error:
            # A 404 of a login means that its address is wrong, not that the job is missing.
            is_missing = isinstance(error, Missing)
            self._failure = ApiError(str(error), status=error.status, code=error.code) if is_missing else error
            # An appliance that accepted a login before, and now sends a web page or nothing, restarts.
            if not error.transient and not (isinstance(error, Unready) and self._has_worked):
                self._refusal = self._failure
                self._refusal.of_account = True
            raise self._failure from None
        finally:
            self._attempts += 1

    def _known(self, login: Login) -> LoggedIn | None:
        """A session that another client has obtained before; ``None`` if there is none."""
        return None

    @abc.abstractmethod
    def _login(self, login: Login) -> LoggedIn:
        """Logs in.

        :raises ApiError: if the login fails.
        """


class TokenLogin(LoginAuth):
    """A token by OAuth2 (RFC 6749), sent as ``Authorization: Bearer``.

    :param token_url: the address of the token endpoint.
    :param form: the form that is posted there.
    :param client: the headers of that request.
    :param secrets: the secrets in ``form`` and ``client``.
    :param headers: headers that each request has in addition to the token.
    :param check: the options that the account comes from, for messages.
    :param clock: seconds, monotonic.
    """

    renew_on = frozenset({401})
    MARGIN = 60.0
    """Seconds before a token's expiry at which it is renewed."""

    def __init__(
        self,
        token_url: str,
        form: t.Mapping[str, str],
        client: t.Mapping[str, str],
        secrets: t.Iterable[str],
        headers: t.Mapping[str, str] | None = None,
        check: str = "client_id, client_secret and token_url",
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(*secrets, clock=clock)
        self._token_url = token_url
        self._form = form
        self._client = client
        self._headers = headers or {}
        self._hints = {"unauthorized": f"Check {check}.", "not_found": "Check token_url."}
        self._account = (token_url, *(repr(sorted(part.items())) for part in (form, client, self._headers)))

    def close(self, transport: Transport) -> None:
        """Does nothing: a token stays valid until it expires."""

    def _known(self, login: Login) -> LoggedIn | None:
        return t.cast("LoggedIn | None", login.tokens.get(self._key(login)))

    def _login(self, login: Login) -> LoggedIn:
        began = self._clock()
        reply = login.send("POST", self._token_url, auth=with_headers(self._client), form=dict(self._form))
        answer = mapping(read_answer(reply, _oauth_fault, self._hints, "token_url"))
        token = answer.get("access_token")
        if not isinstance(token, str) or not _header_safe(token):
            raise BadReply(f"{self._token_url} answered without a usable access_token.", status=reply.status)
        lifetime = number(answer.get("expires_in"))
        if lifetime is None:
            lifetime = float("inf")  # the token is used until a 401 rejects it
        renew_at = began + max(lifetime - self.MARGIN, lifetime / 2)
        credential = with_headers({**self._headers, "Authorization": f"Bearer {token}"})
        session = LoggedIn(credential, frozenset({token}), renew_at)
        login.tokens.put(self._key(login), session)
        return session

    def _key(self, login: Login) -> tuple[str, ...]:
        """The account that a token belongs to. The endpoint may bind a token to the client's certificate (RFC 8705, 3)."""
        return (*self._account, repr(login.transport.own_certificate))


class ClientCredentials(TokenLogin):
    """OAuth2 client credentials (RFC 6749, 4.4).

    :param scope: the scope of the token.
    :param clock: seconds, monotonic.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        scope: str,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        client = basic_auth(client_id, client_secret)
        form = {"grant_type": "client_credentials", "scope": scope}
        super().__init__(token_url, form, client.headers, [*client.secrets, client_secret], clock=clock)


class SessionLogin(LoginAuth):
    """A session. The login answers with cookies and a CSRF token, and a logout ends the session.

    :param login_url: the address at which a POST begins a session and a DELETE ends it.
    :param body: the body of the POST.
    :param secret: the secret in the body.
    :param csrf_header: the header that carries the CSRF token.
    :param read_csrf: finds the CSRF token in the login's answer; returns ``None`` if the answer has none.
    :param read_fault: reads the vendor's error envelopes.
    :param headers: additional headers of the POST.
    """

    # Vendors answer an expired session with either status.
    renew_on = frozenset({401, 403})

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
        self._open: Credential | None = None
        """The credential of the session that must be ended."""

    def close(self, transport: Transport) -> None:
        """Logs out. Never fails."""
        session, self._open = self._open, None
        if session is not None:
            with contextlib.suppress(ApiError):
                transport.send("DELETE", self._url, auth=session, request_timeout=LOGOUT_TIMEOUT)

    def _login(self, login: Login) -> LoggedIn:
        # The old session may still be open: a 403 can also mean that the user lacks a permission.
        self.close(login.transport)
        reply = login.send("POST", self._url, auth=with_headers(self._headers), json=dict(self._body))
        hint = "Check username and password."
        hints = {"unauthorized": hint, "forbidden": hint, "not_found": "Check api_url."}
        answer = read_answer(reply, self._refused, hints, "api_url, username and password")
        csrf = self._read_csrf(answer) or reply.cookies.get("csrf")
        values = [*reply.cookies.values(), csrf or ""]
        if not reply.cookies or not all(_header_safe(value) for value in values if value):
            raise BadReply(f"{self._url} answered a login without usable cookies.", status=reply.status)
        # A shorter value is not a secret but, for example, a user or a time.
        secrets = frozenset(value for value in values if len(value) >= 16)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in reply.cookies.items())}
        self._open = with_headers({**headers, self._csrf_header: csrf} if csrf else headers)
        return LoggedIn(self._open, secrets)

    def _refused(self, status: int, content: t.Any) -> Fault | None:
        """The vendor's error envelope. If it came with status 200, the login was refused, so its status becomes 401."""
        fault = self._read_fault(status, content)
        return dataclasses.replace(fault, status=401) if fault and status < 400 else fault


def with_headers(headers: t.Mapping[str, str]) -> Credential:
    """A credential that consists of headers."""

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
