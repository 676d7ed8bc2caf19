# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns exceptions of requests and urllib3 into errors of ours, by their cause: this machine, the proxy, the network or the API."""

from __future__ import annotations

import errno
import http.client
import importlib
import re
import socket
import ssl
import typing as t

from .._errors import (
    ApiError,
    BadReply,
    Misconfigured,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
    Untrusted,
    for_status,
)
from .._text import one_line
from .library import requests, urllib3
from .proxy import Proxy
from .total_timeout import LONGEST_HEAD

EXHAUSTED = (errno.EMFILE, errno.ENFILE)
FORBIDDEN = (errno.EACCES, errno.EPERM)
NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
"""OpenSSL's reasons if the other side does not speak TLS; the second reason exists since OpenSSL 3.2."""

ASKS_FOR_CERTIFICATE = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
REFUSES_CERTIFICATE = (
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "TLSV1_ALERT_UNKNOWN_CA",
    "TLSV1_ALERT_ACCESS_DENIED",
)
"""OpenSSL's reasons if a server rejects the client's certificate (RFC 8446, 6.2)."""
NO_REASON_GIVEN = "SSLV3_ALERT_HANDSHAKE_FAILURE"
"""OpenSSL's reason up to TLS 1.2 if the server requires a client certificate, and for every other failure to agree on a connection."""

# http.client raises a plain OSError. The proxy's status is in its text only.
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")


def failure(
    error: Exception,
    origin: str,
    proxy: Proxy | None,
    late: TimedOut,
    untrusted: t.Callable[[BaseException], Untrusted],
    shows_certificate: bool,
) -> ApiError:
    """The error of ours for an exception that a request has raised.

    :param proxy: the proxy of the request.
    :param late: the error to return if the request took too long.
    :param untrusted: makes the error for a certificate of the origin that is not trusted.
    :param shows_certificate: whether there is a client certificate.
    """
    causes = _causes(error)
    numbers = {one.errno for one in causes if isinstance(one, OSError)}
    if numbers.intersection(EXHAUSTED):
        # Transient: other tasks will close their files.
        mend = "raise its limit (ulimit -n), or run fewer tasks at once"
        return Unreachable(f"This machine has no file descriptors left to reach {origin} ({_reason(error)}); {mend}.")
    # The client certificate is shown to the API but not to the proxy, so a server that misses it is the proxy.
    lacks_certificate = shows_certificate and getattr(causes[-1], "reason", None) == ASKS_FOR_CERTIFICATE
    if proxy and (lacks_certificate or _is_of_proxy(causes, proxy)):
        return _proxy_failure(causes, origin, proxy)
    if _is_untrusted(causes[-1]):
        return untrusted(causes[-1])
    if _is_late(error, causes[-1]):
        return late
    if isinstance(error, UnicodeError):
        return BadReply(f"{origin} sent what cannot be decoded ({type(error).__name__}).")
    if isinstance(causes[-1], http.client.LineTooLong):
        return BadReply(f"{origin} sent a line or headers of more than {LONGEST_HEAD // 1024} KB.")
    if isinstance(error, urllib3.exceptions.ProtocolError) or isinstance(causes[-1], http.client.IncompleteRead):
        return cut(origin)
    if isinstance(causes[-1], ssl.SSLError):
        return _handshake_failure(causes[-1], origin, shows_certificate)
    if numbers.intersection(FORBIDDEN):
        rules = "look at its firewall, and at rules such as those of SELinux"
        return Misconfigured(f"This machine forbids the connection to {origin} ({_reason(error)}); {rules}.")
    if isinstance(error, ValueError):  # such as requests' InvalidURL, before anything was sent
        return Misconfigured(f"{origin} cannot be asked ({_reason(error)}); check that address, and the proxy to it.")
    return Unreachable(f"{origin} cannot be reached ({_reason(error)}).")


def cut(origin: str) -> Unreachable:
    """The error for an incomplete answer."""
    return Unreachable(f"{origin} closed the connection in the middle of its answer.")


