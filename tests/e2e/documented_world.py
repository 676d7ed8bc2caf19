# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world that the documentation's examples speak of: their jobs, accounts, variables and hosts."""

from __future__ import annotations

import contextlib
import sys
import typing as t
from pathlib import Path
from urllib.parse import quote

from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, SUCCEEDED, Job
from simulator.client import Simulator
from simulator.systems import SYSTEMS
from tests.e2e.examples import Example
from tests.e2e.playing import HERE, Played, Player
from tests.e2e.vendors_hosts import HOSTS, Server, vendors_hosts
from tests.unit.loopback import Loopback, reply

UPDATE, IMAGE, JOB, EXPORT, RUNNING_EXPORT = "-7537034309286328684", "1234", "294", "12", "13"
PUSH, CHILD = "300", "301"
CLONE, PUBLICATION = "UPID:pve1:000003E8:00001B58:6B07910C:qmclone:101:root@pam:", "12"

SECRETS = {name: system.ACCOUNT for name, system in SYSTEMS.items()}
NAMES = {
    "multiplay": {"account_service_id": "4242"},
    "strata": {"client_id": "sa@1234567890.iam.panserviceaccount.com", "tsg_id": "1234567890"},
    "xclarity": {"username": "automation"},
}
"""What the examples say of an account in plain text."""

VARIABLES = {
    "vault_dynatrace_api_token": SECRETS["dynatrace"]["api_token"],
    "vault_multiplay_access_key": SECRETS["multiplay"]["access_key"],
    "vault_multiplay_secret_key": SECRETS["multiplay"]["secret_key"],
    "vault_scm_client_secret": SECRETS["strata"]["client_secret"],
    "vault_xclarity_password": SECRETS["xclarity"]["password"],
    # What tasks before the examples have registered.
    "push": {"json": {"job_id": PUSH}},
    "pushes": {
        "results": [
            {"ansible_loop_var": "item", "item": site, "json": {"job_id": number}}
            for site, number in (("Oslo", JOB), ("Bergen", CHILD))
        ]
    },
    "job": Job("strata", PUSH, FAILED, message="no such zone").as_dict(),
    "rollout_jobs": [{"config_job": {"job_id": JOB}}, {"firmware_repo": {"task_id": EXPORT}}],
    "rollout": {"jobs": [Job("strata", JOB, SUCCEEDED).as_dict(), Job("xclarity", EXPORT, SUCCEEDED).as_dict()]},
}
CREDENTIALS = {
    "DYNATRACE_ENV_URL": "https://abc12345.live.dynatrace.com",
    "DYNATRACE_API_TOKEN": SECRETS["dynatrace"]["api_token"],
    "MULTIPLAY_ACCESS_KEY": SECRETS["multiplay"]["access_key"],
    "MULTIPLAY_SECRET_KEY": SECRETS["multiplay"]["secret_key"],
    "MULTIPLAY_ACCOUNT_SERVICE_ID": NAMES["multiplay"]["account_service_id"],
    "SCM_CLIENT_ID": NAMES["strata"]["client_id"],
    "SCM_CLIENT_SECRET": SECRETS["strata"]["client_secret"],
    "SCM_TSG_ID": NAMES["strata"]["tsg_id"],
    "XCLARITY_URL": "https://xclarity.example.com",
    "XCLARITY_USERNAME": NAMES["xclarity"]["username"],
    "XCLARITY_PASSWORD": SECRETS["xclarity"]["password"],
}
"""The environment of examples that name no credentials."""

REST_HOSTS = ("pve.example.com:8006", "aptly.example.com")
"""Hosts of APIs that a profile describes."""
CLONE_ROUTE = f"GET /api2/json/nodes/pve1/tasks/{quote(CLONE, safe='')}/status"
PUBLICATION_ROUTE = f"GET /api/tasks/{PUBLICATION}"
MY_PROFILE = """\
schema: 1
name: my_job
ids: {job: {}}
auth: [basic]
status: {get: "/jobs/{job}"}
state: {path: state, succeeded: done, failed: broken}
"""

NO_PROXY_HERE = "http://127.0.0.1:9"  # the port for discarding: nobody listens


def jobs(dynatrace: str, multiplay: str, strata: str, xclarity: str) -> list[dict[str, t.Any]]:
    """The jobs that the examples name, in each system's end state, and an export that goes on."""

    def job(system: str, number: str, state: str, **more: t.Any) -> dict[str, t.Any]:
        return {"system": system, "id": number, "age": 60, "stages": [{"state": state}], **more}

    child = {"id": CHILD, "after": 3, "stages": [{"state": strata}]}
    return [
        job("dynatrace", UPDATE, dynatrace),
        job("multiplay", IMAGE, multiplay),
        # Of a type without children, for a wait watches for them half a minute.
        job("strata", JOB, strata, type="CommitAll"),
        # The push itself is good, whatever its child came to, and so old that no other child can follow.
        job("strata", PUSH, "FIN/OK", children=[child], age=100_000),
        job("xclarity", EXPORT, xclarity),
        job("xclarity", RUNNING_EXPORT, "running"),
    ]


