# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that a wait is delegated to: jobs are read there, by the info modules."""

from __future__ import annotations

import re
import typing as t

from ansible.errors import AnsibleAuthenticationFailure, AnsibleConnectionFailure, AnsibleError

from ..module_utils._errors import ApiError, Misconfigured, Unreachable, Unready, from_dict
from ..module_utils._systems.base import System
from ..module_utils._systems.options import Options
from ..module_utils._text import one_line
from ..module_utils._values import number
from ._wait.fetched import Fetched

NEEDS = "The module needs Python 3.9 or newer there, and the Python library requests."

_ERROR_LINE = re.compile(r"^[\w.]*(?:Error|Exception|Interrupt|Exit)\b.*$", re.MULTILINE)
"""The line of a Python traceback that says what was wrong."""

Result = t.Mapping[str, t.Any]


class NeverReached(Unreachable):
    """The machine refused the login, or did not answer at the first connection: a later try is not expected to help."""

    transient = False


class Delegate:
    """Reads jobs by running the info modules on another machine, one at a time.

    :param name: the machine's name, for messages.
    :param execute: runs a module there, given its name and arguments, and returns its result. Raises :class:`AnsibleError`.
    :param collection: what the modules' names begin with.
    """

    def __init__(self, name: str, execute: t.Callable[[str, dict[str, t.Any]], Result], collection: str) -> None:
        self._name = name
        self._execute = execute
        self._collection = collection
        self._has_run = False
        """Whether a module has run there to its end."""
        self._final: ApiError | None = None
        """Why nothing can be read there. It is not tried again for the other jobs: a login that is refused too often locks an account."""
        self._refused: dict[t.Any, ApiError] = {}
        """By account, why no job of it can be read from there. Not tried again either."""
        self._answered: set[t.Any] = set()
        """The accounts of which a job was read from there."""

    @property
    def unreachable(self) -> str | None:
        """Why there is no connection to the machine, if none could be made."""
        return str(self._final) if isinstance(self._final, NeverReached) else None

    def fetch(self, system: System, options: Options) -> Fetched:
        """What the API answers.

        :raises ApiError: when the machine, or the API from there, could not be asked.
        """
        account = system.account(options)
        known = self._final or self._refused.get(account)
        if known:
            raise known.with_traceback(None)
        try:
            result = self._run(system, options)
        except (NeverReached, Misconfigured) as error:
            self._final = error
            raise
        if not result.get("failed"):
            self._answered.add(account)
            return Fetched(result["raw"], number(result.get("retry_after")))
        failure = from_dict(result["error"], one_line(result.get("msg")) or "no reason was given")
        failure.raw = result.get("raw")
        # An appliance that was read before, and now answers a login with a web page or nothing, restarts.
        if failure.of_account and not (isinstance(failure, Unready) and account in self._answered):
            self._refused[account] = failure
        raise failure

    def _run(self, system: System, options: Options) -> Result:
        """The result of the info module, whether it could read the job or not."""
        arguments = {**system.given_to_look_once(options), "retries": 0}
        try:
            result = self._execute(f"{self._collection}.{system.module}", arguments)
        except AnsibleAuthenticationFailure as error:
            raise NeverReached(self._unreachable_because(str(error))) from None
        except AnsibleConnectionFailure as error:
            result = {"unreachable": True, "msg": str(error)}
        except AnsibleError as error:  # such as a wrong password for become
            raise Misconfigured(f"{self._name} cannot be used: {one_line(str(error))}") from None
        if result.get("unreachable"):
            raise (Unreachable if self._has_run else NeverReached)(self._unreachable_because(result.get("msg")))
        if not {"raw", "error"} & result.keys():  # which the modules return in any case
            if self._has_run:  # it was ended, or the machine is about to go down
                raise Unreachable(f"The module on {self._name} broke off: {_reason(result)}.")
            raise Misconfigured(why_not_run(result, self._name))
        self._has_run = True
        return result

    def _unreachable_because(self, why: t.Any) -> str:
        return f"{self._name} cannot be reached: {one_line(why) or 'no reason was given'}"


def why_not_run(result: Result, name: str) -> str:
    """The sentence on an info module that has not come to a result of its own.

    :param result: what ansible-core returns instead.
    :param name: the machine's.
    """
    return f"The module cannot run on {name}: {_reason(result)}. {NEEDS}"


def _reason(result: Result) -> str:
    """What a module that gave no result of its own has written: the error of its traceback, else the first line."""
    exception = result.get("exception")
    # Since 2.19 an object, whose text is elsewhere.
    said = getattr(getattr(exception, "event", None), "msg", exception)
    texts = [
        text.strip()
        for text in (result.get("module_stderr"), result.get("module_stdout"), said, result.get("msg"))
        if isinstance(text, str) and text.strip()
    ]
    errors = [line for text in texts for line in _ERROR_LINE.findall(text)[-1:]]
    first = [line for text in texts for line in text.splitlines()[:1]]
    return (one_line((errors + first + ["no reason was given"])[0]) or "").rstrip(".")
