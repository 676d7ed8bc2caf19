# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import BadReply, OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import (
    mistake,
    profile,
    rules,
)


def read(state, body, overrides=None, **answer):
    known = profile(("state", state))
    return known.read(Answer(body=body, **answer), "7", known.overrides(overrides))


def words(state, body, overrides=None, **answer):
    """The state, the native state and the warnings."""
    job = read(state, body, overrides, **answer)
    return job.state, job.native_state, list(job.warnings)


TABLE = {
    "path": "status",
    "pending": ["new", 0],
    "running": "running",
    "succeeded": ["done", 2, "*_COMPLETE"],
    "failed": ["failed", "ROLLBACK_COMPLETE", "*_FAILED"],
    "cancelled": ["stopped"],
    "skipped": [None],
}


@pytest.mark.parametrize(
    ("word", "state", "native"),
    [
        ("new", "pending", "new"),
        (0, "pending", "0"),
        ("0", "pending", "0"),
        ("running", "running", "running"),
        ("done", "succeeded", "done"),
        (2, "succeeded", "2"),
        (2.0, "succeeded", "2"),
        ("CREATE_COMPLETE", "succeeded", "CREATE_COMPLETE"),
        ("ROLLBACK_COMPLETE", "failed", "ROLLBACK_COMPLETE"),
        ("UPDATE_FAILED", "failed", "UPDATE_FAILED"),
        ("stopped", "cancelled", "stopped"),
        (None, "skipped", None),
    ],
)
def test_exact_words_win_over_patterns(word, state, native) -> None:
    assert words(TABLE, {"status": word}) == (state, native, [])


@pytest.mark.parametrize("word", ["DONE", "Done ", "odd", True, 3, "running_"])
def test_a_word_not_in_the_profile_is_unknown_with_a_warning_where_to_add_it(word) -> None:
    state, _native, warnings = words(TABLE, {"status": word})
    shown = str(word).lower() if word is True else str(word).strip()
    assert state == "unknown"
    assert warnings == [
        f"The state '{shown}' is not known, so the job is taken as not finished. "
        "If it has a meaning, add it to state of the profile example, or to state_overrides."
    ]


def test_case_is_ignored_if_the_profile_says_so() -> None:
    state = {**TABLE, "ignore_case": True, "skipped": ["Superseded"]}
    assert words(state, {"status": "DONE"}) == ("succeeded", "DONE", [])
    assert words(state, {"status": "create_Complete"}) == ("succeeded", "create_Complete", [])
    assert words(state, {"status": "superseded"}) == ("skipped", "superseded", [])


def test_every_other_word_is_running_if_the_vendor_says_so() -> None:
    state = {"path": "status", "succeeded": ["done"], "failed": ["error"], "otherwise": "running"}
    assert words(state, {"status": "thinking"}) == ("running", "thinking", [])
    with pytest.raises(BadReply, match=r"^The API answered without status, from which the state is read\.$"):
        read(state, {"other": 1})


def test_a_resting_state_is_pending_with_a_warning() -> None:
    state = {"path": "status", "resting": ["manual"], "succeeded": ["done"], "failed": ["error"]}
    warning = (
        "The job rests in the state 'manual' until somebody acts; "
        "state_overrides can end a wait there, with {manual: succeeded}."
    )
    assert words(state, {"status": "manual"}) == ("pending", "manual", [warning])
    assert words(state, {"status": "manual"}, {"manual": "succeeded"}) == ("succeeded", "manual", [])
    long = rules(
        {"w": "status"}, ("resting", {"w": "manual"}), ("succeeded", {"w": "done"}), ("failed", {"w": "error"})
    )
    assert words(long, {"status": "manual"}) == ("pending", "manual", [warning])


def test_an_api_without_bad_ends_says_so_at_each_end() -> None:
    state = {"path": "done", "running": [False], "succeeded": [True], "no_bad_end": "It never says that a job failed."}
    assert words(state, {"done": False}) == ("running", "false", [])
    assert words(state, {"done": True}) == ("succeeded", "true", ["It never says that a job failed."])


