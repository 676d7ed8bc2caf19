# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build requests of a buildbot master, which its worker builds."""

from __future__ import annotations

import signal
import typing as t
from pathlib import Path

import pytest
import requests

from tests.e2e.playing import Player
from tests.infrastructure.services import Service
from tests.servers import starting
from tests.servers.conftest import needs
from tests.servers.starting import asked
from tests.servers.waiting import Task, start, wait

LISTING, SINGLE = r"GET /api/v2/buildrequests\?", r"GET /api/v2/buildrequests/\d+ "


@pytest.fixture(scope="session")
def master(serve: t.Callable[[Service], Service], tmp_path_factory: pytest.TempPathFactory) -> Service:
    needs("buildbot")
    master, worker = starting.buildbot(tmp_path_factory.mktemp("buildbot"))
    serve(master)
    serve(worker)
    return master


def url(master: Service) -> str:
    return f"http://127.0.0.1:{master.port}"


def force(command: str) -> dict[str, t.Any]:
    """The call that asks for a build."""
    return {"id": 1, "jsonrpc": "2.0", "method": "force", "params": {"builderNames": ["builder"], "command": command}}


@pytest.fixture
def build(master: Service) -> t.Callable[[str], Task]:
    """A task that asks for a build which runs a command."""
    return lambda command: start(f"{url(master)}/api/v2/forceschedulers/force", body=force(command))


@pytest.fixture
def request_of(master: Service) -> t.Callable[..., dict[str, t.Any]]:
    """The build request that the task before has made, or that options say."""

    def job(**options: t.Any) -> dict[str, t.Any]:
        which = {} if "id" in options else {"started_by": "{{ started }}"}
        return {"profile": "buildbot_request", "api_url": url(master), **which, **options}

    return job


def test_a_build_that_succeeds_on_buildbot_passes(player: Player, build, request_of) -> None:
    played = player.play([build("sleep 1"), wait(request_of())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["native_state"]) == ("ok", "succeeded", "results 0"), played.output


def test_a_build_that_fails_is_named_with_its_reason(player: Player, build, request_of) -> None:
    played = player.play([build("exit 3"), wait(request_of())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["native_state"]) == ("failed", "failed", "results 2"), played.output
    assert "build 2: failed 'sh -c ...' (failure)" in played.last.result["msg"]


def test_a_cancelled_build_request_is_cancelled(player: Player, master: Service, build, request_of) -> None:
    number = "{{ (started.json.result[1].values() | list)[0] }}"
    cancel = {"id": 1, "jsonrpc": "2.0", "method": "cancel", "params": {"reason": "a test"}}
    stop = {
        "name": "stop",
        "ansible.builtin.uri": {
            "url": f"{url(master)}/api/v2/buildrequests/{number}",
            "method": "POST",
            "body_format": "json",
            "body": cancel,
        },
    }
    played = player.play([build("sleep 60"), stop, wait(request_of())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["native_state"]) == ("failed", "cancelled", "results 6"), (
        played.output
    )


def test_an_unknown_build_request_fails_with_http_404(player: Player, request_of) -> None:
    played = player.play([wait(request_of(id=4711))])
    assert played.last.outcome == "failed", played.output
    assert "answered HTTP 404" in played.last.result["msg"]


def test_twenty_build_requests_are_read_by_one_listing(
    player: Player, master: Service, request_of, meanwhile, tmp_path: Path
) -> None:
    place = f"{url(master)}/api/v2/forceschedulers/force"
    # The first keeps the worker busy, and the others waiting, until the listing has been asked for twice.
    free = tmp_path / "free"
    commands = [f"until [ -e '{free}' ]; do sleep 0.1; done", *["true"] * 19]
    answers = [requests.post(place, json=force(command), timeout=10).json() for command in commands]
    numbers = [next(iter(answer["result"][1].values())) for answer in answers]
    listings = asked(master.folder / "http.log", LISTING)
    meanwhile(lambda: asked(master.folder / "http.log", LISTING) > listings + 1, free.touch)
    played = player.play([wait(*(request_of(id=number) for number in numbers), interval=1, max_interval=2)])
    assert played.status == 0, played.output
    assert [job["state"] for job in played.last.result["jobs"]] == ["succeeded"] * 20
    assert asked(master.folder / "http.log", LISTING) > listings + 1


def test_a_wait_outlasts_a_crash_of_the_master_until_the_build_is_repeated(
    player: Player, master: Service, build, request_of, meanwhile
) -> None:
    log = master.folder / "http.log"
    before = asked(log, SINGLE)
    meanwhile(lambda: asked(log, SINGLE) > before + 1, lambda: master.restart(0.5, signal.SIGKILL))
    played = player.play([build("sleep 2"), wait(request_of())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["native_state"]) == ("ok", "succeeded", "results 0"), played.output
    assert "Trying again" in played.output
