# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A listing that is watched: jobs appear in it and disappear, and the watch has no end."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._errors import ApiError
from ...module_utils._job import Job
from .outage import ApiHealth
from .poll import Poll


@dataclasses.dataclass(frozen=True)
class ListedJobs:
    """The result of one reading of a listing."""

    jobs: tuple[Job, ...]
    warnings: tuple[str, ...] = ()
    """Oddities to warn the user of, a sentence each."""
    retry_after: float | None = None
    """Seconds after which the API asks to be read again."""


class TrackedListing(Poll):
    """A listing, and the jobs that were in it when it was last read.

    :param system: the system's name.
    :param label: the listing's name in messages.
    :param api: the API that has the listing.
    :param fetch: reads the listing once. Raises :class:`ApiError`.
    """

    def __init__(self, system: str, label: str, api: ApiHealth, fetch: t.Callable[[], ListedJobs]) -> None:
        super().__init__(label, api, fetch)
        self.system = system
        self.jobs: tuple[Job, ...] = ()
        self.warnings: tuple[str, ...] = ()
        self.error = None

    def record(self, listed: ListedJobs, now: float) -> None:
        """Records an answer.

        :param now: seconds, monotonic.
        """
        self.jobs, self.warnings, self.error = listed.jobs, listed.warnings, None
        self.changed_at = self.changed_at or now

    def record_error(self, error: ApiError) -> None:
        """Records why the listing could not be read."""
        self.error = error.as_dict()
