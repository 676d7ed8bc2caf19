# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the engine's thread into the event loop: in order, nothing lost, never without bounds."""

from __future__ import annotations

import asyncio
import threading
import typing as t

import pytest

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils import outbox
from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.outbox import Outbox, Stopped


def in_a_thread(action: t.Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread


def test_all_events_come_in_order_though_the_rulebook_is_slow() -> None:
    async def scene() -> tuple[list[int], int]:
        outbox, queue = Outbox(capacity=2), asyncio.Queue(1)
        sent = []

        def engine() -> None:
            for number in range(50):
                outbox.put({"number": number})
                sent.append(number)
            outbox.end()

        thread = in_a_thread(engine)
        forwarding = asyncio.create_task(outbox.forward(queue))
        taken, ahead = [], 0
        while len(taken) < 50:
            taken.append((await queue.get())["number"])
            await asyncio.sleep(0)
            ahead = max(ahead, len(sent) - len(taken))
        await forwarding
        thread.join()
        return taken, ahead

    taken, ahead = asyncio.run(scene())
    assert taken == list(range(50))
    assert ahead <= 2 + 1 + 1, "two on their way, one in the rulebook's queue, one just put there"


def test_a_failure_is_raised_after_the_last_event() -> None:
    async def scene() -> asyncio.Queue[t.Any]:
        outbox, queue = Outbox(), asyncio.Queue()
        in_a_thread(lambda: (outbox.put({"number": 1}), outbox.end(ValueError("It is over."))))
        with pytest.raises(ValueError, match="It is over"):
            await outbox.forward(queue)
        return queue

    assert asyncio.run(scene()).get_nowait() == {"number": 1}


def test_a_full_outbox_ends_its_writer_when_the_rulebook_has_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "TICK", 0.01)

    async def scene() -> list[Exception]:
        outbox, met = Outbox(capacity=1), []

        def engine() -> None:
            try:
                while True:
                    outbox.put({})
            except Stopped as stopped:
                met.append(stopped)
            outbox.end()

        in_a_thread(engine)
        await outbox.stop(timeout=10)
        return met

    assert len(asyncio.run(scene())) == 1


def test_a_thread_that_does_not_end_is_not_waited_for() -> None:
    async def scene() -> float:
        outbox = Outbox()
        started = asyncio.get_running_loop().time()
        await outbox.stop(timeout=0.05)
        return asyncio.get_running_loop().time() - started

    assert asyncio.run(scene()) < 1


def test_an_event_after_the_loop_has_closed_stops_the_writer() -> None:
    async def scene() -> Outbox:
        return Outbox()

    outbox = asyncio.run(scene())
    outbox.put({})
    outbox.end()
    outbox.stopped.set()
    with pytest.raises(Stopped):
        outbox.put({})
