# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``rest_job_info``, run whole: as a module with a mapping, and on the controller with a name or a file."""

from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.plugins.action.rest_job_info import ActionModule
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest import reading
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.acting import run_action

RETURNED = {"changed", "job", "jobs", "raw", "retry_after", "error", "msg", "explanation"}
OWN = {
    "schema": 1,
    "name": "my_job",
    "headers": {"X-Tenant": "{tenant}"},
    "variables": {"tenant": "main"},
    "ids": {"job": {}},
    "auth": [{"header": {"X-Key": "key {token}"}}, "basic", "none"],
    "status": {"get": "/v1/jobs/{job}", "query": {"full": "yes"}, "job": "data"},
    "state": {"path": "state", "running": "busy", "succeeded": "done", "failed": "broken"},
    "fields": {"message": "reason"},
    "listing": {"get": "/v1/jobs", "items": "data", "id": "id"},
    "error": {"when": {"ok": False}, "message": "why"},
    "hints": {"not_found": "Look again."},
}
DONE = {"data": {"state": "done", "reason": "fine"}}


def run(run_module, server, **options):
    given = {"profile": OWN, "api_url": server.url, "retries": 0, **options}
    return run_module("rest_job_info", {name: value for name, value in given.items() if value is not None})


def test_a_job_is_read_and_explained(server, run_module) -> None:
    server.on("GET /v1/jobs/a%2Fb", reply(DONE))
    got = run(run_module, server, id="a/b", token="the-secret-token")
    assert got.keys() - {"invocation"} == RETURNED
    assert (got["job"]["system"], got["job"]["id"], got["job"]["state"]) == ("my_job", "a/b", "succeeded")
    assert (got["job"]["message"], got["raw"], got["msg"]) == ("fine", DONE, "my_job a/b succeeded (done).")
    assert got["explanation"] == [
        {
            "id": "a/b",
            "parent_id": None,
            "error": None,
            "values": {"path": "done"},
            "rule": "state.succeeded",
            "not_found": [],
            "advice": [],
        }
    ]
    (asked,) = server.requests
    assert (asked.query, asked.headers["X-Key"], asked.headers["X-Tenant"]) == (
        {"full": "yes"},
        "key the-secret-token",
        "main",
    )
    assert "the-secret-token" not in json.dumps(got)


@pytest.mark.parametrize(
    ("given", "header", "value"),
    [
        ({"username": "me", "password": "the-password"}, "Authorization", "Basic bWU6dGhlLXBhc3N3b3Jk"),
        ({}, "Authorization", None),
        ({"variables": {"tenant": "other"}}, "X-Tenant", "other"),
    ],
)
def test_the_first_way_to_log_in_whose_options_are_all_given_is_taken(server, run_module, given, header, value) -> None:
    server.on("GET /v1/jobs/7", reply(DONE))
    assert run(run_module, server, id=7, **given)["job"]["succeeded"]
    assert server.requests[0].headers.get(header) == value


def test_a_job_may_be_read_by_a_post_request(server, run_module) -> None:
    status = {"post": "/v1/query", "json": {"job": "{job}", "deep": [{"tenant": "{tenant}"}]}, "job": "data"}
    server.on("POST /v1/query", reply(DONE))
    assert run(run_module, server, profile={**OWN, "status": status}, id="7")["job"]["succeeded"]
    assert json.loads(server.requests[0].body) == {"job": "7", "deep": [{"tenant": "main"}]}


def test_jobs_are_listed_page_by_page_up_to_the_limit(server, run_module) -> None:
    pages = [{"data": [{"id": f"{page}{n}", "state": "busy"} for n in range(2)]} for page in (1, 2, 3)]
    server.on("GET /v1/jobs", *map(reply, pages))
    profile = {**OWN, "listing": {**OWN["listing"], "pages": {"page": "p"}}}
    got = run(run_module, server, profile=profile, limit=3)
    assert ([job["id"] for job in got["jobs"]], got["job"], got["msg"]) == (["10", "11", "20"], None, "3 jobs.")
    assert got["raw"] == pages[:2]
    assert [request.query for request in server.requests] == [{"p": "1"}, {"p": "2"}]
    assert [one["rule"] for one in got["explanation"]] == ["state.running"] * 3


