# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a wait."""

from __future__ import annotations

import dataclasses

from ...module_utils._job import BAD_ENDS
from .intervals import IntervalPolicy
from .tracked_job import TrackedJob


@dataclasses.dataclass(frozen=True)
class WaitSettings:
    """The settings of a wait. All times are in seconds."""

    policy: IntervalPolicy = dataclasses.field(default_factory=IntervalPolicy)
    timeout: float = 3600.0
    overrun: float = 30.0
    """How long the last answers may take after the deadline."""
    unreachable_timeout: float = 300.0
    missing_grace: float = 30.0
    fail_on: frozenset[str] = frozenset(BAD_ENDS)
    fail_fast: bool = False

    def is_bad(self, tracked: TrackedJob) -> bool:
        """Whether the job fails the wait: because of its end state, or because it could not be read."""
        job = tracked.job
        return tracked.closed and not tracked.timed_out and (not job.finished or job.state in self.fail_on)
