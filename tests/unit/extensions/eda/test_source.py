# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a wait sees to events, in virtual time."""

from __future__ import annotations

import collections
import contextlib
import json
import typing as t

import pytest

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.outbox import Outbox, Stopped
from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.source import Fatal, Listener, listen
from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, Forbidden, Missing, Unavailable
from ansible_collections.endstate.jobs.plugins.module_utils._job import (
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Job,
)
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.module_utils._values import from_epoch
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll import Poll
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.tracked_listing import ListedJobs, TrackedListing
from ansible_collections.endstate.jobs.tests.unit.virtual import DONE, EPOCH, FAULT, GOING, World, job

Names = t.Mapping[Poll, t.Sequence[t.Optional[str]]]


class Scene(World):
    """A source in virtual time, up to ``end``, that polls each second."""

    def __init__(self, end: float = 10_000) -> None:
        super().__init__()
        self.end = end
        self.policy = IntervalPolicy(interval=1, max_interval=1, backoff=1)
        self.events: list[dict[str, t.Any]] = []
        self.warnings: list[str] = []

    def listen(self, names: Names, *, initial: bool = True) -> list[tuple[float, str, t.Any]]:
        """When which type of event came, and what it says."""
        observer = Listener(
            names,
            self.events.append,
            self._check,
            self.warnings.append,
            initial=initial,
            wall=lambda: EPOCH + self.time.passed,
        )
        with contextlib.suppress(Stopped):
            self.run(
                *names,
                observer=observer,
                policy=self.policy,
                timeout=float("inf"),
                unreachable_timeout=float("inf"),
            )
        return [(event["at"], event["type"], _says(event)) for event in self.events]

    def listing(self, *script: tuple[float, t.Any]) -> TrackedListing:
        """A watch over a listing: at which time it holds which jobs, or cannot be read."""
        replies = [(at, ListedJobs(tuple(jobs)) if isinstance(jobs, list) else jobs) for at, jobs in script]
        return TrackedListing("strata", "listing", ApiHealth("https://api"), self.at(*replies))

    def _check(self) -> None:
        if self.time.passed > self.end:
            raise Stopped


def _says(event: dict[str, t.Any]) -> t.Any:
    if "job" in event:
        return (event["name"], event["job"]["id"], event["previous_state"], event["job"]["state"])
    return event["api"]


def at(seconds: float) -> str | None:
    return from_epoch(EPOCH + seconds)


def test_a_job_is_told_from_its_present_state_to_its_end() -> None:
    scene = Scene()
    one = scene.watch((0, job(PENDING, "PEND")), (3, GOING), (5, job(RUNNING, "PUSHSENT")), (20, DONE))
    assert scene.listen({one: ["push"]}) == [
        (at(0), "transition", ("push", "7", None, PENDING)),
        (at(3), "transition", ("push", "7", PENDING, RUNNING)),
        (at(20), "transition", ("push", "7", RUNNING, SUCCEEDED)),
    ]


def test_with_initial_false_the_present_state_is_not_told() -> None:
    scene = Scene()
    one = scene.watch((0, GOING), (20, DONE))
    assert [says[2:] for _at, _type, says in scene.listen({one: [None]}, initial=False)] == [(RUNNING, SUCCEEDED)]


def test_a_job_that_alone_cannot_be_read_is_a_warning_in_the_log() -> None:
    scene, api = Scene(end=60), ApiHealth("https://api")
    good = scene.watch((0, GOING), label="config_job 7", api=api)
    bad = scene.watch((0, GOING), (10, FAULT), label="config_job 8", api=api)
    scene.listen({good: [None], bad: [None]})
    assert scene.warnings == [f"config_job 8: it cannot be read now: {FAULT}"]


def test_a_job_that_fails_again_after_it_was_read_is_warned_of_again() -> None:
    scene, api = Scene(end=60), ApiHealth("https://api")
    good = scene.watch((0, GOING), label="config_job 7", api=api)
    bad = scene.watch((0, GOING), (10, FAULT), (20, GOING), (30, FAULT), label="config_job 8", api=api)
    scene.listen({good: [None], bad: [None]})
    assert scene.warnings == [f"config_job 8: it cannot be read now: {FAULT}"] * 2


def test_a_job_with_two_names_is_told_under_both() -> None:
    scene = Scene()
    told = scene.listen({scene.watch((0, DONE)): ["a", "b"]})
    assert [says[0] for _at, _type, says in told] == ["a", "b"]


def test_a_lost_api_and_its_return_are_told_once() -> None:
    scene = Scene()
    one = scene.watch((0, GOING), (10, FAULT), (9_000, GOING), (9_100, DONE))
    scene.end = 10_000
    assert [(type_, says) for _at, type_, says in scene.listen({one: [None]})] == [
        ("transition", (None, "7", None, RUNNING)),
        ("lost", "https://api"),
        ("regained", "https://api"),
        ("transition", (None, "7", RUNNING, SUCCEEDED)),
    ]
    lost = scene.events[1]
    assert (lost["error"]["kind"], lost["error"]["message"]) == ("unavailable", "The API answered HTTP 503.")


