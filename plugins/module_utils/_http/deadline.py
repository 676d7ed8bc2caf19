# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines, made from options and passed down to the socket."""

from __future__ import annotations

import dataclasses
import time


@dataclasses.dataclass(frozen=True)
class Deadline:
    """The moment at which a wait, a reading or a request must be over.

    :param at: seconds, monotonic.
    :param limit: the limit that has set it, for messages: ``30 s (request_timeout)``.
    """

    at: float = float("inf")
    limit: str = ""

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline; 0 once it has passed."""
        return max(self.at - time.monotonic(), 0.0)

    def within(self, seconds: float, option: str) -> Deadline:
        """The earlier of this deadline and the one ``seconds`` from now.

        :param option: the option that the seconds come from, for messages.
        """
        now = time.monotonic()
        if now + seconds <= self.at:
            return Deadline(now + seconds, f"{round(seconds, 3):g} s ({option})")
        return Deadline(self.at, f"{round(max(self.at - now, 0.0), 3):g} s (the time that was left)")


NEVER = Deadline()
"""A deadline that never comes."""
