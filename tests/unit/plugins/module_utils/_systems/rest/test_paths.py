# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.mistakes import Mistake
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.paths import LONGEST, parse_path

NAMES = ["a", "b", "_c1", "type", "a-b", "@odata.id", "1", "", "ü", 'quo"te', "$status"]
LEAVES = st.sampled_from([None, True, False, 0, 1, -1, 2.5, "", "x", "x y", "it's", "b\\c", [], {}])
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=20,
)


NAME = st.sampled_from(["a", "b", "_c1", "type", *map(json.dumps, NAMES)])
INDEX = st.sampled_from(["[0]", "[1]", "[-1]", "[-3]", "[99]"])
FILTER = st.builds(
    lambda names, text: f"[?{names}=='{text}']",
    st.sampled_from(["a", "type", "a.b", '"a-b"', '"a-b".type']),
    st.sampled_from(["x", "x y", "it\\'s", "", "b\\\\c"]),
)
FIRST = NAME | INDEX | FILTER | st.sampled_from(["@", "*", "[]"])
STEP = NAME.map(".{}".format) | INDEX | FILTER | st.sampled_from([".*", "[]"])
PICK = st.sampled_from(["", "", "", " | [0]", " | [-1]", "|[1]"])
EXPRESSIONS = st.builds(
    lambda first, steps, pick: first + "".join(steps) + pick, FIRST, st.lists(STEP, max_size=6), PICK
)


def parsed(text):
    """The path, or the mistake that it is."""
    try:
        return parse_path(text)
    except Mistake as mistake:
        return mistake


def find(text, document):
    return parse_path(text).find(document, Answer())


@given(EXPRESSIONS, DOCUMENTS)
def test_a_path_finds_what_jmespath_finds(expression, document) -> None:
    path = parsed(expression)
    if isinstance(path, Mistake):
        assert any(words in path.wrong for words in ("right after a projection", "filter after", "one name after .*"))
        return
    assert path.find(document, Answer()) == jmespath.search(expression, document)


@given(st.text(alphabet="ab_1.[]*@\"'?=| 0-`(&", max_size=12), DOCUMENTS)
def test_any_text_is_refused_or_finds_what_jmespath_finds(text, document) -> None:
    path = parsed(text)
    if isinstance(path, Mistake):
        assert path.sentence().endswith(".")
        return
    assert path.find(document, Answer()) == jmespath.search(text, document)


@pytest.mark.parametrize(
    ("expression", "document", "found"),
    [
        ("a", {"a": False}, False),
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.b", {"a": [{"b": 1}]}, None),
        ('"@odata.id"', {"@odata.id": "/x"}, "/x"),
        ('error."@Message.ExtendedInfo"[].Message', {"error": {"@Message.ExtendedInfo": [{"Message": "m"}]}}, ["m"]),
        ("[0].a", [{"a": 1}], 1),
        ("a[-1]", {"a": [1, 2]}, 2),
        ("a[].b", {"a": [{"b": 1}, {}, {"b": None}, {"b": 2}]}, [1, 2]),
        ("a[].b[]", {"a": [{"b": [1, 2]}, {"b": [3]}]}, [1, 2, 3]),
        ("a.*[].b.c", {"a": {"x": {"b": {"c": 1}}, "y": {"b": {}}}}, [1]),
        ("*.state", {"x": {"state": "ok"}, "y": 7}, ["ok"]),
        (
            "conditions[?type=='Complete'].status | [0]",
            {"conditions": [{"type": "Complete", "status": "True"}]},
            "True",
        ),
        ("@", [1], [1]),
    ],
)
def test_each_form_of_path_finds_its_value(expression, document, found) -> None:
    assert find(expression, document) == found
    assert jmespath.search(expression, document) == found


