# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user writes about jobs: read with the defaults, or refused in a sentence that names the place."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import JobItem, parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles

PUSH = {"job_id": "7", "access_token": "s3cret"}
OWN = {
    "schema": 1,
    "name": "build",
    "ids": {"number": {}},
    "auth": ["none"],
    "status": {"get": "/builds/{number}"},
    "state": {"path": "state", "running": "busy", "succeeded": "done", "failed": "broken"},
}
KEYS = ", ".join(BY_KEY)


def items(task: t.Any, defaults: t.Any = None) -> list[JobItem]:
    return parse_items(task, lambda system: (defaults or {}).get(system.key, {}))


def refusal(task: t.Any, defaults: t.Any = None) -> str:
    with pytest.raises(OptionError) as caught:
        items(task, defaults)
    return str(caught.value)


def test_one_job_is_parsed_with_the_defaults_of_its_options() -> None:
    (item,) = items({"config_job": {**PUSH, "job_id": 7}, "timeout": 5})
    assert (item.name, item.id, item.label, item.where) == (None, "7", "config_job 7", "config_job")
    assert item.options["children_settle"] == 30
    assert item.options["request_timeout"] == 30
    assert item.options["access_token"] == "s3cret"


def test_a_list_keeps_its_order_and_names() -> None:
    listed = items(
        {
            "jobs": [
                {"name": "Berlin", "config_job": PUSH},
                {"firmware_repo": {"task_id": 12, "api_url": "https://lxca", "username": "u", "password": "p4ss"}},
                {"name": 3, "config_job": {**PUSH, "job_id": "8"}},
            ]
        }
    )
    assert [item.label for item in listed] == ["Berlin (config_job 7)", "firmware_repo 12", "3 (config_job 8)"]
    assert [item.where for item in listed] == ["jobs[0].config_job", "jobs[1].firmware_repo", "jobs[2].config_job"]


@pytest.mark.parametrize("profile", ["aptly_task", OWN])
def test_jobs_with_the_same_profile_share_all_that_it_says(profile: t.Any) -> None:
    given = {"profile": profile, "api_url": "https://builds.example.com"}
    load = Profiles(lambda _name: None).load
    jobs = [{"rest_job": {**given, "id": number}} for number in (1, 2)]
    first, second = parse_items({"jobs": jobs}, lambda _system: {}, load=load)
    assert first.options["profile"] is second.options["profile"]
    assert first.system.words is second.system.words


def test_an_empty_list_of_jobs_is_accepted() -> None:
    assert items({"jobs": []}) == []


@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_a_null_or_blank_key_beside_a_job_counts_as_not_given(nothing: t.Any) -> None:
    assert [item.id for item in items({"config_job": PUSH, "jobs": nothing, "firmware_repo": nothing})] == ["7"]
    (item,) = items({"jobs": [{"name": nothing, "config_job": PUSH, "firmware_repo": nothing}]})
    assert (item.name, item.id) == (None, "7")


@pytest.mark.parametrize("nothing", [None, "", " \n"])
@pytest.mark.parametrize("option", BY_KEY["config_job"].connection_spec())
def test_a_null_or_blank_option_of_a_job_counts_as_not_given(
    monkeypatch: pytest.MonkeyPatch, option: str, nothing: t.Any
) -> None:
    """Whatever its type: the environment variable counts, then the default."""
    monkeypatch.setenv("SCM_ACCESS_TOKEN", "of the environment")
    (item,) = items({"config_job": {"job_id": "7", option: nothing}})
    assert item.options == items({"config_job": {"job_id": "7"}})[0].options
    assert item.options["access_token"] == "of the environment"


def test_a_blank_environment_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCM_CLIENT_ID", " ")
    monkeypatch.setenv("SCM_API_URL", "")
    (item,) = items({"config_job": PUSH})
    assert (item.options["client_id"], item.options["api_url"][:8]) == (None, "https://")


JSON = '{"job_id": "7", "access_token": "s3cret", "children": false}'


@pytest.mark.parametrize(
    "task",
    [
        {"config_job": JSON},
        {"config_job": f" \n{JSON}\n"},
        {"config_job": "job_id=7,access_token=s3cret,children=false"},
        {"config_job": "job_id=7 access_token='s3cret' children=no"},
        {"config_job": "{'job_id': 7, 'access_token': 's3cret', 'children': False}"},
        {"jobs": f'[{{"config_job": {JSON}}}]'},
        {"jobs": "[{'config_job': {'job_id': 7, 'access_token': 's3cret', 'children': False}}]"},
        {"jobs": [f'{{"config_job": {JSON}}}']},
        {"jobs": [{"config_job": "job_id=7 access_token=s3cret children=false"}]},
    ],
)
def test_a_job_may_be_json_or_key_value_text(task: t.Any) -> None:
    (item,) = items(task)
    assert [item.options[name] for name in ("job_id", "access_token", "children")] == ["7", "s3cret", False]


