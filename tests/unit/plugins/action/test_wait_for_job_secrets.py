# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets appear nowhere: not those that were given, and not those got at run time, whatever an API says of them."""

from __future__ import annotations

import json
import threading
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import ACTIVE, FAIL, OK, Wait

SECRET, FIRST, SECOND = "given-client-secret", "first-token-of-the-run", "second-token-of-the-run"
TALE = f"{SECRET} and {FIRST} and {SECOND}"
TELLING_ACTIVE = {**ACTIVE, "status_str": f"ACT {TALE}", "description": TALE}
TELLING_FAIL = {**FAIL, "summary": TALE, "device_name": TALE}


@pytest.mark.parametrize(
    "answers",
    [
        [TELLING_ACTIVE, reply({"_errors": [{"code": TALE, "message": TALE}], "_request_id": TALE}, 503), OK],
        [TELLING_ACTIVE, TELLING_FAIL],
        [reply({"_errors": [{"message": TALE}]}, 403)],
        [reply(TALE, 404)],
        [reply(f"<html>{TALE}")],
        [reply(TALE)],
    ],
    ids=["success", "bad end", "forbidden", "missing", "page", "junk"],
)
@pytest.mark.parametrize("progress", ["changes", "polls"])
@pytest.mark.parametrize("count", [1, 2])
def test_no_secret_leaks_through_any_reply_of_an_api(
    wait: Wait, answers: list[t.Any], progress: str, count: int
) -> None:
    given = login(wait)
    issued = threading.Event()

    def tell(answer: t.Any, job_id: str) -> t.Any:
        """The answer for the second request of the first job, which has the second token, or for the first one of another."""

        def once_both_tokens_are_issued(_request: t.Any) -> list[bytes]:
            if job_id == "0":
                issued.set()
            assert issued.wait(10)
            return [answer if isinstance(answer, bytes) else reply({"data": [{**answer, "id": job_id}]})]

        return once_both_tokens_are_issued

    for job_id in map(str, range(count)):
        refused = [reply({}, 401)] if job_id == "0" else []
        wait.server.on(f"GET /jobs/{job_id}", *refused, *(tell(answer, job_id) for answer in answers))
    jobs = [{"config_job": {**given, "job_id": str(number)}} for number in range(count)]
    result = wait.run({"jobs": jobs, "progress": progress, "missing_grace": 0})
    assert len(wait.server.asked("POST /oauth")) == 2
    check_nothing_leaks(wait, result)


def test_no_secret_leaks_through_an_internal_error(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    given = login(wait)
    wait.says(reply({}, 401), ACTIVE)

    def broken(*_args: t.Any) -> t.NoReturn:
        raise ValueError(TALE)

    monkeypatch.setattr(Strata, "parse", broken)
    result = wait.run({"config_job": {**given, "job_id": "7"}})
    assert "A bug" in result["msg"]
    check_nothing_leaks(wait, result)


def login(wait: Wait) -> dict[str, t.Any]:
    """The options of an account that gets two tokens, for the first is refused."""
    tokens = [reply({"access_token": token, "expires_in": 900}) for token in (FIRST, SECOND)]
    wait.server.on("POST /oauth", *tokens)
    url = wait.server.url
    return {"api_url": url, "token_url": f"{url}/oauth", "client_id": "me", "client_secret": SECRET, "tsg_id": "1"}


def check_nothing_leaks(wait: Wait, result: dict[str, t.Any]) -> None:
    shown = json.dumps(result, default=str) + "\n".join(wait.lines)
    assert result["msg"]
    assert [secret for secret in (SECRET, FIRST, SECOND) if secret in shown] == []
