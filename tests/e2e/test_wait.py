# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wait_for_job in real plays: where it runs, what it returns on each way out, what it shows and what it never shows."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.meanwhile import acting
from tests.e2e.playing import HERE, Played, Player, core

WAIT = "endstate.jobs.wait_for_job"
KEYS = {"job", "jobs", "finished", "succeeded", "timed_out", "timedout", "elapsed", "polls", "msg", "changed"}
QUICK = {"interval": 0.3, "max_interval": 0.5}


def task(task_id: str = "12", **options: t.Any) -> dict[str, t.Any]:
    """A wait for a firmware task."""
    return {"firmware_repo": {"task_id": task_id}, **QUICK, **options}


def add(simulator: Simulator, *stages: dict[str, t.Any], **job: t.Any) -> None:
    """The firmware task's script."""
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": list(stages), **job}])


def wait(player: Player, options: dict[str, t.Any], *arguments: str, **keywords: t.Any) -> Played:
    """Play one wait."""
    environment = keywords.pop("start_with", None)
    hosts = keywords.pop("hosts", "localhost")
    whole = {WAIT: options, **keywords}
    return player.play([whole], *arguments, environment=environment, module_defaults=DEFAULTS, hosts=hosts)


def test_ansibles_own_timeout_keeps_the_last_state(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "running", "progress": 50})
    played = wait(player, task(), timeout=2)
    result = played.last.result
    assert played.last.outcome == "failed"
    assert set(result) >= KEYS, played.output
    assert (result["timedout"], "The task's timeout of 2 s ended the wait." in result["msg"]) == ({"period": 2}, True)
    assert (result["timed_out"], result["finished"], result["job"]["state"]) == (True, False, "running")
    assert result["msg"].endswith(
        " firmware_repo 12 had not ended when the wait was broken off after 2 s: running (50 %): Repository operation is in "
        "progress."
    )


def test_ansibles_own_timeout_ends_a_wait_for_many_jobs_at_once(simulator: Simulator, player: Player) -> None:
    simulator.add(
        jobs=[{"system": "xclarity", "id": str(number), "stages": [{"state": "running"}]} for number in range(1, 9)],
        faults=[{"system": "xclarity", "job": "3", "kind": "hang"}],
    )
    jobs = [{"firmware_repo": {"task_id": str(number)}} for number in range(1, 9)]
    result = wait(player, {"jobs": jobs, **QUICK}, timeout=2).last.result
    assert result["timed_out"]
    assert result["elapsed"] < 3
    assert [job["state"] for job in result["jobs"]].count("running") == 7


@pytest.mark.parametrize(("on_timeout", "outcome"), [("fail", "failed"), ("warn", "ok")])
def test_on_timeout_decides_how_a_wait_that_runs_out_of_time_ends(
    simulator: Simulator, player: Player, on_timeout: str, outcome: str
) -> None:
    add(simulator, {"state": "running", "progress": 50})
    played = wait(player, task(timeout=1, on_timeout=on_timeout))
    assert played.last.outcome == outcome
    assert set(played.last.result) >= KEYS
    assert played.last.result["timed_out"]
    sentence = (
        "firmware_repo 12 had not ended within 1 s (timeout): running (50 %): Repository operation is in progress."
    )
    assert played.last.result["msg"] == sentence
    assert (f"[WARNING]: {sentence}" in played.output.replace("\n", " ")) == (on_timeout == "warn")


def test_a_wait_fails_when_the_api_stays_unreachable(simulator: Simulator, player: Player) -> None:
    simulator.add(
        jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": "running", "progress": 50}]}],
        faults=[{"system": "xclarity", "kind": "status", "status": 502, "after": 2}],
    )
    result = wait(player, task(unreachable_timeout=1)).last.result
    assert set(result) >= KEYS
    assert (result["job"]["state"], result["job"]["error"]["kind"]) == ("running", "unavailable")
    assert result["elapsed"] < 10


