# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key ``rest_job``: jobs of any API with a profile, waited for as those of any system."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import GatePolicy, judge
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.listing import LEAST
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import Wait

PROXMOX = "GET /api2/json/nodes/pve1/tasks/{upid}/status"
RUNNING = reply({"data": {"status": "running", "type": "qmclone", "id": "7"}})
GOOD = reply({"data": {"status": "stopped", "exitstatus": "OK", "type": "qmclone", "id": "7"}})
BAD = reply({"data": {"status": "stopped", "exitstatus": "no space", "type": "qmclone", "id": "7"}})


def clone(wait: Wait, upid: str = "U", **options: t.Any) -> dict[str, t.Any]:
    return {
        "profile": "proxmox_task",
        "api_url": wait.server.url,
        "id": {"node": "pve1", "upid": upid},
        "token": "root@pam!jobs=the-token-of-a-test",
        **options,
    }


def test_a_job_is_waited_for_to_its_end(wait: Wait) -> None:
    wait.server.on(PROXMOX.format(upid="U"), RUNNING, GOOD)
    result = wait.run({"rest_job": clone(wait)})
    assert (result["job"]["system"], result["job"]["id"], result["job"]["state"]) == ("proxmox_task", "U", "succeeded")
    assert result["msg"].startswith("proxmox_task pve1/U succeeded (stopped/OK)")
    assert result["job"]["label"] == "proxmox_task pve1/U"
    assert [line.split(",")[0] for line in wait.lines][-1] == "[web1] proxmox_task pve1/U: succeeded (stopped/OK)"
    assert "the-token-of-a-test" not in json.dumps(result) + "".join(wait.lines)


@pytest.mark.parametrize("delegated", [False, True], ids=["here", "another machine"])
def test_a_message_about_a_forgotten_job_ends_with_the_hint_of_its_profile(
    wait: Wait, run_module: t.Any, monkeypatch: pytest.MonkeyPatch, delegated: bool
) -> None:
    monkeypatch.setattr(
        ActionModule, "_execute_module", lambda _action, module_args, **_more: run_module("rest_job_info", module_args)
    )
    forgotten = reply({"error": "Could not find task with id 12"}, 404)
    wait.server.on("GET /api/tasks/12", reply({"Name": "Update mirror", "ID": 12, "State": 1}), forgotten)
    task = {"rest_job": {"profile": "aptly_task", "api_url": wait.server.url, "id": 12}}
    result = wait.run(task, **({"delegate_to": "relay"} if delegated else {}))
    assert result["msg"] == (
        "aptly_task 12 is gone, last seen running (1): The API no longer knows the job (HTTP 404). Check id, and that the start "
        "call had _async=true; aptly forgets its tasks when it restarts."
    )
    assert judge(read_wait(result, {}), GatePolicy()).message == result["msg"], "and so does the gate's"


@pytest.mark.parametrize("many", [1, LEAST])
def test_a_job_named_by_a_url_is_called_by_its_last_part(wait: Wait, many: int) -> None:
    url = f"{wait.server.url}/processes/jobs"
    rows = [{"jobID": f"job-{n}", "status": "successful"} for n in range(many)]
    wait.server.on("GET /jobs", reply({"jobs": rows, "links": []}))
    for row in rows:
        wait.server.on(f"GET /jobs/{row['jobID']}", reply(row))
    api = {"profile": "ogc_process", "api_url": wait.server.url}
    result = wait.run({"jobs": [{"rest_job": {"id": f"{url}/{row['jobID']}?f=json", **api}} for row in rows]})
    assert [job["id"] for job in result["jobs"]] == [row["jobID"] for row in rows]
    assert "ogc_process job-0" in result["msg"] or many > 1


def test_jobs_of_several_profiles_and_systems_are_waited_for_together(wait: Wait, tmp_path: t.Any) -> None:
    own = {
        "schema": 1,
        "name": "mine",
        "ids": {"job": {}},
        "auth": ["none"],
        "status": {"get": "/mine/{job}"},
        "state": {"path": "s", "running": "r", "succeeded": "d", "failed": "f"},
    }
    (tmp_path / "mine.yml").write_text(json.dumps(own), encoding="utf-8")
    wait.server.on(PROXMOX.format(upid="U"), BAD)
    for job in "123":
        wait.server.on(f"GET /mine/{job}", reply({"s": "r"}), reply({"s": "d"}))
    wait.says({"type_str": "CommitAll", "status_str": "FIN", "result_str": "OK"})
    api = {"api_url": wait.server.url}
    jobs = [
        {"name": "clone", "rest_job": clone(wait)},
        {"rest_job": {"profile": str(tmp_path / "mine.yml"), "id": 1, **api}},
        {"rest_job": {"profile": own, "id": "2", **api}},
        {"rest_job": {"profile": json.dumps(own), "id": {"job": "3"}, **api}},
        {"config_job": wait.push()},
    ]
    result = wait.run({"jobs": jobs})
    assert [job["state"] for job in result["jobs"]] == ["failed"] + ["succeeded"] * 4
    assert [job["system"] for job in result["jobs"]] == ["proxmox_task", "mine", "mine", "mine", "strata"]
    assert result["failed"]
    assert "clone (proxmox_task pve1/U)" in result["msg"]


