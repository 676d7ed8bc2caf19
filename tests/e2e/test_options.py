# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as plays, command lines and consoles give them: without a value, as text, of another type, misspelt."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import typing as t

import pytest
import yaml

from simulator.client import Simulator
from tests.e2e.playing import HERE, Played, Player

INFO, WAIT = "endstate.jobs.activegate_update_job_info", "endstate.jobs.wait_for_job"
IDS = {"activegate_id": "-1", "job_id": "-2"}
OTHER_PYTHON: dict[str, t.Any] = {"vars": {"ansible_python_interpreter": "{{ other_python }}"}}
ELSEWHERE: dict[str, t.Any] = {"delegate_to": "jumphost"}
WAYS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "info in process": (INFO, {}),
    "info as a module": (INFO, OTHER_PYTHON),
    "info delegated": (INFO, ELSEWHERE),
    "wait": (WAIT, {}),
    "wait delegated": (WAIT, ELSEWHERE),
}
NOTHING = {"null": "{{ null_var }}", "blank": "{{ blank_var }}", "white space": "{{ space_var }}"}
OF_A_JOB = (
    "api_url",
    "api_token",
    "access_token",
    "validate_certs",
    "ca_path",
    "client_cert",
    "client_key",
    "proxy",
    "request_timeout",
)
OF_INFO = ("on_missing", "retries")
OF_A_WAIT = (
    "timeout", "interval", "max_interval", "backoff", "fail_on", "fail_fast", "on_timeout", "unreachable_timeout",
    "missing_grace", "concurrency", "progress",
)  # fmt: skip


