# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a few APIs answer and whatever the settings: a wait ends in time and loses nothing."""

from __future__ import annotations

import itertools
import typing as t
from unittest import mock

from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    ApiError,
    BadReply,
    Forbidden,
    Missing,
    Unavailable,
    Unreachable,
    WebPage,
)
from ansible_collections.endstate.jobs.plugins.module_utils._job import END_STATES, STATES, Job
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Observer, Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Outcome
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait import listing as listing_module
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import Listed, SharedListing
from ansible_collections.endstate.jobs.tests.unit.virtual import EPOCH, World, answering, job

jobs = st.builds(
    job,
    st.sampled_from(STATES),
    st.sampled_from([None, "A", "B"]),
    progress=st.none() | st.floats(0, 100),
    eta_at=st.none() | st.floats(EPOCH - 1000, EPOCH + 1000).map(from_epoch),
    settles=st.booleans(),
    warnings=st.sampled_from([(), ("odd",)]),
)
faults = (
    st.builds(Unavailable, st.just("busy"), retry_after=st.none() | st.floats(0, 1000))
    | st.builds(Unreachable, st.just("refused"))
    | st.builds(Missing, st.just("404"))
    | st.sampled_from([WebPage("page"), BadReply("odd"), Forbidden("403"), ApiError("400")])
)
outcomes: st.SearchStrategy[t.Any] = jobs | faults
spans = st.floats(0, 100)

INTERVAL = 0.5
LATENCY = st.floats(0.01, 40)


@st.composite
def plans(draw: st.DrawFn) -> dict[str, t.Any]:
    policy = IntervalPolicy(INTERVAL, INTERVAL + draw(st.floats(0, 30)), draw(st.floats(1, 3)))
    states = draw(st.frozensets(st.sampled_from(["failed", "cancelled", "skipped"])))
    return {
        "policy": policy,
        "timeout": draw(spans),
        "overrun": draw(spans),
        "unreachable_timeout": draw(spans),
        "missing_grace": draw(spans),
        "fail_on": states,
        "fail_fast": draw(st.booleans()),
        "chance": draw(st.floats(0, 1)),
    }


class Story(t.NamedTuple):
    """What one job's API says in turn, the last for ever; and how long each answer takes."""

    api: int
    outcomes: list[Outcome]
    takes: float
    settle: float


stories = st.lists(
    st.builds(Story, st.integers(0, 2), st.lists(outcomes, min_size=1, max_size=6), LATENCY, spans), max_size=8
)


class Told(Observer):
    """Sees to it that what is said of an API makes sense."""

    def __init__(self) -> None:
        self.unreachable: set[ApiHealth] = set()

    def lost(self, api: ApiHealth, error: ApiError, again_for: float) -> None:
        assert api not in self.unreachable
        self.unreachable.add(api)

    def regained(self, api: ApiHealth) -> None:
        self.unreachable.remove(api)


@given(stories, plans(), st.integers(1, 4))
def test_every_wait_ends_in_time_and_loses_nothing(stories: list[Story], settings: dict[str, t.Any], size: int) -> None:
    takes: dict[str, float] = {}
    world = World(size, takes)
    apis = [ApiHealth(f"https://api{number}") for number in range(3)]
    watches = []
    for number, story in enumerate(stories):
        takes[str(number)] = story.takes
        fetch = answering(*story.outcomes)
        watches.append(
            TrackedJob(job(), label=str(number), api=apis[story.api], fetch=fetch, settle=story.settle, linear=True)
        )
    wait = world.run(
        *watches, observer=Told(), **settings
    )  # the workers see to it that none is asked for twice at once, or after its end

    end = settings["timeout"] + settings["overrun"]
    _check_the_end(world, wait, settings)
    # Each pause is at least the shortest interval less the jitter, but for those trimmed to a limit or a release.
    shortest = INTERVAL * 0.9
    for watch in watches:
        limits = 4 + sum(isinstance(one, Missing) for one in stories[int(watch.label)].outcomes)
        assert watch.polls <= end / min(shortest, shortest + takes[watch.label]) + limits


