# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait's progress, line by line."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Forbidden, Missing
from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, PENDING, RUNNING, SUCCEEDED
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.progress import Progress
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, EPOCH, FAULT, START, World, job

STEADY: dict[str, t.Any] = {"policy": IntervalPolicy(10, 10, 1)}


def told(world: World, *watches: TrackedJob, mode: t.Any = "changes", **settings: t.Any) -> list[str]:
    """What is shown of the wait."""
    lines: list[str] = []
    progress = Progress(
        lines.append,
        watches,
        mode=mode,
        host="web1",
        started=START,
        wall=world.time.clock().wall,
        is_bad=WaitSettings().is_bad,
    )
    world.run(*watches, observer=progress, **{**STEADY, **settings})
    return lines


SCRIPT = [
    (0, job(PENDING, "PEND")),
    (15, job(RUNNING, "ACT", progress=0.0)),
    (25, job(RUNNING, "ACT", progress=45.4, eta_at=from_epoch(EPOCH + 100))),
    (50, job(SUCCEEDED, "FIN/OK", progress=100.0)),
]


@pytest.mark.parametrize(
    ("mode", "lines"),
    [
        ("none", []),
        (
            "changes",
            [
                "[web1] strata job 7: pending (PEND), 0 s elapsed",
                "[web1] strata job 7: running (ACT, 0 %), 20 s elapsed",
                "[web1] strata job 7: succeeded (FIN/OK), 50 s elapsed",
            ],
        ),
        (
            "polls",
            [
                "[web1] strata job 7: pending (PEND), 0 s elapsed",
                "[web1] strata job 7: pending (PEND), 10 s elapsed",
                "[web1] strata job 7: running (ACT, 0 %), 20 s elapsed",
                "[web1] strata job 7: running (ACT, 45 %), 30 s elapsed, about 1 min 10 s left",
                "[web1] strata job 7: running (ACT, 45 %), 40 s elapsed, about 1 min 00 s left",
                "[web1] strata job 7: succeeded (FIN/OK), 50 s elapsed",
            ],
        ),
    ],
)
def test_one_job(mode: str, lines: list[str]) -> None:
    world = World()
    assert told(world, world.watch(*SCRIPT), mode=mode) == lines


def test_linear_progress_tells_what_is_left() -> None:
    world = World()
    script = [(float(second), job(RUNNING, progress=second / 2)) for second in range(40)]
    lines = told(world, world.watch(*script, linear=True), timeout=20, mode="polls")
    assert lines[-1] == "[web1] strata job 7: running (10 %), 20 s elapsed, about 3 min 00 s left"


def test_silence_is_broken_each_minute() -> None:
    world = World()
    assert told(world, world.watch((0, job(RUNNING, "ACT")), (200, DONE))) == [
        "[web1] strata job 7: running (ACT), 0 s elapsed",
        "[web1] strata job 7: running (ACT), 1 min 00 s elapsed",
        "[web1] strata job 7: running (ACT), 2 min 00 s elapsed",
        "[web1] strata job 7: running (ACT), 3 min 00 s elapsed",
        "[web1] strata job 7: succeeded (FIN/OK), 3 min 20 s elapsed",
    ]


def test_a_bad_end_says_why() -> None:
    world = World()
    lines = told(world, world.watch((0, job(FAILED, "FIN/FAIL", message="Configuration push failed."))))
    assert lines == ["[web1] strata job 7: failed (FIN/FAIL): Configuration push failed, 0 s elapsed"]


def test_a_job_that_cannot_be_read_says_why() -> None:
    world = World()
    assert told(world, world.watch((0, Forbidden("HTTP 403: no role.")))) == ["[web1] job 7: HTTP 403: no role."]


MISSING = Missing("HTTP 404.", status=404)


