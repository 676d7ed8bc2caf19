# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the registered result of a wait. Refuses whatever no wait returns, so that no other file has to check types."""

from __future__ import annotations

import dataclasses
import json
import math
import typing as t

from ...module_utils._errors import OptionError
from ...module_utils._job import END_STATES, STATES, SUCCEEDED, Job, state_of
from ...module_utils._text import kind_of, one_line
from ...module_utils._values import from_text, number, percent

WAIT = "endstate.jobs.wait_for_job"
LONGEST_WAIT = 1e9
"""Seconds, thirty years: the most that an option of a wait accepts."""
DEEPEST = 10
"""The most levels of children. Vendors have one. Each level is a level of recursion, here and in the page."""
MOST_LISTS = 2
"""The most lists within each other: a list of results, each of which is that of a loop."""

_NEEDED = ("system", "id", "state", "finished", "succeeded", "error")
"""The keys of a job that the verdict depends on."""


@dataclasses.dataclass(frozen=True)
class Change:
    """An entry of a job's history: a state, and when it was seen first."""

    at: str
    """ISO 8601 in UTC."""
    state: str
    phrase: str
    """``running (ACT/PEND, 45 %)``."""


@dataclasses.dataclass(frozen=True)
class ReportedJob:
    """One job of a finished wait."""

    known: Job
    """Without its children."""
    key: str
    """What a wait calls jobs of its system: ``config_job``."""
    own_label: str
    """What people call the job, less the name that the user gave it: ``config_job 294``."""
    name: str | None
    history: tuple[Change, ...]
    children: tuple[ReportedJob, ...]
    returned: t.Mapping[str, t.Any]
    """As it was registered."""

    @property
    def label(self) -> str:
        """What people call the job, as in all messages of a wait: ``firewalls (config_job 294)``."""
        name = one_line(self.name)
        return f"{name} ({self.own_label})" if name else self.own_label


@dataclasses.dataclass(frozen=True)
class Part:
    """The result of one run of a wait: of a task, or of one item of its loop.

    A part without jobs is ``skipped``, or ``failed`` before it knew its jobs, or was given none.
    """

    jobs: tuple[ReportedJob, ...] = ()
    failed: bool = False
    skipped: bool = False
    timed_out: bool = False
    message: str | None = None
    elapsed: float | None = None
    """Seconds."""
    polls: int | None = None


@dataclasses.dataclass(frozen=True)
class FinishedWait:
    """Everything that was waited for, in parts."""

    parts: tuple[Part, ...]

    @property
    def jobs(self) -> tuple[ReportedJob, ...]:
        """The jobs of all parts."""
        return tuple(job for part in self.parts for job in part.jobs)

    @property
    def timed_out(self) -> bool:
        """Whether any part has timed out."""
        return any(part.timed_out for part in self.parts)

    @property
    def elapsed(self) -> float | None:
        """The sum of the seconds of all parts that tell them."""
        known = [part.elapsed for part in self.parts if part.elapsed is not None]
        return sum(known) if known else None

    @property
    def polls(self) -> int | None:
        """The sum of the requests of all parts that tell them."""
        known = [part.polls for part in self.parts if part.polls is not None]
        return sum(known) if known else None


def read_wait(registered: t.Any, keys: t.Mapping[str, str]) -> FinishedWait:
    """Reads what a task with ``wait_for_job`` has registered, with or without a loop, or a list of such results. JSON is read, too.

    :param keys: what a wait calls the jobs of each system. Those of another system are called by its name.
    :raises OptionError: for anything else, naming the place and what was expected.
    """
    try:
        if isinstance(registered, str):
            registered = json.loads(registered)
        # Plain values, whatever a variable may hold, and none that report.json cannot hold.
        plain = json.loads(json.dumps(registered, allow_nan=False, default=str))
    except (TypeError, ValueError, RecursionError):
        raise _unexpected("result", "the registered result", registered) from None
    return FinishedWait(tuple(_Reader(keys).parts(plain, "result")))


class _Reader:
    """Reads the parts of a result.

    :param keys: what a wait calls the jobs of each system.
    """

    def __init__(self, keys: t.Mapping[str, str]) -> None:
        self._keys = keys

    def parts(self, value: t.Any, where: str, lists: int = 0) -> t.Iterator[Part]:
        """The parts of a result, of a task with a loop, or of a list of either."""
        if isinstance(value, list) and lists < MOST_LISTS:
            for index, one in enumerate(value):
                yield from self.parts(one, f"{where}[{index}]", lists + 1)
        elif not isinstance(value, dict):
            raise _unexpected(where, "the registered result", value)
        elif value.get("jobs") is not None:
            yield self._part(_Fields(value, where))
        elif "results" in value:
            yield from self.parts(value["results"], f"{where}.results", lists)
        elif "system" in value and "state" in value:
            yield Part((self._job(_Fields(value, where)),))
        else:
            yield _part_without_jobs(_Fields(value, where))

    def _part(self, fields: _Fields) -> Part:
        return Part(
            jobs=tuple(self._job(job) for job in fields.dictionaries("jobs")),
            failed=fields.flag("failed"),
            timed_out=fields.flag("timed_out"),
            message=fields.text("msg"),
            elapsed=fields.number("elapsed", LONGEST_WAIT),
            polls=fields.count("polls"),
        )

    def _job(self, fields: _Fields, depth: int = 0) -> ReportedJob:
        missing = [name for name in _NEEDED if not fields.has(name)]
        if missing:
            raise OptionError(fields.where, f"expected a job, as {WAIT} returns it, got one without {missing[0]}.")
        if depth > DEEPEST:
            raise OptionError(fields.where, f"expected at most {DEEPEST} levels of children.")
        state = fields.state()
        fields.agrees("finished", state, state in END_STATES)
        fields.agrees("succeeded", state, state == SUCCEEDED)
        system = fields.some_text("system")
        known = Job(
            system=system,
            id=fields.text("id"),
            state=state,
            native_state=fields.text("native_state"),
            parent_id=fields.text("parent_id"),
            description=fields.text("description"),
            progress=fields.progress(),
            message=fields.text("message"),
            created_at=fields.time("created_at"),
            started_at=fields.time("started_at"),
            updated_at=fields.time("updated_at"),
            finished_at=fields.time("finished_at"),
            eta_at=fields.time("eta_at"),
            duration=fields.number("duration"),
            error=fields.error(),
        )
        key = self._keys.get(system, system)
        return ReportedJob(
            known=known,
            key=key,
            own_label=one_line(fields.text("label")) or f"{key} {known.id or 'without an id'}",
            name=fields.text("name"),
            history=tuple(_change(entry) for entry in fields.dictionaries("history")),
            children=tuple(self._job(child, depth + 1) for child in fields.dictionaries("children")),
            returned=fields.value,
        )


