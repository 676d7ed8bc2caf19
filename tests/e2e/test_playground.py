# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make simulator``: what it prints is all that a task needs."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys

from tests.e2e.playing import CHECKOUT

JOBS = {
    "activegate_update_job": {"activegate_id": "-1556499193", "job_id": "-7537034309286328684"},
    "imageupdate": {"update_id": "1234"},
    "config_job": {"job_id": "294"},
    "firmware_repo": {"task_id": "12"},
}


def test_a_task_finds_the_simulator_by_the_variables_that_it_prints(player) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.playground"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT / '.build/tree'}{os.pathsep}{CHECKOUT}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        variables = {}
        while (line := process.stdout.readline().strip()) and "Ctrl-C" not in line:
            if line.startswith("export "):
                name, _equals, value = line.removeprefix("export ").partition("=")
                (variables[name],) = shlex.split(value)
        jobs = [{key: ids} for key, ids in JOBS.items()]
        task = {"endstate.jobs.wait_for_job": {"jobs": jobs, "timeout": 0, "on_timeout": "warn"}}
        played = player.play([task], environment=variables)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 0
    assert [job["state"] for job in played.last.result["jobs"]] == ["running"] * 4
