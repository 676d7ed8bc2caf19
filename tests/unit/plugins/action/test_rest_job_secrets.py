# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of accounts of any REST API: masked in all that is shown, and in no word by which a reply is understood."""

from __future__ import annotations

import base64
import json
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule
from ansible_collections.endstate.jobs.tests.unit.loopback import Request, reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import Wait

PROFILE: dict[str, t.Any] = {
    "schema": 1,
    "name": "farm_build",
    "ids": {"build": {}},
    "variables": {"api_key": ""},
    "headers": {"X-Agent": "ours"},
    "auth": [{"header": {"X-Key": "{token}"}}],
    "status": {"get": "/builds/{build}"},
    "state": {"path": "state", "running": ["busy", "a long one"], "succeeded": "done", "failed": ["failed", "FIN"]},
    "fields": {"message": "reason"},
    "error": {"message": "reason", "code": "echo[2]"},
    "children": {"items": "parts", "id": "id", "state": {"path": "s", "failed": "broken", "succeeded": "fine"}},
}
WAYS = ("module", "wait", "wait from another machine")


@pytest.fixture(params=WAYS)
def read(request, wait: Wait, run_module: t.Any, monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., dict[str, t.Any]]:
    """Reads the job to its end; the result has all that was shown as ``shown``."""

    def read(**options: t.Any) -> dict[str, t.Any]:
        given = {"profile": PROFILE, "api_url": wait.server.url, "id": "7", **options}
        if request.param == "module":
            result = run_module("rest_job_info", {**given, "retries": 0})
        elif request.param == "wait":
            result = wait.run({"rest_job": given, "timeout": 5})
        else:
            monkeypatch.setattr(
                ActionModule,
                "_execute_module",
                lambda _action, module_args, **_more: run_module("rest_job_info", module_args),
            )
            result = wait.run({"rest_job": given, "timeout": 5}, delegate_to="relay")
        return {**result, "shown": json.dumps(result, ensure_ascii=False) + "".join(wait.lines)}

    return read


@pytest.mark.parametrize("secret", ["failed", "FIN", "broken", "farm_build", "False", "true", "true story", "running"])
def test_a_failed_job_is_failed_even_if_the_secret_is_a_word_of_its_state(wait: Wait, read: t.Any, secret: str) -> None:
    native = secret if secret in ("failed", "FIN") else "failed"
    parts = [{"id": 8, "s": "broken", "reason": f"not {secret} here"}]
    wait.server.on("GET /builds/7", reply({"state": native, "reason": f"It is <{secret}>.", "parts": parts}))
    result = read(token=secret)
    job = result["job"]
    assert (job["system"], job["state"], job["native_state"]) == ("farm_build", "failed", native)
    assert (job["finished"], job["succeeded"], job["error"]) == (True, False, None)
    assert [(child["state"], child["native_state"]) for child in job["children"]] == [("failed", "broken")]
    assert job["message"].startswith("It is <********>.")
    assert f"<{secret}>" not in result["shown"]


def echo(request: Request, status: int = 200) -> bytes:
    """All that came, as an API that is curious."""
    headers = {name: value for name, value in request.headers.items() if name != "Host"}
    said = f"{headers} {request.body.decode()}"
    return reply({"state": "failed", "reason": said, "echo": [said, headers, "E7"]}, status)


PASSWORD, KEY = "the-password-of-a-test", "the-key-of-a-test"
BASIC = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
CLIENT = base64.b64encode(f"me:{KEY}".encode()).decode()
TICKET, TOKEN = "the-ticket-of-a-session", "the-token-of-a-login"
SESSION = {
    "post": "/login",
    "json": {"user": "{username}", "pass": "{password}"},
    "take": {"ticket": "ticket"},
    "send": {"Cookie": "T={ticket}"},
    "logout": {"delete": "/login"},
}
ACCOUNT = {"username": "me", "password": PASSWORD}
ACCOUNTS: dict[str, tuple[t.Any, dict[str, t.Any], list[str]]] = {
    "a header": ({"header": {"X-Key": "k={token}"}}, {"token": KEY}, [KEY]),
    "basic": ("basic", ACCOUNT, [PASSWORD, BASIC]),
    "a session": ({"session": SESSION}, ACCOUNT, [PASSWORD, TICKET]),
    "a session by basic": ({"session": {**SESSION, "basic": True}}, ACCOUNT, [PASSWORD, BASIC, TICKET]),
    "client credentials": (
        {"oauth2": {"token_url": "/token"}},
        {"client_id": "me", "client_secret": KEY},
        [KEY, CLIENT, TOKEN],
    ),
    "client credentials in the body": (
        {"oauth2": {"token_url": "/token", "credentials": "body"}},
        {"client_id": "me", "client_secret": KEY},
        [KEY, TOKEN],
    ),
    "a password grant": ({"oauth2": {"token_url": "/token", "grant": "password"}}, ACCOUNT, [PASSWORD, TOKEN]),
    "a variable": (
        {"header": {"X-Key": "{api_key}", "X-User": "{username}"}},
        {"username": "me", "variables": {"api_key": KEY}},
        [KEY],
    ),
    "a variable with any name": ({"header": {"X-Key": "{door}"}}, {"variables": {"door": KEY}}, [KEY]),
}


@pytest.mark.parametrize(("way", "account", "secrets"), ACCOUNTS.values(), ids=ACCOUNTS)
@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_secrets_of_an_account_in_a_reply_are_masked(
    wait: Wait, read: t.Any, way: t.Any, account: dict[str, t.Any], secrets: list[str], status: int
) -> None:
    wait.server.on("POST /login", reply({"ticket": TICKET}))
    wait.server.on("DELETE /login", reply(b"", 204))
    wait.server.on("POST /token", reply({"access_token": TOKEN, "expires_in": 900}))
    wait.server.on("GET /builds/7", lambda request: echo(request, status))
    variables = {**PROFILE["variables"], **dict.fromkeys(account.get("variables", ()))}
    result = read(profile={**PROFILE, "auth": [way], "variables": variables}, **account)
    sent = "".join(f"{request.headers} {request.body!r}" for request in wait.server.requests)
    assert any(secret in sent for secret in secrets), "it was sent"
    assert [secret for secret in secrets if secret in result["shown"]] == []
    assert "********" in result["shown"]


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_secrets_of_an_account_in_the_reply_of_a_login_are_masked(wait: Wait, run_module: t.Any, status: int) -> None:
    wait.server.on("POST /login", lambda request: echo(request, status))
    given = {
        "profile": {**PROFILE, "auth": [{"session": {**SESSION, "basic": True}}]},
        "api_url": wait.server.url,
        "id": "7",
    }
    result = run_module("rest_job_info", {**given, **ACCOUNT, "retries": 0})
    assert result["failed"]
    shown = json.dumps(result)
    assert [secret for secret in (PASSWORD, BASIC) if secret in shown] == []