def test_module_defaults_hold_profile_and_account(wait: Wait) -> None:
    wait.server.on(PROXMOX.format(upid="U"), GOOD)
    account = {name: value for name, value in clone(wait).items() if name != "id"}
    defaults = [{"group/endstate.jobs.rest": account}]
    assert wait.run({"rest_job": {"id": {"node": "pve1", "upid": "U"}}}, module_defaults=defaults)["succeeded"]


@pytest.mark.parametrize("nothing", [{}, [], None, ""])
def test_an_empty_reply_after_a_good_one_is_asked_for_again(wait: Wait, nothing: t.Any) -> None:
    """An appliance that restarts."""
    empty = reply(nothing) if nothing != "" else reply(b"")
    wait.server.on(PROXMOX.format(upid="U"), RUNNING, empty, GOOD)
    result = wait.run({"rest_job": clone(wait), "timeout": 10})
    assert (result["job"]["state"], result["polls"]) == ("succeeded", 3)


@pytest.mark.parametrize(
    ("decides", "end", "parts"), [("both", "done", "89"), ("children", "done", "89"), ("children", "failed", "9")]
)
def test_an_end_is_not_believed_while_a_child_that_counts_cannot_be_read(
    wait: Wait, decides: str, end: str, parts: str
) -> None:
    profile = {
        "schema": 1,
        "name": "farm_build",
        "ids": {"build": {}},
        "auth": ["none"],
        "status": {"get": "/builds/{build}"},
        "state": {"path": "state", "running": "busy", "succeeded": "done", "failed": "failed"},
        "children": {"links": "parts", "decides": decides},
    }
    wait.server.on("GET /builds/7", reply({"state": end, "parts": list(parts)}))
    wait.server.on("GET /builds/8", reply({"state": "done"}))
    wait.server.on("GET /builds/9", reply(b"", 500))
    build = {"profile": profile, "api_url": wait.server.url, "id": "7"}
    result = wait.run({"rest_job": build, "timeout": 0.1, "on_timeout": "warn"})
    job = result["job"]
    assert (job["state"], job["native_state"], [child["id"] for child in job["children"]]) == (
        "running",
        end,
        list(parts[:-1]),
    )
    assert (result["finished"], result["succeeded"], job["error"]["kind"]) == (False, False, "unavailable")


def test_a_state_override_can_end_a_wait(wait: Wait) -> None:
    wait.server.on(PROXMOX.format(upid="U"), BAD)
    options = clone(wait, state_overrides={"stopped/no *": "skipped"})
    assert wait.run({"rest_job": options, "fail_on": ["failed"]})["job"]["state"] == "skipped"


WRONG = {
    "no profile": ({"profile": None}, "rest_job.profile is required."),
    "an unknown profile": (
        {"profile": "proxmox_tas"},
        "rest_job.profile: the collection has no profile 'proxmox_tas'. Did you mean proxmox_task",
    ),
    "no such file": ({"profile": "./none.yml"}, "rest_job.profile: there is no file './none.yml'."),
    "a mistake in it": ({"profile": {"schema": 1}}, "rest_job.profile: "),
    "no address": ({"api_url": None}, "rest_job.api_url is required (or REST_JOB_API_URL in the environment)."),
    "an inner id alone": ({"id": {"upid": "U"}}, "rest_job.id.node: it is missing."),
    "an outer id alone": ({"id": {"node": "n"}}, "rest_job.id.upid is required."),
    "no id": ({"id": None}, "rest_job.id is empty, so it names nothing."),
    "no credentials": ({"token": None}, "rest_job.token: it is missing; this profile takes token, or username and"),
    "an option of the module": ({"limit": 7}, "rest_job.limit: it is an option of rest_job_info alone and means"),
    "an unknown option": ({"profil": "x"}, "rest_job.profil: there is no such option; expected id, "),
}


@pytest.mark.parametrize(("options", "sentence"), WRONG.values(), ids=WRONG)
def test_a_mistake_of_a_rest_job_is_one_sentence_with_its_place(wait: Wait, options: t.Any, sentence: str) -> None:
    with pytest.raises(AnsibleActionFail) as caught:
        wait.run({"rest_job": clone(wait, **options)})
    assert str(caught.value).startswith(f"endstate.jobs.wait_for_job: {sentence}")
    assert wait.server.requests == []