def test_check_mode_polls_once_and_does_not_fail_for_a_missing_job(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "running", "progress": 50})
    simulator.add(jobs=[{"system": "strata", "id": "1", "stages": [{"state": "ACT"}]}])
    jobs = [{"firmware_repo": {"task_id": "12"}}, {"config_job": {"job_id": "404"}}]
    played = wait(player, {"jobs": jobs}, "--check")
    assert played.last.outcome == "ok", played.output
    assert played.last.result["polls"] == 2
    assert [job["state"] for job in played.last.result["jobs"]] == ["running", "unknown"]


def test_async_is_refused(player: Player) -> None:
    played = wait(player, task(), **{"async": 10, "poll": 1})
    assert played.status == 2
    assert (
        f"{WAIT}: async is not supported; leave it out, for the wait holds no connection;" in played.last.result["msg"]
    )


def test_a_wait_never_connects_to_the_hosts_of_the_inventory(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "complete", "progress": 100})
    inventory = player.folder / "inventory"
    # TEST-NET-1 (RFC 5737) belongs to nobody; a connection to it would hang.
    inventory.write_text("one ansible_host=192.0.2.1\ntwo ansible_host=192.0.2.2\n", encoding="utf-8")
    played = wait(player, task(), "--inventory", str(inventory), hosts="all")
    assert [one.outcome for one in played.tasks] == ["ok", "ok"], played.output
    assert "[one] firmware_repo 12: succeeded (complete)" in played.output


def test_no_process_is_kept_for_the_connection_of_a_network_device(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "complete", "progress": 100})
    inventory = player.folder / "inventory"
    inventory.write_text("switch ansible_connection=persistent\n", encoding="utf-8")
    played = wait(player, task(), "--inventory", str(inventory), start_with=elsewhere(), hosts="switch")
    assert played.last.outcome == "ok", played.output


def test_the_environment_keyword_of_play_and_task_holds_for_a_wait(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "complete", "progress": 100})
    connection = simulator.connection("xclarity")
    spare = {"api_url": connection["api_url"], "username": connection["username"], "ca_path": connection["ca_path"]}
    for module, options in (
        (WAIT, {"firmware_repo": {"task_id": "12", **spare}}),
        ("firmware_repo_status", {"task_id": "12", **spare}),
    ):
        name = module if "." in module else f"endstate.jobs.{module}"
        password = {"XCLARITY_PASSWORD": connection["password"]}
        played = player.play([{name: options, "environment": password}], environment={"XCLARITY_PASSWORD": "wrong"})
        assert played.last.outcome == "ok", played.output
        played = player.play([{name: options}], environment=password)
        assert played.last.outcome == "ok", played.output


@pytest.fixture
def jumphost(player: Player) -> tuple[str, ...]:
    """Arguments by which there is another machine, with this Python."""
    inventory = player.folder / "inventory"
    line = f"jumphost ansible_connection=elsewhere ansible_python_interpreter={sys.executable}\n"
    inventory.write_text(line + "web ansible_connection=local\n", encoding="utf-8")
    return ("--inventory", str(inventory))


def elsewhere(**more: str) -> dict[str, str]:
    """The environment in which there is such a connection."""
    return {"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"), **more}


def test_a_default_set_to_omit_counts_as_not_given(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "complete"})
    defaults = {"group/endstate.jobs.xclarity": {**simulator.connection("xclarity"), "proxy": "{{ omit }}"}}
    assert player.play([{WAIT: task()}], module_defaults=defaults).last.result["succeeded"]


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_default_that_is_overridden_may_be_undefined(simulator: Simulator, player: Player, by_variable: bool) -> None:
    add(simulator, {"state": "complete"})
    connection = simulator.connection("xclarity")
    spare: dict[str, t.Any] = {**connection, "password": "{{ undefined_secret }}"}
    play = {
        "module_defaults": {"group/endstate.jobs.xclarity": "{{ spare }}" if by_variable else spare},
        "vars": {"spare": spare},
    }
    options = {**task(), "firmware_repo": {"task_id": "12", "password": connection["password"]}}
    played = player.play([{WAIT: options}], **play)
    # Before 2.19 core resolves the whole keyword before any plugin is run.
    assert played.last.outcome == ("ok" if core() >= (2, 19) else "failed"), played.output


