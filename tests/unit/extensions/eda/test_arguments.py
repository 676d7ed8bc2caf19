# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A source's arguments: what they come to, and what is refused in which words."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.arguments import OWN, PACE, parse_arguments
from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items

PUSH = {"access_token": "s3cret", "job_id": 7}
TENANT = {"access_token": "s3cret"}
KEYS = ", ".join(BY_KEY)


def test_a_job_of_a_source_is_watched_to_its_end_without_a_deadline() -> None:
    arguments = parse_arguments({"config_job": PUSH})
    assert [item.id for item in arguments.items] == ["7"]
    assert (arguments.initial, arguments.until_finished, arguments.concurrency) == (True, True, 16)
    assert arguments.settings.timeout == arguments.settings.unreachable_timeout == float("inf")


def test_options_of_the_pace_are_taken_as_a_wait_takes_them() -> None:
    settings = parse_arguments(
        {"config_job": PUSH, "interval": 1, "max_interval": 9, "backoff": 3, "missing_grace": 4}
    ).settings
    assert (
        settings.policy.interval,
        settings.policy.max_interval,
        settings.policy.backoff,
        settings.missing_grace,
    ) == (1, 9, 3, 4)


@pytest.mark.parametrize(
    "listing",
    [
        {"config_job": TENANT},
        {"config_job": {**TENANT, "limit": 5}},
        {"firmware_repo": {"api_url": "https://lxca", "username": "u", "password": "s3cret"}},
        {"firmware_repo": {"api_url": "https://lxca", "username": "u", "password": "s3cret", "task_id": 0}},
        {"activegate_update_job": {"api_url": "https://d", "api_token": "s3cret"}},
        {"activegate_update_job": {"api_url": "https://d", "api_token": "s3cret", "activegate_id": "-1"}},
    ],
)
def test_a_source_with_a_listing_has_no_end(listing: dict[str, t.Any]) -> None:
    arguments = parse_arguments(listing)
    assert [item.id for item in arguments.items] == [None]
    assert arguments.items[0].label.endswith(" listing")
    assert not arguments.until_finished


@pytest.mark.parametrize("unset", [None, "", " "])
def test_arguments_that_are_null_or_blank_are_not_set(monkeypatch: pytest.MonkeyPatch, unset: str | None) -> None:
    monkeypatch.setenv("SCM_ACCESS_TOKEN", "s3cret")
    push = {"job_id": "7", "access_token": unset, "proxy": unset, "validate_certs": unset, "children_settle": unset}
    blank = dict.fromkeys(
        ("firmware_repo", "interval", "max_interval", "concurrency", "initial", "until_finished"), unset
    )
    absent = parse_arguments({"jobs": [{"config_job": {"job_id": "7"}}]})
    assert parse_arguments({"jobs": [{"name": unset, "config_job": push}], **blank}) == absent
    assert parse_arguments({"config_job": {}, "jobs": unset}) == parse_arguments({"config_job": {}})


def test_a_misspelt_argument_is_refused_although_it_is_not_set() -> None:
    with pytest.raises(OptionError, match=r"^config_job\.job_idd: there is no such option;"):
        parse_arguments({"config_job": {**PUSH, "job_idd": ""}})


@pytest.mark.parametrize("nothing", [None, "", " "])
@pytest.mark.parametrize("option", [*PACE, *OWN])
def test_null_and_blank_arguments_give_the_default(option: str, nothing: t.Any) -> None:
    assert parse_arguments({"config_job": PUSH, option: nothing}) == parse_arguments({"config_job": PUSH})


def test_one_listing_among_given_jobs_keeps_the_source_going() -> None:
    assert not parse_arguments({"jobs": [{"config_job": PUSH}, {"name": "all", "config_job": TENANT}]}).until_finished


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {},
            f"Name the job to watch, with one of {KEYS}; for several use jobs.",
        ),
        (
            {"config_job": PUSH, "timeout": 60},
            f"timeout: there is no such option; expected {KEYS}, jobs, interval, max_interval, backoff, missing_grace, concurrency, initial, until_finished.",
        ),
        ({"config_job": PUSH, "initial": "perhaps"}, "initial: expected true or false, got 'perhaps'."),
        ({"config_job": PUSH, "interval": 0}, "interval: expected more than 0 seconds, got 0."),
        (
            {"config_job": PUSH, "interval": 60, "max_interval": 30},
            "max_interval: expected at least interval (60 s), got 30.",
        ),
        (
            {"config_job": TENANT, "until_finished": True},
            "until_finished: config_job is a listing, which has no end.",
        ),
        (
            {"config_job": {**PUSH, "limit": 3}},
            "config_job.limit: it is an option of config_job_info alone and means nothing in a wait; leave it out.",
        ),
        (
            {"config_job": {**TENANT, "retries": 3}},
            "config_job.retries: it is an option of config_job_info alone and means nothing in a wait; leave it out.",
        ),
        *(
            (
                {"config_job": {**TENANT, "job_id": nothing, "limit": 5}},
                "config_job.job_id is empty, so it names nothing; leave it out to ask for all.",
            )
            for nothing in (None, "", " ")
        ),
        ({"config_job": {**TENANT, "limit": 0}}, "config_job.limit: expected 1 or more, got 0."),
        (
            {"imageupdate": {"access_key": "a", "secret_key": "s3cret", "account_service_id": 1}},
            "imageupdate.update_id is required.",
        ),
    ],
)
def test_bad_arguments_are_refused_with_one_sentence(given: dict[str, t.Any], sentence: str) -> None:
    with pytest.raises(OptionError) as refused:
        parse_arguments(given)
    assert str(refused.value) == sentence


def test_a_wait_refuses_a_listing() -> None:
    with pytest.raises(OptionError) as refused:
        parse_items({"config_job": TENANT}, lambda _system: {})
    assert str(refused.value) == "config_job.job_id is required."


def test_a_listing_of_a_profile_has_its_outer_ids_and_each_of_its_jobs_too() -> None:
    account = {"profile": "proxmox_task", "api_url": "https://pve.example.com", "token": "root@pam!a=b"}
    arguments = parse_arguments({"rest_job": {**account, "id": {"node": "pve1"}, "limit": 50}})
    (item,) = arguments.items
    assert (item.id, item.label, arguments.until_finished) == (None, "proxmox_task pve1", False)
    one = item.system.naming(item.options, "U")
    assert (item.system.job_id(one), one["id"]) == ("U", {"node": "pve1", "upid": "U"})
    with pytest.raises(OptionError, match=r"^rest_job\.id\.node: it is missing\.$"):
        parse_arguments({"rest_job": account})


def test_the_file_of_a_profile_is_found_from_the_working_directory(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"rest_job": {"profile": "./mine.yml", "api_url": "https://farm.example.com", "id": 7}}
    with pytest.raises(OptionError, match=r"^rest_job\.profile: there is no file './mine\.yml'\.$"):
        parse_arguments(given)
    (tmp_path / "mine.yml").write_text(
        "{schema: 1, name: mine, ids: {job: {}}, auth: [none], status: {get: '/{job}'}, "
        "state: {path: s, succeeded: d, failed: f}}\n",
        encoding="utf-8",
    )
    assert [item.label for item in parse_arguments(given).items] == ["mine 7"]
