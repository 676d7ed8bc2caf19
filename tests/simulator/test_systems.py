# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four APIs: authentication, replies, listings, errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

DYNATRACE = "/api/v2/activeGates/-1556499193/updateJobs"
STRATA = "/config/operations/v1/jobs"
MULTIPLAY = "/cfp/v1/imageupdate/7/status?accountserviceid=4242"
XCLARITY = "/updateRepositories/firmware/status?tasktype=EXPORTREPOSITORY&taskid="


def job(system: str, job_id: str, *states: str, **more: Any) -> dict[str, Any]:
    """A job whose states last ten seconds each."""
    stages = [{"state": state, "for": 10} for state in states[:-1]] + [{"state": states[-1]}]
    return {"system": system, "id": job_id, "stages": stages, **more}


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{DYNATRACE}/1", 401), (f"{STRATA}/1", 401), (MULTIPLAY, 401), (f"{XCLARITY}1", 401)],
)
def test_a_request_without_credentials_is_refused(stage: Any, path: str, status: int) -> None:
    reply = stage.http.get(path)
    assert reply.status_code == status
    assert {"error", "_errors", "error_message", "result"} & set(reply.json())


def test_an_unknown_path_is_answered_in_plain_words(stage: Any) -> None:
    reply = stage.http.get("/api/v3/jobs")
    assert reply.status_code == 404
    assert "The simulator has no GET /api/v3/jobs. It has the prefixes /api/v2," in reply.text


def test_an_encoded_slash_stays_in_its_segment(stage: Any) -> None:
    stage.play(job("strata", "a/b ?", "FIN/OK"))
    assert stage.get("strata", f"{STRATA}/a%2Fb%20%3F").json()["data"][0]["id"] == "a/b ?"


def test_dynatrace_tells_a_job_from_its_start_to_its_end(stage: Any) -> None:
    stage.play(job("dynatrace", "-7", "IN_PROGRESS", "FAILED"))
    body = stage.get("dynatrace", f"/e/abc{DYNATRACE}/-7").json()
    assert (body["jobState"], body["timestamp"], body["duration"], body["error"]) == ("IN_PROGRESS", None, None, None)
    stage.seconds = 15
    body = stage.get("dynatrace", f"{DYNATRACE}/-7").json()
    assert (body["jobState"], body["timestamp"], body["duration"]) == ("FAILED", 1_700_049_610_000, 10_000)
    assert stage.get("dynatrace", "/api/v2/activeGates/5/updateJobs/-7").json()["error"]["code"] == 404


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["3", "2", "1"]),
        ("from=now-2h", ["3", "2"]),
        ("from=now-2h&to=now-30m", ["2"]),
        ("from=1700049599000", ["3"]),
        ("from=2023-11-15T13:59:59%2B02:00", ["3"]),
        ("from=now-1h/d", ["3", "2", "1"]),
        ("updateType=ACTIVE_GATE", ["2"]),
        ("lastUpdates=true", ["3", "2"]),
        ("targetVersion=1.200.0&targetVersionCompareType=GREATER_EQUAL", ["3"]),
        ("targetVersion=1.198.0", ["2", "1"]),
    ],
)
def test_dynatrace_filters_its_listings(stage: Any, query: str, ids: list[str]) -> None:
    stage.play(
        job("dynatrace", "1", "SUCCEED", age=3 * 3600),
        job("dynatrace", "2", "SUCCEED", age=3600, body={"updateType": "ACTIVE_GATE"}),
        job("dynatrace", "3", "IN_PROGRESS", body={"targetVersion": "1.201.5.20200630-114457"}),
    )
    body = stage.get("dynatrace", f"{DYNATRACE}?{query}").json()
    assert [entry["jobId"] for entry in body["updateJobs"]] == ids
    assert stage.get("dynatrace", f"/api/v2/activeGates/updateJobs?{query}").json()["allUpdateJobs"] == [
        body,
        {"agId": "1513404008", "updateJobs": []},
    ]


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=now-2M", "to=now-3w", "updateType=X", "startVersion=1", "startVersionCompareType=X"],
)
def test_dynatrace_refuses_bad_filters(stage: Any, query: str) -> None:
    error = stage.get("dynatrace", f"{DYNATRACE}?{query}").json()["error"]
    assert error["code"] == 400
    assert error["constraintViolations"][0]["parameterLocation"] == "QUERY"


