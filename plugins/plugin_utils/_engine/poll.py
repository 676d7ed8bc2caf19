# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all polls have in common: what is asked for, and how it went so far."""

from __future__ import annotations

import typing as t

from ...module_utils._errors import ApiError, Unready


class Api:
    """What polls of the same API, with the same account, have in common: whether it answers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers = 0
        """How many good ones it gave."""
        self.dark_since: float | None = None
        """Since when (monotonic) it gives none; ``None`` while it does."""
        self.probe_at = 0.0
        """When (monotonic) it is tried again while it is dark."""
        self.held_up_by: Poll | None = None
        """Who was the first to be told to come back later, since it is dark."""
        self.answers_since = 0.0
        """Since when (monotonic) it answers again, where it was dark before."""

    def answers_others(self, poll: Poll) -> bool:
        """Whether it has given a good answer since this one was last asked for in vain: the fault is not the API's but this one's."""
        return poll.failed_after is not None and self.answers > poll.failed_after

    def answered(self, now: float) -> bool:
        """Note a good answer; whether it was dark until now."""
        self.answers += 1
        if self.dark_since is None:
            return False
        self.dark_since, self.probe_at, self.held_up_by, self.answers_since = None, 0.0, None, now
        return True

    def can_recover(self, error: ApiError) -> bool:
        """Whether a later try can help. An appliance that did answer may show a web page, or nothing, while it restarts."""
        answered = self.answers > 0 or error.known is not None
        return error.transient or (isinstance(error, Unready) and answered)


class Poll:
    """Something that is asked for again and again.

    :param label: what people call it.
    :param api: the API behind it.
    :param fetch: asks once. Raises :class:`ApiError`.
    """

    error: dict[str, t.Any] | None
    """Why it could not be read, as in a job. ``None`` if the last poll could read it."""

    def __init__(self, label: str, api: Api, fetch: t.Callable[[], t.Any]) -> None:
        self.label = label
        self.api = api
        self.fetch = fetch
        self.polls = 0
        """How often it was due and asked for, by itself or along with others."""
        self.closed = False
        """Whether its wait is over, for whatever reason."""
        self.timed_out = False
        self.changed_at = 0.0
        """When (monotonic) its state was first seen as it is."""
        self.failed_after: int | None = None
        """After how many answers of the API it was last asked for in vain; ``None``: it was not, or was answered since."""
        self.alone_since: float | None = None
        """Since when (monotonic) it is asked for in vain while others are answered."""

    def fail(self, error: ApiError) -> None:
        """Note why it could not be read."""
        raise NotImplementedError
