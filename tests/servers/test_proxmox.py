# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of a Proxmox VE, which fakepve is."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import requests
import trustme

from tests.e2e.playing import Played, Player
from tests.infrastructure.services import Service
from tests.servers import starting
from tests.servers.conftest import needs
from tests.servers.starting import PASSWORD, TOKEN_ID, TOKEN_SECRET, USER, asked
from tests.servers.waiting import Task, start, wait

TICKET_SECONDS = 2
LOGIN = "POST /api2/json/access/ticket"
LISTING, SINGLE = r"GET /api2/json/nodes/pve1/tasks\?", "GET /api2/json/nodes/pve1/tasks/"
WITH_TOKEN = {"Authorization": f"PVEAPIToken={TOKEN_ID}={TOKEN_SECRET}"}
AS_USER = {"username": USER, "password": PASSWORD}


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``ca.pem``, and ``server.pem`` for loopback, the latter with its key."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    server = authority.issue_cert("127.0.0.1")
    server.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


@pytest.fixture(scope="session")
def ca(certificates: Path) -> Path:
    return certificates / "ca.pem"


@pytest.fixture(scope="session")
def pve(serve: t.Callable[[Service], Service], certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    needs("fakepve")
    folder = tmp_path_factory.mktemp("pve")
    return serve(starting.fakepve(folder, certificates / "server.pem", TICKET_SECONDS))


@pytest.fixture
def power(pve: Service, ca: Path) -> t.Callable[..., Task]:
    """A task that starts or shuts down a guest: ``power(action, guest)``."""

    def act(action: str, guest: int | str, **body: t.Any) -> Task:
        url = f"https://127.0.0.1:{pve.port}/api2/json/nodes/pve1/qemu/{guest}/status/{action}"
        return start(url, headers=WITH_TOKEN, body=body, ca_path=str(ca))

    return act


@pytest.fixture
def task(pve: Service, ca: Path) -> t.Callable[..., dict[str, t.Any]]:
    """The job that the task before has started, or that options say."""

    def job(**options: t.Any) -> dict[str, t.Any]:
        which = {} if "id" in options else {"started_by": "{{ started }}"}
        place = {"api_url": f"https://127.0.0.1:{pve.port}", "ca_path": str(ca)}
        return {"profile": "proxmox_task", **place, **which, **AS_USER, **options}

    return job


def outcome(played: Played) -> tuple[str, str, str]:
    """Whether the task passed, the job's state and its native state."""
    job = played.last.result["job"]
    return played.last.outcome, job["state"], job["native_state"]


def test_a_task_that_ends_well_on_proxmox_passes(player: Player, power, task) -> None:
    played = player.play([power("shutdown", 100), wait(task())])
    assert outcome(played) == ("ok", "succeeded", "stopped/OK"), played.output
    assert "proxmox_task pve1/UPID:pve1:" in played.output
    assert played.last.result["job"]["description"] == "qmshutdown 100"


def test_a_task_that_fails_on_proxmox_gives_its_reason(player: Player, power, task) -> None:
    played = player.play([power("shutdown", 101, timeout=1), wait(task())])
    assert outcome(played) == ("failed", "failed", "stopped/VM quit/powerdown failed - got timeout"), played.output
    assert played.last.result["msg"].endswith("VM quit/powerdown failed - got timeout.")


def test_a_task_interrupted_on_proxmox_is_cancelled(player: Player, power, task) -> None:
    played = player.play([power("start", 102), wait(task())])
    assert outcome(played) == ("failed", "cancelled", "stopped/received interrupt"), played.output


def test_an_unknown_task_fails_with_the_message_of_proxmox(player: Player, task) -> None:
    unknown = {"node": "pve1", "upid": "UPID:pve1:0000FFFF:00000001:6B07910C:qmstart:100:root@pam:"}
    played = player.play([wait(task(id=unknown))])
    assert played.last.outcome == "failed", played.output
    assert "unable to parse worker upid" in played.last.result["msg"]


def test_tasks_of_a_loop_on_proxmox_are_named_after_its_items(player: Player, power, task) -> None:
    guests = ["105", "106", "107"]
    played = player.play([{**power("shutdown", "{{ item }}"), "loop": guests}, wait(task())])
    assert played.status == 0, played.output
    assert [(job["name"], job["state"]) for job in played.last.result["jobs"]] == [(it, "succeeded") for it in guests]


def test_twenty_tasks_on_proxmox_are_read_by_one_listing(player: Player, pve: Service, ca: Path, task) -> None:
    url = f"https://127.0.0.1:{pve.port}/api2/json/nodes/pve1/qemu"
    answers = [
        requests.post(f"{url}/{200 + n}/status/shutdown", headers=WITH_TOKEN, verify=str(ca), timeout=10)
        for n in range(20)
    ]
    tasks = [task(id={"node": "pve1", "upid": answer.json()["data"]}) for answer in answers]
    listings, single = asked(pve.folder / "log", LISTING), asked(pve.folder / "log", SINGLE)
    played = player.play([wait(*tasks)])
    assert played.status == 0, played.output
    assert [job["state"] for job in played.last.result["jobs"]] == ["succeeded"] * 20
    assert asked(pve.folder / "log", LISTING) > listings
    # At first, and when the last of them end; one after another would be ten polls of each.
    assert asked(pve.folder / "log", SINGLE) <= single + 3 * len(tasks)


def test_a_session_that_ends_during_the_wait_is_renewed(player: Player, pve: Service, power, task) -> None:
    before = asked(pve.folder / "log", LOGIN)
    played = player.play([power("shutdown", 103), wait(task())])
    assert outcome(played) == ("ok", "succeeded", "stopped/OK"), played.output
    # The shutdown takes 10 s, less what passes before the wait begins.
    assert 2 <= asked(pve.folder / "log", LOGIN) - before <= 10 / TICKET_SECONDS + 2


def test_a_wrong_password_for_proxmox_is_tried_once(player: Player, pve: Service, power, task) -> None:
    before = asked(pve.folder / "log", LOGIN)
    played = player.play([power("shutdown", 104), wait(task(password="wrong"))])
    assert played.last.outcome == "failed", played.output
    assert "authentication failure" in played.last.result["msg"]
    assert asked(pve.folder / "log", LOGIN) - before == 1


def test_a_task_that_proxmox_forgets_on_restart_is_gone(player: Player, pve: Service, power, task, meanwhile) -> None:
    before = asked(pve.folder / "log", SINGLE)
    meanwhile(lambda: asked(pve.folder / "log", SINGLE) > before + 1, lambda: pve.restart(1))
    played = player.play([power("shutdown", 104), wait(task())])
    assert played.last.outcome == "failed", played.output
    assert "The API no longer knows the job" in played.last.result["msg"]
