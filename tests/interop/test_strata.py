# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both clients for Strata Cloud Manager, of which one checks tokens and the other types, read the same as we do."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._values import to_epoch
from simulator.client import Simulator


def script(job_id: str, state: str, **more: t.Any) -> dict[str, t.Any]:
    return {"system": "strata", "id": job_id, "age": 60, "stages": [{"state": state}], **more}


STATES = {
    "290": "PEND",
    "291": "ACT",
    "292": "PUSHSENT",
    "293": "PUSHFAIL",
    "294": "PUSHABORT",
    "295": "PUSHTIMEOUT",
    "296": "FIN/FAIL",
    "297": "FIN/CANCELLED",
    "298": "FIN/TIMEOUT",
    "299": "FIN/WAIT",
}
PARENT, CHILD, AWAITED, MISSING = "300", "301", "302", "999"
CHILDREN = [
    {"id": CHILD, "after": 3, "device_name": "FW-1", "stages": [{"state": "FIN/FAIL", "message": "no such zone"}]}
]
JOBS = [
    *(script(job_id, state, type="Validate") for job_id, state in STATES.items()),
    script(PARENT, "FIN/OK", children=CHILDREN),
]
READ = [*STATES, PARENT, CHILD]


@pytest.fixture
def agree(ours: t.Any) -> t.Callable[[t.Any], None]:
    """Check that we read a job as a client has read it."""

    def check(their: dict[str, t.Any]) -> None:
        job = ours("strata", job_id=their["id"])["job"]
        assert job["native_state"] == f"{their['status_str']}/{their['result_str']}"
        assert job["progress"] == float(their["percent"])
        assert (job["parent_id"] or "0") == their["parent_id"]
        assert to_epoch(job["started_at"]) == moment(their["start_ts"])
        if job["finished"]:
            assert to_epoch(job["finished_at"]) == moment(their["end_ts"])
        assert (their["summary"] or None) in (job["message"], None)
        assert job["description"].startswith(their["type_str"])

    return check


def moment(text: str) -> float:
    """Seconds since 1970 of a time without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def test_pan_scm_sdk_and_the_collection_read_the_same(
    simulator: Simulator, theirs: t.Any, ours: t.Any, agree: t.Any
) -> None:
    awaited = script(AWAITED, "FIN/OK", age=0, stages=[{"state": "ACT", "for": 2}, {"state": "FIN/OK"}])
    simulator.add(jobs=[*JOBS, awaited])
    seen = theirs("pan_scm_sdk", "strata", job_ids=READ, awaited=AWAITED, missing=MISSING, parent_id=PARENT)

    # It has fetched the key and checked the signature.
    assert seen["token"]["aud"] == simulator.connection("strata")["client_id"]
    assert ("/am/oauth2/connect/jwk_uri", 200) in [(one["path"], one["status"]) for one in simulator.requests()]

    assert [their["id"] for their in seen["jobs"]] == READ
    for their in [*seen["jobs"], seen["awaited"]]:
        agree(their)
    assert seen["awaited"]["status_str"] == "FIN"
    assert "change 42" in ours("strata", job_id=seen["pushed"])["job"]["description"]

    error = ours("strata", job_id=MISSING)["error"]
    assert seen["missing"] == ["ObjectNotPresentError", error["status"], error["code"]]
    assert (error["kind"], error["status"], error["code"]) == ("not_found", 404, "E005")
    # It tells what was wrong by the envelope's details.
    assert seen["refused"] == ["InvalidQueryParameterError", 400, "E003"]

    listed = ours("strata", limit=4)["jobs"]
    assert [job["id"] for job in seen["list"]["data"]] == [job["id"] for job in listed][1:]
    assert (seen["list"]["limit"], seen["list"]["offset"]) == (3, 1)
    rolled_up = ours("strata", job_id=PARENT, children=True)["job"]
    assert seen["children"] == [child["id"] for child in rolled_up["children"]] == [CHILD]
    assert rolled_up["state"] == "failed"


def test_scm_python_and_the_collection_read_the_same(
    simulator: Simulator, theirs: t.Any, ours: t.Any, agree: t.Any
) -> None:
    simulator.add(jobs=JOBS)
    seen = theirs("scm_python", "strata", job_ids=READ)

    assert [their["id"] for their in seen["jobs"]] == READ
    for their in seen["jobs"]:
        agree(their)
    listed = ours("strata")["jobs"]
    assert [(job["id"], f"{job['status_str']}/{job['result_str']}") for job in seen["list"]["data"]] == [
        (job["id"], job["native_state"]) for job in listed
    ]
    assert seen["list"]["total"] == len(READ)
