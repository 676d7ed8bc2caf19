# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on any REST API, followed from its first file to its last, against the API that it speaks of."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from tests.docs.pages import CHECKOUT, Block, blocks
from tests.e2e.playing import Played, Player
from tests.e2e.vendors_hosts import Server, vendors_hosts
from tests.unit.loopback import Loopback, Request, reply

NAME = "any_rest_api"
KEY, PASSWORD = "the-key-of-the-builds", "the-password-of-the-builds"
JSON = [("Content-Type", "application/json")]
"""Without it uri takes no answer for JSON."""
PROFILES = ("acme_build.yml", "acme_deploy.yml")
BUILD = {"id": 17, "project": "shop", "state": "done", "step": 8, "steps": 8, "started": 1795657996, "reason": None}


class Follower:
    """Somebody who follows the guide.

    :param builds: the API.
    """

    def __init__(self, builds: Loopback, player: Player, environment: t.Mapping[str, str]) -> None:
        self.builds = builds
        self.folder = player.folder
        self._player = player
        self._environment = environment
        self._blocks = blocks(NAME)

    def read_to(self, file: str, time: int = 1) -> Block:
        """Do what the guide says up to a block: the files as they are then, and the block.

        :param time: which of the blocks of this name.
        """
        folder = self.folder
        for profile in PROFILES:
            (folder / profile).unlink(missing_ok=True)
        for block in self._blocks:
            if block.file in PROFILES:
                path = folder / block.file
                known = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
                path.write_text(yaml.safe_dump(known | yaml.safe_load(block.text), sort_keys=False), encoding="utf-8")
            elif block.file and block.language == "yaml+jinja":
                (folder / block.file).write_text(block.text, encoding="utf-8")
            if block.file == file:
                time -= 1
                if not time:
                    return block
        raise AssertionError(f"{NAME}.rst has no such block: {file}")

    def play(self, file: str) -> Played:
        """Run one of the guide's playbooks as it is then."""
        return self._player.playbook(
            [{"ansible.builtin.import_playbook": file}], environment=self._environment, timeout=60
        )


