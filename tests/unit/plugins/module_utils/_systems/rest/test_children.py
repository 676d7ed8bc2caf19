# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import BadReply
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.children import roll_up
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile


def job(state, **known):
    return Job(system="example", id="1", state=state, **known)


@pytest.mark.parametrize(
    ("decides", "parent", "children", "state"),
    [
        # running, then failed, then cancelled; skipped is good
        ("both", "succeeded", ["succeeded", "running"], "running"),
        ("both", "succeeded", ["failed", "running"], "running"),
        ("both", "succeeded", ["pending"], "running"),
        ("both", "succeeded", ["unknown"], "running"),
        ("both", "succeeded", ["cancelled", "failed"], "failed"),
        ("both", "succeeded", ["cancelled", "succeeded"], "cancelled"),
        ("both", "succeeded", ["skipped", "succeeded"], "succeeded"),
        ("both", "succeeded", ["skipped"], "succeeded"),
        ("both", "skipped", ["skipped"], "skipped"),
        ("both", "failed", ["succeeded"], "failed"),
        ("both", "failed", ["running"], "running"),
        ("both", "cancelled", ["failed"], "failed"),
        # more children may come while the parent goes on
        ("both", "running", ["succeeded"], "running"),
        ("both", "running", ["failed"], "running"),
        ("both", "pending", ["succeeded"], "pending"),
        ("both", "pending", ["running"], "running"),
        ("both", "unknown", ["succeeded"], "unknown"),
        # the parent alone
        ("parent", "succeeded", ["failed", "running"], "succeeded"),
        ("parent", "failed", ["succeeded"], "failed"),
        ("parent", "running", ["failed"], "running"),
        # the children, once the parent has ended
        ("children", "failed", ["succeeded"], "succeeded"),
        ("children", "succeeded", ["failed"], "failed"),
        ("children", "failed", ["running"], "running"),
        ("children", "running", ["succeeded"], "running"),
        ("children", "failed", [], "failed"),
    ],
)
def test_decides_says_whose_end_counts(decides, parent, children, state) -> None:
    rolled = roll_up(job(parent, native_state="its own"), [job(child) for child in children], decides)
    assert (rolled.state, rolled.native_state) == (state, "its own")
    assert [child.state for child in rolled.children] == children


def test_bad_children_say_why_after_the_parent() -> None:
    children = [
        job("failed", description="db1", message="no space."),
        job("succeeded", description="db2", message="fine"),
        Job("example", "3", "cancelled", native_state="STOPPED"),
        Job("example", None, "failed"),
    ]
    assert roll_up(job("failed", message="2 of 4 failed"), children).message == (
        "2 of 4 failed; db1: no space. 3: STOPPED; a child: failed"
    )
    assert roll_up(job("succeeded"), children[:1], "parent").message == "db1: no space."
    assert roll_up(job("succeeded", message="all done"), children[1:2]).message == "all done"


def test_the_reasons_of_many_bad_children_are_counted() -> None:
    children = [Job("example", str(number), "failed", message="broken") for number in range(13)]
    message = roll_up(job("failed"), children).message
    assert message.startswith("0: broken; 1: broken; ")
    assert message.endswith("9: broken; and 3 more")


def test_a_job_ends_with_its_last_child() -> None:
    parent = job("succeeded", started_at="2026-01-01T10:00:00Z", finished_at="2026-01-01T10:01:00Z", duration=60.0)
    late = job("succeeded", finished_at="2026-01-01T10:03:00Z")
    rolled = roll_up(parent, [late, job("skipped")])
    assert (rolled.finished_at, rolled.duration) == ("2026-01-01T10:03:00Z", 180.0)
    rolled = roll_up(parent, [late, job("running")])
    assert (rolled.finished_at, rolled.duration) == (None, None)
    rolled = roll_up(parent, [late], "parent")
    assert (rolled.finished_at, rolled.duration) == ("2026-01-01T10:01:00Z", 60.0)


INLINE = {
    "items": "tasks",
    "id": "id",
    "state": {"path": "s", "running": ["on"], "succeeded": ["ok"], "failed": ["bad"]},
    "fields": {"description": "name", "message": "text"},
}


def read(children, body, follow=True):
    return profile(("children", children)).read(Answer(body=body), "7", follow=follow)


def test_children_in_the_reply_are_read_with_their_own_states_and_fields() -> None:
    tasks = [{"id": 1, "s": "ok", "name": "a"}, {"id": 2, "s": "bad", "name": "b", "text": "broken"}]
    found = read(INLINE, {"status": "done", "tasks": tasks})
    assert (found.state, found.message) == ("failed", "b: broken")
    assert [(child.id, child.parent_id, child.state) for child in found.children] == [
        ("1", "7", "succeeded"),
        ("2", "7", "failed"),
    ]


def test_children_without_own_rules_for_states_are_read_like_the_job() -> None:
    found = read({"items": "tasks"}, {"status": "done", "tasks": [{"status": "running"}]})
    assert (found.state, found.children[0].state, found.children[0].id) == ("running", "running", None)


def test_a_child_that_tells_no_state_keeps_the_job_going_and_is_warned_of() -> None:
    found = read(INLINE, {"status": "done", "tasks": [{"id": 1, "s": "ok"}, {"id": 2}]})
    assert (found.state, found.children[1].state) == ("running", "unknown")
    assert found.warnings == ("The API answered without s, from which the state is read.",)


@pytest.mark.parametrize("tasks", [None, [], {}])
def test_a_reply_without_children_has_none(tasks) -> None:
    found = read(INLINE, {"status": "done", "tasks": tasks})
    assert (found.state, found.children, found.warnings) == ("succeeded", (), ())


