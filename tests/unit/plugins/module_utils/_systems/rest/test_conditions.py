# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.conditions import (
    Pattern,
    can_meet,
    covers,
    parse_condition,
    there,
)
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.mistakes import Mistake


def holds(condition, value, whole=True, fold=False):
    return parse_condition(condition, fold).holds(value, whole)


@pytest.mark.parametrize(
    ("condition", "holding", "failing"),
    [
        ("OK", ["OK"], ["ok", "OK ", None, True, ["OK"], {"OK": 1}]),
        (2, [2, "2", 2.0], [3, "2.0", True, None, [2]]),
        ("2", [2, "2", 2.0], ["02", False]),
        (-1, [-1, "-1"], [1]),
        (2.5, [2.5, "2.5"], [2, "2,5"]),
        (1, [1, "1"], [True]),
        (True, [True], [1, "True", "true", None]),
        (False, [False], [0, "", None, "false"]),
        (None, [None], ["", False, 0, "null", []]),
        (["a", 1, None, False], ["a", 1, "1", None, False], [True, 0, "b"]),
        ("PRE*", ["PRE", "PREFIX"], ["SPRE", "pre", None, ["PRE"]]),
        ("*POST", ["POST", "A_POST"], ["POSTS"]),
        ("*MID*", ["MID", "AMIDST"], ["MI-D"]),
        ("20*", [200, "204"], [120]),
        (["OK", "WARNINGS*"], ["OK", "WARNINGS: 3"], ["ERROR"]),
    ],
)
def test_each_form_of_condition_holds_only_for_its_values(condition, holding, failing) -> None:
    assert [value for value in holding if not holds(condition, value)] == []
    assert [value for value in failing if holds(condition, value)] == []


NOT_THERE = [None, "", []]


def test_only_missing_null_blank_and_empty_lists_are_absent() -> None:
    assert [value for value in NOT_THERE if there(value)] == []
    assert all(map(there, [False, 0, "0", {}, [None], " "]))


@pytest.mark.parametrize("value", NOT_THERE)
@pytest.mark.parametrize(
    "condition",
    [
        {"not": "x"},
        {"not": ["x", 1]},
        {"not": {"any": "x"}},
        {"not": {"all": "x"}},
        {"not": None},
        {"not": True},
        {"any": {"not": "x"}},
        {"any": None},
        {"all": "x"},
        {"all": {"not": "x"}},
        {"present": True},
    ],
)
def test_not_any_and_all_never_hold_for_an_absent_value(condition, value) -> None:
    assert not holds(condition, value)


def test_present_tells_absent_values_from_others() -> None:
    assert [holds({"present": False}, value) for value in NOT_THERE] == [True] * 3
    assert [holds({"present": True}, value) for value in (0, False, {}, "x")] == [True] * 4
    assert not holds({"present": False}, False)


def test_all_fails_if_a_row_has_no_value() -> None:
    assert holds({"all": "done"}, ["done", "done"])
    assert not holds({"all": "done"}, ["done", "failed"])
    assert not holds({"all": "done"}, ["done"], whole=False)
    assert holds({"any": "done"}, ["done"], whole=False)


def test_any_and_all_treat_a_single_value_as_a_list_of_one() -> None:
    assert holds({"all": "done"}, "done")
    assert holds({"any": ["a", "b"]}, "b")


def test_case_is_ignored_if_the_profile_says_so() -> None:
    for condition in ("Done", ["Done"], {"not": "Failed"}, {"any": "DONE"}, "DO*", "*NE", "*ON*"):
        assert holds(condition, "dOnE", fold=True)
    assert not holds({"not": "Failed"}, "FAILED", fold=True)


REFUSED = [
    ([], "", "an empty list never holds", "one word or more"),
    ([["a"]], "[0]", "a list in a list", "a word or a condition"),
    ({}, "", "a condition with no key", "exactly one of present, any, all, not"),
    ({"presnt": True}, "", "a condition with presnt", "exactly one of present, any, all, not"),
    ({"any": 1, "all": 1}, "", "a condition with any, all", "exactly one of present, any, all, not"),
    ({True: 1}, "", "a condition with other keys", "exactly one of present, any, all, not"),
    ({"present": "yes"}, "present", "'yes'", "true or false"),
    ({"not": {"present": True}}, "not", "not with present never holds for what is not there", "present: false"),
    (
        {"any": {"all": {"any": {"any": {"any": {"any": 1}}}}}},
        "any.all.any.any.any.any",
        "conditions more than 5 levels deep",
        "fewer",
    ),
    ("*", "", "'*' fits any text", "{present: true}"),
    ("a*b", "", "a * in the middle of 'a*b'", "'PRE*', '*POST' or '*MID*'"),
    (["x", {"any": "a*b"}], "[1].any", "a * in the middle of 'a*b'", "'PRE*', '*POST' or '*MID*'"),
]


@pytest.mark.parametrize(("condition", "place", "wrong", "expected"), REFUSED)
def test_an_invalid_condition_is_refused(condition, place, wrong, expected) -> None:
    with pytest.raises(Mistake) as caught:
        parse_condition(condition)
    assert (caught.value.place, caught.value.wrong, caught.value.expected) == (place, wrong, expected)


WORDS = st.sampled_from(["a", "ab", "abc", "b", "bc", "c", "", 1, 2, True, False, None])
PATTERNS = st.sampled_from(["a*", "ab*", "*c", "*bc", "*b*", "b*", "1*"])
CONDITIONS = st.recursive(
    WORDS | PATTERNS | st.booleans().map(lambda wanted: {"present": wanted}),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.tuples(st.sampled_from(["any", "all", "not"]), inner).map(lambda pair: dict([pair]))
    ),
    max_leaves=4,
)
VALUES = WORDS | st.sampled_from(["abcd", "xbx", 12, {}, {"a": 1}]) | st.lists(WORDS, max_size=3)


@given(CONDITIONS, CONDITIONS, VALUES, st.booleans())
def test_a_condition_found_to_cover_another_holds_whenever_the_other_does(wide, narrow, value, whole) -> None:
    try:
        one, other = parse_condition(wide), parse_condition(narrow)
    except Mistake:
        return
    whole = whole or not isinstance(value, list)  # only a list can lack values
    if covers(one, other) and other.holds(value, whole):
        assert one.holds(value, whole)


@given(PATTERNS, PATTERNS, st.text(alphabet="abc1", max_size=6))
def test_patterns_found_to_be_disjoint_share_no_text(one, other, text) -> None:
    first, second = parse_condition(one), parse_condition(other)
    assert isinstance(first, Pattern)
    assert isinstance(second, Pattern)
    if first.holds(text) and second.holds(text):
        assert can_meet(first, second)


@given(CONDITIONS, st.recursive(VALUES | st.floats() | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_no_value_makes_a_condition_raise(condition, value) -> None:
    try:
        parsed = parse_condition(condition)
    except Mistake:
        return
    assert parsed.holds(value) in (True, False)