TWO_AXES = rules(
    {"phase": "status", "exit": "exitstatus"},
    ("running", {"phase": "running"}),
    ("succeeded", {"phase": "stopped", "exit": ["OK", "WARNINGS*"]}),
    ("failed", {"phase": "stopped", "exit": {"present": True}}),
)


@pytest.mark.parametrize(
    ("body", "state", "native"),
    [
        ({"status": "running"}, "running", "running"),
        ({"status": "running", "exitstatus": "OK"}, "running", "running/OK"),
        ({"status": "stopped", "exitstatus": "OK"}, "succeeded", "stopped/OK"),
        ({"status": "stopped", "exitstatus": "WARNINGS: 2"}, "succeeded", "stopped/WARNINGS: 2"),
        ({"status": "stopped", "exitstatus": "no space"}, "failed", "stopped/no space"),
        ({"status": "stopped"}, "unknown", "stopped"),
        ({"status": "stopped", "exitstatus": ""}, "unknown", "stopped"),
    ],
)
def test_the_first_rule_that_holds_wins(body, state, native) -> None:
    got, word, warnings = words(TWO_AXES, body)
    assert (got, word) == (state, native)
    assert bool(warnings) is (state == "unknown")


def test_the_place_of_an_unknown_word_is_that_of_its_rules() -> None:
    assert words(TWO_AXES, {"status": "odd", "exitstatus": 7})[2] == [
        "The state 'odd/7' is not known, so the job is taken as not finished. "
        "If it has a meaning, add it to state of the profile example, or to state_overrides."
    ]


def test_text_that_looks_like_a_boolean_gets_a_hint() -> None:
    state = rules(
        {"good": "conditions[?type=='Complete'].status | [0]", "bad": "conditions[?type=='Failed'].status | [0]"},
        ("succeeded", {"good": True}),
        ("failed", {"bad": True}),
    )
    assert words(state, {"conditions": [{"type": "Complete", "status": "True"}]})[2] == [
        "The state 'True' is not known, so the job is taken as not finished. "
        "The reply has it as text and the profile as a boolean; put quotes around it in the profile."
    ]


BOOLEANS = [
    {"path": "done", "running": [False], "succeeded": [True], "failed": [7]},
    rules({"d": "done", "f": "bad"}, ("succeeded", {"d": {"any": True}}), ("failed", {"f": {"not": False}})),
]


@pytest.mark.parametrize("state", BOOLEANS)
def test_text_like_a_boolean_gets_a_hint_at_any_place_of_a_state(state) -> None:
    assert "The reply has it as text and the profile as a boolean" in words(state, {"done": "true"})[2][0]


def test_a_rule_that_can_never_hold_is_found_among_many_words() -> None:
    many = list(range(50))
    state = rules({"a": "a", "b": "b"}, ("succeeded", {"a": many, "b": many}), ("failed", {"a": many[1:], "b": many}))
    assert mistake(("state", state)) == (
        "state.rules[1]: it never holds because rules[0] holds first; expected it before that rule, or not at all."
    )


def test_one_of_several_conditions_must_hold_for_all_rows() -> None:
    state = rules(
        {"w": "x[].s"},
        ("failed", {"w": {"any": "bad"}}),
        ("succeeded", {"w": [{"all": "ok"}, {"all": "fine"}]}),
        ("running", {"w": {"present": True}}),
    )
    assert words(state, {"x": [{"s": "ok"}, {"s": "ok"}]})[0] == "succeeded"
    assert words(state, {"x": [{"s": "ok"}, {}]})[0] == "running"


