# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import CASES, DYNATRACE
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

API = "http://dynatrace.example.com"
DEAD = "http://127.0.0.1:1"


@pytest.fixture
def proxy(server):
    """A proxy that knows the job. It is asked with whole URLs."""
    server.on(DYNATRACE.route, reply(dynatrace.JOB))
    return server


@pytest.mark.parametrize(
    "environment", [{}, {"HTTP_PROXY": DEAD, "ALL_PROXY": DEAD, "NO_PROXY": "dynatrace.example.com"}]
)
def test_a_proxy_that_is_given_goes_before_the_environment(proxy, run_module, environment, monkeypatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower(), value)
    result = run_module(DYNATRACE.module, DYNATRACE.given(API, proxy=proxy.url))
    assert result["job"]["state"] == "succeeded"
    assert proxy.requests[0].target == f"{API}{DYNATRACE.route[4:]}"


def test_a_proxy_of_the_environment(proxy, run_module, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    assert run_module(DYNATRACE.module, DYNATRACE.given(API))["job"]["state"] == "succeeded"


def test_a_proxys_password_is_for_the_proxy_alone(proxy, run_module) -> None:
    url = proxy.url.replace("//", "//user:proxy-password@")
    result = run_module(DYNATRACE.module, DYNATRACE.given(API, proxy=url))
    sent = base64.b64decode(proxy.requests[0].headers["Proxy-Authorization"].split()[1])
    assert sent == b"user:proxy-password"
    assert result["job"]["state"] == "succeeded"
    assert "proxy-password" not in json.dumps(result)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("api", ["http://api.example.com", "https://api.example.com"])
def test_a_proxy_that_cannot_be_used(run_module, case, api) -> None:
    result = run_module(case.module, case.given(api, proxy="http://user:proxy-password@127.0.0.1:1"))
    assert result["msg"] == f"The proxy for {api} cannot be used (Connection refused); check proxy."
    assert result["error"]["kind"] == "unreachable"
    assert "proxy-password" not in json.dumps(result)


def test_a_proxy_that_refuses_a_tunnel(server, run_module) -> None:
    url = server.url.replace("//", "//user:proxy-password@")
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://api.example.com", proxy=url))
    assert result["msg"].startswith("The proxy for https://api.example.com cannot be used (Tunnel connection failed: ")
    assert "proxy-password" not in json.dumps(result)


@pytest.mark.parametrize(
    "proxy", ["proxy.example.com:3128", "user:proxy-password@proxy", "socks5://user:proxy-password@host"]
)
def test_what_is_no_proxy(run_module, proxy) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given(API, proxy=proxy))
    assert result["msg"] == "proxy: expected a URL such as https://host.example.com."
    assert "proxy-password" not in json.dumps(result)


def test_a_netrc_entry_replaces_nothing(server, run_module, monkeypatch, tmp_path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login stranger password geheim\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    for case in CASES:
        server.on(case.route, reply(case.reply))
        run_module(case.module, case.given(server.url))
    sent = [request.headers["Authorization"] for request in server.requests]
    assert [value.split()[0] for value in sent] == ["Api-Token", "Basic", "Bearer", "Basic"]
    assert base64.b64encode(b"stranger:geheim").decode() not in "".join(sent)