@pytest.mark.parametrize(
    ("items", "body"),
    [
        ("tasks", {"tasks": "x"}),
        ("tasks", {"tasks": 7}),
        ("tasks", {"tasks": [{"s": "ok"}, 7]}),
        ("tasks[]", {"tasks": {"a": {"s": "bad"}}}),
        ("tasks.*", {"tasks": [{"s": "bad"}]}),
        ("groups[].tasks[]", {"groups": "x"}),
        ("groups[].tasks[]", {"groups": [{"tasks": [{"s": "ok"}]}, 7]}),
        (["subs", "tasks"], {"subs": [7], "tasks": [{"s": "ok"}]}),
    ],
)
def test_something_else_in_the_place_of_children_is_an_error_if_they_decide(items, body) -> None:
    children, body = {**INLINE, "items": items}, {"status": "done", **body}
    with pytest.raises(BadReply, match="The API answered without a list of jobs at"):
        read(children, body)
    assert read({**children, "decides": "parent"}, body).state == "succeeded"


@pytest.mark.parametrize(
    ("items", "body"),
    [
        (["tasks.list", "tasks"], {"tasks": [{"s": "ok"}]}),
        ("groups[].tasks[]", {"groups": [{"tasks": [{"s": "ok"}]}, {"name": "empty"}, {"tasks": []}]}),
    ],
)
def test_children_may_come_in_another_form_and_groups_may_have_none(items, body) -> None:
    found = read({**INLINE, "items": items}, {"status": "done", **body})
    assert [child.state for child in found.children] == ["succeeded"]


def test_children_are_ignored_with_children_false() -> None:
    found = read(INLINE, {"status": "done", "tasks": [{"s": "bad"}]}, follow=False)
    assert (found.state, found.children) == ("succeeded", ())


LINKS = {"links": "child_tasks"}
LISTED = {"get": "/tasks", "query": {"parent": "{task}"}, "items": "items", "id": "id"}


def test_links_to_children_are_addresses_or_ids_without_duplicates() -> None:
    children = profile(("children", LINKS)).children
    body = {"child_tasks": ["/tasks/8", 9, "/tasks/8", None, ""]}
    assert children.links(body, Answer(body=body)) == ["/tasks/8", "9"]
    assert children.links({"child_tasks": "/tasks/8"}, Answer()) == ["/tasks/8"]
    assert children.links({}, Answer()) == []


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("child_tasks", {"href": "/tasks/9"}),
        ("child_tasks", ["/tasks/8", {"href": "/tasks/9"}]),
        ("child_tasks", [True]),
        ("child_tasks[].href", "x"),
        ("child_tasks[].href", [{"href": "/tasks/8"}, {"url": "/tasks/9"}]),
        ("child_tasks[].href", [{"href": "/tasks/8"}, 7]),
    ],
)
def test_something_else_in_the_place_of_links_is_an_error_if_children_decide(path, links) -> None:
    body = {"child_tasks": links}
    children = profile(("children", {"links": path})).children
    with pytest.raises(BadReply, match="The API answered without addresses or ids at child_tasks"):
        children.links(body, Answer(body=body))
    reasons = profile(("children", {"links": path, "decides": "parent"})).children
    assert set(reasons.links(body, Answer(body=body))) <= {"/tasks/8"}


@pytest.mark.parametrize(
    ("kind", "link", "url"),
    [
        ({}, "8", "https://h/api/tasks/8"),
        ({}, "/api/tasks/8?x=1", "https://h/api/tasks/8?x=1"),
        ({}, "https://h/other/8", "https://h/other/8"),
        ({"last_segment": True}, "https://elsewhere/jobs/8", "https://h/api/tasks/8"),
        ({"kind": "path"}, "/other/8/", "https://h/other/8/"),
        ({"kind": "path"}, "tasks/8", "https://h/api/tasks/8"),
    ],
)
def test_a_link_to_a_child_is_an_address_or_an_id_as_its_profile_says(kind, link, url) -> None:
    path = "{task}" if "kind" in kind else "/tasks/{task}"
    known = profile(("ids", {"task": kind}), ("status.get", path), ("children", LINKS))
    assert known.child_request(link, "https://h/api", {"task": "7"}).url == url


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://evil/8", "expected a path, or a URL that begins with https://h."),
        ("//evil/8", "expected a path, or a URL that begins with https://h."),
        ("..", "expected an id, got '..'."),
    ],
)
def test_a_link_to_another_origin_is_not_followed(link, said) -> None:
    with pytest.raises(BadReply) as caught:
        profile(("children", LINKS)).child_request(link, "https://h/api", {"task": "7"})
    assert str(caught.value) == f"The link to a child is not followed: {said}"


@pytest.mark.parametrize("kind", [LINKS, LISTED])
@pytest.mark.parametrize(
    ("decides", "due"),
    [
        ("both", {"succeeded", "failed"}),
        ("children", {"succeeded", "failed"}),
        ("parent", {"failed"}),
    ],
)
def test_children_that_need_requests_are_read_after_the_end(kind, decides, due) -> None:
    children = profile(("children", {**kind, "decides": decides})).children
    assert {state for state in ("pending", "running", "succeeded", "failed") if children.due(job(state))} == due


def test_children_in_the_reply_need_no_request() -> None:
    assert not profile(("children", INLINE)).children.due(job("failed"))


def test_a_listing_of_children_names_the_parent() -> None:
    children = profile(("children", {**LISTED, "settle": 30})).children
    request = children.asking.request("https://h", {"task": "7"})
    assert (request.url, request.query, children.settle) == ("https://h/tasks", {"parent": "7"}, 30)