def test_a_job_that_cannot_be_read_is_told_and_other_jobs_go_on() -> None:
    scene = Scene()
    api = ApiHealth("https://api")
    gone = scene.watch((0, GOING), (10, Missing("The API knows no job 7.", status=404)), api=api)
    other = scene.watch((0, GOING), (60, DONE), api=api)
    told = scene.listen({gone: ["gone"], other: ["other"]})
    assert [(type_, says) for _at, type_, says in told[2:]] == [
        ("unreadable", ("gone", "7", RUNNING, RUNNING)),
        ("transition", ("other", "7", RUNNING, SUCCEEDED)),
    ]
    assert scene.events[2]["job"]["error"]["kind"] == "not_found"


REFUSED = Forbidden("The role is missing.", status=403)
REFUSED_LOGIN = ApiError("The token endpoint answered HTTP 400 (code invalid_client).", status=400)
REFUSED_LOGIN.of_account = True


@pytest.mark.parametrize("refusal", [REFUSED, REFUSED_LOGIN], ids=["a missing role", "a refused login"])
def test_a_fault_of_the_account_ends_the_source(refusal: ApiError) -> None:
    scene = Scene()
    one = scene.watch((0, GOING), (10, refusal), label="config_job 7")
    with pytest.raises(Fatal) as ended:
        scene.listen({one: [None]})
    assert str(ended.value) == f"config_job 7: {refusal}"
    assert ended.value.error == refusal.as_dict()
    assert scene.workers.stopped


def test_a_refused_account_is_told_for_each_of_its_jobs_and_others_go_on() -> None:
    scene = Scene()
    api = ApiHealth("https://api")
    refused = [scene.watch((0, GOING), (10, REFUSED), api=api) for _job in range(2)]
    other = scene.watch((0, GOING), (60, DONE))
    told = scene.listen({refused[0]: ["a"], refused[1]: ["b"], other: ["other"]})
    assert [(type_, says) for _at, type_, says in told[3:]] == [
        ("unreadable", ("a", "7", RUNNING, RUNNING)),
        ("unreadable", ("b", "7", RUNNING, RUNNING)),
        ("transition", ("other", "7", RUNNING, SUCCEEDED)),
    ]
    assert scene.events[3]["job"]["error"]["kind"] == "forbidden"


def test_the_source_ends_when_the_last_account_is_refused() -> None:
    scene = Scene()
    first = scene.watch((0, GOING), (10, REFUSED), label="config_job 7")
    last = scene.watch((0, GOING), (20, REFUSED), label="config_job 8")
    with pytest.raises(Fatal, match=r"^config_job 8: The role is missing\.$"):
        scene.listen({first: ["first"], last: ["last"]})
    assert [event["type"] for event in scene.events[2:]] == ["unreadable"]


def test_a_listing_that_cannot_be_read_is_told_of_and_the_others_go_on() -> None:
    scene = Scene()
    listing = scene.listing((0, [Job("strata", "1", RUNNING)]), (10, Missing("There is no such ActiveGate.")))
    other = scene.watch((0, GOING), (60, DONE), api=listing.api)
    told = scene.listen({listing: ["all"], other: ["other"]})
    assert [(type_, says) for _at, type_, says in told[2:]] == [
        ("unreadable", ("all", None, None, UNKNOWN)),
        ("transition", ("other", "7", RUNNING, SUCCEEDED)),
    ]
    unreadable = scene.events[2]["job"]
    assert (unreadable["error"]["message"], unreadable["children"]) == ("There is no such ActiveGate.", [])


def test_a_listing_that_cannot_be_read_ends_the_source() -> None:
    scene = Scene()
    with pytest.raises(Fatal, match=r"^listing: There is no such ActiveGate\.$"):
        scene.listen({scene.listing((0, Missing("There is no such ActiveGate."))): [None]})


def test_jobs_that_enter_and_leave_a_listing_are_told() -> None:
    scene = Scene(end=200)
    first, second = Job("strata", "1", RUNNING), Job("strata", "2", PENDING)
    gone = {"kind": "not_found", "message": "It is gone."}
    listing = scene.listing(
        (0, [first]),
        (50, [first, second]),
        (100, [Job("strata", "1", FAILED), second]),
        (150, [Job("strata", "2", PENDING, error=gone)]),
    )
    told = scene.listen({listing: ["all"]})
    assert [(type_, says) for _at, type_, says in told] == [
        ("transition", ("all", "1", None, RUNNING)),
        ("transition", ("all", "2", None, PENDING)),
        ("transition", ("all", "1", RUNNING, FAILED)),
        ("unreadable", ("all", "2", PENDING, PENDING)),
    ]


