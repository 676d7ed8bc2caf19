# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pan-scm-sdk's ``wait_for_job`` and ours, on the same push: the outcome, the time and the number of requests of both."""

from __future__ import annotations

import json
import subprocess
import time
import typing as t
from pathlib import Path

from . import measure
from .plays import BUILD, CHECKOUT, Stage, environment, last_result

PACKAGE = "pan-scm-sdk==0.15.1"
SECONDS = 47.0
"""How long the push runs."""


def against_the_sdk(stage: Stage) -> dict[str, t.Any]:
    """A push of 47 s, with the defaults of both."""
    found: dict[str, t.Any] = {}
    python = _python()
    script = str(CHECKOUT / "benchmarks/peers/scm_wait.py")
    results = BUILD / "results"

    def sdk() -> measure.Usage:
        command = [str(python), script, json.dumps(stage.variables["strata"]), "294", "10"]
        return measure.run(command, {**environment(), "OAUTHLIB_INSECURE_TRANSPORT": "1"}, BUILD / "play.log")

    def ours() -> measure.Usage:
        # An ordinary job, which has no children: the SDK does not follow them.
        return stage.play([{"endstate.jobs.wait_for_job": {"config_job": {"job_id": "294"}}}], results=results)

    for name, wait in {"sdk": sdk, "wait_for_job": ours}.items():
        stage.simulator.reset()
        states = [{"state": "ACT", "for": SECONDS, "progress": [0, 99]}, {"state": "FIN/OK"}]
        stage.simulator.add([{"system": "strata", "id": "294", "type": "CommitAll", "stages": states}])
        began = time.monotonic()
        usage = wait()
        # After our wait has seen the end, only the process ends.
        found[name] = {
            "ended_after_s": time.monotonic() - began - SECONDS,
            "requests": sum(request["path"].endswith("/294") for request in stage.simulator.requests()),
            "cpu_s": usage.cpu,
        }
    assert last_result(results)["succeeded"]
    return found


def _python() -> Path:
    """Python with the SDK, in an environment of its own."""
    venv = BUILD / "venv"
    if not (venv / "bin/python").exists():
        uv = CHECKOUT / ".build/uv/bin/uv"
        subprocess.run([uv, "venv", "--quiet", "--python", CHECKOUT / ".build/uv/bin/python", venv], check=True)
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", venv, PACKAGE]
        subprocess.run(install, check=True)
    return venv / "bin/python"
