# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that are named by what started them: the registered results of the real ansible.builtin.uri, with and without a loop."""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path

import pytest

from simulator.client import Simulator
from tests.e2e.playing import HERE, Played, Player
from tests.unit.loopback import Loopback, reply

WAIT = "endstate.jobs.wait_for_job"
SECRET = "a-secret-of-the-start-call"
GATE = "-1556499193"
SYSTEMS = ("dynatrace", "multiplay", "strata", "xclarity")
STARTED = {
    "config_job": "{{ pushes.results[0] }}",
    "activegate_update_job": "{{ update }}",
    "imageupdate": "{{ image }}",
    "firmware_repo": "{{ export }}",
}
INFO = {
    "config_job": "config_job_info",
    "activegate_update_job": "activegate_update_job_info",
    "imageupdate": "imageupdate_status",
    "firmware_repo": "firmware_repo_status",
}
NAMES = ["push Oslo", "push Oslo 2", "absolute", "relative", "template"]
PROFILE = {
    "schema": 1,
    "name": "farm_build",
    "ids": {"build": {"kind": "path"}},
    "auth": ["none"],
    "status": {"get": "{build}"},
    "state": {"path": "state", "running": "busy", "succeeded": "done", "failed": "broken"},
    "started_by": ["location", "x_build"],
}


def uri(name: str, register: str, options: t.Mapping[str, t.Any], **keywords: t.Any) -> dict[str, t.Any]:
    """A task that starts jobs, with a secret in its headers."""
    headers = {"X-Own": "{{ own_secret }}", **options.get("headers", {})}
    return {"name": name, "ansible.builtin.uri": {**options, "headers": headers}, "register": register, **keywords}


def wait(name: str, jobs: t.Mapping[str, t.Any], **keywords: t.Any) -> dict[str, t.Any]:
    """A task that waits for them, whatever becomes of it."""
    return {"name": name, WAIT: {"interval": 0.1, "max_interval": 0.2, **jobs}, "ignore_errors": True, **keywords}


def starts() -> list[dict[str, t.Any]]:
    """One or more jobs of each system."""
    posting = {"method": "POST", "body_format": "json"}
    token = {
        "url": "{{ strata.token_url }}",
        "method": "POST",
        "body_format": "form-urlencoded",
        "body": {"grant_type": "client_credentials", "scope": "tsg_id:{{ strata.tsg_id }}"},
        "url_username": "{{ strata.client_id }}",
        "url_password": "{{ strata.client_secret }}",
        "force_basic_auth": True,
    }
    push = {
        **posting,
        "url": "{{ strata.api_url }}/config-versions/candidate:push",
        "headers": {"Authorization": "Bearer {{ token.json.access_token }}"},
        "body": {"folders": "{{ item.folders }}"},
    }
    update = {
        **posting,
        "url": f"{{{{ dynatrace.api_url }}}}/api/v2/activeGates/{GATE}/updateJobs",
        "headers": {"Authorization": "Api-Token {{ dynatrace.api_token }}"},
        "body": {"targetVersion": "latest"},
        "status_code": 201,
    }
    image = {
        "url": "{{ multiplay.api_url }}/imageupdate/create?imageid=1&desc=x&machineid=2&url=s3%3A%2F%2Fbucket"
        "&accountserviceid={{ multiplay.account_service_id }}",
        "url_username": "{{ multiplay.access_key }}",
        "url_password": "{{ multiplay.secret_key }}",
        "force_basic_auth": True,
    }
    export = {
        **posting,
        "method": "PUT",
        "url": "{{ xclarity.api_url }}/updateRepositories/firmware?action=export&filetypes=all",
        "url_username": "{{ xclarity.username }}",
        "url_password": "{{ xclarity.password }}",
        "force_basic_auth": True,
        "body": {"fixids": ["x"]},
    }
    tenants = [
        {"name": "Oslo", "folders": ["a"]},
        {"name": "Bergen", "folders": []},
        {"name": "Oslo", "folders": ["b"]},
    ]
    lost = {"url": "{{ farm }}/start/{{ item }}", "method": "POST", "status_code": 202}
    return [
        uri("token", "token", token, no_log=True),
        uri("push", "pushes", push, loop=tenants, when="item.folders | length > 0"),
        uri("update", "update", update),
        uri("image", "image", image),
        uri("export", "export", export),
        uri("builds", "builds", lost, loop=["absolute", "relative", "template"]),
        uri("some fail", "some", lost, loop=["absolute", "refused", "nameless"], ignore_errors=True),
        uri("elsewhere", "elsewhere", lost, loop=["elsewhere"]),
        uri("all skipped", "skipped", lost, loop=["absolute"], when=False),
    ]


