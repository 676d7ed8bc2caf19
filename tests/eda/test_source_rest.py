# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source and jobs of an API that a profile describes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.eda.source import Source
from tests.unit.loopback import Loopback, reply

PROFILE = {
    "schema": 1,
    "name": "farm_build",
    "ids": {"farm": {}, "build": {}},
    "auth": [{"header": {"X-Key": "{token}"}}],
    "status": {"get": "/farms/{farm}/builds/{build}"},
    "state": {"path": "state", "running": "busy", "succeeded": "done", "failed": "broken"},
    "fields": {"message": "reason"},
    "listing": {"get": "/farms/{farm}/builds", "items": "builds", "id": "number"},
}
SECRET = "the-key-of-the-farm"


@pytest.fixture
def farm() -> Iterator[Loopback]:
    farm = Loopback()
    yield farm
    farm.stop()


def given(farm: Loopback, build: str | None = None) -> dict[str, Any]:
    ids = {"farm": "north", **({"build": build} if build else {})}
    return {"rest_job": {"profile": PROFILE, "api_url": farm.url, "token": SECRET, "id": ids}}


def builds(**states: str) -> bytes:
    return reply({"builds": [{"number": name[1:], "state": state} for name, state in states.items()]})


def test_a_job_is_told_of_to_its_end(farm: Loopback) -> None:
    going = reply({"state": "busy"})
    farm.on(
        "GET /farms/north/builds/7", going, going, reply({"state": "broken", "reason": f"{{{{ 1 + 1 }}}} {SECRET}"})
    )

    async def scene() -> list[Any]:
        source = Source(given(farm, "7"))
        await source.end()
        message = source.events[-1]["job"]["message"]
        assert message.endswith(" 1 + 1 }} ********")
        assert "{{" not in message, "a rule may put it into a template"
        return source.told

    assert asyncio.run(scene()) == [
        ("transition", None, "7", None, "running"),
        ("transition", None, "7", "running", "failed"),
    ]


def test_a_listing_tells_new_jobs_and_the_end_of_a_job_that_left_it(farm: Loopback) -> None:
    farm.on("GET /farms/north/builds", builds(n1="done"), builds(n1="done", n2="busy"), builds(n1="done"))
    farm.on("GET /farms/north/builds/2", reply({"state": "broken", "reason": "no space"}))

    async def scene() -> list[Any]:
        source = Source(given(farm))
        await source.until(lambda event: event["job"]["id"] == "2" and event["job"]["finished"])
        await source.cancel()
        assert source.events[-1]["job"]["message"] == "no space"
        return source.told

    told = asyncio.run(scene())
    assert told[-2:] == [("transition", None, "2", None, "running"), ("transition", None, "2", "running", "failed")]
    assert all(request.headers["X-Key"] == SECRET for request in farm.requests)
