# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the items of a wait into polls: one connection for each account, one poll for each job, however often the job is named."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import typing as t

from ...module_utils._errors import ApiError
from ...module_utils._http.client import ApiClient, Connection
from ...module_utils._http.deadline import NEVER, Deadline
from ...module_utils._job import Job
from ...module_utils._secrets import Secrets
from ...module_utils._systems.base import System
from ...module_utils._systems.options import Options
from ...module_utils._systems.validation import located
from .._engine.outage import ApiHealth
from .._engine.poll import Poll
from .._engine.poll_loop import Clock, Wait
from .._engine.settings import WaitSettings
from .._engine.tracked_job import TrackedJob
from .._engine.tracked_listing import TrackedListing
from .._engine.workers import Workers
from .family import Families, knowing
from .fetched import Fetched
from .jobs import JobItem
from .listing import Listed, ListingWorkers, SharedListing
from .watched_listing import WatchedListing

Fetch = t.Callable[[System, Options], Fetched]
"""Reads a job or a listing once, on another machine."""


class Reader(t.Protocol):
    """Makes the requests of one reading."""

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the API asks to be read again."""

    def read(self, system: System, options: Options, family: str | None) -> t.Any:
        """The vendor's reply for a job, as sent.

        :param family: what is known about the job's children.
        """

    def pieces(self, system: System, options: Options) -> t.Iterable[t.Any]:
        """The vendor's reply for a listing, in pieces."""


Reading = t.Callable[[], "contextlib.AbstractContextManager[Reader]"]
"""Begins a reading. As a context manager it ends the reading once the reply was parsed."""


class _OwnReader:
    def __init__(self, client: ApiClient) -> None:
        self._client = client

    @property
    def retry_after(self) -> float | None:
        return self._client.retry_after

    def read(self, system: System, options: Options, family: str | None) -> t.Any:
        return system.read(knowing(self._client, family) if family else self._client, options)

    def pieces(self, system: System, options: Options) -> t.Iterable[t.Any]:
        return system.pieces(self._client, options)


class _OtherReader:
    retry_after: float | None = None

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def read(self, system: System, options: Options, family: str | None) -> t.Any:
        raw, self.retry_after = self._fetch(system, options)
        return raw

    def pieces(self, system: System, options: Options) -> t.Iterable[t.Any]:
        return system.parts(self.read(system, options, None))


