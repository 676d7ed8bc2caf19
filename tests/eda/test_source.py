# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source against the simulator, without a rulebook engine."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from simulator.client import Simulator
from tests.eda.source import PLUGIN, Source

RUNNING = {"dynatrace": "IN_PROGRESS", "multiplay": "4", "strata": "ACT", "xclarity": "running"}
DONE = {"dynatrace": "SUCCEED", "multiplay": "5", "strata": "FIN/OK", "xclarity": "complete"}
ACTIVEGATE = "-1556499193"


def job(system: str, job_id: str, *, seconds: float = 1, end: str | None = None) -> dict[str, Any]:
    """A job that runs for so many seconds."""
    return {
        "system": system,
        "id": job_id,
        "stages": [{"state": RUNNING[system], "for": seconds}, {"state": end or DONE[system]}],
    }


def given(simulator: Simulator, key: str, system: str, **options: Any) -> dict[str, Any]:
    """A job in a source's arguments."""
    return {key: {**simulator.connection(system), **options}}


def test_jobs_of_all_systems_are_told_to_their_ends(simulator: Simulator) -> None:
    simulator.add(jobs=[job(system, "12", seconds=5) for system in RUNNING])
    jobs = [
        {"name": "a", **given(simulator, "activegate_update_job", "dynatrace", activegate_id=ACTIVEGATE, job_id=12)},
        {"name": "b", **given(simulator, "imageupdate", "multiplay", update_id=12)},
        {"name": "c", **given(simulator, "config_job", "strata", job_id=12, children_settle=0)},
        {"name": "d", **given(simulator, "firmware_repo", "xclarity", task_id=12)},
    ]

    async def scene() -> list[Any]:
        source = Source({"jobs": jobs})
        await source.end()
        return source.told

    told = asyncio.run(scene())
    assert len(told) == len(set(told)) == 8
    for name in "abcd":
        assert [states for _type, of, _id, *states in told if of == name] == [
            [None, "running"],
            ["running", "succeeded"],
        ]
    assert simulator.stats()["xclarity"]["logins"] == simulator.stats()["xclarity"]["logouts"] == 1


def test_a_source_with_until_finished_false_goes_on_after_the_last_end(simulator: Simulator) -> None:
    simulator.add(jobs=[job("strata", "294", seconds=0)])

    async def scene() -> tuple[list[Any], float]:
        source = Source(
            {**given(simulator, "config_job", "strata", job_id=294, children_settle=0), "until_finished": False}
        )
        await source.until(lambda event: event["job"]["finished"])
        await asyncio.sleep(1)
        assert not source.task.done()
        return source.told, await source.cancel()

    told, seconds = asyncio.run(scene())
    assert told == [("transition", None, "294", None, "succeeded")]
    assert seconds < 2


def test_a_restarted_source_tells_an_end_that_came_meanwhile(simulator: Simulator) -> None:
    simulator.add(jobs=[job("strata", "294", seconds=0.5, end="FIN/FAIL")])

    async def scene() -> list[Any]:
        first = Source(given(simulator, "config_job", "strata", job_id=294))
        await first.until(lambda event: event["type"] == "transition")
        await first.cancel()
        await asyncio.sleep(0.5)
        second = Source(given(simulator, "config_job", "strata", job_id=294))
        await second.end()
        return second.told

    assert asyncio.run(scene()) == [("transition", None, "294", None, "failed")]


def test_listings_tell_of_new_jobs_and_of_their_ends(simulator: Simulator) -> None:
    simulator.add(jobs=[job("strata", "1", seconds=0)])
    jobs = [
        {"name": "activegates", **given(simulator, "activegate_update_job", "dynatrace")},
        {"name": "tenant", **given(simulator, "config_job", "strata")},
        # A task that has ended is listed no more.
        {"name": "repository", **given(simulator, "firmware_repo", "xclarity")},
    ]

    async def scene() -> tuple[list[Any], float]:
        source = Source({"jobs": jobs})
        await source.until(lambda event: event["name"] == "tenant")
        simulator.add(jobs=[job(system, "9") for system in ("dynatrace", "strata", "xclarity")])
        ends: list[str] = []
        while len(ends) < 3:
            await source.until(lambda event: event["job"]["finished"] and event["job"]["id"] == "9")
            ends.append(source.events.pop()["job"]["system"])
        return ends, await source.cancel()

    ends, seconds = asyncio.run(scene())
    assert sorted(ends) == ["dynatrace", "strata", "xclarity"]
    assert seconds < 2
    assert simulator.stats()["xclarity"]["open_sessions"] == 0


