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
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
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
        is_bad=WaitSettings(fail_on=settings.get("fail_on", WaitSettings.fail_on)).is_bad,
    )
    world.run(*watches, observer=progress, **{**STEADY, **settings})
    return lines


BEGIN = "[web1] waiting for job 7 for up to 1 h"


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
                BEGIN,
                "[web1] job 7: pending (PEND), 0 s elapsed",
                "[web1] job 7: running (ACT, 0 %), 20 s elapsed",
                "[web1] job 7: succeeded (FIN/OK), 50 s elapsed",
            ],
        ),
        (
            "polls",
            [
                BEGIN,
                "[web1] job 7: pending (PEND), 0 s elapsed",
                "[web1] job 7: pending (PEND), 10 s elapsed",
                "[web1] job 7: running (ACT, 0 %), 20 s elapsed",
                "[web1] job 7: running (ACT, 45 %), 30 s elapsed, about 1 min 10 s left",
                "[web1] job 7: running (ACT, 45 %), 40 s elapsed, about 1 min left",
                "[web1] job 7: succeeded (FIN/OK), 50 s elapsed",
            ],
        ),
    ],
)
def test_each_mode_of_progress_shows_its_lines_for_one_job(mode: str, lines: list[str]) -> None:
    world = World()
    assert told(world, world.watch(*SCRIPT), mode=mode) == lines


def test_linear_progress_tells_what_is_left() -> None:
    world = World()
    script = [(float(second), job(RUNNING, progress=second / 2)) for second in range(40)]
    lines = told(world, world.watch(*script, linear=True), timeout=20, mode="polls")
    assert lines[-1] == "[web1] job 7: running (10 %), 20 s elapsed, about 3 min left"


def test_one_unchanged_job_is_shown_each_minute() -> None:
    world = World()
    assert told(world, world.watch((0, job(RUNNING, "ACT")), (200, DONE))) == [
        BEGIN,
        "[web1] job 7: running (ACT), 0 s elapsed",
        "[web1] job 7: running (ACT), 1 min elapsed",
        "[web1] job 7: running (ACT), 2 min elapsed",
        "[web1] job 7: running (ACT), 3 min elapsed",
        "[web1] job 7: succeeded (FIN/OK), 3 min 20 s elapsed",
    ]


BAD = job(FAILED, "FIN/FAIL", message="Configuration push failed.")


def test_the_reason_of_a_job_that_fails_the_task_is_left_to_the_message_of_the_task() -> None:
    world = World()
    assert told(world, world.watch((0, BAD))) == [BEGIN, "[web1] job 7: failed (FIN/FAIL), 0 s elapsed"]


def test_the_reason_of_a_bad_end_that_the_task_accepts_is_shown() -> None:
    world = World()
    settings = {"fail_on": frozenset({"cancelled"})}
    lines = told(world, world.watch((0, BAD)), **settings)
    assert lines == [BEGIN, "[web1] job 7: failed (FIN/FAIL), 0 s elapsed: Configuration push failed"]


def test_the_error_of_the_only_job_is_left_to_the_message_of_the_task() -> None:
    world = World()
    assert told(world, world.watch((0, Forbidden("HTTP 403: no role.")))) == [BEGIN]


def test_a_wait_for_no_job_shows_nothing() -> None:
    assert told(World()) == []


MISSING = Missing("HTTP 404.", status=404)


@pytest.mark.parametrize(
    ("script", "limits", "lines"),
    [
        (
            [(0, MISSING), (15, DONE)],
            {},
            [
                BEGIN,
                "[web1] job 7 is not known to the API yet (HTTP 404); asking again for up to 30 s",
                "[web1] job 7: succeeded (FIN/OK), 20 s elapsed",
            ],
        ),
        (
            [(0, MISSING)],
            {},
            [BEGIN, "[web1] job 7 is not known to the API yet (HTTP 404); asking again for up to 30 s"],
        ),
        (
            [(0, MISSING)],
            {"timeout": 12},
            [
                "[web1] waiting for job 7 for up to 12 s",
                "[web1] job 7 is not known to the API yet (HTTP 404); asking again for up to 12 s",
            ],
        ),
        ([(0, MISSING)], {"missing_grace": 0}, [BEGIN]),
        ([(0, MISSING)], {"timeout": 0}, ["[web1] polling job 7 once"]),
    ],
)
def test_a_job_that_is_not_known_yet_is_told_of_at_once(
    script: t.Any, limits: dict[str, t.Any], lines: list[str]
) -> None:
    world = World()
    assert told(world, world.watch(*script), **limits) == lines


