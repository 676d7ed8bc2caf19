# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a user writes under ``jobs``, or under the key of a system, and validates it. Each mistake is one sentence."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._systems.base import Load, System, SystemOptions
from ...module_utils._systems.options import Options
from ...module_utils._systems.registry import BY_KEY
from ...module_utils._systems.validation import as_dict, as_list, did_you_mean, located, validated
from ...module_utils._text import kind_of, one_line
from ...module_utils._values import is_set
from .options import OPTIONS
from .started import OPTION, nothing_started, started_jobs

NO_DICTIONARY = ", got text that is neither JSON nor key=value"

Defaults = t.Callable[[SystemOptions], t.Mapping[str, t.Any]]
"""The ``module_defaults`` for a system's info module."""


@dataclasses.dataclass(frozen=True)
class JobItem:
    """One job that is to be waited for, or a listing of jobs that is to be watched."""

    name: str | None
    system: System
    options: Options
    where: str
    """The place in the task, for messages: ``jobs[3].config_job``."""
    looped: bool = False
    """Whether its name is that of an item of a loop, which may have twins."""

    @property
    def id(self) -> str | None:
        """The id that was asked for; ``None``: a listing."""
        return self.system.job_id(self.options)

    @property
    def own_label(self) -> str:
        """What messages call it if it has no name: ``config_job 294``."""
        return self.system.label(self.options)

    @property
    def label(self) -> str:
        """What all lines and messages call it: ``config_job 294``, or ``firewalls (config_job 294)``."""
        name = one_line(self.name)
        return f"{name} ({self.own_label})" if name else self.own_label


def parse_items(
    task: t.Mapping[str, t.Any],
    defaults: Defaults,
    *,
    listings: bool = False,
    load: Load | None = None,
    notice: t.Callable[[str], None] = lambda _line: None,
    check_mode: bool = False,
) -> list[JobItem]:
    """The items that a task's options name: one, or those in ``jobs``; for one with ``started_by`` as many as were started.

    :param listings: whether an item without an id asks for a listing, if the system has one.
    :param load: finds the profile that the options of a job name.
    :param notice: is told, in a line each, of which places no job, or not each, was started.
    :param check_mode: whether it is no mistake if nothing was started.
    :raises OptionError: naming the place and what was expected.
    """
    given = [key for key in (*BY_KEY, "jobs") if is_set(task.get(key))]
    if not given:
        what = "Name the job to watch, with one of" if listings else "Name the job to wait for, with one of"
        raise OptionError("", f"{what} {', '.join(BY_KEY)}; for several use jobs.")
    if len(given) > 1:
        raise OptionError(" and ".join(given), "expected one of them alone; for several jobs use jobs.")
    (key,) = given
    reader = _Reader(defaults, listings, load)
    items = reader.listed(task[key]) if key == "jobs" else reader.items(BY_KEY[key], task[key], None, key)
    for line in reader.left_out:
        notice(line)
    if reader.left_out and not items and not check_mode:
        place = key if key == "jobs" else f"{key}.{OPTION}"
        raise OptionError(place, nothing_started("wait for"))
    return _with_names_of_their_own(items)