def test_an_api_that_fails_for_a_while_is_lost_and_comes_back(simulator: Simulator) -> None:
    simulator.add(jobs=[job("strata", "294", seconds=3)])

    async def scene() -> list[Any]:
        source = Source({"jobs": [given(simulator, "config_job", "strata", job_id=294, children_settle=0)]})
        await source.until(lambda event: event["type"] == "transition")
        simulator.add(faults=[{"system": "strata", "kind": "status", "status": 503, "times": 4}])
        await source.end()
        return source.told

    assert asyncio.run(scene()) == [
        ("transition", None, "294", None, "running"),
        "lost",
        "regained",
        ("transition", None, "294", "running", "succeeded"),
    ]


def test_credentials_that_are_refused_end_the_source(simulator: Simulator) -> None:
    arguments = given(simulator, "config_job", "strata", job_id=294, client_secret="not-the-secret")

    async def scene() -> list[dict[str, Any]]:
        source = Source(arguments)
        with pytest.raises(Exception, match=r"^config_job 294: .* Check client_id, client_secret and token_url\.$"):
            await source.end()
        return source.events

    (event,) = asyncio.run(scene())
    assert (event["type"], event["error"]["kind"]) == ("fatal", "unauthorized")
    assert "not-the-secret" not in json.dumps(event)


def test_a_refused_account_is_unreadable_and_the_other_goes_on(simulator: Simulator) -> None:
    simulator.add(jobs=[job("xclarity", "12", seconds=2)])
    jobs = [
        {"name": "a", **given(simulator, "config_job", "strata", job_id=294, client_secret="not-the-secret")},
        {"name": "all", **given(simulator, "config_job", "strata", client_secret="not-the-secret")},
        {"name": "b", **given(simulator, "firmware_repo", "xclarity", task_id=12)},
    ]

    async def scene() -> list[Any]:
        source = Source({"jobs": jobs, "until_finished": False})
        await source.until(lambda event: event["job"]["finished"])
        await source.cancel()
        return source.told

    told = asyncio.run(scene())
    assert ("unreadable", "a", "294", None, "unknown") in told
    assert ("unreadable", "all", None, None, "unknown") in told
    assert told[-1] == ("transition", "b", "12", "running", "succeeded")
    assert len(told) == 4


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("failed", "********"), ("transition", "********"), ("als", "********"), ("27", "27"), ("a", "a")],
)
def test_a_secret_that_equals_a_word_of_an_event_is_masked_in_its_texts_alone(
    caplog: pytest.LogCaptureFixture, secret: str, shown: str
) -> None:
    stage = {"state": "FIN/FAIL", "message": f"It is <{secret}>."}
    # An account of its own, for this process keeps tokens.
    with Simulator.start() as simulator:
        simulator.play({"accounts": {"strata": {"client_secret": secret}}})
        simulator.add(jobs=[{"system": "strata", "id": "27", "stages": [stage]}])
        arguments = given(simulator, "config_job", "strata", job_id="27")

        async def scene() -> list[dict[str, Any]]:
            source = Source(arguments)
            await source.end()
            return source.events

        (event,) = asyncio.run(scene())
    assert (event["type"], event["job"]["state"], event["job"]["id"]) == ("transition", "failed", "27")
    assert (event["job"]["finished"], event["job"]["succeeded"], event["previous_state"]) == (True, False, None)
    assert event["job"]["message"] == f"It is <{shown}>."
    warning = "endstate.jobs.job_status: client_secret has fewer than 3 characters, so it is not masked in any text."
    assert caplog.messages == ([warning] if shown == secret else [])


