# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a wait other than its jobs, validated."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._job import BAD_ENDS
from ...module_utils._systems.options import Spec
from ...module_utils._systems.registry import BY_KEY
from ...module_utils._systems.validation import validated
from ...module_utils._text import listed
from ...module_utils._values import is_set
from .._engine.intervals import IntervalPolicy
from .._engine.settings import WaitSettings

PLACES: Spec = {key: {"type": "raw"} for key in (*BY_KEY, "jobs")}
"""The options that name jobs, which :func:`parse_items` validates."""
OPTIONS: Spec = {
    "timeout": {"type": "float", "unit": "seconds", "default": WaitSettings.timeout},
    "interval": {"type": "float", "unit": "seconds", "default": IntervalPolicy.interval},
    "max_interval": {"type": "float", "unit": "seconds", "default": IntervalPolicy.max_interval},
    "backoff": {"type": "float", "default": IntervalPolicy.backoff},
    "fail_on": {
        "type": "list",
        "elements": "str",
        "choices": list(BAD_ENDS),
        "default": list(BAD_ENDS),
    },
    "fail_fast": {"type": "bool", "default": False},
    "on_timeout": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
    "unreachable_timeout": {"type": "float", "unit": "seconds", "default": WaitSettings.unreachable_timeout},
    "missing_grace": {"type": "float", "unit": "seconds", "default": WaitSettings.missing_grace},
    "concurrency": {"type": "int", "default": 16},
    "progress": {"type": "str", "choices": ["changes", "polls", "none"], "default": "changes"},
}

_LEAST: dict[str, float] = {"timeout": 0, "backoff": 1, "unreachable_timeout": 0, "missing_grace": 0, "concurrency": 1}
_MOST = 1e9
"""Seconds, thirty years. Delays are computed from squares, and squares of much larger numbers overflow."""


@dataclasses.dataclass(frozen=True)
class WaitOptions:
    """The validated options of a wait: those of the engine, and those of its caller."""

    settings: WaitSettings
    concurrency: int
    on_timeout: str
    progress: t.Any


def parse_options(task: t.Mapping[str, t.Any]) -> WaitOptions:
    """The options of a wait among those of a task.

    :raises OptionError: naming the option and what was expected.
    """
    _check_places(task)
    options = validated({**PLACES, **OPTIONS}, task)
    if not is_set(task.get("max_interval")):
        options["max_interval"] = max(options["interval"], IntervalPolicy.max_interval)
    for option in (*_LEAST, "interval", "max_interval"):
        if options[option] > _MOST:
            raise OptionError(option, f"expected at most {_MOST:.0f}, got {options[option]:g}.")
    for option, least in _LEAST.items():
        if not options[option] >= least:
            raise OptionError(option, f"expected a number of at least {least:g}, got {options[option]:g}.")
    if not options["interval"] > 0:
        raise OptionError("interval", f"expected more than 0 seconds, got {options['interval']:g}.")
    if not options["max_interval"] >= options["interval"]:
        least = options["interval"]
        raise OptionError("max_interval", f"expected at least interval ({least:g} s), got {options['max_interval']:g}.")
    settings = WaitSettings(
        policy=IntervalPolicy(**{name: options[name] for name in ("interval", "max_interval", "backoff")}),
        fail_on=frozenset(options["fail_on"]),
        **{name: options[name] for name in ("timeout", "unreachable_timeout", "missing_grace", "fail_fast")},
    )
    return WaitOptions(settings, options["concurrency"], options["on_timeout"], options["progress"])


def _check_places(task: t.Mapping[str, t.Any]) -> None:
    """:raises OptionError: for an option of a job beside the job."""
    for option in task:
        keys = [key for key, system in BY_KEY.items() if option in system.wait_spec()]
        if keys and option not in OPTIONS:
            keys = [key for key in keys if is_set(task.get(key))] or keys
            raise OptionError(option, f"it is an option of a job; write it in {listed(keys, 'or')}.")
