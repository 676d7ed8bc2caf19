# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the ids of a job in the registered result of the task that started the job.

The result may contain headers, tokens and arguments of the start call. Only the ids are taken from it, and no message quotes it.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
from urllib.parse import unquote

from ..._errors import OptionError
from .addresses import LONGEST
from .answer import Answer, Source
from .ids import Id
from .language import STARTED_BY
from .mistakes import Mistake, either, nearest

_NOTHING = Answer()


@dataclasses.dataclass(frozen=True)
class StartedBy:
    """The places of the ids in a result.

    :param places: each id with its places, which the language has read. The first place that has a value counts.
    """

    places: t.Sequence[tuple[Id, t.Sequence[t.Any]]]

    @property
    def where(self) -> dict[str, str]:
        """For each id, by name, its places as text for messages."""
        return {one.name: either(dict.fromkeys(map(_named, places))) for one, places in self.places}

    def ids(self, result: t.Any, start: str = "the result", known: t.Container[str] = ()) -> dict[str, str]:
        """The ids in a registered result.

        :param start: the name of the result in messages.
        :param known: ids that are known already.
        :raises OptionError: for an id that is in none of its places, and for an invalid id.
        """
        result = _with_json(result)
        found = {}
        for one, places in self.places:
            if one.name in known:
                continue
            text = next(filter(None, (_text_at(place, result) for place in places)), None)
            if text is None:
                raise OptionError("started_by", f"{start} has no {one.name}; expected it at {self.where[one.name]}.")
            try:
                if len(text) > LONGEST:
                    raise OptionError(one.name, "it is too long.")
                found[one.name] = one.alone(text)
            except OptionError:
                raise OptionError("started_by", f"what {start} has for {one.name} can be no id.") from None
        return found


def started_by_of(places: t.Any, ids: t.Sequence[Id]) -> StartedBy:
    """The ``started_by`` of a profile, which the language has read.

    :param ids: the ids of the profile, outermost first. Places without an id are those of the last id.
    :raises Mistake: for an unknown id.
    """
    by_id = places if isinstance(places, dict) else {ids[-1].name: places}
    for name in by_id:
        if name not in [one.name for one in ids]:
            raise Mistake("there is no such id", nearest(name, [one.name for one in ids]), name)
    return StartedBy([(one, by_id[one.name]) for one in ids if one.name in by_id])


def read_started_by(places: t.Any, names: t.Sequence[str]) -> StartedBy:
    """The places of ids for a system without a profile.

    :param names: the names of the ids, each a segment of a path.
    :raises Mistake: for places that are not in the language of profiles.
    """
    return started_by_of(STARTED_BY.read(places), [Id(name) for name in names])


def _with_json(result: t.Any) -> t.Any:
    """The result with a parsed body. If the content type of a reply is not JSON, ``uri`` returns the body only as text, in ``content``."""
    content = result.get("content") if isinstance(result, dict) else None
    if not isinstance(content, str) or "json" in result:
        return result
    try:
        return {**result, "json": json.loads(content)}
    except (ValueError, RecursionError):
        return result


def _source(place: t.Any) -> Source:
    return t.cast(Source, place["path"] if isinstance(place, dict) else place)


def _named(place: t.Any) -> str:
    before, after = _between(place)
    if before and after.strip():
        return f"{_source(place)} between {before!r} and {after!r}"
    return (
        f"{_source(place)} after {before!r}"
        if before
        else f"{_source(place)} before {after!r}"
        if after
        else f"{_source(place)}"
    )


def _between(place: t.Any) -> tuple[str, str]:
    before, after = (place.get("between") if isinstance(place, dict) else None) or ("", "")
    return before, after


def _text_at(place: t.Any, result: t.Any) -> str | None:
    """The id at a place; ``None`` if the place has none."""
    value = _source(place).find(result, _NOTHING)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value)
    before, after = _between(place)
    if not before and not after:
        return text if text.strip() else None
    if not isinstance(value, str):
        return None
    _head, found, rest = text.partition(before) if before else ("", " ", text)
    part, ended, _tail = rest.partition(after) if after else (rest, " ", "")
    if not found or not ended or not part.strip():
        return None
    # A part of a URL is encoded already. It is decoded here, because it will be encoded again when it is sent.
    return unquote(part) if "://" in text or text.startswith("/") else part
