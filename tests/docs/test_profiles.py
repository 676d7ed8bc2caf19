# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example on the page of each profile runs as it is written, against replies of the profile's test data."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import recorded
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.auth_ways import OAuth2, Session
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.profile import Profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from tests.docs.pages import CHECKOUT, blocks
from tests.e2e.playing import Played, Player
from tests.e2e.vendors_hosts import Server, vendors_hosts
from tests.unit.loopback import Loopback, reply

LIBRARY = CHECKOUT / "plugins/plugin_utils/_profiles"
REPLIES = CHECKOUT / "tests/unit/replies/rest"
NAMES = sorted(file.stem for file in LIBRARY.glob("*.yml"))
WAIT = "endstate.jobs.wait_for_job"
URI = "ansible.builtin.uri"

JSON = ("Content-Type", "application/json")
HEADERS = {"location": "Location", "azure_asyncoperation": "Azure-AsyncOperation"}
"""The headers of a start, by their names in the result of uri."""
VARIABLES: dict[str, t.Any] = {
    "subscription": "0b1f6471-1bf0-4dda-aec3-cb9272f09590",
    "device_id": "device-1",
    "declaration": {"class": "AS3"},
    "manifest": {"kind": "Job"},
    "cluster_id": "cluster-1",
    "server_id": "server-1",
    "repository_id": "repository-1",
    "job_id": "job-1",
    "new_hosts": [{"fqdn": "esx1.example.com"}],
    "workspace_id": "ws-1",
}
"""What the examples take from elsewhere, secrets apart."""


class Documented:
    """The example of one profile, and the replies that it meets."""

    def __init__(self, name: str) -> None:
        (block,) = [block for block in blocks(f"profiles/{name}") if block.language == "yaml+jinja"]
        self.text = block.text
        self.tasks = yaml.safe_load(block.text)
        raw = yaml.safe_load((LIBRARY / f"{name}.yml").read_text(encoding="utf-8"))
        self.profile: Profile = read_profile(raw, f"{name}.yml", library=True)
        self.data = yaml.safe_load((REPLIES / f"{name}.yml").read_text(encoding="utf-8"))
        self.options = self.tasks[-1][WAIT]["rest_job"]
        self.api_url = self.options.get("api_url", self.profile.api_url)
        self.values = self.profile.values(self.options.get("variables", {}))

    @property
    def host(self) -> str:
        return urlsplit(self.api_url).netloc

    def play_on(self, server: Loopback) -> None:
        """Have the server answer what the example asks for. What is asked at one route in turn, is answered in turn."""
        routes: dict[str, list[bytes]] = {}
        for way in self.profile.auth:
            if isinstance(way, Session):
                path = urlsplit(way.login.path.address(self._base, self.values)).path
                routes[f"POST {path}"] = [self._login(201)]
        for task in self.tasks[:-1]:
            asked = task[URI]
            path = urlsplit(jinja2.Template(asked["url"]).render(VARIABLES)).path
            status = asked.get("status_code", 200)
            answer = self._login(status) if task["register"] == "login" else self._start(status)
            routes[f"{asked.get('method', 'GET')} {path}"] = [answer]
        given = self.options.get("id", {})
        ids = given if isinstance(given, dict) else {self.profile.ids[-1].name: "1"}
        values = {**self.values, **ids, **self._ids()}
        request = self.profile.request(self._base, values)
        routes.setdefault(f"{request.method} {urlsplit(request.url).path}", []).append(self._good())
        children = self.profile.children
        if children and children.asking:
            of_children = children.asking.request(self._base, values, self.profile.addresses)
            routes.setdefault(f"{of_children.method} {urlsplit(of_children.url).path}", [self._good_children()])
        for route, answers in routes.items():
            server.on(route, *answers)

    @property
    def _base(self) -> str:
        return self.profile.base_url(self.api_url, self.values)

    def _started(self) -> dict[str, t.Any]:
        """The result of a start, as the test data has it, of the example's own host."""
        (first, *_others) = self.data["started_by"]
        text = json.dumps(first["result"])
        for part in json.loads(text).values():
            if isinstance(part, str) and "://" in part:
                there = urlsplit(part)
                text = text.replace(f"{there.scheme}://{there.netloc}", f"https://{self.host}")
        return t.cast("dict[str, t.Any]", json.loads(text))

    def _ids(self) -> dict[str, str]:
        if "started_by" not in self.options:
            return {}
        ids = self.profile.started_by.ids(self._started()) if self.profile.started_by else {}
        return {one.name: one.normal(ids[one.name], self._base) for one in self.profile.ids if one.name in ids}

    def _start(self, status: int) -> bytes:
        if "started_by" not in self.options:
            return reply({"results": [{"id": 1}]}, status, [JSON])
        result = self._started()
        headers = [JSON, *((HEADERS[name], result[name]) for name in HEADERS if name in result)]
        return reply(json.dumps(result.get("json", {})), status, headers)

    def _login(self, status: int) -> bytes:
        """A session or a token for everybody."""
        body: t.Any = {}
        headers = [JSON]
        for way in self.profile.auth:
            if isinstance(way, OAuth2):
                body = {"access_token": "the-token", "token_type": "bearer", "expires_in": 900}
            if not isinstance(way, Session):
                continue
            for source in way.take.values():
                (path,) = source.paths
                if path.origin == "header":
                    headers.append((path.name, "/session/1" if path.name == "location" else "the-token"))
                elif path.text == "@":
                    body = "the-token"
                else:
                    *outer, last = path.text.split(".")
                    inner = body
                    for name in outer:
                        inner = inner.setdefault(name, {})
                    inner[last] = "the-token"
        return reply(json.dumps(body), status, headers)

    def _good(self) -> bytes:
        """The first reply of a job that has ended well."""
        for row in self.data["replies"]:
            if row.get("job", {}).get("state") == "succeeded":
                answer = recorded(row["reply"])
                return reply(json.dumps(answer.body), answer.status, [JSON, *answer.headers.items()])
        raise AssertionError("no good end among the replies")

    def _good_children(self) -> bytes:
        """The first listing of children that are all good, or an empty one."""
        for row in self.data.get("children", []):
            if {job["state"] for job in row.get("jobs", [])} <= {"succeeded", "skipped"} and "reply" in row:
                return reply(json.dumps(row["reply"]), 200, [JSON])
        assert self.profile.children
        (path, *_others) = self.profile.children.items.paths
        return reply(json.dumps([] if path.text == "@" else {path.text: []}), 200, [JSON])


