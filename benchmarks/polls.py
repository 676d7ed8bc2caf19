# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of a poll and of a task: ours against what a user would use instead.

A poll's cost is the difference between a long run and one of a single poll, divided by the polls between them, so that the
start of Ansible and of the task are in neither.
"""

from __future__ import annotations

import sys
import typing as t

from . import measure
from .measure import Usage
from .plays import BUILD, CHECKOUT, NOTHING, Stage, Tasks, environment, last_result

ENDED, ENDLESS = "-1", "-2"
"""Ids of jobs."""
PATH = "/api/v2/activeGates/-9/updateJobs/"
PACE = 0.01
"""Seconds between two polls in the long runs."""
Report = dict[str, t.Any]


def jobs(stage: Stage) -> None:
    """A job that has ended and one that never ends, with the task of each way to poll them."""
    stage.simulator.reset()
    gate = {"system": "dynatrace", "activegate_id": "-9"}
    stage.simulator.add(
        [
            {**gate, "id": ENDED, "age": 10, "stages": [{"state": "SUCCEED"}]},
            {**gate, "id": ENDLESS, "stages": [{"state": "IN_PROGRESS"}]},
        ]
    )


def wait(job_id: str, seconds: float = 0.0) -> Tasks:
    """Our wait, at a steady pace."""
    job = {"activegate_id": "-9", "job_id": job_id}
    pace = {"timeout": seconds, "on_timeout": "warn", "interval": PACE, "max_interval": PACE, "backoff": 1}
    return [{"endstate.jobs.wait_for_job": {"activegate_update_job": job, **pace}}]


def info(job_id: str, attempts: int = 1) -> Tasks:
    """An ``until:`` loop over our info module."""
    task = {"endstate.jobs.activegate_update_job_info": {"activegate_id": "-9", "job_id": job_id}}
    return [{**task, **_until("read is endstate.jobs.job_finished", attempts)}]


def uri(job_id: str, attempts: int = 1) -> Tasks:
    """An ``until:`` loop over ``ansible.builtin.uri``."""
    return [{"ansible.builtin.uri": _request(job_id), **_until("read.json.jobState == 'SUCCEED'", attempts)}]


def module_per_poll(job_id: str, polls: int = 1) -> Tasks:
    """An action plugin that runs a module for each poll."""
    return [{"module_per_poll": {**_request(job_id), "polls": polls}}]


def pause(seconds: float) -> Tasks:
    """A task that does nothing for as long as another one took: the CPU time of ansible-core's own main loop."""
    return [{"ansible.builtin.pause": {"seconds": seconds}}]


def cost_of_a_poll(stage: Stage, runs: int, polls: int) -> Report:
    """The CPU time of one more poll, for each way to poll."""
    jobs(stage)
    seconds = polls * (PACE + 0.005)
    results = BUILD / "results"
    counted: list[int] = []

    def waited() -> Usage:
        usage = stage.play(wait(ENDLESS, seconds), results=results)
        counted.append(last_result(results)["polls"])
        return usage

    long = measure.median(waited() for _run in range(runs))
    made = sum(counted) / runs
    short = measure.median(stage.play(wait(ENDLESS), results=results) for _run in range(runs))
    idle = _more(stage, pause(seconds), pause(1), seconds - 1, runs)
    ours = (long.cpu - short.cpu - idle * seconds) / (made - 1)
    bare = _bare(stage, runs, polls)
    attempts = 40
    by_uri = _more(stage, uri(ENDLESS, attempts + 1), uri(ENDLESS), attempts, runs, idle)
    by_info = _more(stage, info(ENDLESS, attempts + 1), info(ENDLESS), attempts, runs, idle)
    by_module = _more(stage, module_per_poll(ENDLESS, attempts + 1), module_per_poll(ENDLESS), attempts, runs, idle)
    return {
        "wait_for_job_ms": 1000 * ours,
        "idle_main_loop_ms_per_s": 1000 * idle,
        "bare_requests_ms": 1000 * bare,
        "uri_until_ms": 1000 * by_uri,
        "module_per_poll_ms": 1000 * by_module,
        "info_until_ms": 1000 * by_info,
        "uri_per_wait": by_uri / ours,
        "wait_per_bare": ours / bare,
        "uri_per_info": by_uri / by_info,
        "polls_counted": made,
    }


def cost_of_a_task(stage: Stage, runs: int) -> Report:
    """CPU and wall time of a task whose job has already ended, beyond a play that has the same number of tasks less one."""
    jobs(stage)
    nothing = measure.median(stage.play(NOTHING) for _run in range(runs))
    found: Report = {"debug_play_cpu_ms": 1000 * nothing.cpu, "debug_play_mb": nothing.memory}
    for name, tasks in {"wait_for_job": wait(ENDED), "info": info(ENDED), "uri": uri(ENDED)}.items():
        usage = measure.median(stage.play([*NOTHING, *tasks]) for _run in range(runs))
        found[f"{name}_cpu_ms"] = 1000 * (usage.cpu - nothing.cpu)
        found[f"{name}_wall_ms"] = 1000 * (usage.wall - nothing.wall)
    found["wait_per_uri_cpu"] = found["wait_for_job_cpu_ms"] / found["uri_cpu_ms"]
    found["wait_per_uri_wall"] = found["wait_for_job_wall_ms"] / found["uri_wall_ms"]
    return found


def _more(stage: Stage, long: Tasks, short: Tasks, steps: float, runs: int, idle: float = 0.0) -> float:
    """CPU seconds of one more step. A loop that has used up its retries fails its play.

    :param idle: CPU seconds that the main loop uses in a second. They are subtracted.
    """
    whole, begin = (measure.median(stage.play(tasks, status=(0, 2)) for _run in range(runs)) for tasks in (long, short))
    return (whole.cpu - begin.cpu - idle * (whole.wall - begin.wall)) / steps


def _bare(stage: Stage, runs: int, polls: int) -> float:
    """CPU seconds of one more request."""
    system = stage.variables["dynatrace"]
    script = str(CHECKOUT / "benchmarks/peers/bare_requests.py")
    what = [f"{system['api_url']}{PATH}{ENDLESS}", f"Api-Token {system['api_token']}"]

    def usage(number: int) -> Usage:
        return measure.run([sys.executable, script, *what, str(number), str(PACE)], environment(), BUILD / "play.log")

    long, short = (measure.median(usage(number) for _run in range(runs)) for number in (polls, 1))
    return (long.cpu - short.cpu) / (polls - 1)


def _request(job_id: str) -> dict[str, t.Any]:
    url = f"{{{{ dynatrace.api_url }}}}{PATH}{job_id}"
    return {"url": url, "headers": {"Authorization": "Api-Token {{ dynatrace.api_token }}"}}


def _until(condition: str, attempts: int) -> dict[str, t.Any]:
    return {"register": "read", "until": condition, "retries": attempts - 1, "delay": 0} if attempts > 1 else {}