def test_dynatrace_lists_the_jobs_of_its_default_time_frame(stage: Any) -> None:
    stage.play(job("dynatrace", "1", "SUCCEED", age=2 * 86400), job("dynatrace", "2", "SUCCEED", age=8 * 86400))
    assert [entry["jobId"] for entry in stage.get("dynatrace", DYNATRACE).json()["updateJobs"]] == ["1"]
    everything = stage.get("dynatrace", "/api/v2/activeGates/updateJobs").json()["allUpdateJobs"]
    assert everything[0]["updateJobs"] == []


def test_dynatrace_validates_creates_and_cancels_a_job(stage: Any) -> None:
    headers = stage.headers("dynatrace")
    assert stage.http.post(f"{DYNATRACE}/validator", headers=headers, json={"targetVersion": "x"}).status_code == 400
    assert (
        stage.http.post(f"{DYNATRACE}/validator", headers=headers, json={"targetVersion": "latest"}).status_code == 204
    )
    reply = stage.http.post(DYNATRACE, headers=headers, json={"targetVersion": "1.198.0.20200630-163221"})
    made = reply.json()
    assert (reply.status_code, made["jobState"], made["updateMethod"], made["timestamp"]) == (
        201,
        "PENDING",
        None,
        None,
    )
    assert made["jobId"].startswith("-")
    assert stage.get("dynatrace", f"{DYNATRACE}/{made['jobId']}").json()["targetVersion"] == "1.198.0.20200630-163221"
    assert stage.http.delete(f"{DYNATRACE}/{made['jobId']}", headers=headers).status_code == 204
    assert stage.get("dynatrace", f"{DYNATRACE}/{made['jobId']}").status_code == 404


def test_strata_job_has_strings_only(stage: Any) -> None:
    stage.play(job("strata", "294", "ACT", "FIN/FAIL"))
    (item,) = stage.get("strata", f"{STRATA}/294").json()["data"]
    assert all(isinstance(value, str) for value in item.values())
    assert (item["status_str"], item["result_str"], item["job_result"], item["percent"]) == ("ACT", "PEND", "0", "50")
    assert item["end_ts"] == item["last_update"] == "2023-11-15 12:00:00"
    assert json.loads(item["details"])["errors"] == []
    stage.seconds = 99
    (item,) = stage.get("strata", f"{STRATA}/294").json()["data"]
    assert (item["status_str"], item["result_str"], item["end_ts"]) == ("FIN", "FAIL", "2023-11-15 12:00:10")


def test_strata_can_answer_in_its_documented_shape(stage: Any) -> None:
    stage.play(job("strata", "294", "FIN/OK", shape="bare"))
    body = stage.get("strata", f"{STRATA}/294").json()
    assert (body["id"], body["percent"], body["end_ts"]) == (294, 100, "2023-11-15T12:00:00.000Z")


def test_strata_listing_has_children_and_pages(stage: Any) -> None:
    child = {"id": "295", "after": -1, "device_name": "fw1", "stages": [{"state": "FIN/OK"}]}
    stage.play(job("strata", "294", "ACT", "FIN/OK", children=[child]), job("strata", "290", "FIN/OK", age=50))
    assert stage.get("strata", STRATA).json()["total"] == 2
    stage.seconds = 9
    page = stage.get("strata", f"{STRATA}?limit=2&offset=0").json()
    assert (page["total"], page["limit"], page["offset"]) == (3, 2, 0)
    assert [(row["id"], row["parent_id"], row["device_name"]) for row in page["data"]] == [
        ("295", "294", "fw1"),
        ("294", "0", ""),
    ]
    assert "description" in page["data"][0]
    assert "details" not in page["data"][0]
    assert [row["id"] for row in stage.get("strata", f"{STRATA}?limit=2&offset=2").json()["data"]] == ["290"]
    assert stage.get("strata", f"{STRATA}?limit=many").json()["_errors"][0]["code"] == "E003"


def test_strata_answers_a_missing_job_with_an_error_or_an_empty_list(stage: Any) -> None:
    assert stage.get("strata", f"{STRATA}/1").json()["_errors"][0]["code"] == "E005"
    stage.play(settings={"strata": {"missing": "empty"}})
    assert stage.get("strata", f"{STRATA}/1").json() == {"data": []}


def test_strata_tokens_expire(stage: Any) -> None:
    stage.play(job("strata", "1", "FIN/OK"))
    headers = stage.headers("strata")
    stage.seconds = 898
    assert stage.http.get(f"{STRATA}/1", headers=headers).status_code == 200
    stage.seconds = 899
    assert stage.http.get(f"{STRATA}/1", headers=headers).status_code == 401
    headers = stage.headers("strata")
    stage.http.post("/_sim/expire", json={"system": "strata"})
    assert stage.http.get(f"{STRATA}/1", headers=headers).status_code == 401
    assert stage.http.get("/_sim/stats").json()["strata"]["tokens_issued"] == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"scope": "tsg_id:9"}, (400, "invalid_scope")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
