# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten thousand jobs in one task: on the systems that have a listing, and on an API that a profile describes, which has pages.

The jobs begin together and end one after the other in the second half of the time.
"""

from __future__ import annotations

import json
import time
import typing as t

from . import many
from .plays import BUILD, NOTHING, Stage, Tasks, last_result, nothing_with

Report = dict[str, t.Any]
Task = dict[str, t.Any]
Begin = t.Callable[[Stage, t.Sequence[float]], Task]
"""Starts jobs of these durations (seconds) and gives them as ``wait_for_job`` takes them, and what is common to them."""

LISTED = ("dynatrace", "strata", "xclarity")
PROFILE = {
    "schema": 1,
    "name": "paged_job",
    "title": "Configuration jobs by a profile",
    "ids": {"job_id": {}},
    "auth": [{"oauth2": {"token_url": "/oauth2/access_token", "grant": "client_credentials", "credentials": "basic"}}],
    "status": {"get": "/config/operations/v1/jobs/{job_id}", "job": "data | [0]"},
    "state": {
        "path": "result_str",
        "running": ["PEND", "WAIT"],
        "succeeded": ["OK"],
        "failed": ["FAIL", "TIMEOUT"],
        "cancelled": ["CANCELLED"],
    },
    "fields": {"description": "{type_str} by {uname}", "message": "summary", "progress": "percent"},
    "listing": {
        "get": "/config/operations/v1/jobs",
        "query": {"limit": "200"},
        "items": "data",
        "id": "id",
        "pages": {"offset": "offset", "limit": "limit"},
    },
}


def thousands(stage: Stage, number: int, seconds: float, loop: int) -> Report:
    """Both, against a loop of ``uri`` that is measured on a few and scaled, and against a task that does nothing with the same jobs."""
    looped = many.uri_loop(stage, loop, seconds)
    durations = [seconds * (0.5 + 0.5 * (index + 1) / number) for index in range(number)]
    return {
        "uri_loop": looped,
        "systems": _measure(stage, _on_systems, durations, looped),
        "profile": _measure(stage, _by_profile, durations, looped),
    }


def _measure(stage: Stage, begin: Begin, durations: t.Sequence[float], looped: Report) -> Report:
    nothing = stage.play(NOTHING)
    idle = stage.play(nothing_with(begin(stage, durations)["jobs"]))
    usage = stage.play(wait(stage, begin, durations))
    requests = sum(counts["requests"] for counts in stage.simulator.stats().values())
    cpu = usage.cpu - idle.cpu
    scaled = (looped["cpu_s"] - nothing.cpu) * len(durations) / looped["jobs"]
    return {
        "jobs": len(durations),
        "requests": requests,
        "requests_per_job": requests / len(durations),
        "cpu_above_same_list_s": cpu,
        "memory_mb": usage.memory,
        "memory_above_same_list_mb": usage.memory - idle.memory,
        "threads": usage.threads,
        "uri_loop_scaled_cpu_s": scaled,
        "uri_loop_per_wait": scaled / cpu,
        "last_end_seen_after_s": _last_end(stage, begin, durations),
    }


def _last_end(stage: Stage, begin: Begin, durations: t.Sequence[float]) -> float:
    """The longest time from a job's end to when it was seen. A run of its own, as in :func:`many.last_end`."""
    results = BUILD / "results"
    began = time.time()
    stage.play(wait(stage, begin, durations), results=results)
    result = last_result(results)
    assert result["succeeded"], result["msg"]
    ends = (many.epoch(job["history"][-1]["at"]) for job in result["jobs"])
    return max(end - began - duration for end, duration in zip(ends, durations))


def _on_systems(stage: Stage, durations: t.Sequence[float]) -> Task:
    return {"jobs": [many.item(job) for job in many.begin(stage, durations, LISTED)]}


def _by_profile(stage: Stage, durations: t.Sequence[float]) -> Task:
    account = stage.simulator.connection("strata")
    file = BUILD / "paged_job.json"
    file.write_text(json.dumps(PROFILE), encoding="utf-8")
    common = {
        "profile": f"./{file.name}",
        "api_url": stage.simulator.url,
        "client_id": account["client_id"],
        "client_secret": account["client_secret"],
        "scope": f"tsg_id:{account['tsg_id']}",
    }
    jobs = [{"rest_job": {"id": job["id"]}} for job in many.begin(stage, durations, ["strata"])]
    return {"jobs": jobs, "defaults": common}


def wait(stage: Stage, begin: Begin, durations: t.Sequence[float]) -> Tasks:
    """One task for all jobs, which begin now."""
    begun = begin(stage, durations)
    defaults = {"group/endstate.jobs.rest": begun["defaults"]} if "defaults" in begun else {}
    wait_for = {"jobs": begun["jobs"], "max_interval": many.MAX_INTERVAL}
    return [{"endstate.jobs.wait_for_job": wait_for, "module_defaults": defaults}]