def test_certain_jobs_can_be_listed_if_the_api_can_be_asked_for_them(server, run_module) -> None:
    server.on("GET /v1/jobs", reply({"data": [{"id": "7", "state": "busy"}, {"id": "8", "state": "done"}]}))
    profile = {**OWN, "listing": {**OWN["listing"], "filter": {"parameter": "ids", "separator": "|"}}}
    got = run(run_module, server, profile=profile, only=[7, "8"])
    assert ([job["id"] for job in got["jobs"]], server.requests[0].query) == (["7", "8"], {"ids": "7|8"})


def test_a_listing_that_repeats_its_last_page_ends(server, run_module) -> None:
    server.on("GET /v1/jobs", reply({"data": [{"id": "1", "state": "busy"}]}))
    profile = {**OWN, "listing": {**OWN["listing"], "pages": {"page": "p"}}}
    assert len(run(run_module, server, profile=profile)["jobs"]) == 1
    assert len(server.requests) == 2


CHILDREN = {
    "inline": {"items": "parts", "id": "id"},
    "links": {"links": "parts"},
    "listing": {"get": "/v1/jobs/{job}/parts", "items": "data", "id": "id"},
}


@pytest.mark.parametrize("kind", CHILDREN)
def test_children_are_rolled_up(server, run_module, kind) -> None:
    parts = [{"id": "8", "state": "done"}, {"id": "9", "state": "broken", "reason": "disk full"}]
    own = {"state": "done", "parts": parts if kind == "inline" else ["8", "/v1/jobs/9"]}
    server.on("GET /v1/jobs/7", reply({"data": own}))
    server.on("GET /v1/jobs/7/parts", reply({"data": parts}))
    for part in parts:
        server.on(f"GET /v1/jobs/{part['id']}", reply({"data": part}))
    profile = {**OWN, "children": CHILDREN[kind]}
    got = run(run_module, server, profile=profile, id="7")
    assert (got["job"]["state"], got["job"]["message"]) == ("failed", "9: disk full")
    assert [child["state"] for child in got["job"]["children"]] == ["succeeded", "failed"]
    alone = run(run_module, server, profile=profile, id="7", children=False)
    assert (alone["job"]["state"], alone["job"]["children"]) == ("succeeded", [])


def test_all_children_are_read_whatever_the_limit_of_a_listing_is(server, run_module, monkeypatch) -> None:
    parts = [{"id": str(number), "state": "broken" if number == 5 else "done"} for number in range(6)]
    pages = {str(page): reply({"data": parts[2 * page - 2 : 2 * page]}) for page in range(1, 5)}
    server.on("GET /v1/jobs/7", reply({"data": {"state": "done"}}))
    server.on("GET /v1/jobs/7/parts", lambda request: pages[request.query["p"]])
    profile = {**OWN, "children": {**CHILDREN["listing"], "pages": {"page": "p"}}}
    got = run(run_module, server, profile=profile, id="7", limit=2)
    assert (got["job"]["state"], len(got["job"]["children"])) == ("failed", 6)
    monkeypatch.setattr(reading, "MOST_PAGES", 2)
    got = run(run_module, server, profile=profile, id="7")
    said = "The children are on more than 2 pages, so that not all of them can be told; children: false reads the job alone."
    assert (got["failed"], got["error"]["message"], got["job"]["state"]) == (True, said, "running")


def test_children_without_ids_that_look_alike_are_read_from_all_pages(server, run_module) -> None:
    good, bad = {"state": "done"}, {"state": "broken"}
    pages = {"1": [good, good], "2": [good, good], "3": [good, bad], "4": []}
    server.on("GET /v1/jobs/7", reply({"data": {"state": "done"}}))
    server.on("GET /v1/jobs/7/parts", lambda request: reply({"data": pages[request.query["p"]]}))
    listing = {name: value for name, value in CHILDREN["listing"].items() if name != "id"}
    got = run(run_module, server, profile={**OWN, "children": {**listing, "pages": {"page": "p"}}}, id="7")
    assert (got["job"]["state"], len(got["job"]["children"])) == ("failed", 6)


@pytest.mark.parametrize("children", ["links", "listing"])
def test_odd_children_are_an_error_of_the_job_that_has_them(server, run_module, children) -> None:
    server.on("GET /v1/jobs/7", reply({"data": {"state": "done", "parts": [{"x": 1}]}}))
    server.on("GET /v1/jobs/7/parts", reply({"data": "none"}))
    got = run(run_module, server, profile={**OWN, "children": CHILDREN[children]}, id="7")
    assert (got["failed"], got["error"]["kind"], got["job"]) == (True, "protocol", None)
    assert got["error"]["message"].startswith("The API answered without ")


