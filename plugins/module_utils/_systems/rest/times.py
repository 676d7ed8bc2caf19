# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads times in the units and formats that a profile names."""

from __future__ import annotations

import datetime
import re
import typing as t

from ..._text import one_line
from ..._values import from_epoch, from_text, number
from .mistakes import Mistake, either, shown

UNITS: dict[str, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
"""For each unit its length in seconds."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# The names are English with every locale. datetime.strptime would expect "Okt" on a German machine.
_DIRECTIVES: dict[str, str] = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>[0-9]{1,2})",
    "b": rf"(?P<b>(?i:{'|'.join(_MONTHS)})[a-z]*)",
    "d": r"[ ]?(?P<d>[0-9]{1,2})",
    "a": rf"(?i:{'|'.join(_DAYS)})[a-z]*",
    "H": r"(?P<H>[0-9]{1,2})",
    "I": r"(?P<I>[0-9]{1,2})",
    "M": r"(?P<M>[0-9]{1,2})",
    "S": r"(?P<S>[0-9]{1,2})",
    "f": r"(?P<f>[0-9]{1,9})",
    "p": r"(?P<p>(?i:am|pm))",
    "z": r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})",
}

Clock = t.Callable[[t.Any], t.Optional[str]]
"""Returns a value as ISO 8601 in UTC; ``None`` if the value is not a time."""

# Values that mean "never": the zero times of Go, .NET and databases.
_NEVER = ("0001-01-01", "0000-00-00", "1970-01-01T00:00:00", "1970-01-01 00:00:00")


def is_never(value: t.Any) -> bool:
    """Whether a value means that there is no time. Other values that cannot be read cause a warning."""
    return value in (None, "", 0, "0") or (isinstance(value, str) and value.startswith(_NEVER))


def unit_clock(unit: str) -> Clock:
    """A reader of numbers of units since 1970."""
    scale = UNITS[unit]

    def read(value: t.Any) -> str | None:
        stamp = number(value)
        return None if stamp is None else from_epoch(stamp * scale)

    return read


def text_clock(value: t.Any) -> str | None:
    """Reads ISO 8601 and ``YYYY-MM-DD HH:MM:SS``, in UTC if there is no zone."""
    return from_text(value)


def format_clock(form: str) -> Clock:
    """A reader of texts in a format of :func:`time.strptime`, in UTC if there is no zone.

    :raises Mistake: for an unsupported directive, or a format without a day.
    """
    pattern, seen = "", set()
    for plain, directive in re.findall(r"([^%]+)|%(.?)", form, re.DOTALL):
        if directive == "%" or plain:
            pattern += re.escape(plain or "%")
        elif directive not in _DIRECTIVES:
            known = either(f"%{name}" for name in _DIRECTIVES)
            raise Mistake(f"%{directive} in {shown(form)}", known)
        elif directive in seen:
            raise Mistake(f"%{directive} is twice in {shown(form)}", "each part once")
        else:
            seen.add(directive)
            pattern += _DIRECTIVES[directive]
    if not seen & {"Y", "y"} or not seen & {"m", "b"} or "d" not in seen:
        raise Mistake(f"{shown(form)} names no day", "a format with %Y, %m and %d, such as '%Y/%m/%d %H:%M:%S'")
    if ("I" in seen) != ("p" in seen):
        raise Mistake(f"{shown(form)} has only one of %I and %p", "%H, or %I with %p")
    expression = re.compile(pattern)

    def read(value: t.Any) -> str | None:
        found = expression.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 100 else None
        return None if found is None else _moment(found.groupdict())

    return read


def _moment(part: t.Mapping[str, str | None]) -> str | None:
    hour = int(part.get("H") or 0)
    if part.get("p"):
        hour = int(part["I"] or 0) % 12 + (12 if str(part["p"]).lower() == "pm" else 0)
    try:
        moment = datetime.datetime(
            int(part.get("Y") or 2000 + int(part.get("y") or 0)),
            _MONTHS.index(str(part["b"])[:3].lower()) + 1 if part.get("b") else int(part.get("m") or 0),
            int(part["d"] or 0),
            hour,
            int(part.get("M") or 0),
            int(part.get("S") or 0),
            int((part.get("f") or "0")[:6].ljust(6, "0")),
            _zone(part.get("z")),
        )
        return from_epoch(moment.timestamp())
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> datetime.timezone:
    if text is None or text == "Z":
        return datetime.timezone.utc
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def no_time(what: str, value: t.Any) -> str:
    """The warning about a time that cannot be read.

    :param what: the path of the value.
    """
    return f"The reply's {what} is no time that can be read: {one_line(str(value)[:1000]) or 'blank'}."
