# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A circuit breaker for an API that many polls ask: does it fail, or one of them?

Two streaks decide. A poll that fails while its API answers others has trouble of its own: it is tried again by itself. If nobody is
answered, the API is in trouble: the circuit is open, and one poll at a time is let through, in the name of all, until one is answered.
Nothing here has a clock or makes a request; times are in seconds, monotonic.
"""

from __future__ import annotations

import dataclasses

from ...module_utils._errors import ApiError, Unready

SPREAD = (5**0.5 - 1) / 2
"""The golden ratio: its multiples, modulo 1, come near every number from 0 to 1 soon, and in no order that anything else has."""
TOO_MANY_REQUESTS = 429


class Streak:
    """How one poll has failed since it was last answered."""

    def __init__(self) -> None:
        self.failed_at_answer: int | None = None
        """How many answers the API had given when it failed last."""
        self.own_since: float | None = None
        """Since when it fails while others are answered."""

    def end(self) -> None:
        """It was answered."""
        self.failed_at_answer = self.own_since = None


@dataclasses.dataclass(frozen=True)
class Trouble:
    """What a failure means."""

    is_of_api: bool
    """Whether it is the API that fails, and not the poll alone."""
    since: float
    is_new: bool
    """Whether the circuit was closed until now."""


class ApiHealth:
    """What polls of the same API, with the same account, have in common: whether it answers.

    :param name: what people call it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers = 0
        """How many it gave."""
        self.open_since: float | None = None
        """Since when the circuit is open; ``None`` while it is closed."""
        self.probe_at = 0.0
        """When the next poll is let through while it is open."""
        self._answered_at = self._closed_at = float("-inf")
        self._pauses = self._probes = 0

    def can_recover(self, error: ApiError) -> bool:
        """Whether a later try can help. An appliance that did answer may show a web page, or nothing, while it restarts."""
        answered = self.answers > 0 or error.known is not None
        return error.transient or (isinstance(error, Unready) and answered)

    def answered(self, streak: Streak, now: float) -> bool:
        """Note that a poll was answered; whether that closes the circuit."""
        streak.end()
        self.answers += 1
        self._answered_at = now
        was_open = self.open_since is not None
        if was_open:
            self._closed_at = now
        self.open_since, self.probe_at, self._pauses, self._probes = None, 0.0, 0, 0
        return was_open

    def failed(self, streak: Streak, error: ApiError, now: float, *, is_only_poll: bool, lull: float) -> Trouble:
        """Note that a poll has failed.

        :param streak: the poll's.
        :param is_only_poll: whether the API has no other poll.
        :param lull: for how long an API that works may give no answer between those that fail.
        """
        is_of_api = self.open_since is not None or error.status == TOO_MANY_REQUESTS  # such limits are the account's
        if not is_of_api:
            others = streak.failed_at_answer is not None and self.answers > streak.failed_at_answer
            known = streak.own_since is not None or now - self._answered_at < lull
            is_of_api = not (others or (known and not is_only_poll))
        streak.failed_at_answer = self.answers
        if is_of_api:
            return Trouble(True, now if self.open_since is None else self.open_since, self.open_since is None)
        if streak.own_since is None:
            streak.own_since = now
        return Trouble(False, max(streak.own_since, self._closed_at), False)

    def open(self, trouble: Trouble, error: ApiError, now: float, *, delay: float, paused: float) -> None:
        """Open the circuit, or keep it open, and let the next poll through after a delay.

        The pause that one poll is asked to make is its own, until another one is asked for it, too; a limit of requests is for all.

        :param delay: seconds, as we choose.
        :param paused: seconds, as the API asks for.
        """
        self.open_since = trouble.since
        self._pauses += bool(error.retry_after)
        for_all = error.status == TOO_MANY_REQUESTS or self._pauses > 1
        self.probe_at = now + (paused if for_all else delay)

    def pick(self, count: int) -> int:
        """Which of so many polls that are due is let through, the oldest being 0.

        The oldest comes first. The next ones are spread over all of them: many jobs that are broken, and stand in a row, do not hide
        that the API answers the others.
        """
        place = int(self._probes * SPREAD % 1 * count)
        self._probes += 1
        return place
