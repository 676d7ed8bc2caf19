# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For tests and demonstrations: starts a simulator, drives it, stops it."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .systems import SYSTEMS

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT = 30.0  # seconds


class Simulator:
    """A running simulator. Use ``with Simulator.start(...) as simulator:``."""

    def __init__(self, process: subprocess.Popen[str], folder: tempfile.TemporaryDirectory[str]) -> None:
        self._process = process
        self._folder = folder
        self._lock = threading.Lock()
        self._control: http.client.HTTPConnection | None = None
        self._accounts = {name: dict(system.ACCOUNT) for name, system in SYSTEMS.items()}
        self.url = ""
        self.ca: str | None = None

    @classmethod
    def start(
        cls,
        *,
        tls: bool = False,
        scenario: Mapping[str, Any] | None = None,
        speed: float = 1.0,
    ) -> Simulator:
        """Starts a simulator and waits until it accepts connections. Raises RuntimeError with its output if it does not."""
        folder = tempfile.TemporaryDirectory(prefix="simulator-")
        ready_file = Path(folder.name, "ready.json")
        errors = Path(folder.name, "stderr")
        command = [sys.executable, "-m", "simulator", "--quiet", "--ready-file", str(ready_file), "--speed", str(speed)]
        if tls:
            command += ["--tls", folder.name]
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                text=True,
            )
        simulator = cls(process, folder)
        try:
            simulator._await(ready_file, errors)
            if scenario:
                simulator.play(scenario)
        except BaseException:
            simulator.stop()
            raise
        return simulator

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def stop(self) -> int:
        """Ends it; the exit status."""
        if self._control is not None:
            self._control.close()
        self._process.terminate()
        try:
            return self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            self._folder.cleanup()

    def add(
        self, jobs: Sequence[Mapping[str, Any]] = (), faults: Sequence[Mapping[str, Any]] = ()
    ) -> list[dict[str, Any]]:
        """Adds jobs and faults; for each job its ``system``, ``id`` and the ids of its ``children``."""
        return self.play({"jobs": list(jobs), "faults": list(faults)})

    def play(self, scenario: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Adds a whole scenario; returns the same as ``add``."""
        made: list[dict[str, Any]] = self._ask("POST", "scenario", scenario)["jobs"]
        for name, account in scenario.get("accounts", {}).items():
            self._accounts[name].update(account)
        return made

    def requests(self) -> list[dict[str, Any]]:
        """The requests to the vendors' APIs since the last reset, oldest first."""
        log: list[dict[str, Any]] = self._ask("GET", "requests")["requests"]
        return log

    def stats(self) -> dict[str, dict[str, int]]:
        """Counts for each system since the last reset."""
        counts: dict[str, dict[str, int]] = self._ask("GET", "stats")
        return counts

    def reset(self) -> None:
        """Removes jobs, faults and the log."""
        self._ask("POST", "reset", {})

    def expire(self, system: str) -> None:
        """Makes all tokens or sessions of a system void."""
        self._ask("POST", "expire", {"system": system})

    def connection(self, system: str) -> dict[str, Any]:
        """The connection options of our modules for a system."""
        options = SYSTEMS[system].connection(self.url, self._accounts[system])
        return {**options, "ca_path": self.ca} if self.ca else options

    def connections(self) -> dict[str, dict[str, Any]]:
        """The connection options of each system, by its name."""
        return {system: self.connection(system) for system in SYSTEMS}

    def _await(self, ready_file: Path, errors: Path) -> None:
        deadline = time.monotonic() + START_LIMIT
        while not ready_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the simulator did not start: {errors.read_text().strip()}")
            time.sleep(0.02)
        ready = json.loads(ready_file.read_text())
        self.url, self.ca = ready["url"], ready["ca"]
        where = urlsplit(self.url)
        # One connection for all requests, because a fault may refuse new ones. No proxy is used.
        if self.ca:
            context = ssl.create_default_context(cafile=self.ca)
            self._control = http.client.HTTPSConnection(where.netloc, context=context, timeout=30)
        else:
            self._control = http.client.HTTPConnection(where.netloc, timeout=30)
        self._ask("GET", "health")

    def _ask(self, method: str, what: str, body: Any = None) -> Any:
        assert self._control is not None, "the simulator was not started"
        with self._lock:
            payload = None if body is None else json.dumps(body)
            self._control.request(method, f"/_sim/{what}", payload, {"Content-Type": "application/json"})
            response = self._control.getresponse()
            answer = json.loads(response.read())
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer
