# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait through squid, which wants a password."""

from __future__ import annotations

import tempfile
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Played, Player
from tests.infrastructure import services
from tests.infrastructure.services import Service

PASSWORD = "open-sesame-42"


@pytest.fixture
def squid(serve: t.Callable[[Service], Service]) -> t.Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="squid-") as folder:
        service = serve(services.squid(Path(folder), "ansible", PASSWORD))
        yield service
        service.stop()


def export(simulator: Simulator, seconds: float) -> None:
    stages = [{"state": "running", "for": seconds, "progress": 50}, {"state": "complete", "progress": 100}]
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": stages}])


def wait(player: Player, proxy: str, **options: t.Any) -> Played:
    task = {
        "name": "wait",
        "endstate.jobs.wait_for_job": {"firmware_repo": {"task_id": "12", "proxy": proxy}, "interval": 1, **options},
    }
    return player.play([task], module_defaults=DEFAULTS)


def test_a_wait_goes_through_the_proxy_with_its_password(player, simulator, squid) -> None:
    export(simulator, 2)
    played = wait(player, f"http://ansible:{PASSWORD}@127.0.0.1:{squid.port}")
    assert (played.last.outcome, played.last.result["job"]["state"]) == ("ok", "succeeded")
    access = (squid.folder / "access").read_text(encoding="utf-8")
    assert "TCP_TUNNEL/200" in access
    assert "CONNECT 127.0.0.1" in access
    assert PASSWORD not in played.output


def test_a_wrong_password_ends_at_once_and_names_the_proxy(player, simulator, squid) -> None:
    export(simulator, 2)
    played = wait(player, f"http://ansible:wrong-{PASSWORD}@127.0.0.1:{squid.port}")
    error = played.last.result["job"]["error"]
    assert (played.last.outcome, error["kind"], played.last.result["polls"]) == ("failed", "configuration", 1)
    assert "proxy" in error["message"]
    assert PASSWORD not in played.output
    assert simulator.requests() == []


def test_a_proxy_that_restarts_is_tried_again(player, simulator, squid, once_asked) -> None:
    export(simulator, 7)
    once_asked(lambda: squid.restart(2))
    played = wait(player, f"http://ansible:{PASSWORD}@127.0.0.1:{squid.port}", max_interval=1)
    assert (played.last.outcome, played.last.result["job"]["state"]) == ("ok", "succeeded")
