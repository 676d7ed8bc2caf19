# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is a URL for an option, what is none, and what origin it has."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._http.url import check_url, origin_of


def refusal(url: str) -> str:
    with pytest.raises(OptionError) as caught:
        check_url("api_url", url)
    return str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host",
        "host.example.com/api",
        "ftp://host",
        "file:///etc/passwd",
        "https://",
        "https:///api",
        "https://host:port",
        "https://host:99999",
        "https://[::1",
        "https://host/with blank",
        "https://host/with\nfeed",
        " https://host",
        "javascript:alert(1)",
    ],
)
def test_text_that_is_no_url_is_refused(url) -> None:
    assert refusal(url) == "api_url: expected a URL such as https://host.example.com."


@pytest.mark.parametrize(
    "host",
    [
        "*",
        "*.example.com",
        ".example.com",
        "host..example.com",
        "host.example.com..",
        "a" * 64,
        f"{'a' * 64}.example.com",
        ".".join(["a" * 63] * 5),
        "host%2eexample.com",
        "ho$t",
        "ho'st",
        "1.2.3.4.5",
        "300.1.1.1",
        "[::g]",
        "\N{LATIN SMALL LETTER A WITH DIAERESIS}" * 64,
    ],
)
def test_a_url_without_a_valid_host_is_refused(host) -> None:
    said = "expected a URL with a valid name or address, such as https://host.example.com."
    assert refusal(f"https://{host}/api") in (
        f"api_url: {said}",
        "api_url: expected a URL such as https://host.example.com.",
    )
    assert refusal(f"https://{host}:8080") == refusal(f"https://{host}/api")


@pytest.mark.parametrize("host", ["host", "127.0.0.1", "[::1]"])
def test_port_0_is_refused(host) -> None:
    assert refusal(f"https://{host}:0/api") == "api_url: expected a URL with a port from 1 to 65535."


@pytest.mark.parametrize("part", ["?x=1", "#top", "/e/1?api-token=geheim"])
def test_a_url_with_a_query_is_refused(part) -> None:
    assert refusal(f"https://host{part}") == "api_url: expected a URL without user, query and fragment."


def test_a_url_with_a_password_is_refused() -> None:
    assert refusal("https://user:geheim@host") == "api_url: expected a URL without user, query and fragment."


@pytest.mark.parametrize(
    "url",
    [
        "https://host",
        "http://host.example.com.",
        "https://under_score.example.com:65535/a/b",
        "https://-a.example.com",
        f"https://{'a' * 63}.example.com",
        "https://xn--bcher-kva.example",
        "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example",
        "https://127.1",
        "https://10.0.0.1:8443",
        "https://[::1]:8443",
        "https://[fe80::1%25eth0]/",
    ],
)
def test_a_url_is_taken_without_its_last_slash(url) -> None:
    assert check_url("api_url", url) == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Host.Example.com/a?b", "https://host.example.com"),
        ("https://host:443/", "https://host"),
        ("http://host:443/", "http://host:443"),
        ("http://host:80", "http://host"),
        ("http://host:0/", "http://host:0"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
        ("https://user:geheim@host/", "https://host"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, origin) -> None:
    assert origin_of(url) == origin