def _check_the_end(world: World, wait: Wait, settings: dict[str, t.Any]) -> None:
    end = settings["timeout"] + settings["overrun"]
    assert world.time.passed <= end + 0.01
    assert all(time <= end + 0.001 for time in world.polled_at)
    cut = settings["fail_fast"] and any(map(wait.settings.is_bad, wait.polled))
    assert cut or all(watch.closed for watch in wait.polled)
    for watch in wait.polled:
        assert not watch.timed_out or (watch.closed and world.time.passed >= settings["timeout"] - 1e-9)
        assert not wait.settings.is_bad(watch) or watch.job.error or watch.job.state in settings["fail_on"]
        if watch.closed and not watch.timed_out:
            assert watch.job.error or watch.job.state in END_STATES
        states = [(entry["state"], entry["native_state"]) for entry in watch.history]
        assert all(before != after for before, after in zip(states, states[1:]))
    late, bad = any(watch.timed_out for watch in wait.polled), any(map(wait.settings.is_bad, wait.polled))
    event(f"cut: {cut}, late: {late}, bad: {bad}")


class Listing:
    """Tells of some of the jobs that are asked for, in turn what ``rows`` say, or fails as ``refusals`` say."""

    def __init__(self, refusals: list[ApiError | None], rows: list[Job | None]) -> None:
        self.refusals, self.rows = itertools.cycle(refusals), itertools.cycle(rows)

    def __call__(self, watches: t.Sequence[TrackedJob]) -> Listed[None]:
        refusal = next(self.refusals)
        if refusal:
            raise refusal
        return Listed({watch: row for watch, row in zip(watches, self.rows) if row}, None)


listings = st.builds(
    Listing, st.lists(st.none() | faults, min_size=1, max_size=4), st.lists(st.none() | jobs, min_size=1, max_size=7)
)


@given(stories, st.lists(listings, min_size=3, max_size=3), plans(), st.integers(1, 4), LATENCY)
def test_every_wait_with_listings_ends_in_time_and_loses_nothing(
    stories: list[Story], listings: list[Listing], settings: dict[str, t.Any], size: int, latency: float
) -> None:
    world = World(size, latency)
    apis = [ApiHealth(f"https://api{number}") for number in range(3)]
    shared = [SharedListing(listing) for listing in listings]
    watches = [
        TrackedJob(
            job(),
            label=str(number),
            api=apis[story.api],
            fetch=answering(*story.outcomes),
            settle=story.settle,
            linear=True,
        )
        for number, story in enumerate(stories)
    ]
    by_watch = {watch: shared[story.api] for watch, story in zip(watches, stories)}
    for watch, listing in by_watch.items():
        listing.jobs[watch] = None
    with mock.patch.object(listing_module, "LEAST", 2):
        wait = world.run(*watches, observer=Told(), listings=by_watch, **settings)
    _check_the_end(world, wait, settings)
    assert wait.polls == len(world.workers.starts)


@given(st.integers(1, 6), st.booleans(), st.integers(1, 4), LATENCY, spans)
def test_no_api_is_unreachable_for_longer_than_it_may(
    count: int, listed: bool, size: int, latency: float, unreachable_timeout: float
) -> None:
    world = World(size, latency)
    api = ApiHealth("https://api")
    fetch = answering(Unreachable("refused"))
    watches = [TrackedJob(job(), label=str(number), api=api, fetch=fetch) for number in range(count)]
    listing = SharedListing(Listing([Unreachable("refused")], [None]))
    listing.jobs = dict.fromkeys(watches)
    with mock.patch.object(listing_module, "LEAST", 2):
        world.run(
            *watches,
            unreachable_timeout=unreachable_timeout,
            listings=dict.fromkeys(watches, listing) if listed else {},
        )
    # From the first fault on, and until the answer to what is under way then.
    assert world.time.passed <= latency + unreachable_timeout + latency + 0.01
    assert all(watch.job.error and not watch.timed_out for watch in watches)


@given(st.integers(1, 20), spans, st.integers(1, 4))
def test_nothing_that_hangs_holds_up_the_end(count: int, timeout: float, size: int) -> None:
    world = World(size, 1e6)
    watches = [world.watch((0, job()), label=str(number)) for number in range(count)]
    world.run(*watches, timeout=timeout, overrun=30)
    assert world.time.passed <= timeout + 30.01
    assert all(watch.timed_out for watch in watches)