def _part_without_jobs(fields: _Fields) -> Part:
    """The part of a task whose condition was false, or that failed before it knew its jobs."""
    message = fields.text("msg")
    if fields.flag("skipped"):
        return Part(skipped=True)
    if fields.flag("failed") or fields.flag("unreachable") or message:
        return Part(failed=True, message=message)
    raise OptionError(fields.where, f"expected the registered result of {WAIT}, got a dictionary without jobs.")


def _change(fields: _Fields) -> Change:
    at = fields.time("at")
    if at is None:
        raise _unexpected(f"{fields.where}.at", "a time", None)
    state = fields.state()
    return Change(at, state, state_of(state, fields.text("native_state"), fields.progress()))


class _Fields:
    """The fields of a dictionary, each checked when it is read. An absent field counts as null.

    :param where: the place of the dictionary, for messages.
    """

    def __init__(self, value: t.Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _unexpected(where, "a dictionary", value)
        self.value: dict[str, t.Any] = value
        self.where = where

    def has(self, name: str) -> bool:
        """Whether the field is there, be it null."""
        return name in self.value

    def text(self, name: str) -> str | None:
        """Text or nothing."""
        return t.cast("str | None", self._checked(name, "text", lambda value: isinstance(value, str)))

    def some_text(self, name: str) -> str:
        """Text that is not empty."""
        text = self.text(name)
        if not text:
            raise _unexpected(f"{self.where}.{name}", "text", text)
        return text

    def flag(self, name: str) -> bool:
        """True or false; false if there is nothing."""
        return bool(self._checked(name, "true or false", lambda value: isinstance(value, bool)))

    def number(self, name: str, most: float = math.inf) -> float | None:
        """A number of at least 0, or nothing."""
        expected = "a number of at least 0" if most == math.inf else f"a number from 0 to {most:g}"
        value = self._checked(name, expected, lambda value: _within(value, most))
        return None if value is None else float(value)

    def count(self, name: str) -> int | None:
        """A whole number of at least 0, or nothing."""
        return t.cast("int | None", self._checked(name, "a whole number", _is_count))

    def progress(self) -> float | None:
        """A percentage, or nothing."""
        return percent(self._checked("progress", "a number from 0 to 100", lambda value: _within(value, 100)))

    def time(self, name: str) -> str | None:
        """A time in ISO 8601, or nothing."""
        return from_text(self._checked(name, "a time", lambda value: from_text(value) is not None))

    def state(self) -> str:
        """One of the states that a job can have."""
        value = self.value.get("state")
        if isinstance(value, str) and value in STATES:
            return value
        got = repr(one_line(value)) if isinstance(value, str) else kind_of(value)
        raise OptionError(f"{self.where}.state", f"expected one of {', '.join(STATES)}, got {got}.")

    def agrees(self, name: str, state: str, expected: bool) -> None:
        """Refuses a field that contradicts the state."""
        value = self.value.get(name)
        if value is not expected:
            got = str(value).lower() if isinstance(value, bool) else kind_of(value)
            raise OptionError(
                f"{self.where}.{name}", f"expected {str(expected).lower()} for the state {state}, got {got}."
            )

    def error(self) -> dict[str, t.Any] | None:
        """Why the job could not be read, or nothing."""
        if self.value.get("error") is None:
            return None
        error = _Fields(self.value["error"], f"{self.where}.error")
        error.some_text("message")
        return error.value

    def dictionaries(self, name: str) -> t.Iterator[_Fields]:
        """A list of dictionaries; an empty one if there is nothing."""
        value = self._checked(name, "a list", lambda value: isinstance(value, list))
        for index, one in enumerate(value or []):
            yield _Fields(one, f"{self.where}.{name}[{index}]")

    def _checked(self, name: str, expected: str, is_good: t.Callable[[t.Any], bool]) -> t.Any:
        value = self.value.get(name)
        if value is not None and not is_good(value):
            raise _unexpected(f"{self.where}.{name}", expected, value)
        return value


def _within(value: t.Any, most: float) -> bool:
    """Whether it is a number, and not one in text, from 0 to ``most``."""
    found = None if isinstance(value, str) else number(value)
    return found is not None and 0 <= found <= most


def _is_count(value: t.Any) -> bool:
    return isinstance(value, int) and _within(value, math.inf)


def _unexpected(where: str, expected: str, value: t.Any) -> OptionError:
    return OptionError(where, f"expected {expected}, as {WAIT} returns it, got {kind_of(value)}.")
