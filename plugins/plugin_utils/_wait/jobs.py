# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user writes under ``jobs`` (or one of the systems' keys) to validated items, each with a sentence where it is wrong."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._systems.base import System
from ...module_utils._systems.options import Options
from ...module_utils._systems.registry import BY_KEY
from ...module_utils._systems.validation import as_dict, as_list, did_you_mean, located, validated
from ...module_utils._text import kind_of, one_line
from ...module_utils._values import is_set

NO_DICTIONARY = ", got text that is neither JSON nor key=value"

Defaults = t.Callable[[System], t.Mapping[str, t.Any]]
"""The ``module_defaults`` for a system's info module."""


@dataclasses.dataclass(frozen=True)
class JobItem:
    """One job that is to be waited for, or a listing of jobs that is to be watched."""

    name: str | None
    system: System
    options: Options
    where: str
    """Its place in the task, for messages: ``jobs[3].config_job``."""

    @property
    def id(self) -> str | None:
        """The id that was asked for; ``None``: a listing."""
        return self.system.job_id(self.options)

    @property
    def label(self) -> str:
        """What people call it."""
        own = self.system.label(self.options)
        name = one_line(self.name)
        return f"{name} ({own})" if name else own


Load = t.Callable[[t.Any], t.Any]
"""Finds what options name to choose a system, such as a profile."""


def parse_items(
    task: t.Mapping[str, t.Any], defaults: Defaults, *, listings: bool = False, load: Load | None = None
) -> list[JobItem]:
    """The items that a task's options name: one, or those in ``jobs``.

    :param listings: whether an item without an id stands for a listing, where the system has one.
    :param load: as :meth:`System.chosen` takes it.
    :raises OptionError: naming the place and what was expected.
    """
    given = [key for key in (*BY_KEY, "jobs") if is_set(task.get(key))]
    if not given:
        what = "Name the job to watch, with one of" if listings else "Name the job to wait for, with one of"
        raise OptionError("", f"{what} {', '.join(BY_KEY)}; for several use jobs.")
    if len(given) > 1:
        raise OptionError(" and ".join(given), "expected one of them alone; for several jobs use jobs.")
    if given != ["jobs"]:
        return [_item(BY_KEY[given[0]], task[given[0]], None, given[0], defaults, listings, load)]
    entries = _read(as_list, task["jobs"], "jobs", "a list", ", got text that is not JSON")
    items = [_listed(entry, f"jobs[{index}]", defaults, listings, load) for index, entry in enumerate(entries)]
    names: dict[str, str] = {}
    for item in items:
        if item.name is not None and names.setdefault(item.name, item.where) != item.where:
            first = names[item.name].split(".")[0]
            raise OptionError(f"{item.where.split('.')[0]}.name", f"{item.name!r} is the name of {first} already.")
    return items


def _listed(given: t.Any, where: str, defaults: Defaults, listings: bool, load: Load | None) -> JobItem:
    entry = _read(as_dict, given, where, f"a dictionary with one of {', '.join(BY_KEY)}", NO_DICTIONARY)
    keys = [key for key in entry if key != "name"]
    for key in keys:
        if key not in BY_KEY:
            expected = f"there is no such key; expected name and one of {', '.join(BY_KEY)}."
            raise OptionError(f"{where}.{key}", expected + did_you_mean(key, ["name", *BY_KEY]))
    keys = [key for key in keys if is_set(entry[key])]
    if len(keys) != 1:
        got = f"got {' and '.join(keys)}" if keys else "got none"
        raise OptionError(where, f"expected exactly one of {', '.join(BY_KEY)}, {got}.")
    name = located(where, lambda: validated({"name": {"type": "str"}}, {"name": entry.get("name")}))["name"]
    return _item(BY_KEY[keys[0]], entry[keys[0]], name, f"{where}.{keys[0]}", defaults, listings, load)


def _item(
    system: System,
    given: t.Any,
    name: str | None,
    where: str,
    defaults: Defaults,
    listings: bool,
    load: Load | None,
) -> JobItem:
    own = _read(as_dict, given, where, f"a dictionary with {' and '.join(system.ids)}", NO_DICTIONARY)
    last = list(system.ids)[-1]
    found = defaults(system)
    system = located(where, lambda: system.chosen(collections.ChainMap(own, t.cast("dict[str, t.Any]", found)), load))
    listing = listings and last in system.optional_ids and not system.names_one(own)
    if system.every is not None and str(own.get(last)) == system.every and not listing:
        raise OptionError(f"{where}.{last}", f"expected one job; {system.every} stands for all of them.")
    spec = system.listing_spec() if listing else system.wait_spec()
    info_only = system.module_spec().keys() - spec.keys()
    for option in own:
        if option in info_only:
            raise OptionError(
                f"{where}.{option}", f"it is an option of {system.module} alone and means nothing in a wait."
            )
    # One by one: a default that is overridden need not be one that can be resolved.
    inherited = {option: found[option] for option in found if option not in info_only and option not in own}
    return JobItem(name, system, located(where, lambda: system.validated(spec, {**inherited, **own})), where)


Value = t.TypeVar("Value")


def _read(read: t.Callable[[t.Any], Value], given: t.Any, where: str, expected: str, got_text: str) -> Value:
    """Read a list or a dictionary, which may be text: on a command line there is nothing else.

    :param got_text: what is said of a text that is none.
    """
    try:
        return read(given)
    except ValueError:
        got = got_text if isinstance(given, str) else f", got {kind_of(given)}"
        raise OptionError(where, f"expected {expected}{got}.") from None
