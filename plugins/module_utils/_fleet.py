# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From items to watches: one client for each account, one watch for each job, however often it was named."""

from __future__ import annotations

import typing as t

from ._http import ApiClient
from ._items import Item, located
from ._job import Job
from ._systems._system import Options, System
from ._watch import Api, Watch

Fetch = t.Callable[[System, Options], t.Any]
"""Asks for a job by another way than our own clients: the vendor's reply as sent."""


class Fleet:
    """The watches of a wait, and what they share.

    :param items: the jobs, as the user named them.
    :param concurrency: how many threads will fetch at once.
    :param fetch: asks instead of our own clients.
    :raises OptionError: for an item's options that cannot be worked with.
    """

    def __init__(self, items: t.Sequence[Item], concurrency: int = 1, fetch: Fetch | None = None) -> None:
        self.items = items
        self._clients: dict[tuple[t.Any, ...], ApiClient] = {}
        self._apis: dict[tuple[t.Any, ...], Api] = {}
        watches: dict[tuple[t.Any, ...], Watch] = {}
        self.by_item: list[Watch] = []
        """The watch of each item."""
        for item in items:
            account = item.system.account(item.options)
            if account not in self._clients:
                self._clients[account] = located(item.where, lambda: item.system.connect(item.options, concurrency))  # noqa: B023
                self._apis[account] = Api(item.options["api_url"])
            same = (account, *((name, str(value)) for name, value in sorted(item.options.items())))
            if same not in watches:
                watches[same] = self._watch(item, account, fetch)
            self.by_item.append(watches[same])
        self.watches = list(watches.values())

    @property
    def secrets(self) -> frozenset[str]:
        """Everything that nobody else must see, as far as it is known by now."""
        known = [item.secrets for item in self.items] + [client.secrets for client in self._clients.values()]
        return frozenset().union(*known)

    @property
    def request_timeout(self) -> float:
        """The longest time that a request may take, in seconds."""
        return max((item.options["request_timeout"] for item in self.items), default=0.0)

    def close(self) -> None:
        """Close all clients. Never fails."""
        for client in self._clients.values():
            client.close()

    def _watch(self, item: Item, account: tuple[t.Any, ...], fetch: Fetch | None) -> Watch:
        system, options, client = item.system, item.options, self._clients[account]

        def ask() -> Job:
            raw = fetch(system, options) if fetch else system.read(client, options)
            return system.parse(raw, options)[0]

        return Watch(
            Job(system=system.name, id=item.id),
            label=item.label,
            api=self._apis[account],
            fetch=ask,
            settle=options.get("children_settle", 0.0),
            linear=system.linear_progress,
        )
