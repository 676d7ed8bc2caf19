# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends HTTP requests with limits on time and size. A request ends in a reply or in a typed error."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import email.utils
import threading
import typing as t
import zlib
from urllib.parse import urlsplit

from .._errors import ApiError, BadReply, Incomplete, Misconfigured, OptionError, Redirected, TimedOut, Untrusted
from .._text import one_line
from .client_certificate import ClientCertificate
from .deadline import NEVER, Deadline
from .failures import cut, failure, proxy_wants_login
from .library import requests, urllib3
from .proxy import Proxy, check_proxy, proxy_for, secrets_of
from .total_timeout import TimedAdapter
from .trust import Trust
from .url import joined, origin_of

USER_AGENT = "endstate.jobs/1.1.0 (Ansible collection)"
# gzip reduces a page of a listing to a quarter. Bodies are decompressed here, up to MAX_BODY.
HEADERS = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
MAX_BODY = 2 * 1024 * 1024
"""Bytes of a body, as sent and decompressed. The largest reply that a vendor documents has 1 MB."""
MAX_STREAM = 64 * 1024 * 1024
"""Bytes of a body that is read piece by piece, as sent and decompressed: a listing of 100,000 jobs."""
MAX_REDIRECTS = 5
LONGEST_TIMEOUT = 86400.0
SHORTEST_TIMEOUT = 0.001
"""Seconds: urllib3 refuses 0."""
_CHUNK = 16 * 1024


@dataclasses.dataclass(frozen=True)
class Reply:
    """A complete answer. The lookup of header names ignores case.

    :param chunks: the body, decompressed, if it is read piece by piece; ``body`` is then empty. Raises :class:`ApiError` if the body is
        incomplete or late. The connection is in use until the generator has ended or is closed.
    """

    method: str
    url: str
    status: int
    headers: t.Mapping[str, str]
    body: bytes
    cookies: t.Mapping[str, str]
    chunks: t.Generator[bytes, None, None] | None = None


@dataclasses.dataclass(frozen=True)
class _Route:
    """The way to an origin.

    :param proxy: the proxy, if there is one.
    :param adapter: the adapter of requests with the pools of connections.
    """

    proxy: Proxy | None
    adapter: t.Any

    @property
    def proxies(self) -> dict[str, str]:
        """The proxy, in the form that adapters of requests expect."""
        return {"all": self.proxy.url} if self.proxy else {}


