# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs of one account: a listing reads all that run, and each end is read from the job itself."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    ApiError,
    BadReply,
    Forbidden,
    Misconfigured,
    Missing,
    Unauthorized,
    Untrusted,
)
from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, Job
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Outcome
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import LEAST, Listed, SharedListing
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, FAULT, GOING, POLLS, World, job

MANY = LEAST


class Account:
    """Jobs behind one API that has a listing.

    :param listing: what is wrong with the listing, since when; ``None``: nothing.
    :param unlisted: the labels of jobs that are not in it.
    """

    def __init__(self, world: World, listing: t.Sequence[tuple[float, Exception | None]] = ((0, None),)) -> None:
        self.world = world
        self.api = ApiHealth("https://api")
        self.shared = SharedListing(self.read)
        self.listing = listing
        self.unlisted: set[str] = set()
        self.listed: dict[str, t.Callable[[], Job]] = {}
        """What the listing says of a job, if it differs from what the job itself says."""

    def watches(self, count: int, *script: tuple[float, Outcome], settle: float = 0.0) -> list[TrackedJob]:
        labels = [f"job {number}" for number in range(len(self.listed), len(self.listed) + count)]
        made = [self.world.watch(*script, label=label, api=self.api, settle=settle) for label in labels]
        self.shared.jobs.update(dict.fromkeys(made))
        self.listed.update((watch.label, watch.fetch) for watch in made)
        return made

    def read(self, watches: t.Sequence[TrackedJob]) -> Listed[None]:
        fault = [one for since, one in self.listing if since <= self.world.time.passed][-1]
        if fault is not None:
            raise fault
        return Listed(
            {watch: self.listed[watch.label]() for watch in watches if watch.label not in self.unlisted}, None
        )

    @property
    def by_watch(self) -> dict[TrackedJob, SharedListing[None]]:
        """The listing of each job."""
        return dict.fromkeys(self.shared.jobs, self.shared)

    def run(self, *watches: TrackedJob, **how: t.Any) -> Wait:
        """Wait for these jobs of the account, and others."""
        return self.world.run(*watches, listings=self.by_watch, **how)

    @property
    def listings(self) -> list[float]:
        """When the listing was asked for."""
        return [time for time, label in self.world.workers.starts if label.startswith("listing")]

    @property
    def alone(self) -> list[tuple[float, str]]:
        """The times at which jobs were read one by one, with their labels."""
        return [(time, label) for time, label in self.world.workers.starts if label.startswith("job")]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def account(world: World) -> Account:
    return Account(world)


def test_many_jobs_are_read_by_one_listing_and_each_end_alone(account: Account) -> None:
    watches = account.watches(MANY, (0, GOING), (20, DONE))
    wait = account.run(*watches)
    assert account.listings == pytest.approx(POLLS[:6], abs=0.01)
    assert [time for time, _label in account.alone] == pytest.approx([POLLS[5]] * MANY, abs=0.01)
    assert wait.polls == 6 + MANY
    assert all(watch.job == DONE for watch in watches)
    assert all([entry["state"] for entry in watch.history] == ["running", "succeeded"] for watch in watches)


def test_few_jobs_are_read_one_by_one(account: Account) -> None:
    account.run(*account.watches(MANY - 1, (0, GOING), (3, DONE)))
    assert account.listings == []


def test_the_last_few_jobs_are_read_one_by_one(account: Account) -> None:
    quick = account.watches(MANY, (0, GOING), (1, DONE))
    slow = account.watches(5, (0, GOING), (30, DONE))
    account.run(*quick, *slow)
    assert account.listings == [0, 2]
    assert all(watch.job == DONE for watch in [*quick, *slow])
    assert {label for time, label in account.alone if time > 2} == {watch.label for watch in slow}


def test_the_job_with_the_shortest_interval_sets_the_pace(account: Account) -> None:
    steady = account.watches(MANY, (0, GOING), (40, DONE))
    changing = account.watches(1, (0, GOING), (4, job(native_state="B")), (40, DONE))
    account.run(*steady, *changing)
    assert account.listings[:5] == [0, 2, 5, 7, 10]


def test_a_job_missing_from_the_listing_is_read_alone(account: Account) -> None:
    watches = account.watches(MANY + 1, (0, GOING), (10, DONE))
    account.unlisted = {"job 3"}
    account.run(*watches)
    assert [time for time, label in account.alone if label == "job 3"] == pytest.approx(POLLS[:5], abs=0.01)
    assert account.listings == pytest.approx(POLLS[:5], abs=0.01)
    assert all(watch.job == DONE for watch in watches)


@pytest.mark.parametrize("said", [DONE, job(FAILED, "FIN/FAIL")])
def test_an_end_in_the_listing_is_believed_only_when_the_job_confirms_it(account: Account, said: Job) -> None:
    watches = account.watches(MANY, (0, GOING), (30, DONE))
    account.listed["job 3"] = lambda: said
    account.run(*watches, fail_fast=True)
    assert all(watch.job == DONE for watch in watches)
    assert [entry["state"] for entry in watches[3].history] == ["running", "succeeded"]


