# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long wait for many jobs of all systems, behind APIs that fail now and then.

``PYTHONPATH=.build/tree python -m benchmarks.soak`` waits 30 simulated minutes for 200 jobs while 5 % of all requests meet a
fault of every kind that a wait survives and tokens end every 15 simulated minutes. It counts sockets, threads and memory
before and after, says what came of it, and ends with status 1 if anything is not as it must be.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import functools
import gc
import itertools
import os
import random
import sys
import threading
import time
import typing as t
from pathlib import Path

from ansible_collections.endstate.jobs.plugins.module_utils._http import auth
from ansible_collections.endstate.jobs.plugins.module_utils._systems import strata
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Threads
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import parse_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.result import result
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from simulator.client import Simulator

CONCURRENCY = 16
SHARE = 0.05
"""The share of requests that meet a fault."""
TOKEN_LIFETIME = 899.0
"""Simulated seconds."""
ACTIVEGATE = "-1556499193"
GROWTH = 16.0
"""MB by which memory may be larger afterwards: the results are held, and the allocator keeps some."""

FAULTS: tuple[dict[str, t.Any], ...] = (
    *({"kind": "status", "status": status} for status in (408, 425, 429, 500, 502, 503, 504)),
    {"kind": "status", "status": 503, "body": "html"},
    {"kind": "status", "status": 429, "retry_after": "1"},
    *({"kind": kind} for kind in ("drop", "reset", "cut_body", "bom", "html", "control_characters")),
    *({"kind": "wrong_types", "system": system} for system in ("dynatrace", "strata", "xclarity")),
    {"kind": "delay", "seconds": 20},
    {"kind": "hang"},
    {"kind": "slow_headers", "interval": 3},
    {"kind": "drip", "interval": 3},
    {"kind": "refuse"},
)
"""Faults that a wait tolerates once the API has answered. (It ends if a job that was seen is missing, or if a body is not JSON.)"""

SCRIPTS: dict[str, dict[str, str]] = {
    "dynatrace": {"PENDING": "IN_PROGRESS", "SUCCEED": "succeeded", "FAILED": "failed", "SKIPPED": "skipped"},
    "multiplay": {"3": "4", "5": "succeeded", "6": "failed", "7": "skipped"},
    "strata": {"PEND": "ACT", "FIN/OK": "succeeded", "FIN/FAIL": "failed", "FIN/CANCELLED": "cancelled"},
    "xclarity": {"created": "running", "complete": "succeeded", "error": "failed", "canceled": "cancelled"},
}
"""By system: the first state and the next one, then the ends, each with the state that it must become."""


@dataclasses.dataclass(frozen=True)
class Held:
    """The resources that this process holds."""

    sockets: int
    threads: int
    memory: float
    """MB."""

    @classmethod
    def now(cls) -> Held:
        """At this moment."""
        gc.collect()
        files = [os.readlink(f"/proc/self/fd/{number}") for number in _open_files()]
        pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
        return cls(
            sockets=sum(file.startswith("socket:") for file in files),
            threads=threading.active_count(),
            memory=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        )

    def __str__(self) -> str:
        return f"{self.sockets} sockets, {self.threads} threads, {self.memory:.0f} MB"


def _open_files() -> list[str]:
    # The folder itself is open while it is read, and gone afterwards.
    return [number for number in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{number}")]


def scripts(count: int, minutes: float, chance: random.Random) -> tuple[list[dict[str, t.Any]], dict[str, str]]:
    """Jobs for the simulator that end at random times up to the last minute, and the expected end of each, by system and id."""
    jobs, ends = [], {}
    for number, (system, words) in zip(range(count), itertools.cycle(SCRIPTS.items())):
        (first, second), *outcomes = words.items()
        state, called = chance.choice(outcomes)
        lasts = 60 * (minutes if number < len(SCRIPTS) else chance.uniform(0.5, minutes))
        stages = [
            {"state": first, "for": lasts * 0.1},
            {"state": second, "for": lasts * 0.9, "progress": [0, 99]},
            {"state": state},
        ]
        jobs.append({"system": system, "id": str(5000 + number), "stages": stages})
        ends[f"{system} {5000 + number}"] = called
    return jobs, ends


def task(
    simulator: Simulator, jobs: t.Sequence[t.Mapping[str, t.Any]], minutes: float, speed: float
) -> dict[str, t.Any]:
    """The options of the wait, its own defaults for a production wait, with all times divided by the speed."""
    items = []
    for job in jobs:
        system = next(one for one in SYSTEMS if one.name == job["system"])
        ids = {"activegate_id": ACTIVEGATE} if "activegate_id" in system.ids else {}
        options = {**simulator.connection(system.name), **ids, list(system.ids)[-1]: job["id"]}
        settle = {"children_settle": 30 / speed} if "children_settle" in system.wait_only else {}
        items.append({system.key: {**options, **settle, "request_timeout": 30 / speed}})
    # A pause grows with the time that has passed, which the speed changes already.
    times = {
        "interval": 4,
        "max_interval": 30,
        "timeout": 60 * minutes * 1.5,
        "unreachable_timeout": 300,
        "missing_grace": 30,
    }
    return {"jobs": items, "concurrency": CONCURRENCY, **{name: value / speed for name, value in times.items()}}


def wait_for(options: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], int]:
    """Waits as the action plugin does; the result, and the number of transient errors."""
    wait_options = parse_options(options)
    session = WaitSession(parse_items(options, lambda _system: {}), wait_options.concurrency)
    wait = session.wait(wait_options.settings, Threads(wait_options.concurrency))
    wait.run()
    answer = result(session, wait, single=False, on_timeout="fail")
    session.close()
    return answer, wait.transient_errors


