# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes events from the engine's thread to the event loop of a rulebook."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import typing as t

from .events import Event

CAPACITY = 4096
"""How many events, of some 2 kB each, may wait for a slow rulebook: four changes of each of 1,000 jobs."""
TICK = 0.5
"""Seconds after which a waiting thread looks whether the rulebook has stopped."""


class Stopped(Exception):
    """The rulebook has stopped, so events are no longer read."""


class Queue(t.Protocol):
    """The queue of a rulebook."""

    async def put(self, event: Event) -> None:
        """Puts an event, as soon as there is room."""


class Outbox:
    """A queue of events between two threads, which keeps their order and loses none. Created in the event loop.

    If it is full, the engine's thread waits. The next event of a job then leads from the last state that was emitted to the one
    that is found after the pause.

    :param capacity: how many events may be in the queue.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._loop = asyncio.get_running_loop()
        self._free = threading.Semaphore(capacity)
        self._events: asyncio.Queue[Event | _End] = asyncio.Queue()
        self._ended = False
        self.stopped = threading.Event()
        """Set when events are no longer read."""

    def check(self) -> None:
        """Raises if the rulebook has stopped.

        :raises Stopped: if it has.
        """
        if self.stopped.is_set():
            raise Stopped

    def put(self, event: Event) -> None:
        """Sends an event, from the engine's thread.

        :raises Stopped: if events are no longer read.
        """
        self.check()
        while not self._free.acquire(timeout=TICK):
            self.check()
        self._hand_over(event)

    def end(self, failure: Exception | None = None) -> None:
        """Marks the end of the events, from the engine's thread.

        :param failure: what ended the source; None for a regular end.
        """
        self._hand_over(_End(failure))

    async def forward(self, queue: Queue) -> None:
        """Passes all events on to the rulebook, however slow it is.

        :raises Exception: the failure that has ended the source.
        """
        while not isinstance(event := await self._next(), _End):
            await queue.put(event)
            self._free.release()
        if event.failure:
            raise event.failure

    async def stop(self, timeout: float) -> None:
        """Makes the engine's thread end.

        :param timeout: seconds to wait for that.
        """
        self.stopped.set()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._drain(), timeout)

    async def _drain(self) -> None:
        while not self._ended:
            await self._next()

    async def _next(self) -> Event | _End:
        event = await self._events.get()
        self._ended = isinstance(event, _End)
        return event

    def _hand_over(self, event: Event | _End) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, so events are no longer read
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)


class _End:
    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure
