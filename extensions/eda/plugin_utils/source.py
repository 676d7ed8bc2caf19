# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches jobs with the engine of a wait, and emits events."""

from __future__ import annotations

import logging
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.module_utils._http.library import REQUESTS_IMPORT_ERROR
from ansible_collections.endstate.jobs.plugins.module_utils._job import UNKNOWN, Job
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll import Poll
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Clock, Observer
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_job import TrackedJob
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_listing import TrackedListing
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Threads
from ansible_collections.endstate.jobs.plugins.plugin_utils._inert import inert
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession

from . import events
from .arguments import parse_arguments
from .events import EmittedStates, Event
from .outbox import TICK, Outbox, Stopped

SOURCE = "endstate.jobs.job_status"
LOG = logging.getLogger(SOURCE)

REMEMBERED = 1_000
"""How many warnings of a poll are remembered besides those of its last answer. A warning may have a number that is never the same."""
PROBABLY_OF_ACCOUNT = ("forbidden", "redirect")
"""Kinds of error that the jobs of an account mostly have in common."""


class Fatal(Exception):
    """The source cannot go on; the sentence says why.

    :param error: the API's, in the shape of a job's ``error``.
    """

    def __init__(self, message: str, error: t.Mapping[str, t.Any] | None = None) -> None:
        super().__init__(message)
        self.error = error


class Listener(Observer):
    """Turns what a wait sees into events.

    :param names: the names of each poll in the rulebook, with ``None`` for a job without a name.
    :param emit: sends an event.
    :param check: raises if the wait is to stop.
    :param warn: logs a sentence.
    :param initial: whether to emit an event for the state in which a job is first seen.
    :param wall: seconds since 1970.
    """

    def __init__(
        self,
        names: t.Mapping[Poll, t.Sequence[str | None]],
        emit: t.Callable[[Event], None],
        check: t.Callable[[], None],
        warn: t.Callable[[str], None],
        *,
        initial: bool,
        wall: t.Callable[[], float],
    ) -> None:
        self._names = names
        self._emit = emit
        self._check = check
        self._warn = warn
        self._wall = wall
        self._emitted = {poll: EmittedStates(initial) for poll in names}
        self._warned: dict[Poll, dict[str, None]] = {poll: {} for poll in names}
        """The warnings that were logged. The least recently seen comes first."""

    def polled(self, tracked: TrackedJob, now: float, changed: bool) -> None:
        """Emits an event if the job has another state."""
        if not tracked.error:
            self._emit_changes(tracked, [tracked.job])
            self._warn_once(tracked, tracked.job.warnings)

    def listed(self, listing: TrackedListing, now: float) -> bool:
        """Emits an event for each listed job that has another state."""
        self._warn_once(listing, listing.warnings)
        return self._emit_changes(listing, listing.jobs)

    def closed(self, poll: Poll, now: float) -> None:
        """Emits an event for a job, or for a listing, that cannot be read.

        :raises Fatal: if a listing or a whole account is refused, and nothing else is left to watch.
        """
        if poll.error is None:
            return
        account = poll.error["of_account"] or poll.error["kind"] in PROBABLY_OF_ACCOUNT
        going = [one for one in self._names if not (one.closed or (account and one.api is poll.api))]
        if (account or isinstance(poll, TrackedListing)) and not going:
            raise Fatal(f"{poll.label}: {poll.error['message']}", poll.error)
        if isinstance(poll, TrackedListing):  # as a job without an id
            self._emit_changes(poll, [Job(poll.system, None, state=UNKNOWN, error=poll.error)])
        elif isinstance(poll, TrackedJob):
            self._emit_changes(poll, [poll.job])

    def lost(self, api: ApiHealth, error: ApiError, again_for: float) -> None:
        """Emits an event: the API does not answer."""
        self._send(events.lost(api.name, error.as_dict()))

    def regained(self, api: ApiHealth) -> None:
        """Emits an event: the API answers again."""
        self._send(events.regained(api.name))

    def failing(self, poll: Poll, error: ApiError, again_for: float) -> None:
        """Logs that a job, or a listing, cannot be read though its API answers for others."""
        self._warn(f"{poll.label}: it cannot be read now: {error}")

    def tick(self, now: float) -> float:
        """Stops if the rulebook has stopped; seconds until the next call."""
        self._check()
        return TICK

    def _emit_changes(self, poll: Poll, jobs: t.Sequence[Job]) -> bool:
        """Emits the new events of the jobs of a poll; whether there were any."""
        new_events = self._emitted[poll].new_events(jobs)
        for event in new_events:
            for name in self._names[poll]:
                self._send({**event, "name": name})
        return bool(new_events)

    def _warn_once(self, poll: Poll, warnings: t.Sequence[str]) -> None:
        warned = self._warned[poll]
        for warning in warnings:
            if warning not in warned:
                self._warn(f"{poll.label}: {warning}")
            warned[warning] = warned.pop(warning, None)
        while len(warned) > len(warnings) + REMEMBERED:
            del warned[next(iter(warned))]

    def _send(self, event: Event) -> None:
        self._emit({**event, "at": from_epoch(self._wall())})


def listen(given: t.Mapping[str, t.Any], outbox: Outbox) -> None:
    """Watches the jobs that a source's arguments name, until all have ended or the rulebook stops.

    :raises OptionError: for wrong arguments.
    :raises Fatal: if the source cannot go on; the event has been emitted.
    """
    if REQUESTS_IMPORT_ERROR:
        raise Fatal(missing_required_lib("requests"))
    arguments = parse_arguments(given)
    if not arguments.items:
        _warn("jobs: the list is empty, so there is nothing to watch.")
    threads = min(arguments.concurrency, len(arguments.items))
    session = WaitSession(arguments.items, threads)
    for warning in session.secrets.warnings:
        _warn(warning)
    clock = Clock()

    def emit(event: Event) -> None:
        outbox.put(inert(session.secrets.mask(event)))

    names: dict[Poll, dict[str | None, None]] = {}
    for item, poll in zip(session.items, session.by_item):
        names.setdefault(poll, {})[item.name] = None
    observer = Listener(
        {poll: list(known) for poll, known in names.items()},
        emit,
        outbox.check,
        lambda line: _warn(session.secrets.mask(line)),
        initial=arguments.initial,
        wall=clock.wall,
    )
    with session:
        try:
            session.wait(arguments.settings, Threads(threads), clock=clock, observer=observer).run()
            if not arguments.until_finished:
                outbox.stopped.wait()
        except Stopped:
            pass
        except Exception as error:
            failure = error if isinstance(error, Fatal) else Fatal(_bug(error))
            emit({**events.fatal(str(failure), failure.error), "at": from_epoch(clock.wall())})
            raise Fatal(session.secrets.mask(str(failure))) from (None if failure is error else error)


def _bug(error: Exception) -> str:
    return f"A bug of {SOURCE} ended it ({type(error).__name__}: {error}); please report it."


def _warn(line: str) -> None:
    LOG.warning("%s: %s", SOURCE, line)
