# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.action.job_report import KEYS, ActionModule
from ansible_collections.endstate.jobs.plugins.modules import job_report
from ansible_collections.endstate.jobs.plugins.plugin_utils._report_options import SPEC
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, job
from ansible_collections.endstate.jobs.tests.unit.plugins.action.acting import run_action

GOOD, BAD = job("strata", "1", "succeeded"), job("strata", "2", "failed", message="no such zone")
RETURNED = {"passed", "decided", "succeeded", "failed_jobs", "accepted", "states", "files", "msg", "changed"}


def result(*jobs):
    return {"jobs": list(jobs), "elapsed": 5.0, "timed_out": False, "polls": 3, "msg": "", "failed": BAD in jobs}


def report_on(jobs, task=None, **options):
    """The result of a task.

    :param task: its keywords.
    """
    return run_action(ActionModule, {"result": result(*jobs), **options}, **(task or {}))


def returned(report):
    return report.keys() - {"failed"}


def test_a_report_is_three_documents(tmp_path) -> None:
    folder = tmp_path / "made" / "for it"
    report = report_on([GOOD, BAD], path=str(folder), title="Rollout")
    assert returned(report) == RETURNED
    assert (report["passed"], report["changed"], report.get("failed")) == (False, True, None)
    assert sorted(path.name for path in folder.iterdir()) == ["junit.xml", "report.html", "report.json"]
    assert report["files"][-1] == str(folder / "report.html")
    assert report["msg"] == (
        "1 of 2 jobs ended badly after 5 s: config_job 2: failed: no such zone. "
        f"The report is in {folder / 'report.html'}."
    )
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (told["title"], told["passed"], told["states"]) == ("Rollout", False, {"failed": 1, "succeeded": 1})
    assert [one["judgement"] for one in told["jobs"]] == ["succeeded", "failed"]
    assert told["polls"] == 3


def test_no_template_begins_in_a_returned_value(tmp_path) -> None:
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
    report = report_on([good, bad, late], path=str(tmp_path), title="{{ title }}")
    known = json.dumps([report[name] for name in RETURNED - {"files"}], ensure_ascii=False)
    written = (tmp_path / "report.json").read_text(encoding="utf-8")
    for text in (known, written):
        assert "❴❴ evil }} ❴% x %}❴# x #} ❴" in text
        assert not [begin for begin in ("{{", "{%", "{#", "#jinja2:") if begin in text]
    assert report["failed_jobs"][0]["id"] == "❴❴ id }}"
    assert "{{ evil }}" in (tmp_path / "report.html").read_text(encoding="utf-8"), "what people read stays as it was"


def test_a_report_replaces_an_older_report(tmp_path) -> None:
    for jobs in ([BAD], [GOOD]):
        report_on(jobs, path=str(tmp_path))
    assert "✓ Gate passed" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("options", [{}, {"path": ""}, {"path": None}, {"report_dir": " "}])
def test_a_task_without_a_path_writes_nothing(options) -> None:
    report = report_on([GOOD], **options)
    assert (report["passed"], report["changed"], report["files"]) == (True, False, [])
    assert report["msg"] == "config_job 1 succeeded after 5 s."


