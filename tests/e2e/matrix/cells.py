# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cell of the matrix: a fault, where and how it is met, what must come of it and what did."""

from __future__ import annotations

import dataclasses
import re

from ansible_collections.endstate.jobs.plugins.module_utils._http.retries import LONGEST_RETRY_AFTER
from tests.e2e.matrix.faults import LATER, RESTARTING, TRANSIENT, Fault

WAYS = {
    "read": "an info module, while the fault lasts",
    "retried": "an info module, the fault once",
    "lost": "a wait, while the fault lasts",
    "begun": "a wait, the fault once, at its first request",
    "under way": "a wait, the fault once, after a good answer",
}
"""How a fault is met."""

SYSTEMS = ("dynatrace", "multiplay", "strata", "xclarity")
MENDED_BY_A_LOGIN = {"strata": ("unauthorized",), "xclarity": ("unauthorized", "forbidden")}


@dataclasses.dataclass(frozen=True)
class Target:
    """What a fault strikes: an API's reply for a job, or a request that comes before or after it.

    :param profile: by which ``rest_job`` asks the same API; ``None``: its own system does.
    :param path: the simulator's word for the requests that are struck, other than those for the job.
    :param after: so many of them pass first.
    """

    name: str
    system: str
    path: str | None = None
    after: int = 0
    profile: str | None = None

    @property
    def is_login(self) -> bool:
        """Whether it gives the credentials that the others need."""
        return self.path == "token"


APIS = (*(Target(name, name) for name in SYSTEMS), Target("rest", "xclarity", profile="xclarity"))
LOGINS = (
    Target("strata token", "strata", "token"),
    Target("xclarity login", "xclarity", "token"),
    Target("rest login", "xclarity", "token", profile="xclarity"),
)
LISTING = Target("strata listing", "strata", "/config/operations/v1/jobs", after=1)


@dataclasses.dataclass
class Cell:
    """One fault, met at one target in one way."""

    fault: Fault
    target: Target
    way: str
    outcome: str = ""
    """``ok``, the state of a job that has not ended, or a kind of error."""
    message: str = ""
    shown: str = ""
    """All that a user can see: the masked result and the progress lines."""
    seconds: float = 0.0
    limit: float = 0.0
    pauses: list[float] = dataclasses.field(default_factory=list)
    """Before each retry of an info module, in seconds."""
    polls: int = 0
    secrets: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.target.name}, {self.fault.name}, {self.way}"

    @property
    def lasting(self) -> str:
        """What must come of the fault while it lasts."""
        outcome = self.fault.outcomes.get(self.target.name, self.fault.outcome)
        # What is missing there is not the job.
        return "rejected" if self.target not in APIS and outcome == "not_found" else outcome

    @property
    def expected(self) -> str:
        """What must come of it."""
        good = "running" if self.way == "under way" else "ok"
        if self.lasting == "ok" or self._is_mended():
            return good
        return self.lasting

    def _is_mended(self) -> bool:
        lasting, system = self.lasting, self.target.system
        if self.way in ("read", "lost") or self.fault.permanent:
            return False
        if self.way == "retried" and (self.fault.pause or 0.0) > LONGEST_RETRY_AFTER:
            return False
        return (
            lasting in TRANSIENT
            or (lasting in MENDED_BY_A_LOGIN.get(system, ()) and not self.target.is_login)
            # A job may not be visible yet, or in no state that tells; later it is.
            or (self.way == "begun" and lasting in ("not_found", *LATER))
            or (self.way == "under way" and lasting in (*LATER, *RESTARTING))
            # The job itself was an answer, a moment ago.
            or (self.way == "begun" and self.target is LISTING and lasting in RESTARTING)
            # A redirect to itself leads to the reply once the fault is over.
            or (self.fault.options.get("location") == "{self}" and not self.target.is_login)
        )

    def verdict(self) -> str | None:
        """What is wrong with what came of it; ``None``: nothing."""
        if self.outcome != self.expected:
            return f"came to {self.outcome}, not to {self.expected}: {self.message}"
        if self.seconds > self.limit:
            return f"took {self.seconds:.1f} s, its limit is {self.limit:.1f} s"
        if not is_sentence(self.message):
            return f"says no clear sentence: {self.message!r}"
        if "Traceback" in self.shown or any(secret in self.shown for secret in self.secrets):
            return "shows a secret or a traceback"
        return self._impatience()

    def _impatience(self) -> str | None:
        """What is wrong with its obedience to ``Retry-After``."""
        asked = self.fault.pause or 0.0
        if self.way == "retried" and self.pauses and self.pauses[0] < asked:
            return f"was tried again after {self.pauses[0]:g} s, asked for were {asked:g} s"
        if self.way == "begun" and asked >= 1 and self.polls > 2:
            return f"was polled {self.polls} times, though the API asked for a pause"
        return None


_INNARDS = re.compile(r"[\x00-\x1f\x7f-\x9f]|Traceback|object at 0x|Pool\(|\w+Error\(|\[Errno|NoneType")


def is_sentence(text: str) -> bool:
    """Whether it is fit for people: one line, not endless, a full stop at its end, nothing of our innards."""
    return 10 < len(text) < 900 and text.endswith(".") and not _INNARDS.search(text)
