# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With ``delegate_to`` another machine the info module asks there; the wait and its result are the same."""

from __future__ import annotations

import types
import typing as t

import pytest
from ansible.errors import AnsibleAuthenticationFailure, AnsibleConnectionFailure, AnsibleError

from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule
from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    ApiError,
    Forbidden,
    Incomplete,
    Misconfigured,
    Unauthorized,
    Unavailable,
    WebPage,
)
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import ACTIVE, FAIL, OK, Wait

PUSH = {
    "job_id": "7",
    "access_token": "of-the-task",
    "ca_path": "~/only/there.pem",
    "client_cert": "~/own.pem",
    "client_key": "$KEYS/own.key",
}


class Relay:
    """The other machine: gives one answer after another, and the last for ever."""

    def __init__(self, wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
        self._wait = wait
        self._answers: list[t.Any] = []
        self.calls: list[dict[str, t.Any]] = []
        monkeypatch.setattr(ActionModule, "_execute_module", lambda _action, **call: self._execute(call))

    def run(self, *answers: t.Any, jobs: t.Any = None, **options: t.Any) -> dict[str, t.Any]:
        self._answers = list(answers)
        what = {"jobs": jobs} if jobs else {"config_job": PUSH}
        return self._wait.run({**what, **options}, delegate_to="relay")

    def _execute(self, call: dict[str, t.Any]) -> dict[str, t.Any]:
        self.calls.append(call)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"raw": {"data": [answer]}} if "status_str" in answer else answer


