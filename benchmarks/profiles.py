# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile costs beside the file that a vendor has: to read a reply, a poll, and a thousand jobs with a listing.

Three systems of the collection are there as profiles, too, for the tests; each pair asks the same and reads the same.
"""

from __future__ import annotations

import contextlib
import time
import typing as t

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._http.client import Connection
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import System
from ansible_collections.endstate.jobs.plugins.module_utils._systems.options import Options
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest_profile_api import RestJob
from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE, MULTIPLAY, XCLARITY, Case

from . import many, polls
from .plays import CHECKOUT, Stage, nothing_with

Report = dict[str, t.Any]

FOLDER = CHECKOUT / "tests/unit/profiles"
ACCOUNTS = {
    "dynatrace": {"id": {"activegate_id": "-1", "job_id": "-7"}, "token": "a-token"},
    "multiplay": {"id": "1234", "username": "a-key", "password": "a-secret", "variables": {"account_service_id": "1"}},
    "xclarity": {"id": "12", "username": "me", "password": "a-password", "auth_method": "basic"},
}
ROUNDS = 9
READINGS, POLLS = 2000, 200
"""Of one round."""
GATE = "-9"


def profiles(stage: Stage, number: int, seconds: float) -> Report:
    """Each figure by a profile and by the vendor's file, in the same run."""
    return {
        "read": {case.name: _read(case) for case in (DYNATRACE, MULTIPLAY, XCLARITY)},
        "poll": _poll(stage),
        "many": _many(stage, number, seconds),
    }


def _read(case: Case) -> Report:
    """Microseconds of reading a reply."""
    vendor, profile = BY_KEY[case.key], _of_profile(case.name)
    given = {"profile": {}, "api_url": "https://api.example.com", **ACCOUNTS[case.name]}
    options = vendor.validated(vendor.module_spec(), case.given("https://api.example.com"))
    own = profile.validated(profile.module_spec(), given)
    return _compared(
        lambda: vendor.parse(case.reply, options), lambda: profile.parse(case.reply, own), READINGS, unit="us"
    )


def _poll(stage: Stage) -> Report:
    """Milliseconds of asking the simulator for a job and reading its reply, on a connection that stays open."""
    polls.jobs(stage)
    ids = _ids(polls.ENDLESS)
    vendor, profile = BY_KEY["activegate_update_job"], _of_profile("dynatrace")
    options = vendor.validated(vendor.wait_spec(), {**stage.variables["dynatrace"], **ids})
    own = profile.validated(profile.wait_spec(), {**_account(stage), "id": ids})
    with (
        contextlib.closing(vendor.connect(options, Secrets())) as connection,
        contextlib.closing(profile.connect(own, Secrets())) as other,
    ):
        return _compared(
            lambda: _polled(vendor, connection, options), lambda: _polled(profile, other, own), POLLS, unit="ms"
        )


def _polled(system: System, connection: Connection, options: Options) -> list[Job]:
    with connection.reading() as client:
        return system.parse(system.read(client, options), options)


def _compared(vendor: t.Callable[[], t.Any], profile: t.Callable[[], t.Any], times: int, unit: str) -> Report:
    """The CPU of one call of each: the least of several rounds, which the two take in turn."""
    took: list[list[float]] = [[], []]
    for _round in range(ROUNDS):
        for found, call in zip(took, (vendor, profile)):
            began = time.process_time()
            for _call in range(times):
                call()
            found.append((time.process_time() - began) / times)
    file, own = map(min, took)
    scale = {"us": 1e6, "ms": 1e3}[unit]
    return {f"vendor_{unit}": scale * file, f"profile_{unit}": scale * own, "profile_per_vendor": own / file}


def _of_profile(name: str) -> RestJob:
    mapping = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return RestJob(read_profile(mapping), mapping)


def _account(stage: Stage) -> Report:
    """The simulator's Dynatrace for the profile."""
    account = stage.variables["dynatrace"]
    return {
        "profile": str(FOLDER / "dynatrace.yml"),
        "api_url": account["api_url"],
        "token": account["api_token"],
    }


def _ids(job_id: str) -> Report:
    return {"activegate_id": GATE, "job_id": job_id}


def _many(stage: Stage, number: int, seconds: float) -> Report:
    """As many jobs of one system, which are read by its listing."""
    ids = [str(index + 1) for index in range(number)]
    found: Report = {"jobs": number}
    ways = {"vendor": lambda one: {"activegate_update_job": one}, "profile": lambda one: {"rest_job": {"id": one}}}
    for name, item in ways.items():
        stage.simulator.reset()
        stages = [{"state": "IN_PROGRESS", "for": seconds}, {"state": "SUCCEED"}]
        gate = {"system": "dynatrace", "activegate_id": GATE}
        stage.simulator.add([{**gate, "id": job_id, "stages": stages} for job_id in ids])
        jobs = [item(_ids(job_id)) for job_id in ids]
        wait = {"jobs": jobs, "max_interval": many.MAX_INTERVAL}
        defaults = {"group/endstate.jobs.rest": _account(stage)}
        idle = stage.play(nothing_with(jobs))
        usage = stage.play([{"endstate.jobs.wait_for_job": wait}], defaults=defaults)
        found[name] = {
            "requests": stage.simulator.stats()["dynatrace"]["requests"],
            "cpu_above_same_list_s": usage.cpu - idle.cpu,
            "memory_above_same_list_mb": usage.memory - idle.memory,
        }
    ratios = {f"{figure}_per_vendor": found["profile"][figure] / found["vendor"][figure] for figure in found["vendor"]}
    return {**found, **ratios}
