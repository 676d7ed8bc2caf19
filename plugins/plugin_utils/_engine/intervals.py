# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides when to poll next. Pure functions, without a clock."""

from __future__ import annotations

import dataclasses
import math
import typing as t

JITTER = 0.1
"""The largest share of a delay that jitter takes off, so that jobs that began together do not stay in step."""


SHARE = 0.2
"""The share of the estimated time left that a delay may take. Estimates err in proportion to the time left: a smaller share
costs more polls, a larger one sees an early end later (``benchmarks/policy.py`` has the figures)."""


LONGEST_ASKED = 600.0
"""Seconds. The longest delay between two polls that an API can ask for while it answers, because the end of a job would be seen that
late. Azure asks for the longest delays, 10 s to 10 min."""


@dataclasses.dataclass(frozen=True)
class IntervalPolicy:
    """How often to poll. All times are in seconds; the defaults come from ``benchmarks/policy.py``.

    With the interval i and the backoff b, the delay after a change is i and the next delay i·b. From then on delays grow with the
    square root of the time t since the change: √(i² + (b² − 1)·i·t). If nothing is known about a job's duration, its chance to end
    within the next second falls as 1/t, and delays that grow as √t see the end soonest for the number of polls.
    """

    interval: float = 5.0
    max_interval: float = 50.0
    backoff: float = 1.3


def next_delay(
    policy: IntervalPolicy,
    *,
    unchanged: float,
    seconds_left: float | None = None,
    asked: float | None = None,
    retry_after: float | None = None,
    remaining: float = float("inf"),
    chance: float = 0.0,
) -> float:
    """Seconds to wait before the next poll: from 0 to ``remaining``.

    :param unchanged: seconds since the job's state last changed, or since the API last answered while it is unreachable.
    :param seconds_left: seconds to the job's estimated end (negative once it has passed), ``None`` without an estimate.
    :param asked: seconds after which an API that answers asks to be read again. The delay is as long, but at least ``interval``.
    :param retry_after: the least number of seconds that an API asks for together with a transient error.
    :param remaining: seconds to the deadline, at which there is one last poll.
    :param chance: a random number from 0 to 1, for the jitter.
    """
    if asked:
        delay, chance = max(policy.interval, min(asked, LONGEST_ASKED)), 0.0
    elif seconds_left is None:
        delay = _growing(policy, unchanged)
    else:
        # Past the estimated end, the delays grow from the interval again. Jobs may also fail early, and most failures come early,
        # so no delay is longer than the time for which the state has lasted.
        ahead = seconds_left * SHARE if seconds_left > 0 else _growing(policy, -seconds_left)
        delay = max(policy.interval, min(ahead, unchanged, policy.max_interval))
    delay *= 1 - JITTER * chance
    return max(0.0, min(max(delay, retry_after or 0.0), remaining))


def _growing(policy: IntervalPolicy, time: float) -> float:
    growth = (policy.backoff**2 - 1) * policy.interval * max(0.0, time)
    return max(policy.interval, min(math.sqrt(policy.interval**2 + growth), policy.max_interval))


@dataclasses.dataclass(frozen=True)
class Sample:
    """A job's progress (0 to 100) at a time (seconds, monotonic)."""

    at: float
    progress: float


def estimated_end(samples: t.Sequence[Sample]) -> float | None:
    """When (seconds, monotonic) progress that grows linearly reaches 100; ``None`` if the samples show no growth.

    :param samples: the first and the newest sample of a growing progress.
    """
    if len(samples) < 2:
        return None
    first, last = samples[0], samples[-1]
    gained, took = last.progress - first.progress, last.at - first.at
    if gained <= 0 or took <= 0:
        return None
    return last.at + took * (100.0 - last.progress) / gained
