# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wait for a push: what it says while it waits for the firewalls' jobs, and what it keeps if they cannot be read."""

from __future__ import annotations

import time
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import Wait
from ansible_collections.endstate.jobs.tests.unit.replies import strata

LONG_AGO = strata.parent("7", "2022-10-20 17:57:06", "2022-10-20 18:00:19")
ACTIVE = {**LONG_AGO, "status_str": "ACT", "result_str": "PEND", "percent": "45"}
CHILD = {
    **strata.child("8", "7", "2022-10-20 18:00:24", "2022-10-20 18:02:00", "OK"),
    "device_name": "FW-OSLO",
    "description": "",
}
RUNNING = {**CHILD, "status_str": "ACT", "result_str": "PEND", "percent": "40", "summary": ""}
FAILED = {**CHILD, "result_str": "FAIL", "summary": ""}
OSLO = "config_job 8 (CommitAll to FW-OSLO by user@example.com)"


def just_now() -> dict[str, t.Any]:
    """The push, committed a moment ago."""
    return {**LONG_AGO, "end_ts": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())}


def listed(wait: Wait, *children: t.Any) -> None:
    """Have the listing hold these children of the push in turn; bytes are an answer of another kind."""
    answers = [one if isinstance(one, bytes) else reply({"data": [*one, LONG_AGO]}) for one in children]
    wait.server.on("GET /jobs", *answers)


def test_progress_names_the_child_that_is_waited_for(wait: Wait) -> None:
    wait.says(ACTIVE, LONG_AGO)
    listed(wait, [RUNNING], [{**RUNNING, "percent": "90"}], [CHILD])
    result = wait.run({"config_job": wait.push()})
    assert (result["succeeded"], result["job"]["message"]) == (True, None)
    assert wait.lines[1:] == [
        "[web1] config_job 7: running (ACT/PEND, 45 %), 0 s elapsed",
        f"[web1] config_job 7: running (FIN/OK, 40 %), 0 s elapsed: waiting for {OSLO}: running (ACT/PEND, 40 %)",
        "[web1] config_job 7: succeeded (FIN/OK), 0 s elapsed",
    ]


def test_progress_tells_that_children_are_looked_for(wait: Wait) -> None:
    wait.says(just_now())
    listed(wait, [], [], [RUNNING], [CHILD])
    result = wait.run({"config_job": wait.push(children_settle=0.3)})
    assert result["succeeded"]
    assert wait.lines[1:] == [
        "[web1] config_job 7: running (FIN/OK), 0 s elapsed: committed; looking for the firewalls' jobs for up to 0 s",
        f"[web1] config_job 7: running (FIN/OK, 40 %), 0 s elapsed: waiting for {OSLO}: running (ACT/PEND, 40 %)",
        "[web1] config_job 7: running (FIN/OK), 0 s elapsed: committed; looking for more of the firewalls' jobs for up "
        "to 0 s",
        "[web1] config_job 7: succeeded (FIN/OK), 0 s elapsed",
    ]


@pytest.mark.parametrize(
    ("children", "says"),
    [
        ([], "running (FIN/OK): committed; looking for the firewalls' jobs for up to 30 s"),
        ([CHILD], "running (FIN/OK): committed; looking for more of the firewalls' jobs for up to 30 s"),
        (
            [{**FAILED, "summary": "No route"}],
            f"running (FIN/OK): {OSLO}: No route; committed; looking for more of the firewalls' jobs for up to 30 s",
        ),
        ([RUNNING], f"running (FIN/OK, 40 %): waiting for {OSLO}: running (ACT/PEND, 40 %)"),
    ],
)
def test_a_wait_that_runs_out_of_time_names_the_child_waited_for(wait: Wait, children: t.Any, says: str) -> None:
    wait.says(just_now())
    listed(wait, children)
    result = wait.run({"config_job": wait.push(), "timeout": 0.1})
    assert result["msg"] == f"config_job 7 had not ended within 0 s (timeout): {says}."


def test_a_push_that_ended_long_ago_has_no_child_to_come(wait: Wait) -> None:
    wait.says(LONG_AGO)
    listed(wait, [])
    result = wait.run({"config_job": wait.push(), "timeout": 5})
    assert (result["succeeded"], result["polls"]) == (True, 1)


def test_a_bad_child_is_asked_for_its_reason_once(wait: Wait) -> None:
    wait.says(LONG_AGO)
    other = {**RUNNING, "id": "9"}
    listed(wait, [FAILED, other], [FAILED, other], [FAILED, other], [FAILED, {**CHILD, "id": "9"}])
    wait.server.on("GET /jobs/8", reply({"data": [{**FAILED, "details": '{"errors": ["No such zone"]}'}]}))
    result = wait.run({"config_job": wait.push()})
    assert result["msg"] == f"config_job 7 failed (FIN/OK) after 0 s: {OSLO}: No such zone."
    assert (len(wait.server.asked("GET /jobs/8")), result["polls"]) == (1, 4)


