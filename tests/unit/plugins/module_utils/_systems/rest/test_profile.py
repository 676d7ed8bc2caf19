# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a reply to a job or an error, in the order that the language promises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, BadReply, OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._http.client import Fault
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer, recorded
from ansible_collections.endstate.jobs.tests.unit.cases import check_job
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile, rules
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.test_seeds import SEEDS

ERROR = {
    "when": [{"error": {"present": True}}, {"result[0].status.code": {"not": 0}}],
    "missing_when": {"reason": ["unknown task", "no such *"]},
    "unauthorized_when": {"error.code": "session_expired"},
    "message": ["error.text", "reason", "result[0].status.message"],
    "code": "error.code",
    "request_id": "$header.X-Request-Id",
}


def fault(status, body, text=None, **error):
    known = profile(("error", {**ERROR, **error}), ("status.answers", [422]))
    return known.fault(Answer(status, {"x-request-id": "r-1"}, body, text))


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, {"status": "done"}, None),
        (200, {"result": [{"status": {"code": 0}}]}, None),
        (202, None, None),
        # the job is missing, whatever the status is
        (200, {"reason": "unknown task"}, Fault("unknown task", None, "r-1", 404)),
        (500, {"reason": "no such task 7"}, Fault("no such task 7", None, "r-1", 404)),
        (422, {"reason": "unknown task"}, Fault("unknown task", None, "r-1", 404)),
        # before the login, which is before the status
        (
            403,
            {"error": {"code": "session_expired"}, "reason": "unknown task"},
            Fault("unknown task", "session_expired", "r-1", 404),
        ),
        (403, {"error": {"code": "session_expired"}}, Fault(None, "session_expired", "r-1", 401)),
        (200, {"error": {"code": "session_expired"}}, Fault(None, "session_expired", "r-1", 401)),
        # the status, unless it is a state
        (500, {"error": {"text": "broken", "code": 7}}, Fault("broken", "7", "r-1", None)),
        (422, {"error": {"text": "the job failed"}}, None),
        (400, {}, Fault(None, None, "r-1", None)),
        # an error with a good status
        (200, {"error": {"text": "locked"}}, Fault("locked", None, "r-1", 400)),
        (200, {"result": [{"status": {"code": -6, "message": "Invalid url"}}]}, Fault("Invalid url", None, "r-1", 400)),
    ],
)
def test_rules_for_errors_are_tried_in_a_fixed_order(status, body, found) -> None:
    assert fault(status, body) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Task 7 was purged\nyesterday", "Task 7 was purged yesterday"),
        ("<html><body>Bad gateway</body></html>", None),
        ("", None),
    ],
)
def test_the_plain_text_of_an_error_is_its_message(text, message) -> None:
    assert fault(500, None, text) == Fault(message, None, "r-1", None)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"code": 7, "message": "Broken."}}, "Broken."),
        ({"error": "invalid_client", "error_description": "Unknown client"}, "Unknown client"),
        ({"type": "about:blank", "title": "Not Found", "detail": "No job 7"}, "No job 7"),
        ({"errors": [{"message": "One"}, {"message": "two"}]}, "One; two"),
        ({"errors": ["One", "two"]}, "One; two"),
        ({"message": "Broken"}, "Broken"),
        ({"error": "Broken"}, "Broken"),
        ({"title": "Not Found"}, "Not Found"),
        (["Broken"], "Broken"),
        ("Broken", "Broken"),
        ({"code": 7}, None),
        (None, None),
    ],
)
def test_a_message_without_a_path_is_found_at_the_usual_places(body, message) -> None:
    assert profile().fault(Answer(404, {}, body)) == Fault(message)


@pytest.mark.parametrize(
    ("job", "body", "word"),
    [
        ("data", {"data": {"status": "done"}}, "done"),
        ("result[0].data", {"result": [{"data": {"status": "done"}}]}, "done"),
        ("runs[]", {"runs": [{"status": "done"}]}, "done"),
        (["[]", "@"], [{"status": "done"}], "done"),
        (["[]", "@"], {"status": "done"}, "done"),
        ("*", {"7": {"status": "done"}}, "done"),
    ],
)
def test_the_job_is_where_the_profile_says(job, body, word) -> None:
    assert profile(("status.job", job)).read(Answer(body=body), "7").native_state == word


