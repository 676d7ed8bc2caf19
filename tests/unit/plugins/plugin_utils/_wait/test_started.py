# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs by the registered result of what started them: found, named, left out or refused, and nothing else of the result kept."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import JobItem, parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.started import without_results

TOKEN = {"access_token": "s3cret"}
SECRET = "t0ken-of-the-start"
INVOCATION = {"module_args": {"headers": {"Authorization": SECRET}, "url_password": SECRET}}
KEPT = 'expected the registered result of a task, such as "{{ start }}"'


def start(job_id: t.Any = "7", **more: t.Any) -> dict[str, t.Any]:
    """The result of a push."""
    return {"json": {"job_id": job_id}, "status": 200, "msg": SECRET, "invocation": INVOCATION, **more}


def item(value: t.Any, job_id: t.Any = "7", loop_var: str = "item", **more: t.Any) -> dict[str, t.Any]:
    """The result of an item of a loop."""
    return start(job_id, **{"ansible_loop_var": loop_var, loop_var: value, "failed": False, **more})


def skipped(value: t.Any) -> dict[str, t.Any]:
    return {"ansible_loop_var": "item", "item": value, "skipped": True, "skip_reason": SECRET}


def loop(*results: t.Any, **more: t.Any) -> dict[str, t.Any]:
    """The result of a task with a loop."""
    return {"results": list(results), "changed": False, "msg": "All items completed", **more}


def push(started_by: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return {"config_job": {**TOKEN, "started_by": started_by, **options}}


def parsed(task: t.Any, **how: t.Any) -> list[JobItem]:
    return parse_items(task, lambda _system: {}, **how)


def named(task: t.Any, **how: t.Any) -> list[tuple[str | None, str | None]]:
    return [(one.name, one.id) for one in parsed(task, **how)]


def refusal(task: t.Any, **how: t.Any) -> str:
    with pytest.raises(OptionError) as caught:
        parsed(task, **how)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_the_result_of_one_task_is_one_job() -> None:
    (one,) = parsed(push(start(294)))
    assert (one.name, one.id, one.label, one.where) == (None, "294", "config_job 294", "config_job")
    assert SECRET not in repr(one)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Oslo", "Bergen"], ["Oslo", "Bergen"]),
        ([{"name": "Oslo", "password": SECRET}, {"name": "Bergen"}], ["Oslo", "Bergen"]),
        ([{"id": 1}, ["x"], None, True], ["1", "2", "3", "4"]),
        ([101, {"name": 102}], ["101", "102"]),
        (["Oslo", "Oslo", "Oslo 2", "Oslo"], ["Oslo", "Oslo 2", "Oslo 2 2", "Oslo 3"]),
        (["", {"name": " "}], ["1", "2"]),
        (["two\nlines"], ["two lines"]),
    ],
)
def test_jobs_of_a_loop_are_named_after_its_items(values: t.Any, names: t.Any) -> None:
    results = [item(value, str(number)) for number, value in enumerate(values)]
    found = parsed(push(loop(*results)))
    assert [one.name for one in found] == names
    assert [one.id for one in found] == [str(number) for number in range(len(values))]
    assert SECRET not in repr(found)


def test_the_loop_variable_may_have_another_name() -> None:
    result = loop(item({"name": "Oslo"}, loop_var="tenant"), item("Bergen", "8", loop_var="tenant"))
    assert named(push(result)) == [("Oslo", "7"), ("Bergen", "8")]


def test_a_list_of_results_is_read_like_a_loop() -> None:
    results = [item("Oslo"), item("Bergen", "8")]
    assert named(push(results)) == [("Oslo", "7"), ("Bergen", "8")]
    assert named(push([start("1"), loop(*results), start("2")])) == [
        ("1", "1"),
        ("Oslo", "7"),
        ("Bergen", "8"),
        ("4", "2"),
    ]


def test_the_name_of_an_entry_precedes_the_name_of_an_item() -> None:
    jobs = [
        {"name": "push", **push(loop(item("Oslo"), item("Bergen", "8")))},
        push(loop(item("Oslo", "9"))),
        {"name": "Oslo", **push(start("10"))},
        {"name": "alone", **push(start("11"))},
        push(start("12")),
        {"config_job": {**TOKEN, "job_id": "13"}},
    ]
    assert named({"jobs": jobs}) == [
        ("push Oslo", "7"),
        ("push Bergen", "8"),
        ("Oslo 2", "9"),
        ("Oslo", "10"),
        ("alone", "11"),
        (None, "12"),
        (None, "13"),
    ]
    assert [one.where for one in parsed({"jobs": jobs})][1:3] == ["jobs[0].config_job", "jobs[1].config_job"]


def test_two_entries_with_the_same_name_are_refused() -> None:
    jobs = [{"name": "push", **push(loop(item("Oslo")))}, {"name": "push", **push(start())}]
    assert refusal({"jobs": jobs}) == "jobs[1].name: 'push' is the name of jobs[0] already."


