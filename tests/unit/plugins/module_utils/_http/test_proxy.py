# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies: whose setting counts, what is wrong with one, and what one answers."""

from __future__ import annotations

import base64
import socket
import sys
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Misconfigured, OptionError, Unreachable
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import token_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.client import Connection
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.tunnel import Tunnel, connect, socks5

API = "http://api.example.com"
TLS_API = "https://api.example.com"
DEAD = "http://127.0.0.1:1"


@pytest.fixture
def proxy(server):
    """A proxy that knows the API. It is asked with whole URLs."""
    server.on("GET /", reply({"good": True}))
    return server


@pytest.fixture
def tunnel() -> t.Iterator[t.Callable[..., Tunnel]]:
    """Starts proxies that lead to one address."""
    tunnels = []

    def start(*how: t.Any, **more: t.Any) -> Tunnel:
        tunnels.append(Tunnel(*how, **more))
        return tunnels[-1]

    yield start
    for one in tunnels:
        one.stop()


@pytest.mark.parametrize("environment", [{}, {"HTTP_PROXY": DEAD, "ALL_PROXY": DEAD, "NO_PROXY": "api.example.com"}])
def test_the_option_goes_before_the_environment(proxy, get, environment, monkeypatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower(), value)
    assert get(f"{API}/", proxy=proxy.url).status == 200
    assert proxy.requests[0].target == f"{API}/"


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "Http_Proxy", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_proxy_of_the_environment_is_used_without_an_option(proxy, get, monkeypatch, variable, scheme) -> None:
    monkeypatch.setenv(variable, proxy.url.replace("http://", scheme))
    assert get(f"{API}/").status == 200


@pytest.mark.parametrize("hosts", ["*", "api.example.com", ".example.com", "localhost, example.com"])
def test_no_proxy_turns_a_proxy_of_the_environment_off(server, get, monkeypatch, hosts) -> None:
    server.on("GET /", reply({"good": True}))
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *more, **how: resolve("127.0.0.1", *more, **how))
    monkeypatch.setenv("http_proxy", "http://malformed:port")
    monkeypatch.setenv("no_proxy", hosts)
    assert get(server.url.replace("127.0.0.1", "api.example.com") + "/").status == 200


NO_URL = "expected a URL such as https://host.example.com."
BAD = {
    "no host": ("http://", NO_URL),
    "one slash": ("http:/proxy.example.com:3128", NO_URL),
    "no scheme before the colon": ("://proxy.example.com", NO_URL),
    "a misspelt scheme": ("htpp://proxy.example.com", NO_URL),
    "another scheme": ("ftp://proxy.example.com", NO_URL),
    "SOCKS of no version": ("socks://user:proxy-password@proxy.example.com", NO_URL),
    "a port that is none": ("http://user:proxy-password@proxy.example.com:port", NO_URL),
    "a port too large": ("http://proxy.example.com:99999", NO_URL),
    "a blank": ("http://proxy example.com", NO_URL),
    "half an address": ("http://[::1", NO_URL),
    "port 0": ("http://proxy.example.com:0", "expected a URL with a port from 1 to 65535."),
    "an empty label": (
        "http://user:proxy-password@proxy..example.com:3128",
        "expected a URL with a valid name or address, such as https://host.example.com.",
    ),
}


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "hTtP_PrOxY", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(("url", "said"), BAD.values(), ids=BAD)
def test_a_malformed_proxy_variable_is_named(error_of, monkeypatch, variable, url, said) -> None:
    monkeypatch.setenv(variable, url)
    error = error_of(f"{API}/")
    assert (type(error), str(error)) == (Misconfigured, f"{variable}: {said}")


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize(("url", "said"), BAD.values(), ids=BAD)
def test_a_malformed_variable_for_https_is_named(error_of, monkeypatch, variable, url, said) -> None:
    monkeypatch.setenv(variable, url)
    error = error_of(f"{TLS_API}/")
    assert (type(error), str(error)) == (Misconfigured, f"{variable}: {said}")


@pytest.mark.parametrize(("url", "said"), [*BAD.values(), ("proxy.example.com:3128", NO_URL)], ids=[*BAD, "no scheme"])
def test_a_malformed_proxy_option_is_refused(url, said) -> None:
    with pytest.raises(OptionError) as caught:
        Transport(proxy=url)
    assert str(caught.value) == f"proxy: {said}"


