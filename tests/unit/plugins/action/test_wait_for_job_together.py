# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs of one account: each system's listing tells of them while they run, and each tells its own end."""

from __future__ import annotations

import dataclasses
import re
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule
from ansible_collections.endstate.jobs.plugins.module_utils._http import transport
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import LEAST
from ansible_collections.endstate.jobs.tests.unit.loopback import Answer, Request, reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import ACTIVE, FAIL, OK, Wait
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace, xclarity

IDS = [str(number) for number in range(100, 100 + LEAST)]


@dataclasses.dataclass(frozen=True)
class Case:
    """A system with many jobs."""

    key: str
    item: t.Callable[[str], dict[str, t.Any]]
    """The options of a job, but for the account's."""
    listing: str
    """The route of the listing."""
    running: t.Any
    """What it says of all of them, while they run and when they have ended."""
    ended: t.Any
    job: t.Callable[[str], str]
    """The route of one job."""
    end: t.Any
    account: t.Mapping[str, t.Any]


def gates(job_id: str) -> dict[str, t.Any]:
    return {"activegate_id": f"-{job_id}", "job_id": job_id}


def rows(**known: t.Any) -> list[dict[str, t.Any]]:
    return [{**dynatrace.JOB, "jobId": job_id, **known} for job_id in IDS]


GOES_ON = {"jobState": "IN_PROGRESS", "timestamp": None, "duration": None}
TOKEN = {"api_token": "dt0c01.abc123.abcdefjhij1234567890"}
CASES = {
    "Dynatrace, one ActiveGate": Case(
        key="activegate_update_job",
        item=lambda job_id: {"activegate_id": "-9", "job_id": job_id},
        listing="/api/v2/activeGates/-9/updateJobs",
        running={"agId": "-9", "updateJobs": rows(**GOES_ON)},
        ended={"agId": "-9", "updateJobs": rows()},
        job=lambda job_id: f"/api/v2/activeGates/-9/updateJobs/{job_id}",
        end=dynatrace.JOB,
        account=TOKEN,
    ),
    "Dynatrace, many ActiveGates": Case(
        key="activegate_update_job",
        item=gates,
        listing="/api/v2/activeGates/updateJobs",
        running={"allUpdateJobs": [{"agId": f"-{row['jobId']}", "updateJobs": [row]} for row in rows(**GOES_ON)]},
        ended={"allUpdateJobs": [{"agId": f"-{row['jobId']}", "updateJobs": [row]} for row in rows()]},
        job=lambda job_id: f"/api/v2/activeGates/-{job_id}/updateJobs/{job_id}",
        end=dynatrace.JOB,
        account=TOKEN,
    ),
    "Strata": Case(
        key="config_job",
        item=lambda job_id: {"job_id": job_id},
        listing="/jobs",
        running={"data": [{**ACTIVE, "id": job_id} for job_id in IDS], "total": len(IDS)},
        ended={"data": [{**OK, "id": job_id} for job_id in IDS], "total": len(IDS)},
        job=lambda job_id: f"/jobs/{job_id}",
        end={"data": [OK]},
        account={"access_token": "the-access-token-of-a-test"},
    ),
    "XClarity": Case(
        key="firmware_repo",
        item=lambda job_id: {"task_id": job_id},
        listing="/updateRepositories/firmware/status?tasktype=EXPORTREPOSITORY&taskid=0",
        running=[{**xclarity.RUNNING, "taskIds": job_id} for job_id in IDS],
        ended=[],
        job=lambda job_id: f"/updateRepositories/firmware/status?tasktype=EXPORTREPOSITORY&taskid={job_id}",
        end=xclarity.JOB,
        account={"username": "automation", "password": "geheim", "auth_method": "basic"},
    ),
}


class Api:
    """The case's API: answers by the whole target, since one path may stand for the listing and for a job."""

    def __init__(self, wait: Wait, case: Case) -> None:
        self.wait, self.case = wait, case
        self.answers: dict[str, list[t.Any]] = {case.job(job_id): [self._end(job_id)] for job_id in IDS}
        for target in [case.listing, *self.answers]:
            wait.server.on(f"GET {target.partition('?')[0]}", t.cast(Answer, self._answer))

    def run(self, **more: t.Any) -> dict[str, t.Any]:
        account = {"api_url": self.wait.server.url, **self.case.account, **more}
        return self.wait.run({"jobs": [{self.case.key: {**account, **self.case.item(job_id)}} for job_id in IDS]})

    def asked(self, target: str) -> int:
        return sum(self._target(request) == target for request in self.wait.server.requests)

    def _end(self, job_id: str) -> t.Any:
        if self.case.key == "config_job":
            return {"data": [{**self.case.end["data"][0], "id": job_id}]}
        return self.case.end

    def _target(self, request: Request) -> str:
        return request.path if self.case.key == "config_job" else request.target

    def _answer(self, request: Request) -> bytes:
        answers = self.answers[self._target(request)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, bytes) else reply(answer)


@pytest.fixture(params=CASES)
def api(wait: Wait, request: pytest.FixtureRequest) -> Api:
    return Api(wait, CASES[request.param])


def test_jobs_that_run_are_read_by_one_listing(api: Api) -> None:
    api.answers[api.case.listing] = [api.case.running, api.case.running, api.case.ended]
    result = api.run()
    assert (result["failed"], result["succeeded"], result["polls"]) == (False, True, 3 + len(IDS))
    assert api.asked(api.case.listing) == 3
    assert {api.asked(api.case.job(job_id)) for job_id in IDS} == {1}
    assert [job["id"] for job in result["jobs"]] == IDS
    assert {tuple(entry["state"] for entry in job["history"]) for job in result["jobs"]} == {("running", "succeeded")}