def test_all_does_not_hold_while_a_row_has_no_value() -> None:
    state = rules(
        {"results": "results[].message"},
        ("failed", {"results": {"any": {"not": ["success", "no change", "in progress"]}}}),
        ("succeeded", {"results": {"all": ["success", "no change"]}}),
        ("running", {"results": {"present": True}}),
    )
    good, bad, on = {"message": "success"}, {"message": "declaration failed"}, {"message": "in progress"}
    assert words(state, {"results": [good, {"message": "no change"}]})[0] == "succeeded"
    assert words(state, {"results": [good, bad]})[0] == "failed"
    assert words(state, {"results": [good, on]})[0] == "running"
    assert words(state, {"results": [good, {"tenant": "b"}]})[0] == "running"
    assert words(state, {"results": [good, {"message": ""}]})[0] == "running"
    with pytest.raises(BadReply):
        read(state, {"results": []})


def test_the_http_status_can_be_the_state_of_a_reply_without_a_body() -> None:
    state = rules(
        {"http": "$status", "word": "TaskState"},
        ("succeeded", {"word": "Completed"}),
        ("failed", {"word": ["Exception", "Killed"]}),
        ("running", {"word": "Running"}),
        ("running", {"http": 202}),
        ("succeeded", {"http": [200, 204], "word": {"present": False}}),
    )
    assert words(state, None, status=202) == ("running", "202", [])
    assert words(state, None, status=204) == ("succeeded", "204", [])
    assert words(state, {"@odata.id": "/x"}, status=200) == ("succeeded", "200", [])
    assert words(state, {"TaskState": "Exception"}, status=202) == ("failed", "Exception", [])
    assert words(state, {"TaskState": "Odd"}, status=200)[:2] == ("unknown", "Odd")
    with pytest.raises(BadReply, match=r"^The API answered with an empty body\.$"):
        read(state, None, status=200)
    with pytest.raises(BadReply, match=r"^The API answered with an empty body\.$"):
        read(TABLE, None, status=204)


def test_native_state_is_the_first_text_that_is_found() -> None:
    state = {**TABLE, "native": ["phase", "{status}/{result}", "status"]}
    assert words(state, {"status": "done", "phase": "p"})[1] == "p"
    assert words(state, {"status": "done", "result": "OK"})[1] == "done/OK"
    assert words(state, {"status": "done"})[1] == "done"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "without status, from which the state is read."),
        ({"status": ""}, "without status, from which the state is read."),
        ({"status": []}, "without status, from which the state is read."),
        ({"status": {"a": 1}}, "with a dictionary at status, where a word for the state was expected."),
        ({"status": [1]}, "with a list at status, where a word for the state was expected."),
        ([1, 2], "with a list instead of status, from which the state is read."),
        ("text", "with text instead of status, from which the state is read."),
        (7, "with a number instead of status, from which the state is read."),
    ],
)
def test_a_reply_that_tells_no_state_is_a_protocol_error(body, said) -> None:
    state = {**TABLE, "skipped": ["skipped"]}
    with pytest.raises(BadReply) as caught:
        read(state, body)
    assert str(caught.value) == f"The API answered {said}"


def test_a_body_may_be_a_bare_text() -> None:
    assert words({**TABLE, "path": "@"}, "done") == ("succeeded", "done", [])


@pytest.mark.parametrize(
    ("overrides", "state"),
    [
        ({"Scheduled": "succeeded"}, "succeeded"),
        ({"Sched*": "failed"}, "failed"),
        ({"Sched*": "failed", "Scheduled": "succeeded"}, "succeeded"),
        ({"scheduled": "succeeded"}, "pending"),
        ({"Other": "failed"}, "pending"),
        ({}, "pending"),
        (None, "pending"),
    ],
)
def test_an_override_gives_a_native_state_another_meaning(overrides, state) -> None:
    table = {"path": "s", "pending": ["Scheduled"], "succeeded": ["Done"], "failed": ["Bad"]}
    assert words(table, {"s": "Scheduled"}, overrides)[:2] == (state, "Scheduled")


def test_an_override_may_name_a_whole_native_state_or_a_number() -> None:
    assert (
        words(TWO_AXES, {"status": "stopped", "exitstatus": "WARNINGS: 1"}, {"stopped/WARN*": "failed"})[0] == "failed"
    )
    assert words(TABLE, {"status": 99}, {99: "succeeded"}) == ("succeeded", "99", [])
    assert words(TABLE, {"status": True}, {True: "succeeded"}) == ("succeeded", "true", [])


