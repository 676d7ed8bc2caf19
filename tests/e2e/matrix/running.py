# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the matrix in this process: the modules' one body and the wait's engine, with the real transport and real simulators.

A playbook for each cell would take hours; ``test_faults_screen.py`` plays some of them.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import itertools
import json
import time
import typing as t
from base64 import b64encode
from urllib.parse import urlsplit

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import System
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY, SYSTEMS
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import parse_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.result import result
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.task_wait import task_wait
from simulator.client import Simulator
from tests.e2e.matrix.cells import APIS, LISTING, LOGINS, WAYS, Cell
from tests.e2e.matrix.faults import ALL_STATUSES, CONNECTIONS, ELSEWHERE, FAULTS, SHARED, Fault
from tests.e2e.playing import CHECKOUT

PROFILES = CHECKOUT / "tests/unit/profiles"
BY_NAME = {system.name: system for system in SYSTEMS}
THREADS = 16
BATCH = 160
"""Cells whose faults are set at once: the simulator looks through all of them at each request."""
SLACK = 5.0
"""Seconds that a busy machine may take beyond the limits that are promised."""
LOGOUT = 2.0
ACTIVEGATE = "-1556499193"

ENDS = {"dynatrace": "SUCCEED", "multiplay": "5", "strata": "FIN/OK", "xclarity": "complete"}
RUNS = {"dynatrace": "IN_PROGRESS", "multiplay": "4", "strata": "ACT", "xclarity": "running"}
OWN_TARGET = {
    "dynatrace": f"/api/v2/activeGates/{ACTIVEGATE}/updateJobs/{{id}}",
    "multiplay": "/cfp/v1/imageupdate/{id}/status?accountserviceid=4242",
    "strata": "/config/operations/v1/jobs/{id}",
    "xclarity": "/updateRepositories/firmware/status?tasktype=EXPORTREPOSITORY&taskid={id}",
    "strata token": "/oauth2/access_token",
    "strata listing": "/config/operations/v1/jobs?limit=200&offset=0",
    "xclarity login": "/sessions",
    "rest": "/updateRepositories/firmware/status?tasktype=EXPORTREPOSITORY&taskid={id}",
    "rest login": "/sessions",
}
"""By target, what is asked for."""


def run_all() -> list[Cell]:
    """The whole matrix. Each lane has a simulator of its own, for a fault of one must not strike another."""
    everything = [Cell(fault, api, way) for fault in FAULTS for api in APIS for way in WAYS]
    everything += [Cell(fault, api, way) for fault in ALL_STATUSES for api in APIS for way in ("read", "begun")]
    others = [fault for fault in FAULTS if not fault.jobs_only]
    lanes: list[tuple[list[Cell], bool]] = [
        ([Cell(fault, other, way) for fault in others for way in ("read", "retried", "lost", "begun")], False)
        for other in (*LOGINS, LISTING)
    ]
    lanes.append(([Cell(fault, api, way) for fault in SHARED for api in APIS for way in WAYS], False))
    lanes.append(
        (
            [
                Cell(fault, login, way)
                for fault in SHARED
                if not fault.jobs_only
                for login in LOGINS
                for way in ("read", "lost")
            ],
            False,
        )
    )
    connections = [
        Cell(fault, api, way) for fault in CONNECTIONS for api in APIS for way in ("read", "retried", "lost", "begun")
    ]
    connections += [Cell(fault, api, way) for fault in ELSEWHERE for api in APIS for way in ("read", "lost")]
    lanes.append((connections, True))
    with concurrent.futures.ThreadPoolExecutor(len(lanes) + 1) as pool:
        running = [pool.submit(_run_in_turn, cells, tls) for cells, tls in lanes]
        running.append(pool.submit(_run_at_once, everything))
        return [cell for lane in running for cell in lane.result()]


def _run_at_once(cells: list[Cell]) -> list[Cell]:
    """Each cell has a job of its own, so that its fault strikes nobody else."""
    ids = map(str, itertools.count(5000))
    with Simulator.start() as simulator, concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        for begin in range(0, len(cells), BATCH):
            batch = [(cell, next(ids)) for cell in cells[begin : begin + BATCH]]
            simulator.reset()
            simulator.add(
                jobs=[_job(cell, job_id) for cell, job_id in batch],
                faults=[_fault(simulator, cell, job_id, job=job_id) for cell, job_id in batch],
            )
            for running in [pool.submit(_run, simulator, cell, job_id) for cell, job_id in batch]:
                running.result()
    return cells


def _run_in_turn(cells: list[Cell], tls: bool) -> list[Cell]:
    """The fault strikes the next request, so there is one at a time."""
    ids = map(str, itertools.count(5000))
    with Simulator.start(tls=tls) as simulator:
        for cell in cells:
            job_id = next(ids)
            simulator.reset()
            simulator.add(jobs=[_job(cell, job_id)])
            if cell.target.is_login:
                simulator.expire(cell.target.system)
            if not cell.fault.permanent:
                where = {"path": cell.target.path} if cell.target.path else {}
                simulator.add(faults=[_fault(simulator, cell, job_id, **where)])
            _run(simulator, cell, job_id)
    return cells


def _job(cell: Cell, job_id: str) -> dict[str, t.Any]:
    system = cell.target.system
    states = RUNS if cell.way == "under way" else ENDS
    return {"system": system, "id": job_id, "stages": [{"state": states[system]}]}


