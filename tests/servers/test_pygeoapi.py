# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of OGC API - Processes, which pygeoapi runs."""

from __future__ import annotations

import typing as t

import pytest
import requests

from tests.e2e.playing import Player
from tests.infrastructure.services import Service
from tests.servers import starting
from tests.servers.conftest import needs
from tests.servers.starting import asked
from tests.servers.waiting import Task, start, wait

LISTING = r"GET /jobs[? ]"
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture(scope="session")
def geo(serve: t.Callable[[Service], Service], tmp_path_factory: pytest.TempPathFactory) -> Service:
    needs("pygeoapi")
    return serve(starting.pygeoapi(tmp_path_factory.mktemp("pygeoapi")))


def url(geo: Service) -> str:
    return f"http://127.0.0.1:{geo.port}"


@pytest.fixture
def sleep(geo: Service) -> t.Callable[..., Task]:
    """A task that starts a job: ``sleep(seconds, error=why)``."""

    def execute(seconds: float, **inputs: str) -> Task:
        body = {"inputs": {"seconds": seconds, **inputs}}
        return start(f"{url(geo)}/processes/sleep/execution", headers=ASYNC, body=body)

    return execute


@pytest.fixture
def job_of(geo: Service) -> t.Callable[..., dict[str, t.Any]]:
    """The job that the task before has started, or that options say."""

    def job(**options: t.Any) -> dict[str, t.Any]:
        which = {} if "id" in options else {"started_by": "{{ started }}"}
        return {"profile": "ogc_process", "api_url": url(geo), **which, **options}

    return job


def test_a_job_that_succeeds_on_pygeoapi_passes(player: Player, sleep, job_of) -> None:
    played = player.play([sleep(1.5), wait(job_of())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["progress"]) == ("ok", "succeeded", 100), played.output
    assert job["finished_at"]


def test_a_job_that_fails_on_pygeoapi_gives_its_reason(player: Player, sleep, job_of) -> None:
    played = player.play([sleep(0.5, error="the disk is full"), wait(job_of())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"]) == ("failed", "failed"), played.output
    assert "the disk is full" in played.last.result["msg"]


def test_a_job_dismissed_on_pygeoapi_is_gone(player: Player, sleep, job_of) -> None:
    dismiss = {"name": "dismiss", "ansible.builtin.uri": {"url": "{{ started.location }}", "method": "DELETE"}}
    played = player.play([sleep(30), dismiss, wait(job_of())])
    assert played.last.outcome == "failed", played.output
    assert "answered HTTP 404" in played.last.result["msg"]
    assert "some servers forget a job that was dismissed" in played.last.result["msg"]


def test_an_unknown_job_fails_with_http_404(player: Player, job_of) -> None:
    played = player.play([wait(job_of(id="11111111-2222-3333-4444-555555555555"))])
    assert played.last.outcome == "failed", played.output
    assert "answered HTTP 404" in played.last.result["msg"]


def test_twenty_jobs_on_pygeoapi_are_read_by_one_listing(player: Player, geo: Service, job_of) -> None:
    place, body = f"{url(geo)}/processes/sleep/execution", {"inputs": {"seconds": 5}}
    started = [requests.post(place, json=body, headers=ASYNC, timeout=10).headers["Location"] for _time in range(20)]
    listings = asked(geo.folder / "log", LISTING)
    played = player.play([wait(*(job_of(id=location) for location in started))])
    assert played.status == 0, played.output
    assert [job["state"] for job in played.last.result["jobs"]] == ["succeeded"] * 20
    assert asked(geo.folder / "log", LISTING) > listings