def test_a_listing_is_polled_sooner_after_a_change() -> None:
    scene = Scene(end=300)
    scene.policy = IntervalPolicy(interval=2, max_interval=20, backoff=2)
    scene.listen({scene.listing((0, []), (250, [Job("strata", "1", RUNNING)])): [None]})
    seen = next(index for index, when in enumerate(scene.polled_at) if when >= 250)
    before, *after = (
        round(later - sooner, 3) for sooner, later in zip(scene.polled_at[seen - 1 :], scene.polled_at[seen:])
    )
    assert before == 20
    assert after[:2] == [2, 4]


def test_an_error_before_the_first_reading_is_no_event_of_the_job() -> None:
    scene = Scene(end=60)
    told = scene.listen({scene.watch((0, Unavailable("HTTP 503."))): [None]})
    assert [type_ for _at, type_, _says in told] == ["lost"]


def test_a_warning_is_logged_once() -> None:
    scene = Scene(end=200)
    odd = job(
        RUNNING,
        "ODD",
        warnings=("The state 'ODD' is not known, so the job is taken as not finished. Please report it.",),
    )
    scene.listen({scene.watch((0, odd), label="config_job 7"): [None]})
    assert scene.warnings == [
        "config_job 7: The state 'ODD' is not known, so the job is taken as not finished. Please report it."
    ]


def test_a_source_remembers_few_of_the_warnings_that_never_come_again() -> None:
    scene = Scene(end=60)
    many = tuple(f"Request {number} failed." for number in range(1_001))
    readings = [("It is slow.", "Old."), many, ("It is slow.",), ("It is slow.", "Old.")]
    script = [(float(seconds), ListedJobs((), warnings)) for seconds, warnings in zip(range(0, 40, 10), readings)]
    listing = TrackedListing("strata", "listing", ApiHealth("https://api"), scene.at(*script))
    scene.listen({listing: [None]})
    assert collections.Counter(scene.warnings) == {
        **{f"listing: {warning}": 1 for warning in ("It is slow.", *many)},
        "listing: Old.": 2,
    }


def test_a_rulebook_that_stops_ends_the_wait_soon() -> None:
    scene = Scene(end=1)
    scene.listen({scene.watch((0, GOING)): [None]})
    assert scene.time.passed <= 1.5
    assert scene.workers.stopped


class Sent(list[dict[str, t.Any]]):
    """An outbox that keeps what is put into it."""

    put = list.append

    def check(self) -> None:
        """Nobody stops."""


def test_an_internal_error_ends_the_source_with_an_event_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_wait: t.Any) -> None:
        raise ValueError("no such thing as s3cret")

    monkeypatch.setattr(Wait, "run", broken)
    sent = Sent()
    with pytest.raises(Fatal) as ended:
        listen({"config_job": {"access_token": "s3cret", "job_id": 7}}, t.cast(Outbox, sent))
    sentence = "A bug of endstate.jobs.job_status ended it (ValueError: no such thing as ********); please report it."
    assert str(ended.value) == sentence
    (event,) = sent
    assert (event["type"], event["message"]) == ("fatal", sentence)


EVIL = "{{ evil }} {% x %} s3{cret {"
SAID = {
    "status_str": "FIN",
    "result_str": "FAIL",
    "id": "7",
    "summary": EVIL,
    "description": "#jinja2:x",
    "uname": EVIL,
}


@pytest.mark.parametrize(
    "reply", [{"data": [SAID]}, Forbidden(EVIL, code="{#"), Missing(EVIL), ValueError(EVIL)], ids=type
)
def test_no_template_begins_in_an_event(monkeypatch: pytest.MonkeyPatch, reply: t.Any) -> None:
    """Nor in the name, which may be somebody else's text, too. Secrets are masked before."""

    def read(*_asked: t.Any) -> t.Any:
        if isinstance(reply, Exception):
            raise reply
        return reply

    monkeypatch.setattr(BY_KEY["config_job"], "read", read)
    push = {"access_token": "s3{cret", "job_id": 7, "children": False}
    sent = Sent()
    with contextlib.suppress(Fatal):
        listen({"jobs": [{"name": "{{ name }}", "config_job": push}], "missing_grace": 0}, t.cast(Outbox, sent))
    (event,) = sent
    text = json.dumps(event, ensure_ascii=False)
    assert "❴❴ evil }} ❴% x %} ******** ❴" in text
    assert not [begin for begin in ("{{", "{%", "{#", "#jinja2:") if begin in text]
    if "job" in event:
        assert event["name"] == "❴❴ name }}"
        assert event.keys() == {"type", "job", "previous_state", "name", "at"}, "no key is an API's"
        assert event["job"].keys() == Job("strata", "7").as_dict().keys()


def test_a_source_with_nothing_to_watch_is_told(caplog: pytest.LogCaptureFixture) -> None:
    listen({"jobs": []}, t.cast(Outbox, Sent()))
    assert caplog.messages == ["endstate.jobs.job_status: jobs: the list is empty, so there is nothing to watch."]
