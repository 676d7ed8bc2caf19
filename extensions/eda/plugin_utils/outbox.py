# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of events out of the engine's thread into the event loop of a rulebook."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import typing as t

from .events import Event

CAPACITY = 4096
"""Events, of some 2 kB each, that wait for a slow rulebook: each of 1,000 jobs may change four times meanwhile."""
TICK = 0.5
"""Seconds after which a waiting thread looks whether the rulebook has stopped."""


class Stopped(Exception):
    """The rulebook has stopped: nobody reads events any more."""


class Queue(t.Protocol):
    """Where a rulebook wants its events."""

    async def put(self, event: Event) -> None:
        """Take an event, when there is room."""


class Outbox:
    """Events on their way, in order, none lost. Is made in the event loop.

    When it is full, the engine's thread waits. What changes meanwhile is told afterwards, from the last state told to the one
    that is found then.

    :param capacity: how many events may be on their way.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = threading.Semaphore(capacity)
        self._events: asyncio.Queue[Event | _End] = asyncio.Queue()
        self._ended = False
        self.stopped = threading.Event()
        """Set when nobody reads any more."""

    def check(self) -> None:
        """Go on, unless the rulebook has stopped.

        :raises Stopped: when it has.
        """
        if self.stopped.is_set():
            raise Stopped

    def put(self, event: Event) -> None:
        """Send an event, from the engine's thread.

        :raises Stopped: when nobody reads any more.
        """
        self.check()
        while not self._room.acquire(timeout=TICK):
            self.check()
        self._hand_over(event)

    def end(self, failure: Exception | None = None) -> None:
        """Say, from the engine's thread, that no event comes after those sent.

        :param failure: why, where it is not the regular end.
        """
        self._hand_over(_End(failure))

    async def forward(self, queue: Queue) -> None:
        """Pass all events on to the rulebook, which may take its time.

        :raises Exception: the failure that has ended the source.
        """
        while not isinstance(event := await self._next(), _End):
            await queue.put(event)
            self._room.release()
        if event.failure:
            raise event.failure

    async def stop(self, patience: float) -> None:
        """Have the engine's thread end, and give it so many seconds to do so."""
        self.stopped.set()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._drain(), patience)

    async def _drain(self) -> None:
        while not self._ended:
            await self._next()

    async def _next(self) -> Event | _End:
        event = await self._events.get()
        self._ended = isinstance(event, _End)
        return event

    def _hand_over(self, event: Event | _End) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody cares
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)


class _End:
    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure
