# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose turn it is to be asked for: whoever is due, first come, first served; of an API that does not answer, one at a time."""

from __future__ import annotations

import collections
import heapq
import itertools

from .outage import ApiHealth
from .poll import Poll


class Turns:
    """All that is to be asked for, and when. Times are in seconds, monotonic."""

    def __init__(self) -> None:
        self._count = itertools.count()
        self._queues: dict[ApiHealth, list[tuple[float, int, Poll]]] = collections.defaultdict(list)
        self._entries: dict[Poll, tuple[float, int, Poll]] = {}
        """The one that counts of each. Others that are still in a queue have been replaced."""
        self._under_way: dict[ApiHealth, set[Poll]] = collections.defaultdict(set)
        self._heads: list[tuple[float, int, ApiHealth]] = []
        """When each API's next one is due. What an API's state has made untrue is left in, and skipped when it is met."""
        self._lined_up: set[tuple[float, int, ApiHealth]] = set()
        """The same, to have each in it once."""

    def add(self, asked: Poll, at: float) -> None:
        """Have it asked for then, and not when it was due before."""
        entry = self._entries[asked] = (at, next(self._count), asked)  # the count tells those of the same time apart
        heapq.heappush(self._queues[asked.api], entry)
        self._line_up(asked.api)

    def next_at(self) -> float:
        """When the next one is due; infinity where none is before an answer has come."""
        while self._heads and self._heads[0] != self._head(self._heads[0][2]):
            self._line_up(self._pop())
        return self._heads[0][0] if self._heads else float("inf")

    def due(self, now: float) -> Poll | None:
        """The next one, if it is due. It is under way until it is :meth:`answered`."""
        if self.next_at() > now:
            return None
        api = self._pop()
        if api.open_since is None:
            asked = heapq.heappop(self._queues[api])[2]
        else:
            due = sorted(entry for entry in self._queues[api] if entry[0] <= now and self._counts(entry))
            asked = due[api.pick(len(due))][2]
        del self._entries[asked]
        self._under_way[api].add(asked)
        self._line_up(api)
        return asked

    def answered(self, asked: Poll) -> None:
        """It is no longer under way, if it was, and all that its answer tells of the API is known."""
        self._under_way[asked.api].discard(asked)
        self._line_up(asked.api)

    def is_alone(self, asked: Poll) -> bool:
        """Whether it, being under way, is all that its API is asked for."""
        return self._under_way[asked.api] == {asked} and not self._waiting(asked.api)

    def _line_up(self, api: ApiHealth) -> None:
        head = self._head(api)
        if head and head not in self._lined_up:
            self._lined_up.add(head)
            heapq.heappush(self._heads, head)

    def _pop(self) -> ApiHealth:
        head = heapq.heappop(self._heads)
        self._lined_up.remove(head)
        return head[2]

    def _head(self, api: ApiHealth) -> tuple[float, int, ApiHealth] | None:
        queue = self._waiting(api)
        if not queue or (api.open_since is not None and self._under_way[api]):
            return None
        at, count, _asked = queue[0]
        return max(at, api.probe_at), count, api

    def _waiting(self, api: ApiHealth) -> list[tuple[float, int, Poll]]:
        """The queue of an API, the first entry of which counts."""
        queue = self._queues[api]
        while queue and not self._counts(queue[0]):
            heapq.heappop(queue)
        return queue

    def _counts(self, entry: tuple[float, int, Poll]) -> bool:
        return entry is self._entries.get(entry[2]) and not entry[2].closed
