# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to poll next: pure functions of what is known, without a clock."""

from __future__ import annotations

import dataclasses
import typing as t

JITTER = 0.1
"""The share of a delay that chance may take off, so that jobs that began together do not stay in step."""


@dataclasses.dataclass(frozen=True)
class Policy:
    """How often to poll. All times are in seconds.

    With ``backoff`` b the delays after a change grow as i, i·b, i·b², …: the n-th comes when (i·bⁿ − i)/(b − 1) have passed,
    so that the next delay is a function of the time since the change alone: i + (b − 1)·time.
    """

    interval: float = 2.0
    max_interval: float = 30.0
    backoff: float = 1.5


def next_delay(
    policy: Policy,
    *,
    unchanged: float,
    left: float | None = None,
    retry_after: float | None = None,
    remaining: float = float("inf"),
    chance: float = 0.0,
) -> float:
    """Seconds to wait before the next poll: from 0 to ``remaining``.

    :param unchanged: seconds since the job's state last changed, or since the API last answered while it does not.
    :param left: seconds to the job's estimated end (negative once it has passed), ``None`` where nothing tells.
    :param retry_after: seconds that the API asks to wait, at the least.
    :param remaining: seconds to the deadline, at which there is one last poll.
    :param chance: a random number from 0 to 1.
    """
    delay = _growing(policy, unchanged)
    if left is not None:
        # Half of what is left: an estimate errs in proportion, and each look halves the error. Once the end is overdue,
        # it is anybody's guess again.
        delay = min(delay, max(policy.interval, left / 2) if left > 0 else _growing(policy, -left))
    delay *= 1 - JITTER * chance
    return max(0.0, min(max(delay, retry_after or 0.0), remaining))


def _growing(policy: Policy, time: float) -> float:
    return min(policy.interval + (policy.backoff - 1) * max(0.0, time), policy.max_interval)


@dataclasses.dataclass(frozen=True)
class Sample:
    """A job's progress (0 to 100) when it was seen (seconds, monotonic)."""

    at: float
    progress: float


def estimated_end(samples: t.Sequence[Sample]) -> float | None:
    """When (seconds, monotonic) progress that grows linearly comes to 100, or ``None`` where the samples do not tell.

    :param samples: the first and the newest sample of a growing progress.
    """
    if len(samples) < 2:
        return None
    first, last = samples[0], samples[-1]
    gained, took = last.progress - first.progress, last.at - first.at
    if gained <= 0 or took <= 0:
        return None
    return last.at + took * (100.0 - last.progress) / gained