def test_an_override_to_an_unknown_state_is_refused() -> None:
    with pytest.raises(OptionError) as caught:
        read(TABLE, {}, {"Scheduled": "good"})
    assert str(caught.value) == (
        "state_overrides.Scheduled: 'good'; expected pending, running, succeeded, failed, cancelled or skipped."
    )


REFUSED = {
    "no good end": (
        {"path": "s", "failed": ["bad"]},
        "state: no word means succeeded, so that no job ever ends well; expected at least one.",
    ),
    "no bad end": (
        {"path": "s", "succeeded": ["ok"], "skipped": ["s"]},
        "state: no word means failed or cancelled, so that a failed job is waited for until the timeout; "
        "expected at least one, or no_bad_end with a sentence on it.",
    ),
    "both a bad end and none": (
        {"path": "s", "succeeded": ["ok"], "failed": ["bad"], "no_bad_end": "None."},
        "state.no_bad_end: there is a bad end: failed; expected no_bad_end only if there is none.",
    ),
    "a word in two states": (
        {"path": "s", "succeeded": ["ok", "done"], "failed": ["bad", "done"]},
        "state.failed[1]: 'done' is in succeeded already; expected each word in one state.",
    ),
    "a number and its text": (
        {"path": "s", "succeeded": [2], "failed": ["2"]},
        "state.failed[0]: '2' is in succeeded already; expected each word in one state.",
    ),
    "a word in two cases": (
        {"path": "s", "succeeded": ["Done"], "failed": ["DONE"], "ignore_case": True},
        "state.failed[0]: 'DONE' is in succeeded already; expected each word in one state.",
    ),
    "patterns that meet": (
        {"path": "s", "succeeded": ["COMPLETED*"], "failed": ["*ERRORS"]},
        "state.failed[0]: some words fit both '*ERRORS' and 'COMPLETED*' in succeeded; "
        "expected values and rules, of which the first that holds wins.",
    ),
    "an empty list": (
        {"path": "s", "succeeded": [], "failed": ["bad"]},
        "state.succeeded: a list of 0; expected a list of 1 to 200.",
    ),
    "a condition as a word": (
        {"path": "s", "succeeded": {"present": True}, "failed": ["bad"]},
        "state.succeeded: a dictionary; expected a word, a number, true, false or null.",
    ),
    "YAML's no among words": (
        {"path": "s", "succeeded": ["yes_sir"], "failed": [False, "bad"]},
        "state.failed: false among words such as 'yes_sir'; YAML reads no and off as false; expected the word in quotes.",
    ),
    "a list of words": (
        {"path": "x[].s", "succeeded": ["ok"], "failed": ["bad"]},
        "state.path: x[].s finds a list of words; expected '| [0]' at its end, or values and rules with any or all.",
    ),
    "an unknown key": (
        {"path": "s", "suceeded": ["ok"], "failed": ["bad"]},
        "state.suceeded: there is no such key; expected succeeded.",
    ),
    "neither form": ({"succeeded": ["ok"]}, "state: a dictionary without path or values; expected path or values."),
    "an end for all other words": (
        {"path": "s", "succeeded": ["ok"], "otherwise": "failed"},
        "state.otherwise: 'failed'; expected running or pending.",
    ),
    "an unknown value": (
        rules({"phase": "s", "exit": "e"}, ("succeeded", {"phase": "ok"}), ("failed", {"exitt": 1})),
        "state.rules[1].when.exitt: there is no such value; expected phase or exit.",
    ),
    "a rule that always holds": (
        rules({"w": "s"}, ("succeeded", {"w": "ok"}), ("failed", {})),
        "state.rules[1].when: no condition; expected one condition or more; 'otherwise' is for all words that no rule names.",
    ),
    "a hidden rule": (
        rules({"w": "s", "v": "t"}, ("succeeded", {"w": {"present": True}}), ("failed", {"w": ["bad", "x*"], "v": 1})),
        "state.rules[1]: it never holds because rules[0] holds first; expected it before that rule, or not at all.",
    ),
    "a word of a rule that is taken": (
        rules({"w": "s"}, ("pending", {"w": ["a", "b"]}), ("succeeded", {"w": "c"}), ("failed", {"w": ["d", "b"]})),
        "state.rules[2].when.w: 'b' is taken by rules[0] already; expected each word in one rule.",
    ),
    "a word that a pattern has taken": (
        rules({"w": "s"}, ("succeeded", {"w": "DONE*"}), ("failed", {"w": ["DONE_BADLY", "bad"]})),
        "state.rules[1].when.w: 'DONE_BADLY' is taken by rules[0] already; expected each word in one rule.",
    ),
    "one value of a list": (
        rules({"w": "x[].s"}, ("succeeded", {"w": "ok"}), ("failed", {"w": {"any": "bad"}})),
        "state.rules[0].when.w: a condition on one value, while x[].s finds a list; expected any, all or present.",
    ),
    "the not of one value of a list": (
        rules({"w": "x[].s"}, ("succeeded", {"w": {"not": "bad"}}), ("failed", {"w": {"any": "bad"}})),
        "state.rules[0].when.w: a condition on one value, while x[].s finds a list; expected any, all or present.",
    ),
    "too many words": (
        {"path": "s", "succeeded": list(range(201)), "failed": ["bad"]},
        "state.succeeded: a list of 201; expected a list of 1 to 200.",
    ),
    "too many words of a rule": (
        rules({"w": "s"}, ("succeeded", {"w": list(range(201))}), ("failed", {"w": "bad"})),
        "state.rules[0].when.w: a list of 201; expected at most 200 words.",
    ),
    "a null that is taken": (
        rules(
            {"w": "s"}, ("running", {"w": [None, "on"]}), ("succeeded", {"w": "ok"}), ("failed", {"w": ["bad", None]})
        ),
        "state.rules[2].when.w: null is taken by rules[0] already; expected each word in one rule.",
    ),
    "a pattern that is taken": (
        rules({"w": "s"}, ("succeeded", {"w": "*OK*"}), ("failed", {"w": ["bad", "ALL_OK*"]})),
        "state.rules[1].when.w: 'ALL_OK*' is taken by rules[0] already; expected each word in one rule.",
    ),
    "a condition that is taken": (
        rules({"w": "s"}, ("succeeded", {"w": {"not": "bad"}}), ("failed", {"w": ["bad", {"not": "bad"}]})),
        "state.rules[1].when.w: this condition is taken by rules[0] already; expected each word in one rule.",
    ),
    "a state that is none": (
        rules({"w": "s"}, ("good", {"w": "ok"})),
        "state.rules[0].state: 'good'; expected pending, running, resting, succeeded, failed, cancelled or skipped.",
    ),
    "a mistake deep in a condition": (
        rules({"w": "s"}, ("succeeded", {"w": ["ok", {"any": "a*b"}]}), ("failed", {"w": "bad"})),
        "state.rules[0].when.w[1].any: a * in the middle of 'a*b'; expected 'PRE*', '*POST' or '*MID*'.",
    ),
    "no rules": (
        {"values": {"w": "s"}, "rules": []},
        "state.rules: a list of 0; expected a list of 1 to 100.",
    ),
}


@pytest.mark.parametrize(("state", "said"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_in_state_is_one_sentence(state, said) -> None:
    assert mistake(("state", state)) == said


def test_rules_may_share_words_if_their_conditions_differ() -> None:
    state = rules(
        {"word": "w", "health": "h"},
        ("failed", {"word": "Completed", "health": ["Warning", "Critical"]}),
        ("succeeded", {"word": "Completed"}),
        ("failed", {"word": ["Exception"]}),
    )
    assert words(state, {"w": "Completed", "h": "Critical"})[0] == "failed"
    assert words(state, {"w": "Completed", "h": "OK"})[0] == "succeeded"
