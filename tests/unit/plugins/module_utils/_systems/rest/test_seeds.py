# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three systems of the collection as profiles: the language is enough if they read the same jobs out of the same replies."""

from __future__ import annotations

import dataclasses
import itertools
import pathlib

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._errors import BadReply
from ansible_collections.endstate.jobs.plugins.module_utils._job import REPORT_IT
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.tests.unit.cases import DYNATRACE, MULTIPLAY, XCLARITY
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems import (
    test_dynatrace,
    test_multiplay,
    test_xclarity,
)
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace, multiplay, xclarity

FOLDER = pathlib.Path(__file__).parents[4] / "profiles"


def seed(case):
    return read_profile(yaml.safe_load((FOLDER / f"{case.name}.yml").read_text(encoding="utf-8")), f"{case.name}.yml")


SEEDS = {case.name: seed(case) for case in (DYNATRACE, MULTIPLAY, XCLARITY)}


def without(body):
    """A row of a table: ``...`` stands for a field that is not sent."""
    return {name: value for name, value in body.items() if value is not ...}


def dynatrace_rows():
    job = dynatrace.JOB
    for word in (*test_dynatrace.DOCUMENTED, "SUCCEEDED", "succeed", "QUARANTINED"):
        yield word, {**job, "jobState": word}
        yield f"{word} without a time", {**job, "jobState": word, "timestamp": None}
    for name, (changes, _expected) in test_dynatrace.ODD.items():
        yield name, {**job, **changes}
    for time in (1e30, -1593518788274, 10**400, "soon", [1], {"ms": 1}, 9e15, True):
        yield f"the time {str(time)[:20]}", {**job, "timestamp": time}
    yield "skipped", dynatrace.SKIPPED
    yield "created", dynatrace.CREATED


def multiplay_rows():
    job = multiplay.JOB
    for number, name, _state in test_multiplay.DOCUMENTED:
        yield f"{number} {name}", {**job, "jobstateid": number, "jobstatename": name}
        yield f"{number} as text", {**job, "jobstateid": str(number), "jobstatename": name}
        yield f"{number} alone", {**job, "jobstateid": number, "jobstatename": None}
        yield f"{name} alone", {**job, "jobstateid": None, "jobstatename": name}
        yield f"{name} in capitals", {**job, "jobstateid": "", "jobstatename": name.upper()}
    for number, name in ((8, "Archived"), (None, "Archived"), (-1, "Complete")):
        yield f"unknown {number} {name}", {**job, "jobstateid": number, "jobstatename": name}
    for name, (changes, _expected) in test_multiplay.ODD.items():
        yield name, without({**job, **changes})
    for field, time in itertools.product(
        ("jobcreated", "jobstart", "jobupdated", "jobeta"), (1519825420000, -5, "tomorrow", 1e300, [], {})
    ):
        yield f"{field} {time}", {**job, field: time}


def xclarity_rows():
    job = xclarity.JOB
    words = ("", None, ..., "running", "in progress", "cancelled", "stopping", 7)
    for word in test_xclarity.DOCUMENTED:
        yield word, {**job, "state": word}
    for word, progress in itertools.product(words, (0, 50, 100, None)):
        yield f"{word} at {progress}", without({**job, "state": word, "progress": progress})
    bare = {name: part for name, part in job.items() if name != "errorMsg"}
    for key, (name, (value, _state, _message)) in itertools.product(
        ("errorMsg", "status"), test_xclarity.MESSAGES.items()
    ):
        yield f"{name} in {key}", {**bare, key: value}
    yield "running and failing", {**xclarity.RUNNING, "errorMsg": test_xclarity.FAILURE}
    yield "in a list", [job]


DIFFERENT = {
    # "7" is no word that the vendor documents; the vendor's file reads text alone, a profile a number as its text.
    **{("xclarity", f"7 at {progress}"): {"state", "native_state", "warnings"} for progress in (0, 50, 100, None)},
    # A word that nothing names is ``unknown`` to a profile, and no end either; the warning quotes all values that decide.
    **{("xclarity", f"stopping at {progress}"): {"state", "warnings"} for progress in (0, 50, 100, None)},
    # A profile says each text once.
    ("xclarity", "a failure after a success in errorMsg"): {"message"},
    ("xclarity", "a failure after a success in status"): {"message"},
}
"""By system and row the fields that a profile reads otherwise."""

TABLES = {"dynatrace": dynatrace_rows, "multiplay": multiplay_rows, "xclarity": xclarity_rows}
CASES = {case.name: case for case in (DYNATRACE, MULTIPLAY, XCLARITY)}
ROWS = [(name, row, body) for name, rows in TABLES.items() for row, body in rows()]


def both(name, body):
    """The job by the vendor's own file and by the profile, under the same name of the system."""
    case = CASES[name]
    (own,) = BY_KEY[case.key].parse(body, case.options)
    return own, dataclasses.replace(SEEDS[name].read(Answer(body=body), case.id), system=name)


@pytest.mark.parametrize(("name", "row", "body"), ROWS, ids=[f"{name}: {row}" for name, row, _body in ROWS])
def test_a_profile_reads_the_job_that_the_vendors_own_file_reads(name, row, body) -> None:
    own, by_profile = both(name, body)
    differing = {key for key, value in own.as_dict().items() if by_profile.as_dict()[key] != value}
    known = DIFFERENT.get((name, row), set())
    assert differing == known - {"warnings"}
    # The warning of an unknown word names the place to add it, too.
    alike = len(by_profile.warnings) == len(own.warnings) and all(
        profiles.startswith(vendors.removesuffix(f" {REPORT_IT}"))
        for profiles, vendors in zip(by_profile.warnings, own.warnings)
    )
    assert alike == ("warnings" not in known)