class Transport:
    """Sends requests over one pool of connections; safe for use by many threads at once.

    :param validate_certs: whether a server must show a trusted certificate.
    :param ca_path: a file or folder with the CA certificates to trust instead of the default ones (see :class:`Trust`).
    :param client_cert: a PEM file with the client certificate.
    :param client_key: a PEM file with the certificate's key, if that is not in the same file.
    :param proxy: the URL of a proxy to use instead of the environment's proxy.
    :param request_timeout: seconds for one request: connecting, redirects, headers and body together.
    :param concurrency: how many connections are kept open.
    :raises OptionError: for an option that cannot be used.
    """

    def __init__(
        self,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        client_cert: str | None = None,
        client_key: str | None = None,
        proxy: str | None = None,
        request_timeout: float = 30.0,
        concurrency: int = 1,
    ) -> None:
        if not 0 < request_timeout <= LONGEST_TIMEOUT:
            expected = f"expected more than 0 and at most {LONGEST_TIMEOUT:.0f} seconds"
            raise OptionError("request_timeout", f"{expected}, got {request_timeout:g}.")
        self._request_timeout = request_timeout
        if proxy:
            check_proxy("proxy", proxy)
        self._proxy = proxy
        self.secrets = secrets_of(proxy)
        """The secrets that a proxy may quote."""
        self.own_certificate = ClientCertificate(client_cert, client_key) if client_cert else None
        """The client certificate, if there is one."""
        self._trust = Trust(validate_certs, ca_path, self.own_certificate)
        self._concurrency = concurrency
        self._lock = threading.Lock()
        self._routes: dict[str, _Route] = {}
        # Adapters instead of a session of requests. A session reads the bodies of redirects without a limit, sends passwords of .netrc
        # and cookies that belong to a login (see auth.py), and reads the environment for each request, a tenth of its CPU or more.
        self._adapters: dict[bool, t.Any] = {}
        """The adapters for connections with TLS (true) and without (false)."""

    def send(
        self,
        method: str,
        url: str,
        *,
        auth: t.Callable[[t.Any], t.Any],
        params: t.Mapping[str, str] | None = None,
        form: t.Mapping[str, str] | None = None,
        json: t.Any = None,
        end: Deadline = NEVER,
        request_timeout: float | None = None,
        stream: bool = False,
    ) -> Reply:
        """Sends one request, follows its redirects within the same origin, and reads the whole answer.

        :param auth: adds the credentials to a prepared request.
        :param end: when the answer must be complete, even if ``request_timeout`` allows more time.
        :param request_timeout: seconds, instead of the option's.
        :param stream: whether the caller reads the body of a good answer piece by piece, within the same time.
        :raises ApiError: if there is no complete answer. Any HTTP status is an answer.
        """
        deadline = end.within(request_timeout or self._request_timeout, "request_timeout")
        origin = origin_of(url)
        for _hop in range(MAX_REDIRECTS + 1):
            content = {"auth": auth, "params": params, "data": form, "json": json}
            reply = self._exchange(method, url, origin, deadline, stream, content)
            target = self._redirect(reply, origin)
            if target is None:
                return reply
            url, params = target, None
        raise Redirected(f"{origin} redirects more than {MAX_REDIRECTS} times.")

    def close(self) -> None:
        """Closes all connections."""
        for adapter in self._adapters.values():
            adapter.close()

    def _route(self, origin: str) -> _Route:
        """The way to an origin. Each origin's route is determined once.

        :raises Misconfigured: for invalid settings of this machine.
        """
        with self._lock:
            if origin not in self._routes:
                try:
                    proxy = proxy_for(origin, self._proxy)
                    adapter = self._adapter(
                        "https" in (urlsplit(origin).scheme, urlsplit(proxy.url).scheme if proxy else None)
                    )
                except OptionError as error:
                    raise Misconfigured(str(error)) from None
                self._routes[origin] = _Route(proxy, adapter)
            return self._routes[origin]

    def _adapter(self, tls: bool) -> t.Any:
        if tls not in self._adapters:
            self._adapters[tls] = TimedAdapter(self._concurrency, self._trust if tls else None)
        return self._adapters[tls]

    def _exchange(
        self, method: str, url: str, origin: str, deadline: Deadline, stream: bool, content: t.Mapping[str, t.Any]
    ) -> Reply:
        route = self._route(origin)
        with self._failures(origin, route, deadline):
            if not deadline.seconds_left:
                raise _late(origin, deadline)
            request = requests.Request(method, url, HEADERS, **content).prepare()
            timeout = t.cast(t.Any, urllib3.util.Timeout(total=max(deadline.seconds_left, SHORTEST_TIMEOUT)))
            response = route.adapter.send(request, timeout=timeout, proxies=route.proxies)
            stream = stream and 200 <= response.status_code < 300
            reply = Reply(
                method,
                response.url or url,
                response.status_code,
                response.headers,
                b"" if stream else b"".join(_body(response, origin, MAX_BODY)),
                dict(response.cookies.items()),
                self._chunks(response, origin, route, deadline) if stream else None,
            )
        if reply.status == 407 and route.proxy and url.startswith("http:"):
            raise proxy_wants_login(origin, route.proxy)
        return reply

    def _chunks(
        self, response: t.Any, origin: str, route: _Route, deadline: Deadline
    ) -> t.Generator[bytes, None, None]:
        """The body of a response that is read piece by piece, after :meth:`_exchange` has returned."""
        with self._failures(origin, route, deadline), contextlib.closing(_body(response, origin, MAX_STREAM)) as body:
            for chunk in body:
                # A packed body comes in a moment, and may take its reader a minute.
                if not deadline.seconds_left:
                    raise _late(origin, deadline)
                yield chunk

    @contextlib.contextmanager
    def _failures(self, origin: str, route: _Route, deadline: Deadline) -> t.Iterator[None]:
        """Turns exceptions in the block into :class:`ApiError`."""
        try:
            yield
        except ApiError:
            raise
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:

            def untrusted(cause: BaseException) -> Untrusted:
                # No second connection through a proxy is made to look at the certificate.
                return self._trust.explain(cause, origin, 0.0 if route.proxy else deadline.seconds_left)

            late, shows_certificate = _late(origin, deadline), self.own_certificate is not None
            raise failure(error, origin, route.proxy, late, untrusted, shows_certificate) from None

    @staticmethod
    def _redirect(reply: Reply, origin: str) -> str | None:
        """The address that a reply redirects to; ``None`` if it does not redirect.

        :raises Redirected: if the redirect must not be followed.
        """
        location = reply.headers.get("Location")
        if reply.status not in (301, 302, 303, 307, 308) or not location:
            return None
        try:
            target = joined(reply.url, location)
            there = one_line(origin_of(target))
        except ValueError:
            target, there = "", "an unreadable address"
        if there != origin:
            raise Redirected(
                f"{origin} redirects to {there}, which is not followed because the credentials belong to {origin}; "
                "if that is the right address, set it.",
                status=reply.status,
            )
        if reply.method != "GET":
            # 301 to 303 would turn a POST into a GET, and a login must not be sent to another address.
            raise Redirected(f"{origin} redirects a {reply.method}, which is not followed.", status=reply.status)
        return target