def test_an_unreachable_api_and_its_return_are_shown() -> None:
    world = World()
    script = [(0, job(RUNNING, "ACT")), (5, FAULT), (35, DONE)]
    assert told(world, world.watch(*script)) == [
        BEGIN,
        "[web1] job 7: running (ACT), 0 s elapsed",
        "[web1] The API answered HTTP 503. Trying again for up to 5 min.",
        "[web1] https://api answers again.",
        "[web1] job 7: succeeded (FIN/OK), 40 s elapsed",
    ]
    world = World()
    assert told(world, world.watch(*script), mode="polls")[2:5] == [
        "[web1] job 7: could not be read, last seen running (ACT), 10 s elapsed: The API answered HTTP 503",
        "[web1] The API answered HTTP 503. Trying again for up to 5 min.",
        "[web1] job 7: could not be read, last seen running (ACT), 20 s elapsed: The API answered HTTP 503",
    ]


def test_the_time_of_further_tries_ends_at_the_deadline() -> None:
    world = World()
    lines = told(world, world.watch((0, FAULT)), timeout=25)
    assert lines[1] == "[web1] The API answered HTTP 503. Trying again for up to 25 s."


def watches(world: World, *ends: tuple[float, t.Any], api: ApiHealth | None = None) -> list[TrackedJob]:
    """Jobs that run until the outcome given, one by one."""
    return [
        world.watch((0, job(RUNNING, "ACT")), (end, outcome), label=f"job {number}", api=api)
        for number, (end, outcome) in enumerate(ends)
    ]