@contextlib.contextmanager
def ending_sessions(simulator: Simulator, every: float) -> t.Iterator[None]:
    """Makes sessions void every so many seconds meanwhile. Tokens expire without help."""
    over = threading.Event()

    def end() -> None:
        while not over.wait(every):
            simulator.expire("xclarity")

    thread = threading.Thread(target=end)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def hurry_tokens(speed: float) -> None:
    """Makes the client judge the age of tokens by the simulated clock."""
    hurried = functools.partial(auth.ClientCredentials, clock=lambda: time.monotonic() * speed)
    strata.ClientCredentials = hurried  # type: ignore[assignment,misc]


def settled(before: Held) -> Held:
    """The resources after threads that nobody joins have ended; waits 5 s for them."""
    deadline = time.monotonic() + 5
    while threading.active_count() > before.threads and time.monotonic() < deadline:
        time.sleep(0.05)
    return Held.now()


def main() -> int:
    """Runs the soak test; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=30.0, help="simulated (default: %(default)s)")
    parser.add_argument("--speed", type=float, default=20.0, help="simulated seconds per second (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with Simulator.start(speed=asked.speed) as simulator:
        hurry_tokens(asked.speed)
        # One wait before: what a process loads only once is not a leak.
        jobs, _ends = scripts(2 * CONCURRENCY, 1, random.Random(asked.seed))
        simulator.add(jobs=jobs)
        wait_for(task(simulator, jobs, 1, asked.speed))
        before = Held.now()
        simulator.reset()
        jobs, ends = scripts(asked.jobs, asked.minutes, random.Random(asked.seed))
        faults = [{"after": 20, "probability": SHARE / len(FAULTS), **fault} for fault in FAULTS]
        account = {"strata": {"token_lifetime": TOKEN_LIFETIME}}
        simulator.play({"jobs": jobs, "faults": faults, "accounts": account, "seed": asked.seed})
        with ending_sessions(simulator, TOKEN_LIFETIME / asked.speed):
            began = time.monotonic()
            answer, met = wait_for(task(simulator, jobs, asked.minutes, asked.speed))
            took = time.monotonic() - began
        stats, log = simulator.stats(), simulator.requests()
        after = settled(before)
    kinds = collections.Counter(entry["fault"] for entry in log if entry["fault"])
    right = [job for job in answer["jobs"] if job["state"] == ends[f"{job['system']} {job['id']}"] and not job["error"]]
    struck, requests = sum(kinds.values()), sum(one["requests"] for one in stats.values())
    print(
        f"{took * asked.speed / 60:.1f} simulated minutes in {took:.0f} s; {requests} requests, {answer['polls']} polls"
    )
    print(f"{struck} faults ({struck / len(log):.1%}), {met} of them seen by the wait: ", end="")
    print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    print(f"{stats['strata']['tokens_issued']} tokens, {stats['xclarity']['logins']} logins")
    print(f"before: {before}; after: {after}")
    print(f"{len(right)} of {len(jobs)} jobs ended as they must")
    wrong = [
        *(f"{job['system']} {job['id']}: {job['state']}, {job['error']}" for job in answer["jobs"] if job not in right),
        *(["sockets have leaked"] if after.sockets > before.sockets else []),
        *(["threads have leaked"] if after.threads > before.threads else []),
        *(["memory has leaked"] if after.memory > before.memory + GROWTH else []),
        *(["no token has ended"] if asked.minutes >= 30 and stats["strata"]["tokens_issued"] < 2 else []),
        *(["no session has ended"] if asked.minutes >= 30 and stats["xclarity"]["logins"] < 2 else []),
    ]
    for line in wrong:
        print(f"WRONG: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