@pytest.mark.parametrize(
    ("script", "limits", "lines"),
    [
        (
            [(0, MISSING), (15, DONE)],
            {},
            [
                "[web1] job 7 is not known to the API yet (HTTP 404); asking again for up to 30 s",
                "[web1] strata job 7: succeeded (FIN/OK), 20 s elapsed",
            ],
        ),
        (
            [(0, MISSING)],
            {},
            [
                "[web1] job 7 is not known to the API yet (HTTP 404); asking again for up to 30 s",
                "[web1] job 7: HTTP 404.",
            ],
        ),
        (
            [(0, MISSING)],
            {"timeout": 12},
            [
                "[web1] job 7 is not known to the API yet (HTTP 404); asking again for up to 12 s",
                "[web1] job 7: HTTP 404.",
            ],
        ),
        ([(0, MISSING)], {"missing_grace": 0}, ["[web1] job 7: HTTP 404."]),
        ([(0, MISSING)], {"timeout": 0}, ["[web1] job 7: HTTP 404."]),
    ],
)
def test_a_job_that_is_not_known_yet_is_told_of_at_once(
    script: t.Any, limits: dict[str, t.Any], lines: list[str]
) -> None:
    world = World()
    assert told(world, world.watch(*script), **limits) == lines


def test_an_api_that_goes_dark_and_comes_back() -> None:
    world = World()
    script = [(0, job(RUNNING, "ACT")), (5, FAULT), (35, DONE)]
    assert told(world, world.watch(*script)) == [
        "[web1] strata job 7: running (ACT), 0 s elapsed",
        "[web1] The API answered HTTP 503. Trying again.",
        "[web1] https://api answers again.",
        "[web1] strata job 7: succeeded (FIN/OK), 40 s elapsed",
    ]
    world = World()
    assert told(world, world.watch(*script), mode="polls")[1:4] == [
        "[web1] strata job 7: running (ACT): The API answered HTTP 503, 10 s elapsed",
        "[web1] The API answered HTTP 503. Trying again.",
        "[web1] strata job 7: running (ACT): The API answered HTTP 503, 20 s elapsed",
    ]


class TestMany:
    """Sums, and one line for each bad end."""

    def watches(self, world: World) -> list[TrackedJob]:
        bad = job(FAILED, "FIN/FAIL", message="no space left.")
        ends = [(60, bad), (62, DONE), (100, DONE), (180, DONE)]
        return [
            world.watch((0, job(RUNNING, "ACT")), (end, outcome), label=f"job {number}")
            for number, (end, outcome) in enumerate(ends)
        ]

    def test_those_that_are_not_known_yet(self) -> None:
        world = World()
        late = [world.watch((0, MISSING), (20, DONE), label=f"job {number}") for number in range(2)]
        assert told(world, *late, world.watch((0, job(RUNNING, "ACT")), (20, DONE))) == [
            "[web1] 0 of 3 ended, 1 running, 2 not known to the API yet, 5 s elapsed",
            "[web1] 3 of 3 ended, 20 s elapsed",
        ]

    def test_changes(self) -> None:
        world = World()
        assert told(world, *self.watches(world)) == [
            "[web1] 0 of 4 ended, 4 running, 5 s elapsed",
            "[web1] job 0: failed (FIN/FAIL): no space left",
            "[web1] 1 of 4 ended, 1 failed, 3 running, 1 min 05 s elapsed",
            "[web1] 2 of 4 ended, 1 failed, 2 running, 1 min 10 s elapsed",
            "[web1] 3 of 4 ended, 1 failed, 1 running, 1 min 40 s elapsed",
            "[web1] 3 of 4 ended, 1 failed, 1 running, 2 min 40 s elapsed",
            "[web1] 4 of 4 ended, 1 failed, 3 min 00 s elapsed",
        ]

    def test_polls(self) -> None:
        world = World()
        lines = told(world, *self.watches(world), mode="polls")
        assert lines[:3] == [
            "[web1] 0 of 4 ended, 4 running, 5 s elapsed",
            "[web1] 0 of 4 ended, 4 running, 10 s elapsed",
            "[web1] 0 of 4 ended, 4 running, 20 s elapsed",
        ]

    def test_none(self) -> None:
        world = World()
        assert told(world, *self.watches(world), mode="none") == []

    def test_those_that_are_given_up_before_time_is_up_are_counted(self) -> None:
        world = World()
        watches = [world.watch((0, job(PENDING, "PEND"))), world.watch((0, Forbidden("HTTP 403.")))]
        assert (
            told(world, *watches, timeout=30)[-1]
            == "[web1] 0 of 2 ended, 1 pending, 1 unknown, 1 given up, 30 s elapsed"
        )