ALL_FORMS = "names, \"quoted names\", a.b, [0], [], *, @, [?name=='text'] and a final | [0]"
REFUSED = {
    "": ("an empty path", None),
    "a-b": ("a name with a hyphen needs quotes: 'a-b'", 'a."b-c", in YAML \'a."b-c"\''),
    "a.1": (
        "a number after a dot is no name: 'a.1'",
        '[0] for an element of a list, or the name in quotes: a."1"',
    ),
    "a[*].b": ("[*] is not read here: 'a[*].b'", "[] for all elements of a list"),
    "a[?b=='x'][0]": (
        "a number right after a projection takes that element of each element: 'a[?b=='x'][0]'",
        "'| [0]' at the end, which takes one of what was found",
    ),
    "a[][0]": (
        "a number right after a projection takes that element of each element: 'a[][0]'",
        "'| [0]' at the end, which takes one of what was found",
    ),
    "a[].b[?c=='x']": (
        "a filter after [], * or another filter is applied within each element: 'a[].b[?c=='x']'",
        "at most one filter, before any [] or *",
    ),
    "a[?b=='x'].c[?d=='y']": (
        "a filter after [], * or another filter is applied within each element: 'a[?b=='x'].c[?d=='y']'",
        "at most one filter, before any [] or *",
    ),
    "a[?b==`1`]": ("a filter has one form here: 'a[?b==`1`]'", "[?name=='text']"),
    "a[?*=='x']": ("a filter that compares more than a name: 'a[?*=='x']'", "[?name=='text']"),
    "a[?b]": ("a filter has one form here: 'a[?b]'", "[?name=='text']"),
    "a[?b=='x' && c=='y']": ("a filter has one form here: 'a[?b=='x' && c=='y']'", "[?name=='text']"),
    "a.*.b.c": ("JMESPath takes only one name after .*: 'a.*.b.c'", "a.*[].b.c"),
    "a[0:2]": ("slices are not read here: 'a[0:2]'", "[0] for one element, [] for all"),
    "a.[0]": ("a bracket follows without a dot: 'a.[0]'", "a[0] or a[]"),
    "a || b": (
        "alternatives are not written with ||: 'a || b'",
        "a list of paths, of which the first that is there is taken",
    ),
    "a|b": ("a pipe stands only before a final number: 'a|b'", "'| [0]' at the end, which takes one of what was found"),
    "length(a)": ("functions, literals and conditions are not read here: 'length(a)'", None),
    "{a: b}": ("functions, literals and conditions are not read here: '{a: b}'", None),
    "@odata.id": ("YAML has taken the quotes away: '@odata.id'", "'\"@odata.id\"', in both kinds of quotes"),
    "$.a.b": (
        "this is not a path of this language: '$.a.b'",
        "$status, $header.Name, $body.name or a name of the body",
    ),
    "$header": ("a header or cookie needs its name: '$header'", "$header.Location or $cookie.session"),
    "$cookie.x": ("'$cookie.x' means nothing here", "a path into the JSON"),
    "/data/state": (
        "a slash is no part of a path into JSON: '/data/state'",
        "names with dots between them, such as data.state",
    ),
    "1a": ("a name that begins with a digit needs quotes: '1a'", '"1", in YAML \'"1"\''),
    "a..b": ("'a..b' is not a path", None),
    "a.": ("'a.' is not a path", None),
    "a b": ("'a b' is not a path", None),
    'a."b': ("'a.\"b' is not a path", None),
    '"\\x"': ("quotes around what is no JSON text: '\"\\x\"'", '"a name" as JSON writes it'),
    '"a\x9b2J"': ("a character that cannot be seen: '\"a 2J\"'", 'an escape in quotes, such as "\\u0085"'),
    "a" * (LONGEST + 1): (f"a path of {LONGEST + 1} characters", f"at most {LONGEST}"),
}


@pytest.mark.parametrize("text", REFUSED, ids=[text[:30] or "nothing" for text in REFUSED])
def test_a_refused_path_comes_with_a_hint(text) -> None:
    with pytest.raises(Mistake) as caught:
        parse_path(text)
    wrong, expected = REFUSED[text]
    assert caught.value.wrong == wrong
    assert caught.value.expected == expected or (expected is None and caught.value.expected == ALL_FORMS)


def test_a_path_may_begin_at_the_status_the_headers_or_the_whole_body() -> None:
    answer = Answer(202, {"location": "/tasks/7"}, {"result": {"state": "ok"}, "id": 7})
    node = answer.body["result"]
    assert parse_path("$status").find(node, answer) == 202
    assert parse_path("$header.Location").find(node, answer) == "/tasks/7"
    assert parse_path("$header.X-Missing").find(node, answer) is None
    assert parse_path("$body.id").find(node, answer) == 7
    assert parse_path("state").find(node, answer) == "ok"


def test_names_of_cookies_are_case_sensitive() -> None:
    answer = Answer(cookies={"SID": "s"})
    assert parse_path("$cookie.SID", ("cookie",)).find(None, answer) == "s"
    assert parse_path("$cookie.sid", ("cookie",)).find(None, answer) is None


@pytest.mark.parametrize(
    ("expression", "document", "whole"),
    [
        ("a[].b", {"a": [{"b": 1}, {"b": 2}]}, True),
        ("a[].b", {"a": [{"b": 1}, {}]}, False),
        ("a[].b", {"a": [{"b": 1}, {"b": None}]}, False),
        ("a[].b", {"a": [{"b": 1}, None]}, False),
        ("a[].b[].c", {"a": [{"b": [{"c": 1}]}, {}]}, False),
        ("a[].b[].c", {"a": [{"b": [{"c": 1}]}, {"b": []}]}, False),
        ("a[].b[].c", {"a": [{"b": [{"c": 1}]}, {"b": [{"c": 2}]}]}, True),
        ("*.b", {"x": {"b": 1}, "y": {}}, False),
        ("a[?t=='x'].b", {"a": [{"t": "x", "b": 1}, {"t": "y"}]}, True),
        ("a[?t=='x'].b", {"a": [{"t": "x"}]}, False),
        ("$body.a[].b", {"a": [{}]}, False),
    ],
)
def test_a_list_is_whole_only_if_each_element_has_a_value(expression, document, whole) -> None:
    assert parse_path(expression).whole(document, Answer(body=document)) is whole


def test_values_of_a_mapping_have_their_keys() -> None:
    path = parse_path("value.*")
    assert path.keyed
    assert path.entries({"value": {"x": 1, "y": {"z": 2}}}) == [("x", 1), ("y", {"z": 2})]
    assert path.entries([1]) == []
    assert not parse_path("value[].*").keyed
    assert not parse_path("value.*.x").keyed


class Counted(dict):
    """A mapping that counts how often it is asked for something."""

    asked = 0

    def get(self, name, default=None):
        Counted.asked += 1
        return super().get(name, default)

    def values(self):
        Counted.asked += 1
        return super().values()


def test_each_value_is_visited_at_most_once_for_each_step() -> None:
    """No expression makes a short reply expensive."""

    def tree(depth):
        return Counted({str(number): tree(depth - 1) for number in range(3)} if depth else {})

    for expression in ("*.*.*.*.*.*", "*.*[].*.*[].*.*", "@" + "[]" * 100, "*.*.a[].b[]"):
        Counted.asked = 0
        find(expression, tree(6))
        assert Counted.asked <= 1093  # mappings in the tree
