# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user writes under ``jobs`` (or one of the systems' keys) to validated items, each with a sentence where it is wrong."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._info_module import module_spec
from ...module_utils._systems.base import System
from ...module_utils._systems.options import Options
from ...module_utils._systems.registry import BY_KEY
from ...module_utils._text import kind_of, one_line
from .validation import located, validated

Defaults = t.Callable[[System], t.Mapping[str, t.Any]]
"""What stands in ``module_defaults`` for a system's info module."""


@dataclasses.dataclass(frozen=True)
class Item:
    """One job that is to be waited for, or a listing of jobs that is to be watched."""

    name: str | None
    system: System
    options: Options
    where: str
    """Its place in the task, for messages: ``jobs[3].config_job``."""
    secrets: frozenset[str] = frozenset()

    @property
    def id(self) -> str | None:
        """The id that was asked for; ``None``: a listing."""
        return self.system.job_id(self.options)

    @property
    def label(self) -> str:
        """What people call it."""
        own = f"{self.system.key} {self.id or 'listing'}"
        name = one_line(self.name)
        return f"{name} ({own})" if name else own


def parse_items(task: t.Mapping[str, t.Any], defaults: Defaults, *, listings: bool = False) -> list[Item]:
    """The items that a task's options name: one, or those in ``jobs``.

    :param listings: whether an item without an id stands for a listing, where the system has one.
    :raises OptionError: naming the place and what was expected.
    """
    given = [key for key in (*BY_KEY, "jobs") if task.get(key) is not None]
    if len(given) != 1:
        got = f"got {' and '.join(given)}" if given else "got none"
        raise OptionError(" / ".join([*BY_KEY, "jobs"]), f"expected exactly one of them, {got}.")
    if given != ["jobs"]:
        return [_item(BY_KEY[given[0]], task[given[0]], None, given[0], defaults, listings)]
    if not isinstance(task["jobs"], list):
        raise OptionError("jobs", f"expected a list, got {kind_of(task['jobs'])}.")
    items = [_listed(entry, f"jobs[{index}]", defaults, listings) for index, entry in enumerate(task["jobs"])]
    names: dict[str, str] = {}
    for item in items:
        if item.name is not None and names.setdefault(item.name, item.where) != item.where:
            first = names[item.name].split(".")[0]
            raise OptionError(f"{item.where.split('.')[0]}.name", f"{item.name!r} is the name of {first} already.")
    return items


def _listed(entry: t.Any, where: str, defaults: Defaults, listings: bool) -> Item:
    if not isinstance(entry, dict):
        raise OptionError(where, f"expected a dictionary with one of {', '.join(BY_KEY)}.")
    keys = [key for key in entry if key != "name"]
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown:
        raise OptionError(
            f"{where}.{unknown[0]}", f"there is no such key; expected name and one of {', '.join(BY_KEY)}."
        )
    if len(keys) != 1:
        got = f"got {' and '.join(map(str, keys))}" if keys else "got none"
        raise OptionError(where, f"expected exactly one of {', '.join(BY_KEY)}, {got}.")
    name = entry.get("name")
    if name is not None and (not isinstance(name, (str, int)) or not str(name).strip()):
        raise OptionError(f"{where}.name", "expected some text.")
    name = None if name is None else str(name)
    return _item(BY_KEY[keys[0]], entry[keys[0]], name, f"{where}.{keys[0]}", defaults, listings)


def _item(system: System, given: t.Any, name: str | None, where: str, defaults: Defaults, listings: bool) -> Item:
    if not isinstance(given, dict):
        raise OptionError(where, f"expected a dictionary with {' and '.join(system.ids)}.")
    last = list(system.ids)[-1]
    listing = listings and last in system.optional_ids and (given.get(last) is None or str(given[last]) == system.every)
    spec = system.module_spec() if listing else system.wait_spec()
    info_only = module_spec(system).keys() - spec.keys()
    for option in given:
        if option in info_only:
            raise OptionError(
                f"{where}.{option}", f"it is an option of {system.module} alone and means nothing in a wait."
            )
    found = defaults(system)
    # One by one: a default that is overridden need not be one that can be resolved.
    inherited = {option: found[option] for option in found if option not in info_only and option not in given}
    options, secrets = validated(spec, {**inherited, **given}, where)
    located(where, lambda: system.check_options(options))
    if system.job_id(options) is None and not listing:
        raise OptionError(f"{where}.{last}", f"expected one job; {system.every} stands for all of them.")
    return Item(name, system, options, where, secrets)
