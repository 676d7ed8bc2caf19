# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who fetches: the caller's own thread for one job, daemon threads for many."""

from __future__ import annotations

import collections
import contextlib
import queue
import threading
import time
import typing as t

from ...module_utils._job import Job
from .poll import Poll
from .tracked_listing import ListedJobs


class NotAsked:
    """The outcome of a poll for which no request was made, and which is due at once."""


NOT_ASKED = NotAsked()

Outcome = t.Union[Job, ListedJobs, NotAsked, Exception]
"""What a poll gave, or what it raised."""


class Fetching(t.Protocol):
    """Whatever can be fetched."""

    fetch: t.Callable[[], t.Any]
    """Asks once. What it raises is its outcome."""


class Workers(t.Protocol):
    """Makes polls and tells how they ended."""

    @property
    def fetches(self) -> int:
        """How many requests for a state were begun."""

    @property
    def free(self) -> int:
        """How many polls can be started now."""

    def start(self, asked: Poll) -> None:
        """Begin a poll. Never waits."""

    def finished(self, timeout: float) -> list[tuple[Poll, Outcome]]:
        """The polls that have ended, and jobs that were told of by the way; waits up to ``timeout`` seconds for the first."""

    def stop(self) -> None:
        """No more fetches are to come. Does not wait for those under way."""


class Inline:
    """Fetches in the caller's thread, one at a time.

    :param sleep: waits that many seconds.
    """

    def __init__(self, sleep: t.Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._next: t.Any = None
        self.fetches = 0

    @property
    def free(self) -> int:
        """One, or none."""
        return 0 if self._next else 1

    def start(self, asked: Fetching) -> None:
        """Have it fetched by the next :meth:`finished`."""
        self._next = asked
        self.fetches += 1

    def finished(self, timeout: float) -> list[tuple[t.Any, t.Any]]:
        """Fetch what was started, or sleep."""
        if self._next is None:
            self._sleep(timeout)
            return []
        asked, self._next = self._next, None
        return [(asked, _outcome(asked))]

    def stop(self) -> None:
        """Nothing is under way."""


class Threads:
    """Fetches in up to ``size`` daemon threads, never joined: whatever ends the task (a time-out of Ansible's, a signal) need not
    wait for a slow API.

    Another one is started only if a fetch has to wait for those at work. On a quick API many threads are no quicker than a few, and
    each takes memory: sixteen that read hostile replies took 115 to 127 MB, a few of them 98 MB (``test_security_limits``).
    """

    PATIENCE = 0.1
    """Seconds that a fetch may wait for a thread before another one is started."""

    def __init__(self, size: int) -> None:
        self.fetches = 0
        self._size = size
        self._started = 0
        self._busy = 0
        self._handed_out: collections.deque[float] = collections.deque()
        """When (monotonic) each fetch was handed out that no thread has taken yet."""
        self._todo: queue.SimpleQueue[Fetching | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[t.Any, t.Any]] = queue.SimpleQueue()

    @property
    def free(self) -> int:
        """How many of the threads are idle or not started yet."""
        return max(0, self._size - self._busy)

    def start(self, asked: Fetching) -> None:
        """Hand it to a thread."""
        self.fetches += 1
        self._busy += 1
        self._handed_out.append(time.monotonic())
        self._todo.put(asked)
        if not self._started:
            self._add()

    def finished(self, timeout: float) -> list[tuple[t.Any, t.Any]]:
        """All that has ended meanwhile. Comes back early if another thread may be needed."""
        too_few = self._handed_out and self._started < self._size
        done = self._ended(min(timeout, self.PATIENCE) if too_few else timeout)
        self._busy -= len(done)
        handed_out = list(self._handed_out)
        if handed_out and self._started < self._size and time.monotonic() - handed_out[0] >= self.PATIENCE:
            self._add()
        return done

    def stop(self) -> None:
        """Let each thread end after what it is at; what none has taken yet is not fetched."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._todo.get_nowait()
        for _thread in range(self._started):
            self._todo.put(None)

    def _ended(self, timeout: float) -> list[tuple[t.Any, t.Any]]:
        done = []
        with contextlib.suppress(queue.Empty):
            done.append(self._done.get(timeout=max(0.0, timeout)))
            while True:
                done.append(self._done.get_nowait())
        return done

    def _add(self) -> None:
        try:
            threading.Thread(target=self._work, name=f"fetch-{self._started + 1}", daemon=True).start()
        except RuntimeError:  # the system allows no more
            if not self._started:
                raise
            self._size = self._started
        else:
            self._started += 1

    def _work(self) -> None:
        while True:
            asked = self._todo.get()
            if asked is None:
                return
            self._handed_out.popleft()
            self._done.put((asked, _outcome(asked)))


def _outcome(asked: Fetching) -> t.Any:
    try:
        return asked.fetch()
    except Exception as error:  # an ApiError, or a bug of ours: the caller's thread tells them apart
        return error
