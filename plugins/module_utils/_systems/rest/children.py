# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rolls the children of a job up into the job: its state, times and message."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._job import CANCELLED, FAILED, RUNNING, SKIPPED, SUCCEEDED, Job
from ..._text import duration, first_ten, one_line
from ..._values import seconds_between
from .answer import joined_texts

BOTH, PARENT, CHILDREN = "both", "parent", "children"


def roll_up(parent: Job, children: t.Sequence[Job], decides: str = BOTH) -> Job:
    """The parent with the state of its children. ``native_state`` stays the parent's own.

    The state is running while a child has not ended; else failed or cancelled if a child is, in this order. Skipped children count as
    good. A parent that has not ended never becomes ended by its children, because more children may come.

    :param decides: ``both``; or ``parent``: children only add their reasons; or ``children``: the parent's own good or bad end
        does not count if it has children.
    """
    if not children:
        return parent
    state = parent.state if decides == PARENT else _state(parent, children, decides)
    warnings = tuple(dict.fromkeys([*parent.warnings, *(warning for child in children for warning in child.warnings)]))
    rolled = dataclasses.replace(
        parent, state=state, message=_message(parent, children), children=tuple(children), warnings=warnings
    )
    if decides == PARENT:
        return rolled
    if not rolled.finished:
        return dataclasses.replace(rolled, finished_at=None, duration=None if parent.finished else parent.duration)
    last = max(filter(None, [parent.finished_at, *(child.finished_at for child in children)]), default=None)
    if last == parent.finished_at:
        return rolled
    return dataclasses.replace(
        rolled, finished_at=last, duration=seconds_between(parent.started_at, last) or parent.duration
    )


def settling(rolled: Job, settle: float) -> Job:
    """The job, whose end is not believed as long as more children may appear.

    :param settle: seconds for which they may.
    """
    what = f"looking for {'more of ' if rolled.children else ''}the jobs that it consists of"
    meanwhile = "; ".join(filter(None, [rolled.message, f"{what} for up to {duration(settle)}"]))
    return dataclasses.replace(rolled, settles=True, meanwhile=meanwhile)


def _state(parent: Job, children: t.Sequence[Job], decides: str) -> str:
    if not parent.finished:
        return RUNNING if any(child.state == RUNNING for child in children) else parent.state
    if not all(child.finished for child in children):
        return RUNNING
    ends = [child.state for child in children] + ([parent.state] if decides == BOTH else [])
    for state in (FAILED, CANCELLED):
        if state in ends:
            return state
    return SKIPPED if set(ends) == {SKIPPED} else SUCCEEDED


def _message(parent: Job, children: t.Sequence[Job]) -> str | None:
    """The parent's own message, and ``name: message`` of each child that ended badly."""
    bad = [child for child in children if child.state in (FAILED, CANCELLED) or child.error]
    said = first_ten([f"{child.description or child.id or 'a child'}: {_reason(child)}" for child in bad])
    return one_line(joined_texts([parent.message, *said])) if said else parent.message


def _reason(child: Job) -> str:
    return (child.error or {}).get("message") or child.message or child.native_state or child.state
