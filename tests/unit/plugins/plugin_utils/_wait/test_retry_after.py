# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API that answers says in ``Retry-After`` when it wants to be read again, and that is when the next poll is."""

from __future__ import annotations

import email.utils
import time
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.plugin_utils._delegate import Delegate
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import LEAST
from ansible_collections.endstate.jobs.tests.unit.cases import CASES
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from ansible_collections.endstate.jobs.tests.unit.plugins.plugin_utils._wait.waiting import wait_for
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace, multiplay, strata, xclarity

ASKS = [("Retry-After", "60")]
APTLY = {"profile": "aptly_task"}
GOING = {
    "dynatrace": {**dynatrace.JOB, "jobState": "IN_PROGRESS"},
    "multiplay": {**multiplay.JOB, "jobstateid": 4, "jobprogress": 10},
    "strata": {"data": [{**strata.RUNNING["data"][0], "id": "21"}]},
    "xclarity": xclarity.RUNNING,
}
RUNNING, DONE = {"ID": 12, "State": 1}, {"ID": 12, "State": 2}


def polled_at(*jobs: t.Any, **how: t.Any) -> list[float]:
    """When a wait asks for the jobs."""
    return wait_for(*jobs, **how).polled_at


def task(server: Loopback, **options: t.Any) -> dict[str, t.Any]:
    return {"rest_job": {**APTLY, "api_url": server.url, "id": 12, **options}}


# The guide on adding a system adds a case, and runs these tests: its job has no reply here.
@pytest.mark.parametrize("case", [case for case in CASES if case.name in GOING], ids=lambda case: case.name)
def test_each_system_is_polled_when_retry_after_says(server: Loopback, case: t.Any) -> None:
    server.on(case.route, reply(GOING[case.name], headers=ASKS))
    given = case.given(server.url)
    del given["retries"]
    assert polled_at({case.key: given}) == [0, 60, 120, 130]


def test_retry_after_may_be_a_date_or_seconds(server: Loopback) -> None:
    def until(_request: t.Any) -> t.Iterable[bytes]:
        moment = email.utils.formatdate(time.time() + 61, usegmt=True)
        return [reply(RUNNING, headers=[("Retry-After", moment)])]

    server.on("GET /api/tasks/12", until)
    (first, second, *_more) = polled_at(task(server))
    assert (first, second) == (0, pytest.approx(60.5, abs=0.6))


@pytest.mark.parametrize(
    ("says", "times"),
    [("1", [0, 5, 10, 12]), ("1000000000", [0, 12]), ("soon", [0, 5, 11.5, 12]), ("-7", [0, 5, 11.5, 12])],
)
def test_retry_after_is_bounded_by_the_interval_and_the_deadline(
    server: Loopback, says: str, times: list[float]
) -> None:
    server.on("GET /api/tasks/12", reply(RUNNING, headers=[("Retry-After", says)]))
    assert polled_at(task(server), timeout=12) == times


def test_an_absurd_retry_after_counts_as_ten_minutes(server: Loopback) -> None:
    server.on("GET /api/tasks/12", reply(RUNNING, headers=[("Retry-After", "86400")]), reply(DONE))
    assert polled_at(task(server), timeout=3600) == [0, 600]


def test_retry_after_of_a_listing_holds_for_all_its_jobs(server: Loopback) -> None:
    ids = range(LEAST)
    rows = [{"ID": number, "State": 1} for number in ids]
    server.on("GET /api/tasks", reply(rows, headers=ASKS))
    for number in ids:
        server.on(f"GET /api/tasks/{number}", reply(DONE))
    assert polled_at(*(task(server, id=number) for number in ids), timeout=125)[:3] == [0, 60, 120]
    assert len(server.asked("GET /api/tasks")) == 4


def test_a_watched_listing_obeys_retry_after(server: Loopback) -> None:
    server.on("GET /api/tasks", reply([], headers=ASKS))
    watched = {name: value for name, value in task(server)["rest_job"].items() if name != "id"}
    assert polled_at({"rest_job": watched}, listings=True) == [0, 60, 120, 130]


def test_retry_after_of_a_child_holds_for_its_parent(server: Loopback) -> None:
    """They are read after it, and its own reply may say nothing."""
    profile = {
        "schema": 1,
        "name": "parts",
        "ids": {"job": {}},
        "auth": ["none"],
        "status": {"get": "/{job}"},
        "state": {"path": "s", "running": "r", "succeeded": "d", "failed": "f"},
        "children": {"links": "parts"},
    }
    server.on("GET /7", reply({"s": "d", "parts": ["/8"]}))
    server.on("GET /8", reply({"s": "r"}, headers=ASKS))
    job = {"rest_job": {"profile": profile, "api_url": server.url, "id": 7}}
    assert polled_at(job, timeout=70) == [0, 60, 70]


def test_retry_after_comes_with_the_result_of_a_delegate(server: Loopback, run_module: t.Any) -> None:
    server.on("GET /api/tasks/12", reply(RUNNING, headers=ASKS))
    there = Delegate("relay", lambda module, given: run_module(module.rpartition(".")[2], given), "endstate.jobs")
    assert polled_at(task(server), fetch=there.fetch) == [0, 60, 120, 130]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_info_module_returns_retry_after(server: Loopback, run_module: t.Any, case: t.Any) -> None:
    server.on(case.route, reply(case.reply, headers=ASKS), reply(case.reply))
    assert run_module(case.module, case.given(server.url))["retry_after"] == 60
    assert run_module(case.module, case.given(server.url))["retry_after"] is None