@pytest.fixture
def follower(tmp_path: Path) -> t.Iterator[Follower]:
    builds = Loopback()
    builds.on("POST /api/builds", _keyed(reply({"id": 17, "state": "queued"}, 202, JSON)))
    builds.on("GET /api/builds/17", _keyed(reply(BUILD, headers=JSON)))
    builds.on(
        "GET /api/builds/17/parts", _keyed(reply({"parts": [{"id": "17-1", "name": "compile", "state": "done"}]}))
    )
    builds.on("GET /api/builds", _keyed(reply({"builds": [BUILD, {**BUILD, "id": 18, "state": "broken"}]})))
    try:
        with vendors_hosts({"builds.example.com": Server(builds.url)}, tmp_path) as (proxy, ca):
            environment = {"https_proxy": proxy, "REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca}
            player = Player(tmp_path, {"vault_builds_key": KEY, "vault_builds_password": PASSWORD})
            yield Follower(builds, player, environment)
    finally:
        builds.stop()


def _keyed(answer: bytes) -> t.Callable[[Request], bytes]:
    """The answer for somebody with the key; a 401 for everybody else."""
    return lambda request: answer if request.headers.get("X-Api-Key") == KEY else reply({"error": "no key"}, 401)


def test_the_guides_loop_waits_for_a_good_end(follower: Follower) -> None:
    follower.read_to("before.yml")
    played = follower.play("before.yml")
    assert played.status == 0, played.output
    assert played.last.result["json"]["state"] == "done"


def test_the_profile_of_ten_lines_has_ten_lines_and_waits(follower: Follower) -> None:
    assert len(follower.read_to("acme_build.yml").text.splitlines()) == 10
    follower.read_to("after.yml")
    follower.builds.on(
        "GET /api/builds/17",
        reply({}, 503),
        _keyed(reply(BUILD, headers=JSON)),
    )
    played = follower.play("after.yml")
    assert played.status == 0, played.output
    assert played.last.result["job"]["state"] == "succeeded"


def test_a_broken_build_fails_the_task_at_once(follower: Follower) -> None:
    follower.read_to("after.yml")
    follower.builds.on("GET /api/builds/17", _keyed(reply({**BUILD, "state": "broken"})))
    played = follower.play("after.yml")
    assert (played.status, played.last.result["job"]["state"]) == (2, "failed"), played.output


@pytest.mark.parametrize(("file", "time"), [("try.yml", 1), ("two.yml", 2)])
def test_the_explanation_is_the_one_that_the_guide_shows(follower: Follower, file: str, time: int) -> None:
    shown = follower.read_to("explanation", time)
    played = follower.play(file)
    assert played.status == 0, played.output
    assert played["Read a reply"].result["explanation"] == yaml.safe_load(shown.text)
    assert follower.builds.requests == []


def test_all_words_and_fields_give_the_job_that_the_guide_shows(follower: Follower) -> None:
    shown = yaml.safe_load(follower.read_to("job").text)
    played = follower.play("try.yml")
    assert played["Read a reply"].outcome == "ok", played.output
    job = played["Read a reply"].result["job"]
    assert {name: job[name] for name in shown} == shown


def test_a_loop_that_starts_three_builds_gives_three_jobs(follower: Follower) -> None:
    follower.read_to("many.yml")
    for number in (17, 18, 19):
        follower.builds.on(f"GET /api/builds/{number}", _keyed(reply({**BUILD, "id": number})))
    starts = [_keyed(reply({"id": number, "state": "queued"}, 202, JSON)) for number in (17, 18, 19)]
    follower.builds.on("POST /api/builds", *starts)
    played = follower.play("many.yml")
    assert played.status == 0, played.output
    jobs = played.last.result["jobs"]
    assert [(job["name"], job["id"], job["state"]) for job in jobs] == [
        ("shop", "17", "succeeded"),
        ("blog", "18", "succeeded"),
        ("search", "19", "succeeded"),
    ]


def test_a_login_is_made_once_and_ended(follower: Follower) -> None:
    follower.read_to("login.yml")
    follower.builds.on("POST /api/login", reply({"data": {"key": KEY}}))
    follower.builds.on("DELETE /api/login", reply("", 204))
    played = follower.play("login.yml")
    assert played.status == 0, played.output
    asked = [f"{request.method} {request.path}" for request in follower.builds.requests]
    assert asked == ["POST /api/login", "GET /api/builds/17", "DELETE /api/login"]
    assert PASSWORD not in played.output


def test_the_whole_profile_is_the_sum_of_the_guides_steps(follower: Follower) -> None:
    whole = yaml.safe_load(follower.read_to("whole").text)
    assert yaml.safe_load((follower.folder / "acme_build.yml").read_text(encoding="utf-8")) == whole


@pytest.fixture
def reader(follower: Follower) -> Follower:
    """Somebody who has read the whole guide."""
    follower.read_to("defaults.yml")
    return follower


@pytest.mark.parametrize(("said", "kind"), [("no such build", "not_found"), ("database is gone", "rejected")])
def test_an_error_that_comes_with_http_200_is_an_error(reader: Follower, said: str, kind: str) -> None:
    reader.builds.on("GET /api/builds", _keyed(reply({"error": said})))
    played = reader.play("list.yml")
    assert (played.status, played.last.result["error"]["kind"]) == (2, kind), played.output
    assert said in played.last.result["error"]["message"]


def test_a_bad_child_makes_the_job_bad_and_gives_the_reason(reader: Follower) -> None:
    part = {"id": "17-1", "name": "compile", "state": "broken", "reason": "no such module"}
    reader.builds.on("GET /api/builds/17/parts", _keyed(reply({"parts": [part]})))
    job = reader.play("after.yml").last.result["job"]
    assert (job["state"], job["native_state"], job["message"]) == ("failed", "done", "compile: no such module")


def test_the_listing_has_all_builds(reader: Follower) -> None:
    played = reader.play("list.yml")
    assert played.status == 0, played.output
    assert {job["id"]: job["state"] for job in played.last.result["jobs"]} == {"17": "succeeded", "18": "failed"}
    (request,) = reader.builds.requests
    assert request.query == {"limit": "100"}


def test_defaults_of_the_group_are_enough_for_a_loop(reader: Follower) -> None:
    played = reader.play("defaults.yml")
    assert played.status == 0, played.output
    assert played.last.result["job"]["description"] == "shop 17"


def test_the_line_for_editors_leads_to_the_schema() -> None:
    (line,) = [block.text for block in blocks(NAME) if "yaml-language-server" in block.text]
    assert (CHECKOUT / line.split("/main/")[1].strip()).is_file()


def test_a_profile_with_several_ids_is_read() -> None:
    (several,) = [yaml.safe_load(block.text) for block in blocks(NAME) if "between" in block.text]
    (first, *_others) = [yaml.safe_load(block.text) for block in blocks(NAME) if block.file == PROFILES[0]]
    profile = read_profile({**first, **several})
    assert profile.started_by
    result = {"url": "https://builds.example.com/api/projects/shop/builds", "json": {"id": 17}}
    assert profile.started_by.ids(result) == {"project": "shop", "build": "17"}
