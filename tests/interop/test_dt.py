# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynatrace's client ``dt``, which can read finished jobs only, reads the same as we do."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._values import to_epoch
from simulator.client import Simulator

ACTIVEGATE = "-1556499193"
DAY = 86400


def script(job_id: str, state: str, *, age: float = 600, message: str | None = None, **body: str) -> dict[str, t.Any]:
    stages = [{"state": "IN_PROGRESS", "for": 300}, {"state": state, "message": message}]
    return {"system": "dynatrace", "id": job_id, "age": age, "stages": stages, "body": body}


JOBS = [
    script("-1", "SUCCEED"),
    script("-2", "FAILED", message="no disk space"),
    script("3", "ROLLBACK"),
    script("4", "SKIPPED", message="{validity=2021-05-04 22:52:22}", updateType="ACTIVE_GATE"),
    script("5", "SUCCEED", age=3 * DAY),
]


def test_dt_and_the_collection_read_the_same(simulator: Simulator, theirs: t.Any, ours: t.Any) -> None:
    simulator.add(jobs=JOBS)
    filters = {"time_from": "now-2d", "update_type": "SYNTHETIC"}
    job_ids = [job["id"] for job in JOBS]
    seen = theirs("dt", "dynatrace", activegate_id=ACTIVEGATE, job_ids=job_ids, filters=filters)

    for job_id, their in zip(job_ids, seen["jobs"]):
        job = ours("dynatrace", activegate_id=ACTIVEGATE, job_id=job_id)["job"]
        assert their == {
            "id": job["id"],
            "state": job["native_state"],
            "ended": pytest.approx(to_epoch(job["finished_at"])),
            "duration": job["duration"],
            "error": job["message"],
        }
        assert (job["finished"], job["succeeded"]) == (True, their["state"] == "SUCCEED")

    same = {"from": filters["time_from"], "update_type": filters["update_type"]}
    one, all_of_them = ours("dynatrace", activegate_id=ACTIVEGATE, **same), ours("dynatrace", **same)
    assert seen["one"] == [job["id"] for job in one["jobs"]]
    assert sorted(seen["one"]) == ["-1", "-2", "3"]
    assert [job_id for ids in seen["all"].values() for job_id in ids] == [job["id"] for job in all_of_them["jobs"]]
    # An ActiveGate without jobs is in the listing too.
    assert sorted(map(len, seen["all"].values())) == [0, 3]
