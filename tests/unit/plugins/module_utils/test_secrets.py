# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is masked, what is never masked, and what a core with a registry of secrets (2.22) is told."""

from __future__ import annotations

import base64
import importlib
import json
import sys
import threading
import types
import typing as t
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils import _secrets
from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.cases import job

MASK = "********"


def secrets(*values: str, **spared: t.Any) -> Secrets:
    known = Secrets()
    known.add(*values)
    known.spare(**spared)
    return known


def a_result(said: str) -> dict[str, t.Any]:
    """What a wait returns of a failed job, of which the API has said this."""
    error = {
        "kind": "not_found",
        "status": 404,
        "code": "E005",
        "message": said,
        "request_id": "0a1b-failed",
        "retry_after": 1.5,
    }
    failed = job(
        "strata", "job-10", "failed", parent_id="als-1", message=said, progress=100.0, duration=10.0, error=error
    )
    failed.update(description=said, native_state="FIN/FAIL", finished_at="2026-01-10T10:10:10Z", name="false alarm")
    history = [{"state": "failed", "native_state": "FIN/FAIL", "progress": 100.0, "at": "2026-01-10T10:10:10Z"}]
    failed = {**failed, "history": history, "children": [job("strata", "true-1", "failed", message=said)]}
    return {
        "changed": False,
        "failed": True,
        "msg": said,
        "job": failed,
        "jobs": [failed],
        "elapsed": 10.1,
        "polls": 10,
    }


WORDS = [
    "failed",
    "False",
    "false",
    "true",
    "als",
    "als-1",
    "None",
    "null",
    "strata",
    "not_found",
    "E005",
    "404",
    "100",
]
WORDS += ["job-10", "true-1", "2026", "10:10", "0a1b", "alarm", "state", "finished", "jobs"]


@pytest.mark.parametrize("secret", WORDS)
def test_values_that_programs_read_are_never_masked(secret: str) -> None:
    masked = secrets(secret, words=["FIN", "FAIL"]).mask(a_result(f"It was <{secret}>."))
    assert masked == a_result(f"It was <{MASK}>.")
    assert json.dumps(masked) == json.dumps(a_result(f"It was <{MASK}>.")), "true is no 1"


@pytest.mark.parametrize("secret", ["a", "e", "1", "10", "OK", "::", " a ", "\nab"])
def test_a_secret_of_two_characters_is_not_masked_and_its_option_is_named(secret: str) -> None:
    known = Secrets()
    known.add(secret, option="client_secret")
    known.add(secret, option="password")
    said = a_result(f"It was <{secret}>, and 10 all the same.")
    assert known.mask(said) == said
    assert known.warnings == ["client_secret has fewer than 3 characters, so it is not masked in any text."]


def test_a_secret_of_three_characters_causes_no_warning() -> None:
    known = Secrets()
    known.add("abc", option="client_secret")
    known.add("", None, "x")
    assert known.warnings == []


SECRET = 'pä "ss"\n\\&w/o+rd'
FORMS = {
    "itself": SECRET,
    "on one line": 'pä "ss" \\&w/o+rd',
    "as JSON": json.dumps(SECRET)[1:-1],
    "as JSON in Unicode": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "in a URL": quote(SECRET, safe=""),
    "in a path": quote(SECRET),
    "in a query": quote_plus(SECRET),
    "in a URL in lower case": quote(SECRET, safe="")
    .replace("%2F", "%2f")
    .replace("%C3%A4", "%c3%a4")
    .replace("%5C", "%5c")
    .replace("%0A", "%0a")
    .replace("%2B", "%2b"),
    "in a web page": "pä &quot;ss&quot;\n\\&amp;w/o+rd",
    "in Base64": base64.b64encode(SECRET.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_masked_in_each_form_in_which_it_is_repeated(form: str) -> None:
    assert secrets(SECRET).mask({"msg": f"It was <{form}>."}) == {"msg": f"It was <{MASK}>."}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("abcd and cdef", f"{MASK} and {MASK}"),
        ("abcdef", MASK),
        ("abcdabcd", MASK),
        ("xabcdefx", f"x{MASK}x"),
        ("abcdefghij", MASK),
        ("abc", "abc"),
    ],
)
def test_no_part_of_a_secret_is_left(text: str, masked: str) -> None:
    assert secrets("abcd", "cdef", "abcdefghij").mask(text) == masked


