# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays traces through the real engine, on the virtual clock of the unit tests."""

from __future__ import annotations

import dataclasses
import random
import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.tests.unit.virtual import EPOCH, FakeWorkers, Time

from .traces import Trace


@dataclasses.dataclass(frozen=True)
class Cost:
    """The outcome of waiting for a job."""

    trace: Trace
    requests: int
    delay: float
    """Seconds from the job's end until it was seen."""


def replay(trace: Trace, policy: IntervalPolicy, chance: t.Callable[[], float]) -> Cost:
    """Waits for one job."""
    time = Time()
    watch = watch_of(trace, time)
    Wait([watch], WaitSettings(policy=policy, timeout=1e9), FakeWorkers(time), clock=time.clock(), chance=chance).run()
    return Cost(trace, watch.polls, time.passed - trace.end)


def replay_all(traces: t.Sequence[Trace], policy: IntervalPolicy, repeats: int = 1, jitter: bool = True) -> list[Cost]:
    """Waits for each of the jobs alone, ``repeats`` times. Constant intervals have no jitter, because peers have none."""
    chance = random.Random(1).random if jitter else lambda: 0.0
    return [replay(trace, policy, chance) for _time in range(repeats) for trace in traces]


def watch_of(trace: Trace, time: Time, api: ApiHealth | None = None) -> TrackedJob:
    """A tracked job whose API follows the trace."""

    def fetch() -> Job:
        return trace.at(time.passed, EPOCH)

    return TrackedJob(
        Job("any", "7"),
        label="job 7",
        api=api or ApiHealth("any"),
        fetch=fetch,
        settle=trace.settle,
        linear=trace.linear,
    )