def test_each_known_difference_names_an_existing_reply() -> None:
    assert DIFFERENT.keys() <= {(name, row) for name, row, _body in ROWS}
    assert len(ROWS) > 180


NO_REPLIES = [
    *(("dynatrace", body) for body in ({}, [], dynatrace.LISTING)),
    *(
        ("multiplay", body)
        for body in ({}, [], 7, "text", {"jobstateid": None, "jobstatename": ""}, {"jobstateid": [5]})
    ),
    *(
        ("xclarity", body)
        for body in (7, "text", [7], {"error": "x"}, {}, [], [xclarity.JOB, xclarity.JOB], {"tasks": [7]})
    ),
]


@pytest.mark.parametrize(("name", "body"), NO_REPLIES)
def test_a_profile_refuses_each_reply_that_the_vendors_own_file_refuses(name, body) -> None:
    case = CASES[name]
    with pytest.raises(BadReply):
        BY_KEY[case.key].parse(body, case.options)
    with pytest.raises(BadReply):
        SEEDS[name].read(Answer(body=body), case.id)


FAULTS = [
    ("dynatrace", 200, dynatrace.JOB),
    ("dynatrace", 403, dynatrace.FORBIDDEN),
    ("dynatrace", 404, dynatrace.NOT_FOUND),
    ("dynatrace", 400, {"error": "a text"}),
    ("dynatrace", 502, None),
    ("multiplay", 200, multiplay.JOB),
    ("multiplay", 200, multiplay.LOCKED),
    ("multiplay", 200, {**multiplay.JOB, "success": False}),
    ("multiplay", 200, {**multiplay.JOB, "error": True}),
    ("multiplay", 200, {**multiplay.LOCKED, "error_message": "An unknown error occurred"}),
    ("multiplay", 200, {**multiplay.LOCKED, "error_message": "imageupdate not found"}),
    ("multiplay", 200, {**multiplay.LOCKED, "error_message": "Source s3://key:secret@bucket cannot be read"}),
    ("multiplay", 403, None),
    ("xclarity", 200, xclarity.JOB),
    ("xclarity", 200, xclarity.FORBIDDEN),
    ("xclarity", 400, xclarity.FORBIDDEN),
    ("xclarity", 403, xclarity.FORBIDDEN),
    ("xclarity", 409, {"result": "failure", "messages": [{"text": "One."}, {"text": "Two."}]}),
    ("xclarity", 500, {"result": "failure", "messages": {}}),
]


@pytest.mark.parametrize(("name", "status", "body"), FAULTS)
def test_a_profile_finds_the_fault_that_the_vendors_own_file_finds(name, status, body) -> None:
    own = BY_KEY[CASES[name].key].read_fault(status, body)
    found = SEEDS[name].fault(Answer(status, {}, body))
    if own is None:
        assert found is None
        return
    # By default the status is that of the reply. The last full stop of a message is dropped when it is shown.
    assert {**found.__dict__, "status": found.status or status, "message": (found.message or "").rstrip(".")} == {
        **own.__dict__,
        "status": own.status or status,
        "message": (own.message or "").rstrip("."),
    }


def test_a_profile_reads_the_listing_of_one_activegate() -> None:
    listing = SEEDS["dynatrace"].listing
    jobs = listing.jobs([Answer(body=dynatrace.LISTING)], 200, "job_id")
    assert [{**job.as_dict(), "system": "dynatrace"} for job in jobs] == test_dynatrace.LISTED


@pytest.mark.parametrize(("body", "jobs"), test_xclarity.SHAPES.values(), ids=test_xclarity.SHAPES)
def test_a_profile_reads_the_running_tasks_in_each_shape(body, jobs) -> None:
    listing = SEEDS["xclarity"].listing
    found = [{**job.as_dict(), "system": "xclarity"} for job in listing.jobs([Answer(body=body)], 200, "task_id")]
    assert found == jobs


@pytest.mark.parametrize("body", [7, "text", [7], {"error": "x"}, [xclarity.RUNNING, 7], {"tasks": [7]}])
def test_a_profile_refuses_a_reply_that_is_no_listing(body) -> None:
    with pytest.raises(BadReply):
        SEEDS["xclarity"].listing.jobs([Answer(body=body)], 200, "task_id")


def test_a_profile_sends_the_requests_of_the_vendors_own_file() -> None:
    base = "https://api.example.com"
    known = SEEDS["dynatrace"]
    request = known.request(
        known.base_url(base, {}), {"activegate_id": "-1556499193", "job_id": "-7537034309286328684"}
    )
    assert (request.method, request.url, request.query) == (
        "GET",
        f"{base}/api/v2/activeGates/-1556499193/updateJobs/-7537034309286328684",
        {},
    )
    known = SEEDS["multiplay"]
    request = known.request(base, {"update_id": "12/34", **known.values({"account_service_id": 4242})})
    assert (request.url, request.query) == (f"{base}/imageupdate/12%2F34/status", {"accountserviceid": "4242"})
    request = SEEDS["xclarity"].request(base, {"task_id": "12"})
    assert (request.url, request.query) == (
        f"{base}/updateRepositories/firmware/status",
        {"tasktype": "EXPORTREPOSITORY", "taskid": "12"},
    )


def test_each_profile_finds_the_ids_in_a_registered_start() -> None:
    url = "https://h/api/v2/activeGates/-1556499193/updateJobs"
    result = {"json": {"jobId": "-75", "updateid": 1234, "taskid": "12"}, "url": url, "status": 201}
    assert SEEDS["dynatrace"].started_by.ids(result) == {"activegate_id": "-1556499193", "job_id": "-75"}
    assert SEEDS["multiplay"].started_by.ids(result) == {"update_id": "1234"}
    assert SEEDS["xclarity"].started_by.ids(result) == {"task_id": "12"}
