# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next: what holds for whatever is known."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import (
    JITTER,
    Sample,
    estimated_end,
    next_delay,
)
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import IntervalPolicy

seconds = st.floats(0, 1e6)
maybe = st.none() | st.floats(-1e6, 1e6)
chances = st.floats(0, 1)


@st.composite
def policies(draw: st.DrawFn) -> IntervalPolicy:
    interval = draw(st.floats(0.001, 1e4))
    return IntervalPolicy(interval, interval + draw(st.floats(0, 1e4)), draw(st.floats(1, 10)))


@given(policies(), seconds, maybe, maybe, maybe, st.floats(0, 1e6), chances)
def test_a_delay_is_never_negative_and_never_past_the_deadline(
    policy: IntervalPolicy,
    unchanged: float,
    seconds_left: float | None,
    asked: float | None,
    retry_after: float | None,
    remaining: float,
    chance: float,
) -> None:
    asks = {"asked": asked, "retry_after": retry_after}
    delay = next_delay(
        policy, unchanged=unchanged, seconds_left=seconds_left, **asks, remaining=remaining, chance=chance
    )
    assert 0 <= delay <= remaining


@given(policies(), seconds, maybe, st.floats(0.001, 1e9), chances)
def test_what_an_api_that_answers_asks_for_sets_the_delay(
    policy: IntervalPolicy, unchanged: float, seconds_left: float | None, asked: float, chance: float
) -> None:
    """Within the interval that the user wants, and ten minutes."""
    delay = next_delay(policy, unchanged=unchanged, seconds_left=seconds_left, asked=asked, chance=chance)
    assert delay == max(policy.interval, min(asked, 600))


@given(policies(), seconds, maybe, chances)
def test_a_delay_is_between_interval_and_max_interval(
    policy: IntervalPolicy, unchanged: float, seconds_left: float | None, chance: float
) -> None:
    delay = next_delay(policy, unchanged=unchanged, seconds_left=seconds_left, chance=chance)
    assert policy.interval * (1 - JITTER) <= delay * (1 + 1e-9)
    assert delay <= policy.max_interval


@given(policies(), seconds, maybe, seconds, chances)
def test_retry_after_is_obeyed(
    policy: IntervalPolicy, unchanged: float, seconds_left: float | None, retry_after: float, chance: float
) -> None:
    plain = next_delay(policy, unchanged=unchanged, seconds_left=seconds_left, chance=chance)
    assert next_delay(
        policy, unchanged=unchanged, seconds_left=seconds_left, chance=chance, retry_after=retry_after
    ) == max(plain, retry_after)


@given(policies(), seconds, maybe, chances)
def test_jitter_shortens_only_and_by_no_more_than_its_share(
    policy: IntervalPolicy, unchanged: float, seconds_left: float | None, chance: float
) -> None:
    steady = next_delay(policy, unchanged=unchanged, seconds_left=seconds_left)
    assert (
        steady * (1 - JITTER)
        <= next_delay(policy, unchanged=unchanged, seconds_left=seconds_left, chance=chance)
        <= steady
    )


@given(policies(), seconds, seconds)
def test_a_delay_grows_while_nothing_changes(policy: IntervalPolicy, one: float, other: float) -> None:
    sooner, later = sorted([one, other])
    assert next_delay(policy, unchanged=sooner) <= next_delay(policy, unchanged=later)


@given(policies(), seconds, st.floats(-1e6, 1e6), chances)
def test_no_estimate_makes_a_delay_longer_than_the_state_has_held(
    policy: IntervalPolicy, unchanged: float, seconds_left: float, chance: float
) -> None:
    assert next_delay(policy, unchanged=unchanged, seconds_left=seconds_left, chance=chance) <= max(
        policy.interval, unchanged
    )


@given(policies(), seconds, seconds)
def test_an_overdue_estimate_is_no_reason_to_poll_less_than_without_one(
    policy: IntervalPolicy, overdue: float, before: float
) -> None:
    unchanged = overdue + before
    assert next_delay(policy, unchanged=unchanged, seconds_left=-overdue) <= next_delay(policy, unchanged=unchanged) * (
        1 + 1e-9
    )


@given(policies())
def test_the_second_delay_is_backoff_times_the_first(policy: IntervalPolicy) -> None:
    second = next_delay(policy, unchanged=policy.interval)
    assert second == pytest.approx(min(policy.interval * policy.backoff, policy.max_interval))


@given(policies(), seconds, st.floats(0.001, 1e6))
def test_an_estimated_end_is_not_slept_through(policy: IntervalPolicy, unchanged: float, seconds_left: float) -> None:
    assert next_delay(policy, unchanged=unchanged, seconds_left=seconds_left) <= max(policy.interval, seconds_left)


@pytest.mark.parametrize(
    ("known", "delay"),
    [
        ({"unchanged": 0}, 5),
        ({"unchanged": 5}, 6.5),
        ({"unchanged": 60}, 232**0.5),
        ({"unchanged": 1000}, 50),
        ({"unchanged": 0, "chance": 1.0}, 4.5),
        ({"unchanged": 1000, "seconds_left": 40.0}, 8),
        ({"unchanged": 1000, "seconds_left": 1.0}, 5),
        ({"unchanged": 1000, "seconds_left": 1000.0}, 50),
        ({"unchanged": 10, "seconds_left": 1000.0}, 10),
        ({"unchanged": 1000, "seconds_left": -5.0}, 6.5),
        ({"unchanged": 0, "retry_after": 90.0}, 90),
        ({"unchanged": 0, "retry_after": 90.0, "remaining": 60.0}, 60),
        ({"unchanged": 1000, "remaining": 0.0}, 0),
        ({"unchanged": 1000, "asked": 10.0}, 10),
        ({"unchanged": 1000, "asked": 10.0, "seconds_left": 500.0, "chance": 1.0}, 10),
        ({"unchanged": 0, "asked": 90.0}, 90),
        ({"unchanged": 0, "asked": 90.0, "remaining": 60.0}, 60),
        ({"unchanged": 0, "asked": 1.0}, 5),
        ({"unchanged": 0, "asked": 1e9}, 600),
        ({"unchanged": 60, "asked": 0.0}, 232**0.5),
    ],
)
def test_the_default_intervals_grow_as_documented(known: dict[str, t.Any], delay: float) -> None:
    assert next_delay(IntervalPolicy(), **known) == pytest.approx(delay)


@pytest.mark.parametrize(
    ("samples", "end"),
    [
        ([], None),
        ([Sample(0, 10)], None),
        ([Sample(0, 10), Sample(10, 10)], None),
        ([Sample(0, 10), Sample(0, 20)], None),
        ([Sample(0, 20), Sample(10, 10)], None),
        ([Sample(0, 0), Sample(10, 50)], 20),
        ([Sample(100, 25), Sample(110, 50)], 130),
        ([Sample(0, 0), Sample(10, 100)], 10),
    ],
)
def test_linear_progress_tells_the_end(samples: list[Sample], end: float | None) -> None:
    assert estimated_end(samples) == end


@given(st.lists(st.builds(Sample, seconds, st.floats(0, 100)), max_size=2))
def test_an_estimated_end_is_never_before_what_was_seen(samples: list[Sample]) -> None:
    end = estimated_end(samples)
    assert end is None or end >= samples[-1].at
