# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The retries of an info module. A wait has a circuit breaker instead."""

from __future__ import annotations

import typing as t

from .._errors import ApiError
from .deadline import Deadline

PAUSES = (1.0, 2.0, 4.0, 5.0)
"""Seconds between the attempts. The last pause is repeated."""
LONGEST_RETRY_AFTER = 60.0
"""Seconds. If an API asks for a longer pause, the module fails at once."""

Read = t.TypeVar("Read")


def retried(read: t.Callable[[], Read], retries: int, end: Deadline, sleep: t.Callable[[float], None]) -> Read:
    """Calls ``read``, and repeats the call after transient errors while there is time.

    :param retries: the largest number of repetitions.
    :param end: the deadline; no pause goes beyond it.
    :param sleep: waits for a number of seconds.
    :raises ApiError: the last error.
    """
    attempt = 0
    while True:
        try:
            return read()
        except ApiError as error:
            pause = max(PAUSES[min(attempt, len(PAUSES) - 1)], error.retry_after or 0.0)
            if not error.transient or attempt == retries or pause > min(LONGEST_RETRY_AFTER, end.seconds_left):
                raise
            sleep(pause)
            attempt += 1
