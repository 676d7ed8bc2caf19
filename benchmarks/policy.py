# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests against delay: our policy, constant intervals, the defaults of peers, and the best possible rule."""

from __future__ import annotations

import math
import typing as t

from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy

from .replay import Cost, replay_all
from .traces import INFORMED, KINDS, LONGEST, SHORTEST, Trace, traces

CONSTANT = (2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds."""
PEERS = {"awx.awx.job_wait": 1.0, "pan-scm-sdk wait_for_job": 10.0}
"""The default intervals of peers, in seconds."""
GROUPS = {
    "without": tuple(kind for kind in KINDS if kind not in INFORMED),
    "with": INFORMED,
    **{kind: (kind,) for kind in KINDS},
}
"""Kinds of traces: those without progress and ETA, those with one, and each kind alone."""
SPANS = ((20, 60), (60, 120), (120, 600), (600, 3600), (3600, 7200))
"""Durations in seconds that divide plain jobs into classes, because a mean hides who waits."""
Point = tuple[float, float]
"""The mean delay in seconds, and the mean number of requests for a job."""


def study(number: int, repeats: int) -> dict[str, t.Any]:
    """The points of each policy, and the ratios between them.

    :param number: how many traces of each kind.
    :param repeats: how often our policy, which has a random part, is replayed over them.
    """
    jobs = traces(number)
    constant = {
        interval: replay_all(jobs, IntervalPolicy(interval, interval, 1.0), 1, jitter=False) for interval in CONSTANT
    }
    default = replay_all(jobs, IntervalPolicy(), repeats)
    found: dict[str, t.Any] = {}
    for group, kinds in GROUPS.items():
        curve = [point(costs, kinds) for costs in constant.values()]
        ours = point(default, kinds)
        same = steady_requests(jobs, kinds, ours[0])
        found[group] = {
            "constant": dict(zip(map(str, CONSTANT), curve)),
            "peers": {name: steady(jobs, kinds, interval) for name, interval in PEERS.items()},
            "default": ours,
            "requests_of_constant_with_the_same_delay": same,
            "ratio": ours[1] / same,
        }
    ten = found["with"]["constant"]["10.0"]
    plain = found["plain"]
    best = best_possible()
    found["checks"] = {
        "with: delay over that of 10 s": found["with"]["default"][0] / ten[0],
        "with: requests over those of 10 s": found["with"]["default"][1] / ten[1],
        "without: requests over those of the same delay": found["without"]["ratio"],
        "plain: best possible requests over those of the same delay": best(plain["default"][0])
        / plain["requests_of_constant_with_the_same_delay"],
        "plain: requests over the best possible": plain["default"][1] / best(plain["default"][0]),
    }
    found["plain"]["delay_by_duration"] = {
        f"{least} to {most} s": point([cost for cost in default if least <= cost.trace.end < most], ["plain"])[0]
        for least, most in SPANS
    }
    found["best"] = [(delay, best(delay)) for delay in (2.0, 5.0, 10.0, 15.0, 20.0, 30.0)]
    return found


def point(costs: t.Sequence[Cost], kinds: t.Collection[str]) -> Point:
    """The means over the traces of some kinds."""
    chosen = [cost for cost in costs if cost.trace.kind in kinds]
    return sum(cost.delay for cost in chosen) / len(chosen), sum(cost.requests for cost in chosen) / len(chosen)


def steady(jobs: t.Sequence[Trace], kinds: t.Collection[str], interval: float) -> Point:
    """A constant interval: its delay is half of it, its requests are the polls up to the end and the first one."""
    return interval / 2, mean_end(jobs, kinds) / interval + 1.5


def steady_requests(jobs: t.Sequence[Trace], kinds: t.Collection[str], delay: float) -> float:
    """The requests of the constant interval with this delay."""
    return steady(jobs, kinds, 2 * delay)[1]


def mean_end(jobs: t.Sequence[Trace], kinds: t.Collection[str]) -> float:
    """Seconds."""
    ends = [job.end for job in jobs if job.kind in kinds]
    return sum(ends) / len(ends)


def best_possible(steps: int = 20_000) -> t.Callable[[float], float]:
    """The fewest requests for a mean delay, if the distribution of the durations were known (uniform over their logarithm).

    With delays h(t) there are ∫ S/h requests and a delay of ∫ f·h/2, where S is the share of jobs that last longer than t and f
    the density of their ends. For each t alone the two are least when h = s·√(2S/f), so that their product is
    (∫ √(S·f))²/2. Up to the shortest duration a single poll, at the begin, is enough.
    """
    spread = math.log(LONGEST / SHORTEST)
    total = 0.0
    for step in range(steps):
        share = (step + 0.5) / steps
        time = SHORTEST * math.exp(spread * share)
        # f = 1/(t·spread), and dt = t·spread·d(share)
        total += math.sqrt((1 - share) / (time * spread)) * time * spread / steps
    return lambda delay: total**2 / (2 * delay) + 1.5
