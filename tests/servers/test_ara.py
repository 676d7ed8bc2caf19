# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks that ARA records, one of them a real one. ARA never runs anything: each end is told to it."""

from __future__ import annotations

import os
import subprocess
import typing as t
from pathlib import Path

import pytest
import requests
import yaml

from tests.e2e.playing import Player
from tests.infrastructure.services import Service
from tests.servers import starting
from tests.servers.conftest import needs
from tests.servers.starting import BIN, PASSWORD, USER, asked
from tests.servers.waiting import Task, start, wait

LISTING, SINGLE = r"GET /api/v1/playbooks\?", r"GET /api/v1/playbooks/\d+ "
STARTED = {"ansible_version": "2.19", "path": "/srv/site.yml", "status": "running", "started": "2026-11-26T02:00:00Z"}
BY_BASIC = {"url_username": USER, "url_password": PASSWORD, "force_basic_auth": True}


@pytest.fixture(scope="session")
def ara(serve: t.Callable[[Service], Service], tmp_path_factory: pytest.TempPathFactory) -> Service:
    needs("ara-manage")
    return serve(starting.ara(tmp_path_factory.mktemp("ara")))


def url(ara: Service) -> str:
    return f"http://127.0.0.1:{ara.port}"


@pytest.fixture
def record(ara: Service) -> Task:
    """A task that records a playbook which has begun."""
    return start(f"{url(ara)}/api/v1/playbooks", body=STARTED, **BY_BASIC)


@pytest.fixture
def end(ara: Service) -> t.Callable[[int, str], None]:
    """Tells ARA the end of a playbook: ``end(id, status)``."""

    def tell(number: int, status: str) -> None:
        there = f"{url(ara)}/api/v1/playbooks/{number}"
        ended = {"status": status, "ended": "2026-11-26T02:01:30Z"}
        requests.patch(there, json=ended, auth=(USER, PASSWORD), timeout=10).raise_for_status()

    return tell


@pytest.fixture
def playbook(ara: Service) -> t.Callable[..., dict[str, t.Any]]:
    """The playbook that the task before has recorded, or that options say."""

    def job(**options: t.Any) -> dict[str, t.Any]:
        which = {} if "id" in options else {"started_by": "{{ started }}"}
        account = {"api_url": url(ara), "username": USER, "password": PASSWORD}
        return {"profile": "ara_playbook", **account, **which, **options}

    return job


def numbers(ara: Service, count: int) -> list[int]:
    """The ids of playbooks which have begun."""
    there = f"{url(ara)}/api/v1/playbooks"
    answers = [requests.post(there, json=STARTED, auth=(USER, PASSWORD), timeout=10) for _time in range(count)]
    return [answer.json()["id"] for answer in answers]


def newest(ara: Service) -> int:
    """The id of the last playbook that has begun."""
    there = f"{url(ara)}/api/v1/playbooks?order=-id&limit=1"
    return requests.get(there, auth=(USER, PASSWORD), timeout=10).json()["results"][0]["id"]


def test_a_real_playbook_that_fails_names_its_host(player: Player, ara: Service, playbook, tmp_path: Path) -> None:
    tasks = [{"name": "Work", "ansible.builtin.pause": {"seconds": 2}}, {"ansible.builtin.fail": {"msg": "no space"}}]
    real = tmp_path / "real.yml"
    real.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    recorded = {
        "ANSIBLE_CALLBACK_PLUGINS": str(next(BIN.parent.glob("lib/python*/site-packages/ara/plugins/callback"))),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ARA_API_CLIENT": "http",
        "ARA_API_SERVER": url(ara),
        "ARA_API_USERNAME": USER,
        "ARA_API_PASSWORD": PASSWORD,
    }
    with subprocess.Popen(
        [BIN / "ansible-playbook", real],
        env={**os.environ, **recorded},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    ) as running:
        find = {
            "name": "find",
            "ansible.builtin.uri": {"url": f"{url(ara)}/api/v1/playbooks?path={real}", **BY_BASIC},
            "register": "found",
            "until": "found.json.count > 0",
            "retries": 50,
            "delay": 0.2,
        }
        played = player.play([find, wait(playbook(id="{{ found.json.results[0].id }}"))])
    assert running.returncode == 2
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"], job["description"]) == ("failed", "failed", str(real)), played.output
    assert "localhost: 1 failed, 0 unreachable" in played.last.result["msg"]


def test_a_wait_outlasts_a_restart_of_ara(player: Player, ara: Service, record, playbook, end, meanwhile) -> None:
    log = ara.folder / "log"
    before = asked(log, SINGLE)

    def restart() -> None:
        ara.restart(0.5)
        end(newest(ara), "completed")

    meanwhile(lambda: asked(log, SINGLE) > before + 1, restart)
    played = player.play([record, wait(playbook())])
    job = played.last.result["job"]
    assert (played.last.outcome, job["state"]) == ("ok", "succeeded"), played.output
    assert "Trying again" in played.output


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_bad_end_in_ara_fails_the_wait(player: Player, ara: Service, playbook, end, status: str) -> None:
    (number,) = numbers(ara, 1)
    end(number, status)
    played = player.play([wait(playbook(id=number))])
    assert (played.last.outcome, played.last.result["job"]["native_state"]) == ("failed", status), played.output


def test_an_unknown_playbook_fails_with_http_404(player: Player, playbook) -> None:
    played = player.play([wait(playbook(id=4711))])
    assert played.last.outcome == "failed", played.output
    assert "answered HTTP 404" in played.last.result["msg"]


def test_a_wrong_password_for_ara_is_tried_once(player: Player, ara: Service, playbook) -> None:
    before = asked(ara.folder / "log", SINGLE)
    played = player.play([wait(playbook(id=1, password="wrong"))])
    assert played.last.outcome == "failed", played.output
    assert "answered HTTP 401: Invalid username/password." in played.last.result["msg"]
    assert asked(ara.folder / "log", SINGLE) - before == 1


def test_twenty_playbooks_are_read_by_one_listing(player: Player, ara: Service, playbook, end, meanwhile) -> None:
    begun, log = numbers(ara, 20), ara.folder / "log"
    listings = asked(log, LISTING)
    meanwhile(lambda: asked(log, LISTING) > listings + 2, lambda: [end(number, "completed") for number in begun])
    played = player.play([wait(*(playbook(id=number) for number in begun))])
    assert played.status == 0, played.output
    assert [job["state"] for job in played.last.result["jobs"]] == ["succeeded"] * 20