def test_strata_refuses_a_wrong_token_request(stage: Any, change: dict[str, str], error: tuple[int, str]) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "sim@1234567890.iam.panserviceaccount.com",
        "client_secret": "sim-client-secret",
        "scope": "tsg_id:1234567890",
    }
    reply = stage.http.post("/auth/v1/oauth2/access_token", data={**form, **change})
    assert (reply.status_code, reply.json()["error"]) == error


def test_strata_push_starts_a_child_for_each_folder(stage: Any) -> None:
    body = {"folders": ["Mobile Users", "Remote Networks"], "description": "change 42"}
    url = "/config/operations/v1/config-versions/candidate:push"
    made = stage.http.post(url, headers=stage.headers("strata"), json=body).json()
    assert made["message"] == f"CommitAndPush job enqueued with jobid {made['job_id']}"
    stage.seconds = 30
    rows = stage.get("strata", STRATA).json()["data"]
    assert [row["parent_id"] for row in rows] == [made["job_id"], made["job_id"], "0"]
    assert rows[2]["description"] == "change 42"
    assert {row["description"] for row in rows[:2]} == {
        "Mobile Users configuration pushed to cloud",
        "Remote Networks configuration pushed to cloud",
    }


def test_multiplay_tells_a_job_from_its_start_to_its_end(stage: Any) -> None:
    stage.play(job("multiplay", "7", "2", "Running", "Completed"))
    body = stage.get("multiplay", MULTIPLAY).json()
    assert (body["jobstateid"], body["jobstatename"], body["jobstart"], body["success"]) == (2, "Pending", None, True)
    stage.seconds = 10
    body = stage.get("multiplay", "/cfp/v1/imageupdate/status?accountserviceid=4242&updateid=7").json()
    assert (body["jobstateid"], body["jobstart"], body["jobeta"]) == (4, "1700049600", 1700049620)
    stage.seconds = 20
    body = stage.get("multiplay", MULTIPLAY).json()
    assert (body["jobstateid"], body["jobstatename"], body["jobprogress"], body["updateid"]) == (5, "Completed", 100, 7)


@pytest.mark.parametrize(
    "path", [MULTIPLAY, "/cfp/v1/imageupdate/7/status", "/cfp/v1/imageupdate/7/status?accountserviceid=1"]
)
def test_multiplay_errors_come_with_status_200(stage: Any, path: str) -> None:
    reply = stage.get("multiplay", path)
    assert reply.status_code == 200
    body = reply.json()
    assert set(body) == {"messages", "error_code", "error_message", "_debug", "success", "error"}
    assert (body["success"], body["error"]) == (False, True)


@pytest.mark.parametrize(("shape", "lacks"), [("id_only", "jobstatename"), ("name_only", "jobstateid")])
def test_multiplay_can_leave_out_fields_of_a_job(stage: Any, shape: str, lacks: str) -> None:
    stage.play(job("multiplay", "7", "Paused", shape=shape))
    assert lacks not in stage.get("multiplay", MULTIPLAY).json()


def test_multiplay_create_hides_the_secret_in_the_log(stage: Any) -> None:
    url = "/cfp/v1/imageupdate/create?imageid=1&desc=x&machineid=2&accountserviceid=4242"
    assert stage.get("multiplay", url).json()["error_message"] == "Missing required parameter: url"
    made = stage.get("multiplay", f"{url}&url=s3://key:hunter2@bucket").json()
    assert made["updateid"] > 0
    assert "hunter2" not in stage.http.get("/_sim/requests").text


def test_xclarity_has_sessions_with_a_csrf_token_and_a_logout(stage: Any) -> None:
    stage.play(job("xclarity", "12", "running", "complete"))
    reply = stage.http.post("/sessions", json={"UserId": "sim-user", "password": "sim-Passw0rd"})
    csrf = reply.json()["response"]["session"]["csrf"]
    assert reply.cookies["csrf"] == csrf
    assert {"JSESSIONID", "inactivityTimeout", "user"} < set(reply.cookies)
    assert stage.http.get(f"{XCLARITY}12").status_code == 403
    headers = {"X-Csrf-Token": csrf}
    assert stage.http.get(f"{XCLARITY}12", headers=headers).json()["state"] == "running"
    assert stage.http.delete("/sessions", headers=headers).status_code == 200
    assert stage.http.get(f"{XCLARITY}12", headers=headers).status_code == 401
    assert stage.http.post("/sessions", json={"UserId": "sim-user", "password": "x"}).status_code == 401
    stats = stage.http.get("/_sim/stats").json()["xclarity"]
    assert (stats["logins"], stats["logouts"], stats["open_sessions"]) == (1, 1, 0)