def test_socks_needs_pysocks(error_of, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    said = "a SOCKS proxy needs the Python library PySocks, which is not installed."
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    for url in (API, TLS_API):
        error = error_of(f"{url}/")
        assert (type(error), str(error)) == (Misconfigured, f"ALL_PROXY: {said}")
    with pytest.raises(OptionError) as caught:
        Transport(proxy="socks5h://127.0.0.1:1")
    assert str(caught.value) == f"proxy: {said}"


@pytest.mark.parametrize("variable", ["", "HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("url", [TLS_API, API])
def test_an_absent_proxy_is_a_transient_error(error_of, monkeypatch, url, variable) -> None:
    variable = variable.replace("HTTPS", "HTTP") if url == API else variable
    dead = "http://user:proxy-password@127.0.0.1:1"
    if variable:
        monkeypatch.setenv(variable, dead)
    error = error_of(f"{url}/", proxy=None if variable else dead)
    said = f"The proxy for {url} cannot be used (Connection refused); check {variable or 'proxy'}."
    assert (type(error), str(error)) == (Unreachable, said)


WANTS_LOGIN = "asks for a user and a password, or for others (HTTP 407); check the URL in HTTP_PROXY."


def test_a_proxy_that_asks_for_a_password_is_named(proxy, error_of, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    proxy.on("GET /", reply("<html>", 407, [("Proxy-Authenticate", "Basic")]))
    error = error_of(f"{API}/")
    assert (type(error), str(error)) == (Misconfigured, f"The proxy for {API} {WANTS_LOGIN}")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    proxy.on("CONNECT api.example.com:443", reply("<html>", 407, [("Proxy-Authenticate", "Basic")]))
    error = error_of(f"{TLS_API}/")
    assert (type(error), str(error)) == (
        Misconfigured,
        f"The proxy for {TLS_API} {WANTS_LOGIN.replace('HTTP_PROXY', 'HTTPS_PROXY')}",
    )


def test_a_407_that_no_proxy_sent_is_an_answer(server, get) -> None:
    server.on("GET /", reply(b"", 407))
    assert get(f"{server.url}/").status == 407


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, Misconfigured) for status in (400, 401, 403, 404, 405, 501)),
        *((status, Unreachable) for status in (408, 429, 500, 502, 503, 504)),
    ],
)
def test_a_refused_tunnel_names_the_proxy(server, error_of, status, kind) -> None:
    """4xx: it does not lead to that host, or is no proxy. 5xx: it could not reach it."""
    server.on("CONNECT api.example.com:443", reply(b"", status))
    error = error_of(f"{TLS_API}/", proxy=server.url.replace("//", "//user:proxy-password@"))
    assert isinstance(error, kind)
    assert str(error).startswith(f"The proxy for {TLS_API} cannot be used (Tunnel connection failed: {status} ")
    assert str(error).endswith("; check proxy.")
    assert "proxy-password" not in str(error)


def test_a_password_is_for_the_proxy_alone(proxy, get) -> None:
    assert get(f"{API}/", proxy=proxy.url.replace("//", "//user:proxy-password@")).status == 200
    (request,) = proxy.requests
    assert base64.b64decode(request.headers["Proxy-Authorization"].split()[1]) == b"user:proxy-password"


@pytest.mark.parametrize("variable", [None, "https_proxy", "HTTP_PROXY"])
def test_the_password_of_a_proxy_is_masked_even_if_the_proxy_quotes_it(monkeypatch, variable) -> None:
    url = "http://me:the%2Fpass%40word@proxy.example.com:3128"
    if variable:
        monkeypatch.setenv(variable, url)
    secrets = Secrets()
    auth = token_auth("Bearer", "token", "the-token")
    Connection(
        Transport(proxy=None if variable else url), "https://api.example.com", auth, lambda *_: None, {}, secrets
    )
    sent = base64.b64encode(b"me:the/pass@word").decode()
    assert secrets.mask(f"Basic {sent} is the/pass@word.") == "Basic ******** is ********."


def test_the_login_at_a_proxy_is_masked_as_it_is_sent(proxy, get) -> None:
    """requests sends Latin-1; others send UTF-8 (RFC 7617)."""
    url = proxy.url.replace("//", "//u:p%C3%A9ssword@")
    assert get(f"{API}/", proxy=url).status == 200
    sent = proxy.requests[0].headers["Proxy-Authorization"]
    assert sent == "Basic dTpw6XNzd29yZA=="
    masked = Secrets()
    masked.add(*Transport(proxy=url).secrets)
    utf_8 = base64.b64encode("u:péssword".encode()).decode()
    assert masked.mask(f"{sent} or Basic {utf_8}") == "Basic ******** or Basic ********"


