# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text and times of a report."""

from __future__ import annotations

import datetime
import re
import typing as t

# What XML 1.0 cannot hold; it also takes the lone surrogates, which no file can.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: t.Any) -> str:
    """Text that any document can hold."""
    return _ILLEGAL.sub("\ufffd", str(text))


def moment(seconds: float, zone: datetime.tzinfo | None = datetime.timezone.utc) -> datetime.datetime:
    """Seconds since 1970 as a time in a zone; ``None`` is the machine's own."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).astimezone(zone)
