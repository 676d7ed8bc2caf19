# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of a fault in a real play: one clear sentence, and neither a traceback nor a secret nor a terminal escape."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import typing as t

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS
from simulator.client import Simulator
from tests.e2e.conftest import DEFAULTS
from tests.e2e.matrix.cells import is_sentence
from tests.e2e.matrix.running import ACTIVEGATE, ENDS, secrets
from tests.e2e.playing import Player

FAULTS: dict[str, dict[str, t.Any]] = {
    "status": {"status": 503, "body": "html"},
    "hang": {},
    "huge": {},
    "deep": {},
    "redirect": {"location": "https://elsewhere.example/"},
    "expired": {},
}
BAD_ENDS = {"dynatrace": "FAILED", "multiplay": "6", "strata": "FIN/FAIL", "xclarity": "error"}
IDS = {system.name: list(system.ids)[-1] for system in SYSTEMS}


def options(system: str, job_id: str) -> dict[str, t.Any]:
    """What names the job."""
    return {**({"activegate_id": ACTIVEGATE} if system == "dynatrace" else {}), IDS[system]: job_id}


def tasks(job_ids: dict[str, list[str]], **wait: t.Any) -> list[dict[str, t.Any]]:
    """Each job read and waited for."""
    quick = {"interval": 0.1, "unreachable_timeout": 0.2, "timeout": 20, **wait}
    return [
        {**task, "ignore_errors": True}
        for system in SYSTEMS
        for job_id in job_ids[system.name]
        for task in (
            {f"endstate.jobs.{system.module}": {**options(system.name, job_id), "retries": 0}},
            {"endstate.jobs.wait_for_job": {system.key: options(system.name, job_id), **quick}},
        )
    ]


def all_secrets(simulator: Simulator) -> set[str]:
    """What nobody may see."""
    return set().union(*map(secrets, simulator.connections().values()))


def test_a_fault_is_shown_as_one_clear_sentence(simulator: Simulator, player: Player) -> None:
    job_ids = {system.name: [f"{100 + number}" for number in range(len(FAULTS))] for system in SYSTEMS}
    simulator.add(
        jobs=[
            {"system": name, "id": job_id, "stages": [{"state": ENDS[name]}]}
            for name in ENDS
            for job_id in job_ids[name]
        ],
        faults=[
            {"system": name, "job": job_id, "kind": kind, **fault}
            for name in ENDS
            for job_id, (kind, fault) in zip(job_ids[name], FAULTS.items(), strict=True)
        ],
    )
    patience = {"group/endstate.jobs.all": {"request_timeout": 1}}
    played = player.play(tasks(job_ids), "-v", module_defaults={**patience, **DEFAULTS})
    assert len(played.tasks) == 2 * len(ENDS) * len(FAULTS)
    assert [task.outcome for task in played.tasks] == ["failed"] * len(played.tasks), played.output
    assert [task.result["msg"] for task in played.tasks if not is_sentence(task.result["msg"])] == []
    assert "Traceback (most recent call last)" not in played.output
    seen = played.output + str([task.result for task in played.tasks])
    assert [secret for secret in all_secrets(simulator) if secret in seen] == []


def on_a_terminal(command: list[str], environment: t.Mapping[str, str]) -> bytes:
    """All that a command writes to its terminal."""
    ours, its = pty.openpty()
    with subprocess.Popen(command, env=environment, stdin=its, stdout=its, stderr=its):
        os.close(its)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            seen += part
    os.close(ours)
    return seen


def test_an_apis_text_is_no_template_and_no_terminal_command(simulator: Simulator, player: Player) -> None:
    """It is no template, and no command to the terminal, in whatever is shown of it."""
    simulator.add(
        jobs=[{"system": name, "id": "7", "stages": [{"state": state}]} for name, state in BAD_ENDS.items()],
        faults=[{"kind": "control_characters"}],
    )
    show = {"ansible.builtin.debug": {"msg": "It says {{ read.msg }}"}}
    steps = [
        step for task in tasks({name: ["7"] for name in BAD_ENDS}) for step in ({**task, "register": "read"}, show)
    ]
    play = {"hosts": "localhost", "gather_facts": False, "module_defaults": DEFAULTS, "tasks": steps}
    playbook = player.folder / "playbook.yml"
    playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
    command = ["ansible-playbook", str(playbook), "-vvv", "--extra-vars", json.dumps(player.variables)]
    seen = on_a_terminal(command, player.environment()).decode()
    results = (player.folder / "results").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line)["result"]["msg"] for line in results]
    assert ["red {{ 7*7 }} 1mbold second line" in message for message in messages] == [True] * 4 * len(BAD_ENDS), seen
    assert "red 49" not in seen
    # Without colours Ansible itself writes none of these.
    assert sorted(set(re.findall(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", seen))) == []
