# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all unit tests share: a clean environment, a server to talk to, and the info modules."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest
from hypothesis import settings

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL
from ansible_collections.endstate.jobs.tests.unit.cases import Case
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply

settings.register_profile("quick", max_examples=200, deadline=None, derandomize=True, database=None)
settings.register_profile("slow", max_examples=10_000, deadline=None, database=None)
# For tools/fuzz.py: others each time.
settings.register_profile("fuzz", max_examples=1000, deadline=None, database=None)
# ansible-test repeats on another core what was tried in full before, and passes no variable on.
settings.register_profile("few", max_examples=20, deadline=None, derandomize=True, database=None)
REPEATED = "ansible_pytest_collections" in os.environ.get("PYTEST_PLUGINS", "")
settings.load_profile("few" if REPEATED else os.environ.get("HYPOTHESIS_PROFILE", "quick"))

BY_MODULE = {system.module: system for system in ALL}


@pytest.fixture(autouse=True)
def _nothing_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    """No option, proxy or CA from outside."""
    foreign = ("DYNATRACE_", "MULTIPLAY_", "SCM_", "XCLARITY_", "REQUESTS_", "CURL_", "NETRC")
    for name in os.environ:
        if name.startswith(foreign) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> t.Iterator[Loopback]:
    """An HTTP server that says what it is told to."""
    server = Loopback()
    yield server
    server.stop()


class RunModule(t.Protocol):
    """The body of the info module of this name, with options as a task has them: what the module would return."""

    def __call__(self, name: str, options: t.Mapping[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
        """Run it with these options."""


@pytest.fixture
def run_module(capfd: pytest.CaptureFixture[str]) -> RunModule:
    def run(name: str, options: t.Mapping[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
        result = info(BY_MODULE[name], json.loads(json.dumps(options)), check_mode=check_mode)
        assert capfd.readouterr() == ("", "")
        return json.loads(json.dumps(result))

    return run


class RunProcess(t.Protocol):
    """A module in a process of its own, with its arguments in a file, as one debugs a module."""

    def __call__(self, name: str, options: t.Mapping[str, t.Any], before: str = "") -> dict[str, t.Any]:
        """Run it with these options, after a line of Python, and give what it printed."""


@pytest.fixture
def run_process(tmp_path: pathlib.Path) -> RunProcess:
    def run(name: str, options: t.Mapping[str, t.Any], before: str = "") -> dict[str, t.Any]:
        arguments = tmp_path / "arguments.json"
        arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}), encoding="utf-8")
        script = f"{before}\nfrom ansible_collections.endstate.jobs.plugins.modules.{name} import main\nmain()\n"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-c", script, arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        result = json.loads(done.stdout)
        assert done.returncode == bool(result.get("failed"))
        if "warnings" in result:  # objects from 2.19 on
            result["warnings"] = [one if isinstance(one, str) else one["event"]["msg"] for one in result["warnings"]]
        return result

    return run


class Read(t.Protocol):
    """Runs the info module of a case once, with the server answering this."""

    def __call__(self, case: Case, body: t.Any, status: int = 200, **options: t.Any) -> dict[str, t.Any]:
        """Run it with these options beside those of the case."""


@pytest.fixture
def read(server: Loopback, run_module: RunModule) -> Read:
    def read(case: Case, body: t.Any, status: int = 200, **options: t.Any) -> dict[str, t.Any]:
        server.on(case.route, reply(body, status))
        return run_module(case.module, case.given(server.url, **options))

    return read
