# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials stay with the origin that they are for, and nothing from outside replaces an option that was given."""

from __future__ import annotations

import base64
import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from simulator.client import Simulator
from tests.e2e.asking import ask
from tests.e2e.matrix.running import ENDS

SESSION = {"response": {"session": {"csrf": "csrf-token-of-the-session"}}}
COOKIES = [("Set-Cookie", "JSESSIONID=cookie-of-the-session; Path=/")]

WAYS: dict[str, tuple[str, dict[str, t.Any], str]] = {
    "Api-Token": ("dynatrace", {"api_token": "dt0c01.secret"}, "GET /api/v2/activeGates/-1556499193/updateJobs/7"),
    "Bearer": ("dynatrace", {"access_token": "dt0s16.secret"}, "GET /api/v2/activeGates/-1556499193/updateJobs/7"),
    "Basic": (
        "multiplay",
        {"access_key": "key", "secret_key": "secret", "account_service_id": "4"},
        "GET /imageupdate/7/status",
    ),
    "a ready token": ("strata", {"access_token": "secret"}, "GET /jobs/7"),
    "a token": ("strata", {"client_id": "me", "client_secret": "secret", "tsg_id": "1"}, "GET /jobs/7"),
    "the token request": ("strata", {"client_id": "me", "client_secret": "secret", "tsg_id": "1"}, "POST /token"),
    "Basic of an appliance": (
        "xclarity",
        {"username": "me", "password": "secret", "auth_method": "basic"},
        "GET /updateRepositories/firmware/status",
    ),
    "a session": ("xclarity", {"username": "me", "password": "secret"}, "GET /updateRepositories/firmware/status"),
    "the login": ("xclarity", {"username": "me", "password": "secret"}, "POST /sessions"),
    "the logout": ("xclarity", {"username": "me", "password": "secret"}, "DELETE /sessions"),
}
"""For each way to authenticate the system, its options, and the request that is redirected."""


@pytest.fixture
def servers() -> t.Iterator[tuple[Loopback, Loopback]]:
    """The API's, and another one."""
    both = Loopback(), Loopback()
    yield both
    for server in both:
        server.stop()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "there", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "//127.0.0.1:{port}/", "https://127.0.0.1:{own}/"]
)
@pytest.mark.parametrize("way", WAYS)
def test_no_request_goes_to_another_origin(
    servers: tuple[Loopback, Loopback], way: str, there: str, status: int
) -> None:
    own, other = servers
    name, options, route = WAYS[way]
    job = {"state": "complete"} if name == "xclarity" else {}
    own.on("POST /token", reply({"access_token": "a-token-of-the-run", "expires_in": 900}))
    own.on("POST /sessions", reply(SESSION, headers=COOKIES))
    own.on("GET /updateRepositories/firmware/status", reply(job))
    location = there.format(port=other.server_port, own=own.server_port)
    own.on(route, reply(status=status, headers=[("Location", location)]))
    result = ask(name, api_url=own.url, **options, **({"token_url": f"{own.url}/token"} if name == "strata" else {}))
    assert other.requests == []
    assert len(own.asked(route)) == 1
    if way == "the logout":
        assert result["job"]["succeeded"]
    else:
        assert result["error"]["kind"] == "redirect"
        assert "which is not followed because the credentials belong to" in result["msg"]


def test_a_cookie_of_one_api_is_not_sent_to_its_token_endpoint(servers: tuple[Loopback, Loopback]) -> None:
    own, other = servers
    other.on("POST /token", reply({"access_token": "t", "expires_in": 900}, headers=[("Set-Cookie", "a=b")]))
    own.on("GET /jobs/7", reply({"status_str": "FIN", "result_str": "OK"}, headers=[("Set-Cookie", "c=d")]))
    for _turn in range(2):
        options = {"client_id": "me", "client_secret": "secret", "tsg_id": "1", "token_url": f"{other.url}/token"}
        assert ask("strata", api_url=own.url, **options)["job"]["succeeded"]
    assert [
        name for server in servers for request in server.requests for name in request.headers if name == "Cookie"
    ] == []


@pytest.fixture
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that would have it otherwise."""
    (tmp_path / "netrc").write_text("default login somebody password else\n", encoding="utf-8")
    (tmp_path / "empty.pem").write_text("", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(tmp_path / "empty.pem"))


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("way", [way for way, (_name, _options, route) in WAYS.items() if route.startswith("GET")])
def test_a_netrc_replaces_no_credentials(servers: tuple[Loopback, Loopback], way: str) -> None:
    own, _other = servers
    own.on("POST /token", reply({"access_token": "a-token-of-the-run", "expires_in": 900}))
    own.on("POST /sessions", reply(SESSION, headers=COOKIES))
    name, options, _route = WAYS[way]
    ask(name, api_url=own.url, **options, **({"token_url": f"{own.url}/token"} if name == "strata" else {}))
    assert own.requests
    foreign = base64.b64encode(b"somebody:else").decode()
    assert foreign not in json.dumps([dict(request.headers) for request in own.requests])


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("trust", [{}, {"validate_certs": False, "ca_path": None}], ids=["ca_path", "no validation"])
@pytest.mark.parametrize("name", ENDS)
def test_a_ca_bundle_of_the_environment_replaces_no_option(
    simulator: Simulator, name: str, trust: dict[str, t.Any]
) -> None:
    simulator.add(jobs=[{"system": name, "id": "7", "stages": [{"state": ENDS[name]}]}])
    result = ask(name, **{**simulator.connection(name), **trust})
    assert result["job"]["succeeded"], result["msg"]


def test_a_proxy_of_the_environment_replaces_no_option(
    servers: tuple[Loopback, Loopback], monkeypatch: pytest.MonkeyPatch
) -> None:
    given, environments = servers
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, environments.url)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "api.example")
    ask("dynatrace", api_url="http://api.example", api_token="dt0c01.secret", proxy=given.url)
    assert [request.target for request in given.requests] == [
        "http://api.example/api/v2/activeGates/-1556499193/updateJobs/7"
    ]
    assert environments.requests == []
