# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A circuit breaker for an API that serves many polls: decides whether the API fails, or only one poll.

Two streaks decide. If a poll fails while its API answers other polls, the fault is in that poll, and only that poll is retried. If no
poll succeeds, the API is unreachable: the circuit opens and lets one poll at a time through, as a probe, until a probe succeeds.
Each poll is a probe once before the API is given up, because many broken jobs look like an unreachable API to all but the good jobs.
The exception is an API that asks for pauses.
This file has no clock and makes no request. Times are in seconds, monotonic.
"""

from __future__ import annotations

import dataclasses

from ...module_utils._errors import ApiError, Unready

SPREAD = (5**0.5 - 1) / 2
"""The golden ratio: its multiples, modulo 1, soon come near every number from 0 to 1, in an order unlike that of the jobs."""
TOO_MANY_REQUESTS = 429
LASTING = 2
"""The number of errors in a row after which the user is told that a poll fails. One is often chance, for example while one of several
servers behind an address restarts."""


class Streak:
    """The errors of one poll since its last success."""

    def __init__(self) -> None:
        self.failed_at_answer: int | None = None
        """The API's count of successes when this poll last failed; ``None`` if the poll has not failed since its last success."""
        self.own_since: float | None = None
        """Since when this poll has failed while the API answers other polls; ``None`` if it has not."""

        self.own_failures = 0
        """How often it has failed since then."""

    @property
    def is_lasting(self) -> bool:
        """Whether this poll fails again and again while the API answers other polls."""
        return self.own_failures >= LASTING

    def end(self) -> None:
        """Ends the streak after a success."""
        self.failed_at_answer = self.own_since = None
        self.own_failures = 0


@dataclasses.dataclass(frozen=True)
class Trouble:
    """Says what an error of a poll means."""

    is_of_api: bool
    """Whether the API fails, and not only this poll."""
    since: float
    is_new: bool
    """Whether the circuit was closed until now."""


class ApiHealth:
    """Whether the API of an account answers. All polls of the account share it.

    :param name: the API's name in messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers = 0
        """The count of polls that the API has answered."""
        self.open_since: float | None = None
        """Since when the circuit is open; ``None`` while it is closed."""
        self.probe_at = 0.0
        """When the next probe may be made while the circuit is open."""
        self._answered_at = self._closed_at = float("-inf")
        self._pauses = self._probes = 0

    def can_recover(self, error: ApiError) -> bool:
        """Whether a later try can help. An appliance that has answered before may send a web page, or nothing, while it restarts."""
        answered = self.answers > 0 or error.known is not None
        return error.transient or (isinstance(error, Unready) and answered)

    def answered(self, streak: Streak, now: float) -> bool:
        """Records that a poll was answered. Returns whether that closes the circuit."""
        streak.end()
        self.answers += 1
        self._answered_at = now
        was_open = self.open_since is not None
        if was_open:
            self._closed_at = now
        self.open_since, self.probe_at, self._pauses, self._probes = None, 0.0, 0, 0
        return was_open

    def failed(self, streak: Streak, error: ApiError, now: float, *, is_only_poll: bool, lull: float) -> Trouble:
        """Records that a poll has failed, and decides whether the API has.

        :param streak: the poll's streak.
        :param is_only_poll: whether the API has no other poll.
        :param lull: seconds. If the API's last success is less than this ago, an error is the poll's own, provided that the API has
            other polls.
        """
        # A rate limit applies to the account, so it is never the trouble of one poll.
        is_of_api = self.open_since is not None or error.status == TOO_MANY_REQUESTS
        if not is_of_api:
            others = streak.failed_at_answer is not None and self.answers > streak.failed_at_answer
            known = streak.own_since is not None or now - self._answered_at < lull
            is_of_api = not (others or (known and not is_only_poll))
        streak.failed_at_answer = self.answers
        if is_of_api:
            return Trouble(True, now if self.open_since is None else self.open_since, self.open_since is None)
        if streak.own_since is None:
            streak.own_since = now
        streak.own_failures += 1
        return Trouble(False, max(streak.own_since, self._closed_at), False)

    def has_failed(self, streak: Streak) -> bool:
        """Whether the poll with this streak has failed since the API last answered a poll."""
        return streak.failed_at_answer == self.answers

    def open(self, trouble: Trouble, error: ApiError, now: float, *, delay: float, paused: float) -> None:
        """Opens the circuit, or keeps it open, and sets the time of the next probe.

        A pause that the API asks for applies to the poll that it answered. It applies to all polls once the API has asked a second
        poll for a pause, and at once if the error is a rate limit.

        :param delay: seconds to the next probe by our own policy.
        :param paused: seconds to the next probe if the pause that the API asks for applies to all.
        """
        self.open_since = trouble.since
        self._pauses += bool(error.retry_after)
        for_all = error.status == TOO_MANY_REQUESTS or self._pauses > 1
        self.probe_at = now + (paused if for_all else delay)

    def pick(self, count: int) -> int:
        """The place of the next probe among ``count`` polls that are due, of which the oldest has place 0.

        The first probe is the oldest poll. The next probes are spread over all polls, so that a row of broken jobs cannot hide that
        the API answers the other jobs.
        """
        place = int(self._probes * SPREAD % 1 * count)
        self._probes += 1
        return place
