# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the event source in an event loop of our own, as a rulebook would."""

from __future__ import annotations

import asyncio
import runpy
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.eda.rulebook import CHECKOUT

PLUGIN = CHECKOUT / ".build/tree/ansible_collections/endstate/jobs/extensions/eda/plugins/event_source/job_status.py"
LIMIT = 30.0  # seconds


class Source:
    """A source at work.

    :param arguments: its arguments in the rulebook.
    :param queue: where its events go; the rulebook's own holds one.
    """

    def __init__(self, arguments: Mapping[str, Any], queue: asyncio.Queue[Any] | None = None) -> None:
        main = runpy.run_path(str(PLUGIN))["main"]  # as ansible-rulebook does
        self.queue: asyncio.Queue[Any] = queue or asyncio.Queue(1)
        self.task = asyncio.create_task(main(self.queue, {"interval": 0.2, "max_interval": 0.5, **arguments}))
        self.events: list[dict[str, Any]] = []

    async def until(self, enough: Callable[[dict[str, Any]], bool]) -> None:
        """Take events up to one that is enough."""
        while not self.events or not enough(self.events[-1]):
            self.events.append(await asyncio.wait_for(self.queue.get(), LIMIT))

    async def end(self) -> None:
        """Take events until the source ends on its own.

        :raises Exception: what has ended it.
        """
        while not (self.task.done() and self.queue.empty()):
            taking = asyncio.create_task(self.queue.get())
            await asyncio.wait({taking, self.task}, timeout=LIMIT, return_when=asyncio.FIRST_COMPLETED)
            if taking.done():
                self.events.append(taking.result())
            else:
                taking.cancel()
                assert self.task.done(), f"the source goes on without a word; so far: {self.told}"
        self.task.result()

    async def cancel(self) -> float:
        """Stop it as a rulebook does; the seconds that it takes."""
        started = time.monotonic()
        self.task.cancel()
        await asyncio.wait({self.task}, timeout=LIMIT)
        assert self.task.cancelled()
        return time.monotonic() - started

    @property
    def told(self) -> list[Any]:
        """The events in short: type, name, id, state before, state now."""
        return [
            (event["type"], event["name"], event["job"]["id"], event["previous_state"], event["job"]["state"])
            if "job" in event
            else event["type"]
            for event in self.events
        ]