def test_a_password_of_a_proxy_that_latin_1_lacks_is_masked() -> None:
    sent = base64.b64encode("me:пароль".encode()).decode()
    assert Transport(proxy="socks5h://me:%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C@127.0.0.1:1").secrets == {"пароль", sent}


def test_an_api_with_tls_is_reached_through_a_tunnel(listen, ca, certificate, get, tunnel) -> None:
    api = listen(certificate("api.example.com", issuer=ca).server)
    proxy = tunnel(connect, api.url.removeprefix("https://"))
    assert get(f"{TLS_API}/", proxy=f"http://{proxy.netloc}", ca_path=ca.alone).status == 200
    assert (proxy.asked, len(api.requests)) == (["api.example.com:443"], 1)


def test_an_api_is_reached_through_a_proxy_with_tls(listen, ca, certificate, get, tunnel) -> None:
    api = listen(certificate("api.example.com", issuer=ca).server)
    proxy = tunnel(connect, api.url.removeprefix("https://"), tls=certificate("127.0.0.1", issuer=ca).server)
    assert get(f"{TLS_API}/", proxy=f"https://{proxy.netloc}", ca_path=ca.alone).status == 200
    assert proxy.asked == ["api.example.com:443"]


def test_a_proxy_whose_certificate_is_not_trusted_is_named(ca, certificate, error_of, tunnel) -> None:
    proxy = tunnel(connect, "127.0.0.1:1", tls=certificate("127.0.0.1").server)
    error = error_of(f"{TLS_API}/", proxy=f"https://{proxy.netloc}", ca_path=ca.alone)
    assert isinstance(error, Misconfigured)
    assert str(error).startswith(f"The proxy for {TLS_API} cannot be used (")
    assert "self-signed certificate" in str(error)


def test_a_proxy_without_tls_is_named(server, error_of) -> None:
    error = error_of(f"{TLS_API}/", proxy=server.url.replace("http:", "https:"))
    assert isinstance(error, Misconfigured)
    assert str(error).startswith(f"The proxy for {TLS_API} cannot be used (")


@pytest.mark.parametrize(
    ("scheme", "asked"), [("socks5", "127.0.0.1"), ("socks5h", "api.example.com"), ("SOCKS5h", "api.example.com")]
)
def test_an_api_is_reached_through_socks(server, get, tunnel, monkeypatch, scheme, asked) -> None:
    server.on("GET /", reply({"good": True}))
    proxy = tunnel(socks5(), server.url.removeprefix("http://"))
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://{proxy.netloc}")
    host = "127.0.0.1" if scheme == "socks5" else "api.example.com"
    assert get(f"http://{host}:8080/").status == 200
    assert proxy.asked == [asked]


def test_an_api_with_tls_is_reached_through_socks(listen, ca, certificate, get, tunnel) -> None:
    api = listen(certificate("api.example.com", issuer=ca).server)
    proxy = tunnel(socks5(b"user:proxy-password"), api.url.removeprefix("https://"))
    url = f"socks5h://user:proxy-password@{proxy.netloc}"
    assert get(f"{TLS_API}/", proxy=url, ca_path=ca.alone).status == 200
    assert proxy.asked == ["api.example.com"]


def test_a_wrong_password_of_a_socks_proxy_is_named(error_of, tunnel) -> None:
    proxy = tunnel(socks5(b"user:another"), "127.0.0.1:1")
    error = error_of(f"{API}/", proxy=f"socks5h://user:proxy-password@{proxy.netloc}")
    assert isinstance(error, Misconfigured)
    said = f"The proxy for {API} cannot be used (SOCKS5 authentication failed); check proxy."
    assert str(error) == said


def test_an_absent_socks_proxy_is_a_transient_error(error_of) -> None:
    error = error_of(f"{API}/", proxy="socks5h://127.0.0.1:1")
    said = f"The proxy for {API} cannot be used (Connection refused); check proxy."
    assert (type(error), str(error)) == (Unreachable, said)


def test_the_time_limit_holds_through_socks(server, error_of, tunnel) -> None:
    server.on("GET /", server.drip(b"HTTP/1.1 200 OK\r\nX: ", b"a"))
    proxy = tunnel(socks5(), server.url.removeprefix("http://"))
    error = error_of(f"{API}/", proxy=f"socks5h://{proxy.netloc}", request_timeout=0.3)
    assert str(error) == f"{API} did not answer completely within 0.3 s (request_timeout)."