def test_a_listing_of_children_without_a_list_does_not_mean_that_there_are_none(server, run_module) -> None:
    server.on("GET /v1/jobs/7", reply({"data": {"state": "done"}}))
    server.on("GET /v1/jobs/7/parts", reply({"warming": "up"}))
    got = run(run_module, server, profile={**OWN, "children": CHILDREN["listing"]}, id="7")
    said = "The API answered without a list of jobs at data."
    assert (got["failed"], got["error"]["message"], got["job"]["state"]) == (True, said, "running")
    server.on("GET /v1/jobs/7", reply({"data": {"state": "broken"}}))
    children = {**CHILDREN["listing"], "decides": "parent"}  # only their reasons are missing
    assert run(run_module, server, profile={**OWN, "children": children}, id="7")["job"]["state"] == "failed"


def test_children_that_cannot_be_read_leave_the_jobs_own_state(server, run_module) -> None:
    server.on("GET /v1/jobs/7", reply({"data": {"state": "done", "parts": ["https://evil.example.com/8"]}}))
    got = run(run_module, server, profile={**OWN, "children": CHILDREN["links"]}, id="7")
    assert got["failed"]
    assert got["msg"].startswith("The link to a child is not followed: expected a path, or a URL that begins with http")
    assert (got["job"]["id"], got["error"]["kind"]) == ("7", "protocol")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (reply({"why": "no such job."}, 404), "not_found", " answered HTTP 404: no such job. Look again. If it"),
        (reply({"ok": False, "why": "busy"}), "rejected", " answered HTTP 200: busy."),
        (reply("plain reason", 500), "unavailable", " answered HTTP 500: plain reason."),
        (reply("<html>", 200), "web_page", "a web page where JSON was due"),
        (reply([1]), "protocol", "The API answered without a job at data."),
        (reply({"data": {"state": {}}}), "protocol", "where a word for the state was expected."),
        (reply(b"", 204), "incomplete", None),
    ],
)
def test_a_reply_that_is_no_job_fails_with_one_sentence(server, run_module, answer, kind, message) -> None:
    server.on("GET /v1/jobs/7", answer)
    got = run(run_module, server, id="7")
    assert got.keys() - {"invocation", "failed"} == RETURNED
    if message:
        assert (got["failed"], got["error"]["kind"]) == (True, kind)
        assert message in got["msg"]
    else:
        assert got["failed"]


MISSING = [{"code": 7}, {"why": "*gone*"}]
EXPLAINED = {
    "a status": (
        reply({"why": "too many", "code": 5}, 429),
        "It is an error (status 429): too many",
        {"$status": 429, "code": 5, "why": "too many", "ok": None},
        "$status",
        [],
    ),
    "a rule for what is missing": (
        reply({"why": "it is gone"}),
        "It is an error (status 404): it is gone",
        {"$status": 200, "code": None, "why": "it is gone", "ok": None},
        "error.missing_when[1]",
        [],
    ),
    "a rule for errors": (
        reply({"ok": False}),
        "It is an error (status 400): no message found",
        {"$status": 200, "code": None, "why": None, "ok": False},
        "error.when",
        ["error.message: why"],
    ),
    "no job": (reply([1]), "The API answered without a job at data.", {}, None, []),
}


@pytest.mark.parametrize(("answer", "error", "values", "rule", "not_found"), EXPLAINED.values(), ids=EXPLAINED)
@pytest.mark.parametrize("children", [None, {"links": "parts"}], ids=["alone", "with children"])
def test_an_error_is_explained_by_what_was_read(
    server, run_module, answer, error, values, rule, not_found, children
) -> None:
    own = {**OWN, "error": {**OWN["error"], "missing_when": MISSING}, **({"children": children} if children else {})}
    server.on("GET /v1/jobs/7", answer)
    got = run(run_module, server, profile=own, id="7")
    assert got["failed"]
    explained = {"error": error, "values": values, "rule": rule, "not_found": not_found, "advice": []}
    assert got["explanation"] == [{"id": "7", "parent_id": None, **explained}]


def test_a_reply_without_a_word_for_the_state_is_explained(server, run_module) -> None:
    server.on("GET /v1/jobs/7", reply({"data": {"reason": "x"}}))
    for children in ({}, {"children": {"links": "parts"}}):
        got = run(run_module, server, profile={**OWN, **children}, id="7")
        said = "The API answered without state, from which the state is read."
        (one,) = got["explanation"]
        assert (got["msg"], one["not_found"], one["advice"]) == (said, ["state.path: state"], [said])