class TestUpToTenJobs:
    """Each change of each job is a line."""

    def test_mode_changes_shows_each_change_of_up_to_ten_jobs(self) -> None:
        world = World()
        assert told(world, *watches(world, (10, BAD), (15, DONE))) == [
            "[web1] waiting for job 0, job 1 for up to 1 h",
            "[web1] job 0: running (ACT), 0 s elapsed",
            "[web1] job 1: running (ACT), 0 s elapsed",
            "[web1] job 0: failed (FIN/FAIL), 10 s elapsed: Configuration push failed",
            "[web1] job 1: succeeded (FIN/OK), 20 s elapsed",
        ]

    def test_mode_polls_shows_each_poll_of_up_to_ten_jobs(self) -> None:
        world = World()
        assert told(world, *watches(world, (5, DONE), (15, DONE)), mode="polls") == [
            "[web1] waiting for job 0, job 1 for up to 1 h",
            "[web1] job 0: running (ACT), 0 s elapsed",
            "[web1] job 1: running (ACT), 0 s elapsed",
            "[web1] job 0: succeeded (FIN/OK), 10 s elapsed",
            "[web1] job 1: running (ACT), 10 s elapsed",
            "[web1] job 1: succeeded (FIN/OK), 20 s elapsed",
        ]

    def test_mode_none_shows_nothing_of_up_to_ten_jobs(self) -> None:
        world = World()
        assert told(world, *watches(world, (10, BAD), (15, DONE)), mode="none") == []

    def test_ten_jobs_are_named_one_by_one(self) -> None:
        world = World()
        lines = told(world, *watches(world, *[(5.0, DONE)] * 10))
        assert lines[0] == f"[web1] waiting for {', '.join(f'job {number}' for number in range(10))} for up to 1 h"
        assert lines[1:11] == [f"[web1] job {number}: running (ACT), 0 s elapsed" for number in range(10)]
        assert lines[11:] == [f"[web1] job {number}: succeeded (FIN/OK), 10 s elapsed" for number in range(10)]

    def test_up_to_ten_jobs_that_ended_before_the_first_poll_are_shown_once(self) -> None:
        world = World()
        done = [world.watch((0, DONE), label=f"job {number}") for number in range(2)]
        assert told(world, *done) == [
            "[web1] waiting for job 0, job 1 for up to 1 h",
            "[web1] job 0: succeeded (FIN/OK), 0 s elapsed",
            "[web1] job 1: succeeded (FIN/OK), 0 s elapsed",
        ]

    def test_unchanged_jobs_are_shown_each_minute(self) -> None:
        world = World()
        assert told(world, *watches(world, (10, DONE), (100, DONE)))[3:] == [
            "[web1] job 0: succeeded (FIN/OK), 10 s elapsed",
            "[web1] 1 of 2 ended, waiting for job 1, 1 min 10 s elapsed",
            "[web1] job 1: succeeded (FIN/OK), 1 min 40 s elapsed",
        ]

    def test_an_unreachable_api_of_up_to_ten_jobs_and_its_return_are_shown(self) -> None:
        world, api = World(), ApiHealth("https://api")
        scripts = [[(0, job(RUNNING, "ACT")), (5, FAULT), (35, DONE)] for _job in range(2)]
        jobs = [world.watch(*script, label=f"job {number}", api=api) for number, script in enumerate(scripts)]
        assert told(world, *jobs)[3:] == [
            "[web1] The API answered HTTP 503. Trying again for up to 5 min.",
            "[web1] https://api answers again.",
            "[web1] job 1: succeeded (FIN/OK), 40 s elapsed",
            "[web1] job 0: succeeded (FIN/OK), 40 s elapsed",
        ]

    def test_an_api_of_up_to_ten_jobs_that_stays_unreachable_is_shown_once(self) -> None:
        world, api = World(), ApiHealth("https://api")
        jobs = [
            world.watch((0, job(RUNNING, "ACT")), (5, FAULT), label=f"job {number}", api=api) for number in range(2)
        ]
        assert told(world, *jobs, unreachable_timeout=20)[3:] == [
            "[web1] The API answered HTTP 503. Trying again for up to 20 s.",
            "[web1] job 0: given up",
            "[web1] job 1: given up",
        ]

    def test_a_job_that_cannot_be_read_says_why(self) -> None:
        world = World()
        jobs = [
            world.watch((0, DONE), label="job 0"),
            world.watch((0, Forbidden("HTTP 403: no role.")), label="job 1"),
        ]
        assert told(world, *jobs)[1:] == [
            "[web1] job 0: succeeded (FIN/OK), 0 s elapsed",
            "[web1] job 1: could not be read: HTTP 403: no role",
        ]

    def test_a_job_that_cannot_be_read_again_and_again_is_told_of_once(self) -> None:
        world, api = World(), ApiHealth("https://api")
        going = job(RUNNING, "ACT")
        often = [(float(at), FAULT if at % 20 else going) for at in range(10, 60, 10)]
        jobs = [
            world.watch((0, going), (90, DONE), label="job 0", api=api),
            world.watch((0, going), (10, FAULT), (60, going), (65, DONE), label="job 1", api=api),
            world.watch((0, going), *often, (60, DONE), label="job 2", api=api),
        ]
        assert told(world, *jobs)[4:] == [
            "[web1] job 1 cannot be read: The API answered HTTP 503. Trying again for up to 4 min 50 s.",
            "[web1] 0 of 3 ended, waiting for job 0, job 1 (cannot be read now), job 2, 1 min elapsed",
            "[web1] job 1 can be read again.",
            "[web1] job 2: succeeded (FIN/OK), 1 min elapsed",
            "[web1] job 1: succeeded (FIN/OK), 1 min 10 s elapsed",
            "[web1] job 0: succeeded (FIN/OK), 1 min 30 s elapsed",
        ]

    def test_a_job_that_could_not_be_read_and_is_gone_is_not_read_again(self) -> None:
        world, api = World(), ApiHealth("https://api")
        jobs = [
            world.watch((0, job(RUNNING, "ACT")), (50, DONE), label="job 0", api=api),
            world.watch((0, job(RUNNING, "ACT")), (10, FAULT), (30, MISSING), label="job 1", api=api),
        ]
        assert told(world, *jobs)[3:] == [
            "[web1] job 1 cannot be read: The API answered HTTP 503. Trying again for up to 4 min 50 s.",
            "[web1] job 1: gone, last seen running (ACT): The API no longer knows the job (HTTP 404)",
            "[web1] job 0: succeeded (FIN/OK), 50 s elapsed",
        ]

    def test_a_job_that_could_not_be_read_and_is_not_known_yet_is_not_read_again(self) -> None:
        world, api = World(), ApiHealth("https://api")
        jobs = [
            world.watch((0, job(RUNNING, "ACT")), (70, DONE), label="job 0", api=api),
            world.watch((0, FAULT), (30, MISSING), (50, DONE), label="job 1", api=api),
        ]
        assert told(world, *jobs)[2:] == [
            "[web1] job 1 cannot be read: The API answered HTTP 503. Trying again for up to 4 min 50 s.",
            "[web1] job 1 is not known to the API yet (HTTP 404); asking again for up to 30 s",
            "[web1] job 1: succeeded (FIN/OK), 50 s elapsed",
            "[web1] job 0: succeeded (FIN/OK), 1 min 10 s elapsed",
        ]

    def test_the_reason_of_a_job_that_is_given_up_alone_is_told_once(self) -> None:
        world, api = World(), ApiHealth("https://api")
        jobs = [
            world.watch((0, job(RUNNING, "ACT")), (90, DONE), label="job 0", api=api),
            world.watch((0, job(RUNNING, "ACT")), (10, FAULT), label="job 1", api=api),
        ]
        assert told(world, *jobs, unreachable_timeout=65)[3:] == [
            "[web1] job 1 cannot be read: The API answered HTTP 503. Trying again for up to 55 s.",
            "[web1] 0 of 2 ended, waiting for job 0, job 1 (cannot be read now), 1 min elapsed",
            "[web1] job 1: given up",
            "[web1] job 0: succeeded (FIN/OK), 1 min 30 s elapsed",
        ]

    def test_jobs_that_are_not_known_yet_are_shown_at_once(self) -> None:
        world = World()
        assert told(world, world.watch((0, MISSING), (20, DONE), label="job 0"), *watches(world, (20, DONE)))[1:] == [
            "[web1] job 0 is not known to the API yet (HTTP 404); asking again for up to 30 s",
            "[web1] job 0: running (ACT), 0 s elapsed",
            "[web1] job 0: succeeded (FIN/OK), 20 s elapsed",
            "[web1] job 0: succeeded (FIN/OK), 20 s elapsed",
        ]

    def test_a_new_child_to_wait_for_is_a_change(self) -> None:
        world = World()
        child = job(RUNNING)
        waits = job(RUNNING, "FIN/OK", children=(child,), message="waiting for job 8")
        script = [(0, job(RUNNING, "FIN/OK")), (10, waits), (20, DONE)]
        jobs = [world.watch(*script, label="job 0"), *watches(world, (0, DONE))]
        assert told(world, *jobs)[3:] == [
            "[web1] job 0: running (FIN/OK), 10 s elapsed: waiting for job 8",
            "[web1] job 0: succeeded (FIN/OK), 20 s elapsed",
        ]


