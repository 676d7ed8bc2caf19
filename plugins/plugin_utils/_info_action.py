# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all info modules share on the controller's side.

If a task runs on the controller anyway, the module's body runs in this process: packing it and starting Python for it takes some
300 ms, reading a job 4. Everywhere else the module runs as ever.
"""

from __future__ import annotations

import json
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action.normal import ActionModule as NormalAction

from ..module_utils._errors import OptionError
from ..module_utils._http.tokens import TokenCache
from ..module_utils._info_module import info, refused, without_job
from ..module_utils._systems.base import Load, System, SystemOptions
from ..module_utils._systems.registry import ALL
from ..module_utils._values import is_set
from ._controller import ending_with_controller
from ._delegate import why_not_run
from ._task_environment import task_environment
from ._user_files import finder
from ._wait.profile_files import Profiles
from ._wait.started import OPTION, nothing_started, started_jobs

TOKENS = TokenCache()
"""Of this process, which ends with the task: attempts of its ``until`` loop, and its items, share a token."""

BY_MODULE = {system.module: system for system in ALL}


class ActionModule(NormalAction):
    """Runs an info module in this process if that only saves time and changes nothing else."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """The module's result, key by key as the module gives it."""
        system = BY_MODULE[self._task.resolved_action.rsplit(".", maxsplit=1)[-1]]
        load = Profiles(finder(self)).load
        rest = {option: value for option, value in self._task.args.items() if option != OPTION}
        # As the module would get them: plain strings, not the several kinds of strings that core has.
        given = json.loads(json.dumps(rest, default=str))
        if OPTION in self._task.args:
            result = self._task.args[OPTION]
            # Callbacks get the options of a task together with its result.
            self._task.args = given
            try:
                with task_environment(self):
                    named = self._named(system.chosen(given, load), given, result)
            except OptionError as error:
                return refused(system, given, error)
            if named is None:
                return without_job(system, given)
            self._task.args = given = named
        if self._runs_here(task_vars or {}):
            return self._here(system, given, load, task_vars or {})
        return self._elsewhere(system, given, load, tmp, task_vars)

    def _here(
        self, system: SystemOptions, given: dict[str, t.Any], load: Load, task_vars: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        """The result of the module's body in this process."""
        breaks: list[t.Callable[[], None]] = []

        def break_off() -> None:
            for one in breaks:
                one()

        with task_environment(self), ending_with_controller(break_off):
            result = info(
                system, given, connected=breaks.append, check_mode=self._task.check_mode, tokens=TOKENS, load=load
            )
        if not _shows_invocation(task_vars):
            del result["invocation"]
        return result

    def _elsewhere(
        self,
        system: SystemOptions,
        given: dict[str, t.Any],
        load: Load,
        tmp: str | None,
        task_vars: dict[str, t.Any] | None,
    ) -> dict[str, t.Any]:
        """The result of the module, which ansible-core runs."""
        try:
            with task_environment(self):
                chosen = system.chosen(given, load)
                if chosen is not system:
                    # What was found on this machine, and what its environment says, is not to be found on the other.
                    self._task.args = chosen.given(chosen.validated(chosen.module_spec(), given))
        except OptionError:
            return info(system, given, load=load)  # which fails in the same words
        result = super().run(tmp, task_vars)
        if result.get("failed") and ("module_stderr" in result or "msg" not in result):
            result["msg"] = why_not_run(result, self._task.delegate_to or self._play_context.remote_addr)
        return t.cast("dict[str, t.Any]", result)

    def _named(self, system: System, given: dict[str, t.Any], result: t.Any) -> dict[str, t.Any] | None:
        """The options with the ids of the one job that was started; ``None`` if none was, in check mode.

        :raises OptionError: if no job, or more than one, was started.
        """
        if not is_set(result) and system.ids_in(given):
            return given
        jobs = started_jobs(system, {**given, OPTION: result}, lambda _line: None)
        if len(jobs) > 1:
            several = f"{len(jobs)} jobs were started, and this module reads one"
            raise OptionError(OPTION, f"{several}; use endstate.jobs.wait_for_job, or a loop over the results.")
        if not jobs and not self._task.check_mode:
            raise OptionError(OPTION, nothing_started("read"))
        return jobs[0].given if jobs else None

    def _runs_here(self, task_vars: dict[str, t.Any]) -> bool:
        """Whether the module would be run on this machine, as this user, by this Python, and waited for."""
        python = self._templar.template(task_vars.get("ansible_python_interpreter"))
        return (
            self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and python in (None, task_vars.get("ansible_playbook_python"))
        )


def _shows_invocation(task_vars: dict[str, t.Any]) -> bool:
    """Whether modules return their arguments: a setting since 2.21, always before."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True
