# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose trouble a failure is: a poll's own, or its API's."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, Unavailable, Unreachable, WebPage
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.outage import ApiHealth, Streak, Trouble

REFUSED = Unreachable("refused")
LIMITED = Unavailable("HTTP 429.", status=429)
LULL = 2.5

Event = tuple[float, str, t.Optional[ApiError]]
"""When which poll was answered (``None``), or failed."""


def last_of(*events: Event, only: str = "") -> Trouble | None:
    """What the last event means; the circuit is opened when an API is in trouble.

    :param only: the poll that is the only one left at the end.
    """
    api = ApiHealth("https://api")
    streaks: dict[str, Streak] = {}
    trouble = None
    for number, (now, name, error) in enumerate(events):
        streak = streaks.setdefault(name, Streak())
        if error is None:
            api.answered(streak, now)
            trouble = None
            continue
        is_last = number == len(events) - 1
        trouble = api.failed(streak, error, now, is_only_poll=is_last and only == name, lull=LULL)
        if trouble.is_of_api:
            api.open(trouble, error, now, delay=5, paused=5)
    return trouble


OF_API = True
OWN = False


@pytest.mark.parametrize(
    ("events", "only", "expected"),
    [
        # The streak of an API.
        ([(0, "a", REFUSED)], "", Trouble(OF_API, 0, True)),
        ([(0, "a", None), (9, "a", REFUSED)], "a", Trouble(OF_API, 9, True)),
        ([(0, "a", None), (9, "b", REFUSED)], "", Trouble(OF_API, 9, True)),
        ([(0, "a", REFUSED), (5, "b", REFUSED)], "", Trouble(OF_API, 0, False)),
        ([(0, "a", REFUSED), (5, "a", REFUSED), (9, "a", REFUSED)], "", Trouble(OF_API, 0, False)),
        ([(0, "a", REFUSED), (5, "b", None), (99, "b", REFUSED)], "", Trouble(OF_API, 99, True)),
        # The streak of a poll: others were answered since it failed last.
        ([(0, "a", REFUSED), (5, "b", None), (99, "a", REFUSED)], "", Trouble(OWN, 99, False)),
        ([(0, "a", REFUSED), (5, "b", None), (9, "a", REFUSED), (99, "a", REFUSED)], "", Trouble(OWN, 9, False)),
        ([(0, "a", REFUSED), (5, "b", None), (9, "a", REFUSED), (20, "b", None), (30, "a", REFUSED)], "a",
         Trouble(OWN, 9, False)),
        # Or at this moment.
        ([(0, "b", None), (2, "a", REFUSED)], "", Trouble(OWN, 2, False)),
        ([(0, "b", None), (3, "a", REFUSED)], "", Trouble(OF_API, 3, True)),
        ([(0, "b", None), (2, "a", REFUSED), (99, "a", REFUSED)], "", Trouble(OWN, 2, False)),
        ([(0, "a", None), (1, "a", REFUSED)], "a", Trouble(OF_API, 1, True)),
        # It ends when the poll is answered.
        ([(0, "b", None), (2, "a", REFUSED), (5, "a", None), (99, "a", REFUSED)], "", Trouble(OF_API, 99, True)),
        # What is left of a poll's own streak is the API's as soon as there is no other poll.
        ([(0, "b", None), (2, "a", REFUSED), (99, "a", REFUSED)], "a", Trouble(OF_API, 99, True)),
        # The time in which the API failed everybody does not count against a poll.
        ([(0, "b", None), (2, "a", REFUSED), (9, "b", REFUSED), (50, "b", None), (60, "a", REFUSED)], "",
         Trouble(OWN, 50, False)),
        # While the circuit is open a probe that fails is the API's.
        ([(0, "b", None), (2, "a", REFUSED), (9, "b", REFUSED), (20, "a", REFUSED)], "", Trouble(OF_API, 9, False)),
        # A limit of requests is the account's, whatever others are told.
        ([(0, "b", None), (1, "a", LIMITED)], "", Trouble(OF_API, 1, True)),
        ([(0, "b", None), (1, "a", REFUSED), (2, "b", None), (3, "a", LIMITED)], "", Trouble(OF_API, 3, True)),
    ],
)  # fmt: skip
def test_a_failure_is_of_the_poll_if_others_are_answered_and_else_of_the_api(
    events: list[Event], only: str, expected: Trouble
) -> None:
    assert last_of(*events, only=only) == expected


def failing(*errors: ApiError) -> ApiHealth:
    """An API whose circuit was opened by these errors of different polls, one second after the other."""
    api = ApiHealth("https://api")
    for now, error in enumerate(errors):
        trouble = api.failed(Streak(), error, now, is_only_poll=False, lull=LULL)
        api.open(trouble, error, now, delay=5, paused=60)
    return api


PAUSE = Unavailable("HTTP 503.", status=503, retry_after=60)


@pytest.mark.parametrize(
    ("errors", "probe_at"),
    [
        ([REFUSED], 5),
        ([REFUSED, REFUSED], 6),
        ([PAUSE], 5),  # it speaks for the poll that was asked to make it
        ([PAUSE, REFUSED], 6),
        ([PAUSE, PAUSE], 61),
        ([PAUSE, REFUSED, PAUSE], 62),
        ([LIMITED], 60),
        ([REFUSED, LIMITED], 61),
    ],
)
def test_one_poll_at_a_time_is_let_through_while_the_circuit_is_open(errors: list[ApiError], probe_at: float) -> None:
    assert failing(*errors).probe_at == probe_at


def test_an_answer_closes_the_circuit() -> None:
    api = failing(PAUSE, PAUSE)
    assert (api.open_since, api.answered(Streak(), 9)) == (0, True)
    assert (api.open_since, api.probe_at, api.answered(Streak(), 10)) == (None, 0, False)
    trouble = api.failed(Streak(), PAUSE, 20, is_only_poll=False, lull=LULL)
    api.open(trouble, PAUSE, 20, delay=5, paused=60)
    assert (trouble, api.probe_at) == (Trouble(True, 20, True), 25), "nothing is left of the outage before"


def test_the_oldest_is_let_through_first_and_no_half_hides_the_other() -> None:
    api = ApiHealth("https://api")
    picked = [api.pick(100) for _probe in range(8)]
    assert (picked[0], len(set(picked))) == (0, 8)
    for half in (range(50), range(50, 100), range(25, 75)):
        assert len([one for one in picked if one in half]) in (3, 4, 5)
    assert [ApiHealth("https://api").pick(1) for _probe in range(3)] == [0, 0, 0]


def test_each_of_a_few_jobs_is_chosen_as_probe_soon() -> None:
    api = ApiHealth("https://api")
    assert {api.pick(5) for _probe in range(8)} == set(range(5))


@pytest.mark.parametrize(
    ("error", "answers", "expected"),
    [
        (REFUSED, 0, True),
        (ApiError("HTTP 400.", status=400), 1, False),
        (WebPage("page"), 0, False),
        (WebPage("page"), 1, True),
    ],
)
def test_each_kind_of_error_is_final_or_transient(error: ApiError, answers: int, expected: bool) -> None:
    api = ApiHealth("https://api")
    for now in range(answers):
        api.answered(Streak(), now)
    assert api.can_recover(error) == expected


def test_a_web_page_after_a_part_of_an_answer_is_an_appliance_that_restarts() -> None:
    error = WebPage("page")
    error.known = Job("strata", "7")
    assert ApiHealth("https://api").can_recover(error)
