# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils import _job
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job

BUSY = {"kind": "unavailable", "message": "No answer.", "status": 503, "code": None}
GONE = {"kind": "not_found", "message": "Not found.", "status": 404, "code": None}
KEYS = [
    "system",
    "id",
    "parent_id",
    "description",
    "state",
    "native_state",
    "finished",
    "succeeded",
    "progress",
    "message",
]
KEYS += ["created_at", "started_at", "updated_at", "finished_at", "eta_at", "duration", "error", "children"]


def test_a_job_of_which_nothing_is_known_has_all_keys() -> None:
    job = Job("strata", "7").as_dict()
    assert list(job) == KEYS
    known = {"system": "strata", "id": "7", "state": "unknown", "finished": False, "succeeded": False, "children": []}
    assert job == {**dict.fromkeys(KEYS), **known}


def test_children_have_the_keys_of_jobs() -> None:
    job = Job("strata", "7", children=(Job("strata", "8", "failed"),)).as_dict()
    assert job["children"] == [Job("strata", "8", "failed").as_dict()]


@pytest.mark.parametrize(
    ("state", "finished", "succeeded"),
    [
        ("pending", False, False),
        ("running", False, False),
        ("succeeded", True, True),
        ("failed", True, False),
        ("cancelled", True, False),
        ("skipped", True, False),
        ("unknown", False, False),
    ],
)
def test_each_state_is_finished_and_succeeded_or_not(state, finished, succeeded) -> None:
    job = Job("strata", "7", state)
    assert state in _job.STATES
    assert (job.finished, job.succeeded) == (finished, succeeded)


@pytest.mark.parametrize(
    ("known", "phrase"),
    [
        ({}, "unknown"),
        ({"state": "running"}, "running"),
        ({"state": "running", "native_state": "ACT/PEND", "progress": 45.4}, "running (ACT/PEND, 45 %)"),
        ({"state": "pending", "progress": 0.0}, "pending (0 %)"),
        (
            {"state": "failed", "native_state": "FIN/FAIL", "progress": 100.0, "message": "It broke."},
            "failed (FIN/FAIL): It broke",
        ),
        ({"state": "succeeded", "native_state": "FIN/OK", "message": "All good."}, "succeeded (FIN/OK)"),
        ({"state": "running", "message": "Copying"}, "running: Copying"),
        ({"state": "running", "native_state": "Running", "progress": 50.0}, "running (50 %)"),
        ({"state": "cancelled", "native_state": "canceled"}, "cancelled (canceled)"),
        ({"native_state": "ODD"}, "unknown (ODD)"),
        ({"error": BUSY, "message": "old"}, "could not be read: No answer"),
        (
            {"state": "running", "native_state": "ACT/PEND", "progress": 45.4, "error": BUSY, "message": "old"},
            "could not be read, last seen running (ACT/PEND, 45 %): No answer",
        ),
        ({"state": "running", "native_state": "ACT", "error": GONE}, "gone, last seen running (ACT): Not found"),
        ({"error": GONE}, "could not be read: Not found"),
        ({"state": "failed", "error": BUSY}, "failed: No answer"),
    ],
)
def test_the_phrase_of_a_job_tells_its_state(known, phrase) -> None:
    assert Job("strata", "7", **known).phrase() == phrase


@pytest.mark.parametrize(
    ("known", "predicate"),
    [
        ({}, "is in an unknown state"),
        ({"native_state": "ODD"}, "is in an unknown state (ODD)"),
        ({"state": "pending", "progress": 0.0}, "is pending (0 %)"),
        ({"state": "running", "native_state": "ACT/PEND"}, "is running (ACT/PEND)"),
        ({"state": "succeeded", "native_state": "FIN/OK"}, "succeeded (FIN/OK)"),
        ({"state": "failed", "native_state": "FIN/FAIL", "message": "It broke."}, "failed (FIN/FAIL): It broke"),
        ({"state": "cancelled"}, "was cancelled"),
        ({"state": "skipped", "native_state": "SKIPPED"}, "was skipped"),
        ({"error": BUSY}, "could not be read: No answer"),
        ({"state": "running", "error": GONE}, "is gone, last seen running: Not found"),
    ],
)
def test_the_predicate_of_a_job_completes_a_sentence(known, predicate) -> None:
    assert Job("strata", "7", **known).predicate() == predicate


def test_the_elapsed_time_stands_before_the_reason() -> None:
    job = Job("strata", "7", "failed", native_state="FIN/FAIL", message="It broke.")
    assert job.phrase(", 5 s elapsed") == "failed (FIN/FAIL), 5 s elapsed: It broke"
    assert job.predicate(" after 5 s") == "failed (FIN/FAIL) after 5 s: It broke"
    unread = Job("strata", "7", "running", error=BUSY)
    assert unread.phrase(", 5 s elapsed") == "could not be read, last seen running, 5 s elapsed: No answer"