def test_an_end_that_must_settle_is_watched_by_the_listing(account: Account) -> None:
    watches = account.watches(MANY, (0, GOING), (2, job("succeeded", "FIN/OK", settles=True)), settle=30)
    account.run(*watches)
    assert [time for time, _label in account.alone] == [32] * MANY, "30 s after it was first seen"
    assert all(watch.job.finished for watch in watches)


@pytest.mark.parametrize(
    "error", [Forbidden("403", status=403), Missing("404", status=404), BadReply("odd"), ApiError("400", status=400)]
)
def test_a_refused_listing_is_not_asked_for_again(world: World, error: ApiError) -> None:
    account = Account(world, [(0, None), (3, error)])
    watches = account.watches(MANY, (0, GOING), (20, DONE))
    wait = account.run(*watches)
    assert account.listings == [0, 2, 5]
    assert all(watch.job == DONE for watch in watches)
    assert wait.transient_errors == 0


@pytest.mark.parametrize("error", [Unauthorized("401", status=401), Untrusted("certificate"), Misconfigured("file")])
def test_an_account_that_is_refused_is_not_tried_again_for_each_job(world: World, error: ApiError) -> None:
    account = Account(world, [(0, error)])
    watches = account.watches(MANY, (0, GOING))
    wait = account.run(*watches)
    assert (wait.polls, wait.elapsed) == (1, 0)
    assert all(watch.job.error == error.as_dict() and wait.settings.is_bad(watch) for watch in watches)


def test_an_unreachable_api_is_probed_by_one_job_at_a_time(world: World) -> None:
    account = Account(world, [(0, None), (4, FAULT), (50, None)])
    watches = account.watches(2 * MANY, (0, GOING), (4, FAULT), (50, GOING), (60, DONE))
    wait = account.run(*watches)
    tried = [label for time, label in world.workers.starts if 4 <= time < 50]
    assert (tried[0], len(set(tried))) == ("listing for 40 jobs", len(tried)), "each time another one"
    assert wait.transient_errors == len(tried) < 20
    assert account.listings[-1] > 50, "and it is not done without for that"
    assert all(watch.job == DONE for watch in watches)


def test_an_unreachable_api_is_given_up_for_all_jobs(world: World) -> None:
    account = Account(world, [(0, FAULT)])
    watches = account.watches(MANY, (0, FAULT))
    wait = account.run(*watches, unreachable_timeout=100)
    assert wait.elapsed == 100
    assert all(watch.job.error == FAULT.as_dict() and wait.settings.is_bad(watch) for watch in watches)


def test_a_listing_that_alone_gets_no_answer_is_not_asked_for_again(world: World) -> None:
    account = Account(world, [(0, None), (4, FAULT)])
    watches = account.watches(MANY, (0, GOING), (60, DONE))
    wait = account.run(*watches)
    assert account.listings == pytest.approx([0, 2, 5, 7, 11.64], abs=0.01), (
        "three failures, each after a job was answered"
    )
    assert (wait.transient_errors, wait.elapsed) == (2, pytest.approx(66, abs=8))
    assert all(watch.job == DONE for watch in watches)


def test_a_listing_refused_while_it_probes_lets_other_jobs_go_on(world: World) -> None:
    """It was the probe; others wait for it to end."""
    account = Account(world, [(0, None), (1, FAULT), (20, Forbidden("403", status=403))])
    watches = account.watches(MANY, (0, GOING), (60, DONE))
    other = world.watch((0, GOING), (1, FAULT), (20, GOING), (60, DONE), label="job of another kind", api=account.api)
    account.run(other, *watches)
    assert all(watch.job == DONE for watch in [other, *watches])


def test_a_listing_is_read_at_the_deadline(world: World, account: Account) -> None:
    watches = account.watches(MANY, (0, GOING), (60, DONE))
    late = account.watches(MANY, (0, GOING))
    account.run(*watches, *late, timeout=60)
    assert world.time.passed == 60
    assert account.listings[-1] == 60
    assert all(watch.job == DONE and not watch.timed_out for watch in watches)
    assert all(watch.timed_out and watch.job == GOING for watch in late)


def test_fail_fast_ends_a_wait_with_a_listing_at_the_first_bad_end(account: Account) -> None:
    watches = account.watches(MANY, (0, GOING))
    (bad,) = account.watches(1, (0, GOING), (4, job(FAILED, "FIN/FAIL")))
    wait = account.run(*watches, bad, fail_fast=True)
    assert (wait.elapsed, wait.settings.is_bad(bad)) == (5, True)
    assert not any(watch.closed for watch in watches)


def test_accounts_have_listings_of_their_own(world: World) -> None:
    one, other = Account(world), Account(world)
    watches = [*one.watches(MANY, (0, DONE)), *other.watches(MANY + 1, (0, DONE))]
    world.run(*watches, listings={**one.by_watch, **other.by_watch})
    assert [label for _time, label in world.workers.starts[:2]] == [
        f"listing for {MANY} jobs",
        f"listing for {MANY + 1} jobs",
    ]


@pytest.mark.parametrize("timeout", [0, 30])
def test_a_listing_that_fails_at_the_deadline_costs_no_job_its_last_poll(world: World, timeout: float) -> None:
    account = Account(world, [(0, None), (timeout, FAULT)])
    watches = account.watches(MANY, (0, GOING), (timeout, DONE))
    account.run(*watches, timeout=timeout)
    assert all(watch.job == DONE for watch in watches)
