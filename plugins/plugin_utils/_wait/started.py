# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option ``started_by``: from the registered result of the task that started jobs to their ids.

A registered result holds the start call's own headers and tokens. It ends here: what is made of it are ids and names, and no
sentence quotes it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._systems.base import System
from ...module_utils._systems.registry import BY_KEY
from ...module_utils._systems.rest.started_by import read_started_by
from ...module_utils._text import kind_of, named, one_line
from ...module_utils._values import is_set

OPTION = "started_by"
GOOD_ONES = "RESULT.results | select('success')"


@dataclasses.dataclass(frozen=True)
class Started:
    """A job that a task has started.

    :param item: what to call the item of the task's loop; ``None`` if it had none.
    :param ids: of the job, by their names.
    :param given: the user's options of the job, with the ids in place of the result.
    """

    item: str | None
    ids: t.Mapping[str, str]
    given: dict[str, t.Any]

    @property
    def result(self) -> str:
        """What to call the result that it came from, in a sentence."""
        return f"the result{_of(self.item)}"


Notice = t.Callable[[str], None]


def started_jobs(system: System, given: t.Mapping[str, t.Any], notice: Notice) -> list[Started]:
    """The jobs that a user's options name by ``started_by``.

    :param given: the options, with a result.
    :param notice: is told of starts that were skipped, and if there are none.
    :raises OptionError: for a result that names no job.
    """
    rest = {option: value for option, value in given.items() if option != OPTION}
    places = system.started(read_started_by)
    if places is None:
        raise OptionError(
            OPTION,
            f"the profile {system.name} has no started_by, which says where a result has the id; name the job by id.",
        )
    known = system.ids_in(rest)
    if all(one.name in known for one, _places in places.places):
        options = [option for option in system.ids if option in rest]
        raise OptionError(OPTION, f"expected it or {' and '.join(options)}, not both.")
    jobs, skipped = [], []
    for item, result in _results(given[OPTION]):
        start, whole = f"the start{_of(item)}", f"the result{_of(item)}"
        if result.get("skipped") is True:
            skipped.append(item)
            continue
        for word, what in (("failed", "failed"), ("unreachable", "reached no host")):
            if result.get(word) is True:
                leave_out = f"; leave such items out with {GOOD_ONES}" if item else ""
                raise OptionError(OPTION, f"{start} {what}, so there is no job{leave_out}.")
        if "ansible_job_id" in result and "json" not in result:
            raise OptionError(OPTION, f"{start} goes on (async); give what its async_status has registered.")
        ids = places.ids(result, whole, known)
        last = list(ids)[-1]
        if system.every is not None and ids[last] == system.every:
            raise OptionError(OPTION, f"{whole} has {system.every} for {last}, which stands for all jobs.")
        jobs.append(Started(item, ids, system.with_ids(rest, ids)))
    if skipped:
        which = named([item for item in skipped if item])
        notice(f"left out, for the start was skipped{': ' if which else ''}{which}")
    elif not jobs:
        notice("left out, for nothing was started")
    return jobs


def nothing_started(what: str) -> str:
    """The problem if there is no job.

    :param what: what cannot be done with it.
    """
    return (
        f"nothing was started, so there is no job to {what}; skip this task, too, with 'when: RESULT is not skipped'."
    )


def without_results(task: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of a task without any registered result, for those who show or keep a task's options."""
    own = {key: _without(task[key]) for key in BY_KEY if key in task}
    jobs = task.get("jobs")
    if isinstance(jobs, (list, tuple)):
        own["jobs"] = [
            {key: _without(part) for key, part in entry.items()} if isinstance(entry, t.Mapping) else _without(entry)
            for entry in jobs
        ]
    elif "jobs" in task:
        own["jobs"] = _without(jobs)
    return {**task, **own}


def _without(given: t.Any) -> t.Any:
    if isinstance(given, t.Mapping):
        return {option: value for option, value in given.items() if option != OPTION}
    return None if isinstance(given, str) and OPTION in given else given


def _of(item: str | None) -> str:
    return f" of {item!r}" if item else ""


def _results(given: t.Any) -> list[tuple[str | None, t.Mapping[str, t.Any]]]:
    """The results in what a user gave: one, those of a loop, or a list of both; each with what its item is called.

    :raises OptionError: for anything else.
    """
    if isinstance(given, t.Mapping):
        loop = _of_loop(given)
        return [(None, given)] if loop is None else _of_items(loop)
    if isinstance(given, (list, tuple)):
        if all(isinstance(one, t.Mapping) for one in given):
            flat: list[t.Mapping[str, t.Any]] = []
            for one in given:
                loop = _of_loop(one)
                flat += [one] if loop is None else loop
            return _of_items(flat)
        given = next(one for one in given if not isinstance(one, t.Mapping))
        raise OptionError(OPTION, f"expected a list of registered results, got {kind_of(given)} in it.")
    if not is_set(given):
        raise OptionError(OPTION, " is empty, so it names nothing.")
    remedy = "; an id is an option of its own" if isinstance(given, (str, int)) else ""
    raise OptionError(
        OPTION, f'expected the registered result of a task, such as "{{{{ start }}}}", got {kind_of(given)}{remedy}.'
    )


def _of_loop(result: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]] | None:
    """The results of the items, if the task had a loop. Modules may have ``results`` of their own."""
    results = result.get("results")
    if not isinstance(results, (list, tuple)):
        return None
    if not results:
        return [] if result.get("skipped") is True else None
    items = [one for one in results if isinstance(one, t.Mapping) and "ansible_loop_var" in one]
    return items if len(items) == len(results) else None


def _of_items(results: t.Sequence[t.Mapping[str, t.Any]]) -> list[tuple[str | None, t.Mapping[str, t.Any]]]:
    return [(_called(result) or str(number), result) for number, result in enumerate(results, 1)]


def _called(result: t.Mapping[str, t.Any]) -> str | None:
    """What people call the item of a loop: itself, or its name."""
    item = result.get(str(result.get("ansible_loop_var")))
    value = item.get("name") if isinstance(item, t.Mapping) else item
    return one_line(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
