# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all unit tests share: a clean environment, a server to talk to, and modules run whole."""

from __future__ import annotations

import importlib
import json
import os
import sys
import typing as t

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings
from hypothesis import settings

from ansible_collections.endstate.jobs.tests.unit.cases import Case
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply

settings.register_profile("quick", max_examples=200, deadline=None, derandomize=True, database=None)
settings.register_profile("slow", max_examples=10_000, deadline=None, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


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
    """Runs a module of the collection in this process, as Ansible would, and returns what it printed."""

    def __call__(self, name: str, options: t.Mapping[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
        """Run it with these options."""


@pytest.fixture
def run_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunModule:
    def run(name: str, options: t.Mapping[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
        arguments = {"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check_mode}}
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(arguments).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)  # from 2.19 on
        internal = sys.modules.get("ansible.module_utils._internal")  # from 2.19 on
        if internal:
            monkeypatch.setattr(internal, "is_controller", False)
        given: t.Any = ansible_warnings._global_warnings
        monkeypatch.setattr(ansible_warnings, "_global_warnings", type(given)())
        module = importlib.import_module(f"ansible_collections.endstate.jobs.plugins.modules.{name}")
        capsys.readouterr()
        with pytest.raises(SystemExit):
            module.main()
        printed = capsys.readouterr()
        assert printed.err == ""
        result: dict[str, t.Any] = json.loads(printed.out)
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
