# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the fields of a job other than its state: description, message, progress, times."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._values import from_epoch, number, percent, seconds_between, to_epoch
from .answer import Answer, Finder, Source, Text
from .mistakes import Mistake, under
from .times import UNITS, Clock, format_clock, is_never, no_time, text_clock, unit_clock

TEXTS = ("description", "message")
TIMES = ("created_at", "started_at", "updated_at", "finished_at", "eta_at")

Found = tuple[t.Any, t.Optional[str]]
"""A value, and a warning."""
Reader = t.Callable[[t.Any, Answer], Found]


@dataclasses.dataclass(frozen=True)
class Fields:
    """The fields of a profile, each as a reader.

    :param linear: whether the progress grows linearly, so that 50 % means half of the time.
    """

    texts: tuple[tuple[str, Text], ...] = ()
    progress: Reader | None = None
    times: tuple[tuple[str, Reader], ...] = ()
    duration: Reader | None = None
    linear: bool = False
    sought: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    """For each field its paths, for authors of profiles."""

    def read(self, node: t.Any, answer: Answer, ended: bool) -> tuple[dict[str, t.Any], list[str]]:
        """The fields of :class:`Job` that the reply has, and warnings.

        :param ended: whether the job has ended. If not, ``finished_at`` is ignored, because some APIs send a planned time.
        """
        known: dict[str, t.Any] = {}
        warnings: list[str] = []
        for name, text in self.texts:
            known[name] = text.find(node, answer)
        if self.progress:
            known["progress"], _none = self.progress(node, answer)
        for name, read in self.times:
            if name == "finished_at" and not ended:
                continue
            known[name], warning = read(node, answer)
            if warning:
                warnings.append(warning)
        if self.duration:
            known["duration"], _none = self.duration(node, answer)
        elif ended:
            known["duration"] = seconds_between(known.get("started_at"), known.get("finished_at"))
        return known, warnings


def fields_of(read: t.Mapping[str, t.Any]) -> Fields:
    """The readers for the ``fields`` of a profile, which the language has read.

    :raises Mistake: for an invalid format of a time.
    """
    progress = read.get("progress")
    options: t.Mapping[str, t.Any] = progress if isinstance(progress, dict) else {"path": progress}
    return Fields(
        texts=tuple((name, read[name]) for name in TEXTS if name in read),
        progress=_progress(options) if progress else None,
        times=tuple((name, under(name, _time, read[name])) for name in TIMES if name in read),
        duration=_duration(read["duration"]) if "duration" in read else None,
        linear=options.get("linear", False),
        sought={name: _sought(value) for name, value in read.items()},
    )


def _sought(value: t.Any) -> str:
    if isinstance(value, dict):
        return " and ".join(str(part) for part in value.values() if isinstance(part, Source))
    return str(value)


def _progress(read: t.Mapping[str, t.Any]) -> Reader:
    if "done" in read:
        return _ratio(read["done"], read["total"])
    find = read["path"].find
    if "scale" not in read:
        return lambda node, answer: (percent(_bare(find(node, answer))), None)
    scale = read["scale"]

    def scaled(node: t.Any, answer: Answer) -> Found:
        value = number(find(node, answer))
        return (None if value is None else percent(round(value / scale * 100, 2)), None)

    return scaled


def _bare(value: t.Any) -> t.Any:
    """The value without a percent sign: ``"45"`` for ``"45 %"``."""
    return value.rstrip("% ") if isinstance(value, str) else value


def _ratio(done: Source, total: Source) -> Reader:
    """The share of done in total, in percent. Lists are summed only if no row lacks a number: otherwise ``done`` of one row would be
    compared with ``total`` of another row."""

    def read(node: t.Any, answer: Answer) -> Found:
        parts, whole = _numbers(done, node, answer), _numbers(total, node, answer)
        if not parts or not whole or len(parts) != len(whole) or sum(whole) <= 0:
            return None, None
        return percent(round(sum(parts) / sum(whole) * 100, 2)), None

    return read


def _numbers(source: Source, node: t.Any, answer: Answer) -> list[float]:
    """The numbers of a source; an empty list if a value is missing or is not a number."""
    value, whole = source.find_whole(node, answer)
    numbers = [number(one) for one in (value if isinstance(value, list) else [value])]
    return [one for one in numbers if one is not None] if whole and None not in numbers else []


def _time(read: t.Any) -> Reader:
    """The reader of a time: a path, or the path of a beginning with that of a duration to add."""
    if isinstance(read, dict) and "from" in read:
        return _estimate(read)
    source = read["path"] if isinstance(read, dict) else read
    options = read if isinstance(read, dict) else {}
    never = frozenset(options.get("never", ()))
    clock: Clock = text_clock
    if "unit" in options and "format" in options:
        raise Mistake("unit and format together", "unit for numbers, format for texts")
    if "unit" in options:
        clock = unit_clock(options["unit"])
    elif "format" in options:
        clock = under("format", format_clock, options["format"])
    if len(source.paths) == 1:
        (path,) = source.paths
        return _clocked(path.find, path.text, clock, never)
    readers = [_clocked(path.find, path.text, clock, never) for path in source.paths]

    def first(node: t.Any, answer: Answer) -> Found:
        warned = None
        for reader in readers:
            moment, warning = reader(node, answer)
            if moment is not None:
                return moment, None
            warned = warned or warning
        return None, warned

    return first


def _clocked(find: Finder, what: str, clock: Clock, never: frozenset[str]) -> Reader:
    def read(node: t.Any, answer: Answer) -> Found:
        value = find(node, answer)
        if value is None:
            return None, None
        moment = clock(value)
        if moment is None and not is_never(value) and not (isinstance(value, str) and value in never):
            return None, no_time(what, value)
        return moment, None

    return read


def _estimate(read: t.Mapping[str, t.Any]) -> Reader:
    """The reader of an estimated end: the beginning of a job plus the expected duration."""
    unit = read.get("unit")
    begin = _time({"path": read["from"], "unit": unit} if unit else read["from"])
    plus, scale = read["plus"].find, UNITS[unit or "s"]

    def estimate(node: t.Any, answer: Answer) -> Found:
        moment, warning = begin(node, answer)
        start, more = to_epoch(moment), number(plus(node, answer))
        if start is None or more is None or more < 0:
            return None, warning
        return from_epoch(start + more * scale), warning

    return estimate


def _duration(read: t.Any) -> Reader:
    source = read["path"] if isinstance(read, dict) else read
    scale = UNITS[read.get("unit", "s") if isinstance(read, dict) else "s"]
    find = source.find

    def seconds(node: t.Any, answer: Answer) -> Found:
        value = number(find(node, answer))
        return (round(value * scale, 3) if value is not None and value >= 0 else None), None

    return seconds