def waits() -> list[dict[str, t.Any]]:
    farm = {"profile": PROFILE, "api_url": "{{ farm }}"}
    good = "{{ some.results | select('success') | rejectattr('item', 'eq', 'nameless') }}"
    each = [{"name": key, key: {"started_by": result}} for key, result in STARTED.items()]
    loops = [
        {"name": "push", "config_job": {"started_by": "{{ pushes }}"}},
        {"rest_job": {**farm, "started_by": "{{ builds }}"}},
    ]
    return [
        *(wait(f"wait {key}", {key: {"started_by": result}}) for key, result in STARTED.items()),
        wait("a loop", {"config_job": {"started_by": "{{ pushes }}"}}),
        wait("jobs", {"jobs": each}),
        wait("loops in jobs", {"jobs": loops}),
        wait("delegated", {"config_job": {"started_by": "{{ pushes }}"}}, delegate_to="jumphost"),
        wait("no log", {"config_job": {"started_by": "{{ pushes }}"}}, no_log=True),
        wait("failed", {"rest_job": {**farm, "started_by": "{{ some }}"}}),
        wait("no id", {"rest_job": {**farm, "started_by": "{{ some.results[2] }}"}}),
        wait("left out", {"rest_job": {**farm, "started_by": good}}),
        wait("elsewhere", {"rest_job": {**farm, "started_by": "{{ elsewhere }}"}}),
        wait("all skipped", {"rest_job": {**farm, "started_by": "{{ skipped }}"}}),
        wait("text", {"config_job": {"started_by": "{{ pushes.results[0].json.job_id }}"}}),
        *(
            {"name": f"read {key}", f"endstate.jobs.{INFO[key]}": {"started_by": result}, "ignore_errors": True}
            for key, result in STARTED.items()
        ),
        {
            "name": "read delegated",
            "endstate.jobs.config_job_info": {"started_by": "{{ pushes.results[0] }}"},
            "delegate_to": "jumphost",
            "ignore_errors": True,
        },
        {
            "name": "read a loop",
            "endstate.jobs.config_job_info": {"started_by": "{{ pushes }}"},
            "ignore_errors": True,
        },
        {
            "name": "read until",
            "endstate.jobs.rest_job_info": {**farm, "started_by": "{{ builds.results[0] }}"},
            "register": "read",
            "until": "read is endstate.jobs.job_finished",
            "retries": 5,
            "delay": 0.1,
            "ignore_errors": True,
        },
        {
            "name": "gate",
            "ansible.builtin.include_role": {"name": "endstate.jobs.job_gate"},
            "vars": {"job_gate_jobs": loops, "job_gate_interval": 0.1},
        },
    ]


def farm_of(farm: Loopback) -> None:
    """An API whose start calls answer in headers."""
    body, kind = {"secret": SECRET}, ("Content-Type", "application/json")
    farm.on("POST /start/absolute", reply(body, 202, [kind, ("Location", f"{farm.url}/builds/1")]))
    farm.on("POST /start/relative", reply(body, 202, [kind, ("X-Build", "/builds/2?x=1")]))
    farm.on("POST /start/template", reply(body, 202, [kind, ("X-Build", "/builds/{{ 6 * 7 }}")]))
    farm.on("POST /start/refused", reply(body, 403))
    farm.on("POST /start/nameless", reply(body, 202, [kind]))
    farm.on("POST /start/elsewhere", reply(body, 202, [kind, ("X-Build", "https://evil.example.com/builds/1")]))
    farm.on("GET /builds/1", reply({"state": "busy"}), reply({"state": "done"}))
    farm.on("GET /builds/2", reply({"state": "done"}))
    farm.on("GET /builds/%7B%7B%206%20*%207%20%7D%7D", reply({"state": "done"}))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """All tasks in one play, over one host."""
    folder = tmp_path_factory.mktemp("started_by")
    hosts = folder / "inventory"
    web = 'web ansible_connection=local ansible_python_interpreter="{{ ansible_playbook_python }}"'
    jumphost = f"jumphost ansible_connection=elsewhere ansible_python_interpreter={sys.executable}"
    hosts.write_text(f"{web}\n{jumphost}\n", encoding="utf-8")
    farm = Loopback()
    farm_of(farm)
    with Simulator.start() as simulator:
        brief = {
            "dynatrace": [{"state": "PENDING", "for": 0.2}, {"state": "SUCCEED"}],
            "multiplay": [{"state": "4", "for": 0.2}, {"state": "5"}],
            "strata": [{"state": "ACT", "for": 0.2}, {"state": "FIN/OK"}],
            "xclarity": [{"state": "running", "for": 0.2}, {"state": "complete"}],
        }
        simulator.play({"created": {name: {"stages": stages} for name, stages in brief.items()}})
        simulator.add([{"system": "dynatrace", "activegate_id": GATE, "stages": [{"state": "SUCCEED"}]}])
        connections = {name: simulator.connection(name) for name in SYSTEMS}
        defaults = {f"group/endstate.jobs.{name}": f"{{{{ {name} }}}}" for name in SYSTEMS}
        defaults["group/endstate.jobs.strata"] = {**connections["strata"], "children": False}
        played = Player(folder, {**connections, "farm": farm.url, "own_secret": SECRET}).play(
            [*starts(), *waits()],
            *("--inventory", str(hosts)),
            environment={"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins")},
            hosts="web",
            module_defaults=defaults,
        )
    farm.stop()
    (folder / "output").write_text(played.output, encoding="utf-8")
    return played


