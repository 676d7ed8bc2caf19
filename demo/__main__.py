# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the simulator, installs the collection from the checkout, and runs the playbook: python -m demo"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from simulator.client import Simulator

from .builds import KEY, build_service

DEMO = Path(__file__).resolve().parent
CHECKOUT = DEMO.parent
BUILD = CHECKOUT / ".build/demo"


def main() -> int:
    collections = str(BUILD / "collections")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_HOME": str(BUILD / "ansible"),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        # Otherwise progress lines come only at the end if the output is a pipe.
        "PYTHONUNBUFFERED": "1",
    }
    install = ["ansible-galaxy", "collection", "install", "--force", "--no-deps", "--collections-path", collections]
    subprocess.run([*install, CHECKOUT], env=environment, check=True, stdout=subprocess.DEVNULL)
    scenario = yaml.safe_load((DEMO / "scenario.yml").read_text(encoding="utf-8"))
    with Simulator.start(tls=True, scenario=scenario) as simulator, build_service() as builds:
        print(f"A simulator of the four vendors is at {simulator.url}.", flush=True)
        print(f"A build service is at {builds.url}; demo/build_profile.yml describes its API.", flush=True)
        rest = {"profile": str(DEMO / "build_profile.yml"), "api_url": builds.url, "token": KEY}
        variables = {**simulator.connections(), "rest": rest, "report_dir": str(BUILD / "report")}
        playbook = ["ansible-playbook", DEMO / "demo.yml", "--extra-vars", json.dumps(variables)]
        status = subprocess.run(playbook, env=environment, check=False).returncode
    if status == 0:
        print(f"The report of the gate: {(BUILD / 'report/report.html').as_uri()}")
    return status


if __name__ == "__main__":
    sys.exit(main())
