# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.plugins.test.jobs import TestModule as Plugin
from ansible_collections.endstate.jobs.plugins.test.jobs import holds
from ansible_collections.endstate.jobs.tests.unit.cases import job

RUNNING, GOOD, BAD = (job("strata", "7", state) for state in ("running", "succeeded", "failed"))
MISSING_ARGUMENT = {"failed": True, "msg": "missing required arguments: api_url"}


def result(*jobs, **more):
    """What a task of this collection registers."""
    return {"changed": False, "job": jobs[0] if len(jobs) == 1 else None, "jobs": list(jobs), **more}


INPUTS = {
    "a job that runs": (RUNNING, False, False),
    "a good job": (GOOD, True, True),
    "a bad job": (BAD, True, False),
    "a skipped job": (job("strata", "7", "skipped"), True, False),
    "a job of an unknown state": (job("strata", "7", "unknown"), False, False),
    "a list of good jobs": ([GOOD, GOOD], True, True),
    "a list with a bad one": ([GOOD, BAD], True, False),
    "a list with one that runs": ([GOOD, RUNNING], False, False),
    "a tuple": ((GOOD,), True, True),
    "an empty list": ([], False, False),
    "a result with one job": (result(GOOD), True, True),
    "a result with a bad job": (result(BAD), True, False),
    "a result with many": (result(GOOD, RUNNING), False, False),
    "an empty listing": (result(), False, False),
    "a failed attempt": (result(failed=True, error={"kind": "timeout"}), False, False),
    "a failed attempt of a wait, with its jobs": (result(BAD, failed=True), True, False),
    "arguments that were refused": (MISSING_ARGUMENT, False, False),
    "a skipped task": ({"changed": False, "skipped": True}, False, False),
    "an unreachable host": ({"unreachable": True, "msg": "no route"}, False, False),
    "a loop": ({"results": [result(GOOD), result(GOOD)], "changed": False}, True, True),
    "a loop with a bad job": ({"results": [result(GOOD), result(BAD)]}, True, False),
    "a loop with a failed attempt": ({"results": [result(GOOD), MISSING_ARGUMENT]}, False, False),
    "a loop over nothing": ({"results": [], "skipped": True}, False, False),
}


@pytest.mark.parametrize(("value", "finished", "succeeded"), INPUTS.values(), ids=INPUTS)
def test_job_finished_and_job_succeeded_judge_jobs_lists_and_results(value, finished, succeeded) -> None:
    tests = Plugin().tests()
    assert (tests["job_finished"](value), tests["job_succeeded"](value)) == (finished, succeeded)


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (None, "nothing"),
        (7, "a number"),
        ("FIN/OK", "text"),
        ({}, "an empty dictionary"),
        ({"changed": False, "stat": {}}, "a dictionary with the keys changed, stat"),
        ([GOOD, 7], "a list"),
        (
            {"system": "strata", "finished": True, "succeeded": True},
            "a dictionary with the keys system, finished, succeeded",
        ),
        ([GOOD, None], "a list"),
        ([result(GOOD)], "a list"),
        ({"jobs": [7]}, "a dictionary with the keys jobs"),
        ({"jobs": [{}]}, "a dictionary with the keys jobs"),
        ({"jobs": "all"}, "a dictionary with the keys jobs"),
        ({"results": [{"stat": {}}]}, "a dictionary with the keys stat"),
        ({"results": [7]}, "a number"),
        ({"finished": 1, "ansible_job_id": "j1"}, "a dictionary with the keys finished, ansible_job_id"),
    ],
)
@pytest.mark.parametrize("name", ["job_finished", "job_succeeded"])
def test_a_value_that_is_no_job_is_refused_in_one_sentence(name, value, got) -> None:
    with pytest.raises(AnsibleFilterError) as error:
        Plugin().tests()[name](value)
    assert str(error.value) == (
        f"endstate.jobs.{name}: expected a job, a list of jobs, or the registered result of a task of endstate.jobs, got {got}."
    )


@pytest.mark.parametrize("name", ["job_finished", "job_succeeded"])
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"state": "f********iled"}, "the job's state 'f********iled' is none of {states}."),
        ({"state": None}, "the job's state None is none of {states}."),
        ({"state": ["failed"]}, "the job's state ['failed'] is none of {states}."),
        ({"{key}": "VALUE"}, "the job's {key} is neither true nor false but text."),
        ({"{key}": "False"}, "the job's {key} is neither true nor false but text."),
        ({"{key}": 1}, "the job's {key} is neither true nor false but a number."),
        ({"{key}": None}, "the job's {key} is neither true nor false but nothing."),
    ],
)
@pytest.mark.parametrize("shape", [lambda one: one, lambda one: [RUNNING, one], lambda one: result(GOOD, one)])
def test_a_malformed_job_is_an_error_and_never_false(name, changed, sentence, shape) -> None:
    """False would be true behind ``is not``: ``failed_when: read is job_finished and read is not job_succeeded`` would pass."""
    key = name.removeprefix("job_")
    value = shape({**BAD, **{field.format(key=key): said for field, said in changed.items()}})
    with pytest.raises(AnsibleFilterError) as error:
        Plugin().tests()[name](value)
    assert str(error.value) == f"endstate.jobs.{name}: {sentence.format(key=key, states=', '.join(STATES))}"


WORDS = st.sampled_from(
    ["system", "state", "finished", "succeeded", "jobs", "results", "failed", "skipped", "job", "x"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(STATES)
    | st.just(GOOD)
    | st.just(RUNNING)
)
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4))


@given(ANYTHING, st.sampled_from(["finished", "succeeded"]))
def test_any_value_gives_an_answer_or_a_type_error(value, key) -> None:
    try:
        answer = holds(value, key)
    except TypeError as error:
        answer = str(error)
    assert answer in (True, False) or answer.startswith(("expected a job, a list of jobs, ", "the job's "))