@pytest.mark.parametrize("api", [name for name in CASES if name != "Strata"], indirect=True)  # which has pages
def test_a_listing_may_be_longer_than_any_other_reply(api: Api) -> None:
    """So many rows of other jobs that it would not be taken in whole."""

    def others(rows: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
        return [{**row, name: f"{index}"} for index in range(6000) for row in rows[:1] for name in ("jobId", "taskIds")]

    listed = api.case.running
    if "allUpdateJobs" in listed:
        more = [{"agId": f"{index}", "updateJobs": [{**dynatrace.JOB, **GOES_ON}]} for index in range(12000)]
        listed = {"allUpdateJobs": [*more, *listed["allUpdateJobs"]]}
    elif "updateJobs" in listed:
        listed = {**listed, "updateJobs": [*others(listed["updateJobs"]), *listed["updateJobs"]]}
    else:
        listed = [*others(listed), *listed]
    assert len(reply(listed)) > transport.MAX_BODY
    api.answers[api.case.listing] = [listed, listed, api.case.ended]
    result = api.run()
    assert (result["succeeded"], result["polls"], result["warnings"]) == (True, 3 + len(IDS), [])


@pytest.mark.parametrize(
    "answer",
    [reply({}, 403), reply({}, 404), reply({}, 400), {"odd": 5}, ["odd"], reply("<html>")],
    ids=["403", "404", "400", "odd", "list", "page"],
)
def test_jobs_are_read_one_by_one_if_there_is_no_listing(api: Api, answer: t.Any) -> None:
    api.answers[api.case.listing] = [answer]
    result = api.run()
    assert (result["succeeded"], result["polls"]) == (True, 1 + len(IDS))


def test_a_job_missing_from_the_listing_is_read_alone(api: Api) -> None:
    del_first = {
        "updateJobs": lambda listed: {**listed, "updateJobs": listed["updateJobs"][1:]},
        "allUpdateJobs": lambda listed: {"allUpdateJobs": listed["allUpdateJobs"][1:]},
        "data": lambda listed: {"data": listed["data"][1:], "total": len(IDS) - 1},
    }
    listed = api.case.running
    less = (
        listed[1:] if isinstance(listed, list) else next(cut(listed) for key, cut in del_first.items() if key in listed)
    )
    api.answers[api.case.listing] = [less, api.case.ended]
    result = api.run()
    assert result["succeeded"]
    assert api.asked(api.case.job(IDS[0])) == 1
    assert [entry["state"] for entry in result["jobs"][0]["history"]] == ["succeeded"]


def test_a_listing_that_fails_is_one_error_and_jobs_are_read_one_by_one(api: Api) -> None:
    api.answers[api.case.listing] = [api.case.running, reply({}, 503)]
    result = api.run()
    assert result["succeeded"]
    url = f"{api.wait.server.url}{api.case.listing.partition('?')[0]}"
    assert result["warnings"] == [
        f"1 poll failed during the wait and was repeated with success: {url} answered HTTP 503."
    ]


PUSH = {"type_str": "CommitAndPush"}


def test_children_are_followed_by_the_listing_and_told_by_their_own_reading(wait: Wait) -> None:
    api = Api(wait, CASES["Strata"])
    parents = [{**OK, **PUSH, "id": job_id} for job_id in IDS]
    child = {"id": "900", "type_str": "CommitAll", "parent_id": IDS[3], "device_name": "FW-OSLO"}
    api.answers |= {f"/jobs/{job_id}": [{"data": [{**OK, **PUSH, "id": job_id}]}] for job_id in IDS}
    api.answers["/jobs"] = [{"data": [{**ACTIVE, **child}, *parents]}] * 3 + [{"data": [{**FAIL, **child}, *parents]}]
    result = api.run(children_settle=0.001)
    bad = result["jobs"].pop(3)
    assert [entry["state"] for entry in bad["history"]] == ["running", "failed"]
    assert all(job["succeeded"] for job in result["jobs"])
    assert bad["message"] == "config_job 900 (CommitAll to FW-OSLO): Configuration push failed."
    said = re.sub(r"after \d+ s", "after a while", result["msg"])
    assert said == f"1 of 20 jobs ended badly after a while: config_job {IDS[3]}: failed (FIN/OK): {bad['message']}"


def test_a_delegate_reads_a_listing_in_one_module_run(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[dict[str, t.Any]] = []

    def execute(_action: ActionModule, **call: t.Any) -> dict[str, t.Any]:
        calls.append(call["module_args"])
        job_id = call["module_args"].get("job_id")
        if job_id:
            return {"raw": {"data": [{**OK, "id": job_id}]}}
        state = ACTIVE if len(calls) < 3 else OK
        return {"raw": [{"data": [{**state, "id": job_id} for job_id in IDS]}]}

    monkeypatch.setattr(ActionModule, "_execute_module", execute)
    jobs = [{"config_job": {"job_id": job_id, "access_token": "x"}} for job_id in IDS]
    result = wait.run({"jobs": jobs}, delegate_to="relay")
    assert (result["succeeded"], result["polls"]) == (True, 3 + len(IDS))
    assert [args["limit"] for args in calls[:3]] == [200, 200, 200]
    assert "job_id" not in calls[0]
