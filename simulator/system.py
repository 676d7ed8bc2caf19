# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base class of the systems."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from .clock import Clock
from .exchange import Call, Reply
from .jobs import Job, JobScript, Moment, enact, moment
from .store import JobStore


@dataclass(frozen=True)
class Route:
    """One path of an API. ``{name}`` matches any one segment."""

    method: str
    path: str
    answer: Callable[[Call], Reply]
    purpose: str = "api"  # or token, logout; a fault's ``path`` can name it
    job: Callable[[Call], str | None] = lambda call: call.args.get("job")  # the id that the request is about


class System(ABC):
    """One vendor's API."""

    NAME: ClassVar[str]
    PREFIXES: ClassVar[tuple[str, ...]]  # the begins of its paths, for messages
    ACCOUNT: ClassVar[dict[str, Any]]  # the credentials it accepts unless the scenario says otherwise
    SETTINGS: ClassVar[dict[str, tuple[str, ...]]] = {}  # choices if the vendor's reply is uncertain, default first
    SHAPES: ClassVar[tuple[str, ...]]  # of one job's reply, default first
    JOB_KEYS: ClassVar[frozenset[str]] = frozenset()  # keys of a job's script that only this system has
    HAS_CHILDREN: ClassVar[bool] = False
    CREATED: ClassVar[dict[str, Any]]  # the script of a job that a client creates, unless the scenario has one
    SECRET_QUERY: ClassVar[frozenset[str]] = frozenset()  # query parameters that hold secrets

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.store = JobStore()
        self.account = dict(self.ACCOUNT)
        self.settings = {name: choices[0] for name, choices in self.SETTINGS.items()}
        self.created = JobScript.model_validate(self.CREATED)
        self.counts: Counter[str] = Counter()  # tokens, logins, logouts
        self._numbers = itertools.count(1)

    @abstractmethod
    def routes(self) -> list[Route]:
        """All its paths."""

    @abstractmethod
    def error(self, status: int, message: str | None = None) -> Reply:
        """The vendor's error envelope; without a message the vendor's own words for that status."""

    @classmethod
    @abstractmethod
    def connection(cls, url: str, account: Mapping[str, Any]) -> dict[str, Any]:
        """The options with which a client of ours reaches this system on the simulator at ``url``."""

    def expire(self) -> None:  # noqa: B027
        """Makes all tokens and sessions void. Does nothing if credentials are sent with each request."""

    def sessions(self, now: float) -> int:
        """How many tokens or sessions are valid at ``now`` (simulated seconds)."""
        return 0

    def native_id(self, number: int) -> str:
        """A new id in the vendor's style."""
        return str(number)

    def add(self, script: JobScript, now: float) -> list[Job]:
        """Starts a script and its children."""
        jobs = enact(script, now, self._new_id)
        for job in jobs:
            self.store.add(job)
        return jobs

    def find(self, call: Call, job_id: str) -> Job | None:
        """The job, if the API knows it in this call."""
        return None if call.missing else self.store.find(job_id, call.now)

    @staticmethod
    def at(call: Call, job: Job) -> Moment:
        """The job at the moment of the call."""
        seen = moment(job, call.now)
        return seen if call.message is None else Moment(**{**vars(seen), "message": call.message})

    def _new_id(self) -> str:
        return next(new for number in self._numbers if (new := self.native_id(number)) not in self.store)