def test_a_result_with_a_key_results_need_not_be_a_loop() -> None:
    assert named(push(start(results=["installed"]))) == [(None, "7")]
    assert named(push(start(results=[]))) == [(None, "7")]
    assert named(push(start(results=[{"name": "x"}]))) == [(None, "7")]


def test_skipped_items_are_left_out_with_a_notice() -> None:
    notices: list[str] = []
    result = loop(item("Oslo"), skipped("Bergen"), skipped({"name": "Bodø"}))
    assert named(push(result), notice=notices.append) == [("Oslo", "7")]
    assert notices == ["config_job: left out, for the start was skipped: Bergen; Bodø"]


def test_a_start_that_was_skipped_is_left_out_of_a_list() -> None:
    notices: list[str] = []
    jobs = [push({"skipped": True, "changed": False}), push(start())]
    assert named({"jobs": jobs}, notice=notices.append) == [(None, "7")]
    assert notices == ["jobs[0].config_job: left out, for the start was skipped"]


NONE_LEFT = (
    "nothing was started, so there is no job to wait for; skip this task, too, with 'when: RESULT is not skipped'."
)
ALL_SKIPPED = {
    "one": (push({"skipped": True}), "config_job.started_by"),
    "a loop": (push(loop(skipped("Oslo"), skipped("Bergen"), skipped=True)), "config_job.started_by"),
    "no items": (
        push({"skipped": True, "skipped_reason": "No items in the list", "results": []}),
        "config_job.started_by",
    ),
    "no results": (push([]), "config_job.started_by"),
    "a list": ({"jobs": [push({"skipped": True}), push(loop(skipped("Oslo")))]}, "jobs"),
}


@pytest.mark.parametrize(("task", "place"), ALL_SKIPPED.values(), ids=ALL_SKIPPED)
def test_nothing_to_wait_for_is_an_error_but_not_in_check_mode(task: t.Any, place: str) -> None:
    assert refusal(task) == f"{place}: {NONE_LEFT}"
    assert named(task, check_mode=True) == []


LEAVE_OUT = "; leave such items out with RESULT.results | select('success')."
WRONG = {
    "null": (push(None), " is empty, so it names nothing."),
    "blank": (push(" "), " is empty, so it names nothing."),
    "text": (push("294"), f": {KEPT}, got text; an id is an option of its own."),
    "a number": (push(294), f": {KEPT}, got a number; an id is an option of its own."),
    "a list of ids": (push(["294"]), ": expected a list of registered results, got text in it."),
    "an empty dictionary": (
        push({}),
        ": the result has no job_id; expected it at json.job_id or json.message after 'jobid '.",
    ),
    "failed": (push(start(failed=True)), ": the start failed, so there is no job."),
    "failed in a loop": (
        push(loop(item("Oslo"), item("Bergen", failed=True))),
        f": the start of 'Bergen' failed, so there is no job{LEAVE_OUT}",
    ),
    "unreachable": (
        push(loop(item({"name": "Oslo"}, unreachable=True))),
        f": the start of 'Oslo' reached no host, so there is no job{LEAVE_OUT}",
    ),
    "without an id": (
        push(loop(item("Oslo", None))),
        ": the result of 'Oslo' has no job_id; expected it at json.job_id or json.message after 'jobid '.",
    ),
    "what can be no id": (push(start("..")), ": what the result has for job_id can be no id."),
    "async": (
        push({"ansible_job_id": "j1.2", "started": 1, "finished": 0}),
        ": the start goes on (async); give what its async_status has registered.",
    ),
    "beside an id": (push(start(), job_id="7"), ": expected it or job_id, not both."),
}


@pytest.mark.parametrize(("task", "sentence"), WRONG.values(), ids=WRONG)
def test_a_result_that_names_no_job_is_refused_in_one_sentence(task: t.Any, sentence: str) -> None:
    assert refusal(task) == f"config_job.started_by{sentence}"
    assert refusal({"jobs": [task]}) == f"jobs[0].config_job.started_by{sentence}"


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_a_null_or_blank_started_by_beside_an_id_counts_as_not_given(nothing: t.Any) -> None:
    assert named(push(nothing, job_id="7")) == [(None, "7")]


def test_an_id_that_stands_for_all_jobs_is_refused() -> None:
    task = {
        "firmware_repo": {
            "started_by": {"json": {"taskid": "0"}},
            "api_url": "https://x",
            "username": "u",
            "password": "p",
        }
    }
    assert refusal(task) == "firmware_repo.started_by: the result has 0 for task_id, which stands for all jobs."


def test_some_of_several_ids_may_be_given_as_options() -> None:
    gate = {"api_url": "https://h", "api_token": "x", "started_by": {"json": {"jobId": "-7"}}}
    (one,) = parsed({"activegate_update_job": {**gate, "activegate_id": "-1"}})
    assert (one.options["activegate_id"], one.options["job_id"]) == ("-1", "-7")
    assert refusal({"activegate_update_job": gate}) == (
        "activegate_update_job.started_by: the result has no activegate_id; "
        "expected it at url between '/activeGates/' and '/updateJobs'."
    )


