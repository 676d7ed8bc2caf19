# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import EXPLAINED, LONGEST, GatePolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import judge as judge_wait
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, job

KEYS = {case.name: case.key for case in CASES}

GOOD = job("strata", "1", "succeeded", native_state="FIN/OK")
BAD = job("xclarity", "2", "failed", native_state="error", message="no space")
SKIPPED = job("multiplay", "3", "skipped")
RUNNING = job("strata", "4", "running", native_state="ACT", progress=40.0)
ERROR = {"kind": "unreachable", "status": None, "code": None, "message": "No answer.", "request_id": None}
UNREAD = job("strata", "5", "running", error=ERROR)


def result(*jobs, **more):
    return {"jobs": list(jobs), "elapsed": 65.0, "timed_out": False, "msg": "the wait's own words", **more}


def judge(registered, policy):
    return judge_wait(read_wait(registered, KEYS), policy)


def test_good_jobs_pass_the_gate() -> None:
    verdict = judge(result(GOOD, GOOD), GatePolicy())
    assert (verdict.passed, verdict.message) == (True, "All 2 jobs ended well after 1 min 05 s.")
    assert (
        judge(result({**GOOD, "name": "Berlin"}), GatePolicy()).message
        == "Berlin (config_job 1) succeeded (FIN/OK) after 1 min 05 s."
    )


def test_a_bad_job_is_named_with_the_reason() -> None:
    verdict = judge(result(GOOD, BAD), GatePolicy())
    assert not verdict.passed
    assert verdict.message == "1 of 2 jobs ended badly after 1 min 05 s: firmware_repo 2: failed (error): no space."


def test_a_message_names_ten_jobs() -> None:
    bad = [{**BAD, "id": str(number), "message": f"no space on {number}"} for number in range(13)]
    assert judge(result(*bad), GatePolicy()).message.endswith(
        "; firmware_repo 9: failed (error): no space on 9; and 3 more."
    )


def test_jobs_with_the_same_reason_are_named_together() -> None:
    bad = [{**BAD, "id": str(number)} for number in range(12)]
    names = ", ".join(f"firmware_repo {number}" for number in range(10))
    assert judge(result(*bad), GatePolicy()).message == (
        f"12 of 12 jobs ended badly after 1 min 05 s: {names}: failed (error): no space; and 2 more."
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
def test_allow_failed_is_a_number_or_a_share_of_the_jobs(allow_failed, count, allowed) -> None:
    assert GatePolicy(allow_failed).allowance(count) == allowed


@pytest.mark.parametrize("allow_failed", ["", "lots", "-1", "1.5", "101%", "%", "10%%", "1e3", "٣", "nan"])
def test_a_policy_that_cannot_be_is_refused(allow_failed) -> None:
    with pytest.raises(OptionError, match=r"^allow_failed: expected a number of jobs such as 2 or a percentage"):
        judge(result(GOOD), GatePolicy(allow_failed))


@given(st.integers(0, 100), st.integers(0, 2000))
def test_a_percentage_never_lets_more_pass_than_it_says(percentage, count) -> None:
    allowed = GatePolicy(f"{percentage}%").allowance(count)
    assert allowed * 100 <= percentage * count < (allowed + 1) * 100


def test_allow_failed_decides_how_many_bad_jobs_may_pass() -> None:
    some = result(GOOD, BAD, UNREAD)
    assert not judge(some, GatePolicy("1")).passed
    verdict = judge(some, GatePolicy("2"))
    assert verdict.passed
    assert verdict.message == (
        "1 of 3 jobs ended badly after 1 min 05 s: firmware_repo 2: failed (error): no space. "
        "1 of 3 jobs could not be read: config_job 5: last seen running: No answer. 2 may fail (allow_failed: 2)."
    )


def test_a_percentage_is_shown_as_the_number_of_jobs_that_it_comes_to() -> None:
    assert judge(result(GOOD, BAD), GatePolicy("10%", prefix="job_gate_")).message.endswith(
        " 0 may fail (job_gate_allow_failed: 10%)."
    )


@pytest.mark.parametrize(
    ("one", "more", "policy", "message"),
    [
        (BAD, {}, GatePolicy(), "firmware_repo 2 failed (error) after 1 min 05 s: no space."),
        (UNREAD, {}, GatePolicy(), "config_job 5 could not be read, last seen running: No answer."),
        (
            job("strata", "5", "unknown", error=ERROR),
            {"timed_out": True},
            GatePolicy(),
            "config_job 5 could not be read within 1 min 05 s (timeout): No answer.",
        ),
        (
            RUNNING,
            {},
            GatePolicy(),
            "config_job 4 had not ended when the wait ended after 1 min 05 s: running (ACT, 40 %).",
        ),
        (
            RUNNING,
            {"timed_out": True},
            GatePolicy(prefix="job_gate_"),
            "config_job 4 had not ended within 1 min 05 s (job_gate_timeout): running (ACT, 40 %).",
        ),
        (
            RUNNING,
            {"timed_out": True, "elapsed": None},
            GatePolicy(),
            "config_job 4 had not ended in time (timeout): running (ACT, 40 %).",
        ),
        (
            RUNNING,
            {"timed_out": True},
            GatePolicy(on_timeout="warn", prefix="job_gate_"),
            "config_job 4 had not ended within 1 min 05 s, which job_gate_on_timeout accepts: running (ACT, 40 %).",
        ),
    ],
)
def test_the_message_about_a_single_job_tells_its_end(one, more, policy, message) -> None:
    assert judge(result(one, **more), policy).message == message


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
        (job("strata", "6", "unknown"), True, GatePolicy(on_timeout="warn"), "unfinished"),
        (job("strata", "6", "pending"), True, GatePolicy(on_timeout="warn"), "accepted"),
    ],
)
def test_a_job_not_known_to_be_good_passes_only_if_it_is_accepted(one, timed_out, policy, judgement) -> None:
    verdict = judge(result(GOOD, one, timed_out=timed_out), policy)
    assert verdict.judgements == ("succeeded", judgement)
    assert verdict.passed == (judgement == "accepted")


