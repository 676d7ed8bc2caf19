# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base class of all polls: what a poll requests, and how its requests have gone so far."""

from __future__ import annotations

import abc
import typing as t

from ...module_utils._errors import ApiError
from .outage import ApiHealth, Streak


class Poll(abc.ABC):
    """A request that is repeated.

    :param label: its name in messages.
    :param api: the API that the request goes to.
    :param fetch: makes the request once. Raises :class:`ApiError`.
    """

    error: dict[str, t.Any] | None
    """The error of the last request, as in a job; ``None`` if the last request succeeded."""

    def __init__(self, label: str, api: ApiHealth, fetch: t.Callable[[], t.Any]) -> None:
        self.label = label
        self.api = api
        self.fetch = fetch
        self.polls = 0
        """How often the poll was due and made, alone or together with other polls."""
        self.closed = False
        """Whether the wait for this poll is over, for any reason."""
        self.timed_out = False
        self.changed_at = 0.0
        """When (seconds, monotonic) the present state was first seen."""
        self.streak = Streak()

    @abc.abstractmethod
    def record_error(self, error: ApiError) -> None:
        """Records why the request failed."""