def retry_after(headers: t.Mapping[str, str], now: float) -> float | None:
    """Seconds that a ``Retry-After`` header (seconds or a date) asks to wait, or ``None`` if the header is absent or invalid.

    :param now: seconds since 1970.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # nine digits are up to 30 years
    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:  # -0000
            moment = moment.replace(tzinfo=datetime.timezone.utc)
        return max(0.0, moment.timestamp() - now)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _late(origin: str, deadline: Deadline) -> TimedOut:
    """The error for an answer that is not complete at the deadline."""
    return TimedOut(f"{origin} did not answer completely within {deadline.limit}.")


def _body(response: t.Any, origin: str, most: int) -> t.Generator[bytes, None, None]:
    """The body of a response, decompressed. Closes the response.

    :param most: the largest number of bytes.
    """
    with response:
        yield from _unpacked(_read(response, origin, most), response.headers.get("Content-Encoding", ""), origin, most)


def _read(response: t.Any, origin: str, most: int) -> t.Iterator[bytes]:
    """The body as it was sent."""
    length = 0
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        length += len(chunk)
        if length > most:
            raise _too_long(origin, most)
        yield chunk
    expected = response.headers.get("Content-Length", "")
    # urllib3 1.26 does not notice that a body was cut short.
    if expected.isascii() and expected.isdigit() and length < int(expected[:18]):
        raise cut(origin)


def _unpacked(chunks: t.Iterable[bytes], encoding: str, origin: str, most: int) -> t.Iterator[bytes]:
    """The body, decompressed once and only up to ``most`` bytes.

    urllib3 1.26 decompresses as often as the headers say, and without a limit.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise BadReply(f"{origin} sent a body in an encoding that was not asked for ({one_line(encoding)}).")
    if encoding in ("", "identity"):
        yield from chunks
        return
    unpacker, length = zlib.decompressobj(wbits=31), 0
    for chunk in chunks:
        while chunk:
            try:
                text = unpacker.decompress(chunk, _CHUNK)
            except zlib.error:
                raise BadReply(f"{origin} sent a body that cannot be decoded.") from None
            chunk = unpacker.unconsumed_tail
            length += len(text)
            if length > most:
                raise _too_long(origin, most)
            yield text
        if unpacker.unused_data:
            raise BadReply(f"{origin} sent a body that cannot be decoded: it is not one gzip file.")
    yield unpacker.flush()
    if not unpacker.eof:
        raise Incomplete(f"{origin} sent a body that cannot be decoded: it is not one gzip file.")


def _too_long(origin: str, most: int) -> BadReply:
    return BadReply(f"{origin} sent more than {most // 1024 // 1024} MB.")
