# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.tests.unit.cases import CASES, DYNATRACE, MULTIPLAY
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace

KINDS = {
    **dict.fromkeys(range(400, 500), "rejected"),
    **dict.fromkeys([408, 425, 429, *range(500, 600)], "unavailable"),
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    501: "rejected",
    505: "rejected",
}


def test_each_status_is_a_kind_of_error(read) -> None:
    got = {status: read(DYNATRACE, b"", status)["error"] for status in KINDS}
    assert {status: error["kind"] for status, error in got.items()} == KINDS
    assert {status: error["status"] for status, error in got.items()} == {status: status for status in KINDS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504, 599])
def test_a_status_is_the_same_kind_of_error_in_each_system(read, case, status) -> None:
    result = read(case, b"", status)
    assert (result["error"]["kind"], result["error"]["status"]) == (KINDS[status], status)


SEGMENTS = {
    "-7537034309286328684": "-7537034309286328684",
    "a/b": "a%2Fb",
    "../../etc/passwd": "..%2F..%2Fetc%2Fpasswd",
    "a?b=c": "a%3Fb%3Dc",
    "a#b": "a%23b",
    "%2e%2e": "%252e%252e",
    "100%": "100%25",
    "a b": "a%20b",
    "größe/日本": "gr%C3%B6%C3%9Fe%2F%E6%97%A5%E6%9C%AC",
    "...": "...",
    "~.-_": "~.-_",
    "a&b;c=d+e@f:g": "a%26b%3Bc%3Dd%2Be%40f%3Ag",
    "{{ 7 * 7 }}": "%7B%7B%207%20%2A%207%20%7D%7D",
}


@pytest.mark.parametrize(("given", "sent"), SEGMENTS.items())
def test_an_id_is_one_segment_of_the_path(server, run_module, given, sent) -> None:
    target = f"/api/v2/activeGates/{sent}/updateJobs/{sent}"
    server.on(f"GET {target}", reply(dynatrace.JOB))
    result = run_module(DYNATRACE.module, DYNATRACE.given(server.url, activegate_id=given, job_id=given))
    assert [request.target for request in server.requests] == [target]
    assert result["job"]["id"] == given


@pytest.mark.parametrize("given", SEGMENTS)
def test_an_id_is_one_value_of_the_query(server, run_module, given) -> None:
    case = CASES[3]
    server.on(case.route, reply(case.reply))
    run_module(case.module, case.given(server.url, task_id=given))
    assert server.requests[0].query == {"tasktype": "EXPORTREPOSITORY", "taskid": given}


CLEAN = "expected an id without control characters, and without blanks at its ends"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *((given, "expected an id") for given in ("", ".", "..")),
        *((given, CLEAN) for given in (" ", "7\n", " 7", "a\r\nX-Injected: 1", "\x01", "\x1b[31m7")),
    ],
)
@pytest.mark.parametrize(
    ("case", "option"),
    [
        (case, name)
        for case in CASES
        for name in case.options
        if name in ("activegate_id", "job_id", "update_id", "task_id")
    ],
)
def test_an_id_that_cannot_be_one(server, run_module, case, option, given, expected) -> None:
    result = run_module(case.module, case.given(server.url, **{option: given}))
    assert (result["failed"], result["msg"], server.requests) == (True, f"{option}: {expected}, got {given!r}.", [])


HTML = "a web page where JSON was due; check api_url, and whether a proxy or a portal answers in its place."
TRAPS = {
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


@pytest.mark.parametrize("status", [200, 201, 302])
@pytest.mark.parametrize(("body", "said"), TRAPS.values(), ids=TRAPS)
def test_what_is_no_json(server, read, body, said, status) -> None:
    result = read(DYNATRACE, body, status)
    assert result["msg"] == f"{server.url}{DYNATRACE.route[4:]} answered HTTP {status} with {said}"
    assert result["error"] == {
        "kind": "web_page" if "a web page" in said else "protocol",
        "status": status,
        "code": None,
        "message": result["msg"],
        "request_id": None,
        "retry_after": None,
    }


@pytest.mark.parametrize(("body", "_said"), TRAPS.values(), ids=TRAPS)
def test_what_is_no_json_does_not_hide_an_error(server, read, body, _said) -> None:
    result = read(MULTIPLAY, body, 502)
    assert result["msg"] == f"{server.url}/imageupdate/1234/status answered HTTP 502."
    assert result["error"]["kind"] == "unavailable"


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
def test_what_is_json_all_the_same(read, body) -> None:
    result = read(DYNATRACE, body)
    assert result["job"]["state"] == "succeeded"
    assert result["raw"] == json.loads(body.decode("utf-8-sig"))


def test_an_apis_words_reach_the_screen_on_one_line_without_control_characters(read) -> None:
    envelope = {
        "error": {"code": 400, "message": "\x1b]0;owned\x07 {{ lookup('pipe', 'id') }}\r\nline\u2028two\x9b31m."}
    }
    result = read(DYNATRACE, envelope, 400)
    assert result["msg"].endswith(" answered HTTP 400: ]0;owned {{ lookup('pipe', 'id') }} line two 31m.")