@pytest.mark.parametrize("value", ["{{ undefined_secret }}", "{{ 'abc' | no_such_filter }}", "{{ 1 + }}"])
def test_a_default_that_cannot_be_resolved_is_named_with_its_place(player: Player, value: str) -> None:
    defaults = {"group/endstate.jobs.xclarity": {**player.variables["xclarity"], "password": value}}
    played = player.play([{WAIT: task()}], module_defaults=defaults)
    place = f"{WAIT}: module_defaults.group/endstate.jobs.xclarity.password: the template cannot be resolved: "
    assert (place in played.last.result["msg"]) == (core() >= (2, 19)), played.output


def test_a_delegated_wait_polls_from_the_delegate(
    simulator: Simulator, player: Player, jumphost: tuple[str, ...]
) -> None:
    simulator.add(
        jobs=[
            {"system": "strata", "id": "294", "stages": [{"state": "ACT", "for": 2}, {"state": "FIN/OK"}],
             "children": [{"id": "295", "after": 0.5, "stages": [{"state": "FIN/OK"}]}]},
        ]
    )  # fmt: skip
    options = {"config_job": {"job_id": "294", "children_settle": 1}, **QUICK}
    played = wait(player, options, *jumphost, start_with=elsewhere(), hosts="web", delegate_to="jumphost")
    assert played.last.outcome == "ok", played.output
    assert set(played.last.result) >= KEYS
    assert [child["id"] for child in played.last.result["job"]["children"]] == ["295"]
    assert "[web] config_job 294: succeeded (FIN/OK)" in played.output


@pytest.mark.parametrize("ignored", [False, True])
def test_a_delegate_that_refuses_the_login_is_unreachable_after_one_try(
    simulator: Simulator, player: Player, jumphost: tuple[str, ...], ignored: bool
) -> None:
    down = player.folder / "down"
    down.touch()
    options = {"jobs": [{"firmware_repo": {"task_id": str(number)}} for number in range(1, 6)], **QUICK}
    played = wait(
        player,
        options,
        *jumphost,
        start_with=elsewhere(ELSEWHERE_DOWN=str(down)),
        hosts="web",
        delegate_to="jumphost",
        ignore_unreachable=ignored,
    )
    assert down.read_text(encoding="utf-8") == "refused\n"
    result = played.last.result
    assert (played.last.outcome, result["unreachable"], result.get("warnings", [])) == ("unreachable", True, [])
    assert set(result) >= KEYS - {"job"}
    assert result["msg"] == "jumphost cannot be reached: Permission denied (publickey,password)."
    assert [job["error"]["kind"] for job in result["jobs"]] == ["unreachable"] * 5
    assert played.status == (0 if ignored else 4), played.output
    assert ("unreachable=1 " in played.output, "ignored=1 " in played.output) == (not ignored, ignored)
    assert simulator.requests() == []


def test_a_delegate_that_becomes_unreachable_is_tried_again(
    simulator: Simulator, player: Player, jumphost: tuple[str, ...]
) -> None:
    add(simulator, {"state": "running", "progress": 50})
    down = player.folder / "down"
    environment = elsewhere(ELSEWHERE_DOWN=str(down))
    with acting() as start:
        start(lambda: [request["job"] for request in simulator.requests()].count("12") >= 2, down.touch)
        played = wait(
            player, task(unreachable_timeout=1), *jumphost, start_with=environment, hosts="web", delegate_to="jumphost"
        )
    result = played.last.result
    assert (played.last.outcome, result["job"]["state"]) == ("failed", "running"), played.output
    assert result["job"]["error"]["message"] == "jumphost cannot be reached: Permission denied (publickey,password)."
    assert len(down.read_text(encoding="utf-8").splitlines()) > 1


