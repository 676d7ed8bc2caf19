# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one body of all info modules: asks once and answers in the one shape."""

from __future__ import annotations

import time
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._errors import ApiError, Misconfigured, Missing, OptionError
from ._http.library import REQUESTS_IMPORT_ERROR
from ._job import Job
from ._secrets import masked
from ._systems.base import System
from ._systems.options import Options, Spec
from ._text import counted

COMMON: Spec = {
    "on_missing": {"type": "str", "choices": ["fail", "ignore"], "default": "fail"},
    "retries": {"type": "int", "default": 2},
}
"""The options that every info module has and a wait has not."""

PAUSES = (1.0, 2.0, 4.0, 5.0)
"""Seconds between the attempts; the last for all further ones."""
LONGEST_RETRY_AFTER = 60.0
"""Seconds. An API that asks for a longer pause is left to whoever called the module."""


def module_spec(system: System) -> Spec:
    """All options of a system's info module."""
    return {**system.module_spec(), **COMMON}


def run_module(system: System) -> None:
    """Be the system's info module, on the machine where the task runs."""
    module = AnsibleModule(argument_spec=module_spec(system), supports_check_mode=True)
    result = masked(*info(system, module.params))
    for warning in result.pop("warnings", []):
        module.warn(warning)
    (module.fail_json if result.get("failed") else module.exit_json)(**result)


def info(
    system: System,
    options: Options,
    sleep: t.Callable[[float], None] = time.sleep,
    connected: t.Callable[[t.Callable[[], None]], None] = lambda _break_off: None,
) -> tuple[dict[str, t.Any], frozenset[str]]:
    """Read what the (validated) options name: the module's result, and the secrets obtained on the way.

    :param connected: is given what breaks the reading off from another thread, before the first request.
    """
    if REQUESTS_IMPORT_ERROR:
        missing = missing_required_lib("requests")
        return {**_failure(missing, Misconfigured(missing)), "exception": REQUESTS_IMPORT_ERROR}, frozenset()
    try:
        system.check_options(options)
        if options["retries"] < 0:
            raise OptionError("retries", f"expected 0 or more, got {options['retries']}.")
        client = system.connect(options)
    except OptionError as error:
        return _failure(str(error), Misconfigured(str(error))), frozenset()
    connected(client.break_off)
    try:
        raw = _patiently(lambda: system.read(client, options), options["retries"], sleep)
        jobs = system.parse(raw, options)
        return _success(system, options, jobs, raw), client.secrets
    except Missing as error:
        if options["on_missing"] == "ignore":
            return _result(msg=str(error)), client.secrets
        return _failure(f"{error} Where it may not be visible yet, set on_missing: ignore.", error), client.secrets
    except ApiError as error:
        return _failure(str(error), error), client.secrets
    finally:
        client.close()


def _patiently(read: t.Callable[[], t.Any], retries: int, sleep: t.Callable[[float], None]) -> t.Any:
    """Read, and again after a fault that a later try can mend."""
    attempt = 0
    while True:
        try:
            return read()
        except ApiError as error:
            pause = max(PAUSES[min(attempt, len(PAUSES) - 1)], error.retry_after or 0.0)
            if not error.transient or attempt == retries or pause > LONGEST_RETRY_AFTER:
                raise
            sleep(pause)
            attempt += 1


def _success(system: System, options: Options, jobs: t.Sequence[Job], raw: t.Any) -> dict[str, t.Any]:
    one = jobs[0] if system.job_id(options) is not None else None
    result = _result(
        job=one.as_dict() if one else None,
        jobs=[job.as_dict() for job in jobs],
        raw=raw,
        msg=f"{system.key} {one.id} is {one.phrase()}." if one else f"{counted(len(jobs), 'job')}.",
    )
    warnings = dict.fromkeys(f"{system.key} {job.id}: {warning}" for job in jobs for warning in job.warnings)
    return {**result, "warnings": list(warnings)} if warnings else result


def _failure(message: str, error: ApiError) -> dict[str, t.Any]:
    return _result(failed=True, msg=message, error=error.as_dict())


def _result(**known: t.Any) -> dict[str, t.Any]:
    """Every documented key."""
    return {"changed": False, "job": None, "jobs": [], "raw": None, "error": None, **known}
