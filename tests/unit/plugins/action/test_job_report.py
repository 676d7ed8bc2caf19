# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.modules import job_report
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS
from ansible_collections.endstate.jobs.tests.unit.cases import job

GOOD, BAD = job("strata", "1", "succeeded"), job("strata", "2", "failed", message="no such zone")
RETURNED = {"passed", "decided", "succeeded", "failed_jobs", "accepted", "states", "files", "msg", "changed"}


def result(*jobs):
    return {"jobs": list(jobs), "elapsed": 5.0, "timed_out": False, "polls": 3, "msg": "", "failed": BAD in jobs}


def returned(result):
    return result.keys() - {"invocation", "failed"}


def test_three_documents_are_written(run_module, tmp_path) -> None:
    folder = tmp_path / "made" / "for it"
    report = run_module("job_report", {"result": result(GOOD, BAD), "path": str(folder), "title": "Rollout"})
    assert returned(report) == RETURNED
    assert (report["passed"], report["changed"], report.get("failed")) == (False, True, None)
    assert sorted(path.name for path in folder.iterdir()) == ["junit.xml", "report.html", "report.json"]
    assert report["files"][-1] == str(folder / "report.html")
    assert report["msg"] == (
        f"1 of 2 jobs ended badly after 5 s: strata 2: failed: no such zone. The report is in {folder / 'report.html'}."
    )
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (told["title"], told["passed"], told["states"]) == ("Rollout", False, {"failed": 1, "succeeded": 1})
    assert [one["judgement"] for one in told["jobs"]] == ["succeeded", "failed"]
    assert told["polls"] == 3


def test_no_template_begins_in_what_comes_back_as_a_variable(run_module, tmp_path) -> None:
    """The role publishes the returned values with ``set_stats``, and people hand ``report.json`` to a play as extra variables."""
    evil = "{{ evil }} {% x %}{# x #} {"
    bad = {
        **job("strata", "{{ id }}", "failed", message=evil, description=evil, native_state="{{"),
        "name": "#jinja2:x",
    }
    late = {
        **job("strata", "3", "running", error={"kind": "timeout", "message": evil}),
        "history": [{"state": "running", "native_state": "{{", "progress": None, "at": "2023-11-14T22:13:21Z"}],
    }
    good = {**GOOD, "name": "{{ name }}", "children": [bad]}
    report = run_module(
        "job_report", {"result": result(good, bad, late), "path": str(tmp_path), "title": "{{ title }}"}
    )
    known = json.dumps([report[name] for name in RETURNED - {"files"}], ensure_ascii=False)
    written = (tmp_path / "report.json").read_text(encoding="utf-8")
    for text in (known, written):
        assert "❴❴ evil }} ❴% x %}❴# x #} ❴" in text
        assert not [begin for begin in ("{{", "{%", "{#", "#jinja2:") if begin in text]
    assert report["failed_jobs"][0]["id"] == "❴❴ id }}"
    assert "{{ evil }}" in (tmp_path / "report.html").read_text(encoding="utf-8"), "what people read stays as it was"


def test_a_report_takes_the_place_of_the_one_before(run_module, tmp_path) -> None:
    for jobs in ([BAD], [GOOD]):
        run_module("job_report", {"result": result(*jobs), "path": str(tmp_path)})
    assert "✓ Gate passed" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 3


def test_without_a_path_nothing_is_written(run_module) -> None:
    report = run_module("job_report", {"result": result(GOOD)})
    assert (report["passed"], report["changed"], report["files"]) == (True, False, [])
    assert report["msg"] == "strata 1 ended well after 5 s."


def test_check_mode_writes_and_decides_nothing(run_module, tmp_path) -> None:
    report = run_module("job_report", {"result": result(GOOD, BAD), "path": str(tmp_path)}, check_mode=True)
    assert returned(report) == RETURNED
    assert (report["passed"], report["decided"], report["changed"]) == (False, False, False)
    assert report["states"] == ["strata 1: succeeded", "strata 2: failed: no such zone"]
    assert not list(tmp_path.iterdir())


def test_check_mode_does_not_hide_that_there_was_no_wait(run_module) -> None:
    report = run_module("job_report", {"result": {"msg": "jobs: expected a list."}}, check_mode=True)
    assert (report["passed"], report["decided"], report["msg"]) == (False, True, "jobs: expected a list.")


@pytest.mark.parametrize(("jobs", "passed"), [([GOOD], True), ([BAD], False)])
def test_where_nothing_can_be_written_the_verdict_stands(run_module, tmp_path, jobs, passed) -> None:
    (tmp_path / "file").write_text("")
    report = run_module("job_report", {"result": result(*jobs), "path": str(tmp_path / "file" / "below")})
    assert returned(report) == RETURNED
    assert (report["failed"], report["passed"], report["files"]) == (True, passed, [])
    assert report["msg"].endswith(f" No report was written: path {tmp_path}/file/below: Not a directory.")


def test_no_draft_is_left_behind(run_module, tmp_path) -> None:
    (tmp_path / "junit.xml").mkdir()
    report = run_module("job_report", {"result": result(GOOD), "path": str(tmp_path)})
    assert report["failed"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["junit.xml", "report.json"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"allow_failed": "lots"}, "allow_failed: expected a number of jobs such as 2"),
        (
            {"result": {"jobs": "x"}},
            "result.jobs: expected a list, as endstate.jobs.wait_for_job returns it, got text.",
        ),
        ({"fail_on": ["running"]}, "value of fail_on must be one or more of: failed, cancelled, skipped"),
    ],
)
def test_bad_options(run_module, options, message) -> None:
    report = run_module("job_report", {"result": result(GOOD), **options})
    assert report["failed"]
    assert message in report["msg"]


def test_what_is_documented_is_what_is_there() -> None:
    documented = yaml.safe_load(job_report.DOCUMENTATION)["options"]
    assert documented.keys() == job_report.SPEC.keys()
    for name, option in job_report.SPEC.items():
        for part in ("type", "default", "choices", "elements", "required"):
            assert documented[name].get(part) == option.get(part), (name, part)
    assert yaml.safe_load(job_report.RETURN).keys() == RETURNED - {"changed"}


@pytest.mark.parametrize("option", ["fail_on", "on_timeout"])
def test_policy_options_are_those_of_a_wait(option) -> None:
    assert job_report.SPEC[option] == OPTIONS[option]
