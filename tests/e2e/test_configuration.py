# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the machine that asks: a wrong one ends a task at once, with the name of the variable or the option."""

from __future__ import annotations

import json

import pytest

from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.playing import Player

WAIT, INFO = "endstate.jobs.wait_for_job", "endstate.jobs.firmware_repo_status"
AT_ONCE = 5.0
"""Seconds. A fault that passes for an API that is down takes ``unreachable_timeout``, 300 s by default."""

WRONG = {
    "no such bundle": (
        {"REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem"},
        "REQUESTS_CA_BUNDLE: there is no file or folder /nonexistent/ca.pem.",
    ),
    "no such bundle of curl's": (
        {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": "/nonexistent/ca.pem"},
        "CURL_CA_BUNDLE: there is no file or folder /nonexistent/ca.pem.",
    ),
    "no certificates": (
        {"REQUESTS_CA_BUNDLE": "/dev/null"},
        "REQUESTS_CA_BUNDLE: the file /dev/null holds no CA certificates in PEM format, or one that is damaged.",
    ),
    "a proxy of an unknown scheme": (
        {"HTTPS_PROXY": "htpp://user:proxy-password@proxy.example.com:3128"},
        "HTTPS_PROXY: expected a URL such as https://host.example.com.",
    ),
    "a proxy whose port is none": (
        {"all_proxy": "http://user:proxy-password@proxy.example.com:0"},
        "all_proxy: expected a URL with a port from 1 to 65535.",
    ),
}


@pytest.fixture
def trusting(player: Player, simulator: Simulator) -> Player:
    """Its plays trust what the environment names, and no file of their own."""
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": "complete"}]}])
    connection = {name: value for name, value in simulator.connection("xclarity").items() if name != "ca_path"}
    player.variables = {**player.variables, "xclarity": connection}
    return player


@pytest.mark.parametrize("from_task", [False, True], ids=["of the controller", "of the task"])
@pytest.mark.parametrize(("environment", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_variable_ends_a_task_at_once(
    trusting: Player, environment: dict[str, str], sentence: str, from_task: bool
) -> None:
    variables = {"no_proxy": "", **environment}
    keywords = {"ignore_errors": True, **({"environment": variables} if from_task else {})}
    tasks = [{WAIT: {"firmware_repo": {"task_id": "12"}}, **keywords}, {INFO: {"task_id": "12"}, **keywords}]
    played = trusting.play(tasks, environment=None if from_task else variables, module_defaults=DEFAULTS)
    waited, read = (task.result for task in played.tasks)
    assert waited["job"]["error"]["kind"] == read["error"]["kind"] == "configuration"
    assert waited["job"]["error"]["message"] == read["msg"] == sentence
    assert (waited["polls"], waited["elapsed"] < AT_ONCE) == (1, True)
    assert "proxy-password" not in json.dumps([waited, read])
    assert "Traceback" not in played.output


def test_a_ca_path_that_holds_no_certificate_is_refused(trusting: Player) -> None:
    wrong = {"ca_path": "/dev/null"}
    tasks = [{WAIT: {"firmware_repo": {"task_id": "12", **wrong}}}, {INFO: {"task_id": "12", **wrong}}]
    played = trusting.play([{**task, "ignore_errors": True} for task in tasks], module_defaults=DEFAULTS)
    said = "ca_path: the file /dev/null holds no CA certificates in PEM format, or one that is damaged."
    waited, read = (task.result for task in played.tasks)
    assert (waited["msg"], read["msg"]) == (f"{WAIT}: firmware_repo.{said}", said)
    assert read["error"]["kind"] == "configuration"


@pytest.mark.parametrize("hosts", ["*", "127.0.0.1"])
def test_no_proxy_in_the_environment_of_a_task_turns_a_proxy_off(
    player: Player, simulator: Simulator, hosts: str
) -> None:
    """As troubleshooting.rst says."""
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": "complete"}]}])
    tasks = [{WAIT: {"firmware_repo": {"task_id": "12"}}}, {INFO: {"task_id": "12"}}]
    played = player.play(
        [{**task, "environment": {"no_proxy": hosts}} for task in tasks],
        environment={"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "no_proxy": ""},
        module_defaults=DEFAULTS,
    )
    assert [task.outcome for task in played.tasks] == ["ok", "ok"], played.output
