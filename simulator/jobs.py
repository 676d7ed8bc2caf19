# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job's script, and its state at any moment: pure, without a clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

REMOVE = "$remove"  # as a value in a script's ``body``: the reply lacks this field


def _text(value: Any) -> Any:
    # YAML reads an unquoted 294 as a number, but ids and states are texts.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Stage(BaseModel):
    """One state of a job and how long it lasts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Text  # in the vendor's own words
    seconds: Seconds | None = Field(default=None, alias="for")
    progress: Percent | tuple[Percent, Percent] | None = None  # fixed, or from and to over the stage
    message: str | None = None


class JobScript(BaseModel):
    """The script of a job. Other keys than these are the system's own (``extra``)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Text | None = None
    visible_after: Seconds = 0
    vanish_after: Seconds | None = None
    age: Seconds = 0  # seconds by which the job began before it was added
    stages: tuple[Stage, ...]
    body: dict[str, Any] = Field(default_factory=dict)
    shape: str | None = None
    children: tuple[ChildScript, ...] = ()

    @model_validator(mode="after")
    def _only_the_last_stage_is_open(self) -> JobScript:
        # Not a rule of the field: pydantic would apply it to the remaining stages if others are wrong.
        if not self.stages:
            raise ValueError("stages needs at least one stage")
        for number, stage in enumerate(self.stages):
            last = number == len(self.stages) - 1
            if last and stage.seconds is not None:
                raise ValueError(f"stages[{number}] is the last and lasts for ever, so it takes no 'for'")
            if not last and stage.seconds is None:
                raise ValueError(f"stages[{number}] is not the last, so it needs 'for' (seconds)")
        return self

    @property
    def extra(self) -> dict[str, Any]:
        """The system's own keys."""
        return self.model_extra or {}

    @property
    def duration(self) -> float:
        """Seconds until the last stage is reached."""
        return sum(stage.seconds or 0 for stage in self.stages)


class ChildScript(JobScript):
    """The script of a child."""

    after: float = 0  # seconds from the parent's end, may be negative


JobScript.model_rebuild()


@dataclass(frozen=True)
class Job:
    """A job that runs by its script; times in simulated seconds."""

    id: str
    parent_id: str | None
    script: JobScript
    began: float
    known_from: float
    known_until: float

    def known(self, now: float) -> bool:
        """Whether the API knows the job."""
        return self.known_from <= now < self.known_until


@dataclass(frozen=True)
class Moment:
    """A job at one moment; times in simulated seconds."""

    state: str
    progress: float | None
    message: str | None
    began: float
    since: float  # when the present stage began
    ends: float  # when the last stage begins or began


def enact(script: JobScript, now: float, new_id: Callable[[], str]) -> list[Job]:
    """Starts a script and its children; the parent comes first."""

    def put(part: JobScript, parent_id: str | None, began: float, added: float) -> Job:
        until = math.inf if part.vanish_after is None else added + part.vanish_after
        return Job(part.id or new_id(), parent_id, part, began, added + part.visible_after, until)

    parent = put(script, None, now - script.age, now)
    end = parent.began + script.duration
    return [
        parent,
        *(put(child, parent.id, end + child.after, end + child.after) for child in script.children),
    ]


def moment(job: Job, now: float) -> Moment:
    """The job at ``now``."""
    since = job.began
    stage = job.script.stages[0]
    for stage in job.script.stages:
        if stage.seconds is None or now < since + stage.seconds:
            break
        since += stage.seconds
    return Moment(
        state=stage.state,
        progress=_progress(stage, now - since),
        message=stage.message,
        began=job.began,
        since=since,
        ends=job.began + job.script.duration,
    )


def merged(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A vendor's body with the fields of the script added, or removed."""
    if not changes:
        return body
    return {name: value for name, value in {**body, **changes}.items() if value != REMOVE}


def _progress(stage: Stage, elapsed: float) -> float | None:
    if not isinstance(stage.progress, tuple):
        return stage.progress
    start, end = stage.progress
    share = min(1.0, max(0.0, elapsed / stage.seconds)) if stage.seconds else 1.0
    return start + (end - start) * share
