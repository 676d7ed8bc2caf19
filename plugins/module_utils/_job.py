# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A remote job, in the shape that every module, plugin and role of the collection uses."""

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
"""The end states that fail a wait by default (see the option ``fail_on``)."""
END_STATES = (SUCCEEDED, *BAD_ENDS)
"""The states that a job never leaves."""

STATES = (PENDING, RUNNING, *END_STATES, UNKNOWN)

REPORT_IT = "Please report it."
"""The advice on a state that a vendor has added."""

_PREDICATES = {
    PENDING: "is pending",
    RUNNING: "is running",
    CANCELLED: "was cancelled",
    SKIPPED: "was skipped",
    UNKNOWN: "is in an unknown state",
}
"""The predicates of sentences, for the states whose word alone is not a predicate."""


@dataclasses.dataclass(frozen=True)
class Job:
    """What an API says about a job, in words that are the same for every vendor.

    ``as_dict`` returns the documented keys. ``warnings``, ``settles``, ``meanwhile`` and ``retry_after`` are not
    documented keys; the wait and the info modules use them.
    """

    system: str
    id: str | None
    state: str = UNKNOWN
    native_state: str | None = None
    parent_id: str | None = None
    description: str | None = None
    progress: float | None = None
    """Percent, 0 to 100."""
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
    """Oddities of the reply to warn the user of, a sentence each."""
    settles: bool = False
    """Whether children may still appear after this end, so that the end must last for the settle time before it is believed."""
    meanwhile: str | None = None
    """The job's ``message`` during the settle time."""
    retry_after: float | None = None
    """Seconds after which the API asks to be read again."""

    @property
    def finished(self) -> bool:
        """Whether the state is an end state."""
        return self.state in END_STATES

    @property
    def succeeded(self) -> bool:
        """Whether the job has ended well."""
        return self.state == SUCCEEDED

    def unsettled(self) -> Job:
        """The job as it is shown during its settle time: still running."""
        message = self.meanwhile or self.message
        return dataclasses.replace(
            self, state=RUNNING, progress=None, message=message, finished_at=None, duration=None, settles=False
        )

    def to_be_read_again(self, retry_after: float | None) -> Job:
        """The job together with the time at which its API asks to be read again.

        :param retry_after: seconds; ``None`` if the API does not say.
        """
        return dataclasses.replace(self, retry_after=retry_after) if retry_after else self

    @property
    def was_read(self) -> bool:
        """Whether the API has ever sent a state of the job."""
        return self.state != UNKNOWN or self.native_state is not None

    @property
    def is_unread(self) -> bool:
        """Whether it is unknown if the job has ended, because the last poll could not read the job."""
        return self.error is not None and not self.finished

    def phrase(self, when: str = "") -> str:
        """What is known about the job, for a place after its name and a colon.

        ``running (ACT/PEND, 45 %)``, ``failed (FIN/FAIL): Configuration push failed``,
        ``could not be read, last seen running (ACT/PEND, 45 %): https://api.example.com answered HTTP 503``.

        :param when: text between the state and the reason: ``, 5 s elapsed``.
        """
        if not self.is_unread:
            return self._known(self.state, when)
        return self._unread("gone" if self._is_gone() else "could not be read", when)

    def predicate(self, when: str = "") -> str:
        """The same facts as the predicate of a sentence about the job: ``is running (ACT/PEND, 45 %)``."""
        if not self.is_unread:
            return self._known(_PREDICATES.get(self.state, self.state), when)
        return self._unread("is gone" if self._is_gone() else "could not be read", when)

    def why_unread(self) -> str:
        """Why the job could not be read, for a sentence that already says that the job could not be read."""
        if self._is_gone():
            return self.phrase()
        seen = f"last seen {self.state_words()}: " if self.was_read else ""
        return f"{seen}{_without_stop((self.error or {})['message'])}"

    def state_words(self) -> str:
        """The state alone: ``running (ACT/PEND, 45 %)``."""
        return self._state(self.state)

    def _state(self, state: str) -> str:
        return state_of(self.state, self.native_state, None if self.finished else self.progress, state)

    def _known(self, state: str, when: str) -> str:
        why = None if self.succeeded else self.message or (self.error or {}).get("message")
        return f"{self._state(state)}{when}" + (f": {_without_stop(why)}" if why else "")

    def _is_gone(self) -> bool:
        """Whether the API knew the job before, and does not know it any more."""
        return self.was_read and self.is_unread and (self.error or {}).get("kind") == "not_found"

    def _unread(self, what: str, when: str) -> str:
        seen = f", last seen {self.state_words()}" if self.was_read else ""
        return f"{what}{seen}{when}: {_without_stop((self.error or {})['message'])}"

    def as_dict(self) -> dict[str, t.Any]:
        """The documented shape: every key, ``None`` for facts that the vendor does not send."""
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


def state_of(state: str, native_state: str | None, progress: float | None, words: str | None = None) -> str:
    """``running (ACT/PEND, 45 %)``, ``pending``. A native state that is the same word as the state is left out.

    :param progress: percent.
    :param words: text to use instead of the state.
    """
    native = native_state if native_state and native_state.casefold() != state else None
    facts = ", ".join(filter(None, [native, None if progress is None else f"{progress:.0f} %"]))
    return f"{words or state} ({facts})" if facts else words or state


def _without_stop(sentence: str) -> str:
    return sentence.rstrip(".")


def classify(table: t.Mapping[str, str], word: str | None) -> tuple[str, tuple[str, ...]]:
    """Looks up a vendor's word in the vendor's state table. Returns the state, and a warning if the table lacks the word.

    The state of a word that the table lacks is ``unknown``, which is not an end state: vendors add words without notice, and the wait
    must go on.
    """
    if word is None:
        return UNKNOWN, ("The reply names no state, so the job is taken as not finished.",)
    if word in table:
        return table[word], ()
    return UNKNOWN, (f"The state {word!r} is not known, so the job is taken as not finished. {REPORT_IT}",)
