# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
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
        ([{"path": ["a", "b"], "between": ["x", ""]}], "a or b between 'x' and ''"),
    ],
)
def test_a_result_without_an_id_names_the_places_and_quotes_nothing(started_by, looked) -> None:
    with pytest.raises(OptionError) as caught:
        ids(started_by)
    assert str(caught.value) == f"started_by: the result has no task for the profile example; expected it at {looked}."
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("result", [None, [], "text", 7, {}, {"json": None}, {"json": ["x"]}])
def test_what_is_no_result_has_no_id(result) -> None:
    with pytest.raises(OptionError):
        ids(["json.data"], result)