@pytest.fixture
def relay(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> Relay:
    return Relay(wait, monkeypatch)


def test_a_delegated_wait_runs_the_info_module_on_the_delegate(relay: Relay, wait: Wait) -> None:
    result = relay.run(ACTIVE, OK)
    assert result["job"]["state"] == "succeeded"
    assert set(result) == {
        "changed", "failed", "msg", "job", "jobs", "finished", "succeeded", "timed_out", "timedout", "elapsed", "polls", "warnings",
    }  # fmt: skip
    assert wait.lines == [
        "[web1] waiting for config_job 7 for up to 1 h",
        "[web1] config_job 7: running (ACT/PEND, 45 %), 0 s elapsed",
        "[web1] config_job 7: succeeded (FIN/OK), 0 s elapsed",
    ]
    assert relay.calls[0]["module_name"] == "endstate.jobs.config_job_info"
    timeout = relay.calls[0]["module_args"].pop("timeout")
    assert 3600 < timeout <= 3630, "what is left of the wait and its last request"
    assert relay.calls[0]["module_args"] == {
        "job_id": "7",
        "access_token": "of-the-task",
        "ca_path": "~/only/there.pem",
        "client_cert": "~/own.pem",
        "client_key": "$KEYS/own.key",
        "children": True,
        "children_settle": 0.0,
        "api_url": "https://api.strata.paloaltonetworks.com/config/operations/v1",
        "token_url": "https://auth.apps.paloaltonetworks.com/oauth2/access_token",
        "validate_certs": True,
        "request_timeout": 30.0,
        "retries": 0,
    }


def test_each_reading_on_a_delegate_gets_the_time_left_of_the_wait(relay: Relay) -> None:
    """The last one begins at the deadline at the latest, and has one request_timeout, however many requests it takes."""
    jobs = [{"config_job": {**PUSH, "request_timeout": 5}}]
    result = relay.run(ACTIVE, jobs=jobs, timeout=0.3)
    given = [call["module_args"]["timeout"] for call in relay.calls]
    assert result["timed_out"]
    assert given == sorted(given, reverse=True)
    assert 5.2 < given[0] <= 5.3
    assert given[-1] == pytest.approx(5.0, abs=0.5)


def test_the_controllers_environment_is_not_sent_to_a_delegate(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCM_CLIENT_ID", "me")
    monkeypatch.setenv("SCM_CLIENT_SECRET", "s3cret")
    monkeypatch.setenv("SCM_TSG_ID", "1")
    assert relay.run(OK)["succeeded"]
    assert not {"client_id", "client_secret", "tsg_id"} & relay.calls[0]["module_args"].keys()


def test_a_delegate_is_asked_for_one_job_at_a_time(relay: Relay) -> None:
    jobs = [{"config_job": {**PUSH, "job_id": str(number)}} for number in range(3)]
    answer = {"raw": {"data": [{"status_str": "FIN", "result_str": "OK"}]}}
    result = relay.run(answer, jobs=jobs)
    assert (result["succeeded"], result["polls"]) == (True, 3)


@pytest.mark.parametrize(
    "fault",
    [
        AnsibleConnectionFailure("ssh: connect to host relay\nport 22: No route to host"),
        {"unreachable": True, "msg": "ssh: connect to host relay\nport 22: No route to host"},
        {"failed": True, "msg": "busy", "error": Unavailable("The API answered HTTP 503.", status=503).as_dict()},
    ],
    ids=["raised", "returned", "the API's"],
)
def test_a_transient_error_on_a_delegate_is_repeated_and_warned_of(relay: Relay, wait: Wait, fault: t.Any) -> None:
    result = relay.run(ACTIVE, fault, OK)
    assert result["succeeded"]
    assert len(result["warnings"]) == 1
    assert result["warnings"][0].startswith("1 poll failed during the wait and was repeated with success: ")
    assert all("\n" not in line for line in wait.lines)


def failing(error: ApiError) -> dict[str, t.Any]:
    """What the info module returns for it."""
    return {"failed": True, "msg": str(error), "error": error.as_dict()}


def test_a_pause_that_an_api_asks_a_delegate_for_is_kept(relay: Relay) -> None:
    busy = Unavailable("The API answered HTTP 429.", status=429, retry_after=77.0)
    result = relay.run(ACTIVE, failing(busy), timeout=0.2)
    assert (result["timed_out"], result["polls"]) == (True, 3), "the first, the second, and the last at the deadline"


@pytest.mark.parametrize("error", [WebPage, Incomplete])
@pytest.mark.parametrize("to", ["a request for the job", "a login"])
def test_a_bad_reply_to_a_delegate_is_repeated_only_after_a_good_one(
    relay: Relay, error: type[ApiError], to: str
) -> None:
    reply = failing(error("The API answered HTTP 200.", status=200))
    reply["error"]["of_account"] = to == "a login"
    assert relay.run(ACTIVE, reply, OK)["succeeded"]
    assert relay.run(reply, OK)["job"]["error"]["kind"] == error.kind


@pytest.mark.parametrize(
    "refusal",
    [
        AnsibleConnectionFailure("Permission denied\n(publickey,password)."),
        AnsibleAuthenticationFailure("Permission denied\n(publickey,password)."),
        {"unreachable": True, "msg": "Permission denied\n(publickey,password)."},
    ],
    ids=["raised", "a login", "returned"],
)
@pytest.mark.parametrize("count", [1, 10])
def test_a_delegate_that_was_never_reached_is_tried_once_and_is_unreachable(
    relay: Relay, wait: Wait, refusal: t.Any, count: int
) -> None:
    jobs = [{"config_job": {**PUSH, "job_id": str(number)}} for number in range(count)]
    result = relay.run(refusal, jobs=jobs)
    assert len(relay.calls) == 1
    assert (result["unreachable"], result["failed"], result["warnings"]) == (True, False, [])
    assert result["msg"].startswith("relay cannot be reached: ")
    assert result["msg"].endswith("Permission denied (publickey,password).")  # core says of a login that it is one
    assert [job["error"]["kind"] for job in result["jobs"]] == ["unreachable"] * count
    assert not any("Trying again" in line for line in wait.lines)


def test_a_delegate_that_was_reached_before_is_tried_for_unreachable_timeout(relay: Relay) -> None:
    result = relay.run(ACTIVE, AnsibleConnectionFailure("No route\nto host"), unreachable_timeout=0.1)
    assert result["failed"]
    assert "unreachable" not in result
    assert (result["job"]["state"], result["job"]["error"]["kind"]) == ("running", "unreachable")
    assert result["job"]["error"]["message"] == "relay cannot be reached: No route to host"
    assert len(relay.calls) > 2


def test_a_login_that_a_delegate_refuses_later_is_not_repeated(relay: Relay) -> None:
    result = relay.run(ACTIVE, AnsibleAuthenticationFailure("Permission denied (password)."))
    assert (result["unreachable"], result["job"]["state"], len(relay.calls)) == (True, "running", 2)


def test_a_wrong_become_password_is_a_configuration_error(relay: Relay) -> None:
    jobs = [{"config_job": {**PUSH, "job_id": str(number)}} for number in range(3)]
    result = relay.run(AnsibleError("Incorrect sudo password"), jobs=jobs)
    assert [job["error"]["kind"] for job in result["jobs"]] == ["configuration"] * 3
    assert result["jobs"][0]["error"]["message"] == "relay cannot be used: Incorrect sudo password"
    assert len(relay.calls) == 1


def test_a_final_error_on_a_delegate_is_not_repeated(relay: Relay) -> None:
    result = relay.run(failing(Forbidden("HTTP 403: no role.", status=403)))
    assert (result["failed"], result["polls"]) == (True, 1)
    assert result["job"]["error"]["message"] == "HTTP 403: no role."


PYTHON_2 = """Traceback (most recent call last):
  File "/home/admin/.ansible/tmp/ansible-tmp-1/AnsiballZ_config_job_info.py", line 107, in <module>
    _ansiballz_main()
    def main() -> None:
               ^
SyntaxError: invalid syntax
"""


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        # ansible-core 2.16; through a terminal all is on stdout, and ssh's own words on stderr.
        ({"msg": "MODULE FAILURE\nSee stdout/stderr", "module_stderr": PYTHON_2}, "SyntaxError: invalid syntax"),
        (
            {
                "msg": "MODULE FAILURE",
                "module_stdout": PYTHON_2,
                "module_stderr": "Shared connection to relay closed.\r\n",
            },
            "SyntaxError: invalid syntax",
        ),
        # 2.19, which has the words in an object.
        (
            {"exception": types.SimpleNamespace(event=types.SimpleNamespace(msg="'type' object is not subscriptable"))},
            "'type' object is not subscriptable",
        ),
        # 2.21, which knows better.
        (
            {"msg": "Ansible requires Python 3.9 or newer on the target."},
            "Ansible requires Python 3.9 or newer on the target",
        ),
        (
            {"msg": "The module interpreter was not found.", "module_stderr": "/bin/sh: 1: /opt/python: not found\n"},
            "/bin/sh: 1: /opt/python: not found",
        ),
        ({"msg": "No start of json char found", "module_stdout": "This account is\nlocked.\n"}, "This account is"),
        ({}, "no reason was given"),
    ],
)
def test_a_delegate_that_cannot_run_the_module_is_a_configuration_error(
    relay: Relay, answer: dict[str, t.Any], reason: str
) -> None:
    result = relay.run({"failed": True, **answer})
    assert (result["failed"], result["polls"]) == (True, 1)
    assert result["job"]["error"]["kind"] == "configuration"
    assert result["job"]["error"]["message"] == (
        f"The module cannot run on relay: {reason}. The module needs Python 3.9 or newer there, and the Python library requests."
    )