def test_a_mistake_in_an_id_that_the_user_wrote_is_told_of_that_option() -> None:
    gate = {"api_url": "https://h", "api_token": "x", "started_by": {"json": {"jobId": "-7"}}, "activegate_id": ".."}
    for job_id in ({}, {"job_id": None}):
        assert refusal({"activegate_update_job": {**gate, **job_id}}) == (
            "activegate_update_job.activegate_id: expected an id, got '..'."
        )


def profile(**more: t.Any) -> dict[str, t.Any]:
    return {
        "schema": 1,
        "name": "farm",
        "ids": {"node": {}, "task": {}},
        "auth": ["none"],
        "status": {"get": "/{node}/{task}"},
        "state": {"path": "s", "running": "r", "succeeded": "d", "failed": "f"},
        "started_by": ["json.task"],
        **more,
    }


def rest(started_by: t.Any, **options: t.Any) -> dict[str, t.Any]:
    known = {"profile": profile(), "api_url": "https://h"}
    return {"rest_job": {**known, "started_by": started_by, **options}}


def load(given: t.Any) -> t.Any:
    from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles

    return Profiles(lambda _name: None).load(given)


def test_a_profile_says_where_its_ids_are_and_id_gives_the_rest() -> None:
    result = loop(item("Oslo", json={"task": "t1"}), item("Bergen", json={"task": "t2"}))
    for given in ({"node": "n"}, '{"node": "n"}'):
        found = parsed(rest(result, id=given), load=load)
        assert [one.label for one in found] == ["Oslo (farm n/t1)", "Bergen (farm n/t2)"]
    assert refusal(rest(result, id={"node": "n", "task": "t"}), load=load) == (
        "rest_job.started_by: expected it or id, not both."
    )
    assert refusal(rest(result), load=load) == "rest_job.id.node: it is missing."


def test_a_profile_without_started_by_says_to_give_the_id() -> None:
    known = profile()
    del known["started_by"]
    assert refusal(rest(start(), profile=known), load=load) == (
        "rest_job.started_by: the profile farm has no started_by, which says where a result has the id; name the job by id."
    )


@pytest.mark.parametrize("location", ["https://evil.example.com/t/1", "//evil.example.com/t/1", "https://h@evil/t"])
def test_an_address_of_another_origin_is_refused(location: str) -> None:
    known = profile(ids={"task": {"kind": "path"}}, status={"get": "{task}"}, started_by=["location"])
    result = loop(item("Oslo", location=location))
    assert refusal(rest(result, profile=known), load=load) == (
        "rest_job.started_by: id in the result of 'Oslo': expected a path, or a URL that begins with https://h."
    )


@pytest.mark.parametrize(
    "evil", ['7", "token_url": "http://127.0.0.1:9', '{"job_id": "8"}', "{{ 7 * 6 }}", "a=b token_url=x", "../7"]
)
def test_an_id_is_neither_an_option_nor_a_template_nor_a_path(evil: str) -> None:
    (one,) = parsed(push(start(evil)))
    assert one.options == {**parsed(push(start("7")))[0].options, "job_id": evil}


def test_a_mistake_in_another_option_is_told_of_that_option() -> None:
    assert refusal(push(loop(item("Oslo")), children="perhaps")).startswith(
        "config_job.children: expected true or false"
    )


def test_defaults_hold_for_each_job_and_never_a_result() -> None:
    defaults = {**TOKEN, "children": False, "started_by": start("8")}
    found = parse_items({"config_job": {"started_by": loop(item("Oslo"), item("Bergen"))}}, lambda _system: defaults)
    assert [one.options["children"] for one in found] == [False, False]
    assert [one.id for one in parse_items({"config_job": {"job_id": "9"}}, lambda _system: defaults)] == ["9"]


def test_started_by_is_refused_in_a_rulebook() -> None:
    assert refusal(push(start()), listings=True) == (
        "config_job.started_by: there is no task here that could have started it; name it by its id."
    )


@pytest.mark.parametrize(
    "task",
    [
        push(start()),
        push(loop(item("Oslo"))),
        {"jobs": [{"name": "x", **push(start())}, {"config_job": {"job_id": "7"}}]},
        {"config_job": f'{{"started_by": {{"msg": "{SECRET}"}}}}'},
        {"jobs": f'[{{"config_job": {{"started_by": {{"msg": "{SECRET}"}}}}}}]'},
        {"jobs": [f'{{"config_job": {{"started_by": {{"msg": "{SECRET}"}}}}}}']},
    ],
)
def test_hiding_results_keeps_all_other_options(task: t.Any) -> None:
    shown = without_results({"timeout": 5, **task})
    assert SECRET not in repr(shown)
    assert shown["timeout"] == 5
    assert shown.keys() == {"timeout", *task}


def test_options_without_a_result_are_not_changed() -> None:
    task = {"timeout": 5, "jobs": [{"name": "x", "config_job": {"job_id": "7"}}, "config_job=job_id=7"]}
    assert without_results(task) == task


def test_a_thousand_jobs_have_names_of_their_own() -> None:
    found = parsed(push(loop(*(item("Oslo", str(number)) for number in range(1000)))))
    assert len({one.name for one in found}) == 1000
