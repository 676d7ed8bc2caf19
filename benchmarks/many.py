# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for many jobs, in one task, in a loop of ``uri``, and on many hosts; and how the cost grows."""

from __future__ import annotations

import datetime
import random
import resource
import time
import typing as t

from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.tests.unit.virtual import FakeWorkers, Time

from . import measure
from .plays import BUILD, NOTHING, Stage, Tasks, last_result
from .replay import watch_of
from .traces import traces

Report = dict[str, t.Any]

ENDS = {"dynatrace": "SUCCEED", "multiplay": "5", "strata": "FIN/OK", "xclarity": "complete"}
RUNNING = {"dynatrace": "IN_PROGRESS", "multiplay": "4", "strata": "ACT", "xclarity": "running"}
KEYS = {
    "dynatrace": ("activegate_update_job", "job_id"),
    "multiplay": ("imageupdate", "update_id"),
    "strata": ("config_job", "job_id"),
    "xclarity": ("firmware_repo", "task_id"),
}
MAX_INTERVAL = 5


def begin(stage: Stage, durations: t.Sequence[float], systems: t.Sequence[str] = tuple(ENDS)) -> list[dict[str, str]]:
    """Starts jobs of these durations (seconds), spread over the systems; their systems and ids."""
    stage.simulator.reset()
    scripts = []
    for index, seconds in enumerate(durations):
        system = systems[index % len(systems)]
        script: dict[str, t.Any] = {"system": system, "id": str(index + 1)}
        script["stages"] = [{"state": RUNNING[system], "for": seconds}, {"state": ENDS[system]}]
        if system == "dynatrace":
            script["activegate_id"] = "-9"
        if system == "strata":
            script["type"] = "CommitAll"  # no push: it has no children that must be waited for after its end
        scripts.append(script)
    stage.simulator.add(scripts)
    return [{"system": script["system"], "id": script["id"]} for script in scripts]


def item(job: dict[str, str]) -> Report:
    """A job as ``wait_for_job`` takes it."""
    key, option = KEYS[job["system"]]
    gate = {"activegate_id": "-9"} if job["system"] == "dynatrace" else {}
    return {key: {option: job["id"], **gate}}


def one_task(stage: Stage, number: int, seconds: float) -> Report:
    """All in one task."""
    usage = stage.play(wait(begin(stage, [seconds] * number)))
    requests = {system: counts["requests"] for system, counts in stage.simulator.stats().items()}
    return {
        "jobs": number,
        "requests": sum(requests.values()),
        "requests_by_system": requests,
        "cpu_s": usage.cpu,
        "memory_mb": usage.memory,
        "processes": usage.processes,
        "threads": usage.threads,
    }


def last_end(stage: Stage, number: int, seconds: float) -> float:
    """Seconds from the end of the jobs, which begin together, until the last end was seen. This is a run of its own, because writing
    the result to a file takes time and memory."""
    results = BUILD / "results"
    began = time.time()
    stage.play(wait(begin(stage, [seconds] * number)), results=results)
    result = last_result(results)
    assert result["succeeded"], result["msg"]
    return max(epoch(job["history"][-1]["at"]) for job in result["jobs"]) - began - seconds


def wait(jobs: list[dict[str, str]]) -> Tasks:
    """One task for all jobs."""
    return [{"endstate.jobs.wait_for_job": {"jobs": [item(job) for job in jobs], "max_interval": MAX_INTERVAL}}]


def uri_loop(stage: Stage, number: int, seconds: float) -> Report:
    """A loop of ``uri`` with ``until:`` over jobs of one system that needs no login."""
    stage.simulator.reset()
    stages = [{"state": "IN_PROGRESS", "for": seconds}, {"state": "SUCCEED"}]
    gate = {"system": "dynatrace", "activegate_id": "-9"}
    stage.simulator.add([{**gate, "id": str(index + 1), "stages": stages} for index in range(number)])
    usage = stage.play(uri_tasks(number))
    return {"jobs": number, "cpu_s": usage.cpu, "attempts": stage.simulator.stats()["dynatrace"]["requests"]}


def uri_tasks(number: int) -> Tasks:
    """Polls each job until it has ended, one after the other."""
    request = {
        "url": "{{ dynatrace.api_url }}/api/v2/activeGates/-9/updateJobs/{{ item }}",
        "headers": {"Authorization": "Api-Token {{ dynatrace.api_token }}"},
    }
    ids = [str(index + 1) for index in range(number)]
    until = {"register": "read", "until": "read.json.jobState == 'SUCCEED'", "retries": 1000, "delay": MAX_INTERVAL}
    return [{"ansible.builtin.uri": request, "loop": ids, **until}]


def many(stage: Stage, runs: int, number: int, seconds: float, loop: int) -> Report:
    """A thousand jobs, compared with a play that does nothing, and with a loop that is measured with a few jobs and scaled."""
    nothing = measure.median(stage.play(NOTHING) for _run in range(runs))
    ours = one_task(stage, number, seconds)
    looped = uri_loop(stage, loop, seconds)
    scaled = (looped["cpu_s"] - nothing.cpu) * number / loop
    each = (looped["cpu_s"] - nothing.cpu) / looped["attempts"] * ours["requests"]
    return {
        **ours,
        "memory_above_debug_mb": ours["memory_mb"] - nothing.memory,
        "cpu_above_debug_s": ours["cpu_s"] - nothing.cpu,
        "cpu_per_request_ms": 1000 * (ours["cpu_s"] - nothing.cpu) / ours["requests"],
        "last_end_seen_after_s": last_end(stage, number, seconds),
        "uri_loop": looped,
        "uri_loop_scaled_cpu_s": scaled,
        "uri_loop_per_wait": scaled / (ours["cpu_s"] - nothing.cpu),
        "uri_with_as_many_polls_per_wait": each / (ours["cpu_s"] - nothing.cpu),
    }


def growth(stage: Stage, numbers: t.Sequence[int], seconds: float) -> Report:
    """Real waits for 1, 10, 100 and 1,000 jobs."""
    return {str(number): one_task(stage, number, seconds) for number in numbers}


def virtual_growth(numbers: t.Sequence[int]) -> Report:
    """The engine alone, on a virtual clock. The time of the fake API is included."""
    found: Report = {}
    for number in numbers:
        clock, api = Time(), ApiHealth("any")
        jobs = (traces(number // 5 + 1))[:number]
        watches = [watch_of(job, clock, api) for job in jobs]
        before = time.process_time()
        Wait(
            watches, WaitSettings(timeout=1e9), FakeWorkers(clock), clock=clock.clock(), chance=random.Random(1).random
        ).run()
        took, polls = time.process_time() - before, sum(watch.polls for watch in watches)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        found[str(number)] = {
            "polls": polls,
            "cpu_s": took,
            "cpu_per_poll_us": 1e6 * took / polls,
            "max_rss_mb": memory,
        }
    return found


def forks(stage: Stage, number: int, seconds: float) -> Report:
    """As many hosts and forks as jobs; each host waits for its own job."""
    jobs = begin(stage, [seconds] * number)
    names = {f"host{index}": item(job) for index, job in enumerate(jobs)}
    task = {"endstate.jobs.wait_for_job": {"jobs": "{{ [names[inventory_hostname]] }}", "max_interval": MAX_INTERVAL}}
    usage = stage.play([task], hosts=number, names=names)
    return {"hosts": number, "cpu_s": usage.cpu, "memory_mb": usage.memory, "processes": usage.processes}


def epoch(text: str) -> float:
    """Seconds since 1970."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