@pytest.mark.parametrize(
    ("job", "body", "said"),
    [
        ("data", {"status": "done"}, "The API answered without a job at data."),
        ("data", {"data": None}, "The API answered without a job at data."),
        ("data", {"data": []}, "The API answered without a job at data."),
        ("data", [{"data": {}}], "The API answered without a job at data."),
        ("runs[]", {"runs": []}, "The API answered without a job at runs[]."),
        (
            "runs[]",
            {"runs": [{"status": "a"}, {"status": "b"}]},
            "The API answered with 2 jobs at runs[] where one was expected.",
        ),
        ("data", None, "The API answered with an empty body."),
        ("@", "", "The API answered without a job in the reply."),
        ("@", [{"status": "done"}], "The API answered with a list instead of status, from which the state is read."),
    ],
)
def test_a_reply_without_the_job_at_its_place_is_a_protocol_error(job, body, said) -> None:
    with pytest.raises(BadReply) as caught:
        profile(("status.job", job)).read(Answer(body=body), "7")
    assert str(caught.value) == said


def test_the_job_has_the_id_that_was_asked_for() -> None:
    job = profile().read(Answer(body={"status": "done", "id": "8"}), "7")
    assert (job.system, job.id) == ("example", "7")


@pytest.mark.parametrize(
    ("given", "values"),
    [({"tenant": "t"}, {"tenant": "t", "size": "20"}), ({"tenant": 7, "size": "5"}, {"tenant": "7", "size": "5"})],
)
def test_variables_have_defaults(given, values) -> None:
    assert profile(("variables", {"tenant": None, "size": 20})).values(given) == values


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "variables.tenant: it is missing, and my.yml has no default for it."),
        ({"tenant": ""}, "variables.tenant: it is missing, and my.yml has no default for it."),
        ({"tenant": None}, "variables.tenant: it is missing, and my.yml has no default for it."),
        ({"tenat": "t"}, "variables.tenat: there is no such variable; expected tenant."),
        ({"tenant": ["t"]}, "variables.tenant: expected text, got a list."),
        ({"tenant": True}, "variables.tenant: expected text, got true or false."),
    ],
)
def test_a_mistake_in_variables_is_one_sentence(given, said) -> None:
    with pytest.raises(OptionError) as caught:
        profile(("variables", {"tenant": None})).values(given)
    assert str(caught.value) == said


def test_a_profile_without_variables_takes_none() -> None:
    with pytest.raises(OptionError) as caught:
        profile().values({"tenant": "t"})
    assert (
        str(caught.value) == "variables.tenant: there is no such variable; expected none, because the profile has none."
    )


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        ({"status": 202, "headers": {"Location": "/x"}, "body": {"a": 1}}, 202, {"a": 1}),
        ({"body": None, "status": 204}, 204, None),
        ({"status": "done"}, 200, {"status": "done"}),
        ({"status": 204}, 200, {"status": 204}),
        ({"body": "x", "id": 7}, 200, {"body": "x", "id": 7}),
        ([1], 200, [1]),
        ("text", 200, "text"),
    ],
)
def test_a_recorded_reply_is_whole_or_a_body_alone(reply, status, body) -> None:
    answer = recorded(reply)
    assert (answer.status, answer.body) == (status, body)
    assert answer.headers.get("location") == ("/x" if status == 202 else None)