def test_a_python_too_old_on_the_delegate_is_told_in_one_sentence(player: Player, jumphost: tuple[str, ...]) -> None:
    python = player.folder / "python"
    # What Python 3.6 says to any module of ours.
    said = '  File "module.py", line 3\n    ^\nSyntaxError: future feature annotations is not defined\n'
    python.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}END\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    there = {"delegate_to": "jumphost", "vars": {"ansible_python_interpreter": str(python)}, "ignore_errors": True}
    tasks = [{WAIT: task(), **there}, {"endstate.jobs.firmware_repo_status": {"task_id": "12"}, **there}]
    played = player.play(tasks, *jumphost, environment=elsewhere(), hosts="web", module_defaults=DEFAULTS)
    waited, read = [one.result for one in played.tasks]
    sentence = (
        "The module cannot run on jumphost: SyntaxError: future feature annotations is not defined. "
        "The module needs Python 3.9 or newer there, and the Python library requests."
    )
    assert read["msg"] == sentence
    assert waited["job"]["error"]["message"] == sentence
    assert waited["job"]["error"]["kind"] == "configuration"


def test_nothing_is_shown_under_no_log(simulator: Simulator, player: Player) -> None:
    add(simulator, {"state": "complete", "progress": 100})
    played = wait(player, task(), no_log=True)
    assert played.status == 0
    assert "firmware_repo" not in played.output.replace("TASK [", "").replace(WAIT, "")


def secrets(simulator: Simulator) -> list[str]:
    """All that must not be seen."""
    names = ("api_token", "secret_key", "client_secret", "password")
    return [options[name] for options in simulator.connections().values() for name in names if name in options]


@pytest.mark.parametrize("child", ["FIN/OK", "FIN/FAIL"])
def test_no_secret_is_ever_shown(simulator: Simulator, player: Player, child: str) -> None:
    simulator.add(
        jobs=[
            {"system": "strata", "id": "294", "stages": [{"state": "ACT", "for": 1}, {"state": "FIN/OK"}],
             "children": [{"id": "295", "after": 0.5, "stages": [{"state": child}]}]},
            {"system": "xclarity", "id": "12", "stages": [{"state": "complete"}]},
            {"system": "dynatrace", "id": "-2", "activegate_id": "-1", "stages": [{"state": "SUCCEED"}]},
            {"system": "multiplay", "id": "7", "stages": [{"state": "5"}]},
        ],
        faults=[{"kind": "status", "status": 500, "times": 2}],
    )  # fmt: skip
    jobs = [
        {"config_job": {"job_id": "294", "children_settle": 1}},
        {"firmware_repo": {"task_id": "12"}},
        {"activegate_update_job": {"activegate_id": "-1", "job_id": "-2"}},
        {"imageupdate": {"update_id": "7"}},
        # A wrong one, whose own words must not be repeated either.
        {"imageupdate": {"update_id": "7", "access_key": "nobody", "secret_key": "not-the-secret-key"}},
    ]
    environment = {"ANSIBLE_DEBUG": "true", "ANSIBLE_LOG_PATH": str(player.folder / "log")}
    # The extra variables are Ansible's to show with -vvvv, not ours: the connections come from a file.
    variables = player.folder / "connections.yml"
    variables.write_text(yaml.safe_dump(simulator.connections()), encoding="utf-8")
    bare = Player(player.folder, {})
    played = bare.play(
        [{WAIT: {"jobs": jobs, **QUICK}}],
        "-vvvv",
        environment=environment,
        module_defaults=DEFAULTS,
        vars_files=[str(variables)],
    )
    assert played.status == 2, played.output
    everything = played.output + Path(environment["ANSIBLE_LOG_PATH"]).read_text(encoding="utf-8") + str(played.tasks)
    hidden = [*secrets(simulator), "not-the-secret-key", "eyJ"]  # a signed token begins so
    assert [secret for secret in hidden if secret in everything] == []