def test_text_that_is_no_dictionary_is_not_changed() -> None:
    """An id that came from an API must not become options."""
    text = '{"job_id": "8", "token_url": "http://127.0.0.1:9"}'
    (item,) = items({"jobs": [{"name": text, "config_job": {**PUSH, "job_id": text}}]})
    assert (item.name, item.id, item.options["token_url"]) == (
        text,
        text,
        items({"config_job": PUSH})[0].options["token_url"],
    )


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        (
            {},
            f"Name the job to wait for, with one of {KEYS}; for several use jobs.",
        ),
        (
            {"config_job": PUSH, "jobs": []},
            "config_job and jobs: expected one of them alone; for several jobs use jobs.",
        ),
        ({"jobs": {"config_job": PUSH}}, "jobs: expected a list, got a dictionary."),
        ({"jobs": 7}, "jobs: expected a list, got a number."),
        ({"jobs": "7"}, "jobs: expected a list, got text that is not JSON."),
        ({"jobs": "{}"}, "jobs: expected a list, got text that is not JSON."),
        ({"jobs": '{"config_job": {"job_id": "7"}}'}, "jobs: expected a list, got text that is not JSON."),
        ({"jobs": "[{"}, "jobs: expected a list, got text that is not JSON."),
        ({"jobs": "[" * 10_000}, "jobs: expected a list, got text that is not JSON."),
        ({"jobs": [None]}, f"jobs[0]: expected a dictionary with one of {KEYS}, got nothing."),
        ({"jobs": [7]}, f"jobs[0]: expected a dictionary with one of {KEYS}, got a number."),
        (
            {"jobs": ["7"]},
            f"jobs[0]: expected a dictionary with one of {KEYS}, got text that is neither JSON nor key=value.",
        ),
        ({"jobs": [{}]}, f"jobs[0]: expected exactly one of {KEYS}, got none."),
        ({"jobs": [{"name": "x"}]}, f"jobs[0]: expected exactly one of {KEYS}, got none."),
        (
            {"jobs": [{"config_job": PUSH, "firmware_repo": {}}]},
            f"jobs[0]: expected exactly one of {KEYS}, got config_job and firmware_repo.",
        ),
        (
            {"jobs": [{"config_jop": PUSH}]},
            f"jobs[0].config_jop: there is no such key; expected name and one of {KEYS}. Did you mean config_job?",
        ),
        (
            {"jobs": [{"config_job": PUSH}] * 3 + [{"config_job": {"job_idd": "7"}}]},
            "jobs[3].config_job.job_idd: there is no such option; expected job_id, started_by, children, children_settle, api_url, "
            "token_url, client_id, client_secret, tsg_id, access_token, validate_certs, ca_path, client_cert, client_key, proxy, request_timeout. "
            "Did you mean job_id?",
        ),
        (
            {"jobs": [{"config_job": {**PUSH, "on_missing": "ignore"}}]},
            "jobs[0].config_job.on_missing: it is an option of config_job_info alone and means nothing in a wait; leave it out.",
        ),
        (
            {"jobs": [{"config_job": {**PUSH, "timeout": 60}}]},
            "jobs[0].config_job.timeout: it is an option of the wait; write it beside jobs.",
        ),
        (
            {"config_job": {**PUSH, "interval": 60}},
            "config_job.interval: it is an option of the wait; write it beside config_job.",
        ),
        (
            {"activegate_update_job": {"from": "now-1d"}},
            "activegate_update_job.from: it is an option of activegate_update_job_info alone and means nothing in a wait; leave it out.",
        ),
        (
            {"jobs": [{"name": "x", "config_job": PUSH}, {"config_job": PUSH}, {"name": "x", "config_job": PUSH}]},
            "jobs[2].name: 'x' is the name of jobs[0] already.",
        ),
        ({"jobs": [{"name": ["x"], "config_job": PUSH}]}, "jobs[0].name: expected text, got a list."),
        (
            {"jobs": [{"name": 1.10, "config_job": PUSH}]},
            "jobs[0].name: expected text, got a decimal number; write it in quotes.",
        ),
        (
            {"config_job": "7"},
            "config_job: expected a dictionary with job_id, got text that is neither JSON nor key=value.",
        ),
        (
            {"config_job": "{7}"},
            "config_job: expected a dictionary with job_id, got text that is neither JSON nor key=value.",
        ),
        (
            {"config_job": "job_id=7, s3cret"},
            "config_job: expected a dictionary with job_id, got text that is neither JSON nor key=value.",
        ),
        ({"config_job": ["7"]}, "config_job: expected a dictionary with job_id, got a list."),
        ({"config_job": 7}, "config_job: expected a dictionary with job_id, got a number."),
        ({"config_job": {}}, "config_job.job_id is required."),
        ({"jobs": [{"config_job": None}]}, f"jobs[0]: expected exactly one of {KEYS}, got none."),
        *(
            ({"config_job": {**PUSH, "job_id": nothing}}, "config_job.job_id is empty, so it names nothing.")
            for nothing in (None, "", " ")
        ),
        (
            {"activegate_update_job": {"activegate_id": "", "job_id": "7"}},
            "activegate_update_job.activegate_id is empty, so it names nothing.",
        ),
        (
            {"config_job": {**PUSH, "job_id": 1.5}},
            "config_job.job_id: expected text, got a decimal number; write it in quotes.",
        ),
        (
            {"config_job": {**PUSH, "job_id": True}},
            "config_job.job_id: expected text, got true or false; write it in quotes.",
        ),
        (
            {"config_job": {**PUSH, "access_token": 1e5}},
            "config_job.access_token: expected text, got a decimal number; write it in quotes.",
        ),
        ({"config_job": {**PUSH, "job_id": ".."}}, "config_job.job_id: expected an id, got '..'."),
        (
            {"firmware_repo": {"task_id": "0", "api_url": "https://lxca"}},
            "firmware_repo.task_id: expected one job; 0 means all of them.",
        ),
        (
            {"firmware_repo": {"task_id": "12"}},
            "firmware_repo.api_url is required (or XCLARITY_URL in the environment).",
        ),
        (
            {"imageupdate": {"update_id": "1"}},
            "imageupdate.account_service_id is required (or MULTIPLAY_ACCOUNT_SERVICE_ID in the environment).",
        ),
        ({"activegate_update_job": {"job_id": "1"}}, "activegate_update_job.activegate_id is required."),
        (
            {"config_job": {**PUSH, "request_timeout": "soon"}},
            "config_job.request_timeout: expected a number of seconds, got 'soon'.",
        ),
        ({"config_job": {**PUSH, "children": "some"}}, "config_job.children: expected true or false, got 'some'."),
        (
            {"config_job": {**PUSH, "children_settle": -1}},
            "config_job.children_settle: expected 0 or more seconds, got -1.",
        ),
        (
            {"config_job": {**PUSH, "children_settle": "inf"}},
            "config_job.children_settle: expected a number of seconds, got 'inf'.",
        ),
        ({"config_job": {**PUSH, "job_id": [1, 2]}}, "config_job.job_id: expected text, got a list."),
        (
            {"config_job": {**PUSH, "access_token": {"s3cret": 1}}},
            "config_job.access_token: expected text, got a dictionary.",
        ),
        (
            {"firmware_repo": {"task_id": "12", "api_url": "https://lxca", "auth_method": "magic"}},
            "firmware_repo.auth_method: expected session or basic, got 'magic'.",
        ),
    ],
)
def test_a_bad_job_is_refused_in_one_sentence(task: t.Any, sentence: str) -> None:
    assert refusal(task) == sentence


