# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator in this process, with a clock that the test moves; and one in a process of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.app import create_app
from simulator.client import Simulator
from simulator.clock import Clock
from simulator.scenario import parse
from simulator.simulation import Simulation
from simulator.systems import SYSTEMS

NOON = 1_700_049_600.0  # 2023-11-15 12:00:00 UTC


class Stage:
    """The four APIs on a clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.simulation = Simulation(Clock(monotonic=lambda: self.seconds, wall=lambda: NOON))
        self.http = TestClient(create_app(self.simulation), base_url="http://localhost", follow_redirects=False)

    def play(self, *jobs: dict[str, Any], **scenario: Any) -> list[dict[str, Any]]:
        return self.simulation.play(parse({"jobs": jobs, **scenario}))

    def headers(self, system: str) -> dict[str, str]:
        account = SYSTEMS[system].ACCOUNT
        if system == "dynatrace":
            return {"authorization": f"Api-Token {account['api_token']}"}
        if system == "strata":
            return {"authorization": f"Bearer {self.token()}"}
        pair = [account[name] for name in ("access_key", "secret_key", "username", "password") if name in account]
        return {"authorization": "Basic " + base64.b64encode(":".join(pair).encode()).decode()}

    def token(self) -> str:
        account = SYSTEMS["strata"].ACCOUNT
        form = {
            "grant_type": "client_credentials",
            "client_id": account["client_id"],
            "client_secret": account["client_secret"],
            "scope": f"tsg_id:{account['tsg_id']}",
        }
        return str(self.http.post("/oauth2/access_token", data=form).json()["access_token"])

    def get(self, system: str, path: str) -> Any:
        return self.http.get(path, headers=self.headers(system))


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def process() -> Iterator[Simulator]:
    with Simulator.start(speed=50) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def tls_process() -> Iterator[Simulator]:
    with Simulator.start(tls=True) as simulator:
        yield simulator