CREATED = {"xclarity": {"stages": [{"state": "complete"}]}}
"""What becomes of the jobs that the examples start."""
GOOD = jobs("SUCCEED", "5", "FIN/OK", "complete")
BAD = jobs("FAILED", "6", "FIN/FAIL", "error")


def pushes_that_a_firewall_refuses_late() -> list[dict[str, t.Any]]:
    """The jobs that the examples' loops read, each a push that has ended just now, and whose child comes, and fails, 8 s later."""
    child = {
        "after": 8,
        "device_name": "FW-OSLO",
        "stages": [{"state": "FIN/FAIL", "message": "Configuration push failed"}],
    }
    return [
        {"system": "strata", "id": number, "stages": [{"state": "FIN/OK"}], "children": [child]}
        for number in (JOB, PUSH)
    ]


class World:
    """A simulator at the vendors' addresses, and a server for the APIs that a profile describes.

    :param rest: that server, in which the documented jobs have ended well.
    :param proxy: the URL of the proxy that has them there.
    :param ca: the file with the CA of its certificates.
    """

    def __init__(self, simulator: Simulator, rest: Loopback, proxy: str, ca: str) -> None:
        self.simulator = simulator
        self.rest = rest
        self._proxy = proxy
        self._ca = ca

    def reset(self) -> None:
        """Without jobs and faults in the simulator, and with the good ends of the others."""
        self.simulator.reset()
        self.rest.on(CLONE_ROUTE, reply({"data": {"type": "qmclone", "status": "stopped", "exitstatus": "OK"}}))
        self.rest.on(PUBLICATION_ROUTE, reply({"ID": 12, "Name": "Publish local repo", "State": 2}))

    def fail_rest_jobs(self) -> None:
        """Let the publication fail, after an outage that no attempt waits out."""
        outage = reply({}, 503, [("Retry-After", "120")])
        self.rest.on(PUBLICATION_ROUTE, outage, reply({"ID": 12, "Name": "Publish local repo", "State": 3}))

    def play(self, example: Example, folder: Path, **variables: t.Any) -> Played:
        """Run an example as it is written.

        :param variables: instead of the usual ones of these names.
        """
        (folder / "example.yml").write_text(example.text, encoding="utf-8")
        (folder / "my_profile.yml").write_text(MY_PROFILE, encoding="utf-8")
        player = Player(folder, {**VARIABLES, **variables})
        inventory = f"--inventory={self._inventory(folder)}"
        how: dict[str, t.Any] = {"environment": self._environment(example)}
        if example.is_playbook:
            return player.playbook([{"ansible.builtin.import_playbook": "example.yml"}], inventory, **how)
        return player.play([{"ansible.builtin.import_tasks": "example.yml"}], inventory, **how)

    def _inventory(self, folder: Path) -> Path:
        """The machine that examples delegate to, whose Python reaches the vendors even if this one does not."""
        python = folder / "python-of-jumphost"
        python.write_text(f'#!/bin/sh\nhttps_proxy={self._proxy} exec {sys.executable} "$@"\n', encoding="utf-8")
        python.chmod(0o755)
        inventory = folder / "inventory"
        line = f"jumphost ansible_connection=elsewhere ansible_python_interpreter={python}\n"
        inventory.write_text(line, encoding="utf-8")
        return inventory

    def _environment(self, example: Example) -> dict[str, str]:
        return {
            "REQUESTS_CA_BUNDLE": self._ca,
            # In small letters it wins over HTTPS_PROXY, which may be set where the tests run.
            "https_proxy": NO_PROXY_HERE if "jumphost" in example.text else self._proxy,
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"),
            **({} if "vault_" in example.text else CREDENTIALS),
        }


@contextlib.contextmanager
def documented_world(folder: Path) -> t.Iterator[World]:
    """Start one, with the accounts that the examples have."""
    with Simulator.start(tls=True, scenario={"accounts": NAMES, "created": CREATED}) as simulator:
        rest = Loopback()
        servers = {
            **dict.fromkeys(HOSTS, Server(simulator.url, simulator.ca)),
            **dict.fromkeys(REST_HOSTS, Server(rest.url)),
        }
        try:
            with vendors_hosts(servers, folder) as (proxy, ca):
                world = World(simulator, rest, proxy, ca)
                world.reset()
                yield world
        finally:
            rest.stop()
