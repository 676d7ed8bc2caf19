# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch over a listing: what it asks, and what it answers when jobs come and go."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import (
    ApiError,
    BadReply,
    Incomplete,
    Missing,
    TimedOut,
    Unavailable,
    WebPage,
)
from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import System
from ansible_collections.endstate.jobs.plugins.module_utils._systems.options import Options
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.fetched import Fetched
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession

REPOSITORY = {"firmware_repo": {"api_url": "https://lxca", "username": "u", "password": "s3cret"}}
ACTIVEGATES = {"activegate_update_job": {"api_url": "https://d", "api_token": "s3cret"}}
ACTIVEGATE = {"activegate_update_job": {"api_url": "https://d", "api_token": "s3cret", "activegate_id": "-1"}}


def task(job_id: str, state: str = "running") -> dict[str, t.Any]:
    return {"taskIds": job_id, "state": state, "progress": 50}


class Api:
    """Answers with ``replies`` by the id that is asked for, ``None`` for the listing."""

    def __init__(self, given: t.Mapping[str, t.Any]) -> None:
        self.replies: dict[str | None, t.Any] = {}
        self.asked: list[str | None] = []
        (self.listing,) = WaitSession(parse_items(given, lambda _system: {}, listings=True), fetch=self._fetch).by_item

    def _fetch(self, system: System, options: Options) -> t.Any:
        job_id = system.job_id(options)
        self.asked.append(job_id)
        reply = self.replies[job_id]
        if isinstance(reply, ApiError):
            raise reply
        return Fetched(reply)

    def listed(self) -> dict[str | None, str]:
        return {job.id: job.state for job in self.listing.fetch().jobs}


def test_a_listing_gives_its_jobs_and_the_jobs_that_have_just_left_it() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1"), task("2", "complete")]}
    assert api.listing.label == "firmware_repo listing"
    assert api.listed() == {"1": "running", "2": "succeeded"}
    api.replies = {None: []}
    api.replies["1"] = task("1", "complete")
    assert api.listed() == {"1": "succeeded"}


def test_a_job_that_left_the_listing_is_asked_for_until_it_has_ended() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1")], "1": task("1")}
    api.listed()
    api.replies[None] = []
    assert api.listed() == {"1": "running"}
    api.replies["1"] = task("1", "error")
    assert api.listed() == {"1": "failed"}
    assert api.listed() == {}
    assert api.asked == [None, None, "1", None, "1", None]


def test_a_job_that_is_gone_is_told_once() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1")], "1": Missing("The API knows no job 1.", status=404)}
    api.listed()
    api.replies[None] = []
    (gone,) = api.listing.fetch().jobs
    assert gone.error is not None
    assert (gone.state, gone.error["message"]) == ("running", "The API no longer knows the job (HTTP 404).")
    assert api.listed() == {}


def test_an_error_between_two_listings_loses_no_job() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1")]}
    api.listed()
    api.replies[None] = BadReply("No list.")
    with pytest.raises(BadReply):
        api.listed()
    api.replies = {None: [], "1": task("1", "complete")}
    assert api.listed() == {"1": "succeeded"}


@pytest.mark.parametrize("error", [Unavailable("HTTP 503.", status=503), WebPage("A page.", status=200)])
def test_a_job_that_cannot_be_read_spoils_no_other_job_of_the_listing(error: ApiError) -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1"), task("2"), task("3")], "1": error, "2": task("2", "complete")}
    api.listed()
    api.replies[None] = [task("3", "complete")]
    listed = api.listing.fetch()
    assert {job.id: job.state for job in listed.jobs} == {"1": "running", "2": "succeeded", "3": "succeeded"}
    assert not any(job.error for job in listed.jobs)
    assert listed.warnings == (f"Job 1 has left the listing and cannot be read now: {error}",)
    api.replies["1"] = task("1", "error")
    assert api.listed() == {"1": "failed", "3": "succeeded"}


def test_an_api_that_does_not_answer_delays_a_listing_once() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1"), task("2"), task("3")], "1": TimedOut("No answer.")}
    api.listed()
    api.replies |= {None: [], "2": task("2", "complete"), "3": task("3", "complete")}
    assert api.listed() == {"1": "running", "2": "running", "3": "running"}
    assert api.listed() == {"1": "running", "2": "succeeded", "3": "succeeded"}, "the others are read first then"
    assert api.asked == [None, None, "1", None, "2", "3", "1"]


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("HTTP 503.", status=503),
        WebPage("A page.", status=200),
        Incomplete("The API answered without the state of a job."),
    ],
)
def test_jobs_that_the_api_never_tells_are_given_up_after_ten_answers_in_a_row(error: ApiError) -> None:
    api, asked = Api(REPOSITORY), []
    for poll in range(30):
        api.replies |= {None: [task(f"{poll}-{job}") for job in range(5)]}
        api.replies |= {f"{poll}-{job}": error for job in range(5)}
        api.asked = []
        given_up = {job.id: job.error for job in api.listing.fetch().jobs if job.error}
        asked.append(len(api.asked))
        assert given_up == {f"{poll - 10}-{job}": error.as_dict() for job in range(5) if poll >= 10}
    assert asked == [1 + 5 * min(poll, 10) for poll in range(30)]


def test_only_answers_in_a_row_give_a_job_up() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task("1")]}
    api.listed()
    api.replies[None] = []
    fault = Unavailable("HTTP 503.", status=503)
    silence, limit = TimedOut("No answer."), Unavailable("HTTP 429.", status=429)
    for reply in [*[fault] * 9, task("1"), *[fault] * 9, *[silence, limit] * 10]:
        api.replies["1"] = reply
        assert not api.listing.fetch().jobs[0].error
    api.replies["1"] = fault
    assert api.listing.fetch().jobs[0].error == fault.as_dict()
    assert api.listed() == {}


def group(activegate_id: str, *jobs: tuple[str, str]) -> dict[str, t.Any]:
    return {"agId": activegate_id, "updateJobs": [{"jobId": job_id, "jobState": state} for job_id, state in jobs]}


def test_the_jobs_of_one_parent_can_be_asked_for_by_themselves() -> None:
    api = Api(ACTIVEGATE)
    api.replies = {None: group("-1", ("-7", "SCHEDULED"))}
    api.listed()
    api.replies = {None: group("-1"), "-7": {"jobId": "-7", "jobState": "SUCCEED"}}
    assert api.listed() == {"-7": "succeeded"}


def test_a_job_listed_without_its_parent_is_read_by_the_listing_alone() -> None:
    api = Api(ACTIVEGATES)
    api.replies = {None: {"allUpdateJobs": [group("-1", ("-7", "SCHEDULED"))]}}
    api.listed()
    api.replies = {None: {"allUpdateJobs": []}}
    assert api.listed() == {"-7": "pending"}
    api.replies = {None: {"allUpdateJobs": [group("-1", ("-7", "FAILED"))]}}
    assert api.listed() == {"-7": "failed"}
    assert set(api.asked) == {None}


def test_jobs_without_an_id_are_left_out_with_a_warning() -> None:
    api = Api(REPOSITORY)
    api.replies = {None: [task(""), task("2")]}
    listed = api.listing.fetch()
    assert [job.id for job in listed.jobs] == ["2"]
    assert listed.warnings == ("The listing has jobs without an id, which cannot be watched.",)