UNKNOWN = "committed; what became of the firewalls' jobs is not known"


def test_the_jobs_state_is_kept_if_its_children_may_not_be_listed(wait: Wait) -> None:
    wait.says(ACTIVE, LONG_AGO)
    listed(wait, reply(strata.fault("E007", "Unauthorized"), 403))
    result = wait.run({"config_job": wait.push()})
    why = (
        f"{wait.server.url}/jobs answered HTTP 403 (code E007): Unauthorized. The service account needs a role on the tenant of "
        "tsg_id that may read configuration jobs. Set children: false to read the job alone."
    )
    job = result["job"]
    assert (job["state"], job["native_state"], job["message"]) == ("running", "FIN/OK", UNKNOWN)
    assert (job["error"]["kind"], job["error"]["message"]) == ("forbidden", why)
    assert (result["failed"], result["finished"], result["succeeded"], result["polls"]) == (True, False, False, 2)
    assert result["msg"] == f"config_job 7 could not be read, last seen running (FIN/OK): {why}"
    assert [entry["native_state"] for entry in job["history"]] == ["ACT/PEND", "FIN/OK"]
    assert wait.lines[1:] == [
        "[web1] config_job 7: running (ACT/PEND, 45 %), 0 s elapsed",
        f"[web1] config_job 7: running (FIN/OK), 0 s elapsed: {UNKNOWN}",
    ]


@pytest.mark.parametrize(
    ("options", "timed_out"),
    [({"timeout": 0.1}, True), ({"unreachable_timeout": 0.1}, False)],
    ids=["time", "patience"],
)
@pytest.mark.parametrize("fault", [reply(b"", 500), reply({})], ids=["a fault", "nothing"])
def test_the_jobs_state_is_kept_if_its_children_can_never_be_listed(
    wait: Wait, fault: bytes, options: dict[str, t.Any], timed_out: bool
) -> None:
    wait.says(LONG_AGO)
    listed(wait, fault)
    result = wait.run({"config_job": wait.push(), **options})
    assert (result["failed"], result["succeeded"], result["timed_out"]) == (True, False, timed_out)
    assert result["polls"] > 2
    assert (result["job"]["state"], result["job"]["native_state"]) == ("running", "FIN/OK")
    assert result["job"]["error"]["kind"] in ("unavailable", "incomplete")
    assert [entry["native_state"] for entry in result["job"]["history"]] == ["FIN/OK"]


def test_a_wait_ends_once_the_listing_of_children_works_again(wait: Wait) -> None:
    wait.says(LONG_AGO)
    listed(wait, reply(b"", 500), reply(b"", 500), [CHILD])
    result = wait.run({"config_job": wait.push()})
    assert (result["succeeded"], result["job"]["error"], result["polls"]) == (True, None, 3)


def test_a_child_that_was_seen_is_not_forgotten_when_its_listing_fails(wait: Wait) -> None:
    wait.says(LONG_AGO)
    listed(wait, [RUNNING], reply(b"", 403))
    job = wait.run({"config_job": wait.push()})["job"]
    assert (job["error"]["kind"], [child["id"] for child in job["children"]]) == ("forbidden", ["8"])
    assert job["message"] == f"waiting for {OSLO}: running (ACT/PEND, 40 %)"


def test_an_error_of_one_jobs_children_does_not_change_another_job(wait: Wait) -> None:
    """The error that ends the API for all of its jobs is that of one."""
    wait.says(LONG_AGO, job_id="7")
    wait.says(ACTIVE, reply(b"", 500), job_id="9")
    listed(wait, reply(b"", 500))
    jobs = [{"config_job": wait.push()}, {"config_job": wait.push(job_id="9")}]
    result = wait.run({"jobs": jobs, "unreachable_timeout": 0.1})
    assert [job["native_state"] for job in result["jobs"]] == ["FIN/OK", "ACT/PEND"]


def test_a_delegate_keeps_the_jobs_state_if_its_children_cannot_be_listed(
    wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = {"kind": "forbidden", "status": 403, "message": "The API answered HTTP 403."}
    calls = []

    def execute(_action: ActionModule, **call: t.Any) -> dict[str, t.Any]:
        calls.append(call["module_args"])
        return {"failed": True, "msg": error["message"], "error": error, "raw": {"data": [LONG_AGO]}}

    monkeypatch.setattr(ActionModule, "_execute_module", execute)
    job = wait.run({"config_job": wait.push(children_settle=7)}, delegate_to="relay")["job"]
    assert (job["state"], job["native_state"], job["error"]["kind"]) == ("running", "FIN/OK", "forbidden")
    assert [call["children_settle"] for call in calls] == [0.0], "the wait itself watches for children"
