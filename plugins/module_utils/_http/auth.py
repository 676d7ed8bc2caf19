# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One small class per way to authenticate. Each is a flow of credentials for one request, read from top to bottom."""

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


class StaticAuth:
    """A credential that is given and stays: there is nothing to renew and nothing to end.

    :param headers: the headers that carry it.
    :param secrets: the parts of them that nobody else must see.
    """

    def __init__(self, headers: t.Mapping[str, str], *secrets: str) -> None:
        self.secrets = frozenset(secrets)
        self.headers = headers
        self.credential = with_headers(headers)

    def flow(self, login: Login) -> Flow:
        """The one credential."""
        yield self.credential

    def close(self, transport: Transport) -> None:
        """There is nothing to end."""


def token_auth(scheme: str, option: str, token: str) -> StaticAuth:
    """A ready token: ``Authorization: <scheme> <token>``.

    :param option: the option that the token came from.
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
    """What a login gives.

    :param secrets: what nobody else must see of it.
    :param renew_at: when (seconds, by the login's clock) another login is due.
    :param is_worth_renewing: whether a new login may help once it is rejected. Not if it has come in place of a rejected one and
        was rejected itself.
    """

    credential: Credential
    secrets: frozenset[str]
    renew_at: float = float("inf")
    is_worth_renewing: bool = True


class LoginAuth(abc.ABC):
    """A credential that is obtained by a login, shared by all threads, and replaced once if it is rejected."""

    renew_on: frozenset[int]
    """The HTTP statuses that a new login may mend."""

    def __init__(self, *secrets: str, clock: t.Callable[[], float] = time.monotonic) -> None:
        self.secrets = frozenset(secrets)
        self._clock = clock
        self._lock = threading.Lock()
        self._session: LoggedIn | None = None
        self._has_worked = False
        """Whether a login ever succeeded."""
        self._refusal: ApiError | None = None
        """Why a login was refused. It is not tried again: accounts are locked for less."""
        self._attempts = 0
        """Logins that have ended."""
        self._failure: ApiError | None = None
        """Why the last of them failed."""

    def flow(self, login: Login) -> Flow:
        """The present credential; if that is rejected, the one that another thread has obtained meanwhile, or that of a new
        login, of which there is one for a request.

        :raises ApiError: if a login fails.
        """
        (session, _is_new), has_renewed = self._present(login), False
        while True:
            try:
                reply = yield session.credential
            except GeneratorExit:  # there is no reply, so that nobody knows whether the credential is good
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
        """The session that all threads share, and whether it is that of a new login: if there is none, or if it is about to expire
        or was rejected."""
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
        """Raise what holds for this thread, too: a refusal, or the failure of a login that it has waited for."""
        failure = self._refusal or (self._failure if self._attempts != seen else None)
        if failure:
            raise failure.with_traceback(None)  # one error for many jobs, which would gather their tracebacks

    def _attempt(self, login: Login) -> LoggedIn:
        self._failure = None
        try:
            return self._login(login)
        except ApiError as error:
            # A place to log in at that is missing is not the job.
            is_missing = isinstance(error, Missing)
            self._failure = ApiError(str(error), status=error.status, code=error.code) if is_missing else error
            # An appliance that did let us in, and now shows a page or nothing, restarts.
            if not error.transient and not (isinstance(error, Unready) and self._has_worked):
                self._refusal = self._failure
            raise self._failure from None
        finally:
            self._attempts += 1

    def _known(self, login: Login) -> LoggedIn | None:
        """A session that was obtained before, by another client."""
        return None

    @abc.abstractmethod
    def _login(self, login: Login) -> LoggedIn:
        """Log in.

        :raises ApiError: if that fails.
        """


class TokenLogin(LoginAuth):
    """A token by OAuth2 (RFC 6749), sent as ``Authorization: Bearer``.

    :param token_url: where it is asked for.
    :param form: what is posted.
    :param client: the headers of that request.
    :param secrets: what nobody else must see of both.
    :param headers: those that each request has beside the token.
    :param check: the options that the account comes from.
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
        """A token cannot be handed back."""

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
            lifetime = float("inf")  # a 401 will tell
        renew_at = began + max(lifetime - self.MARGIN, lifetime / 2)
        credential = with_headers({**self._headers, "Authorization": f"Bearer {token}"})
        session = LoggedIn(credential, frozenset({token}), renew_at)
        login.tokens.put(self._key(login), session)
        return session

    def _key(self, login: Login) -> tuple[str, ...]:
        """What a token belongs to. The endpoint may tie it to the client's certificate (RFC 8705, 3)."""
        return (*self._account, repr(login.transport.own_certificate))


class ClientCredentials(TokenLogin):
    """OAuth2 client credentials (RFC 6749, 4.4).

    :param scope: the scope that is asked for.
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
        self._open: Credential | None = None
        """That of the session that has to be ended."""

    def close(self, transport: Transport) -> None:
        """Log out. Never fails."""
        session, self._open = self._open, None
        if session is not None:
            with contextlib.suppress(ApiError):
                transport.send("DELETE", self._url, auth=session, request_timeout=self.LOGOUT_TIMEOUT)

    def _login(self, login: Login) -> LoggedIn:
        # A 403 may be for a session that lives on, of a user who may not read.
        self.close(login.transport)
        reply = login.send("POST", self._url, auth=with_headers(self._headers), json=dict(self._body))
        hint = "Check username and password."
        hints = {"unauthorized": hint, "forbidden": hint, "not_found": "Check api_url."}
        answer = read_answer(reply, self._refused, hints, "api_url, username and password")
        csrf = self._read_csrf(answer) or reply.cookies.get("csrf")
        values = [*reply.cookies.values(), csrf or ""]
        if not reply.cookies or not all(_header_safe(value) for value in values if value):
            raise BadReply(f"{self._url} answered a login without usable cookies.", status=reply.status)
        secrets = frozenset(value for value in values if len(value) >= 16)  # shorter ones are none: a user, a time
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in reply.cookies.items())}
        self._open = with_headers({**headers, self._csrf_header: csrf} if csrf else headers)
        return LoggedIn(self._open, secrets)

    def _refused(self, status: int, content: t.Any) -> Fault | None:
        """An error that comes with 200 is the refusal of the login, whatever it is for other requests."""
        fault = self._read_fault(status, content)
        return dataclasses.replace(fault, status=401) if fault and status < 400 else fault


def with_headers(headers: t.Mapping[str, str]) -> Credential:
    """A credential that is made of headers."""

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