def proxy_wants_login(origin: str, proxy: Proxy) -> Misconfigured:
    """The error for a proxy's status 407."""
    return Misconfigured(
        f"The proxy for {origin} asks for a user and a password, or for others (HTTP 407); check the URL in {proxy.setting}."
    )


def _is_of_proxy(causes: t.Sequence[BaseException], proxy: Proxy) -> bool:
    """Whether the proxy fails, and not a server behind the proxy."""
    if proxy.is_socks:
        # PySocks is installed, or the request would not have begun. SOCKS5Error and SOCKS4Error are about the server behind the proxy.
        socks = importlib.import_module("socks")

        return any(
            isinstance(one, (socks.ProxyConnectionError, socks.GeneralProxyError, socks.SOCKS5AuthError))
            for one in causes
        )
    return any(isinstance(one, urllib3.exceptions.ProxyError) for one in causes)


def _proxy_failure(causes: t.Sequence[BaseException], origin: str, proxy: Proxy) -> ApiError:
    cause = causes[-1]
    refusal = _TUNNEL.search(str(cause))
    status = int(refusal[1]) if refusal else 0
    if status == 407:
        return proxy_wants_login(origin, proxy)
    what = f"The proxy for {origin} cannot be used ({_reason(cause)}); check {proxy.setting}."
    is_ours = (
        (refusal and for_status(status) is not Unavailable)
        or _is_untrusted(cause)
        or (isinstance(cause, ssl.SSLError) and cause.reason in (*NOT_TLS, ASKS_FOR_CERTIFICATE))
        or getattr(cause, "errno", None) in FORBIDDEN
        or type(cause).__name__ == "SOCKS5AuthError"
    )
    return Misconfigured(what) if is_ours else Unreachable(what)


def _is_late(error: Exception, cause: BaseException) -> bool:
    if isinstance(cause, urllib3.exceptions.NewConnectionError):  # a subclass of urllib3's timeout errors
        return False
    types = (socket.timeout, urllib3.exceptions.TimeoutError)
    return isinstance(error, requests.exceptions.Timeout) or isinstance(cause, types)


def _is_untrusted(error: BaseException) -> bool:
    # urllib3 1.26 compares the certificate's name itself.
    own: t.Any = urllib3.connectionpool
    return isinstance(error, (ssl.SSLCertVerificationError, own.CertificateError))


def _handshake_failure(error: ssl.SSLError, origin: str, shows_certificate: bool) -> ApiError:
    if error.reason == ASKS_FOR_CERTIFICATE:
        return Unauthorized(
            f"{origin} asks for a client certificate; set client_cert, and client_key if the key is apart."
        )
    if error.reason in REFUSES_CERTIFICATE and shows_certificate:
        why = error.reason.partition("ALERT_")[2].replace("_", " ").lower()
        return Unauthorized(f"{origin} does not accept the client certificate ({why}); check client_cert.")
    if error.reason in NOT_TLS:
        return Unreachable(f"{origin} does not speak TLS; check whether its address must begin with http, not https.")
    # Transient: a server that is shut down during a handshake will be back.
    asks = not shows_certificate and error.reason == NO_REASON_GIVEN
    advice = "; if it asks for a client certificate, set client_cert" if asks else ""
    return Unreachable(f"{origin} broke off the TLS handshake ({_reason(error)}){advice}.")


def _causes(error: BaseException) -> list[BaseException]:
    """The error and its causes, the original cause last: requests and urllib3 wrap an error up to four times, as an argument, reason,
    context or cause."""
    causes = [error]
    while True:
        error = causes[-1]
        context = None if error.__suppress_context__ else error.__context__
        inner = [getattr(error, "reason", None), *error.args, error.__cause__, context]
        found = next((one for one in inner if isinstance(one, BaseException) and one not in causes), None)
        if found is None:
            return causes
        causes.append(found)


def _reason(error: BaseException) -> str:
    """The text of the operating system or of urllib3, without addresses of objects and without URLs (that of a proxy may contain a
    password)."""
    cause = _causes(error)[-1]
    text = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return one_line(text.split("object at 0x")[-1].split("://")[0]) or type(cause).__name__
