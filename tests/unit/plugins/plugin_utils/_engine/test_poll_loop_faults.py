# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of an API during a wait: which are tried again, for how long, and which jobs they end."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    ApiError,
    BadReply,
    Forbidden,
    Incomplete,
    Misconfigured,
    Missing,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
    Untrusted,
    WebPage,
)
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Observer
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, FAULT, GOING, START, World, job

PAGE = WebPage("The API answered HTTP 200 with a web page.", status=200)
NOTHING = Incomplete("The API answered HTTP 200 with an empty body.", status=200)
GONE = Missing("The API answered HTTP 404.", status=404)


class Told(Observer):
    """What an observer hears of the APIs."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def lost(self, api: ApiHealth, error: ApiError, again_for: float) -> None:
        self.lines.append(f"lost: {error}")

    def regained(self, api: ApiHealth) -> None:
        self.lines.append("regained")


@pytest.mark.parametrize("fault", [Unreachable("refused"), TimedOut("slow"), Unavailable("503", status=503)])
def test_a_wait_goes_on_after_transient_errors(fault: ApiError) -> None:
    world, told = World(), Told()
    one = world.watch((0, GOING), (10, fault), (100, DONE))
    wait = world.run(one, observer=told)
    assert one.job == DONE
    assert wait.transient_errors > 2
    assert told.lines == [f"lost: {fault}", "regained"]
    assert not wait.settings.is_bad(one)


def test_the_error_of_the_last_poll_is_kept_and_a_good_answer_clears_it() -> None:
    world = World()
    one = world.watch((0, GOING), (10, FAULT))
    world.run(one, timeout=20)
    assert one.timed_out
    assert one.job.state == GOING.state
    assert one.job.error == FAULT.as_dict()
    world = World()
    one = world.watch((0, FAULT), (10, GOING))
    world.run(one, timeout=30)
    assert one.job.error is None


def test_a_job_that_alone_cannot_be_read_is_given_up_alone() -> None:
    world, told = World(), Told()
    api = ApiHealth("https://api")
    bad = world.watch((0, FAULT), label="bad", api=api)
    good = [world.watch((0, GOING), (400, DONE), label=f"good {number}", api=api) for number in range(5)]
    wait = world.run(bad, *good, observer=told)
    assert all(watch.job == DONE for watch in good)
    assert (bad.job.error, wait.settings.is_bad(bad), bad.timed_out) == (FAULT.as_dict(), True, False)
    assert wait.elapsed == pytest.approx(400, abs=30)
    assert told.lines == [f"lost: {FAULT}", "regained"], "from then on it is the job's own fault"


@pytest.mark.parametrize("deadline", range(50, 70))
def test_a_job_that_alone_cannot_be_read_costs_no_other_its_last_poll(deadline: int) -> None:
    world = World()
    api = ApiHealth("https://api")
    bad = world.watch((0, GOING), (1, FAULT), label="bad", api=api)
    good = [world.watch((0, GOING), (deadline, DONE), label=f"good {number}", api=api) for number in range(3)]
    world.run(bad, *good, timeout=deadline)
    assert all(watch.job == DONE for watch in good)
    assert (bad.timed_out, bad.job.error) == (True, FAULT.as_dict())


def test_jobs_probe_an_unreachable_api_in_turn() -> None:
    world = World()
    api = ApiHealth("https://api")
    script = ((0, GOING), (1, FAULT), (60, DONE))
    jobs = [world.watch(*script, label=f"job {number}", api=api) for number in range(3)]
    world.run(*jobs)
    probes = [label for time, label in world.workers.starts if 2 < time < 60]
    assert set(probes) == {"job 0", "job 1", "job 2"}
    assert all(watch.job == DONE for watch in jobs)


def test_an_api_may_be_unreachable_for_unreachable_timeout() -> None:
    world = World()
    one = world.watch((0, GOING), (1, FAULT))
    wait = world.run(one, unreachable_timeout=100)
    assert wait.elapsed == pytest.approx(2 + 100)
    assert (one.timed_out, wait.settings.is_bad(one)) == (False, True)
    assert one.job.error == FAULT.as_dict()
    assert one.job.state == GOING.state


def test_unreachable_timeout_0_ends_at_the_first_fault() -> None:
    world, told = World(), Told()
    one = world.watch((0, FAULT))
    wait = world.run(one, unreachable_timeout=0, observer=told)
    assert (wait.polls, wait.settings.is_bad(one)) == (1, True)
    assert told.lines == [], "nothing is tried again"


@pytest.mark.parametrize("good", [GOING, GONE])
def test_any_good_answer_resets_unreachable_timeout(good) -> None:
    world = World()
    script = [(0.0, FAULT)]
    for minute in range(1, 20):
        script += [(minute * 60.0, good), (minute * 60.0 + 5, FAULT)]
    one = world.watch(*script, (1200.0, DONE))
    wait = world.run(one, unreachable_timeout=70, missing_grace=10_000, policy=IntervalPolicy(2, 4, 1.5))
    assert one.job == DONE
    assert wait.transient_errors > 100


@pytest.mark.parametrize(
    ("pause", "timeout", "polled_at"),
    [
        (77.0, 3600, [0, 77]),
        (77.0, 40, [0, 40]),  # never past the deadline
        (1e9, 500, [0, 500]),
        (0.5, 3600, [0, 2, 5]),  # no less than our own delay
        (-5.0, 3600, [0, 2, 5]),
    ],
)
def test_retry_after_sets_the_next_poll(pause: float, timeout: float, polled_at: list[float]) -> None:
    world = World()
    busy = Unavailable("HTTP 429", status=429, retry_after=pause)
    world.run(world.watch((0, busy), (4, DONE)), timeout=timeout)
    assert world.polled_at == polled_at


@pytest.mark.parametrize(
    "error",
    [
        Unauthorized("401", status=401),
        Forbidden("403", status=403),
        Untrusted("certificate"),
        BadReply("protocol"),
        ApiError("400", status=400),
        PAGE,
        NOTHING,
        Misconfigured("no such file"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fatal_error_ends_that_job_at_once_and_no_other(error: ApiError) -> None:
    world = World()
    api = ApiHealth("https://api")
    bad = world.watch((0, error), label="bad", api=api)
    good = world.watch((0, GOING), (20, DONE), label="good", api=api)
    wait = world.run(bad, good)
    assert (bad.polls, bad.job.error, wait.settings.is_bad(bad)) == (1, error.as_dict(), True)
    assert (good.job, wait.settings.is_bad(good)) == (DONE, False)


@pytest.mark.parametrize("reply", [PAGE, NOTHING], ids=lambda error: error.kind)
def test_a_web_page_or_nothing_after_a_good_answer_is_an_appliance_that_restarts(reply: ApiError) -> None:
    world = World()
    one = world.watch((0, GOING), (4, reply), (100, DONE))
    wait = world.run(one)
    assert one.job == DONE
    assert wait.transient_errors > 2


class TestMissing:
    """A job that its API does not know."""

    def test_a_missing_job_may_not_be_visible_yet(self) -> None:
        world = World()
        one = world.watch((0, GONE), (20, GOING), (40, DONE))
        assert not world.run(one, missing_grace=30).settings.is_bad(one)
        assert one.job == DONE
        assert [entry["state"] for entry in one.history] == ["running", "succeeded"]

    @pytest.mark.parametrize("grace", [0, 30])
    def test_a_missing_job_is_given_up_after_missing_grace(self, grace: float) -> None:
        world = World()
        one = world.watch((0, GONE))
        wait = world.run(one, missing_grace=grace)
        assert wait.elapsed == grace
        assert wait.settings.is_bad(one)
        assert one.job.error == GONE.as_dict()
        assert one.job.state == "unknown"

    def test_missing_grace_begins_with_the_first_answer_of_the_api(self) -> None:
        world = World()
        one = world.watch((0, FAULT), (100, GONE), (120, DONE))
        world.run(one, missing_grace=30)
        assert one.job == DONE

    def test_a_job_that_was_seen_and_is_gone_has_no_grace(self) -> None:
        world = World()
        one = world.watch((0, GOING), (4, GONE))
        wait = world.run(one, missing_grace=30)
        assert wait.elapsed == 5
        assert wait.settings.is_bad(one)
        message = "The API no longer knows the job (HTTP 404)."
        assert (one.job.state, one.job.error) == (GOING.state, {**GONE.as_dict(), "message": message})

    def test_a_job_missing_at_the_deadline_is_late(self) -> None:
        world = World()
        one = world.watch((0, GONE))
        world.run(one, timeout=10, missing_grace=30)
        assert (one.timed_out, one.job.error) == (True, GONE.as_dict())


class TestManyJobsOfOneApi:
    """While an API is unreachable, one job at a time is asked for, on behalf of all."""

    def many(self, world: World, count: int, *script, name: str = "https://api") -> list[TrackedJob]:
        api = ApiHealth(name)
        return [world.watch(*script, label=f"{name} {number}", api=api) for number in range(count)]

    def test_160_jobs_on_a_dead_api_end_when_one_would(self) -> None:
        runs = []
        for count in (1, 160):
            world = World(takes=0.5)
            watches = self.many(world, count, (0, FAULT))
            wait = world.run(*watches, unreachable_timeout=300)
            assert all(wait.settings.is_bad(watch) and watch.job.error == FAULT.as_dict() for watch in watches)
            assert {label for _time, label in world.workers.starts} == {watch.label for watch in watches}
            runs.append((wait.elapsed, wait.polls))
        (alone, _requests), (together, requests_of_all) = runs
        assert together == pytest.approx(alone, abs=0.5)
        assert requests_of_all < 160 + 16, "each job once, and those that were under way when it became unreachable"

    def test_160_jobs_go_on_when_their_api_answers_again(self) -> None:
        world = World(takes=0.5)
        watches = self.many(world, 160, (0, GOING), (50, FAULT), (200, DONE))
        wait = world.run(*watches)
        assert all(watch.job == DONE for watch in watches)
        assert wait.elapsed < 240
        probes = [time for time in world.polled_at if 53 < time < 200]  # when all that was under way has come back
        assert len(probes) < 160, "no job is a probe twice as long as others were none"
        assert all(after - before >= 0.5 for before, after in zip(probes, probes[1:]))

    def test_a_probe_that_is_told_to_come_back_late_holds_up_nobody_else(self) -> None:
        """Another's good answer, under way when the probe failed, shows that the API is reachable."""
        world = World(takes={"busy": 1.0, **{f"other {number}": 3.0 for number in range(30)}})
        api = ApiHealth("https://api")
        busy = world.watch((0, Unavailable("429", retry_after=500)), (400, DONE), label="busy", api=api)
        others = [world.watch((0, GOING), (10, DONE), label=f"other {number}", api=api) for number in range(30)]
        world.run(busy, *others, timeout=1000)
        assert max(time for time, label in world.workers.starts if label != "busy") < 40
        assert [time for time, label in world.workers.starts if label == "busy"] == [0, 501]

    def test_a_retry_after_of_one_job_delays_no_other(self) -> None:
        world = World()
        api = ApiHealth("https://api")
        busy = world.watch((0, Unavailable("503", retry_after=600)), label="busy", api=api)
        others = [world.watch((0, GOING), (60, DONE), label=f"other {number}", api=api) for number in range(3)]
        wait = world.run(busy, *others, timeout=800)
        assert all(watch.job == DONE for watch in others)
        assert [time for time, label in world.workers.starts if label == "busy"] == [0, 600, 800]
        assert max(time for time, label in world.workers.starts if label != "busy") < 90
        assert (wait.elapsed, busy.timed_out) == (800, True)

    def test_a_retry_after_of_two_jobs_delays_all(self) -> None:
        world = World(size=1)
        jobs = self.many(world, 40, (0, GOING), (5, Unavailable("429", retry_after=600)), (500, DONE))
        world.run(*jobs, timeout=1000)
        assert all(watch.job == DONE for watch in jobs)
        assert len([time for time in world.polled_at if 5 <= time < 600]) == 2

    def test_a_limit_of_requests_is_for_all_at_once(self) -> None:
        world = World(size=1)
        busy = Unavailable("429", status=429, retry_after=600)
        jobs = self.many(world, 40, (0, GOING), (5, busy), (500, DONE))
        world.run(*jobs, timeout=1000)
        assert all(watch.job == DONE for watch in jobs)
        assert len([time for time in world.polled_at if 5 <= time < 600]) == 1

    @pytest.mark.parametrize("begins", [0, 100], ids=["from the start", "later"])
    @pytest.mark.parametrize("order", ["the broken first", "the broken last", "in turn"])
    def test_dozens_of_broken_jobs_are_told_apart_from_dozens_of_good_ones(self, order: str, begins: float) -> None:
        world, told = World(takes=0.3), Told()
        api = ApiHealth("https://api")
        broken = [world.watch((-1, GOING), (begins, FAULT), label=f"broken {number}", api=api) for number in range(60)]
        good = [world.watch((0, GOING), (700, DONE), label=f"good {number}", api=api) for number in range(60)]
        orders = {
            "the broken first": [*broken, *good],
            "the broken last": [*good, *broken],
            "in turn": [one for pair in zip(broken, good) for one in pair],
        }
        wait = world.run(*orders[order], observer=told, policy=IntervalPolicy())
        assert all(watch.job == DONE for watch in good)
        assert all(wait.settings.is_bad(watch) and watch.job.error == FAULT.as_dict() for watch in broken)
        assert max(time for time, label in world.workers.starts if "broken" in label) < begins + 330
        assert told.lines in ([], [f"lost: {FAULT}", "regained"])

    @pytest.mark.parametrize(("timeout", "unreachable_timeout"), [(3600, 300), (100, 300), (3600, 100)])
    def test_hundreds_of_broken_jobs_do_not_hide_the_few_good_jobs_behind_them(
        self, timeout: float, unreachable_timeout: float
    ) -> None:
        world = World(takes=0.3)
        api = ApiHealth("https://api")
        broken = [world.watch((0, FAULT), label=f"broken {number}", api=api) for number in range(200)]
        good = [world.watch((0, GOING), (95, DONE), label=f"good {number}", api=api) for number in range(10)]
        settings = {"timeout": timeout, "unreachable_timeout": unreachable_timeout, "policy": IntervalPolicy()}
        wait = world.run(*broken, *good, overrun=30, **settings)
        assert all(watch.job == DONE and watch.changed_at < START + 300 for watch in good)
        assert all(wait.settings.is_bad(watch) or watch.timed_out for watch in broken)

    def test_an_unreachable_api_of_many_jobs_gets_four_requests_a_second_at_most(self) -> None:
        world = World()
        wait = world.run(*self.many(world, 1000, (0, FAULT)), unreachable_timeout=20)
        assert wait.polls <= 16 + 20 * 4

    def test_good_jobs_behind_broken_ones_are_found_soon_though_the_api_is_never_given_up(self) -> None:
        world = World(takes=0.3)
        api = ApiHealth("https://api")
        broken = [world.watch((0, FAULT), label=f"broken {number}", api=api) for number in range(200)]
        good = world.watch((0, job("failed", "FIN/FAIL")), label="good", api=api)
        forever = {"timeout": float("inf"), "unreachable_timeout": float("inf")}
        wait = world.run(*broken, good, fail_fast=True, policy=IntervalPolicy(), **forever)
        assert wait.elapsed < 600, "a few times the longest round"

    @pytest.mark.parametrize("retry_after", [None, 1.0, 30.0])
    def test_an_api_that_rations_requests_loses_no_job(self, retry_after: float | None) -> None:
        world = World(takes=0.2)
        left, at = 2.0, 0.0

        def fetch() -> Job:
            nonlocal left, at
            left, at = min(2.0, left + 2.0 * (world.time.passed - at)), world.time.passed
            if left < 1:
                raise Unavailable("429", status=429, retry_after=retry_after)
            left -= 1
            return DONE if world.time.passed >= 600 else GOING

        api = ApiHealth("https://api")
        jobs = [TrackedJob(GOING, label=str(number), api=api, fetch=fetch) for number in range(200)]
        world.run(*jobs, timeout=7200, policy=IntervalPolicy())
        assert all(watch.job == DONE for watch in jobs)

    def test_a_pause_asked_of_one_job_is_its_own(self) -> None:
        """Others fail at the same time, and are asked to make none."""
        world = World()
        api = ApiHealth("https://api")
        script = ((0, FAULT), (10, GOING), (60, DONE))
        first, last = world.watch(*script, label="first", api=api), world.watch(*script, label="last", api=api)
        held_up = world.watch((0, Unavailable("503", retry_after=1000)), (900, DONE), label="held up", api=api)
        wait = world.run(first, held_up, last)
        assert all(watch.job == DONE for watch in (first, held_up, last))
        assert max(time for time, label in world.workers.starts if label != "held up") < 90
        assert wait.elapsed == 1000

    def test_the_last_job_of_an_api_that_fails_makes_it_unreachable(self) -> None:
        world, told = World(), Told()
        api = ApiHealth("https://api")
        bad = world.watch((0, GOING), (100, FAULT), (1000, DONE), label="bad", api=api)
        good = world.watch((0, GOING), (300, DONE), label="good", api=api)
        world.run(bad, good, unreachable_timeout=float("inf"), observer=told)
        assert told.lines == [f"lost: {FAULT}", "regained"] * 2
        assert bad.job == DONE

    def test_a_probe_that_ends_hands_over(self) -> None:
        """The probe meets a fatal error of its own while the API is unreachable: another job probes in its place."""
        world = World()
        api = ApiHealth("https://api")
        probe = world.watch((0, FAULT), (5, Forbidden("403", status=403)), label="probe", api=api)
        others = [world.watch((0, FAULT), (20, DONE), label=f"other {number}", api=api) for number in range(5)]
        wait = world.run(probe, *others)
        assert wait.settings.is_bad(probe)
        assert all(watch.job == DONE for watch in others)

    def test_two_apis_do_not_share_their_fate(self) -> None:
        world = World()
        dead = self.many(world, 20, (0, FAULT), name="https://dead")
        alive = self.many(world, 20, (0, GOING), (500, DONE), name="https://alive")
        wait = world.run(*dead, *alive, unreachable_timeout=100)
        assert all(wait.settings.is_bad(watch) for watch in dead)
        assert all(watch.job == DONE for watch in alive)

    def test_an_unreachable_api_is_asked_once_at_the_deadline_for_all(self) -> None:
        world = World(size=4)
        watches = self.many(world, 40, (0, GOING), (5, FAULT))
        wait = world.run(*watches, timeout=30)
        assert wait.elapsed == 30
        assert [time for time in world.polled_at if time >= 30] == [30]
        assert all(watch.timed_out for watch in watches)
        assert all(watch.job.error == FAULT.as_dict() for watch in watches), "why the last poll told nothing"

    def test_each_job_has_its_last_poll_if_the_api_answers_at_the_deadline(self) -> None:
        world = World(size=4)
        watches = self.many(world, 40, (0, GOING), (5, FAULT), (30, DONE))
        world.run(*watches, timeout=30)
        assert all(watch.job == DONE for watch in watches)

    @pytest.mark.parametrize("timeout", [0, 30])
    def test_one_fault_at_the_deadline_costs_no_other_job_its_last_poll(self, timeout: float) -> None:
        world = World(size=4)
        api = ApiHealth("https://api")
        unlucky = world.watch((0, GOING), (timeout, FAULT), label="unlucky", api=api)
        others = [world.watch((0, GOING), (timeout, DONE), label=f"other {number}", api=api) for number in range(40)]
        world.run(unlucky, *others, timeout=timeout)
        assert unlucky.timed_out
        assert all(watch.job == DONE for watch in others)

    def test_with_timeout_0_each_job_is_polled_once_whatever_the_others_meet(self) -> None:
        world, told = World(size=4, takes=1), Told()
        watches = self.many(world, 10, (0, FAULT))
        wait = world.run(*watches, timeout=0, observer=told)
        assert [watch.polls for watch in watches] == [1] * 10
        assert all(watch.timed_out for watch in watches)
        assert (wait.elapsed, told.lines) == (3, [])
