# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From items to watches: what is shared, what is asked, and what is refused."""

from __future__ import annotations

import threading
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, OptionError, TimedOut
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.fetched import Fetched
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply

PUSH = {"api_url": "http://127.0.0.1:1", "access_token": "s3cret"}


def session(*jobs: t.Any, fetch: t.Any = None) -> WaitSession:
    return WaitSession(parse_items({"jobs": list(jobs)}, lambda _system: {}), concurrency=4, fetch=fetch)


def test_the_same_job_twice_is_tracked_once() -> None:
    same = session(
        {"name": "a", "config_job": {**PUSH, "job_id": 7}}, {"name": "b", "config_job": {**PUSH, "job_id": "7"}}
    )
    assert len(same.tracked_jobs) == 1
    assert same.by_item == [same.tracked_jobs[0]] * 2
    assert [item.name for item in same.items] == ["a", "b"]


@pytest.mark.parametrize(
    "other",
    [{"job_id": "8"}, {"children": False}, {"access_token": "other"}, {"api_url": "http://127.0.0.1:2"}],
    ids=lambda other: next(iter(other)),
)
def test_different_jobs_are_tracked_apart(other: dict[str, t.Any]) -> None:
    both = session({"config_job": {**PUSH, "job_id": "7"}}, {"config_job": {**PUSH, "job_id": "7", **other}})
    assert len(both.tracked_jobs) == 2
    shared = both.tracked_jobs[0].api is both.tracked_jobs[1].api
    assert shared == (not {"access_token", "api_url"} & other.keys()), "an API is unreachable for an account"


def test_a_different_client_certificate_is_another_account() -> None:
    jobs = [
        {"config_job": {**PUSH, "api_url": "https://host", "job_id": number, "client_cert": cert, "client_key": key}}
        for number, (cert, key) in enumerate([(None, None), ("a", None), ("b", None), ("a", "b"), ("a", None)])
    ]
    there = session(*jobs, fetch=lambda _system, _options: Fetched({}))
    apis = [tracked.api for tracked in there.tracked_jobs]
    assert len(set(apis)) == 4
    assert apis[1] is apis[4]


def test_a_session_without_jobs_can_be_closed() -> None:
    nothing = session()
    assert (nothing.tracked_jobs, nothing.request_timeout) == ([], 0)
    nothing.close()


def test_the_longest_request_timeout_bounds_the_overrun() -> None:
    both = session(
        {"config_job": {**PUSH, "job_id": "7", "request_timeout": 5}},
        {"config_job": {**PUSH, "job_id": "8", "request_timeout": 50}},
    )
    assert both.request_timeout == 50


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"api_url": "api.example.com"},
            "jobs[0].config_job.api_url: expected a URL such as https://host.example.com.",
        ),
        (
            {"access_token": None},
            "jobs[0].config_job: no credentials. Set client_id, client_secret and tsg_id, or access_token "
            "(or SCM_CLIENT_ID, SCM_CLIENT_SECRET and SCM_TSG_ID, or SCM_ACCESS_TOKEN in the environment).",
        ),
        (
            {"access_token": None, "client_id": "x"},
            "jobs[0].config_job.client_secret and tsg_id: they are needed with client_id (or SCM_CLIENT_SECRET and SCM_TSG_ID in "
            "the environment).",
        ),
        (
            {"access_token": "two\nlines"},
            "jobs[0].config_job.access_token: expected a token of printable ASCII characters, without blanks and line feeds.",
        ),
        ({"ca_path": "/nowhere/ca.pem"}, "jobs[0].config_job.ca_path: there is no file or folder /nowhere/ca.pem."),
    ],
)
def test_unusable_options_are_refused_with_their_place(options: dict[str, t.Any], sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        session({"config_job": {**PUSH, "job_id": "7", **options}})
    assert str(caught.value) == sentence


def test_a_delegated_session_needs_no_files_on_the_controller() -> None:
    asked = []

    def fetch(system: t.Any, options: t.Any) -> t.Any:
        asked.append((system.name, options["job_id"], options["ca_path"]))
        return Fetched({"data": [{"id": "7", "status_str": "FIN", "result_str": "OK"}]})

    there = session({"config_job": {**PUSH, "job_id": "7", "ca_path": "/only/there.pem"}}, fetch=fetch)
    assert there.tracked_jobs[0].fetch().state == "succeeded"
    assert asked == [("strata", "7", "/only/there.pem")]
    with pytest.raises(OptionError, match=r"^jobs\[0\]\.config_job: no credentials\. "):
        session({"config_job": {"job_id": "7"}}, fetch=fetch)


def test_all_jobs_of_an_account_share_one_login_and_its_token_is_masked(server: Loopback) -> None:
    server.on("POST /oauth", reply({"access_token": "t0ken-of-the-day", "expires_in": 900}))
    for number in range(3):
        server.on(f"GET /jobs/{number}", reply({"data": [{"id": str(number), "status_str": "ACT"}]}))
    client = {"client_id": "me", "client_secret": "s3cret", "tsg_id": "1", "token_url": f"{server.url}/oauth"}
    all_of_them = session(*({"config_job": {**client, "api_url": server.url, "job_id": n}} for n in range(3)))
    assert {watch.fetch().state for watch in all_of_them.tracked_jobs} == {"running"}
    assert len(server.asked("POST /oauth")) == 1
    assert all_of_them.secrets.mask("s3cret, t0ken-of-the-day") == "********, ********"


def test_logouts_do_not_wait_for_each_other(server: Loopback) -> None:
    """Each client's logout meets the others' at the server: one after another they would not."""
    together = threading.Barrier(3, timeout=10)

    def logout(_request: t.Any) -> bytes:
        together.wait()
        return reply(status=204)

    login = reply({"response": {"session": {"csrf": "x"}}}, headers=[("Set-Cookie", "sid=0123456789abcdef0")])
    server.on("POST /sessions", login)
    server.on("GET /updateRepositories/firmware/status", reply({"state": "complete"}))
    server.on("DELETE /sessions", lambda request: [logout(request)])
    account = {"api_url": server.url, "password": "p4ss", "task_id": "12"}
    three = session(*({"firmware_repo": {**account, "username": f"user{number}"}} for number in range(3)))
    assert {watch.fetch().state for watch in three.tracked_jobs} == {"succeeded"}
    three.close()
    assert len(server.asked("DELETE /sessions")) == 3
    assert not together.broken


def test_an_interrupted_session_logs_out_and_asks_no_more(server: Loopback) -> None:
    login = reply(
        {"result": "success", "response": {"csrf": "t" * 20}}, headers=[("Set-Cookie", "JSESSIONID=" + "s" * 20)]
    )
    server.on("POST /sessions", login)
    server.on("DELETE /sessions", reply(b"", 204))
    server.on("GET /updateRepositories/firmware/status", reply({}))
    options = {"task_id": "12", "api_url": server.url, "username": "me", "password": "s3cret"}
    (watch,) = (broken_off := session({"firmware_repo": options})).tracked_jobs
    with pytest.raises(ApiError):
        watch.fetch()
    broken_off.break_off()
    with pytest.raises(TimedOut):
        watch.fetch()
    broken_off.close()
    assert [request.method for request in server.requests] == ["POST", "GET", "DELETE"]
