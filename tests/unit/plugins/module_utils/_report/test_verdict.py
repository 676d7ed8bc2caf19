# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._report.verdict import EXPLAINED, LONGEST, GatePolicy, judge
from ansible_collections.endstate.jobs.tests.unit.cases import job

GOOD = job("strata", "1", "succeeded", native_state="FIN/OK")
BAD = job("xclarity", "2", "failed", native_state="error", message="no space")
SKIPPED = job("multiplay", "3", "skipped")
RUNNING = job("strata", "4", "running", native_state="ACT", progress=40.0)
ERROR = {"kind": "unreachable", "status": None, "code": None, "message": "No answer.", "request_id": None}
UNREAD = job("strata", "5", "running", error=ERROR)


def result(*jobs, **more):
    return {"jobs": list(jobs), "elapsed": 65.0, "timed_out": False, "msg": "the wait's own words", **more}


def test_all_good() -> None:
    verdict = judge(result(GOOD, GOOD), GatePolicy())
    assert (verdict.passed, verdict.message) == (True, "All 2 jobs ended well after 1 min 05 s.")
    assert (
        judge(result({**GOOD, "name": "Berlin"}), GatePolicy()).message
        == "Berlin (strata 1) ended well after 1 min 05 s."
    )


def test_a_bad_job_is_named_with_the_reason() -> None:
    verdict = judge(result(GOOD, BAD), GatePolicy())
    assert not verdict.passed
    assert verdict.message == "1 of 2 jobs did not end well after 1 min 05 s: xclarity 2: failed (error): no space."


def test_a_message_names_ten_jobs() -> None:
    assert judge(result(*[BAD] * 13), GatePolicy()).message.endswith(
        "; xclarity 2: failed (error): no space; and 3 more."
    )


@pytest.mark.parametrize(
    ("allow_failed", "count", "allowed"),
    [
        ("0", 9, 0),
        ("2", 9, 2),
        (" 7 ", 9, 7),
        ("0%", 9, 0),
        ("10%", 9, 0),
        ("10%", 15, 1),
        ("10 %", 30, 3),
        ("12.5%", 8, 1),
        ("29%", 100, 29),
        ("100%", 9, 9),
    ],
)
def test_how_many_may_fail(allow_failed, count, allowed) -> None:
    assert GatePolicy(allow_failed).allowance(count) == allowed


@pytest.mark.parametrize("allow_failed", ["", "lots", "-1", "1.5", "101%", "%", "10%%", "1e3", "٣", "nan"])
def test_a_policy_that_is_none(allow_failed) -> None:
    with pytest.raises(OptionError, match=r"^allow_failed: expected a number of jobs such as 2 or a percentage"):
        judge(result(GOOD), GatePolicy(allow_failed))


@given(st.integers(0, 100), st.integers(0, 2000))
def test_a_percentage_never_lets_more_pass_than_it_says(percentage, count) -> None:
    allowed = GatePolicy(f"{percentage}%").allowance(count)
    assert allowed * 100 <= percentage * count < (allowed + 1) * 100


def test_the_policy_decides() -> None:
    some = result(GOOD, BAD, UNREAD)
    assert not judge(some, GatePolicy("1")).passed
    verdict = judge(some, GatePolicy("2"))
    assert verdict.passed
    assert verdict.message.startswith("2 of 3 jobs did not end well (allowed: 2) after 1 min 05 s: xclarity 2: failed")


@pytest.mark.parametrize(
    ("one", "timed_out", "policy", "judgement"),
    [
        (SKIPPED, False, GatePolicy(), "failed"),
        (SKIPPED, False, GatePolicy(fail_on=frozenset({"failed"})), "accepted"),
        (RUNNING, True, GatePolicy(), "unfinished"),
        (RUNNING, True, GatePolicy(on_timeout="warn"), "accepted"),
        (RUNNING, False, GatePolicy(on_timeout="warn"), "unfinished"),
        (UNREAD, False, GatePolicy(), "unfinished"),
        (UNREAD, True, GatePolicy(on_timeout="warn"), "unfinished"),
        (job("strata", "6", "unknown"), True, GatePolicy(), "unfinished"),
    ],
)
def test_what_is_not_known_to_be_good(one, timed_out, policy, judgement) -> None:
    verdict = judge(result(GOOD, one, timed_out=timed_out), policy)
    assert verdict.judgements == ("succeeded", judgement)
    assert verdict.passed == (judgement == "accepted")


def test_what_is_accepted_is_named_too() -> None:
    message = judge(result(GOOD, SKIPPED), GatePolicy(fail_on=frozenset({"failed"}))).message
    assert message == "1 of 2 jobs may be as they are: multiplay 3: skipped."


def test_no_jobs() -> None:
    assert judge(result(), GatePolicy()).message == (
        "The list of jobs is empty, so there was nothing to wait for. Where that is no mistake, set allow_empty."
    )
    assert not judge(result(), GatePolicy()).passed
    assert judge(result(), GatePolicy(allow_empty=True)).passed
    assert not judge(result(failed=True), GatePolicy(allow_empty=True)).passed


def test_a_wait_that_could_not_begin() -> None:
    verdict = judge({"failed": True, "msg": "jobs: expected a list."}, GatePolicy("100%", allow_empty=True))
    assert (verdict.passed, verdict.message, verdict.jobs) == (False, "jobs: expected a list.", ())


def test_what_a_wait_that_broke_down_has_left_is_bad() -> None:
    # ansible-core 2.21 gives each failure an exception, so that it tells nothing.
    verdict = judge(result(GOOD, RUNNING, failed=True, exception="Traceback"), GatePolicy(on_timeout="warn"))
    assert (verdict.passed, verdict.judgements) == (False, ("succeeded", "unfinished"))


def test_a_wait_that_failed_without_a_bad_job_does_not_pass() -> None:
    verdict = judge(result(GOOD, failed=True), GatePolicy())
    assert (verdict.passed, verdict.message) == (False, "the wait's own words")


@pytest.mark.parametrize("jobs", [None, "text", [1], [{"id": "7"}], {"a": 1}])
def test_what_is_no_result_of_a_wait(jobs) -> None:
    with pytest.raises(OptionError, match=r"^result: expected what endstate\.jobs\.wait_for_job returned\.$"):
        judge({"jobs": jobs}, GatePolicy())


def test_what_is_published_is_small() -> None:
    wordy = {**BAD, "name": "x", "message": "m" * 500}
    published = judge(result(GOOD, SKIPPED, *[wordy] * 1000), GatePolicy(fail_on=frozenset({"failed"}))).published()
    assert published["succeeded"] == [{"name": None, "system": "strata", "id": "1"}]
    assert published["accepted"] == [{"name": None, "system": "multiplay", "id": "3", "state": "skipped"}]
    messages = [one["message"] for one in published["failed"]]
    assert messages == ["m" * LONGEST] * EXPLAINED + [None] * (1000 - EXPLAINED)
    assert published["failed"][0].keys() == {"name", "system", "id", "state", "message"}


def test_the_reason_of_one_that_could_not_be_read_is_published() -> None:
    assert judge(result(UNREAD), GatePolicy()).published()["failed"][0]["message"] == "No answer."
