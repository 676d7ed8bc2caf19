# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of all info modules: reads a job or a listing once, and returns it in the shape that all systems share."""

from __future__ import annotations

import dataclasses
import functools
import time
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._errors import ApiError, Misconfigured, Missing, OptionError
from ._http.deadline import NEVER, Deadline
from ._http.library import REQUESTS_IMPORT_ERROR
from ._http.retries import retried
from ._http.tokens import TokenCache
from ._job import Job
from ._secrets import Secrets
from ._systems.base import Load, System, SystemOptions
from ._systems.options import Options, Spec, for_ansible
from ._text import counted

NOT_SHOWN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""The text that ansible-core shows in place of a secret option."""
SETTLE_PAUSE = 5.0
"""Seconds between two readings of a job during its settle time (:meth:`System.settle`)."""


class _Module(AnsibleModule):
    """An ``AnsibleModule`` that neither checks options nor masks its result. This file does both, in the same way with each core.

    The constructor gets the spec, because core's tests of the documentation read it there. The spec is then emptied, so that core
    knows no secret: up to 2.21 core would mask secrets in states, ids and truth values too.
    """

    given: dict[str, t.Any]
    params: dict[str, t.Any]
    argument_spec: Spec

    def _load_params(self) -> None:
        super()._load_params()
        own = {name for name in self.params if name.startswith("_ansible_")}
        self.given = {name: value for name, value in self.params.items() if name not in own}
        self.params = {name: self.params[name] for name in own}
        self.argument_spec = {}


def run_module(system: SystemOptions) -> None:
    """Entry point of an info module, on the machine that sends the requests."""
    spec = for_ansible(system.offered(system.module_spec()))
    module = _Module(argument_spec=spec, supports_check_mode=True)
    result = info(system, module.given, check_mode=module.check_mode)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    (module.fail_json if result.get("failed") else module.exit_json)(**result)


def info(
    system: SystemOptions,
    given: t.Mapping[str, t.Any],
    sleep: t.Callable[[float], None] = time.sleep,
    connected: t.Callable[[t.Callable[[], None]], None] = lambda _break_off: None,
    check_mode: bool = False,
    tokens: TokenCache | None = None,
    load: Load | None = None,
) -> dict[str, t.Any]:
    """The module's result, without secrets.

    :param given: the options as the user wrote them.
    :param sleep: waits for a number of seconds.
    :param connected: called before the first request with a function by which another thread can break the reading off.
    :param check_mode: whether the job is read once only, without a settle time.
    :param tokens: a cache of tokens that several calls share.
    :param load: finds the profile that the options name.
    """
    secrets = Secrets()
    options: Options = given
    try:
        system = chosen = system.chosen(given, load)
        options = chosen.validated(chosen.module_spec(), given)
        if options["retries"] < 0:
            raise OptionError("retries", f"expected 0 or more, got {options['retries']}.")
        chosen.add_secrets(secrets, options)
        settle = 0.0 if check_mode else chosen.settle(options)
        result = _read(chosen, options, secrets, settle, sleep, connected, tokens)
    except OptionError as error:
        # Nothing to mask: a sentence of our own contains a secret only by coincidence.
        result, secrets = _failure(str(error), Misconfigured(str(error))), Secrets()
    return _whole(system, options, result, secrets)


def refused(system: SystemOptions, given: t.Mapping[str, t.Any], error: OptionError) -> dict[str, t.Any]:
    """The module's result if its options are invalid.

    :param given: the options as the user wrote them.
    """
    return _whole(system, given, _failure(str(error), Misconfigured(str(error))), Secrets())


def without_job(system: SystemOptions, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The module's result in check mode if no job was started.

    :param given: the options as the user wrote them.
    """
    return _whole(system, given, _result(msg="Nothing was started, so there is no job to read."), Secrets())


def _whole(
    system: SystemOptions, given: t.Mapping[str, t.Any], result: dict[str, t.Any], secrets: Secrets
) -> dict[str, t.Any]:
    """The result with the keys that every result has, and without secrets."""
    spec = system.module_spec()
    raw, warnings = result.pop("raw"), [*result.pop("warnings"), *secrets.warnings]
    if warnings:
        result["warnings"] = warnings
    result = {**dict.fromkeys(system.more), **result}
    result["invocation"] = {"module_args": _shown(spec, given)}
    return {**secrets.mask(result), "raw": secrets.mask_reply(raw)}


