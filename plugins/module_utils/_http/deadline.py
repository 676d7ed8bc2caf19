# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time by which something must be over: made from an option, and handed down to the socket."""

from __future__ import annotations

import dataclasses
import time


@dataclasses.dataclass(frozen=True)
class Deadline:
    """A time by which something must be over.

    :param at: seconds, monotonic.
    :param limit: what has set it, for people: ``30 s (request_timeout)``.
    """

    at: float = float("inf")
    limit: str = ""

    @property
    def seconds_left(self) -> float:
        """Seconds until then; 0 once it has passed."""
        return max(self.at - time.monotonic(), 0.0)

    def within(self, seconds: float, option: str) -> Deadline:
        """This one, or the one in so many seconds if that is sooner.

        :param option: where the seconds come from.
        """
        now = time.monotonic()
        if now + seconds <= self.at:
            return Deadline(now + seconds, f"{round(seconds, 3):g} s ({option})")
        return Deadline(self.at, f"{round(max(self.at - now, 0.0), 3):g} s (the time that was left)")


NEVER = Deadline()
"""No deadline at all."""