@pytest.mark.parametrize("kind", ["inline", "links", "listing"])
def test_children_are_explained_after_their_parent(server, run_module, kind) -> None:
    parts = [{"id": "8", "state": "done"}, {"id": "9", "state": "lost"}]
    own = {"state": "done", "parts": parts if kind == "inline" else ["8", "9"]}
    server.on("GET /v1/jobs/7", reply({"data": own}))
    server.on("GET /v1/jobs/7/parts", reply({"data": parts}))
    for part in parts:
        server.on(f"GET /v1/jobs/{part['id']}", reply({"data": part}))
    got = run(run_module, server, profile={**OWN, "children": CHILDREN[kind]}, id="7")
    found = [(one["id"], one["parent_id"], one["rule"], one["values"]) for one in got["explanation"]]
    assert found == [
        ("7", None, "state.succeeded", {"path": "done"}),
        ("8", "7", "state.succeeded", {"path": "done"}),
        ("9", "7", None, {"path": "lost"}),
    ]
    assert (
        len(run(run_module, server, profile={**OWN, "children": CHILDREN[kind]}, id="7", children=False)["explanation"])
        == 1
    )


def test_a_child_that_is_an_error_is_explained_with_what_was_read_before(server, run_module) -> None:
    server.on("GET /v1/jobs/7", reply({"data": {"state": "done", "parts": ["8", "9"]}}))
    server.on("GET /v1/jobs/8", reply({"data": {"state": "done"}}))
    server.on("GET /v1/jobs/9", reply({"why": "not yours"}, 403))
    got = run(run_module, server, profile={**OWN, "children": CHILDREN["links"]}, id="7")
    assert got["error"]["kind"] == "forbidden"
    assert [(one["id"], one["parent_id"], one["error"]) for one in got["explanation"]] == [
        ("7", None, None),
        ("8", "7", None),
        (None, "7", "It is an error (status 403): not yours"),
    ]


def test_a_reply_that_is_no_listing_is_explained(server, run_module) -> None:
    server.on("GET /v1/jobs", reply({"items": []}))
    (one,) = run(run_module, server)["explanation"]
    assert one["error"] == "The API answered without a list of jobs at data."


def test_a_missing_job_that_may_be_missing_is_explained(server, run_module) -> None:
    server.on("GET /v1/jobs/7", reply({"why": "gone"}, 404))
    got = run(run_module, server, id="7", on_missing="ignore")
    assert (got["job"], got["explanation"][0]["rule"]) == (None, "$status")


def test_the_status_and_headers_that_decide_are_part_of_the_reply(server, run_module) -> None:
    state = {
        "values": {"code": "$status", "where": "$header.Location"},
        "rules": [
            {"state": "running", "when": {"code": 202}},
            {"state": "succeeded", "when": {"where": {"present": True}}},
            {"state": "failed", "when": {"code": 409}},
        ],
    }
    profile = {**OWN, "status": {"get": "/v1/jobs/{job}", "answers": [409]}, "state": state}
    del profile["listing"]
    server.on(
        "GET /v1/jobs/7",
        reply(b"", 202),
        reply({}, 409),
        reply({}, 200, [("Location", "/x"), ("Set-Cookie", "secret=1")]),
    )
    got = [run(run_module, server, profile=profile, id="7") for _time in range(3)]
    assert [one["job"]["state"] if one["job"] else one["msg"] for one in got] == ["running", "failed", "succeeded"]
    assert got[0]["raw"] == {"status": 202, "headers": {}, "body": None}
    assert got[2]["raw"] == {"status": 200, "headers": {"location": "/x"}, "body": {}}
    server.on("GET /v1/jobs/7", reply({}, 200, [("Location", "/x\x9b2J\x7f")]))
    assert run(run_module, server, profile=profile, id="7")["raw"]["headers"] == {"location": "/x 2J "}
    again = run(run_module, server, profile=profile, id="7", reply=got[2]["raw"])
    assert again["job"] == got[2]["job"]