class WaitSession:
    """The polls of a wait, and the connections and listings that they share. As a context manager it closes the
    connections at the end.

    :param items: the jobs, as the user named them.
    :param concurrency: how many threads fetch at once.
    :param fetch: reads jobs instead of our own connections. No connection is then made, because its files, for example, may exist on
        the other machine only.
    :param settle: whether an end must last for the settle time; if not, each job is taken as its first reply shows it.
    :raises OptionError: for an item with invalid options.
    """

    def __init__(
        self, items: t.Sequence[JobItem], concurrency: int = 1, fetch: Fetch | None = None, *, settle: bool = True
    ) -> None:
        self.items = items
        self.secrets = Secrets()
        """All secrets that are known so far."""
        self._connections: list[Connection] = []
        self._end = NEVER
        """The time at which the wait must be over."""
        accounts: dict[bytes, _Account] = {}
        polls: dict[tuple[t.Any, ...], Poll] = {}
        self.by_item: list[Poll] = []
        """The poll of each item: a job, or a listing that is watched."""
        for item in items:
            item.system.add_secrets(self.secrets, item.options)
            key = item.system.account(item.options)
            if key not in accounts:
                reading = self._connect(item, concurrency) if fetch is None else _elsewhere(fetch)
                accounts[key] = _Account(item, reading)
            rest = sorted(item.options.keys() - item.system.connection_spec().keys())
            same = (key, *(str(item.options[name]) for name in rest))
            if same not in polls:
                polls[same] = accounts[key].poll(item, settle)
            self.by_item.append(polls[same])
        self._polls = list(polls.values())
        self.tracked_jobs = [poll for poll in self._polls if isinstance(poll, TrackedJob)]
        self._listings: dict[Poll, SharedListing[Families]] = {
            tracked: listing
            for account in accounts.values()
            for listing in account.listings.values()
            for tracked in listing.jobs
        }

    @property
    def request_timeout(self) -> float:
        """The longest time that a request may take, in seconds."""
        return max((item.options["request_timeout"] for item in self.items), default=0.0)

    def wait(self, settings: WaitSettings, workers: Workers, *, clock: Clock | None = None, **how: t.Any) -> Wait:
        """A wait for all jobs. It is over one ``request_timeout`` after its deadline, even if a poll then takes several requests:
        a login, the job, and the pages with its children.

        :param how: further arguments of :class:`Wait`.
        """
        clock = clock or Clock()
        listed = ListingWorkers(workers, self._listings, clock)
        settings = dataclasses.replace(settings, overrun=self.request_timeout)
        wait = Wait(self._polls, settings, listed, clock=clock, **how)
        listed.deadline = wait.deadline
        self._end = Deadline(wait.ends_at)
        return wait

    def __enter__(self) -> WaitSession:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections at the same time, because a logout without an answer takes 2 s. Never fails."""
        _at_once([connection.close for connection in self._connections])

    def break_off(self) -> None:
        """Refuses further requests, and closes all connections while the wait goes on. Never fails."""
        _at_once([connection.break_off for connection in self._connections])

    def _connect(self, item: JobItem, concurrency: int) -> Reading:
        connection = located(item.where, lambda: item.system.connect(item.options, self.secrets, concurrency))
        self._connections.append(connection)

        @contextlib.contextmanager
        def reading() -> t.Iterator[Reader]:
            with connection.reading(self._end) as client:
                yield _OwnReader(client)

        return reading


class _Account:
    """The jobs of one account: one API, one set of credentials.

    :param item: one of the jobs.
    :param reading: begins a reading of any of the jobs, or of a listing.
    """

    def __init__(self, item: JobItem, reading: Reading) -> None:
        self._system = item.system
        self._api = ApiHealth(item.options["api_url"])
        self._reading = reading
        self._options: dict[TrackedJob, Options] = {}
        self._families: dict[TrackedJob, Families] = {}
        """For each job that has ended according to a listing, the families in that listing, until the job itself is read."""
        self.listings: dict[t.Hashable, SharedListing[Families]] = {}
        """The listings, by what their jobs have in common (:meth:`System.listed_with`)."""

    def poll(self, item: JobItem, settle: bool) -> Poll:
        """The poll of an item.

        :param settle: whether the job's end must last for the settle time.
        """
        system, options = self._system, item.options
        if item.id is None:
            return TrackedListing(system.name, item.label, self._api, WatchedListing(system, options, self._read))
        tracked = TrackedJob(
            Job(system=system.name, id=item.id),
            label=item.label,
            api=self._api,
            fetch=lambda: self._read_job(tracked),
            settle=system.settle(options) if settle else 0.0,
            linear=system.linear_progress,
            if_gone=system.if_gone,
        )
        self._options[tracked] = options
        if system.listing_for([options]) is not None:
            group = system.listed_with(options)
            listing = self.listings.setdefault(group, SharedListing(self._read_listing, self._families.__setitem__))
            listing.jobs[tracked] = None
        return tracked

    def _read(self, options: Options, family: str | None = None) -> tuple[list[Job], float | None]:
        with self._reading() as reader:
            try:
                jobs = self._system.parse(reader.read(self._system, options, family), options)
                return jobs, reader.retry_after
            except ApiError as error:
                error.known = self._system.job_before(error, options)
                raise

    def _read_job(self, tracked: TrackedJob) -> Job:
        families = self._families.pop(tracked, None)
        family = families.pop(tracked) if families else None
        (job, *_none), retry_after = self._read(self._options[tracked], family)
        return job.to_be_read_again(retry_after)

    def _read_listing(self, tracked_jobs: t.Sequence[TrackedJob]) -> Listed[Families]:
        jobs = [self._options[tracked] for tracked in tracked_jobs]
        # Never None: a shared listing exists only if the system has one for each of these jobs.
        listing = t.cast(Options, self._system.listing_for(jobs))
        with self._reading() as reader:
            found = self._system.find(reader.pieces(self._system, listing), jobs)
            retry_after = reader.retry_after
        families, told = Families(), {}
        for tracked, one in zip(tracked_jobs, found):
            if one:
                told[tracked] = one.job.to_be_read_again(retry_after)
            if one and one.family:
                families.add(tracked, one.family)
        return Listed(told, families)


def _elsewhere(fetch: Fetch) -> Reading:
    return lambda: contextlib.nullcontext(_OtherReader(fetch))


def _at_once(actions: t.Sequence[t.Callable[[], None]]) -> None:
    threads = [threading.Thread(target=action, daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
