# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's part of a wait: reads the task, runs the engine, shows progress, and returns the result."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import traceback
import typing as t

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._http.deadline import NEVER, Deadline
from ansible_collections.endstate.jobs.plugins.module_utils._http.library import REQUESTS_IMPORT_ERROR
from ansible_collections.endstate.jobs.plugins.module_utils._values import is_set
from ansible_collections.endstate.jobs.plugins.plugin_utils._controller import ending_with_controller
from ansible_collections.endstate.jobs.plugins.plugin_utils._delegate import Delegate
from ansible_collections.endstate.jobs.plugins.plugin_utils._module_defaults import ModuleDefaults
from ansible_collections.endstate.jobs.plugins.plugin_utils._stdout import is_read_by_people
from ansible_collections.endstate.jobs.plugins.plugin_utils._task_environment import task_environment
from ansible_collections.endstate.jobs.plugins.plugin_utils._user_files import finder
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import JobItem, parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import WaitOptions, parse_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.result import result
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.started import without_results
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.task_wait import task_wait

COLLECTION = "endstate.jobs"
ENDS_OF_PROCESS = (KeyboardInterrupt, SystemExit, GeneratorExit)


class ActionModule(ActionBase):
    """Polls from the controller, in the process of the task. Opens a connection only to a host that the task is delegated to."""

    TRANSFERS_FILES = False
    _requires_connection = (
        False  # otherwise core starts a process for each host with a network connection, and keeps it
    )
    _supports_check_mode = True
    _supports_async = True  # so that it is refused here, in a message that says what to do instead
    _end = NEVER
    """When the wait must be over, wherever the jobs are read."""
    _given: t.Mapping[str, t.Any] = {}
    """The task's options, with the registered results that are among them."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Waits for the task's jobs.

        :raises AnsibleActionFail: when the task's options cannot be worked with.
        """
        super().run(tmp, task_vars)
        variables = task_vars or {}
        if not self._given:  # else a further attempt of an until loop
            # Callbacks get the options of a task together with its result.
            self._given, self._task.args = self._task.args, without_results(self._task.args)
        # The fork shares memory with the controller. A garbage collection would write to all of it and copy it: 12 MB with 1,000 jobs.
        gc.freeze()
        if self._task.async_val:
            instead = "leave it out, for the wait holds no connection; to go on meanwhile, read the job later with an info module."
            raise AnsibleActionFail(f"{self._task.action}: async is not supported; {instead}")
        if REQUESTS_IMPORT_ERROR and not self._is_delegated():
            raise AnsibleActionFail(missing_required_lib("requests"))
        delegate = self._delegate(variables)
        fetch, settle = delegate.fetch if delegate else None, not self._task.check_mode
        notices: list[str] = []
        with task_environment(self):
            try:
                options = self._options()
                items = self._items(variables, notices.append)
                session = WaitSession(items, min(options.concurrency, len(items)), fetch, settle=settle)
            except OptionError as error:
                # In this one place: core would name the plugin by its path.
                raise AnsibleActionFail(f"{self._task.action}: {error}") from None
            with ending_with_controller(session.break_off):
                try:
                    result = self._wait(session, options, variables.get("inventory_hostname", "localhost"), notices)
                finally:
                    _close(session)
        if delegate and delegate.unreachable:
            # A result is either failed or unreachable: core looks at the first alone.
            return {**result, "failed": False, "unreachable": True, "msg": delegate.unreachable}
        return result

    def _options(self) -> WaitOptions:
        """The options of the wait. In check mode each job is polled once."""
        options = parse_options(self._given)
        if not self._task.check_mode:
            return options
        # A job that is missing may be one that the run would have created: it is late, and not bad.
        settings = dataclasses.replace(options.settings, timeout=0.0, missing_grace=float("inf"))
        return dataclasses.replace(options, settings=settings, on_timeout="ignore")

    def _items(self, variables: dict[str, t.Any], notice: t.Callable[[str], None]) -> list[JobItem]:
        """The jobs that the task names, with their defaults and profiles.

        :param notice: receives a line for each place of which no job, or not each, was started.
        """
        defaults = ModuleDefaults(self._task.module_defaults or [], self._templar, variables.get("omit"), COLLECTION)
        load, check_mode = Profiles(finder(self)).load, self._task.check_mode
        return parse_items(self._given, defaults.of, load=load, notice=notice, check_mode=check_mode)

    def cleanup(self, force: bool = False) -> None:
        """Removes what was put on another machine. If that machine is gone, it is known by then, and the result must not be lost."""
        with contextlib.suppress(AnsibleConnectionFailure):
            super().cleanup(force)

    def _wait(
        self, session: WaitSession, options: WaitOptions, host: str, notices: t.Sequence[str]
    ) -> dict[str, t.Any]:
        if self._task.no_log:
            options = dataclasses.replace(options, progress="none")
        stderr = not is_read_by_people()
        wait = task_wait(
            session,
            options,
            lambda line: Display().display(line, stderr=stderr),
            host=host,
            inline=self._is_delegated(),
            notices=notices,
        )
        self._end = Deadline(wait.ends_at)
        ending: dict[str, t.Any] = {}
        try:
            wait.run()
        except ENDS_OF_PROCESS:
            raise
        except Exception as error:
            why = f"A bug of {self._task.action} ended the wait ({type(error).__name__}: {error}); please report it."
            ending = {"failed": True, "msg": why, "exception": traceback.format_exc()}
        except BaseException:
            # The ``timeout`` of the task raises no Exception. The last known states are worth more than its traceback.
            period = self._task.timeout
            ending = {"failed": True, "timed_out": True, "timedout": {"period": period}}
            ending["msg"] = f"The task's timeout of {period} s ended the wait."
        single = len(session.items) == 1 and not is_set(self._given.get("jobs"))
        known = result(session, wait, single=single, on_timeout=options.on_timeout)
        if ending:
            ending["msg"] += f" {known['msg']}"
        return {**known, **session.secrets.mask(ending)}

    def _is_delegated(self) -> bool:
        """Whether the task runs on another machine: only if it is delegated, and not to the controller itself."""
        return bool(self._task.delegate_to) and self._connection.transport != "local"

    def _delegate(self, task_vars: dict[str, t.Any]) -> Delegate | None:
        """The other machine that the task is delegated to, or ``None``."""
        if not self._is_delegated():
            return None

        def execute(module: str, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
            arguments = {**arguments, "timeout": self._end.seconds_left}
            return t.cast(
                "dict[str, t.Any]", self._execute_module(module_name=module, module_args=arguments, task_vars=task_vars)
            )

        return Delegate(self._task.delegate_to, execute, COLLECTION)


def _close(session: WaitSession) -> None:
    """Closes the session. The result must not be lost if the ``timeout`` of the task, which raises no ``Exception``, ends a logout."""
    try:
        session.close()
    except ENDS_OF_PROCESS:
        raise
    except BaseException:
        Display().vvv("The task's timeout broke off a logout.")
