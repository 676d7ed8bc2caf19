# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next: pure functions of what is known, without a clock."""

from __future__ import annotations

import dataclasses
import math
import typing as t

JITTER = 0.1
"""The share of a delay that chance may take off, so that jobs that began together do not stay in step."""


SHARE = 0.2
"""The share of what is left, by an estimate, that a delay may take. Estimates err in proportion to what is left: less of it
costs more polls on the way there, more of it sees an end later that comes early (``benchmarks/policy.py`` has the figures)."""


LONGEST_ASKED = 600.0
"""Seconds. No API that answers is left alone for longer at its own request: the end of a job would be seen that late. Azure, which asks
most of all, asks for 10 s to 10 min."""


@dataclasses.dataclass(frozen=True)
class IntervalPolicy:
    """How often to poll. All times are in seconds; the defaults come from ``benchmarks/policy.py``.

    The delay after a change is i, the next one i·b; from then on it grows with the square root of the time t since the
    change: √(i² + (b² − 1)·i·t). Of a job whose duration may be anything, the chance to end within the next second falls as 1/t,
    and delays that grow as its inverse root see the end soonest for the number of polls.
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

    :param unchanged: seconds since the job's state last changed, or since the API last answered while it does not.
    :param seconds_left: seconds to the job's estimated end (negative once it has passed), ``None`` if nothing tells.
    :param asked: seconds after which an API that answers asks to be read again: then it is, but never before ``interval``.
    :param retry_after: seconds that an API in trouble asks to wait, at the least.
    :param remaining: seconds to the deadline, at which there is one last poll.
    :param chance: a random number from 0 to 1.
    """
    if asked:
        delay, chance = max(policy.interval, min(asked, LONGEST_ASKED)), 0.0
    elif seconds_left is None:
        delay = _growing(policy, unchanged)
    else:
        # Once the end is overdue, it is anybody's guess again. Jobs also fail before their time, most of them early, so that no
        # delay is longer than the time that the state has held.
        ahead = seconds_left * SHARE if seconds_left > 0 else _growing(policy, -seconds_left)
        delay = max(policy.interval, min(ahead, unchanged, policy.max_interval))
    delay *= 1 - JITTER * chance
    return max(0.0, min(max(delay, retry_after or 0.0), remaining))


def _growing(policy: IntervalPolicy, time: float) -> float:
    growth = (policy.backoff**2 - 1) * policy.interval * max(0.0, time)
    return max(policy.interval, min(math.sqrt(policy.interval**2 + growth), policy.max_interval))


@dataclasses.dataclass(frozen=True)
class Sample:
    """A job's progress (0 to 100) when it was seen (seconds, monotonic)."""

    at: float
    progress: float


def estimated_end(samples: t.Sequence[Sample]) -> float | None:
    """When (seconds, monotonic) progress that grows linearly comes to 100, or ``None`` if the samples do not tell.

    :param samples: the first and the newest sample of a growing progress.
    """
    if len(samples) < 2:
        return None
    first, last = samples[0], samples[-1]
    gained, took = last.progress - first.progress, last.at - first.at
    if gained <= 0 or took <= 0:
        return None
    return last.at + took * (100.0 - last.progress) / gained