def jobs(played: Played, name: str) -> dict[str, str]:
    """The jobs in a task's result: the names and the states."""
    return {job["name"]: job["state"] for job in played[name].result["jobs"]}


def refusal(played: Played, name: str) -> str:
    task = played[name]
    assert task.outcome == "failed", task.result
    return str(task.result["msg"])


@pytest.mark.parametrize("key", STARTED)
def test_a_job_of_each_system_is_found_in_what_started_it(played: Played, key: str) -> None:
    task = played[f"wait {key}"]
    assert task.outcome == "ok", task.result["msg"]
    assert (task.result["job"]["name"], task.result["job"]["state"]) == (None, "succeeded")
    read = played[f"read {key}"]
    assert (read.outcome, read.result["job"]["id"]) == ("ok", task.result["job"]["id"])


def test_a_loop_is_as_many_jobs_named_after_its_items(played: Played) -> None:
    assert jobs(played, "a loop") == {"Oslo": "succeeded", "Oslo 2": "succeeded"}
    assert "job" not in played["a loop"].result
    assert "[web] config_job: left out, for the start was skipped: Bergen" in played.output


def test_a_list_may_mix_results_of_several_systems_and_loops(played: Played) -> None:
    assert jobs(played, "jobs") == dict.fromkeys(STARTED, "succeeded")
    assert jobs(played, "loops in jobs") == dict.fromkeys(NAMES, "succeeded")


def test_a_header_is_a_url_or_a_path_and_never_a_template(played: Played) -> None:
    ids = [job["id"] for job in played["loops in jobs"].result["jobs"][2:]]
    origin = ids[0].removesuffix("/builds/1")
    assert ids == [f"{origin}/builds/1", "/builds/2?x=1", "/builds/{{ 6 * 7 }}"]


def test_a_delegate_gets_only_the_ids_of_the_started_jobs(played: Played) -> None:
    assert jobs(played, "delegated") == {"Oslo": "succeeded", "Oslo 2": "succeeded"}
    assert played["read delegated"].result["job"]["state"] == "succeeded"


def test_the_gate_accepts_jobs_named_by_their_start(played: Played) -> None:
    assert played["endstate.jobs.job_gate : Pass"].result["msg"].startswith("Gate passed. All 5 jobs ")
    assert [
        job["name"]
        for job in played["endstate.jobs.job_gate : Publish the outcome"].result["ansible_stats"]["data"][
            "job_gate_succeeded"
        ]
    ] == NAMES


def test_an_until_loop_reads_the_started_job_to_its_end(played: Played) -> None:
    assert played["read until"].result["job"]["state"] == "succeeded"


def test_a_result_that_names_no_job_is_refused_with_one_sentence(played: Played) -> None:
    farm = f"{WAIT}: rest_job.started_by: "
    assert refusal(played, "failed") == (
        f"{farm}the start of 'refused' failed, so there is no job; "
        "leave such items out with RESULT.results | select('success')."
    )
    assert refusal(played, "no id") == f"{farm}the result has no build; expected it at location or x_build."
    assert refusal(played, "elsewhere").startswith(f"{farm}id in the result of 'elsewhere': expected a path, or a URL")
    assert refusal(played, "all skipped") == (
        f"{farm}nothing was started, so there is no job to wait for; "
        "skip this task, too, with 'when: RESULT is not skipped'."
    )
    assert refusal(played, "text") == (
        f'{WAIT}: config_job.started_by: expected the registered result of a task, such as "{{{{ start }}}}", got text; '
        "an id is an option of its own."
    )
    assert refusal(played, "read a loop").startswith("started_by: 2 jobs were started, and this module reads one; ")
    assert jobs(played, "left out") == {"absolute": "succeeded"}


def test_only_ids_of_a_start_are_shown_returned_or_kept(played: Played) -> None:
    assert SECRET not in played.output
    begun = [task.name for task in played.tasks].index("wait config_job")
    for task in played.tasks[begun:]:
        assert SECRET not in json.dumps([task.result, task.options]), task.name
    kept = [task for task in played.tasks if SECRET in json.dumps(task.result)]
    assert kept  # so there was something to leak


def test_check_mode_of_a_start_leaves_nothing_to_wait_for(tmp_path: Path) -> None:
    start = uri("start", "started", {"url": "http://127.0.0.1:9", "method": "POST"}, loop=["a", "b"])
    tasks = [
        start,
        wait("wait", {"config_job": {"access_token": "x", "started_by": "{{ started }}"}}),
        {
            "name": "read",
            "endstate.jobs.config_job_info": {"access_token": "x", "started_by": "{{ started }}"},
            "ignore_errors": True,
        },
    ]
    played = Player(tmp_path, {"own_secret": SECRET}).play(tasks, "--check")
    assert played.status == 0, played.output
    assert played["wait"].result["jobs"] == []
    assert (played["wait"].outcome, played["read"].outcome, played["read"].result["job"]) == ("ok", "ok", None)
