# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import mistake, profile


def read(fields, body, status="done"):
    return profile(("fields", fields)).read(Answer(200, {"x-name": "of a header"}, {"status": status, **body}), "7")


@pytest.mark.parametrize(
    ("wording", "body", "text"),
    [
        ("name", {"name": "Backup"}, "Backup"),
        ("name", {"name": " two\n\tlines \x1b[2J"}, "two lines [2J"),
        ("name", {"name": 7}, "7"),
        ("name", {"name": True}, "true"),
        ("name", {"name": {"en": "Backup"}}, None),
        ("name", {"name": ""}, None),
        ("name", {}, None),
        (["title", "name"], {"name": "Backup"}, "Backup"),
        (["title", "name"], {"title": {}, "name": "Backup"}, "Backup"),
        ("{kind} of {host}", {"kind": "Backup", "host": "db1"}, "Backup of db1"),
        ("{kind} of {host}", {"kind": "Backup"}, None),
        (["{kind} of {host}", "kind"], {"kind": "Backup", "host": " "}, "Backup"),
        (
            "{\"@odata.id\"}: {tasks[?id=='{1}'].name | [0]}",
            {"@odata.id": "/x", "tasks": [{"id": "{1}", "name": "n"}]},
            "/x: n",
        ),
        ({"text": "image update"}, {}, "image update"),
        ({"text": "export of {name}"}, {"name": "x"}, "export of x"),
        ("$header.X-Name", {}, "of a header"),
        ("$body.status", {}, "done"),
        (
            "errors[].message",
            {"errors": [{"message": "One."}, {}, {"message": "two"}, {"message": "three"}]},
            "One. two; three",
        ),
        ("errors[].message", {"errors": [{"message": "same"}] * 3}, "same"),
        ("errors", {"errors": ["a", 1, {"b": 2}, ["c"], None]}, "a; 1"),
        ("url", {"url": "see s3://AKIA:secret@bucket"}, "see s3://***@bucket"),
        ("see {url}", {"url": "s3://AKIA:secret@bucket"}, "see s3://***@bucket"),
    ],
)
def test_a_text_of_a_reply_becomes_one_safe_line(wording, body, text) -> None:
    assert read({"description": wording}, body).description == text
    assert read({"message": wording}, body).message == text


TEMPLATES = ["{{ 7 * 7 }}", "{% for x in [] %}{% endfor %}", "{name}", "${7*7}", "#{7}", "%(name)s"]


@pytest.mark.parametrize("text", TEMPLATES)
def test_no_text_of_a_reply_is_ever_evaluated(text) -> None:
    job = read({"description": "name", "message": "{name} and {name}"}, {"name": text}, status=text)
    assert (job.description, job.message, job.native_state) == (text, f"{text} and {text}", text)


@pytest.mark.parametrize(
    ("progress", "body", "percent"),
    [
        ("p", {"p": 45}, 45.0),
        ("p", {"p": "45"}, 45.0),
        ("p", {"p": "45 %"}, 45.0),
        ("p", {"p": 101}, None),
        ("p", {"p": -1}, None),
        ("p", {"p": True}, None),
        ("p", {"p": "half"}, None),
        ({"path": "p", "scale": 1}, {"p": 0.57}, 57.0),
        ({"path": "p", "scale": 1}, {"p": 1}, 100.0),
        ({"path": "p", "scale": 255}, {"p": 51}, 20.0),
        ({"path": "p", "scale": 1}, {"p": 1.5}, None),
        ({"done": "d", "total": "t"}, {"d": 3, "t": 12}, 25.0),
        ({"done": "d", "total": "t"}, {"d": 3, "t": 0}, None),
        ({"done": "d", "total": "t"}, {"d": 5, "t": 4}, None),
        ({"done": "r[].d", "total": "r[].t"}, {"r": [{"d": 1, "t": 4}, {"d": 2, "t": 4}]}, 37.5),
    ],
)
def test_progress_is_read_from_a_percentage_a_share_or_two_counts(progress, body, percent) -> None:
    assert read({"progress": progress}, body).progress == percent


@pytest.mark.parametrize(
    "rows",
    [
        [{"d": 4, "t": 4}, {"d": 1, "t": None}],
        [{"d": 4, "t": 4}, {"d": 1}],
        [{"t": 4}, {"d": 1}],
        [{"d": 1, "t": 4}, {"d": "some", "t": 4}],
        [{"d": 1, "t": 4}, None],
        [],
    ],
)
def test_done_and_total_are_not_summed_if_a_row_lacks_one(rows) -> None:
    assert read({"progress": {"done": "r[].d", "total": "r[].t"}}, {"r": rows}).progress is None


def test_progress_is_linear_only_if_the_profile_says_so() -> None:
    assert not profile(("fields", {"progress": "p"})).linear_progress
    assert profile(("fields", {"progress": {"path": "p", "linear": True}})).linear_progress
    assert profile(("fields", {"progress": {"done": "d", "total": "t", "linear": True}})).linear_progress