EXAMPLES = {name: Documented(name) for name in NAMES}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Played]:
    """All examples in one play, each on its own hosts; what fails does not end the play."""
    folder: Path = tmp_path_factory.mktemp("examples")
    servers = {name: Loopback() for name in NAMES}
    tasks = []
    for name, example in EXAMPLES.items():
        example.play_on(servers[name])
        (folder / f"{name}.yml").write_text(example.text, encoding="utf-8")
        tasks.append({"name": name, "ansible.builtin.import_tasks": f"{name}.yml", "ignore_errors": True})
    try:
        hosts = {example.host: Server(servers[name].url) for name, example in EXAMPLES.items()}
        with vendors_hosts(hosts, folder) as (proxy, ca):
            environment = {"https_proxy": proxy, "REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca}
            secrets = re.findall(r"\bvault_\w+", " ".join(example.text for example in EXAMPLES.values()))
            variables = {**VARIABLES, **{name: f"the-secret-{name}" for name in secrets}}
            plays = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
            yield Player(folder, variables).playbook(plays, environment=environment, timeout=300)
    finally:
        for server in servers.values():
            server.stop()


@pytest.mark.parametrize("name", NAMES)
def test_each_profiles_example_waits_for_a_job_that_ends_well(played: Played, name: str) -> None:
    results = iter(played.tasks)
    for example in EXAMPLES.values():
        own = [next(results) for _task in example.tasks]
        if example is EXAMPLES[name]:
            break
    assert [task.outcome for task in own] == ["ok"] * len(own), own
    assert [(job["system"], job["state"]) for job in own[-1].result["jobs"]] == [(name, "succeeded")]


def test_no_example_shows_a_secret_of_its_account(played: Played) -> None:
    assert "the-secret-" not in played.output
