# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils import _values

LINES = {
    "plain": "plain",
    "  two \t words\r\n ": "two words",
    "\x1b[31mred\x1b[0m\x07": "[31mred [0m",
    "one\u2028two\u2029three\x85four": "one two three four",
    "half \ud83d character": "half character",
    "größe 日本 😀 →": "größe 日本 😀 →",
    "": None,
    " \n\x00": None,
    "a" * 500: "a" * 500,
    "a" * 501: "…",
    "語" * 501: "語" * 499 + "…",
    "word " * 98 + "half-a-token": "word " * 98 + "…",
    "s3://key:secret@bucket/folder": "s3://***@bucket/folder",
    "s3://AKIA:a/b+c==@bucket/folder": "s3://***@bucket/folder",
    "steam://user:p@ss@install/7/?beta=x": "steam://***@install/7/?beta=x",
    "from (s3://k:s@a/b) to 'gs://k:s@c'": "from (s3://***@a/b) to 'gs://***@c'",
    "gs://bucket?credentials=%7B%22a%22&x=1": "gs://bucket?credentials=***&x=1",
    "https://h/?api-token=abc&X-Amz-Signature=1": "https://h/?api-token=***&X-Amz-Signature=1",
    "https://h/?secret_key=a&PASSWORD=b": "https://h/?secret_key=***&PASSWORD=***",
    "https://host:8443/path?x=1": "https://host:8443/path?x=1",
    "admin@example.com said a=b": "admin@example.com said a=b",
    "job ##[set-output name=passed]true": "job ♯#[set-output name=passed]true",
    "###[error] ##vso[task.complete result=Succeeded;] ##teamcity[x]": "#♯#[error] ♯#vso[task.complete result=Succeeded;] ♯#teamcity[x]",
    "::set-output name=passed::true": "∶:set-output name=passed∶:true",
    "aaa::add-mask::x ::Echo::on ::stop-commands::t": "aaa∶:add-mask∶:x ∶:Echo∶:on ∶:stop-commands∶:t",
    "fe80::a00:27ff, ::1, 2001:db8::dead, a::7": "fe80::a00:27ff, ::1, 2001:db8::dead, a::7",
    "## Heading [1] #[a] a:b": "## Heading [1] #[a] a:b",
    "failed\u202edeedeccus\u202c \u2067x\u2069": "failed deedeccus x",
    "\u05e9\u200f\u05dc": "\u05e9\u200f\u05dc",  # a mark of text that is read from the right
}


@pytest.mark.parametrize(("text", "line"), LINES.items(), ids=range(len(LINES)))
def test_a_text_becomes_one_line(text, line) -> None:
    assert _values.one_line(text) == line


@pytest.mark.parametrize("value", [None, 7, 1.5, True, [], {}, b"bytes"])
def test_a_value_that_is_no_text_gives_no_line(value) -> None:
    assert _values.one_line(value) is None


@pytest.mark.parametrize(
    "unit", ["a://", "a://:", "a://b@", "?token", "?tokentoken", "?key=", "&", "\x00", "a://k:s ", "?-"]
)
def test_a_very_long_text_becomes_one_bounded_line(unit) -> None:
    assert len(_values.one_line("x" + unit * 300_000)) <= 500


@given(st.text())
def test_one_line_is_bounded_and_has_no_control_characters(text) -> None:
    line = _values.one_line(text)
    if line is not None:
        assert line == line.strip()
        assert 0 < len(line) <= 500
        assert {unicodedata.category(character) for character in line}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("-7537034309286328684", "-7537034309286328684"),
        (-7537034309286328684, "-7537034309286328684"),
        (0, "0"),
        ("0x3efdd092", "0x3efdd092"),
        ("", None),
        (None, None),
        (True, None),
        (1.0, None),
        ([1], None),
        ({}, None),
    ],
)
def test_an_identifier_is_a_text_or_a_whole_number(value, expected) -> None:
    assert _values.identifier(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0.0),
        (100, 100.0),
        ("99", 99.0),
        (" 45.5 ", 45.5),
        (-0.1, None),
        (100.1, None),
        ("NaN", None),
        ("inf", None),
        (float("nan"), None),
        (10**400, None),
        ("9" * 400, None),
        ("", None),
        ("half", None),
        (None, None),
        (True, None),
        ([50], None),
    ],
)
def test_a_percentage_is_a_number_from_0_to_100(value, expected) -> None:
    assert _values.percent(value) == expected


@pytest.mark.parametrize(
    ("seconds", "iso"),
    [
        (1519825420, "2018-02-28T13:43:40Z"),
        ("1519825420", "2018-02-28T13:43:40Z"),
        (1593518788.274, "2020-06-30T12:06:28.274Z"),
        (1, "1970-01-01T00:00:01Z"),
        (4102444799, "2099-12-31T23:59:59Z"),
        (0, None),
        (-1, None),
        (4102444800, None),
        (1519825420000, None),
        (1e300, None),
        (10**400, None),
        (float("inf"), None),
        ("", None),
        ("now", None),
        (None, None),
        (True, None),
    ],
)
def test_seconds_of_the_epoch_become_an_iso_time(seconds, iso) -> None:
    assert _values.from_epoch(seconds) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2022-09-30 05:02:41", "2022-09-30T05:02:41Z"),
        (" 2022-09-30 05:02:41 ", "2022-09-30T05:02:41Z"),
        ("2024-07-29T15:51:28.071Z", "2024-07-29T15:51:28.071Z"),
        ("2024-07-29T15:51:28z", "2024-07-29T15:51:28Z"),
        ("2024-07-29T15:51:28.1+02:00", "2024-07-29T13:51:28.100Z"),
        ("2024-07-29T15:51:28.123456789Z", "2024-07-29T15:51:28.123Z"),
        ("2024-07-29T15:51:28-11:30", "2024-07-30T03:21:28Z"),
        ("2024-02-30 00:00:00", None),
        ("0000-00-00 00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("1970-01-01 00:00:00", None),
        ("yesterday", None),
        ("\ud800", None),
        ("", None),
        (1519825420, None),
        (None, None),
    ],
)
def test_a_time_in_text_becomes_an_iso_time(text, iso) -> None:
    assert _values.from_text(text) == iso


@given(st.floats(min_value=1, max_value=4102444799))
def test_an_iso_time_converts_back_to_its_seconds(seconds) -> None:
    assert _values.to_epoch(_values.from_epoch(seconds)) == pytest.approx(seconds, abs=0.001)


@given(st.text() | st.datetimes().map(str))
def test_no_text_breaks_the_reading_of_times(text) -> None:
    iso = _values.from_text(text)
    assert iso is None or _values.to_epoch(iso) is not None