def reading(way: str, job: t.Mapping[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    """A task that reads a job in this way."""
    module, keywords = WAYS[way]
    given = {**job, **options} if module == INFO else {"activegate_update_job": dict(job), **options}
    return {module: given, "ignore_errors": True, **keywords}


@pytest.fixture(scope="module")
def api() -> t.Iterator[Simulator]:
    """An API without TLS, so that no option is needed for it."""
    with Simulator.start() as simulator:
        stages = [{"state": "SUCCEED"}]
        simulator.add(
            jobs=[
                {"system": "dynatrace", "id": "-2", "activegate_id": "-1", "stages": stages},
                {"system": "xclarity", "id": "12", "stages": [{"state": "complete"}]},
            ]
        )
        yield simulator


def variables(api: Simulator) -> dict[str, str]:
    """The environment that the options fall back to."""
    dynatrace, xclarity = api.connection("dynatrace"), api.connection("xclarity")
    return {
        "DYNATRACE_ENV_URL": dynatrace["api_url"],
        "DYNATRACE_API_TOKEN": dynatrace["api_token"],
        "XCLARITY_URL": xclarity["api_url"],
        "XCLARITY_USERNAME": xclarity["username"],
        "XCLARITY_PASSWORD": xclarity["password"],
    }


@pytest.fixture(scope="module")
def played(api: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """All tasks in one play."""
    folder = tmp_path_factory.mktemp("options")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    inventory = folder / "inventory"
    jumphost = f"jumphost ansible_connection=elsewhere ansible_python_interpreter={sys.executable}"
    inventory.write_text(f"web ansible_connection=local\n{jumphost}\n", encoding="utf-8")
    tasks: list[dict[str, t.Any]] = []
    for way, (module, _keywords) in WAYS.items():
        for name, nothing in NOTHING.items():
            own = OF_INFO if module == INFO else (*OF_A_WAIT, "jobs", "config_job")
            unset = reading(way, {**IDS, **dict.fromkeys(OF_A_JOB, nothing)}, **dict.fromkeys(own, nothing))
            tasks.append({"name": f"{way}: all {name}", **unset})
            tasks.append({"name": f"{way}: {name} id", **reading(way, {**IDS, "job_id": nothing})})
        tasks.append({"name": f"{way}: misspelt", **reading(way, {**IDS, "api_tokn": "x"})})
        tasks.append({"name": f"{way}: fraction", **reading(way, {**IDS, "job_id": 1.10})})
        tasks.append({"name": f"{way}: number", **reading(way, {"activegate_id": -1, "job_id": -2})})
        needed = dict.fromkeys(variables(api), "")
        tasks.append({"name": f"{way}: no address", **reading(way, IDS), "environment": needed})
        tasks.append(
            {"name": f"{way}: no credentials", **reading(way, {**IDS, "api_url": api.url}), "environment": needed}
        )
    texts = {
        "JSON": {"activegate_update_job": json.dumps(IDS)},
        "pairs": {"activegate_update_job": "activegate_id=-1,job_id=-2"},
        "a variable": {"activegate_update_job": "{{ job_text }}"},
        "a list": {"jobs": json.dumps([{"activegate_update_job": IDS}])},
        "a variable with a list": {"jobs": "{{ jobs_text }}"},
        "an entry": {"jobs": ["{{ entry_text }}"]},
        "a sentence": {"activegate_update_job": "the job of today"},
    }
    tasks += [{"name": f"text: {name}", WAIT: given, "ignore_errors": True} for name, given in texts.items()]
    given = {"null_var": None, "blank_var": "", "space_var": " \n", "other_python": str(python)}
    given |= {"job_text": json.dumps(IDS), "entry_text": json.dumps({"activegate_update_job": IDS})}
    done = Player(folder, given).play(
        tasks,
        *("--inventory", str(inventory), "--extra-vars", f"jobs_text='{texts['a list']['jobs']}'"),
        environment={"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"), **variables(api)},
        hosts="web",
    )
    assert len(done.tasks) == len(tasks), done.output
    return done


by_each_way = pytest.mark.parametrize("way", WAYS)
nothings = pytest.mark.parametrize("nothing", NOTHING)


@by_each_way
@nothings
def test_an_option_without_a_value_counts_as_not_given(played: Played, way: str, nothing: str) -> None:
    task = played[f"{way}: all {nothing}"]
    assert task.outcome == "ok", task.result["msg"]
    assert task.result["job"]["state"] == "succeeded"


@by_each_way
@nothings
def test_an_id_without_a_value_is_refused(played: Played, way: str, nothing: str) -> None:
    """And not taken for all jobs, which a loop would find finished."""
    place = "" if WAYS[way][0] == INFO else f"{WAIT}: activegate_update_job."
    remedy = "; leave it out to ask for all" if WAYS[way][0] == INFO else ""
    task = played[f"{way}: {nothing} id"]
    assert (task.outcome, task.result["msg"]) == ("failed", f"{place}job_id is empty, so it names nothing{remedy}.")


@by_each_way
def test_modules_and_waits_refuse_options_with_the_same_sentences(played: Played, way: str) -> None:
    """On each core, in this process and in another one."""
    is_info = WAYS[way][0] == INFO
    place = "" if is_info else f"{WAIT}: activegate_update_job"
    dot = "" if is_info else f"{place}."
    of_info = "from, to, start_version, start_version_compare_type, target_version, target_version_compare_type, update_type, "
    expected = f"activegate_id, job_id, started_by, {of_info + 'last_updates, ' if is_info else ''}api_url, api_token, access_token, "
    expected += f"validate_certs, ca_path, client_cert, client_key, proxy, request_timeout{', on_missing, retries, timeout' if is_info else ''}"
    none = "Set api_token, or access_token (or DYNATRACE_API_TOKEN, or DYNATRACE_ACCESS_TOKEN in the environment)."
    assert {
        name: played[f"{way}: {name}"].result["msg"]
        for name in ("misspelt", "fraction", "no address", "no credentials")
    } == {
        "misspelt": f"{dot}api_tokn: there is no such option; expected {expected}. Did you mean api_token?",
        "fraction": f"{dot}job_id: expected text, got a decimal number; write it in quotes.",
        "no address": f"{dot}api_url is required (or DYNATRACE_ENV_URL in the environment).",
        "no credentials": f"No credentials. {none}" if is_info else f"{place}: no credentials. {none}",
    }


@by_each_way
def test_an_id_may_be_given_as_a_number(played: Played, way: str) -> None:
    assert played[f"{way}: number"].result["job"]["id"] == "-2"


@pytest.mark.parametrize("text", ["JSON", "pairs", "a variable", "a list", "a variable with a list", "an entry"])
def test_an_option_of_type_dictionary_may_be_json_or_key_value_text(played: Played, text: str) -> None:
    task = played[f"text: {text}"]
    assert [job["id"] for job in task.result.get("jobs", [])] == ["-2"], task.result["msg"]


def test_text_that_is_neither_json_nor_key_value_is_refused(played: Played) -> None:
    assert played["text: a sentence"].result["msg"] == (
        f"{WAIT}: activegate_update_job: expected a dictionary with activegate_id and job_id, "
        "got text that is neither JSON nor key=value."
    )


def test_an_option_may_be_encrypted_where_it_stands(api: Simulator, player: Player) -> None:
    """Up to ansible-core 2.18 that is no text."""
    password = player.folder / "password"
    password.write_text("of-the-vault", encoding="utf-8")
    vault = ("--vault-password-file", str(password))
    connection = api.connection("dynatrace")
    encrypted = subprocess.run(
        ["ansible-vault", "encrypt_string", *vault, connection["api_token"]],
        env=player.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.strip() for line in encrypted.stdout.splitlines()[1:]]
    options = {**IDS, "api_url": connection["api_url"], "api_token": "$TOKEN"}
    tasks = [{WAIT: {"activegate_update_job": options}}, {INFO: options}]
    text = yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    playbook = player.folder / "encrypted.yml"
    block = "".join(f"\n            {line}" for line in lines)
    playbook.write_text(re.sub(r"\$TOKEN", lambda _match: f"!vault |{block}", text), encoding="utf-8")
    played = player.playbook([{"import_playbook": str(playbook)}], *vault)
    assert [task.result["job"]["state"] for task in played.tasks] == ["succeeded", "succeeded"], played.output


GIVEN = {
    "JSON": 'firmware_repo=\'{"task_id": "12"}\'',
    "pairs": "firmware_repo=task_id=12",
    "a list": 'jobs=\'[{"name": "export", "firmware_repo": {"task_id": 12}}]\'',
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
@pytest.mark.parametrize("console", [False, True], ids=["ansible", "ansible-console"])
def test_a_command_line_may_give_each_option_as_text(api: Simulator, player: Player, given: str, console: bool) -> None:
    command = ["ansible-console", "localhost"] if console else ["ansible", "localhost", "-m", WAIT, "-a", given]
    done = subprocess.run(
        command,
        input=f"{WAIT} {given}\n" if console else "",
        env={**player.environment(**variables(api)), "TERM": "dumb", "HOME": os.fspath(player.folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    assert "firmware_repo 12" in done.stdout
    assert '"state": "succeeded"' in done.stdout, done.stdout
