# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads one job from a part of a reply: its state, its fields, and an explanation of both for authors of profiles."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._errors import BadReply, unreadable
from ..._job import END_STATES, SUCCEEDED, UNKNOWN, Job
from ..._text import kind_of
from .answer import Answer, shown_value
from .conditions import there
from .fields import Fields
from .mistakes import either, joined
from .rules import Outcome
from .states import Overrides, States, Values


@dataclasses.dataclass(frozen=True)
class JobReader:
    """Reads the job at a place in a reply. Rows of a listing and children may have readers of their own.

    :param system: the name of the profile.
    """

    system: str
    states: States
    fields: Fields

    def read(
        self,
        node: t.Any,
        answer: Answer,
        job_id: str | None,
        overrides: Overrides | None = None,
        parent_id: str | None = None,
    ) -> Job:
        """The job at this place.

        :param overrides: the meaning of native states for this task.
        :raises BadReply: if the place has no state.
        """
        states = self.states
        values = states.values(node, answer)
        outcome = states.match(values, node, answer)
        native = states.native_state(values, node, answer)
        overridden = overrides.state(native) if overrides else None
        if overridden:
            outcome = Outcome(overridden, "state_overrides")
        elif outcome is None:
            if not states.has_word(values):
                raise unreadable(answer.body)(self._nothing(values, node), status=answer.status)
            outcome = states.otherwise
        state = outcome.state if outcome else UNKNOWN
        known, warnings = self.fields.read(node, answer, state in END_STATES)
        if outcome is None or outcome.resting or (state in END_STATES and states.no_bad_end):
            warnings = [*self._warnings(outcome, values, native), *warnings]
        return Job(
            system=self.system,
            id=job_id,
            parent_id=parent_id,
            state=state,
            native_state=native,
            warnings=tuple(warnings),
            **known,
        )

    def unread(self, error: BadReply, job_id: str | None, parent_id: str | None = None) -> Job:
        """A job that :meth:`read` could not read: ``unknown``, with the reason as a warning."""
        return Job(system=self.system, id=job_id, parent_id=parent_id, warnings=(str(error),))

    def explain(self, node: t.Any, answer: Answer) -> dict[str, t.Any]:
        """The explanation: the values that decide, the part of the profile that matched, and what was not found.

        Never raises, because replies that cannot be read need an explanation most.
        """
        states = self.states
        values = states.values(node, answer)
        outcome = states.match(values, node, answer)
        advice = []
        if outcome is None and not states.has_word(values):
            advice.append(self._nothing(values, node))
        elif outcome is None and not states.otherwise:
            advice.append(self._unknown(values))
        outcome = outcome or states.otherwise
        known, warnings = self.fields.read(node, answer, ended=True)
        return {
            "values": {name: shown_value(value) for name, value in zip(states.sources, values)},
            "rule": joined(states.place, outcome.place) if outcome else None,
            "not_found": [
                *(
                    f"{states.where(name)}: {source}"
                    for (name, source), value in zip(states.sources.items(), values)
                    if not there(value)
                ),
                *(f"fields.{name}: {path}" for name, path in self.fields.sought.items() if known.get(name) is None),
            ],
            "advice": [*advice, *warnings],
        }

    def _nothing(self, values: Values, node: t.Any) -> str:
        """The sentence for a reply in which no word is found."""
        for source, value in zip(self.states.sources.values(), values):
            if there(value) and isinstance(value, (dict, list)):
                return f"The API answered with {kind_of(value)} at {source}, where a word for the state was expected."
        sources = list(self.states.sources.values())
        names = [str(source) for source in sources if source.in_body] or [str(source) for source in sources]
        answered = "without" if isinstance(node, dict) else f"with {kind_of(node)} instead of"
        return f"The API answered {answered} {either(names)}, from which the state is read."

    def _warnings(self, outcome: Outcome | None, values: Values, native: str | None) -> list[str]:
        if outcome is None:
            return [self._unknown(values)]
        if outcome.resting:
            return [
                f"The job rests in the state {native!r} until somebody acts; state_overrides can end a wait there, "
                f"with {{{native}: {SUCCEEDED}}}."
            ]
        return [str(self.states.no_bad_end)] if self.states.no_bad_end else []

    def _unknown(self, values: Values) -> str:
        """The warning about a word that the profile lacks, with the place to add it."""
        words = self.states.words(values)
        sentence = f"The state {words!r} is not known, so the job is taken as not finished."
        texts = {value.lower() for value in values if isinstance(value, str)}
        if texts & {"true", "false"} and self.states.has_true_or_false():
            return f"{sentence} The reply has it as text and the profile as a boolean; put quotes around it in the profile."
        return f"{sentence} If it has a meaning, add it to {self.states.place} of the profile {self.system}, or to state_overrides."
