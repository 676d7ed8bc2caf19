# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wait came to, in keys and in a sentence."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Forbidden, Missing, Unreachable
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.workers import Outcome
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.fetched import Fetched
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.result import result
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.virtual import World, job

GOING = {"status_str": "ACT", "result_str": "PEND", "percent": "45"}
OK = {"status_str": "FIN", "result_str": "OK"}
FAIL = {"status_str": "FIN", "result_str": "FAIL", "summary": "Configuration push failed."}
CANCELLED = {"status_str": "FIN", "result_str": "CANCELLED"}
REFUSED = Unreachable("https://api cannot be reached (Connection refused).")

KEYS = [
    "changed",
    "failed",
    "msg",
    "jobs",
    "finished",
    "succeeded",
    "timed_out",
    "timedout",
    "elapsed",
    "polls",
    "warnings",
]


def waited(*replies: t.Any, names: bool = False, seconds: float = 125.0, **settings: t.Any) -> tuple[WaitSession, Wait]:
    """A wait in which each job's API says the one thing given, after some seconds."""
    world = World(takes=seconds)

    def fetch(_system: t.Any, options: t.Any) -> t.Any:
        said = replies[int(options["job_id"])]
        if isinstance(said, Exception):
            raise said
        return Fetched({"data": [said]})

    jobs = [
        {"config_job": {"job_id": number, "access_token": "t0ken"}, **({"name": f"site {number}"} if names else {})}
        for number in range(len(replies))
    ]
    session = WaitSession(parse_items({"jobs": jobs}, lambda _system: {}), fetch=fetch)
    wait = world.wait(*session.tracked_jobs, **{"overrun": 1000.0, **settings})
    wait.run()
    return session, wait


def came_to(*replies: t.Any, single: bool = False, on_timeout: str = "fail", **how: t.Any) -> dict[str, t.Any]:
    session, wait = waited(*replies, **how)
    return result(session, wait, single=single, on_timeout=on_timeout)


def told(known: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: known[name] for name in ("failed", "finished", "succeeded", "timed_out", "msg", "warnings")}


@pytest.mark.parametrize(
    ("replies", "how", "expected"),
    [
        (
            [OK],
            {},
            {"failed": False, "finished": True, "succeeded": True, "timed_out": False,
             "msg": "config_job 0 succeeded (FIN/OK) after 2 min 05 s.", "warnings": []},
        ),
        (
            [OK, OK],
            {},
            {"failed": False, "finished": True, "succeeded": True, "timed_out": False,
             "msg": "All 2 jobs ended well after 2 min 05 s.", "warnings": []},
        ),
        (
            [],
            {},
            {"failed": False, "finished": True, "succeeded": True, "timed_out": False,
             "msg": "There was nothing to wait for.",
             "warnings": ["jobs: the list is empty, so there was nothing to wait for."]},
        ),
        (
            [FAIL],
            {},
            {"failed": True, "finished": True, "succeeded": False, "timed_out": False,
             "msg": "config_job 0 failed (FIN/FAIL) after 2 min 05 s: Configuration push failed.",
             "warnings": []},
        ),
        (
            [CANCELLED],
            {"fail_on": frozenset({"failed"})},
            {"failed": False, "finished": True, "succeeded": False, "timed_out": False,
             "msg": "config_job 0 did not succeed, which fail_on accepts: cancelled (FIN/CANCELLED).", "warnings": []},
        ),
        (
            [OK, CANCELLED],
            {"fail_on": frozenset({"failed"})},
            {"failed": False, "finished": True, "succeeded": False, "timed_out": False,
             "msg": "1 of 2 jobs did not succeed, which fail_on accepts: config_job 1: cancelled (FIN/CANCELLED).",
             "warnings": []},
        ),
        (
            [OK, FAIL, Forbidden("https://api answered HTTP 403.", status=403)],
            {"names": True},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": False,
             "msg": "1 of 3 jobs ended badly after 2 min 05 s: site 1 (config_job 1): failed (FIN/FAIL): Configuration push "
                    "failed. 1 of 3 jobs could not be read: site 2 (config_job 2): https://api answered HTTP 403.",
             "warnings": []},
        ),
        (
            [GOING],
            {"timeout": 60},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": True,
             "msg": "config_job 0 had not ended within 1 min (timeout): running (ACT/PEND, 45 %).", "warnings": []},
        ),
        (
            [OK, GOING],
            {"timeout": 60, "on_timeout": "warn"},
            {"failed": False, "finished": False, "succeeded": False, "timed_out": True,
             "msg": "1 of 2 jobs had not ended within 1 min (timeout): config_job 1: running (ACT/PEND, 45 %).",
             "warnings": ["1 of 2 jobs had not ended within 1 min (timeout): config_job 1: running (ACT/PEND, 45 %)."]},
        ),
        (
            [FAIL, GOING],
            {"timeout": 60, "on_timeout": "warn"},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": True,
             "msg": "1 of 2 jobs ended badly after 2 min 05 s: config_job 0: failed (FIN/FAIL): Configuration push "
                    "failed. 1 of 2 jobs had not ended within 1 min (timeout): config_job 1: running (ACT/PEND, 45 %).",
             "warnings": []},
        ),
        (
            [REFUSED],
            {"unreachable_timeout": 0},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": False,
             "msg": "config_job 0 could not be read: https://api cannot be reached (Connection refused).", "warnings": []},
        ),
        (
            [REFUSED],
            {"timeout": 60},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": True,
             "msg": "config_job 0 could not be read within 1 min (timeout): https://api cannot be reached (Connection refused).",
             "warnings": []},
        ),
        (
            [REFUSED, REFUSED],
            {"unreachable_timeout": 0},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": False,
             "msg": "2 of 2 jobs could not be read: config_job 0, config_job 1: https://api cannot be reached (Connection "
                    "refused).",
             "warnings": []},
        ),
        (
            [FAIL, GOING],
            {"fail_fast": True},
            {"failed": True, "finished": False, "succeeded": False, "timed_out": False,
             "msg": "1 of 2 jobs ended badly after 2 min 05 s: config_job 0: failed (FIN/FAIL): Configuration push "
                    "failed. 1 of 2 jobs had not ended when the wait was broken off after 2 min 05 s: config_job 1: running "
                    "(ACT/PEND, 45 %).",
             "warnings": []},
        ),
    ],
)  # fmt: skip
def test_each_way_to_end_a_wait_has_its_result(
    replies: list[Outcome], how: dict[str, t.Any], expected: dict[str, t.Any]
) -> None:
    known = came_to(*replies, **how)
    assert list(known) == KEYS
    assert told(known) == expected
    assert known["polls"] == len(replies)
    assert known["elapsed"] == (125 if replies else 0)