def _read(
    system: System,
    options: Options,
    secrets: Secrets,
    settle: float,
    sleep: t.Callable[[float], None],
    connected: t.Callable[[t.Callable[[], None]], None],
    tokens: TokenCache | None,
) -> dict[str, t.Any]:
    """Reads the job or the listing that the (validated) options name.

    :param secrets: receives the secrets that a login obtains.
    :param settle: the settle time in seconds.
    :raises OptionError: for invalid options.
    """
    if REQUESTS_IMPORT_ERROR:
        missing = missing_required_lib("requests")
        return {**_failure(missing, Misconfigured(missing)), "exception": REQUESTS_IMPORT_ERROR}
    end = _end(options["timeout"])
    connection = system.connect(options, secrets, tokens=tokens)
    connected(connection.break_off)

    def read() -> tuple[t.Any, float | None]:
        with connection.reading(end) as client:
            return system.read(client, options), client.retry_after

    try:
        reading = functools.partial(retried, read, options["retries"], end, sleep)
        jobs, raw, retry_after = _settled(system, options, reading, settle, end, sleep)
        return {**_success(system, options, jobs, raw), "retry_after": retry_after}
    except Missing as error:
        if options["on_missing"] == "ignore":
            return _result(msg=str(error), **error.more_values)
        return _failure(f"{error} If it may not be visible yet, set on_missing: ignore.", error)
    except ApiError as error:
        return _failure(str(error), error, system.job_before(error, options))
    finally:
        connection.close()


def _shown(spec: Spec, options: Options) -> dict[str, t.Any]:
    """The options that the spec has, without secrets, for display."""
    known = {name: value for name, value in options.items() if name in spec}
    secret = {name for name, value in known.items() if spec[name].get("no_log") and value is not None}
    return {name: NOT_SHOWN if name in secret else value for name, value in known.items()}


def _settled(
    system: System,
    options: Options,
    read: t.Callable[[], tuple[t.Any, float | None]],
    settle: float,
    end: Deadline,
    sleep: t.Callable[[float], None],
) -> tuple[list[Job], t.Any, float | None]:
    """The jobs, the reply that they come from, and in how many seconds the API asks to be read again.

    If children may still appear after a good end, the job is read again until the end has lasted for ``settle`` seconds or a child has
    appeared. If the deadline comes first, the job is taken as not ended.
    """
    raw = None
    while True:
        try:
            reply, retry_after = read()
            jobs = _parsed(system, options, reply)
        except ApiError as error:
            raise error if raw is None or error.raw is not None else error.after(raw) from None
        raw = reply
        if settle <= 0 or not any(job.succeeded and job.settles for job in jobs):
            return jobs, raw, retry_after
        pause = min(SETTLE_PAUSE, settle)
        if pause > end.seconds_left:
            return [job.unsettled() if job.succeeded and job.settles else job for job in jobs], raw, retry_after
        sleep(pause)
        settle -= pause


def _parsed(system: System, options: Options, reply: t.Any) -> list[Job]:
    """The jobs in a reply.

    :raises ApiError: if the reply is not as documented, with the system's own return values.
    """
    try:
        return system.parse(reply, options)
    except ApiError as error:
        error.more_values = system.more_values(reply, options)
        raise


def _end(timeout: float | None) -> Deadline:
    if timeout is None:
        return NEVER
    if timeout < 0:
        raise OptionError("timeout", f"expected 0 or more seconds, got {timeout:g}.")
    return NEVER.within(timeout, "timeout")


def _success(system: System, options: Options, jobs: t.Sequence[Job], raw: t.Any) -> dict[str, t.Any]:
    one = jobs[0] if system.job_id(options) is not None else None
    result = _result(
        job=one.as_dict() if one else None,
        jobs=[job.as_dict() for job in jobs],
        raw=raw,
        msg=f"{system.label(options)} {one.predicate()}." if one else f"{counted(len(jobs), 'job')}.",
    )
    warnings = dict.fromkeys(f"{system.key} {job.id}: {warning}" for job in jobs for warning in job.warnings)
    return {**result, **system.more_values(raw, options), "warnings": list(warnings)}


def _failure(message: str, error: ApiError, known: Job | None = None) -> dict[str, t.Any]:
    """The result of a reading that failed.

    :param known: the job as far as it was read before the error.
    """
    job = dataclasses.replace(known, error=error.as_dict()).as_dict() if known else None
    found = {"job": job, "jobs": [job] if job else [], "raw": error.raw, **error.more_values}
    return _result(failed=True, msg=message, error=error.as_dict(), **found)


def _result(**known: t.Any) -> dict[str, t.Any]:
    """A result with every documented key, and the warnings."""
    nothing = dict.fromkeys(("job", "raw", "retry_after", "error"))
    return {"changed": False, **nothing, "jobs": [], "warnings": [], **known}
