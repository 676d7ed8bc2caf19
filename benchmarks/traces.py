# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fixed set of jobs to wait for: what each API would say at any second. The random numbers are seeded, so that it is the same on every machine.

Durations are spread evenly over their logarithm, from 20 s to 2 h: as many jobs take 20 to 40 s as take 1 to 2 h. That
supposes as little as can be supposed of jobs that nothing is known of.
"""

from __future__ import annotations

import dataclasses
import math
import random
import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, PENDING, RUNNING, SUCCEEDED, Job
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch

SHORTEST, LONGEST = 20.0, 7200.0
"""Seconds."""
SETTLE = 30.0
"""Seconds: the default of ``children_settle``."""
FAILING = 10
"""One job in so many fails early, which no estimate foresees."""


@dataclasses.dataclass(frozen=True)
class Trace:
    """One job. All times are in seconds since its wait began."""

    kind: str
    end: float
    """The earliest time at which its end can be known."""
    at: t.Callable[[float, float], Job]
    """The reply of the API at a time. The second argument is the time at which the wait began, in seconds since 1970."""
    settle: float = 0.0
    linear: bool = False


def job(state: str, native_state: str, **known: t.Any) -> Job:
    """The reply of an API."""
    return Job("any", "7", state=state, native_state=native_state, **known)


def plain(end: float, planned: float, _rng: random.Random, _number: int) -> Trace:
    """A job that runs and ends, without progress and estimate."""
    return Trace("plain", end, lambda now, _epoch: _ended(end, planned) if now >= end else job(RUNNING, "ACT"))


def queued(end: float, planned: float, rng: random.Random, _number: int) -> Trace:
    """A job that is queued for 2 s to 10 min, and then takes as long as any other."""
    begin = 2.0 * 300.0 ** rng.random()
    end, planned = begin + end, begin + planned

    def at(now: float, _epoch: float) -> Job:
        if now >= end:
            return _ended(end, planned)
        return job(PENDING, "PEND") if now < begin else job(RUNNING, "ACT")

    return Trace("queued", end, at)


def parent(end: float, _planned: float, rng: random.Random, number: int) -> Trace:
    """A job with a child that appears from 3 s before to 13 s after its end and takes up to half of its time; every fourth has none."""
    childless = number % 4 == 0
    over = end if childless else end * (0.5 + 0.4 * rng.random())
    child = math.inf if childless else over - 3 + 16 * rng.random()
    last = over if childless else max(end, child + 1)

    def at(now: float, _epoch: float) -> Job:
        if now < over:
            return job(RUNNING, "ACT")
        state = RUNNING if child <= now < last else SUCCEEDED
        return job(state, "FIN/OK", settles=True)

    # A good end that children may follow counts only after the settle time.
    return Trace("parent", max(last, over + SETTLE), at, settle=SETTLE)


def progressing(end: float, planned: float, rng: random.Random, number: int) -> Trace:
    """A job with progress in whole per cent: even, ever faster or slower, in steps of 10, or halting at 99 for the last tenth."""
    shape = ("even", "curved", "steps", "stalls")[number % 4]
    power = 2 ** (rng.random() - 0.5) if shape == "curved" else 1.0

    def at(now: float, _epoch: float) -> Job:
        if now >= end:
            return _ended(end, planned)
        percent = 100 * (now / planned) ** power
        if shape == "steps":
            percent -= percent % 10
        if shape == "stalls":
            percent = min(99.0, percent / 0.9)
        return job(RUNNING, "ACT", progress=float(int(percent)))

    return Trace("progress", end, at, linear=True)


def estimated(end: float, planned: float, rng: random.Random, _number: int) -> Trace:
    """A job with an estimate of its end, renewed ten times, each wrong by up to a third of the time that is left."""
    wrong = [(4 / 3) ** (2 * rng.random() - 1) for _turn in range(10)]

    def at(now: float, epoch: float) -> Job:
        if now >= end:
            return _ended(end, planned)
        turn = int(10 * now / planned)
        said = planned * turn / 10
        eta = said + (planned - said) * wrong[turn]
        return job(RUNNING, "ACT", eta_at=from_epoch(float(int(epoch + eta))))

    return Trace("eta", end, at)


INFORMED = ("progress", "eta")
"""The kinds of which the time that is left can be known."""
KINDS = {"plain": plain, "queued": queued, "parent": parent, "progress": progressing, "eta": estimated}


def traces(number: int) -> list[Trace]:
    """So many traces of each kind."""
    made = []
    for kind, make in KINDS.items():
        rng = random.Random(kind)
        for index in range(number):
            end = SHORTEST * (LONGEST / SHORTEST) ** ((index + rng.random()) / number)
            fails = index % FAILING == FAILING // 2
            planned = end / (0.2 + 0.7 * rng.random()) if fails else end
            made.append(make(end, planned, rng, index + index // FAILING))
    return made


def _ended(end: float, planned: float) -> Job:
    return job(SUCCEEDED, "FIN/OK") if end == planned else job(FAILED, "FIN/FAIL")
