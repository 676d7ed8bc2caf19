# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils import _job
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job

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


def test_children_are_jobs() -> None:
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
def test_states(state, finished, succeeded) -> None:
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
        ({"error": {"message": "No answer."}, "message": "old"}, "unknown: No answer"),
    ],
)
def test_a_state_in_words(known, phrase) -> None:
    assert Job("strata", "7", **known).phrase() == phrase