@pytest.mark.parametrize(
    ("time", "value", "moment"),
    [
        ("t", "2026-01-25T05:57:01Z", "2026-01-25T05:57:01Z"),
        ("t", "2026-01-25T05:57:01.1234567+01:00", "2026-01-25T04:57:01.123Z"),
        ("t", "2026-01-25 05:57:01", "2026-01-25T05:57:01Z"),
        ({"path": "t", "unit": "s"}, 1519825420, "2018-02-28T13:43:40Z"),
        ({"path": "t", "unit": "s"}, "1519825420", "2018-02-28T13:43:40Z"),
        ({"path": "t", "unit": "ms"}, 1519825420123, "2018-02-28T13:43:40.123Z"),
        ({"path": "t", "unit": "us"}, 1519825420000000, "2018-02-28T13:43:40Z"),
        ({"path": "t", "unit": "ns"}, 1519825420000000000, "2018-02-28T13:43:40Z"),
        ({"path": "t", "format": "%Y-%m-%d %H:%M:%S UTC"}, "2026-01-31 10:00:00 UTC", "2026-01-31T10:00:00Z"),
        ({"path": "t", "format": "%Y/%m/%d %H:%M:%S"}, "2026/01/31 10:00:00", "2026-01-31T10:00:00Z"),
        ({"path": "t", "format": "%d.%m.%y %H:%M"}, "31.1.26 9:05", "2026-01-31T09:05:00Z"),
        ({"path": "t", "format": "%a %b %d %H:%M:%S %Y"}, "Sat Jan  3 10:00:00 2026", "2026-01-03T10:00:00Z"),
        ({"path": "t", "format": "%d %b %Y %I:%M %p %z"}, "03 October 2026 12:30 AM +0200", "2026-10-02T22:30:00Z"),
        (
            {"path": "t", "format": "%Y-%m-%dT%H:%M:%S.%f%z"},
            "2026-01-31T10:00:00.123456789Z",
            "2026-01-31T10:00:00.123Z",
        ),
    ],
)
def test_a_time_is_read_in_each_unit_and_format(time, value, moment) -> None:
    job = read({"started_at": time}, {"t": value})
    assert (job.started_at, job.warnings) == (moment, ())


