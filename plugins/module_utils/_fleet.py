# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From items to watches: one client for each account, one watch for each job, however often it was named."""

from __future__ import annotations

import dataclasses
import threading
import typing as t

from ._errors import ApiError
from ._http import ApiClient
from ._items import Item, located
from ._job import RUNNING, Job
from ._systems._system import Options, System
from ._watch import Api, Watch

Fetch = t.Callable[[System, Options], t.Any]
"""Asks for a job by another way than our own clients: the vendor's reply as sent."""


class Fleet:
    """The watches of a wait, and what they share.

    :param items: the jobs, as the user named them.
    :param concurrency: how many threads will fetch at once.
    :param fetch: asks instead of our own clients, which are then not made: what they need may be on another machine alone.
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
            if account not in self._apis:
                self._apis[account] = Api(item.options["api_url"])
                if fetch:
                    located(item.where, lambda: item.system.way_to_authenticate(item.options))  # noqa: B023
                else:
                    self._clients[account] = located(item.where, lambda: item.system.connect(item.options, concurrency))  # noqa: B023
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

    def end_at(self, over_at: float) -> None:
        """Have each answer by then (seconds, monotonic): a login, a job and the pages with its children are several requests."""
        for client in self._clients.values():
            client.end_at(over_at)

    def close(self) -> None:
        """Close all clients, at once: a logout that is not answered takes 2 s. Never fails."""
        threads = [threading.Thread(target=client.close, daemon=True) for client in self._clients.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _watch(self, item: Item, account: tuple[t.Any, ...], fetch: Fetch | None) -> Watch:
        system, options = item.system, item.options

        def read(options: Options) -> list[Job]:
            raw = fetch(system, options) if fetch else system.read(self._clients[account], options)
            return system.parse(raw, options)

        return Watch(
            Job(system=system.name, id=item.id),
            label=item.label,
            api=self._apis[account],
            fetch=_Listing(system, options, read) if item.id is None else lambda: read(options)[0],
            settle=options.get("children_settle", 0.0),
            linear=system.linear_progress,
        )


class _Listing:
    """Asks for a listing: one job without an id, which never ends and has the listed ones as its children.

    A job that was going on and is listed no more is asked for by itself, for its end must not be missed: some listings
    hold the running jobs alone, others the newest.

    :param read: asks for what the options name.
    """

    def __init__(self, system: System, options: Options, read: t.Callable[[Options], list[Job]]) -> None:
        self._system = system
        self._options = options
        self._read = read
        self._going: dict[str, Job] = {}

    def __call__(self) -> Job:
        """Ask once.

        :raises ApiError: when the listing, or a job that has left it, cannot be read now.
        """
        listed = self._read(self._options)
        jobs = {job.id: job for job in listed if job.id is not None}
        warnings = dict.fromkeys(warning for job in listed for warning in job.warnings)
        if any(job.id is None for job in listed):
            warnings["The listing has jobs without an id, which cannot be watched."] = None
        for job_id, job in self._going.items():
            if job_id not in jobs:
                jobs[job_id] = self._alone(job_id, job)
        self._going = {job_id: job for job_id, job in jobs.items() if not (job.finished or job.error)}
        return Job(self._system.name, None, RUNNING, children=tuple(jobs.values()), warnings=tuple(warnings))

    def _alone(self, job_id: str, job: Job) -> Job:
        options = {**self._options, list(self._system.ids)[-1]: job_id}
        if any(options[name] is None for name in self._system.ids):
            return job  # a listing over many parents does not tell this job's: it goes on until it is listed again
        try:
            return self._read(options)[0]
        except ApiError as error:
            if error.transient:
                raise
            return dataclasses.replace(job, error=error.as_dict())