def test_an_accepted_job_is_named() -> None:
    message = judge(result(GOOD, SKIPPED), GatePolicy(fail_on=frozenset({"failed"}))).message
    assert message == "1 of 2 jobs did not succeed, which fail_on accepts: imageupdate 3: skipped."


def test_a_gate_without_jobs_fails_unless_allowed() -> None:
    assert not judge(result(), GatePolicy()).passed
    assert judge(result(), GatePolicy(prefix="job_gate_")).message == (
        "job_gate_jobs is empty. If that is intended, set job_gate_allow_empty: true."
    )
    allowed = judge(result(), GatePolicy(allow_empty=True))
    assert (allowed.passed, allowed.message) == (True, "jobs is empty, so there was nothing to wait for.")
    assert not judge(result(failed=True), GatePolicy(allow_empty=True)).passed


def test_a_wait_that_could_not_begin_fails_the_gate() -> None:
    verdict = judge({"failed": True, "msg": "jobs: expected a list."}, GatePolicy("100%", allow_empty=True))
    assert (verdict.passed, verdict.message, verdict.jobs) == (False, "jobs: expected a list.", ())


def test_what_a_wait_that_broke_down_has_left_is_bad() -> None:
    # ansible-core 2.21 gives each failure an exception, so that it tells nothing.
    verdict = judge(result(GOOD, RUNNING, failed=True, exception="Traceback"), GatePolicy(on_timeout="warn"))
    assert (verdict.passed, verdict.judgements) == (False, ("succeeded", "unfinished"))


def test_a_wait_that_failed_without_a_bad_job_does_not_pass() -> None:
    verdict = judge(result(GOOD, failed=True), GatePolicy())
    assert (verdict.passed, verdict.message) == (False, "the wait's own words")


LOOPED = {
    "results": [
        {**result(GOOD), "item": "a", "ansible_loop_var": "item"},
        {**result(RUNNING, timed_out=True, elapsed=10.0), "item": "b", "failed": True},
        {"item": "c", "skipped": True, "skip_reason": "Conditional result was False", "changed": False},
    ],
    "msg": "One or more items failed",
    "failed": True,
}


def test_the_items_of_a_loop_are_judged_together() -> None:
    verdict = judge(LOOPED, GatePolicy())
    assert (verdict.passed, verdict.judgements) == (False, ("succeeded", "unfinished"))
    assert verdict.message == "1 of 2 jobs had not ended within 10 s (timeout): config_job 4: running (ACT, 40 %)."
    assert judge(LOOPED, GatePolicy("1")).passed


def test_an_item_that_failed_without_jobs_does_not_pass() -> None:
    bad = {"failed": True, "msg": "config_job.job_id: it is required."}
    verdict = judge({"results": [result(GOOD), bad, bad]}, GatePolicy("100%"))
    assert (verdict.passed, verdict.judgements) == (False, ("succeeded",))
    assert verdict.message == ("2 of 3 waits failed: config_job.job_id: it is required.")


@pytest.mark.parametrize("registered", [{"skipped": True}, {"results": [{"skipped": True}]}])
def test_a_wait_that_was_skipped_had_no_jobs(registered) -> None:
    verdict = judge(registered, GatePolicy())
    assert (verdict.passed, verdict.message) == (
        False,
        "The wait was skipped. If that is intended, set allow_empty: true.",
    )
    assert judge(registered, GatePolicy(allow_empty=True)).passed


def test_a_job_that_the_timeout_of_another_item_did_not_end_is_not_accepted() -> None:
    items = [result(RUNNING, failed=True), result(UNREAD, timed_out=True, failed=True)]
    assert judge({"results": items}, GatePolicy(on_timeout="warn")).judgements == ("unfinished", "unfinished")


def test_the_published_outcome_of_many_jobs_is_small() -> None:
    wordy = {**BAD, "name": "x", "message": "m" * 500}
    published = judge(result(GOOD, SKIPPED, *[wordy] * 1000), GatePolicy(fail_on=frozenset({"failed"}))).published()
    assert published["succeeded"] == [{"name": None, "system": "strata", "id": "1"}]
    assert published["accepted"] == [{"name": None, "system": "multiplay", "id": "3", "state": "skipped"}]
    messages = [one["message"] for one in published["failed"]]
    assert messages == ["m" * LONGEST] * EXPLAINED + [None] * (1000 - EXPLAINED)
    assert published["failed"][0].keys() == {"name", "system", "id", "state", "message"}


def test_the_reason_of_one_that_could_not_be_read_is_published() -> None:
    assert judge(result(UNREAD), GatePolicy()).published()["failed"][0]["message"] == "No answer."