class TestMoreThanTenJobs:
    """Sums, and a line for each bad end."""

    ENDS = ((60, BAD), (62, DONE), (100, DONE), (180, DONE), *[(30, DONE)] * 7)

    def test_mode_changes_shows_sums_of_more_than_ten_jobs(self) -> None:
        world = World()
        assert told(world, *watches(world, *self.ENDS)) == [
            "[web1] waiting for 11 jobs for up to 1 h",
            "[web1] 0 of 11 ended, 11 running, 0 s elapsed",
            "[web1] 7 of 11 ended, 4 running, 30 s elapsed",
            "[web1] job 0: failed (FIN/FAIL): Configuration push failed",
            "[web1] 8 of 11 ended (1 failed), waiting for job 1, job 2, job 3, 1 min elapsed",
            "[web1] 9 of 11 ended (1 failed), waiting for job 2, job 3, 1 min 10 s elapsed",
            "[web1] 10 of 11 ended (1 failed), waiting for job 3, 1 min 40 s elapsed",
            "[web1] 10 of 11 ended (1 failed), waiting for job 3, 2 min 40 s elapsed",
            "[web1] 11 of 11 ended (1 failed), 3 min elapsed",
        ]

    def test_sums_come_at_most_every_five_seconds(self) -> None:
        world = World()
        ends = [(float(number), DONE) for number in range(1, 12)]
        assert told(world, *watches(world, *ends), policy=IntervalPolicy(0.5, 0.5, 1)) == [
            "[web1] waiting for 11 jobs for up to 1 h",
            "[web1] 0 of 11 ended, 11 running, 0 s elapsed",
            "[web1] 4 of 11 ended, 7 running, 5 s elapsed",
            "[web1] 9 of 11 ended, waiting for job 9, job 10, 10 s elapsed",
            "[web1] 11 of 11 ended, 11 s elapsed",
        ]

    def test_the_first_sum_does_not_wait_for_slow_answers(self) -> None:
        world = World(takes={"job 0": 8.0, **{f"job {number}": 0.5 for number in range(1, 11)}})
        lines = told(world, *watches(world, *[(20, DONE)] * 11))
        assert lines[1] == "[web1] 0 of 11 ended, 10 running, 1 not read yet, 5 s elapsed"

    def test_mode_polls_shows_sums_of_more_than_ten_jobs(self) -> None:
        world = World()
        assert told(world, *watches(world, *[(20, DONE)] * 11), mode="polls") == [
            "[web1] waiting for 11 jobs for up to 1 h",
            "[web1] 0 of 11 ended, 11 running, 0 s elapsed",
            "[web1] 0 of 11 ended, 11 running, 10 s elapsed",
            "[web1] 11 of 11 ended, 20 s elapsed",
        ]

    def test_mode_none_shows_nothing_of_more_than_ten_jobs(self) -> None:
        world = World()
        assert told(world, *watches(world, *self.ENDS), mode="none") == []

    def test_jobs_that_are_not_known_yet_are_in_the_first_sum(self) -> None:
        world = World()
        late = [world.watch((0, MISSING), (20, DONE), label=f"late {number}") for number in range(2)]
        assert told(world, *late, *watches(world, *[(20, DONE)] * 10))[1:] == [
            "[web1] 0 of 12 ended, 10 running, 2 not known to the API yet (late 0, late 1), 0 s elapsed",
            "[web1] 12 of 12 ended, 20 s elapsed",
        ]

    def test_jobs_that_ended_before_the_first_poll_are_in_one_sum(self) -> None:
        world = World()
        assert told(world, *[world.watch((0, DONE), label=f"job {number}") for number in range(11)]) == [
            "[web1] waiting for 11 jobs for up to 1 h",
            "[web1] 11 of 11 ended, 0 s elapsed",
        ]

    def test_an_unreachable_api_of_more_than_ten_jobs_is_shown_once(self) -> None:
        world, api = World(), ApiHealth("https://api")
        jobs = [
            world.watch((0, job(RUNNING, "ACT")), (5, FAULT), label=f"job {number}", api=api) for number in range(11)
        ]
        assert told(world, *jobs, unreachable_timeout=20)[2:] == [
            "[web1] The API answered HTTP 503. Trying again for up to 20 s.",
            "[web1] 0 of 11 ended, 11 could not be read, 30 s elapsed",
        ]

    def test_unread_jobs_and_jobs_that_ran_out_of_time_are_counted(self) -> None:
        world = World()
        jobs = [
            *(world.watch((0, job(PENDING, "PEND")), label=f"job {number}") for number in range(10)),
            world.watch((0, Forbidden("HTTP 403.")), label="job 10"),
        ]
        assert told(world, *jobs, timeout=30)[1:] == [
            "[web1] job 10: could not be read: HTTP 403",
            "[web1] 0 of 11 ended, 1 could not be read, 10 pending, 5 s elapsed",
            "[web1] 0 of 11 ended, 1 could not be read, 10 not ended in time, 30 s elapsed",
        ]

    def test_of_jobs_that_cannot_be_read_again_and_again_three_are_named_and_all_counted(self) -> None:
        world, api = World(), ApiHealth("https://api")
        going = job(RUNNING, "ACT")
        good = [world.watch((0, going), (40, DONE), label=f"good {number}", api=api) for number in range(10)]
        bad = [world.watch((0, going), (10, FAULT), (30, DONE), label=f"bad {number}", api=api) for number in range(5)]
        assert told(world, *good, *bad)[1:] == [
            "[web1] 0 of 15 ended, 15 running, 0 s elapsed",
            *(
                f"[web1] bad {number} cannot be read: The API answered HTTP 503. Trying again for up to 4 min 50 s."
                for number in range(3)
            ),
            "[web1] 0 of 15 ended, 10 running, 5 cannot be read now, 20 s elapsed",
            *(f"[web1] bad {number} can be read again." for number in range(3)),
            "[web1] 5 of 15 ended, 10 running, 30 s elapsed",
            "[web1] 15 of 15 ended, 40 s elapsed",
        ]

    def test_a_job_that_is_not_known_yet_is_none_of_the_three_that_are_named(self) -> None:
        world, api = World(), ApiHealth("https://api")
        good = watches(world, *[(90, DONE)] * 7, api=api)
        new = [world.watch((0, FAULT), (30, MISSING), label=f"new {number}", api=api) for number in range(3)]
        last = world.watch((0, job(RUNNING, "ACT")), (40, FAULT), label="last", api=api)
        lines = told(world, *good, *new, last, missing_grace=100)
        assert [line.partition(":")[0] for line in lines if "read" in line and "ended" not in line][:4] == [
            *(f"[web1] new {number} cannot be read" for number in range(3)),
            "[web1] last cannot be read",
        ]
