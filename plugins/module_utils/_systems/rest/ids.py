# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids of a job: each is a segment of a path, a path or URL of the API's origin, or the last part of a URL."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._errors import OptionError
from ..._http.url import check_segment
from ..._text import kind_of
from ..._values import is_set
from .addresses import last_part, last_segment, resolve
from .mistakes import Mistake


@dataclasses.dataclass(frozen=True)
class Id:
    """An id of a profile.

    :param address: whether the id is a path or URL, which replaces the request's address except the origin.
    :param last: whether only the last part of the given text is the id.
    """

    name: str
    address: bool = False
    last: bool = False

    def short(self, given: str) -> str:
        """The given text, or its last part."""
        return last_segment(given) if self.last else given

    def alone(self, given: str) -> str:
        """The id in a given text: the text, or its last part (still encoded if the text is a URL).

        :raises OptionError: for an id that is not allowed as a segment of a path.
        """
        if not self.address:
            check_segment(self.short(given), self.name)
        return last_part(given) if self.last else given

    def normal(self, given: str, base_url: str) -> str:
        """The id in the form that is sent and compared: the segment, or the whole URL.

        :param base_url: the beginning of all addresses.
        :raises OptionError: for an invalid id.
        """
        if self.address:
            return resolve(self.name, given, f"{base_url}/")
        segment = self.short(given)
        check_segment(segment, self.name)
        return segment

    def normal_or_none(self, given: str | None, base_url: str) -> str | None:
        """The same for an id from a reply; ``None`` for an invalid id."""
        try:
            return None if given is None else self.normal(given, base_url)
        except OptionError:
            return None


def ids_of(read: t.Mapping[str, t.Mapping[str, t.Any]]) -> tuple[Id, ...]:
    """The ids of a profile, which the language has read.

    :raises Mistake: for an id of two kinds at once.
    """
    for name, options in read.items():
        if options.get("kind") == "path" and options.get("last_segment"):
            raise Mistake("kind: path and last_segment together", "one of them", name)
    return tuple(
        Id(name, options.get("kind") == "path", options.get("last_segment", False)) for name, options in read.items()
    )


def normal_ids(ids: t.Sequence[Id], given: t.Mapping[str, str], base_url: str) -> dict[str, str]:
    """The given ids in the form that is sent.

    :raises OptionError: for an invalid id.
    """
    return {one.name: one.normal(given[one.name], base_url) for one in ids if one.name in given}


def given_ids(ids: t.Sequence[Id], given: t.Any) -> dict[str, str]:
    """The ids in an option, by name, as the user wrote them.

    :param given: text if the profile has one id, else a mapping.
    :raises OptionError: for an invalid id.
    """
    names = [one.name for one in ids]
    if given is None:
        return {}
    if not isinstance(given, dict):
        if len(names) > 1:
            raise OptionError("id", f"expected a dictionary with {' and '.join(names)}, got {kind_of(given)}.")
        return {names[0]: given_id("id", given)}
    for name in given:
        if name not in names:
            raise OptionError(f"id.{name}", f"there is no such id; expected {' and '.join(names)}.")
    return {name: given_id(f"id.{name}", given[name]) for name in names if name in given}


def given_id(option: str, value: t.Any) -> str:
    """An id as text.

    :raises OptionError: for a value that is not an id.
    """
    if isinstance(value, (bool, float)) or not isinstance(value, (str, int)):
        in_quotes = "; write it in quotes" if isinstance(value, (bool, float)) else ""
        raise OptionError(option, f"expected text, got {kind_of(value)}{in_quotes}.")
    if not is_set(value):
        raise OptionError(option, " is empty, so it names nothing.")
    return str(value)