def test_an_explanation_says_what_was_read_and_why() -> None:
    known = profile(
        (
            "state",
            rules(
                {"http": "$status", "word": "task.word", "parts": "parts[].s"},
                ("failed", {"parts": {"any": "bad"}}),
                ("succeeded", {"word": "done"}),
            ),
        ),
        ("fields", {"message": ["error", "note"], "started_at": "begun"}),
    )
    assert known.explain(Answer(body={"task": {"word": "done"}, "begun": "soon", "parts": [{"s": "ok"}, {}]})) == {
        "error": None,
        "values": {"http": 200, "word": "done", "parts": ["ok"]},
        "rule": "state.rules[1]",
        "not_found": ["fields.message: error or note", "fields.started_at: begun"],
        "advice": ["The reply's begun is no time that can be read: soon."],
    }
    nothing = {"values": {}, "rule": None, "not_found": [], "advice": []}
    assert known.explain(Answer(404, {}, {"message": "No task 7"})) == {
        **nothing,
        "error": "It is an error (status 404): No task 7",
        "values": {"$status": 404},
        "rule": "$status",
    }
    assert known.explain(Answer(200, {}, None)) == {"error": "The API answered with an empty body.", **nothing}
    assert known.explain(Answer(200, {}, {"x": {}})) == {
        "error": None,
        "values": {"http": 200, "word": None, "parts": None},
        "rule": None,
        "not_found": [
            "state.values.word: task.word",
            "state.values.parts: parts[].s",
            "fields.message: error or note",
            "fields.started_at: begun",
        ],
        "advice": ["The API answered without task.word or parts[].s, from which the state is read."],
    }


def test_an_explanation_shows_no_long_values() -> None:
    known = profile(("state.path", ["a", "status"]))
    shown = [
        known.explain(Answer(body={"a": value}))["values"]["path"] for value in ({"b": 1}, [1, "x"], [{}], "a\nb", 7)
    ]
    assert shown == ["a dictionary", [1, "x"], "a list", "a b", 7]


FULL = profile(
    ("status.job", ["data", "@"]),
    ("status.answers", [404, 500]),
    (
        "state",
        rules(
            {"http": "$status", "word": ["state", "status"], "parts": "parts[].state", "end": "end"},
            ("failed", {"parts": {"any": {"not": ["ok", "on"]}}}),
            ("resting", {"word": "manual"}),
            ("succeeded", {"word": ["ok", "done*"], "parts": {"all": "ok"}}),
            ("cancelled", {"word": "stopped", "end": {"present": True}}),
            ("running", {"http": [200, 202]}),
        ),
    ),
    (
        "fields",
        {
            "description": ["{kind} of {$body.host}", "kind", {"text": "a job"}],
            "message": ["errors[].text", "error"],
            "progress": {"done": "parts[].done", "total": "parts[].total"},
            "created_at": "created",
            "started_at": {"path": ["start", "created"], "unit": "ms"},
            "updated_at": {"path": "updated", "format": "%Y-%m-%d %H:%M"},
            "finished_at": {"path": "end", "unit": "s"},
            "eta_at": {"from": "start", "plus": "plus", "unit": "ms"},
        },
    ),
    (
        "children",
        {
            "items": ["parts", "*"],
            "id": "id",
            "state": {"path": "state", "running": ["on"], "succeeded": ["ok"], "failed": ["bad*"]},
        },
    ),
    ("error", ERROR),
)
LEAVES = st.sampled_from(
    [None, True, False, 0, 1, -1, 50, 99.5, 1519825420, 1519825420000, 10**400, 1e308, "", "ok", "on"]
)
LEAVES |= st.sampled_from(
    ["done", "manual", "stopped", "\ud800", "\x1b[2J", "a\nb", "{{ 1 }}", "2026-01-01", "NaN", "s3://k:s@b"]
)
KEYS = st.sampled_from(
    [
        *("data", "state", "status", "parts", "end", "kind", "host", "errors", "error", "text", "done", "total", "id"),
        *("created", "start", "updated", "plus", "result", "messages", "progress"),
        *("jobState", "timestamp", "jobstateid", "errorMsg"),
    ]
)
BODIES = st.recursive(
    LEAVES | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=30,
)


@given(BODIES, st.sampled_from([200, 202, 204, 400, 404, 500]), st.sampled_from([FULL, *SEEDS.values()]))
def test_any_reply_is_a_job_or_an_error_of_the_api(body, status, known) -> None:
    answer = Answer(status, {"location": "/x"}, body)
    json.dumps(known.explain(answer))
    found = known.fault(answer)
    assert found is None or found.message is None or found.message.strip()
    try:
        job = known.read(answer, "7", known.overrides({"o*": "failed"}))
    except ApiError:
        return
    check_job(job.as_dict())
    if known.listing:
        try:
            jobs = known.listing.jobs([answer], 10, known.ids[-1].name)
        except ApiError:
            return
        for one in jobs:
            check_job(one.as_dict())
