# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated clock. All durations are measured on it, so that a test can make it run faster."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Simulated time: the monotonic clock times ``speed``, and a wall clock that advances with it."""

    def __init__(
        self,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.speed = speed
        self._monotonic = monotonic
        self._origin = monotonic()
        self._epoch = wall()

    def now(self) -> float:
        """Simulated seconds since the simulator started."""
        return (self._monotonic() - self._origin) * self.speed

    def wall(self, moment: float) -> float:
        """The simulated moment (seconds, see ``now``) as seconds since 1970-01-01 UTC."""
        return self._epoch + moment

    async def sleep(self, seconds: float) -> None:
        """Waits that many simulated seconds."""
        await asyncio.sleep(seconds / self.speed)
