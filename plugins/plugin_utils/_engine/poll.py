# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all polls have in common: what they request, and how that went so far."""

from __future__ import annotations

import typing as t

from ...module_utils._errors import ApiError
from .outage import ApiHealth, Streak


class Poll:
    """A request that is made again and again.

    :param label: what people call it.
    :param api: the API behind it.
    :param fetch: makes it once. Raises :class:`ApiError`.
    """

    error: dict[str, t.Any] | None
    """Why it could not be read, as in a job. ``None`` if the last poll could read it."""

    def __init__(self, label: str, api: ApiHealth, fetch: t.Callable[[], t.Any]) -> None:
        self.label = label
        self.api = api
        self.fetch = fetch
        self.polls = 0
        """How often it was due and made, by itself or along with others."""
        self.closed = False
        """Whether its wait is over, for whatever reason."""
        self.timed_out = False
        self.changed_at = 0.0
        """When (monotonic) its state was first seen as it is."""
        self.streak = Streak()

    def record_error(self, error: ApiError) -> None:
        """Note why it could not be read."""
        raise NotImplementedError
