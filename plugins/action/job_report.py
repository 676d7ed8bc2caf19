# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the result of a wait and writes the report on the controller."""

from __future__ import annotations

import os
import time
import typing as t

from ansible import constants
from ansible.plugins.action import ActionBase

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS
from ansible_collections.endstate.jobs.plugins.plugin_utils._inert import inert
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.documents import documents
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import Verdict, judge
from ansible_collections.endstate.jobs.plugins.plugin_utils._report_options import parse_report_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._task_environment import task_environment

KEYS = {system.name: system.key for system in SYSTEMS}


class ActionModule(ActionBase):
    """Opens no connection, and needs none."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """The verdict, and the files that were written."""
        super().run(tmp, task_vars)
        host = self._task.delegate_to
        if host and host not in constants.LOCALHOST and self._connection.transport != "local":
            return _failed(
                f"The report is written on the controller, and not on {host}. Leave delegate_to out; if {host} needs the"
                " report, copy the files to it."
            )
        try:
            with task_environment(self):  # the path may name a variable of it
                options = parse_report_options(self._task.args)
            wait = read_wait(self._task.args["result"], KEYS)
            verdict = judge(wait, options.policy)
        except OptionError as error:
            return _failed(str(error))
        # Options that the wait could not work with are as wrong in check mode.
        decided = not self._task.check_mode or any(part.failed and not part.jobs for part in wait.parts)
        known = {**_known(verdict), "decided": decided, "passed": decided and verdict.passed}
        message = inert(verdict.message)
        if not options.folder or not decided:
            return {"changed": False, "files": [], "msg": message, **known}
        try:
            files = _write(options.folder, documents(verdict, wait, title=options.title, now=time.time()))
        except OSError as error:
            why = f"No report was written: {options.folder_option} {options.folder}: {error.strerror or error}."
            return {**_failed(f"{message} {why}"), **known}
        return {"changed": True, "files": files, "msg": f"{message} The report is in {files[-1]}.", **known}


def _failed(message: str) -> dict[str, t.Any]:
    return {"failed": True, "changed": False, "files": [], "msg": message}


def _known(verdict: Verdict) -> dict[str, t.Any]:
    published = verdict.published()
    # A result has a failed of its own.
    published["failed_jobs"] = published.pop("failed")
    states = [f"{job.label}: {job.known.phrase()}" for job in verdict.jobs]
    # The role publishes it with set_stats, and what is published comes back as an extra variable, which is a template.
    return t.cast("dict[str, t.Any]", inert({**published, "states": states}))


def _write(folder: str, texts: t.Mapping[str, str]) -> list[str]:
    """Writes documents to a folder in their order, each whole or not at all."""
    os.makedirs(folder, exist_ok=True)
    files = []
    for name, text in texts.items():
        target = os.path.join(folder, name)
        draft = f"{target}.{os.getpid()}"
        try:
            with open(draft, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(draft, target)
        except OSError:
            if os.path.exists(draft):
                os.remove(draft)
            raise
        files.append(target)
    return files