def _fault(simulator: Simulator, cell: Cell, job_id: str, **where: str) -> dict[str, t.Any]:
    options = dict(cell.fault.options)
    if options.get("location"):
        own = OWN_TARGET[cell.target.name].replace("{id}", job_id)
        netloc = urlsplit(simulator.url).netloc
        options["location"] = options["location"].replace("{self}", own).replace("{netloc}", netloc)
    after = 1 if cell.way == "under way" else cell.target.after
    times = {} if cell.way in ("read", "lost") else {"times": 1}
    system = {} if cell.fault in CONNECTIONS else {"system": cell.target.system}
    return {"kind": cell.fault.kind, "after": after, **system, **options, **times, **where}


def _run(simulator: Simulator, cell: Cell, job_id: str) -> None:
    """Meet the fault, and note what came of it."""
    system = _system(cell)
    connection = _elsewhere(simulator.connection(cell.target.system), cell.fault)
    ids = {"activegate_id": ACTIVEGATE} if "activegate_id" in system.ids else {}
    options = {**connection, **ids, list(system.ids)[-1]: job_id, "request_timeout": cell.fault.request_timeout}
    if cell.target.profile:
        options["profile"] = _profile(cell.target.profile)
    if system.name == "strata":
        options["children"] = cell.target is LISTING
    cell.secrets = secrets(connection)
    began = time.monotonic()
    if cell.way in ("read", "retried"):
        _ask(cell, {**options, "retries": 1 if cell.way == "retried" else 0})
    else:
        _wait(cell, options)
    cell.seconds = time.monotonic() - began


def _system(cell: Cell) -> System:
    """What asks the API of a cell."""
    return BY_KEY["rest_job"] if cell.target.profile else BY_NAME[cell.target.system]


@functools.cache
def _profile(name: str) -> dict[str, t.Any]:
    """The profile that says of an API what its own system says."""
    text = (PROFILES / f"{name}.yml").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", yaml.safe_load(text))


def _elsewhere(connection: dict[str, t.Any], fault: Fault) -> dict[str, t.Any]:
    """The connection options, as the fault has them."""
    changed = dict(fault.elsewhere or {})
    netloc, scheme = changed.pop("netloc", None), changed.pop("scheme", None)
    for name in ("api_url", "token_url"):
        if name in connection:
            url = urlsplit(connection[name])
            connection[name] = url._replace(netloc=netloc or url.netloc, scheme=scheme or url.scheme).geturl()
    return {**connection, **changed}


def secrets(connection: t.Mapping[str, t.Any]) -> frozenset[str]:
    """What of the options nobody may see, as text and as HTTP Basic sends it."""
    found = {
        connection[name] for name in ("api_token", "secret_key", "client_secret", "password") if name in connection
    }
    for user, password in (("access_key", "secret_key"), ("client_id", "client_secret"), ("username", "password")):
        if user in connection:
            found.add(b64encode(f"{connection[user]}:{connection[password]}".encode()).decode())
    return frozenset(found | {"proxy-password", "eyJ"})  # a signed token begins so


def _ask(cell: Cell, options: dict[str, t.Any]) -> None:
    """By the body of the info modules."""
    system = _system(cell)
    cell.limit = (1 + options["retries"]) * cell.fault.request_timeout + LOGOUT + SLACK
    answer = info(system, options, cell.pauses.append)
    cell.message, cell.shown = answer["msg"], json.dumps(answer, ensure_ascii=False)
    if answer.get("failed"):
        cell.outcome = answer["error"]["kind"]
    else:
        cell.outcome = "ok" if answer["job"]["succeeded"] else answer["job"]["state"]


class Enough(Exception):
    """Breaks a wait off that would go on, as the ``timeout`` of the task does."""


def _wait(cell: Cell, options: dict[str, t.Any]) -> None:
    """By the parts of which the action plugin consists."""
    lasts = 0.3 if cell.way == "lost" else 1.0 if cell.fault.pause else 30.0
    task = {
        _system(cell).key: {**options, **({"children_settle": 0} if cell.target is LISTING else {})},
        "timeout": lasts,
        "interval": 0.02,
        "max_interval": 0.1,
        "progress": "polls",
        "unreachable_timeout": 0.1 if cell.way == "lost" else 60,
        "missing_grace": 0.1 if cell.way == "lost" else 60,
    }
    cell.limit = lasts + cell.fault.request_timeout + LOGOUT + SLACK
    wait_options = parse_options(task)
    # A good poll, one that meets the fault, one by which the API answers again, and one more.
    most = 4 if cell.way == "under way" else 10**6
    lines: list[str] = []

    def display(line: str) -> None:
        lines.append(line)
        if session.tracked_jobs[0].polls >= most:
            raise Enough

    with WaitSession(parse_items(task, lambda _system: {})) as session:
        wait = task_wait(session, wait_options, display, host="localhost")
        with contextlib.suppress(Enough):
            wait.run()
        answer = result(session, wait, single=True, on_timeout=wait_options.on_timeout)
    cell.message, cell.polls = answer["msg"], answer["polls"]
    cell.shown = "\n".join([json.dumps(answer, ensure_ascii=False), *lines])
    assert session.secrets.mask(cell.shown) == cell.shown, "nothing that was obtained by a login either"
    assert all(line.isprintable() for line in lines), lines
    job = answer["job"]
    cell.outcome = "ok" if job["succeeded"] else job["error"]["kind"] if job["error"] else job["state"]
