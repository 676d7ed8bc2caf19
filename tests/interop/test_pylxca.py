# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenovo's client ``pylxca`` logs in, reads in its session what we read in ours, and logs out."""

from __future__ import annotations

import typing as t

import pytest

from simulator.client import Simulator


@pytest.mark.parametrize("state", ["running", "complete", "error", "canceled"])
def test_pylxca_and_the_collection_read_the_same(simulator: Simulator, theirs: t.Any, ours: t.Any, state: str) -> None:
    simulator.add(jobs=[{"system": "xclarity", "id": "12", "stages": [{"state": state}]}])
    seen = theirs("pylxca", "xclarity", task_id="12")
    assert (seen["connected"], seen["stranger"], seen["disconnected"]) == (True, False, True)

    result = ours("xclarity", task_id="12")
    assert result["raw"] == seen["task"]
    assert (result["job"]["native_state"], result["job"]["progress"]) == (state, seen["task"]["progress"])
    assert result["job"]["message"] == seen["task"]["errorMsg"]["messages"][0]["text"]

    counts = simulator.stats()["xclarity"]
    assert (counts["logins"], counts["logouts"], counts["open_sessions"]) == (2, 2, 0)