WRONG = {
    "no profile": ({"profile": None}, "profile is required."),
    "no address": ({"api_url": None}, "api_url is required (or REST_JOB_API_URL in the environment)."),
    "no mapping": ({"profile": "my_job"}, "profile: expected a dictionary, got text; names are for the controller."),
    "a mistake": ({"profile": {**OWN, "nmae": "x"}}, "profile: nmae: there is no such key; expected name."),
    "an unknown id": ({"id": {"jib": "7"}}, "id.jib: there is no such id; expected job."),
    "a decimal id": ({"id": 1.5}, "id: expected text, got a number; write it in quotes."),
    "an empty id": ({"id": " "}, "id is empty, so it names nothing; leave it out to ask for all."),
    "a segment": ({"id": ".."}, "id: expected an id, got '..'."),
    "an unknown variable": (
        {"variables": {"tenat": "x"}},
        "variables.tenat: there is no such variable; expected tenant.",
    ),
    "half of an account": ({"username": "x", "auth_method": "basic"}, "password: it is missing; this profile takes "),
    "another way": (
        {"auth_method": "session"},
        "auth_method: this profile has no such way to log in; expected header, basic or none.",
    ),
    "an override": (
        {"state_overrides": {"done": "good"}},
        "state_overrides.done: 'good'; expected pending, running, succeeded, failed, cancelled or skipped.",
    ),
    "no id and no listing": (
        {"id": None, "profile": {key: value for key, value in OWN.items() if key != "listing"}},
        "id is required, because the profile my_job has no listing.",
    ),
    "a limit": ({"limit": 0, "id": None}, "limit: expected 1 or more, got 0."),
    "certain jobs": ({"only": ["7"], "id": None}, "only: the listing of this profile cannot be asked for certain jobs"),
    "no jobs": ({"only": [], "id": None}, "only is empty, so it names nothing; leave it out to list all."),
    "no text": ({"only": [1.5], "id": None}, "only[0]: expected text, got a number; write it in quotes."),
    "a header": ({"variables": {"tenant": "a\nb"}}, "tenant: expected printable ASCII characters, because it is sent "),
}


@pytest.mark.parametrize(("options", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_one_sentence_and_nothing_is_sent(server, run_module, options, sentence) -> None:
    got = run(run_module, server, **{"id": "7", **options})
    assert got["failed"]
    assert got["msg"].startswith(sentence)
    assert got["error"]["kind"] == "configuration"
    assert server.requests == []


def test_a_profile_is_tried_offline(server, run_module) -> None:
    got = run(run_module, server, api_url=None, id="7", reply={"data": {"state": "novel", "reason": None}})
    assert (got["job"]["state"], got["explanation"][0]["rule"]) == ("unknown", None)
    assert got["explanation"][0]["not_found"] == ["fields.message: reason"]
    assert "add it to state of the profile my_job" in got["explanation"][0]["advice"][0]
    got = run(run_module, server, api_url=None, id="7", reply={"status": 404, "body": {"why": "gone"}})
    assert got["msg"].startswith("The reply answered HTTP 404: gone.")
    assert server.requests == []


def act(server, **options):
    given = {"api_url": server.url, "retries": 0, **options}
    return run_action(ActionModule, given, name="rest_job_info", transport="local")


def test_on_the_controller_a_profile_has_a_name_or_a_file(server, tmp_path) -> None:
    server.on("GET /api/tasks/7", reply({"ID": 7, "Name": "publish", "State": 2}))
    server.on("GET /v1/jobs/7", reply(DONE))
    got = act(server, profile="aptly_task", id=7)
    assert (got["job"]["system"], got["job"]["state"]) == ("aptly_task", "succeeded")
    (tmp_path / "mine.json").write_text(json.dumps(OWN), encoding="utf-8")
    assert act(server, profile=f"{tmp_path}/mine.json", id=7)["job"]["system"] == "my_job"
    got = act(server, profile="aptly_tsk", id=7)
    assert got["msg"].startswith("profile: the collection has no profile 'aptly_tsk'. Did you mean aptly_task")


def test_a_profile_of_the_library_reads_its_environment_variables(server, monkeypatch) -> None:
    monkeypatch.setenv("PROXMOX_USER", "root@pam")
    monkeypatch.setenv("PROXMOX_PASSWORD", "from-the-environment")
    server.on("GET /api2/json/nodes/n/tasks/u/status", reply({"data": {"status": "running"}}))
    ids = {"node": "n", "upid": "u"}
    got = act(server, profile="proxmox_task", id=ids, token="root@pam!a=b")
    assert got["job"]["state"] == "running"
    assert server.requests[0].headers["Authorization"] == "PVEAPIToken=root@pam!a=b"
    assert got["msg"] == "proxmox_task n/u is running."
    for wrong, sentence in (
        ("u", "id: expected a dictionary with node and upid, got text."),
        ("{node: n", "id: expected a dictionary with node and upid, got text."),
        ({"upid": "u"}, "id.node: it is missing."),
        ({}, "id.node: it is missing."),
    ):
        assert act(server, profile="proxmox_task", id=wrong, token="t")["msg"] == sentence
