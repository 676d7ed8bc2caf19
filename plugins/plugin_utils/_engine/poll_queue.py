# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queue of polls, ordered by due time. While the circuit of an API is open, one of its polls at a time is released."""

from __future__ import annotations

import collections
import heapq
import itertools

from .outage import ApiHealth
from .poll import Poll


class PollQueue:
    """The polls of a wait and their due times in seconds, monotonic."""

    def __init__(self) -> None:
        self._count = itertools.count()
        self._queues: dict[ApiHealth, list[tuple[float, int, Poll]]] = collections.defaultdict(list)
        self._entries: dict[Poll, tuple[float, int, Poll]] = {}
        """The current entry of each poll. A queue may still hold older entries of the poll, which are ignored."""
        self._under_way: dict[ApiHealth, set[Poll]] = collections.defaultdict(set)
        self._heads: list[tuple[float, int, ApiHealth]] = []
        """When the next poll of each API is due. Outdated entries stay in the heap, and are skipped when they come first."""
        self._lined_up: set[tuple[float, int, ApiHealth]] = set()
        """The same entries, so that none is in the heap twice."""

    def add(self, poll: Poll, at: float) -> None:
        """Schedules the poll for the time ``at``, and cancels the time for which it was scheduled before."""
        entry = self._entries[poll] = (at, next(self._count), poll)  # the count orders polls of the same time
        heapq.heappush(self._queues[poll.api], entry)
        self._line_up(poll.api)

    def next_at(self) -> float:
        """When the next poll is due; infinity if no poll can be due before an answer has come."""
        while self._heads and self._heads[0] != self._head(self._heads[0][2]):
            self._line_up(self._pop())
        return self._heads[0][0] if self._heads else float("inf")

    def pop_due(self, now: float) -> Poll | None:
        """Takes the next poll from the queue if it is due. The poll is under way until :meth:`finish` is called."""
        if self.next_at() > now:
            return None
        api = self._pop()
        if api.open_since is None:
            poll = heapq.heappop(self._queues[api])[2]
        else:
            due = sorted(self._due(api, now))
            due = [entry for entry in due if not api.has_failed(entry[2].streak)] or due
            poll = due[api.pick(len(due))][2]
        del self._entries[poll]
        self._under_way[api].add(poll)
        self._line_up(api)
        return poll

    def finish(self, poll: Poll) -> None:
        """Records that the poll is no longer under way, and that its answer was handled."""
        self._under_way[poll.api].discard(poll)
        self._line_up(poll.api)

    def is_only_poll(self, poll: Poll) -> bool:
        """Whether the poll, which is under way, is the only poll of its API."""
        return self._under_way[poll.api] == {poll} and not self._waiting(poll.api)

    def untried(self, api: ApiHealth, now: float) -> int:
        """How many polls of an API are due and have not failed since it last answered a poll."""
        return sum(not api.has_failed(entry[2].streak) for entry in self._due(api, now))

    def _due(self, api: ApiHealth, now: float) -> list[tuple[float, int, Poll]]:
        return [entry for entry in self._queues[api] if entry[0] <= now and self._is_current(entry)]

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
        at, count, _poll = queue[0]
        return max(at, api.probe_at), count, api

    def _waiting(self, api: ApiHealth) -> list[tuple[float, int, Poll]]:
        """The queue of an API, without outdated entries at its head."""
        queue = self._queues[api]
        while queue and not self._is_current(queue[0]):
            heapq.heappop(queue)
        return queue

    def _is_current(self, entry: tuple[float, int, Poll]) -> bool:
        return entry is self._entries.get(entry[2]) and not entry[2].closed