class TestDefaults:
    """What ``module_defaults`` hold for the info modules."""

    def test_defaults_are_merged_and_the_jobs_own_options_win(self) -> None:
        defaults = {"config_job": {"access_token": "t0ken", "request_timeout": 5, "children": False}}
        (item,) = items({"config_job": {"job_id": "7", "request_timeout": 9}}, defaults)
        assert [item.options[name] for name in ("access_token", "request_timeout", "children")] == ["t0ken", 9, False]

    def test_defaults_for_the_info_module_alone_are_left_out(self) -> None:
        defaults = {"config_job": {**PUSH, "retries": 5, "on_missing": "ignore", "limit": 3}}
        (item,) = items({"config_job": {}}, defaults)
        assert not {"retries", "on_missing", "limit"} & item.options.keys()

    def test_bad_defaults_are_refused_like_bad_options(self) -> None:
        assert refusal({"config_job": PUSH}, {"config_job": {"request_timeout": "soon"}}) == (
            "config_job.request_timeout: expected a number of seconds, got 'soon'."
        )
        assert refusal({"config_job": PUSH}, {"config_job": {"colour": "red"}}).startswith(
            "config_job.colour: there is no such option"
        )


def test_the_environment_fills_in_options_that_are_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XCLARITY_URL", "https://lxca")
    monkeypatch.setenv("XCLARITY_USERNAME", "automation")
    monkeypatch.setenv("XCLARITY_PASSWORD", "from the environment")
    (item,) = items({"firmware_repo": {"task_id": "12"}})
    assert item.options["api_url"] == "https://lxca"
    assert item.options["password"] == "from the environment"