def test_a_module_that_is_killed_on_the_delegate_is_run_again(relay: Relay) -> None:
    result = relay.run(ACTIVE, {"failed": True, "module_stderr": "Killed\n"}, OK)
    assert result["succeeded"]
    assert result["warnings"] == [
        "1 poll failed during the wait and was repeated with success: The module on relay broke off: Killed."
    ]


def test_a_library_missing_on_the_delegate_is_a_configuration_error(relay: Relay) -> None:
    jobs = [{"config_job": {**PUSH, "job_id": str(number)}} for number in range(3)]
    result = relay.run(failing(Misconfigured("Failed to import requests.")), jobs=jobs)
    assert [job["error"]["kind"] for job in result["jobs"]] == ["configuration"] * 3
    assert len(relay.calls) == 1


def test_a_bad_end_read_by_a_delegate_is_failed(relay: Relay) -> None:
    assert relay.run(FAIL)["job"]["state"] == "failed"


def test_a_wait_delegated_to_the_controller_runs_no_module(relay: Relay, wait: Wait) -> None:
    wait.says(OK)
    result = wait.run({"config_job": wait.push()}, delegate_to="localhost", transport="local", check_mode=True)
    assert result["succeeded"]
    assert relay.calls == [], "delegate_to: localhost is where it runs anyway"


def test_a_refused_account_is_tried_once_on_a_delegate(relay: Relay) -> None:
    jobs = [{"config_job": {**PUSH, "job_id": str(number)}} for number in range(10)]
    result = relay.run(failing(Unauthorized("The API answered HTTP 401.", status=401)), jobs=jobs)
    assert [job["error"]["kind"] for job in result["jobs"]] == ["unauthorized"] * 10
    assert len(relay.calls) == 1
