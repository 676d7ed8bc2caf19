# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real rulebooks with the real ansible-rulebook, against the simulator."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from simulator.client import Simulator

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LIMIT = 60.0  # seconds; a start alone takes three
INVENTORY = {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}


class Rulebook:
    """One run of ansible-rulebook.

    :param folder: for its files.
    :param command: the ansible-rulebook to run.
    :param java: the java that its engine runs in.
    :param simulator: what its sources ask.
    """

    def __init__(self, folder: Path, command: str, java: str, simulator: Simulator) -> None:
        self._folder = folder
        self._command = command
        self._output = folder / "output"
        self._process: subprocess.Popen[bytes] | None = None
        dynatrace, strata, xclarity = map(simulator.connection, ("dynatrace", "strata", "xclarity"))
        self.environment = {
            **os.environ,
            # The playbooks run on the ansible-core beside it, or on the one that ANSIBLE_BIN names.
            "PATH": os.pathsep.join(
                filter(None, [os.environ.get("ANSIBLE_BIN"), str(Path(command).parent), os.environ["PATH"]])
            ),
            "JAVA_HOME": str(Path(java).resolve().parent.parent),
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".build/tree"),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_NOCOLOR": "true",
            # A rulebook that goes on would keep its output to itself, in a pipe or a file.
            "PYTHONUNBUFFERED": "1",
            "DYNATRACE_ENV_URL": dynatrace["api_url"],
            "DYNATRACE_API_TOKEN": dynatrace["api_token"],
            "SCM_API_URL": strata["api_url"],
            "SCM_TOKEN_URL": strata["token_url"],
            "SCM_CLIENT_ID": strata["client_id"],
            "SCM_CLIENT_SECRET": strata["client_secret"],
            "SCM_TSG_ID": strata["tsg_id"],
            "XCLARITY_URL": xclarity["api_url"],
            "XCLARITY_USERNAME": xclarity["username"],
            "XCLARITY_PASSWORD": xclarity["password"],
        }

    @property
    def output(self) -> str:
        """All that it has printed so far, on both streams."""
        return self._output.read_text(encoding="utf-8")

    def start(self, rulebook: str | list[Any], **variables: Any) -> None:
        """Start a rulebook of the collection by its name, or one made of these rulesets."""
        if not isinstance(rulebook, str):
            path = self._folder / "rulebook.yml"
            path.write_text(yaml.safe_dump(rulebook, sort_keys=False), encoding="utf-8")
            rulebook = str(path)
        inventory = self._write("inventory.yml", INVENTORY)
        known = self._write("variables.yml", variables)
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [self._command, "--rulebook", rulebook, "--inventory", inventory, "--vars", known, "--print-events"],
                cwd=self._folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def until(self, words: str, count: int = 1) -> None:
        """Wait until it has printed these words so many times, each of them in time."""
        for number in range(1, count + 1):
            deadline = time.monotonic() + LIMIT
            while self.output.count(words) < number:
                assert self._process is not None
                assert self._process.poll() is None, f"ended without {words!r} number {number}: {self.output}"
                assert time.monotonic() < deadline, f"no {words!r} number {number} in {LIMIT:.0f} s: {self.output}"
                time.sleep(0.05)

    def wait(self, limit: float = LIMIT) -> int:
        """Wait so many seconds for its end; its status."""
        assert self._process is not None
        return self._process.wait(limit)

    def send(self, number: signal.Signals) -> None:
        """Send the signal to ansible-rulebook alone, and to none of its playbooks."""
        assert self._process is not None
        self._process.send_signal(number)

    def interrupt(self) -> float:
        """Stop it as Ctrl-C does; the seconds that it takes."""
        started = time.monotonic()
        self.send(signal.SIGINT)
        self.wait()
        return time.monotonic() - started

    def stop(self) -> None:
        """End what is left of it, playbooks that it runs included."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _write(self, name: str, content: Mapping[str, Any]) -> str:
        path = self._folder / name
        path.write_text(yaml.safe_dump(dict(content)), encoding="utf-8")
        return str(path)