class _Reader:
    """Reads the jobs of one task.

    :param defaults: by system.
    :param listings: see :func:`parse_items`, as for ``load``.
    """

    def __init__(self, defaults: Defaults, listings: bool, load: Load | None) -> None:
        self._defaults = defaults
        self._listings = listings
        self._load = load
        self.left_out: list[str] = []
        """A line for each place of which no job, or not each, was started."""

    def listed(self, given: t.Any) -> list[JobItem]:
        """The items of a list."""
        entries = _read(as_list, given, "jobs", "a list", ", got text that is not JSON")
        items: list[JobItem] = []
        names: dict[str, int] = {}
        for index, entry in enumerate(entries):
            name, found = self._entry(entry, f"jobs[{index}]")
            if name is not None and names.setdefault(name, index) != index:
                raise OptionError(f"jobs[{index}].name", f"{name!r} is the name of jobs[{names[name]}] already.")
            items += found
        return items

    def _entry(self, given: t.Any, where: str) -> tuple[str | None, list[JobItem]]:
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
        return name, self.items(BY_KEY[keys[0]], entry[keys[0]], name, f"{where}.{keys[0]}")

    def items(self, options: SystemOptions, given: t.Any, name: str | None, where: str) -> list[JobItem]:
        """The items of one place: one, or those that a task has started."""
        own = _read(as_dict, given, where, f"a dictionary with {' and '.join(options.ids)}", NO_DICTIONARY)
        found = self._defaults(options)
        system = located(
            where, lambda: options.chosen(collections.ChainMap(own, t.cast("dict[str, t.Any]", found)), self._load)
        )
        if OPTION not in own or (not is_set(own[OPTION]) and located(where, lambda: system.ids_in(own))):
            return [JobItem(name, system, self._options(system, own, found, where), where)]
        if self._listings:
            raise OptionError(
                f"{where}.{OPTION}", "there is no task here that could have started it; name it by its id."
            )
        left_out = self.left_out
        started = located(where, lambda: started_jobs(system, own, lambda line: left_out.append(f"{where}: {line}")))
        items = []
        for one in started:
            names = [part for part in (name, one.item) if part is not None]
            try:
                checked = self._options(system, one.given, found, where)
            except OptionError as error:
                id_name = error.option.rpartition(".")[2]
                if id_name not in {*one.ids, *(known for known in system.ids if not is_set(own.get(known)))}:
                    raise
                raise OptionError(f"{where}.{OPTION}", f"{id_name} in {one.result}: {error.problem}") from None
            items.append(JobItem(" ".join(names) or None, system, checked, where, looped=one.item is not None))
        return items

    def _options(self, system: System, own: t.Mapping[str, t.Any], found: t.Mapping[str, t.Any], where: str) -> Options:
        last = list(system.ids)[-1]
        listing = self._listings and last in system.optional_ids and not system.names_one(own)
        if system.every is not None and str(own.get(last)) == system.every and not listing:
            raise OptionError(f"{where}.{last}", f"expected one job; {system.every} means all of them.")
        spec = system.listing_spec() if listing else system.wait_spec()
        info_only = system.module_spec().keys() - spec.keys()
        for option in own:
            if option in OPTIONS and not self._listings:
                beside = where.replace("[", ".").partition(".")[0]
                raise OptionError(f"{where}.{option}", f"it is an option of the wait; write it beside {beside}.")
            if option in info_only:
                raise OptionError(
                    f"{where}.{option}",
                    f"it is an option of {system.module} alone and means nothing in a wait; leave it out.",
                )
        # One by one: a default that is overridden need not be one that can be resolved.
        not_inherited = {*info_only, *own, OPTION}
        inherited = {option: found[option] for option in found if option not in not_inherited}
        return located(where, lambda: system.validated(spec, {**inherited, **own}))


def _with_names_of_their_own(items: t.Sequence[JobItem]) -> list[JobItem]:
    """The items, those of loops with a number if another item has the name."""
    taken = {item.name for item in items if not item.looped}
    numbers: collections.Counter[str | None] = collections.Counter()
    found = []
    for item in items:
        name = item.name
        while item.looped and name in taken:
            numbers[item.name] += 1
            name = f"{item.name} {numbers[item.name] + 1}"
        taken.add(name)
        found.append(dataclasses.replace(item, name=name) if item.looped else item)
    return found


Value = t.TypeVar("Value")


def _read(read: t.Callable[[t.Any], Value], given: t.Any, where: str, expected: str, got_text: str) -> Value:
    """A list or a dictionary, which may be text: on a command line there is nothing else.

    :param got_text: what is said of a text that is none.
    """
    try:
        return read(given)
    except ValueError:
        got = got_text if isinstance(given, str) else f", got {kind_of(given)}"
        raise OptionError(where, f"expected {expected}{got}.") from None
