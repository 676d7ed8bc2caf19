# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.plugin_utils._report import timeline
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.timeline import Axis, Bar
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, job

KEYS = {case.name: case.key for case in CASES}

START = 1_700_000_000.0  # 2023-11-14T22:13:20Z


def seen(*states):
    """A history: each state with the seconds after START."""
    return [
        {"state": state, "native_state": None, "progress": None, "at": f"2023-11-14T22:13:{20 + after:02}Z"}
        for state, after in states
    ]


def axis(jobs, elapsed, now):
    return timeline.axis(read_wait({"jobs": jobs}, KEYS).jobs, elapsed, now)


def bars(one, along):
    (read,) = read_wait({"jobs": [one]}, KEYS).jobs
    return timeline.bars(read, along)


def test_the_axis_is_the_wait() -> None:
    late = {**job("strata", "1", "succeeded"), "history": seen(("succeeded", 5))}
    assert axis([late], 10.0, START + 10) == Axis(START, START + 10)
    assert axis([late], None, START + 10) == Axis(START + 5, START + 10)
    assert axis([], None, START) == Axis(START, START)


def test_each_state_lasts_until_the_next() -> None:
    one = {**job("strata", "1", "succeeded"), "history": seen(("pending", 0), ("running", 2), ("succeeded", 8))}
    expected = [Bar("pending", 0.0, 0.2), Bar("running", 0.2, 0.8), Bar("succeeded", 0.8, 0.8)]
    assert bars(one, Axis(START, START + 10)) == expected


def test_what_still_runs_lasts_to_the_end() -> None:
    one = {**job("strata", "1", "running"), "history": seen(("running", 5))}
    assert bars(one, Axis(START, START + 10)) == [Bar("running", 0.5, 1.0)]


def test_a_job_that_could_not_be_read_ends_as_unread() -> None:
    error = {"kind": "unreachable", "message": "No answer."}
    one = {**job("strata", "1", "running", error=error), "history": seen(("running", 5))}
    assert bars(one, Axis(START, START + 10)) == [Bar("running", 0.5, 1.0), Bar("unread", 1.0, 1.0)]
    never = {**job("strata", "1", "unknown", error=error), "history": []}
    assert bars(never, Axis(START, START + 10)) == [Bar("unread", 1.0, 1.0)]


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (
            job("strata", "2", "failed", started_at="2023-11-14T22:13:21Z", finished_at="2023-11-14T22:13:25Z"),
            [Bar("running", 0.1, 0.5), Bar("failed", 0.5, 0.5)],
        ),
        (job("strata", "2", "pending", created_at="2023-11-14T22:13:21Z"), [Bar("pending", 0.1, 1.0)]),
        (job("strata", "2", "succeeded", finished_at="2023-11-14T23:00:00Z"), [Bar("succeeded", 1.0, 1.0)]),
        (job("strata", "2", "running", started_at="2023-11-14T20:00:00Z"), [Bar("running", 0.0, 1.0)]),
        (job("strata", "2", "succeeded"), []),
    ],
)
def test_a_child_is_drawn_by_its_own_times_and_inside_the_axis(child, expected) -> None:
    assert bars(child, Axis(START, START + 10)) == expected


def test_a_bar_of_a_wait_without_length_has_none() -> None:
    one = {**job("strata", "1", "running"), "history": seen(("running", 0))}
    assert bars(one, Axis(START, START)) == [Bar("running", 0.0, 0.0)]
