# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options by their spec: what is set, what it is converted to, and what is refused in which words on every core."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.options import environment, is_set
from ansible_collections.endstate.jobs.plugins.module_utils._systems.validation import as_dict, as_list, validated

TYPES = ("str", "path", "int", "float", "bool", "list", "dict", "raw")


class Encrypted:
    """Text that is encrypted where it stands, as ansible-core 2.16 holds it."""

    def __str__(self) -> str:
        return "decrypted"


@pytest.mark.parametrize(
    ("kind", "value", "converted"),
    [
        ("str", "7", "7"),
        ("str", 7, "7"),
        ("str", -7537034309286328684, "-7537034309286328684"),
        ("str", datetime.date(2026, 1, 25), "2026-01-25"),
        ("str", " kept ", " kept "),
        ("str", Encrypted(), "decrypted"),
        ("path", "~/ca.pem", "~/ca.pem"),
        ("int", "8", 8),
        ("int", " 8.0 ", 8),
        ("int", 8.0, 8),
        ("int", 123456789012345678, 123456789012345678),
        ("float", "1.5", 1.5),
        ("float", 1, 1.0),
        ("bool", "yes", True),
        ("bool", 0, False),
        ("list", "a, b", ["a", "b"]),
        ("list", ["a"], ["a"]),
        ("list", '["a", "b"]', ["a", "b"]),
        ("list", "['a', 'b']", ["a", "b"]),
        ("list", [], []),
        ("dict", '{"a": 1}', {"a": 1}),
        ("dict", "a=1,b='x y'", {"a": "1", "b": "x y"}),
        ("dict", {}, {}),
        ("raw", [1], [1]),
    ],
)
def test_a_value_is_converted_to_the_type_of_its_option(kind, value, converted) -> None:
    assert validated({"option": {"type": kind}}, {"option": value}) == {"option": converted}


@pytest.mark.parametrize(
    ("rules", "value", "problem"),
    [
        ({"type": "str"}, 1.1, "expected text, got a decimal number; write it in quotes."),
        ({"type": "str"}, False, "expected text, got true or false; write it in quotes."),
        ({"type": "path"}, ["a"], "expected text, got a list."),
        ({"type": "str"}, {"a": 1}, "expected text, got a dictionary."),
        ({"type": "str", "choices": ["a", "b"]}, True, "expected a or b, got True."),
        ({"type": "int"}, "8.5", "expected a whole number, got '8.5'."),
        ({"type": "int"}, True, "expected a whole number, got True."),
        ({"type": "float"}, "1e400", "expected a number, got '1e400'."),
        ({"type": "float"}, float("nan"), "expected a number, got nan."),
        ({"type": "float"}, [1], "expected a number, got [1]."),
        ({"type": "bool"}, "2", "expected true or false, got '2'."),
        ({"type": "bool"}, [], "expected true or false, got []."),
        ({"type": "list"}, 7, "expected a list, got 7."),
        ({"type": "list", "choices": ["a"]}, ["a", ["b"]], "expected a, got ['a', ['b']]."),
        ({"type": "dict"}, "a", "expected a dictionary, got 'a'."),
    ],
)
def test_a_value_that_cannot_be_converted_is_refused(rules, value, problem) -> None:
    with pytest.raises(OptionError) as refused:
        validated({"option": rules}, {"option": value})
    assert str(refused.value) == f"option: {problem}"


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("given_", [{}, {"option": None}, {"option": ""}, {"option": " \t\r\n"}], ids=str)
def test_an_option_without_a_value_takes_the_environment_then_the_default(monkeypatch, kind, given_) -> None:
    rules = {"type": kind, "default": "the default"}
    assert validated({"option": rules}, given_) == {"option": "the default"}
    text = {"int": "5", "float": "5", "bool": "1", "dict": "{}"}.get(kind, "five")
    held = {"option": environment("AN_OPTION", **rules)}
    for blank in ("", "  "):
        monkeypatch.setenv("AN_OPTION", blank)
        assert validated(held, given_) == {"option": "the default"}
    monkeypatch.setenv("AN_OPTION", text)
    assert validated(held, given_) == validated({"option": {"type": kind}}, {"option": text})


@pytest.mark.parametrize("value", [0, False, [], {}, "0", "null", "None"])
def test_zero_false_and_empty_collections_count_as_set(value) -> None:
    assert is_set(value)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["[", "{", "a=b", "[1]"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(TYPES), ANYTHING)
def test_any_value_is_converted_or_refused_in_one_sentence(kind, value) -> None:
    sentence = "option: expected nothing."
    try:
        validated({"option": {"type": kind}}, {"option": value})
    except OptionError as refused:
        sentence = str(refused)
    assert sentence.startswith("option: expected ")
    assert sentence.endswith(".")


@given(st.text())
def test_any_text_is_read_as_its_type_or_raises_a_value_error(text) -> None:
    for read, kind in ((as_dict, dict), (as_list, list)):
        with contextlib.suppress(ValueError):
            assert isinstance(read(text), kind)
