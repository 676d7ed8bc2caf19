# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long reply in pieces: together they are the whole, each is small, and what is wrong with the whole is said of it."""

from __future__ import annotations

import itertools
import json
import typing as t
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, BadReply
from ansible_collections.endstate.jobs.plugins.module_utils._http import json_pieces as module
from ansible_collections.endstate.jobs.plugins.module_utils._http.json_body import parse_json
from ansible_collections.endstate.jobs.plugins.module_utils._http.json_pieces import MOST, PIECE, json_pieces
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Reply


def reply(body: bytes = b"") -> Reply:
    return Reply("GET", "https://api.example.com/jobs", 200, {}, body, {})


def pieces(body: bytes, size: int = 16 * 1024) -> list[t.Any]:
    """What comes of a body in chunks of this size."""
    return list(json_pieces(reply(), (body[at : at + size] for at in range(0, len(body), size))))


def joined(parts: t.Sequence[t.Any]) -> t.Any:
    """The whole again, of which the list ``m`` or the whole came in slices."""
    last = parts[-1]
    if isinstance(last, list):
        return [row for part in parts for row in part]
    if "m" in last:
        return {**last, "m": [row for part in parts for row in part["m"]]}
    return {**last, "data": joined([part["data"] for part in parts])}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES.filter(lambda value: value is not None), st.integers(1, 40), st.booleans())
@example(0.5, 2, False)
@example([1e-7, -0.0], 1, False)
def test_a_short_reply_is_one_piece_however_it_arrives(value: t.Any, size: int, escaped: bool) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    assert _outcome(lambda: pieces(body, size)) == _outcome(lambda: [parse_json(reply(body))])


def _outcome(read: t.Callable[[], t.Any]) -> t.Any:
    """What is given, or the kind of error."""
    try:
        return read()
    except ApiError as error:
        return type(error)


ROWS = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.text('xyz{[,"\\', max_size=5), max_size=3), max_size=30
)


OTHERS = st.dictionaries(st.sampled_from("abcxyz"), st.integers() | st.just([{"a": 1}, {}]), max_size=4)


@given(ROWS, OTHERS, st.integers(1, 60))
def test_pieces_are_the_whole_together(rows: list[t.Any], others: dict[str, t.Any], size: int) -> None:
    for document in (rows, {**others, "m": rows}, {"data": {**others, "m": rows}, "a": 1}):
        with mock.patch.object(module, "PIECE", 200):
            parts = pieces(json.dumps(document).encode(), size)
        assert joined(parts) == document


def rows(count: int) -> list[dict[str, str]]:
    return [{"id": str(number), "state": "running", "description": "a job" * 20} for number in range(count)]


def test_a_long_list_comes_in_slices_with_what_stood_before_it() -> None:
    document = {"agId": "-9", "jobs": rows(5000), "total": 5000}
    parts = pieces(json.dumps(document).encode())
    assert len(parts) > 10
    assert all(part["agId"] == "-9" for part in parts)
    assert [row["id"] for part in parts for row in part["jobs"]] == [str(number) for number in range(5000)]
    assert [part.get("total") for part in parts] == [None] * (len(parts) - 1) + [5000]
    assert all(len(json.dumps(part)) < PIECE for part in parts)


def test_no_more_is_read_than_the_next_piece_needs() -> None:
    """A list without an end."""
    row = json.dumps(rows(1)[0]).encode()
    endless = itertools.chain([b"[", row], itertools.repeat(b"," + row))
    assert len(next(json_pieces(reply(), endless))) > 100


@pytest.mark.parametrize(
    "body",
    [
        b'[{"row": "' + b"x" * MOST + b'"}]',
        b"[" + b"[" * 40 + b"[]," * MOST,
        b'{"a": "' + b'", "b": "'.join([b"x" * 1000] * 1000) + b'"}',
        b" " * 10 + b'"' + b"x" * MOST,
    ],
    ids=["a row", "a row of lists", "members", "a text"],
)
def test_what_is_too_large_in_itself_is_refused(body: bytes) -> None:
    with pytest.raises(
        BadReply,
        match=r"^The reply of https://api\.example\.com/jobs is too large to be read; ask for less, for example for fewer jobs\.$",
    ):
        pieces(body)


WHOLE = json.dumps({"data": rows(300), "total": 300, "more": {"next": None}}).encode()


@pytest.mark.parametrize("part", [0, 1, 5, 9, 10, 100, len(WHOLE) // 2, len(WHOLE) - 30, len(WHOLE) - 1])
def test_a_reply_that_breaks_off_is_incomplete(part: int) -> None:
    expected = _outcome(lambda: parse_json(reply(WHOLE[:part])))
    assert isinstance(expected, type)
    assert _outcome(lambda: pieces(WHOLE[:part])) is expected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty body where JSON was due."),
        (b"  \n", "an empty body where JSON was due."),
        (
            b"<html>",
            "a web page where JSON was due; check api_url, and whether a proxy or a portal answers in its place.",
        ),
        (b"null", "null where an answer was due."),
        (b'{"a": NaN}', "what is not JSON: NaN is no number."),
        (b'{"a": 1e999}', "what is not JSON: a number is too large."),
        (b'{"a": 1} 2', "what is not JSON: Expecting nothing more."),
        (b"{1: 2}", "what is not JSON: Expecting property name enclosed in double quotes."),
        (b'{"a" 1}', "what is not JSON: Expecting ':'."),
        (b"[1 2]", "what is not JSON: Expecting ',' or ']'."),
        (b"[nul]", "what is not JSON: Expecting value."),
        (b'{"__ansible_type": 1}', "the key __ansible_type, which only Ansible may use."),
        (b'{"a": [{"__ansible_type": 1}]}', "the key __ansible_type, which only Ansible may use."),
        (b'["\xff"]', "a body that is not valid Unicode."),
        (b'["\\ud800"]', "a body that is not valid Unicode."),
        (b'{"a": [' + b"[" * 63 + b"]" * 63 + b"]}", "JSON that is nested too deep."),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "JSON that is nested too deep."),
    ],
)
def test_a_malformed_body_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(BadReply) as caught:
        pieces(body)
    assert str(caught.value) == f"https://api.example.com/jobs answered HTTP 200 with {said}"
    with pytest.raises(type(caught.value)):
        parse_json(reply(body))


def test_control_characters_become_blanks_across_chunks() -> None:
    assert pieces(b'["a\\u0085b\xc2\x9bc", "\\\\u0085"]', 1) == [["a b c", "\\u0085"]]


def test_a_byte_order_mark_is_no_part_of_the_json() -> None:
    assert pieces(b"\xef\xbb\xbf[1]", 1) == [[1]]
