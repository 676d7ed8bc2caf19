# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of jobs: each thing once."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils import events
from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.events import REMEMBERED, EmittedStates
from ansible_collections.endstate.jobs.plugins.module_utils._job import FAILED, PENDING, RUNNING, SUCCEEDED, Job

MISSING = {"kind": "not_found", "status": 404, "code": None, "message": "It is gone.", "request_id": None}


def job(job_id: str, state: str = RUNNING, **known: t.Any) -> Job:
    return Job("strata", job_id, state=state, **known)


def told(events: list[events.Event]) -> list[tuple[str, str, str | None, str]]:
    return [(event["type"], event["job"]["id"], event["previous_state"], event["job"]["state"]) for event in events]


def test_the_first_poll_tells_the_present_state() -> None:
    assert told(EmittedStates(initial=True).new_events([job("1"), job("2", FAILED)])) == [
        ("transition", "1", None, RUNNING),
        ("transition", "2", None, FAILED),
    ]


def test_with_initial_false_only_changes_are_told() -> None:
    memory = EmittedStates(initial=False)
    assert memory.new_events([job("1"), job("2", FAILED)]) == []
    assert told(memory.new_events([job("1", SUCCEEDED), job("2", FAILED), job("3", PENDING)])) == [
        ("transition", "1", RUNNING, SUCCEEDED),
        ("transition", "3", None, PENDING),
    ]


def test_with_initial_false_an_unreadable_job_is_told() -> None:
    memory = EmittedStates(initial=False)
    assert told(memory.new_events([job("1", error=MISSING), job("2")])) == [("unreadable", "1", None, RUNNING)]


def test_no_transition_is_told_twice() -> None:
    memory = EmittedStates(initial=True)
    memory.new_events([job("1")])
    assert memory.new_events([job("1", native_state="another word", progress=50.0)]) == []
    assert told(memory.new_events([job("1", SUCCEEDED)])) == [("transition", "1", RUNNING, SUCCEEDED)]
    assert memory.new_events([job("1", SUCCEEDED)]) == []


def test_a_job_that_an_incomplete_listing_brings_back_is_not_told_again() -> None:
    memory = EmittedStates(initial=True)
    memory.new_events([job("1", SUCCEEDED)])
    assert memory.new_events([]) == []
    assert memory.new_events([job("1", SUCCEEDED)]) == []


def test_a_job_that_cannot_be_read_is_told_of_once() -> None:
    memory = EmittedStates(initial=True)
    memory.new_events([job("1")])
    assert told(memory.new_events([job("1", error=MISSING)])) == [("unreadable", "1", RUNNING, RUNNING)]
    assert memory.new_events([job("1", error=MISSING)]) == []


def test_only_the_jobs_seen_last_are_remembered() -> None:
    memory = EmittedStates(initial=True)
    first = [job(str(number), SUCCEEDED) for number in range(REMEMBERED + 10)]
    memory.new_events(first)
    memory.new_events([job("new")])
    assert len(memory._jobs) == REMEMBERED + 1
    assert memory.new_events(first[-1:]) == []
    assert told(memory.new_events(first[:1])) == [("transition", "0", None, SUCCEEDED)]


def test_events_of_an_api_and_of_the_source_have_the_documented_keys() -> None:
    assert events.lost("https://api", MISSING) == {"type": "lost", "api": "https://api", "error": MISSING}
    assert events.regained("https://api") == {"type": "regained", "api": "https://api"}
    assert events.fatal("No.") == {"type": "fatal", "message": "No.", "error": None}
    assert events.fatal("No.", MISSING)["error"] == MISSING
