# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.started_by import read_started_by
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile

RESULT = {
    "status": 202,
    "url": "https://h/api/nodes/pve1/qemu/100/clone",
    "location": "https://h/api/tasks/7",
    "json": {"data": "UPID:1", "id": 42, "done": True, "nested": {"a": [{"id": "x"}]}, "text": "job 21 enqueued"},
    "invocation": {"module_args": {"url_password": "hunter2", "headers": {"Authorization": "Bearer t0ken"}}},
}


def ids(started_by, *result, **more):
    """The ids in the result above, or in another."""
    return profile(("started_by", started_by), *more.items()).started_by.ids(*(result or [RESULT]))


@pytest.mark.parametrize(
    ("started_by", "task"),
    [
        ("json.data", "UPID:1"),
        (["json.data"], "UPID:1"),
        (["json.missing", "location"], "https://h/api/tasks/7"),
        (["json.id"], "42"),
        (["json.nested.a[0].id"], "x"),
        ([{"path": "url", "between": ["/nodes/", "/"]}], "pve1"),
        ([{"path": "url", "between": ["/qemu/", ""]}], "100/clone"),
        ([{"path": "json.text", "between": ["job ", " "]}], "21"),
        ([{"path": "json.text", "between": ["task ", " "]}, "json.id"], "42"),
        ({"task": "json.data"}, "UPID:1"),
        ({"task": ["json.missing", "json.data"]}, "UPID:1"),
    ],
)
def test_the_first_place_that_has_an_id_counts(started_by, task) -> None:
    assert ids(started_by) == {"task": task}


def test_a_part_of_a_url_is_decoded_and_a_part_of_another_text_is_not() -> None:
    between = [{"path": "url", "between": ["/tasks/", "/"]}]
    assert ids(between, {"url": "https://h/tasks/UPID%3A1/x"}) == {"task": "UPID:1"}
    assert ids(between, {"url": "/tasks/UPID%3A1/x"}) == {"task": "UPID:1"}
    assert ids(between, {"url": "see /tasks/UPID%3A1/x"}) == {"task": "UPID%3A1"}


def test_several_ids_have_their_own_places() -> None:
    more = {"ids": {"node": {}, "task": {}}, "status": {"get": "/{node}/{task}"}}
    places = {"task": ["json.data"], "node": [{"path": "url", "between": ["/nodes/", "/"]}]}
    assert ids(places, **more) == {"node": "pve1", "task": "UPID:1"}
    assert ids(["json.data"], **more) == {"task": "UPID:1"}


@pytest.mark.parametrize(
    ("started_by", "looked"),
    [
        (["json.task_id", "json.taskId"], "json.task_id or json.taskId"),
        (["json.done"], "json.done"),
        (["json.nested"], "json.nested"),
        ([{"path": "url", "between": ["/jobs/", "/"]}], "url between '/jobs/' and '/'"),
        ([{"path": "url", "between": ["/qemu/100/clone", "/"]}], "url between '/qemu/100/clone' and '/'"),
        ([{"path": ["a", "b"], "between": ["x", ""]}], "a or b after 'x'"),
        ([{"path": "a", "between": ["x", " "]}, {"path": "a", "between": ["x", ""]}], "a after 'x'"),
        ([{"path": "a", "between": ["", "x"]}], "a before 'x'"),
    ],
)
def test_a_result_without_an_id_names_the_places_and_quotes_nothing(started_by, looked) -> None:
    with pytest.raises(OptionError) as caught:
        ids(started_by)
    assert str(caught.value) == f"started_by: the result has no task; expected it at {looked}."
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["..", " 7", "7\n", "\ud800", "x" * 2001, "{{ lookup('pipe', 'id') }}\t"],
    ids=["dots", "blank", "line feed", "no Unicode", "long", "control character"],
)
def test_a_value_that_cannot_be_an_id_is_refused_and_not_quoted(text) -> None:
    with pytest.raises(OptionError) as caught:
        ids(["json.id"], {"json": {"id": text}})
    assert str(caught.value) == "started_by: what the result has for task can be no id."


def test_a_template_in_an_id_is_not_evaluated() -> None:
    assert ids(["json.id"], {"json": {"id": "{{ 1 }}"}}) == {"task": "{{ 1 }}"}


def test_an_id_taken_from_a_url_is_its_last_segment_alone() -> None:
    last = {"ids": {"task": {"last_segment": True}}}
    location = "https://h/api/tasks/UPID%3A1/?token=t0ken"
    assert ids(["location"], {"location": location}, **last) == {"task": "UPID%3A1"}  # as the option id takes it


def test_an_id_that_is_an_address_is_taken_whole() -> None:
    path = {"ids": {"task": {"kind": "path"}}, "status": {"get": "{task}"}}
    location = f"/operations/7?api-version=1&s={'x' * 1500}&key=abc"
    assert ids(["location"], {"location": location}, **path) == {"task": location}


def test_a_body_that_was_not_taken_for_json_is_read_as_json() -> None:
    assert ids(["json.id"], {"content": '{"id": 7}', "content_type": "text/plain"}) == {"task": "7"}
    for content in ("", "{", "[" * 100_000, None, 7):
        with pytest.raises(OptionError):
            ids(["json.id"], {"content": content})


def test_an_id_that_is_given_is_not_looked_for() -> None:
    more = {"ids": {"node": {}, "task": {}}, "status": {"get": "/{node}/{task}"}}
    started_by = profile(("started_by", {"node": "json.node", "task": "json.data"}), *more.items()).started_by
    assert started_by.ids(RESULT, known={"node"}) == {"task": "UPID:1"}


def test_a_refusal_names_the_result_as_the_caller_does() -> None:
    with pytest.raises(
        OptionError, match=r"^started_by: the result of 'Oslo' has no task; expected it at json\.task\.$"
    ):
        profile(("started_by", "json.task")).started_by.ids(RESULT, "the result of 'Oslo'")


STARTS = {
    "dynatrace": (
        {
            "json": {"jobId": "-75", "jobState": "PENDING"},
            "url": "https://h/api/v2/activeGates/-15/updateJobs",
        },
        {"activegate_id": "-15", "job_id": "-75"},
    ),
    "multiplay": ({"json": {"updateid": 1234, "jobstateid": 2}}, {"update_id": "1234"}),
    "strata": ({"json": {"success": True, "job_id": "294"}}, {"job_id": "294"}),
    "strata, by its message": (
        {"json": {"success": True, "message": "CommitAndPush job enqueued with jobid 294"}},
        {"job_id": "294"},
    ),
    "strata, by a longer message": (
        {"json": {"message": "CommitAndPush job enqueued with jobid 294 for the admin"}},
        {"job_id": "294"},
    ),
    **{
        f"xclarity, {name}": ({"json": {"result": "success", name: "12"}}, {"task_id": "12"})
        for name in ("taskid", "taskID", "taskId", "TaskID", "TASKID")
    },
}


@pytest.mark.parametrize(("name", "result", "found"), [(name, *start) for name, start in STARTS.items()], ids=STARTS)
def test_each_system_without_a_profile_says_where_its_ids_are(name, result, found) -> None:
    (system,) = (system for system in SYSTEMS if system.name == name.partition(",")[0])
    started_by = system.started(read_started_by)
    assert started_by is not None
    assert started_by.ids(result) == found


@pytest.mark.parametrize("result", [None, [], "text", 7, {}, {"json": None}, {"json": ["x"]}])
def test_a_value_that_is_no_result_is_refused(result) -> None:
    with pytest.raises(OptionError):
        ids(["json.data"], result)
