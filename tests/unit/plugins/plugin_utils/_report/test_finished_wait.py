# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.documents import documents
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import DEEPEST, read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import GatePolicy, judge
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, job

KEYS = {case.name: case.key for case in CASES}

ERROR = {"kind": "unreachable", "status": None, "code": None, "message": "No answer.", "request_id": None}
CHANGE = {"state": "running", "native_state": "ACT", "progress": 3.0, "at": "2026-11-14T22:13:20Z"}
GOOD = {**job("strata", "1", "succeeded", children=[job("strata", "2", "succeeded")]), "name": "x", "history": [CHANGE]}
LATE = {**job("strata", "3", "running", progress=40.0, started_at="2026-11-14T22:13:20Z"), "name": None, "history": []}
RESULT = {"jobs": [GOOD, LATE], "elapsed": 5.0, "timed_out": True, "polls": 3, "msg": "Late.", "failed": False}

FAILED = {**RESULT, "jobs": [{**LATE, **job("strata", "4", "failed", message="No such zone.")}], "failed": True}

LENIENT = GatePolicy("100%", allow_empty=True, fail_on=frozenset(), on_timeout="warn")
"""Whatever may pass does."""


def replaced(value, path, new):
    """The value with another part at a path."""
    if not path:
        return new
    copy = list(value) if isinstance(value, list) else dict(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def places(value, path=()):
    """The paths to all parts of a value."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def reported(registered, policy=LENIENT):
    """Whether the wait passes, after its report was written; false if the result is refused in one sentence."""
    try:
        wait = read_wait(registered, KEYS)
        verdict = judge(wait, policy)
    except OptionError as caught:
        refusal = str(caught)
    else:
        documents(verdict, wait, title="Rollout", now=1_800_000_000.0)
        return verdict.passed
    assert refusal.startswith("result")
    assert "\n" not in refusal
    return False


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([*STATES, *RESULT, *GOOD, "results", "skipped", "2026-11-14T22:13:20Z"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*RESULT, *GOOD, *ERROR, *CHANGE, "results", "skipped"]) | st.text(), inner)
    ),
    max_leaves=30,
)


@given(json_values)
def test_any_json_ends_in_a_verdict_or_in_one_sentence(registered) -> None:
    reported(registered)


@given(st.sampled_from(list(places(RESULT))), json_values)
def test_any_value_in_the_place_of_another_ends_in_a_verdict_or_in_one_sentence(path, value) -> None:
    reported(replaced({"results": [RESULT]}, ("results", 0, *path), value))


@given(st.sampled_from(list(places(FAILED))), json_values)
def test_no_value_in_the_place_of_another_lets_a_failed_job_pass(path, value) -> None:
    assert not reported(replaced(FAILED, path, value), GatePolicy(on_timeout="warn"))


def test_a_whole_result_passes_where_the_policy_lets_it() -> None:
    assert reported(RESULT)
    assert not reported(RESULT, GatePolicy())


@pytest.mark.parametrize("key", ["system", "id", "state", "finished", "succeeded", "error"])
def test_a_job_without_what_decides_about_it_never_passes(key) -> None:
    one = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(OptionError) as caught:
        read_wait({"jobs": [one]}, KEYS)
    assert str(caught.value) == (
        f"result.jobs[0]: expected a job, as endstate.jobs.wait_for_job returns it, got one without {key}."
    )


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("jobs", 0, "succeeded"),
            "True",
            "result.jobs[0].succeeded: expected true for the state succeeded, got text.",
        ),
        (("jobs", 0, "succeeded"), 1, "result.jobs[0].succeeded: expected true for the state succeeded, got a number."),
        (("jobs", 1, "succeeded"), True, "result.jobs[1].succeeded: expected false for the state running, got true."),
        (("jobs", 1, "finished"), None, "result.jobs[1].finished: expected false for the state running, got nothing."),
        (
            ("jobs", 0, "state"),
            "f********iled",
            "result.jobs[0].state: expected one of pending, running, succeeded, failed, cancelled, skipped, unknown, "
            "got 'f********iled'.",
        ),
        (
            ("jobs", 0, "error"),
            "text",
            "result.jobs[0].error: expected a dictionary, as endstate.jobs.wait_for_job returns it, got text.",
        ),
        (
            ("jobs", 1, "error"),
            {"kind": "x"},
            "result.jobs[1].error.message: expected text, as endstate.jobs.wait_for_job returns it, got nothing.",
        ),
        (
            ("jobs", 0, "history", 0, "at"),
            "yesterday",
            "result.jobs[0].history[0].at: expected a time, as endstate.jobs.wait_for_job returns it, got text.",
        ),
        (
            ("jobs", 0, "children", 0, "message"),
            7,
            "result.jobs[0].children[0].message: expected text, as endstate.jobs.wait_for_job returns it, got a number.",
        ),
        (
            ("elapsed",),
            "5",
            "result.elapsed: expected a number from 0 to 1e+09, as endstate.jobs.wait_for_job returns it, got text.",
        ),
        (
            ("timed_out",),
            "no",
            "result.timed_out: expected true or false, as endstate.jobs.wait_for_job returns it, got text.",
        ),
        (
            ("jobs",),
            {"a": 1},
            "result.jobs: expected a list, as endstate.jobs.wait_for_job returns it, got a dictionary.",
        ),
        (
            ("jobs",),
            [1],
            "result.jobs[0]: expected a dictionary, as endstate.jobs.wait_for_job returns it, got a number.",
        ),
    ],
)
def test_what_no_wait_returns_is_refused_with_its_place(path, value, message) -> None:
    with pytest.raises(OptionError) as caught:
        read_wait(replaced(RESULT, path, value), KEYS)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("registered", "message"),
    [
        ({}, "result: expected the registered result of endstate.jobs.wait_for_job, got a dictionary without jobs."),
        (
            {"changed": False, "stdout": "x"},
            "result: expected the registered result of endstate.jobs.wait_for_job, got a dictionary without jobs.",
        ),
        ("text", "result: expected the registered result, as endstate.jobs.wait_for_job returns it, got text."),
        ("5", "result: expected the registered result, as endstate.jobs.wait_for_job returns it, got a number."),
        ([7], "result[0]: expected the registered result, as endstate.jobs.wait_for_job returns it, got a number."),
        (
            {"results": {"a": 1}},
            "result.results: expected the registered result of endstate.jobs.wait_for_job, got a dictionary without jobs.",
        ),
        (
            {"jobs": [GOOD], "more": float("nan")},
            "result: expected the registered result, as endstate.jobs.wait_for_job returns it, got a dictionary.",
        ),
    ],
)
def test_what_is_no_result_of_a_wait_is_refused(registered, message) -> None:
    with pytest.raises(OptionError) as caught:
        read_wait(registered, KEYS)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "registered",
    [
        RESULT,
        json.dumps(RESULT),
        [RESULT],
        {"results": [RESULT]},
        [{"results": [RESULT]}],
        {"results": [{"skipped": True}, RESULT]},
        [GOOD, LATE],
    ],
    ids=["result", "text", "list", "loop", "list of loops", "skipped item", "jobs"],
)
def test_jobs_are_read_from_results_of_loops_and_of_lists(registered) -> None:
    assert [one.known.id for one in read_wait(registered, KEYS).jobs] == ["1", "3"]


def test_what_several_waits_took_is_added_up() -> None:
    wait = read_wait([RESULT, {**RESULT, "timed_out": False}, {"skipped": True}], KEYS)
    assert (wait.elapsed, wait.polls, wait.timed_out) == (10.0, 6, True)
    assert (read_wait([GOOD], KEYS).elapsed, read_wait([GOOD], KEYS).polls) == (None, None)


def test_what_only_python_knows_is_taken_as_text() -> None:
    (one,) = read_wait({"jobs": [{**GOOD, "seen": datetime.date(2026, 11, 14)}]}, KEYS).jobs
    assert one.returned["seen"] == "2026-11-14"


def test_children_may_not_be_nested_without_an_end() -> None:
    nested = job("strata", "1", "succeeded")
    for _level in range(DEEPEST + 1):
        nested = job("strata", "1", "succeeded", children=[nested])
    with pytest.raises(OptionError, match=r"expected at most 10 levels of children\.$"):
        read_wait({"jobs": [nested]}, KEYS)


@pytest.mark.parametrize("key", ["children", "more"])
def test_what_python_itself_cannot_nest_is_refused(key) -> None:
    nested: object = []
    for _level in range(100_000):
        nested = [nested]
    with pytest.raises(OptionError, match=r"^result: expected the registered result"):
        read_wait({"jobs": [{**GOOD, key: nested}]}, KEYS)
