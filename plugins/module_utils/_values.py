# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an API's loosely typed values. No function here raises for a value that an API sends."""

from __future__ import annotations

import datetime
import math
import re
import typing as t

from ._text import one_line, one_word

_EARLIEST, _LATEST = 0.0, 4102444800.0  # 1970 to 2100: a timestamp outside of these years is a mistake


def is_set(value: object) -> bool:
    """Whether a value sets an option. Null and blank text do not, because a variable without a value is rendered as them."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def identifier(value: object) -> str | None:
    """An id as an opaque string (vendors send negative numbers, digits in a string, integers), or ``None``."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (str, int)):
        return one_word(str(value))
    return None


def number(value: object) -> float | None:
    """A finite number from a number or a numeric string, or ``None``."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def percent(value: object) -> float | None:
    """A percentage from 0 to 100, or ``None`` for anything else."""
    result = number(value)
    return result if result is not None and 0 <= result <= 100 else None


def from_epoch(seconds: object) -> str | None:
    """Seconds since 1970 (a number or a numeric string) as ISO 8601 in UTC, or ``None`` if that is not a plausible time."""
    stamp = number(seconds)
    # 0 means "never" in more than one API.
    if stamp is None or not _EARLIEST < stamp < _LATEST:
        return None
    return _iso(datetime.datetime.fromtimestamp(stamp, datetime.timezone.utc))


def from_text(value: object) -> str | None:
    """``YYYY-MM-DD HH:MM:SS`` or ISO 8601 (UTC if it has no zone) as ISO 8601 in UTC, or ``None``."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.endswith(("Z", "z")):  # Python 3.9 and 3.10 do not read a Z
        text = text[:-1] + "+00:00"
    # Python 3.9 and 3.10 read fractions of three or six digits only.
    text = re.sub(r"\.(\d+)", lambda match: "." + match[1][:6].ljust(6, "0"), text, count=1)
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.timezone.utc)
        return from_epoch(moment.timestamp())
    except (ValueError, OverflowError):
        return None


def to_epoch(iso: str | None) -> float | None:
    """The reverse of :func:`from_epoch`: seconds since 1970 of an ISO 8601 time, or ``None``."""
    if iso is None:
        return None
    return datetime.datetime.fromisoformat(iso.replace("Z", "+00:00")).timestamp()


def seconds_between(started_at: str | None, finished_at: str | None) -> float | None:
    """Seconds from one ISO 8601 time to another; ``None`` if a time is missing, or if the second is earlier."""
    start, end = to_epoch(started_at), to_epoch(finished_at)
    return round(end - start, 3) if start is not None and end is not None and end >= start else None


def mapping(value: object) -> dict[str, t.Any]:
    """The value if it is a JSON object, else an empty object."""
    return value if isinstance(value, dict) else {}


def array(value: object) -> list[t.Any]:
    """The value if it is a JSON array, else an empty array."""
    return value if isinstance(value, list) else []


def _iso(moment: datetime.datetime) -> str:
    spec = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=spec).replace("+00:00", "Z")


class Fields:
    """Reads the fields of a JSON object. ``warnings`` collects a sentence for each time that cannot be read."""

    def __init__(self, body: t.Mapping[str, t.Any]) -> None:
        self._body = body
        self.warnings: list[str] = []

    def raw(self, name: str) -> t.Any:
        """The value as sent, ``None`` if it is absent."""
        return self._body.get(name)

    def has(self, *names: str) -> bool:
        """Whether any of the fields is present, even with the value null."""
        return any(name in self._body for name in names)

    def text(self, name: str) -> str | None:
        """One line of text."""
        return one_line(self.raw(name))

    def word(self, name: str) -> str | None:
        """A word or a number as text: a state, a code, an id."""
        return one_line(identifier(self.raw(name)))

    def percent(self, name: str) -> float | None:
        """A percentage from 0 to 100."""
        return percent(self.raw(name))

    def seconds(self, name: str, scale: float = 1.0) -> float | None:
        """A duration in seconds.

        :param scale: the field's unit in seconds.
        """
        value = number(self.raw(name))
        return round(value * scale, 3) if value is not None and value >= 0 else None

    def epoch(self, name: str, scale: float = 1.0) -> str | None:
        """A time from a number that counts from 1970.

        :param scale: the field's unit in seconds.
        """
        value = number(self.raw(name))
        return self._time(name, from_epoch(value * scale) if value is not None else None)

    def stamp(self, name: str) -> str | None:
        """A time from text."""
        return self._time(name, from_text(self.raw(name)))

    def _time(self, name: str, moment: str | None) -> str | None:
        value = self.raw(name)
        if moment is None and value not in (None, "", 0, "0"):
            self.warnings.append(f"The reply's {name} is no time that can be read: {one_line(str(value)) or 'blank'}.")
        return moment