def test_an_identifier_is_masked_only_if_it_equals_a_long_secret() -> None:
    known = secrets("E00", "s3cret-of-the-test")
    told = {"code": "E005", "id": "E00-1", "parent_id": "s3cret-of-the-test", "request_id": "s3cret-of-the-test"}
    assert known.mask(told) == {"code": "E005", "id": "E00-1", "parent_id": MASK, "request_id": MASK}


def test_the_name_of_an_option_is_no_secret() -> None:
    known = secrets("secret", "client_id", names=["client_secret", "client_id", "secret"])
    assert known.mask("Check client_secret; it was secret, not my-secret.") == (
        f"Check client_secret; it was {MASK}, not my-{MASK}."
    )
    assert known.mask("Check client_id.") == f"Check {MASK}."


def test_a_masked_reply_keeps_its_types_and_the_words_of_states() -> None:
    known = secrets("FIN", "complete", "294", "true", "2022", "reason", words=["FIN", "OK", "complete", "x-294"])
    raw = {
        "status_str": "FIN", "state": "Complete", "both": "FIN/OK", "id": "294", "asked": "x-294", "percent": "1294",
        "success": True, "failed": False, "none": None, "number": 294, "end_ts": "2022-10-20 18:00:19",
        "summary": ["The reason is complete."], "kind": "reason", "true": "true",
    }  # fmt: skip
    changed = {"summary": [f"The {MASK} is {MASK}."], "kind": MASK, "true": MASK}
    assert json.dumps(known.mask_reply(raw)) == json.dumps({**raw, **changed})


def test_a_text_without_a_secret_is_returned_unchanged() -> None:
    text = "No secret is in this."
    assert secrets("s3cret").mask(text) is text


def test_a_secret_added_later_is_masked_from_then_on() -> None:
    known = secrets("given")
    assert known.mask("given, minted") == f"{MASK}, minted"
    known.add("minted")
    assert known.mask("given, minted") == f"{MASK}, {MASK}"


def test_secrets_may_be_added_while_other_threads_mask() -> None:
    known = secrets("given-secret")
    masked: list[str] = []
    threads = [
        threading.Thread(target=lambda number=number: known.add(*(f"minted-{number}-{n}" for n in range(50))))
        for number in range(4)
    ]
    threads.append(threading.Thread(target=lambda: masked.extend(known.mask("given-secret") for _time in range(200))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(masked) == {MASK}
    assert known.mask("minted-3-49") == MASK


TEXT = st.text(st.sampled_from('ab /%"\\\né0'), max_size=8)


@given(st.lists(TEXT, max_size=3), st.lists(TEXT, max_size=4))
def test_no_secret_of_any_form_is_left_in_a_message(values: list[str], parts: list[str]) -> None:
    said = " < ".join([*parts, *values, "so much for that"])
    left = secrets(*values).mask({"message": said})["message"].split(MASK)
    assert [value for value in values if len(value.strip()) >= 3 and any(value in part for part in left)] == []


@given(st.sampled_from(STATES), st.text(min_size=3, max_size=6))
def test_no_secret_changes_a_state(state: str, secret: str) -> None:
    said = {"state": state, "history": [{"state": state}], "finished": False}
    assert secrets(secret, state).mask(said) == said


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[set[str]]:
    """The secrets that a core with a registry was told of."""
    known: set[str] = set()
    api = types.SimpleNamespace(register_secrets=known.update)
    with monkeypatch.context() as core:
        core.setitem(sys.modules, "ansible.module_utils.secrets", t.cast(types.ModuleType, api))
        importlib.reload(_secrets)
        yield known
    importlib.reload(_secrets)


def test_secrets_are_registered_with_cores_that_have_a_registry(registered: set[str]) -> None:
    known = _secrets.Secrets()
    known.add("s3cret", "als", "ab", "1")
    assert {"s3cret", "als"} <= registered
    assert not registered & {"ab", "1"}
    assert known.mask(a_result("It was s3cret.")) == a_result(f"It was {MASK}.")