def test_arguments_without_a_value_count_as_not_given(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    simulator.add(jobs=[job("strata", "294", seconds=0)])
    connection = simulator.connection("strata")
    monkeypatch.setenv("SCM_CLIENT_SECRET", connection["client_secret"])
    blank = dict.fromkeys(("client_secret", "access_token", "proxy", "request_timeout", "children"), "")

    async def scene() -> list[Any]:
        source = Source(
            {"config_job": {**connection, **blank, "job_id": 294, "children_settle": 0}, "jobs": None, "initial": " "}
        )
        await source.end()
        return source.told

    assert asyncio.run(scene()) == [("transition", None, "294", None, "succeeded")]


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_an_id_without_a_value_does_not_watch_all_jobs(simulator: Simulator, nothing: str | None) -> None:
    async def scene() -> None:
        await Source(given(simulator, "config_job", "strata", job_id=nothing)).end()

    with pytest.raises(
        Exception, match=r"^config_job\.job_id is empty, so it names nothing; leave it out to ask for all\.$"
    ):
        asyncio.run(scene())
    assert simulator.stats()["strata"]["requests"] == 0


def test_an_api_that_hangs_does_not_hold_up_the_end_of_the_rulebook(simulator: Simulator) -> None:
    simulator.add(jobs=[job("xclarity", "12", seconds=60)], faults=[{"system": "xclarity", "kind": "hang", "after": 1}])

    async def scene() -> float:
        source = Source(given(simulator, "firmware_repo", "xclarity", task_id=12))
        await source.until(lambda event: event["type"] == "transition")
        await asyncio.sleep(1)
        return await source.cancel()

    assert asyncio.run(scene()) < 2


def test_a_slow_rulebook_delays_events_and_no_poll(simulator: Simulator) -> None:
    simulator.add(jobs=[job("strata", str(number), seconds=1) for number in range(1, 41)])
    jobs = [given(simulator, "config_job", "strata", job_id=number, children_settle=0) for number in range(1, 41)]

    async def scene() -> list[Any]:
        source = Source({"jobs": jobs})
        deadline = time.monotonic() + 60
        # One event fits into the rulebook's queue, and nobody takes it. All jobs are seen to end nevertheless.
        while not _all_have_ended(simulator, 40):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)
        await source.end()
        return source.told

    told = asyncio.run(scene())
    assert len(told) == len(set(told))
    for number in range(1, 41):
        states = [states for _type, _name, job_id, *states in told if job_id == str(number)]
        assert states[-1][1] == "succeeded"
        assert all(before[1] == after[0] for before, after in zip(states, states[1:]))


def _all_have_ended(simulator: Simulator, count: int) -> bool:
    """Whether polling has come to its end: no request comes any more."""
    before = simulator.stats()["strata"]["requests"]
    time.sleep(1.5)  # blocks the event loop on purpose: polling does not need it
    # Each end is read from the job itself, whatever a listing told before.
    return before > count and simulator.stats()["strata"]["requests"] == before


def test_1000_jobs_do_not_block_the_event_loop(simulator: Simulator) -> None:
    count = 1000
    simulator.add(jobs=[job("strata", str(number), seconds=8) for number in range(1, count + 1)])
    connection = simulator.connection("strata")
    jobs = [{"config_job": {**connection, "job_id": number, "children": False}} for number in range(1, count + 1)]

    async def scene() -> tuple[list[Any], float]:
        source = Source({"jobs": jobs, "interval": 2, "max_interval": 30})
        longest = 0.0

        async def beat() -> None:
            nonlocal longest
            while True:
                before = time.monotonic()
                await asyncio.sleep(0.01)
                longest = max(longest, time.monotonic() - before)

        beating = asyncio.create_task(beat())
        await source.end()
        beating.cancel()
        return source.told, longest

    told, longest = asyncio.run(scene())
    assert sum(states[1] == "succeeded" for _type, _name, _id, *states in told) == count
    assert len(told) == len(set(told)) <= 2 * count
    assert longest < 2, "a busy machine has its pauses; waiting for 1,000 answers takes longer"
    stats = simulator.stats()["strata"]
    assert stats["tokens_issued"] <= 1, "none, where an earlier test of this process has got one"
    assert stats["most_in_flight"] <= 16


@pytest.mark.parametrize("regular", [False, True], ids=["no package", "a regular package"])
def test_the_source_finds_its_collection(tmp_path: Path, regular: bool) -> None:
    """Whether or not something else that is installed claims the name of all collections."""
    if regular:
        (tmp_path / "ansible_collections").mkdir()
        (tmp_path / "ansible_collections" / "__init__.py").touch()
    code = f"import runpy; print(runpy.run_path({str(PLUGIN)!r})['main'].__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("main\n", "")
