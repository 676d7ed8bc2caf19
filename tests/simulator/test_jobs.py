# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A script's state at any moment."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from simulator.jobs import JobScript, enact, merged, moment

PUSH = {
    "id": 294,
    "visible_after": 1,
    "vanish_after": 100,
    "stages": [{"state": "PEND", "for": 2}, {"state": "ACT", "for": 8, "progress": [0, 80]}, {"state": "FIN/OK"}],
    "children": [{"id": 295, "after": -3, "stages": [{"state": "ACT", "for": 5}, {"state": "FIN/FAIL"}]}],
}


def put(script: dict[str, Any], now: float = 1000.0) -> Any:
    return enact(JobScript.model_validate(script), now, lambda: "made")


@pytest.mark.parametrize(
    ("elapsed", "state", "progress", "since"),
    [
        (0, "PEND", None, 1000),
        (1.9, "PEND", None, 1000),
        (2, "ACT", 0, 1002),
        (6, "ACT", 40, 1002),
        (10, "FIN/OK", None, 1010),
        (9999, "FIN/OK", None, 1010),
    ],
)
def test_stages_follow_the_clock(elapsed: float, state: str, progress: float | None, since: float) -> None:
    seen = moment(put(PUSH)[0], 1000 + elapsed)
    assert (seen.state, seen.progress, seen.since, seen.began, seen.ends) == (state, progress, since, 1000, 1010)


def test_a_child_begins_relative_to_its_parents_end() -> None:
    parent, child = put(PUSH)
    assert child.parent_id == parent.id == "294"
    assert [child.known(now) for now in (1006.9, 1007)] == [False, True]
    assert moment(child, 1011.9).state == "ACT"
    assert moment(child, 1012).state == "FIN/FAIL"


def test_a_job_is_known_between_its_appearance_and_its_vanishing() -> None:
    parent = put(PUSH)[0]
    assert [parent.known(now) for now in (1000, 1001, 1099, 1100)] == [False, True, True, False]


def test_an_aged_job_began_before_it_was_added() -> None:
    job = put({"age": 60, "stages": [{"state": "4", "for": 50}, {"state": "5"}]})[0]
    assert (job.id, job.began, job.known(1000), moment(job, 1000).state) == ("made", 940, True, "5")


def test_body_fields_are_put_in_and_taken_out() -> None:
    assert merged({"a": 1, "b": 2, "c": 3}, {"a": None, "b": "$remove", "d": [4]}) == {"a": None, "c": 3, "d": [4]}


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        ([{"state": "ACT"}, {"state": "FIN"}], r"stages\[0\] is not the last, so it needs 'for'"),
        ([{"state": "ACT", "for": 3}], r"stages\[0\] is the last and lasts for ever"),
        ([], "stages needs at least one stage"),
        ([{"state": "ACT", "progress": 101}], "less than or equal to 100"),
    ],
)
def test_bad_stages_are_refused(stages: list[Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        JobScript.model_validate({"stages": stages})