def test_a_relative_path_begins_at_the_working_directory(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert report_on([GOOD], path="a/report")["files"][-1] == str(tmp_path / "a/report/report.html")


@pytest.mark.parametrize("path", ["~/report", "$PLACE/report"])
def test_a_path_may_begin_with_a_home_or_a_variable(tmp_path, monkeypatch, path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    report = report_on([GOOD], path=path, task={"environment": [{"PLACE": str(tmp_path)}]})
    assert report["files"][-1] == str(tmp_path / "report/report.html")
    assert "PLACE" not in os.environ


def test_check_mode_writes_and_decides_nothing(tmp_path) -> None:
    report = report_on([GOOD, BAD], path=str(tmp_path), task={"check_mode": True})
    assert returned(report) == RETURNED
    assert (report["passed"], report["decided"], report["changed"]) == (False, False, False)
    assert report["states"] == ["config_job 1: succeeded", "config_job 2: failed: no such zone"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "bad", [{"msg": "jobs: expected a list."}, {"results": [result(GOOD), {"failed": True, "msg": "x"}]}]
)
def test_check_mode_does_not_hide_that_there_was_no_wait(bad) -> None:
    report = run_action(ActionModule, {"result": bad}, check_mode=True)
    assert (report["passed"], report["decided"]) == (False, True)


@pytest.mark.parametrize(("jobs", "passed"), [([GOOD], True), ([BAD], False)])
@pytest.mark.parametrize(
    ("option", "prefix", "named"),
    [("path", "", "path"), ("report_dir", "", "report_dir"), ("report_dir", "job_gate_", "job_gate_report_dir")],
)
def test_the_verdict_holds_if_no_report_can_be_written(tmp_path, jobs, passed, option, prefix, named) -> None:
    (tmp_path / "file").write_text("")
    report = report_on(jobs, **{option: str(tmp_path / "file" / "below"), "option_prefix": prefix})
    assert returned(report) == RETURNED
    assert (report["failed"], report["passed"], report["files"]) == (True, passed, [])
    assert report["msg"].endswith(f" No report was written: {named} {tmp_path}/file/below: Not a directory.")


def test_no_temporary_file_is_left_behind(tmp_path) -> None:
    (tmp_path / "junit.xml").mkdir()
    assert report_on([GOOD], path=str(tmp_path))["failed"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["junit.xml", "report.json"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"allow_failed": "lots"}, "allow_failed: expected a number of jobs such as 2"),
        ({"result": None}, "result is required."),
        (
            {"result": {"jobs": "x"}},
            "result.jobs: expected a list, as endstate.jobs.wait_for_job returns it, got text.",
        ),
        ({"fail_on": ["running"]}, "fail_on: expected failed or cancelled or skipped, got ['running']."),
        ({"title": ["x"]}, "title: expected text, got a list."),
        ({"pfad": "x"}, "pfad: there is no such option; expected result, path, title, "),
        ({"path": "x", "report_dir": "y"}, "report_dir: it is another name of path; expected one of them."),
    ],
)
def test_bad_options_fail_with_one_sentence(options, message) -> None:
    report = report_on([GOOD], **options)
    assert (report["failed"], report["changed"], report["files"]) == (True, False, [])
    assert report["msg"].startswith(message)


def test_null_and_blank_options_are_not_set() -> None:
    blank = dict.fromkeys(SPEC.keys() - {"result"}, " ")
    assert report_on([GOOD], **blank)["passed"]
    assert report_on([GOOD], **dict.fromkeys(blank))["passed"]


def test_a_report_cannot_be_delegated_to_another_host(tmp_path) -> None:
    report = report_on([GOOD], path=str(tmp_path), task={"delegate_to": "jump"})
    assert (report["failed"], report["msg"]) == (
        True,
        "The report is written on the controller, and not on jump. Leave delegate_to out; if jump needs the report, copy "
        "the files to it.",
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("host", "transport"), [("localhost", "ssh"), ("127.0.0.1", "local"), ("here", "local")])
def test_a_report_may_be_delegated_to_the_controller(host, transport) -> None:
    assert report_on([GOOD], task={"delegate_to": host, "transport": transport})["passed"]


def test_a_job_has_the_label_that_a_wait_gives_it() -> None:
    for case in CASES:
        options = case.given("http://127.0.0.1:9")
        del options["retries"]
        (item,) = parse_items({"jobs": [{"name": "two\nlines", case.key: options}]}, lambda _system: {})
        assert KEYS[case.name] == case.key
        states = report_on([{**job(case.name, case.id, "succeeded"), "name": "two\nlines"}])["states"]
        assert states == [f"{item.label}: succeeded"]
    assert report_on([job("another", "7", "succeeded")])["states"] == ["another 7: succeeded"]
    nested = {**job("a_task", "7", "succeeded"), "name": "backup", "label": "a_task node/7"}
    assert report_on([nested])["states"] == ["backup (a_task node/7): succeeded"]


def test_the_module_alone_refuses_to_run(run_process) -> None:
    assert run_process("job_report", {"result": result(GOOD)})["msg"] == (
        "endstate.jobs.job_report is an action plugin and runs on the controller only; call it as a task of a playbook."
    )


def test_the_documentation_has_all_options_and_returned_values() -> None:
    documented = yaml.safe_load(job_report.DOCUMENTATION)["options"]
    assert job_report.SPEC == SPEC
    assert documented.keys() == SPEC.keys()
    for name, option in SPEC.items():
        for part in ("type", "default", "choices", "elements", "required", "aliases"):
            assert documented[name].get(part) == option.get(part), (name, part)
    assert yaml.safe_load(job_report.RETURN).keys() == RETURNED - {"changed"}
