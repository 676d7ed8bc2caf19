# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children that a profile says may appear after the good end of their parent."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.plugin_utils._delegate import Delegate
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from ansible_collections.endstate.jobs.tests.unit.plugins.plugin_utils._wait.waiting import wait_for

PROFILE = {
    "schema": 1,
    "name": "rollout",
    "ids": {"job": {}},
    "auth": ["none"],
    "status": {"get": "/jobs/{job}"},
    "state": {"path": "s", "pending": "p", "running": "r", "succeeded": "d", "failed": "f"},
    "fields": {"finished_at": "end", "message": "why"},
    "children": {"get": "/parts", "query": {"of": "{job}"}, "items": "@", "id": "id", "settle": 30},
}
GOING, DONE, FAILED = reply({"s": "r"}), reply({"s": "d"}), reply({"s": "f", "why": "no space"})
NONE, PART, PART_DONE = reply([]), reply([{"id": 1, "s": "r"}]), reply([{"id": 1, "s": "d"}])
PART_FAILED = reply([{"id": 1, "s": "f", "why": "broken"}])


def rollout(server: Loopback, **options: t.Any) -> dict[str, t.Any]:
    return {"profile": PROFILE, "api_url": server.url, "id": 7, **options}


@pytest.fixture(params=["here", "another machine"])
def waited(request, server: Loopback, run_module: t.Any) -> t.Callable[..., t.Any]:
    """Waits for the job, from here or from another machine, which must look once each time and not watch itself."""

    def execute(module: str, given: t.Any) -> t.Any:
        assert given["profile"]["children"]["settle"] == 0
        return run_module(module.rpartition(".")[2], given)

    there = Delegate("relay", execute, "endstate.jobs").fetch if request.param != "here" else None

    def waited(**options: t.Any) -> t.Any:
        done = wait_for({"rest_job": rollout(server, **options)}, fetch=there)
        return done.polls[0], done.polled_at

    return waited


def test_a_good_end_is_believed_once_it_has_settled(server, waited) -> None:
    server.on("GET /jobs/7", GOING, DONE)
    server.on("GET /parts", NONE)
    poll, times = waited()
    assert (poll.job.state, times[0], times[1]) == ("succeeded", 0, 5)
    assert times[-1] == 35, "30 s after the end was seen"


def test_a_child_that_appears_late_decides_about_the_job(server, waited) -> None:
    server.on("GET /jobs/7", DONE)
    server.on("GET /parts", NONE, PART, PART_FAILED)
    poll, times = waited()
    assert (poll.job.state, poll.job.message, times[-1]) == ("failed", "1: broken", 30)
    assert [entry["state"] for entry in poll.history] == ["running", "failed"]


def test_a_bad_end_is_believed_at_once(server, waited) -> None:
    server.on("GET /jobs/7", FAILED)
    server.on("GET /parts", NONE)
    poll, times = waited()
    assert (poll.job.state, times) == ("failed", [0])


def test_an_end_of_long_ago_is_believed_at_once(server, waited) -> None:
    server.on("GET /jobs/7", reply({"s": "d", "end": "2020-01-01T00:00:00Z"}))
    server.on("GET /parts", PART_DONE)
    poll, times = waited()
    assert (poll.job.state, times) == ("succeeded", [0])


def test_an_end_of_just_now_must_settle(server, waited) -> None:
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    server.on("GET /jobs/7", reply({"s": "d", "end": now}))
    server.on("GET /parts", PART_DONE)
    poll, times = waited()
    assert (poll.job.state, poll.job.children[0].id, times[-1]) == ("succeeded", "1", 30)


def test_children_that_are_not_followed_are_not_waited_for(server) -> None:
    server.on("GET /jobs/7", DONE)
    done = wait_for({"rest_job": rollout(server, children=False)})
    assert (done.polled_at, len(server.requests)) == ([0], 1)


def test_the_message_tells_that_children_are_looked_for(server) -> None:
    server.on("GET /jobs/7", reply({"s": "d", "why": "committed"}))
    server.on("GET /parts", NONE)
    done = wait_for({"rest_job": rollout(server)}, timeout=10)
    (poll,) = done.polls
    said = "committed; looking for the jobs that it consists of for up to 30 s"
    assert (poll.job.state, poll.job.message) == ("running", said)


def test_an_info_module_watches_for_children(server) -> None:
    server.on("GET /jobs/7", DONE)
    server.on("GET /parts", NONE, NONE, PART)
    slept: list[float] = []
    result = info(BY_KEY["rest_job"], rollout(server), sleep=slept.append)
    assert (result["job"]["state"], result["job"]["children"][0]["state"], slept) == ("running", "running", [5, 5])
