# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one shape in which every module, plugin and role speaks of a remote job."""

from __future__ import annotations

import dataclasses
import typing as t

PENDING = "pending"
RUNNING = "running"
SUCCEEDED = "succeeded"
FAILED = "failed"
CANCELLED = "cancelled"
SKIPPED = "skipped"
UNKNOWN = "unknown"

BAD_ENDS = (FAILED, CANCELLED, SKIPPED)
"""Those that fail a wait which is not told otherwise."""
END_STATES = (SUCCEEDED, *BAD_ENDS)
"""A job in one of these never leaves it."""

STATES = (PENDING, RUNNING, *END_STATES, UNKNOWN)


@dataclasses.dataclass(frozen=True)
class Job:
    """What an API said of a job, in words that are the same for every vendor.

    ``as_dict`` gives the documented keys. ``warnings``, ``settles``, ``meanwhile`` and ``retry_after`` are for those who poll, and not
    part of them.
    """

    system: str
    id: str | None
    state: str = UNKNOWN
    native_state: str | None = None
    parent_id: str | None = None
    description: str | None = None
    progress: float | None = None
    """0 to 100."""
    message: str | None = None
    created_at: str | None = None
    started_at: str | None = None
    updated_at: str | None = None
    finished_at: str | None = None
    eta_at: str | None = None
    duration: float | None = None
    """Seconds."""
    error: dict[str, t.Any] | None = None
    children: tuple[Job, ...] = ()

    warnings: tuple[str, ...] = ()
    """Oddities of the reply that a user should hear of, a sentence each."""
    settles: bool = False
    """Children may still appear after this end: a wait watches for them a while longer before it believes the end."""
    meanwhile: str | None = None
    """What to say of the job until then."""
    retry_after: float | None = None
    """Seconds after which the API asks to be read again."""

    @property
    def finished(self) -> bool:
        """Whether the state is an end state."""
        return self.state in END_STATES

    @property
    def succeeded(self) -> bool:
        """Whether the job is finished and good."""
        return self.state == SUCCEEDED

    def unsettled(self) -> Job:
        """The job as long as its end is not believed."""
        message = self.meanwhile or self.message
        return dataclasses.replace(
            self, state=RUNNING, progress=None, message=message, finished_at=None, duration=None, settles=False
        )

    def to_be_read_again(self, retry_after: float | None) -> Job:
        """The job, and when its API asks to be read again.

        :param retry_after: seconds; ``None``: it says nothing of it.
        """
        return dataclasses.replace(self, retry_after=retry_after) if retry_after else self

    def phrase(self) -> str:
        """The state for people: ``running (ACT/PEND, 45 %)``, ``failed (FIN/FAIL): Configuration push failed``."""
        words = state_of(self.state, self.native_state, None if self.finished else self.progress)
        why = self.error["message"] if self.error else self.message
        return f"{words}: {why.rstrip('.')}" if why and not self.succeeded else words

    def as_dict(self) -> dict[str, t.Any]:
        """The documented shape: every key, ``None`` where the vendor says nothing."""
        return {
            "system": self.system,
            "id": self.id,
            "parent_id": self.parent_id,
            "description": self.description,
            "state": self.state,
            "native_state": self.native_state,
            "finished": self.finished,
            "succeeded": self.succeeded,
            "progress": self.progress,
            "message": self.message,
            "created_at": self.created_at,
            "started_at": self.started_at,
            "updated_at": self.updated_at,
            "finished_at": self.finished_at,
            "eta_at": self.eta_at,
            "duration": self.duration,
            "error": self.error,
            "children": [child.as_dict() for child in self.children],
        }


def state_of(state: str, native_state: str | None, progress: float | None) -> str:
    """``running (ACT/PEND, 45 %)``, ``pending``."""
    facts = ", ".join(filter(None, [native_state, None if progress is None else f"{progress:.0f} %"]))
    return f"{state} ({facts})" if facts else state


def classify(table: t.Mapping[str, str], word: str | None) -> tuple[str, tuple[str, ...]]:
    """Look a vendor's word up in its state table: the state, and a warning where the word is not in it.

    A word never heard of is ``unknown`` and so not an end: vendors add words without notice, and whoever waits must go on.
    """
    if word is None:
        return UNKNOWN, ("The reply names no state; the job is taken as not finished.",)
    if word in table:
        return table[word], ()
    return UNKNOWN, (f"The state {word!r} is not known; the job is taken as not finished.",)
