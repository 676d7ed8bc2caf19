# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a body is, and what one is that breaks off."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import BadReply
from ansible_collections.endstate.jobs.plugins.module_utils._http.json_body import parse_json
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

URL = "https://api.example.com/jobs/7"


def reply(body: bytes, status: int = 200) -> Reply:
    return Reply("GET", f"{URL}?x=1", status, {}, body, {})


def error(body: bytes, status: int = 200) -> BadReply:
    with pytest.raises(BadReply) as caught:
        parse_json(reply(body, status))
    return caught.value


HTML = "a web page where JSON was due; check api_url, and whether a proxy or a portal answers in its place."
BAD = {
    "nothing": (b"", "an empty body where JSON was due."),
    "blanks": (b" \r\n\t", "an empty body where JSON was due."),
    "a byte order mark alone": (b"\xef\xbb\xbf", "an empty body where JSON was due."),
    "HTML": (b"<html><body>Please log in</body></html>", HTML),
    "HTML after blanks and a byte order mark": (b"\xef\xbb\xbf\r\n <!DOCTYPE html>", HTML),
    "XML": (b"<?xml version='1.0'?>", HTML),
    "text": (b"OK", "what is not JSON: Expecting value: line 1 column 1 (char 0)."),
    "half of it": (
        b'{"jobState": "SUCC',
        "what is not JSON: Unterminated string starting at: line 1 column 14 (char 13).",
    ),
    "more than one": (b"{} {}", "what is not JSON: Extra data: line 1 column 4 (char 3)."),
    "NaN": (b'{"duration": NaN}', "what is not JSON: NaN is no number."),
    "Infinity": (b'{"duration": Infinity}', "what is not JSON: Infinity is no number."),
    "-Infinity": (b'{"duration": -Infinity}', "what is not JSON: -Infinity is no number."),
    "1e999": (b'{"duration": 1e999}', "what is not JSON: a number is too large."),
    "-1e999": (b'{"duration": -1e999}', "what is not JSON: a number is too large."),
    "bad UTF-8": (b'{"error": "\xff"}', "a body that is not valid Unicode."),
    "Latin-1": ('{"error": "Größe"}'.encode("latin-1"), "a body that is not valid Unicode."),
    "UTF-16": ('{"error": 1}'.encode("utf-16"), "a body that is not valid Unicode."),
    "half a character": (b'{"error": "\\ud83d"}', "a body that is not valid Unicode."),
    "half a character as a key": (b'{"\\uDE00": 1}', "a body that is not valid Unicode."),
    "nested deep": (b"[" * 65 + b"]" * 65, "JSON that is nested too deep."),
    "nested deeper": (b'{"a":' * 900 + b"1" + b"}" * 900, "JSON that is nested too deep."),
    "a key of Ansible's": (b'{"a": [{"__ansible_type": "x"}]}', "the key __ansible_type, which only Ansible may use."),
    "another one, escaped": (b'{"\\u005f_ansible_vault": "x"}', "the key __ansible_vault, which only Ansible may use."),
    "nested without end": (b"[" * 50_000, "JSON that is nested too deep."),
}


BREAKS_OFF = ("nothing", "blanks", "a byte order mark alone", "half of it")


@pytest.mark.parametrize("status", [200, 201, 302])
@pytest.mark.parametrize("name", BAD)
def test_a_body_that_is_no_json_is_refused_with_a_reason(name, status) -> None:
    body, said = BAD[name]
    kind = "incomplete" if name in BREAKS_OFF else "web_page" if said == HTML else "protocol"
    assert error(body, status).as_dict() == {
        "kind": kind,
        "status": status,
        "code": None,
        "message": f"{URL} answered HTTP {status} with {said}",
        "request_id": None,
        "retry_after": None,
        "of_account": False,
    }


GOOD = json.dumps(dynatrace.JOB).encode()
BENIGN = {
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "blanks around it": b"\r\n " + GOOD + b"\n\n",
    "a whole character in two halves": GOOD.replace(b"mySampleEnv", b"\\ud83d\\ude00"),
    "backslashes that are none of a character": GOOD.replace(b"mySampleEnv", b"\\\\ud83d"),
    "a number of 400 digits": GOOD.replace(b'"duration": 596047', b'"duration": ' + b"9" * 400),
    "nesting": GOOD.replace(b'["mySampleEnv"]', b"[" * 60 + b"]" * 60),
    "a key that comes twice": GOOD.replace(b'{"jobId"', b'{"jobState": "FAILED", "jobId"'),
}


@pytest.mark.parametrize("body", BENIGN.values(), ids=BENIGN)
def test_unusual_json_is_read(body) -> None:
    assert parse_json(reply(body)) == json.loads(body.decode("utf-8-sig"))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=8,
)
DOCUMENTS = st.lists(VALUES, min_size=1) | st.dictionaries(st.text("abc"), VALUES, min_size=1)


@given(DOCUMENTS, st.booleans(), st.floats(0, 1, exclude_max=True))
def test_each_beginning_of_an_answer_is_incomplete(document, escaped, part) -> None:
    whole = json.dumps(document, ensure_ascii=escaped).encode()
    assert error(whole[: int(part * len(whole))]).kind == "incomplete"


@pytest.mark.parametrize(
    "body",
    [
        b"OK",
        b"nul",
        b'"text',
        b"-",
        b"{'a': 1}",
        b"{} {}",
        b'{"a": NaN',
        b'{"a": 1,}',
        b'{"a" 1}',
        b"[1 2]",
        b'{"a": tru}',
        b'{"a": x',
        b"[1, abc",
        b'{"a": "\xff"}',
        b'{"a": "b\nc',
    ],
)
def test_a_body_that_is_wrong_from_its_beginning_is_not_incomplete(body) -> None:
    assert error(body).kind == "protocol"


@pytest.mark.parametrize("body", [b"null", b" null\n"])
def test_null_is_incomplete(body) -> None:
    assert (error(body).kind, str(error(body))) == (
        "incomplete",
        f"{URL} answered HTTP 200 with null where an answer was due.",
    )


def test_a_web_page_names_what_to_check() -> None:
    advice = "and whether a proxy or a portal answers in its place."
    said = f"{URL} answered HTTP 200 with a web page where JSON was due; check"
    assert str(error(b"<html>")) == f"{said} api_url, {advice}"
    with pytest.raises(BadReply) as caught:
        parse_json(reply(b"<html>"), "token_url")
    assert str(caught.value) == f"{said} token_url, {advice}"