def test_a_delegate_gets_the_profile_and_the_variables_it_reads(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[t.Any] = []

    def execute(_action: t.Any, **call: t.Any) -> dict[str, t.Any]:
        calls.append(call)
        return {"raw": {"data": {"status": "running" if len(calls) == 1 else "stopped", "exitstatus": "OK"}}}

    monkeypatch.setattr(ActionModule, "_execute_module", execute)
    monkeypatch.setenv("GITHUB_TOKEN", "from-the-environment")
    result = wait.run({"rest_job": clone(wait)}, delegate_to="relay")
    assert (result["job"]["state"], len(calls)) == ("succeeded", 2)
    assert calls[0]["module_name"] == "endstate.jobs.rest_job_info"
    sent = calls[0]["module_args"]
    assert (sent["profile"]["name"], sent["id"]) == ("proxmox_task", {"node": "pve1", "upid": "U"})
    assert "environment" not in sent["profile"]


def test_a_delegate_reads_the_profile_that_it_was_sent(
    wait: Wait, run_module: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait.server.on(PROXMOX.format(upid="U"), RUNNING, GOOD)

    def execute(_action: t.Any, module_args: t.Any, **_call: t.Any) -> t.Any:
        return run_module("rest_job_info", module_args)

    monkeypatch.setattr(ActionModule, "_execute_module", execute)
    assert wait.run({"rest_job": clone(wait)}, delegate_to="relay")["job"]["state"] == "succeeded"


def test_many_jobs_are_read_by_one_listing_while_they_go_on(wait: Wait) -> None:
    ids = [str(number) for number in range(100, 100 + LEAST)]
    running = reply([{"ID": int(one), "State": 1} for one in ids])
    wait.server.on("GET /api/tasks", running, running, reply([]))
    for one in ids:
        wait.server.on(f"GET /api/tasks/{one}", reply({"ID": int(one), "State": 2}))
    api = {"profile": "aptly_task", "api_url": wait.server.url}
    result = wait.run({"jobs": [{"rest_job": {**api, "id": one}} for one in ids]})
    assert result["succeeded"]
    paths = [request.path for request in wait.server.requests]
    assert paths.count("/api/tasks") == 3
    assert len(paths) == 3 + LEAST


@pytest.mark.parametrize("delegated", [False, True], ids=["here", "another machine"])
def test_a_listing_is_asked_only_for_the_jobs_of_the_wait(
    wait: Wait, run_module: t.Any, monkeypatch: pytest.MonkeyPatch, delegated: bool
) -> None:
    monkeypatch.setattr(
        ActionModule, "_execute_module", lambda _action, module_args, **_more: run_module("rest_job_info", module_args)
    )

    def answer(request: t.Any) -> bytes:
        ids = request.query.get("id__in", "").split(",")
        asked.append(len(ids))
        state = "running" if asked.count(LEAST) == 1 else "successful"
        rows = [{"id": int(one), "status": state} for one in ids if one] or [
            {"id": int(request.query["id"]), "status": state}
        ]
        return reply({"count": len(rows), "next": None, "results": rows})

    asked: list[int] = []
    wait.server.on("GET /unified_jobs/", answer)
    api = {"profile": "awx_job", "api_url": wait.server.url, "token": "the-token-of-a-test"}
    jobs = [{"rest_job": {**api, "id": number}} for number in range(LEAST)]
    result = wait.run({"jobs": jobs}, **({"delegate_to": "relay"} if delegated else {}))
    assert result["succeeded"]
    first = wait.server.requests[0].query["id__in"]
    assert sorted(map(int, first.split(","))) == list(range(LEAST))
    assert asked == [LEAST, LEAST] + [1] * LEAST, "each end is read from the job itself"


def test_a_listing_is_shared_by_the_jobs_of_the_outer_ids_that_it_is_for(wait: Wait) -> None:
    nodes = ("pve1", "pve2")
    jobs = [clone(wait, f"{node}-{number}") for node in nodes for number in range(LEAST)]
    for job in jobs:
        node, upid = job["id"]["upid"].partition("-")[0], job["id"]["upid"]
        job["id"]["node"] = node
        wait.server.on(f"GET /api2/json/nodes/{node}/tasks/{upid}/status", GOOD)
    for node in nodes:
        rows = [{"upid": f"{node}-{number}", "node": node} for number in range(LEAST)]
        wait.server.on(f"GET /api2/json/nodes/{node}/tasks", reply({"data": rows}), reply({"data": []}))
    result = wait.run({"jobs": [{"rest_job": job} for job in jobs]})
    assert result["succeeded"]
    paths = [request.path for request in wait.server.requests]
    assert [paths.count(f"/api2/json/nodes/{node}/tasks") for node in nodes] == [2, 2]
    assert len(paths) == 4 + 2 * LEAST