def test_xclarity_refuses_requests_until_the_password_is_changed(stage: Any) -> None:
    stage.play(job("xclarity", "12", "running"), settings={"xclarity": {"password": "must_change"}})
    reply = stage.http.post("/sessions", json={"UserId": "sim-user", "password": "sim-Passw0rd"})
    assert (reply.status_code, reply.json()["response"]["pwChangeRequired"]) == (200, True)
    headers = {"X-Csrf-Token": reply.json()["response"]["session"]["csrf"]}
    assert stage.http.get(f"{XCLARITY}12", headers=headers).status_code == 403


def test_xclarity_tells_a_task_to_its_end(stage: Any) -> None:
    stage.play(job("xclarity", "12", "running", "complete/failure"))
    stage.seconds = 10
    body = stage.get("xclarity", f"{XCLARITY}12").json()
    assert (body["state"], body["progress"], body["errorMsg"]["result"]) == ("complete", 100, "failure")
    wrong = "/updateRepositories/firmware/status?tasktype=exportrepository&taskid=12"
    assert stage.get("xclarity", wrong).status_code == 400
    assert stage.get("xclarity", "/updateRepositories/firmware/status?taskType=EXPORTREPOSITORY&taskid=12").is_success
    assert stage.get("xclarity", f"{XCLARITY}13").json()["result"] == "failure"


@pytest.mark.parametrize(
    ("shape", "path"),
    [("object", ("errorMsg",)), ("list", ("errorMsg", 0)), ("status", ("status",)), ("updates_by_mt", ("status",))],
)
def test_xclarity_can_answer_in_each_known_shape(stage: Any, shape: str, path: tuple[Any, ...]) -> None:
    stage.play(job("xclarity", "12", "complete", shape=shape))
    found = stage.get("xclarity", f"{XCLARITY}12").json()
    for part in path:
        found = found[part]
    assert found["messages"][0]["id"] == "FQXHMUP2500I"


@pytest.mark.parametrize("listing", ["list", "object", "wrapped"])
def test_xclarity_lists_the_running_tasks(stage: Any, listing: str) -> None:
    stage.play(
        job("xclarity", "12", "running"), job("xclarity", "13", "complete"), settings={"xclarity": {"listing": listing}}
    )
    body = stage.get("xclarity", f"{XCLARITY}0").json()
    (task,) = {"list": lambda: body, "object": lambda: [body], "wrapped": lambda: body["tasks"]}[listing]()
    assert (task["taskIds"], task["state"]) == ("12", "running")


def test_xclarity_export_creates_a_task(stage: Any) -> None:
    url = "/updateRepositories/firmware?action=export&filetypes=all"
    made = stage.http.put(url, headers=stage.headers("xclarity"), json={"fixids": ["x"]}).json()
    assert stage.get("xclarity", f"{XCLARITY}{made['taskid']}").json()["state"] == "created"


def test_the_control_interface_answers_a_bad_body_with_one_sentence(stage: Any) -> None:
    reply = stage.http.post("/_sim/scenario", json={"jobs": [{"system": "strata", "stages": [{}]}]})
    assert (reply.status_code, reply.json()) == (400, {"error": "jobs[0].stages[0].state: Field required"})
    assert stage.http.post("/_sim/scenario", content=b"{").json()["error"].startswith("the body is no JSON: ")
    assert stage.http.post("/_sim/expire", json={"system": "x"}).json()["error"].startswith("system: must be one of")


def test_the_control_interface_logs_requests_and_resets(stage: Any) -> None:
    stage.play(job("strata", "1", "FIN/OK"), faults=[{"kind": "status", "job": "1", "times": 1}])
    stage.get("strata", f"{STRATA}/1")
    first, second = stage.http.get("/_sim/requests").json()["requests"]
    assert (first["path"], first["status"], first["fault"]) == ("/oauth2/access_token", 200, None)
    assert (second["job"], second["status"], second["fault"]) == ("1", 503, "status")
    assert stage.http.get("/_sim/stats").json()["strata"]["requests"] == 2
    stage.http.post("/_sim/reset")
    assert stage.http.get("/_sim/requests").json() == {"requests": []}
    assert stage.get("strata", f"{STRATA}/1").status_code == 404
