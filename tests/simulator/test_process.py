# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: what it says, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from simulator.client import ROOT, Simulator
from simulator.systems import SYSTEMS


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_simulator_at_once_during_a_hanging_request(tmp_path: Path, number: signal.Signals) -> None:
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps({"faults": [{"kind": "hang"}]}))
    ready_file = tmp_path / "ready.json"
    process = start("--scenario", str(scenario), "--ready-file", str(ready_file), "--quiet")
    assert process.stdout is not None
    line = process.stdout.readline()
    assert re.fullmatch(r"simulator ready: http://127\.0\.0\.1:\d+\n", line)
    url = line.split()[-1]
    assert json.loads(ready_file.read_text()) == {"url": url, "ca": None, "pid": process.pid}
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port)) as hanging:
        hanging.sendall(b"GET /cfp/v1/imageupdate/7/status HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        process.send_signal(number)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert time.monotonic() - began < 2


def test_a_port_in_use_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert errors == f"simulator: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_a_bad_scenario_is_told_in_one_sentence(tmp_path: Path) -> None:
    scenario = tmp_path / "bad.yml"
    scenario.write_text("jobs: [{system: strata, stages: [{}]}]")
    process = start("--scenario", str(scenario))
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert errors == f"simulator: the scenario {scenario} cannot be used: jobs[0].stages[0].state: Field required\n"


def test_the_client_gives_the_connection_of_each_system(tls_process: Simulator) -> None:
    assert tls_process.url.startswith("https://127.0.0.1:")
    for system in SYSTEMS:
        options = tls_process.connection(system)
        assert options["api_url"].startswith(tls_process.url)
        assert options["ca_path"] == tls_process.ca
    assert os.path.exists(str(tls_process.ca))


def test_the_client_raises_what_the_simulator_says(process: Simulator) -> None:
    with pytest.raises(ValueError, match=r"jobs\[0\].system: Field required"):
        process.add(jobs=[{"stages": [{"state": "5"}]}])
    made = process.add(jobs=[{"system": "strata", "stages": [{"state": "FIN/OK"}]}])
    assert made[0]["system"] == "strata"
    assert made[0]["children"] == []