@pytest.mark.parametrize(
    "value", [None, "", 0, "0", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0000-00-00 00:00:00"]
)
def test_a_value_that_means_never_is_no_time_and_no_warning(value) -> None:
    job = read({"started_at": "t", "created_at": {"path": "t", "unit": "s"}}, {"t": value})
    assert (job.started_at, job.created_at, job.warnings) == (None, None, ())


def test_a_profile_can_name_texts_that_stand_for_never() -> None:
    job = read({"started_at": {"path": "t", "never": ["TIME_NA", "TIME_NOW"]}}, {"t": "TIME_NA"})
    assert (job.started_at, job.warnings) == (None, ())


@pytest.mark.parametrize("value", ["soon", 1519825420, [1], {"ms": 1}, True, "2026-13-45T00:00:00Z", "9999-01-01"])
def test_a_time_that_cannot_be_read_is_warned_of(value) -> None:
    job = read({"started_at": "t"}, {"t": value})
    assert (job.started_at, len(job.warnings)) == (None, 1)
    assert job.warnings[0].startswith("The reply's t is no time that can be read: ")


@pytest.mark.parametrize("text", ["31-02-2026", "2026-02-31", "2026-02-28x", "2026-02-28 +9999"])
def test_a_text_in_another_format_is_no_time(text) -> None:
    assert read({"started_at": {"path": "t", "format": "%Y-%m-%d"}}, {"t": text}).started_at is None


def test_finished_at_counts_at_an_end_only() -> None:
    fields = {"started_at": "s", "finished_at": "f"}
    times = {"s": "2026-01-01T10:00:00Z", "f": "2026-01-01T11:00:00Z"}
    running, done = read(fields, times, "running"), read(fields, times)
    assert (running.finished_at, running.duration) == (None, None)
    assert (done.finished_at, done.duration) == ("2026-01-01T11:00:00Z", 3600.0)


def test_a_planned_end_that_cannot_be_read_is_no_warning_while_the_job_runs() -> None:
    assert read({"finished_at": "f"}, {"f": "Unknown"}, "running").warnings == ()


def test_several_paths_are_tried_in_their_order() -> None:
    fields = {"started_at": {"path": ["begun", "made"], "unit": "s"}}
    assert read(fields, {"begun": 0, "made": 1519825420}).started_at == "2018-02-28T13:43:40Z"
    assert read(fields, {"made": "soon"}).warnings == ("The reply's made is no time that can be read: soon.",)


@pytest.mark.parametrize(
    ("duration", "value", "seconds"),
    [
        ("d", 61.5, 61.5),
        ("d", "61.5", 61.5),
        ({"path": "d", "unit": "ms"}, 61500, 61.5),
        ("d", -1, None),
        ("d", "0:01", None),
        ("d", None, None),
    ],
)
def test_duration_is_read_in_each_unit(duration, value, seconds) -> None:
    assert read({"duration": duration}, {"d": value}).duration == seconds


@pytest.mark.parametrize(
    ("eta", "body", "moment"),
    [
        ({"path": "e", "unit": "s"}, {"e": 1519825420}, "2018-02-28T13:43:40Z"),
        ({"from": "t", "plus": "p", "unit": "ms"}, {"t": 1519825420000, "p": 60000}, "2018-02-28T13:44:40Z"),
        ({"from": "t", "plus": "p"}, {"t": "2026-01-01T10:00:00Z", "p": 60}, "2026-01-01T10:01:00Z"),
        ({"from": "t", "plus": "p", "unit": "ms"}, {"t": 1519825420000, "p": -1}, None),
        ({"from": "t", "plus": "p", "unit": "ms"}, {"t": 1519825420000}, None),
        ({"from": "t", "plus": "p", "unit": "ms"}, {"p": 60000}, None),
    ],
)
def test_eta_is_read_from_a_time_or_from_a_start_and_a_duration(eta, body, moment) -> None:
    assert read({"eta_at": eta}, body, "running").eta_at == moment


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"descripton": "name"}, "fields.descripton: there is no such key; expected description."),
        (
            {"description": "a-b"},
            "fields.description: a name with a hyphen needs quotes: 'a-b'; expected a.\"b-c\", in YAML 'a.\"b-c\"'.",
        ),
        (
            {"description": "{a} and {b"},
            "fields.description: a brace without its pair: '{a} and {b'; expected {path} for each value.",
        ),
        (
            {"description": ["ok", "{a.1}"]},
            "fields.description[1]: a number after a dot is no name: 'a.1'; expected [0] for an element of a list, or the name in quotes: a.\"1\".",
        ),
        (
            {"description": {"task": None}},
            'fields.description: braces without quotes are a dictionary in YAML; expected "{task}", in quotes.',
        ),
        (
            {"description": 7},
            "fields.description: the number 7; expected a path such as data.name, or a text with {path}s, in quotes.",
        ),
        ({"progress": {"path": "p", "scale": 0}}, "fields.progress.scale: 0; expected a number from 1e-09 to 1e+12."),
        (
            {"progress": {"done": "d"}},
            "fields.progress: total is missing; expected the number of all parts; a list of numbers is summed.",
        ),
        (
            {"progress": {"percentage": "d"}},
            "fields.progress: a dictionary without path or done; expected done or path.",
        ),
        ({"started_at": {"path": "t", "unit": "m"}}, "fields.started_at.unit: 'm'; expected s, ms, us or ns."),
        (
            {"started_at": {"path": "t", "unit": "s", "format": "%Y-%m-%d"}},
            "fields.started_at: unit and format together; expected unit for numbers, format for texts.",
        ),
        (
            {"started_at": {"path": "t", "format": "%Y-%j"}},
            "fields.started_at.format: %j in '%Y-%j'; expected %Y, %y, %m, %b, %d, %a, %H, %I, %M, %S, %f, %p or %z.",
        ),
        (
            {"started_at": {"path": "t", "format": "%H:%M"}},
            "fields.started_at.format: '%H:%M' names no day; expected a format with %Y, %m and %d, such as '%Y/%m/%d %H:%M:%S'.",
        ),
        (
            {"started_at": {"path": "t", "format": "%Y-%m-%d %Y"}},
            "fields.started_at.format: %Y is twice in '%Y-%m-%d %Y'; expected each part once.",
        ),
        (
            {"started_at": {"path": "t", "format": "%Y-%m-%d %I"}},
            "fields.started_at.format: '%Y-%m-%d %I' has only one of %I and %p; expected %H, or %I with %p.",
        ),
        (
            {"created_at": "@odata.time"},
            "fields.created_at: YAML has taken the quotes away: '@odata.time'; expected '\"@odata.id\"', in both kinds of quotes.",
        ),
    ],
)
def test_a_mistake_in_fields_is_one_sentence(fields, said) -> None:
    assert mistake(("fields", fields)) == said


def test_an_explanation_names_fields_that_were_not_found() -> None:
    known = profile(("fields", {"description": "name", "progress": {"done": "d", "total": "t"}, "message": ["a", "b"]}))
    assert known.explain(Answer(body={"status": "odd", "b": "x"})) == {
        "error": None,
        "values": {"path": "odd"},
        "rule": None,
        "not_found": ["fields.description: name", "fields.progress: d and t"],
        "advice": [
            "The state 'odd' is not known, so the job is taken as not finished. "
            "If it has a meaning, add it to state of the profile example, or to state_overrides."
        ],
    }
