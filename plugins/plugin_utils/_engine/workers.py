# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs fetches: inline for a single job, in daemon threads for several."""

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
    """The outcome of a poll for which no request was made. The poll is due again at once."""


NOT_ASKED = NotAsked()

Outcome = t.Union[Job, ListedJobs, NotAsked, Exception]
"""The result of a poll, or the exception that it raised."""


class Fetching(t.Protocol):
    """An object whose request the workers run."""

    fetch: t.Callable[[], t.Any]
    """Makes the request once. An exception of it is the outcome."""


class Workers(t.Protocol):
    """Runs polls, and reports their outcomes."""

    @property
    def fetches(self) -> int:
        """How many requests for a state were begun."""

    @property
    def free(self) -> int:
        """How many polls can be started now."""

    def start(self, asked: Poll) -> None:
        """Begins a poll. Never waits."""

    def finished(self, timeout: float) -> list[tuple[Poll, Outcome]]:
        """The outcomes of the polls that have ended, and of jobs that the same replies describe.

        :param timeout: seconds to wait for the first outcome.
        """

    def stop(self) -> None:
        """Accepts no more fetches. Does not wait for the fetches that are under way."""


class Inline:
    """Fetches in the caller's thread, one at a time.

    :param sleep: waits for a number of seconds.
    """

    def __init__(self, sleep: t.Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._next: t.Any = None
        self.fetches = 0

    @property
    def free(self) -> int:
        """One, or none while a fetch waits to be made."""
        return 0 if self._next else 1

    def start(self, asked: Fetching) -> None:
        """Keeps the poll for the next :meth:`finished`, which makes the request."""
        self._next = asked
        self.fetches += 1

    def finished(self, timeout: float) -> list[tuple[t.Any, t.Any]]:
        """Makes the request that was started; sleeps for ``timeout`` seconds if there is none."""
        if self._next is None:
            self._sleep(timeout)
            return []
        asked, self._next = self._next, None
        return [(asked, _outcome(asked))]

    def stop(self) -> None:
        """Does nothing: no fetch is under way outside of :meth:`finished`."""


class Threads:
    """Fetches in daemon threads, which are never joined: the end of a task (by a timeout of Ansible or a signal) need not wait for a
    slow API.

    Another thread is started only if a fetch has to wait for a free thread. On a quick API many threads are no quicker than a few, and
    each takes memory: sixteen threads that read hostile replies took 115 to 127 MB, a few threads 98 MB (``test_security_limits``).

    :param size: the largest number of threads.
    """

    PATIENCE = 0.1
    """Seconds that a fetch may wait for a thread before another thread is started."""

    def __init__(self, size: int) -> None:
        self.fetches = 0
        self._size = size
        self._started = 0
        self._busy = 0
        self._handed_out: collections.deque[float] = collections.deque()
        """For each fetch that no thread has taken yet, the time (seconds, monotonic) at which it was handed out."""
        self._todo: queue.SimpleQueue[Fetching | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[t.Any, t.Any]] = queue.SimpleQueue()

    @property
    def free(self) -> int:
        """How many of the threads are idle or not started yet."""
        return max(0, self._size - self._busy)

    def start(self, asked: Fetching) -> None:
        """Hands the fetch to the threads."""
        self.fetches += 1
        self._busy += 1
        self._handed_out.append(time.monotonic())
        self._todo.put(asked)
        if not self._started:
            self._add()

    def finished(self, timeout: float) -> list[tuple[t.Any, t.Any]]:
        """The outcomes of all fetches that have ended. Returns before the timeout if another thread may be needed."""
        too_few = self._handed_out and self._started < self._size
        done = self._ended(min(timeout, self.PATIENCE) if too_few else timeout)
        self._busy -= len(done)
        handed_out = list(self._handed_out)
        if handed_out and self._started < self._size and time.monotonic() - handed_out[0] >= self.PATIENCE:
            self._add()
        return done

    def stop(self) -> None:
        """Ends each thread after its present fetch. Drops the fetches that no thread has taken yet."""
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
    except Exception as error:  # an ApiError, or a bug of ours: the caller's thread distinguishes them
        return error
