# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of aptly, which manages package repositories."""

from __future__ import annotations

import hashlib
import time
import typing as t

import pytest
import requests

from tests.e2e.playing import Player
from tests.infrastructure.services import Service
from tests.servers import starting
from tests.servers.conftest import needs
from tests.servers.starting import asked
from tests.servers.waiting import Task, start, wait
from tests.unit.loopback import Loopback, Request, reply

LISTING, SINGLE = r'GET\s+"/api/tasks"', r'GET\s+"/api/tasks/\d+"'
RELEASE = """\
Origin: tests
Suite: x
Codename: x
Date: Thu, 26 Nov 2026 00:00:00 UTC
Architectures: amd64
Components: main
SHA256:
 {} 0 main/binary-amd64/Packages
""".format(hashlib.sha256(b"").hexdigest())


@pytest.fixture(scope="session")
def aptly(serve: t.Callable[[Service], Service], tmp_path_factory: pytest.TempPathFactory) -> Service:
    needs("aptly")
    return serve(starting.aptly(tmp_path_factory.mktemp("aptly")))


@pytest.fixture(scope="session")
def archive() -> t.Iterator[Loopback]:
    """An archive of no packages: ``slow`` takes three seconds to say so, ``broken`` has no index."""

    def slowly(_request: Request) -> bytes:
        time.sleep(3)
        return reply(b"")

    archive = Loopback()
    for number in range(21):
        archive.on(f"GET /slow{number}/dists/x/Release", reply(RELEASE))
        archive.on(f"GET /slow{number}/dists/x/main/binary-amd64/Packages", slowly)
    archive.on("GET /broken/dists/x/Release", reply(RELEASE))
    yield archive
    archive.stop()


@pytest.fixture
def mirror(aptly: Service, archive: Loopback) -> t.Callable[[str], str]:
    """Makes a mirror of a part of the archive; returns the address that updates it."""

    def make(part: str) -> str:
        mirrors = f"http://127.0.0.1:{aptly.port}/api/mirrors"
        known = {"Name": part, "ArchiveURL": f"{archive.url}/{part}", "Distribution": "x", "Components": ["main"]}
        whole = {**known, "Architectures": ["amd64"], "IgnoreSignatures": True}
        requests.post(mirrors, json=whole, timeout=10).raise_for_status()
        return f"{mirrors}/{part}?_async=true"

    return make


@pytest.fixture
def update(mirror: t.Callable[[str], str]) -> t.Callable[[str], Task]:
    """A task that updates a mirror of a part of the archive."""
    return lambda part: start(mirror(part), method="PUT", body={"Name": part, "IgnoreSignatures": True})


@pytest.fixture
def task(aptly: Service) -> t.Callable[..., dict[str, t.Any]]:
    """The task that the task before has started, or that options say."""

    def job(**options: t.Any) -> dict[str, t.Any]:
        which = {} if "id" in options else {"started_by": "{{ started }}"}
        return {"profile": "aptly_task", "api_url": f"http://127.0.0.1:{aptly.port}", **which, **options}

    return job


def test_a_task_that_succeeds_on_aptly_passes(player: Player, update, task) -> None:
    played = player.play([update("slow20"), wait(task())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["description"]) == ("ok", "succeeded", "Update mirror slow20"), (
        played.output
    )


def test_a_task_that_fails_on_aptly_fails_the_wait(player: Player, update, task) -> None:
    played = player.play([update("broken"), wait(task())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["native_state"]) == ("failed", "failed", "3"), played.output


def test_an_unknown_task_fails_with_aptlys_own_message(player: Player, task) -> None:
    played = player.play([wait(task(id=4711))])
    assert played.last.outcome == "failed", played.output
    assert "Could not find task with id 4711" in played.last.result["msg"]


def test_twenty_tasks_on_aptly_are_read_by_one_listing(player: Player, aptly: Service, mirror, task) -> None:
    parts = [f"slow{number}" for number in range(20)]
    started = [
        requests.put(mirror(part), json={"Name": part, "IgnoreSignatures": True}, timeout=10).json() for part in parts
    ]
    listings = asked(aptly.folder / "log", LISTING)
    played = player.play([wait(*(task(id=answer["ID"]) for answer in started))])
    assert played.status == 0, played.output
    assert [job["state"] for job in played.last.result["jobs"]] == ["succeeded"] * 20
    assert asked(aptly.folder / "log", LISTING) > listings


def test_a_task_that_aptly_forgets_on_restart_is_gone(player: Player, aptly: Service, update, task, meanwhile) -> None:
    log = aptly.folder / "log"
    before = asked(log, SINGLE)
    meanwhile(lambda: asked(log, SINGLE) > before + 1, lambda: aptly.restart(0.5))
    requests.delete(f"http://127.0.0.1:{aptly.port}/api/mirrors/slow20?force=1", timeout=10)
    played = player.play([update("slow20"), wait(task())])
    assert played.last.outcome == "failed", played.output
    assert "The API no longer knows the job" in played.last.result["msg"]
    assert played.last.result["msg"].endswith("aptly forgets its tasks when it restarts.")
