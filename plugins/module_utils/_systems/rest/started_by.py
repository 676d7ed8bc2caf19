# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids of a job out of the registered result of the task that started it.

Such a result holds the start call's headers, tokens and arguments. Only the ids are taken from it; no sentence quotes it.
"""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import unquote

from ..._errors import OptionError
from ..._values import identifier
from .answer import Answer, Source
from .mistakes import either

_NOTHING = Answer()


@dataclasses.dataclass(frozen=True)
class StartedBy:
    """Where the ids are.

    :param places: by id the places, of which the first that has one counts; as the language reads them.
    :param profile: the name of the profile, for the sentence.
    """

    places: t.Mapping[str, t.Sequence[t.Any]]
    profile: str

    def ids(self, result: t.Any) -> dict[str, str]:
        """The ids in a registered result.

        :raises OptionError: if one of them is nowhere, with the places that were looked at.
        """
        found = {}
        for name, places in self.places.items():
            text = next(filter(None, (_text_at(place, result) for place in places)), None)
            if text is None:
                looked = either(dict.fromkeys(map(_named, places)))
                raise OptionError(
                    "started_by", f"the result has no {name} for the profile {self.profile}; expected it at {looked}."
                )
            found[name] = text
        return found


def _source(place: t.Any) -> Source:
    return t.cast(Source, place["path"] if isinstance(place, dict) else place)


def _named(place: t.Any) -> str:
    between = place.get("between") if isinstance(place, dict) else None
    return f"{_source(place)}{f' between {between[0]!r} and {between[1]!r}' if between else ''}"


def _text_at(place: t.Any, result: t.Any) -> str | None:
    """The id at one place, ``None`` if it is not there."""
    value = _source(place).find(result, _NOTHING)
    between = place.get("between") if isinstance(place, dict) else None
    if not between:
        return identifier(value)
    if not isinstance(value, str):
        return None
    before, after = between
    _head, found, rest = value.partition(before)
    text, ended, _tail = rest.partition(after) if after else (rest, " ", "")
    if not (found or not before) or not ended:
        return None
    # A part of a URL is encoded, and would be once more when it is sent.
    return identifier(unquote(text) if "://" in value or value.startswith("/") else text)
