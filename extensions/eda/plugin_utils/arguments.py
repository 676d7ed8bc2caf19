# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the arguments of a source: which jobs to watch, and how."""

from __future__ import annotations

import dataclasses
import pathlib
import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.options import Spec
from ansible_collections.endstate.jobs.plugins.module_utils._systems.validation import validated
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import JobItem, parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS, PLACES, parse_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles

# The other options of wait_for_job say when to give up and which ends are bad. A source never gives up, and rules decide.
PACE: Spec = {name: OPTIONS[name] for name in ("interval", "max_interval", "backoff", "missing_grace", "concurrency")}
"""The arguments that mean the same as in a wait."""
OWN: Spec = {"initial": {"type": "bool", "default": True}, "until_finished": {"type": "bool"}}
"""The arguments that a wait does not have."""


@dataclasses.dataclass(frozen=True)
class Arguments:
    """The validated arguments."""

    items: list[JobItem]
    settings: WaitSettings
    concurrency: int
    initial: bool
    """Whether to emit an event for the state in which a job is first seen."""
    until_finished: bool
    """Whether the source ends when there is nothing left to watch."""


def parse_arguments(given: t.Mapping[str, t.Any]) -> Arguments:
    """Validates the arguments of a rulebook.

    :raises OptionError: naming the argument and what was expected, as ``wait_for_job`` does.
    """
    options = validated({**PLACES, **PACE, **OWN}, given)
    wait_options = parse_options({name: options[name] for name in PACE})
    load = Profiles(_find).load
    items = parse_items(given, lambda _system: {}, listings=True, load=load)
    listings = [item for item in items if item.id is None]
    until_finished = options["until_finished"]
    if until_finished and listings:
        raise OptionError("until_finished", f"{listings[0].where} is a listing, which has no end.")
    return Arguments(
        items=items,
        settings=dataclasses.replace(wait_options.settings, timeout=float("inf"), unreachable_timeout=float("inf")),
        concurrency=wait_options.concurrency,
        initial=options["initial"],
        until_finished=not listings if until_finished is None else until_finished,
    )


def _find(name: str) -> str | None:
    """A file, relative to the working directory, as ansible-rulebook finds its own files; None if there is none."""
    return name if pathlib.Path(name).exists() else None