def test_only_the_first_ten_bad_jobs_are_named() -> None:
    message = came_to(*[FAIL] * 13, OK)["msg"]
    assert message.startswith("13 of 14 jobs ended badly after 2 min 05 s: config_job 0, config_job 1, ")
    assert message.count("config_job") == 10
    assert message.endswith(", config_job 9: failed (FIN/FAIL): Configuration push failed; and 3 more.")


def test_a_wait_for_one_job_returns_job_and_jobs() -> None:
    known = came_to(OK, single=True)
    assert sorted(known) == sorted([*KEYS, "job"])
    assert known["jobs"] == [known["job"]]
    assert set(known["job"]) == {"name", "label", "history", *job().as_dict()}
    assert (known["job"]["name"], known["job"]["id"], known["job"]["state"]) == (None, "0", "succeeded")


def test_a_job_that_was_never_read_has_every_key() -> None:
    (known,) = came_to(REFUSED, unreachable_timeout=0)["jobs"]
    assert set(known) == {"name", "label", "history", *job().as_dict()}
    assert (known["state"], known["history"], known["error"]) == ("unknown", [], REFUSED.as_dict())


@pytest.mark.parametrize(
    ("failures", "warning"),
    [
        (
            1,
            "1 poll failed during the wait and was repeated with success: https://api cannot be reached (Connection refused).",
        ),
        (
            5,
            "5 polls failed during the wait and were repeated with success; the last error: https://api cannot be reached "
            "(Connection refused).",
        ),
    ],
)
def test_errors_that_a_later_poll_has_mended_are_warned_of(failures: int, warning: str) -> None:
    world = World()
    outcomes = iter([REFUSED] * failures)

    def fetch(_system: t.Any, _options: t.Any) -> t.Any:
        error = next(outcomes, None)
        if error:
            raise error
        return Fetched({"data": [OK]})

    task = {"config_job": {"job_id": "0", "access_token": "t0ken"}}
    session = WaitSession(parse_items(task, lambda _system: {}), fetch=fetch)
    wait = world.wait(*session.tracked_jobs)
    wait.run()
    assert result(session, wait, single=True, on_timeout="fail")["warnings"][0] == warning


def test_a_lasting_error_is_told_once() -> None:
    session, wait = waited(REFUSED, seconds=0, timeout=10)
    assert wait.transient_errors == 5
    known = result(session, wait, single=True, on_timeout="warn")
    assert known["warnings"] == [known["msg"]]
    assert known["msg"] == (
        "config_job 0 could not be read within 10 s (timeout): https://api cannot be reached (Connection refused)."
    )


def test_a_job_that_was_seen_and_is_not_known_any_more_is_gone() -> None:
    world = World()
    outcomes = iter([Fetched({"data": [GOING]})])

    def fetch(_system: t.Any, _options: t.Any) -> t.Any:
        reply = next(outcomes, None)
        if reply is None:
            raise Missing("https://api answered HTTP 404 (code E005): Not found.", status=404, code="E005")
        return reply

    task = {"config_job": {"job_id": "0", "access_token": "t0ken"}}
    session = WaitSession(parse_items(task, lambda _system: {}), fetch=fetch)
    wait = world.wait(*session.tracked_jobs)
    wait.run()
    assert result(session, wait, single=True, on_timeout="fail")["msg"] == (
        "config_job 0 is gone, last seen running (ACT/PEND, 45 %): The API no longer knows the job (HTTP 404, code E005)."
    )


def test_warnings_are_counted_from_the_eleventh_on() -> None:
    odd = [{"id": str(number), "status_str": "ODD"} for number in range(15)]
    warnings = came_to(*odd, on_timeout="ignore", timeout=0)["warnings"]
    assert (
        warnings[0]
        == "config_job 0: The state 'ODD' is not known, so the job is taken as not finished. Please report it."
    )
    assert (len(warnings), warnings[-1]) == (11, "There are 5 more warnings of this kind.")
