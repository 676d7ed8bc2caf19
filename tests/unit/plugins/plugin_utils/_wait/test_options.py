# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a wait other than its jobs."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS, WaitOptions, parse_options


def test_options_have_the_documented_defaults() -> None:
    assert parse_options({"config_job": {}}) == WaitOptions(
        WaitSettings(), concurrency=16, on_timeout="fail", progress="changes"
    )
    assert (
        WaitSettings.timeout,
        WaitSettings.unreachable_timeout,
        WaitSettings.missing_grace,
        WaitSettings.fail_fast,
    ) == (3600, 300, 30, False)
    assert WaitSettings().fail_on == {"failed", "cancelled", "skipped"}


@pytest.mark.parametrize("nothing", [None, "", " \t\n"])
@pytest.mark.parametrize("option", OPTIONS)
def test_null_and_blank_options_give_the_default(option: str, nothing: t.Any) -> None:
    assert parse_options({"jobs": [], option: nothing}) == parse_options({"jobs": []})


def test_text_is_converted_to_the_type_of_the_option() -> None:
    options = parse_options(
        {"timeout": " 60 ", "concurrency": "8.0", "fail_fast": "true", "fail_on": '["failed", "skipped"]'}
    )
    assert (options.settings.timeout, options.concurrency, options.settings.fail_fast) == (60, 8, True)
    assert options.settings.fail_on == {"failed", "skipped"}
    assert parse_options({"fail_on": "failed, skipped"}).settings.fail_on == {"failed", "skipped"}
    assert parse_options({"fail_on": []}).settings.fail_on == set()


def test_an_interval_above_max_interval_needs_no_max_interval() -> None:
    assert parse_options({"interval": 90}).settings.policy == IntervalPolicy(90, 90, IntervalPolicy.backoff)


def test_each_option_reaches_the_settings() -> None:
    options = parse_options(
        {
            "jobs": [],
            "timeout": "60",
            "interval": 1,
            "max_interval": 1.0,
            "backoff": 1,
            "fail_on": "failed,skipped",
            "fail_fast": "yes",
            "on_timeout": "warn",
            "unreachable_timeout": 0,
            "missing_grace": 0,
            "concurrency": "1",
            "progress": "none",
        }
    )
    settings = WaitSettings(
        policy=IntervalPolicy(1, 1, 1),
        timeout=60,
        unreachable_timeout=0,
        missing_grace=0,
        fail_on=frozenset({"failed", "skipped"}),
        fail_fast=True,
    )
    assert options == WaitOptions(settings, concurrency=1, on_timeout="warn", progress="none")


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("interval", 0, "interval: expected more than 0 seconds, got 0."),
        ("interval", -1, "interval: expected more than 0 seconds, got -1."),
        ("interval", "nan", "interval: expected a number of seconds, got 'nan'."),
        ("interval", "inf", "interval: expected a number of seconds, got 'inf'."),
        ("max_interval", 1, "max_interval: expected at least interval (5 s), got 1."),
        ("max_interval", "nan", "max_interval: expected a number of seconds, got 'nan'."),
        ("max_interval", "inf", "max_interval: expected a number of seconds, got 'inf'."),
        ("backoff", 0.9, "backoff: expected a number of at least 1, got 0.9."),
        ("backoff", "nan", "backoff: expected a number, got 'nan'."),
        ("timeout", -1, "timeout: expected a number of at least 0, got -1."),
        ("timeout", "inf", "timeout: expected a number of seconds, got 'inf'."),
        ("timeout", "1e1000000", "timeout: expected a number of seconds, got '1e1000000'."),
        ("timeout", 2e9, "timeout: expected at most 1000000000, got 2e+09."),
        ("max_interval", 2e9, "max_interval: expected at most 1000000000, got 2e+09."),
        ("timeout", float("inf"), "timeout: expected a number of seconds, got inf."),
        ("backoff", 1e200, "backoff: expected a number, got 1e+200."),
        ("concurrency", float("inf"), "concurrency: expected a whole number, got inf."),
        ("concurrency", "1e1000000", "concurrency: expected a whole number, got '1e1000000'."),
        ("timeout", "nan", "timeout: expected a number of seconds, got 'nan'."),
        ("timeout", "soon" * 1000, f"timeout: expected a number of seconds, got '{'soon' * 19}soo…."),
        ("timeout", True, "timeout: expected a number of seconds, got True."),
        ("timeout", [60], "timeout: expected a number of seconds, got [60]."),
        ("concurrency", "8.0x", "concurrency: expected a whole number, got '8.0x'."),
        ("fail_on", "[failed", "fail_on: expected failed or cancelled or skipped, got '[failed'."),
        ("progress", False, "progress: expected changes or polls or none, got False."),
        ("unreachable_timeout", -1, "unreachable_timeout: expected a number of at least 0, got -1."),
        ("missing_grace", -0.5, "missing_grace: expected a number of at least 0, got -0.5."),
        ("concurrency", 0, "concurrency: expected a number of at least 1, got 0."),
        (
            "fail_on",
            ["failed", "broken"],
            "fail_on: expected failed or cancelled or skipped, got ['failed', 'broken'].",
        ),
        ("fail_on", "succeeded", "fail_on: expected failed or cancelled or skipped, got 'succeeded'."),
        ("on_timeout", "ignore", "on_timeout: expected fail or warn, got 'ignore'."),
        ("progress", "all", "progress: expected changes or polls or none, got 'all'."),
        ("timeout", "soon", "timeout: expected a number of seconds, got 'soon'."),
        ("concurrency", 1.5, "concurrency: expected a whole number, got 1.5."),
        ("fail_fast", "perhaps", "fail_fast: expected true or false, got 'perhaps'."),
        (
            "intervall",
            2,
            f"intervall: there is no such option; expected {', '.join(BY_KEY)}, jobs, timeout, interval, max_interval, "
            "backoff, fail_on, fail_fast, on_timeout, unreachable_timeout, missing_grace, concurrency, progress. Did you mean interval?",
        ),
    ],
)
def test_a_bad_option_is_refused_in_one_sentence(option: str, value: t.Any, sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_options({"jobs": [], option: value})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ({"job_id": "7"}, "job_id: it is an option of a job; write it in activegate_update_job or config_job."),
        ({"imageupdate": {}, "api_url": "x"}, "api_url: it is an option of a job; write it in imageupdate."),
    ],
)
def test_an_option_of_a_job_beside_the_job_is_refused_with_its_place(task: dict[str, t.Any], sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_options(task)
    assert str(caught.value) == sentence
