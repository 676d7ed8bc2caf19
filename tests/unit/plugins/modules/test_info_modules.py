# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for each info module. The replies of its API are in the tests of its system."""

from __future__ import annotations

import json

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import info
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, DYNATRACE, MULTIPLAY, STRATA, XCLARITY
from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.replies import strata, xclarity

RETURNED = {"changed", "job", "jobs", "raw", "retry_after", "error", "msg"}
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def without(result, key):
    return {name: value for name, value in result.items() if name != key}


def returned(result):
    """Its keys but those of Ansible's own."""
    return result.keys() - {"invocation", "warnings", "failed"}


@each
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_job_is_read(server, run_module, case, check_mode) -> None:
    server.on(case.route, reply(case.reply))
    result = run_module(case.module, case.given(server.url), check_mode=check_mode)
    assert returned(result) == RETURNED
    assert (result["changed"], result["error"], result.get("failed")) == (False, None, None)
    assert (result["job"]["system"], result["job"]["id"]) == (case.name, case.id)
    assert result["jobs"] == [result["job"]]
    assert result["raw"] == case.reply
    assert result["msg"].startswith(f"{case.key} {case.id} succeeded (")


@each
def test_a_failed_read_returns_every_key_too(read, case) -> None:
    result = read(case, b"", 400)
    assert returned(result) == RETURNED
    assert (result["failed"], result["changed"], result["job"], result["jobs"], result["raw"]) == (
        True,
        False,
        None,
        [],
        None,
    )
    assert result["error"].keys() == {"kind", "status", "code", "message", "request_id", "retry_after", "of_account"}
    assert result["error"]["message"] == result["msg"]


@each
def test_a_missing_job_fails(server, read, case) -> None:
    result = read(case, b"", 404)
    assert (result["failed"], result["error"]["kind"], result["job"]) == (True, "not_found", None)
    assert result["msg"].startswith(f"{server.url}{case.route.split()[1]} answered HTTP 404. Check ")
    assert result["msg"].endswith(" If it may not be visible yet, set on_missing: ignore.")


@each
def test_a_missing_job_can_be_ignored(read, case) -> None:
    result = read(case, b"", 404, on_missing="ignore")
    assert returned(result) == RETURNED
    assert (result.get("failed"), result["job"], result["jobs"], result["error"]) == (None, None, [], None)
    assert "answered HTTP 404" in result["msg"]
    assert "on_missing" not in result["msg"]


@each
def test_only_a_missing_job_is_ignored(read, case) -> None:
    assert read(case, b"", 400, on_missing="ignore")["failed"] is True


@each
@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        ("rejected", (400, 409, 501)),
        ("unauthorized", (401,)),
        ("forbidden", (403,)),
        ("not_found", (404,)),
        ("unavailable", (408, 425, 429, 500, 502, 503, 504, 599)),
    ],
)
def test_a_status_is_the_same_kind_of_error_in_each_system(read, case, kind, statuses) -> None:
    errors = [read(case, b"", status)["error"] for status in statuses]
    assert [(error["kind"], error["status"]) for error in errors] == [(kind, status) for status in statuses]


@each
@pytest.mark.parametrize("body", [b"", "<html>Not Found</html>", {"detail": "Not Found"}])
def test_a_404_without_a_vendors_error_says_to_check_api_url_first(read, case, body) -> None:
    result = read(case, body, 404)
    ids = " and ".join(BY_KEY[case.key].ids)
    assert f" answered HTTP 404. Check api_url, then {ids}." in result["msg"]


CLEAN = "expected an id without control characters, and without blanks at its ends"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *((given, "expected an id") for given in (".", "..")),
        *((given, CLEAN) for given in ("7\n", " 7", "a\r\nX-Injected: 1", "\x01", "\x1b[31m7")),
    ],
)
@pytest.mark.parametrize(
    ("case", "option"),
    [(case, name) for case in CASES for name in BY_KEY[case.key].ids],
)
def test_an_invalid_id_is_refused_before_any_request(server, run_module, case, option, given, expected) -> None:
    result = run_module(case.module, case.given(server.url, **{option: given}))
    assert (result["failed"], result["msg"], server.requests) == (True, f"{option}: {expected}, got {given!r}.", [])


CLIENT = {"access_token": None, "client_id": "sa@1", "client_secret": "strata-client-secret", "tsg_id": "1"}
SESSION = {"auth_method": "session"}
SECRETS = {
    "api token": (DYNATRACE, {}, DYNATRACE.secrets),
    "bearer token": (
        DYNATRACE,
        {"api_token": None, "access_token": "dt0s16.platform-secret"},
        ("dt0s16.platform-secret",),
    ),
    "basic, Multiplay": (MULTIPLAY, {}, MULTIPLAY.secrets),
    "basic, XClarity": (XCLARITY, {}, XCLARITY.secrets),
    "ready token": (STRATA, {}, STRATA.secrets),
    "client credentials": (
        STRATA,
        CLIENT,
        ("strata-client-secret", "c2FAMTpzdHJhdGEtY2xpZW50LXNlY3JldA==", strata.TOKEN["access_token"]),
    ),
    "session": (
        XCLARITY,
        SESSION,
        ("xclarity-password", "session-id-of-the-first-session", "csrf-of-the-first-session"),
    ),
}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 500])
@pytest.mark.parametrize(("case", "options", "secrets"), SECRETS.values(), ids=SECRETS)
def test_an_api_that_repeats_what_it_was_sent_gives_no_secret_away(
    server, run_module, case, options, secrets, status
) -> None:
    """The worst case: each header and body that was received is in the reply, in its messages and in unknown fields."""

    def echo(request):
        heard = f"{request.headers} {request.body!r} {' '.join(secrets)}"
        envelopes = {
            "error": {"code": status, "message": heard},
            "_errors": [{"code": "E1", "message": heard, "details": heard}],
            "_request_id": heard,
            "result": "failure",
            "messages": [{"id": heard, "text": heard}],
            "error_message": heard,
        }
        good = case.reply if status == 200 else {}
        return reply({**good, **(envelopes if status != 200 else {}), "heard": [heard], "joberror": heard}, status)

    server.on("POST /token", reply(strata.TOKEN))
    server.on("POST /sessions", reply(xclarity.LOGIN, headers=xclarity.COOKIES))
    server.on(case.route, echo)
    if "client_id" in options:
        options = {**options, "token_url": f"{server.url}/token"}
    result = run_module(case.module, case.given(server.url, **options))
    assert (result.get("failed") is True) is (status != 200)
    printed = json.dumps(result)
    assert [secret for secret in secrets if secret in printed] == []


@each
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api_url": "host.example.com"}, "api_url: expected a URL such as https://host.example.com."),
        ({"proxy": "proxy:3128"}, "proxy: expected a URL such as https://host.example.com."),
        ({"ca_path": "/nonexistent"}, "ca_path: there is no file or folder /nonexistent."),
        ({"client_key": "/own.key"}, "client_cert: it is needed with client_key."),
        (
            {"client_cert": "/own.pem"},
            "client_cert: expected an api_url that begins with https, because only TLS shows certificates.",
        ),
        (
            {"client_cert": "/nonexistent", "api_url": "https://host.example.com"},
            "client_cert: there is no file /nonexistent.",
        ),
        ({"request_timeout": 0}, "request_timeout: expected more than 0 and at most 86400 seconds, got 0."),
        ({"retries": -1}, "retries: expected 0 or more, got -1."),
        ({"on_missing": "warn"}, "on_missing: expected fail or ignore, got 'warn'."),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_option(server, run_module, case, options, message) -> None:
    result = run_module(case.module, case.given(server.url, **options))
    assert (result["failed"], result["msg"], server.requests) == (True, message, [])


@each
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validate_certs": "soon"}, "validate_certs: expected true or false, got 'soon'."),
        ({"request_timeout": "soon"}, "request_timeout: expected a number of seconds, got 'soon'."),
        ({"request_timeout": "inf"}, "request_timeout: expected a number of seconds, got 'inf'."),
        ({"retries": "1e1000000"}, "retries: expected a whole number, got '1e1000000'."),
        ({"retries": 1.5}, "retries: expected a whole number, got 1.5."),
        ({"proxy": ["http://proxy"]}, "proxy: expected text, got a list."),
        ({"api_url": True}, "api_url: expected text, got true or false; write it in quotes."),
    ],
)
def test_a_wrong_type_names_the_option(run_module, case, options, message) -> None:
    result = run_module(case.module, case.given("https://host", **options))
    assert (result["failed"], result["msg"], returned(result)) == (True, message, RETURNED)


@pytest.mark.parametrize("nothing", [None, "", " "])
@pytest.mark.parametrize(
    ("case", "option", "variable"),
    [
        (DYNATRACE, "api_url", "DYNATRACE_ENV_URL"),
        (XCLARITY, "api_url", "XCLARITY_URL"),
        (MULTIPLAY, "account_service_id", "MULTIPLAY_ACCOUNT_SERVICE_ID"),
    ],
)
def test_a_missing_required_option_is_named_with_its_variable(run_module, case, option, variable, nothing) -> None:
    result = run_module(case.module, {**case.given("https://host"), option: nothing})
    assert result["msg"] == f"{option} is required (or {variable} in the environment)."


@each
def test_an_unknown_option_is_refused_with_the_nearest_name(run_module, case) -> None:
    result = run_module(case.module, case.given("https://host", api_urls="x"))
    assert (result["failed"], returned(result)) == (True, RETURNED)
    assert result["msg"].startswith("api_urls: there is no such option; expected ")
    assert result["msg"].endswith(", on_missing, retries, timeout. Did you mean api_url?")


@each
@pytest.mark.parametrize("nothing", [None, "", " \t\n"])
def test_a_null_or_blank_option_counts_as_not_given(server, run_module, monkeypatch, case, nothing) -> None:
    """Whatever its type: the environment variable counts, then the default."""
    server.on(case.route, reply(case.reply))
    system = BY_KEY[case.key]
    given = case.given(server.url)
    needed = {name for name in given if name in system.connection}
    for name in needed:
        if "fallback" in system.connection[name]:
            monkeypatch.setenv(system.connection[name]["fallback"][1][0], given[name])
    blank = {name for name in system.module_spec() if name not in system.ids and name not in ("auth_method", "retries")}
    assert run_module(case.module, {**given, **dict.fromkeys(blank, nothing)})["job"]["state"] == "succeeded"


@pytest.mark.parametrize("nothing", [None, "", " "])
@pytest.mark.parametrize(
    ("case", "option", "remedy"),
    [
        (DYNATRACE, "job_id", "; leave it out to ask for all"),
        (DYNATRACE, "activegate_id", "; leave it out to ask for all"),
        (STRATA, "job_id", "; leave it out to ask for all"),
        (XCLARITY, "task_id", "; leave it out to ask for all"),
        (MULTIPLAY, "update_id", ""),
    ],
)
def test_an_id_without_a_value_is_not_taken_for_all_jobs(server, run_module, case, option, remedy, nothing) -> None:
    result = run_module(case.module, {**case.given(server.url), option: nothing})
    assert (result["msg"], server.requests) == (f"{option} is empty, so it names nothing{remedy}.", [])


@each
@pytest.mark.parametrize(
    ("value", "kind"), [(1.10, "a decimal number; write it in quotes"), (True, "true or false; write it in quotes")]
)
def test_an_id_that_yaml_read_as_another_type_is_refused(run_module, case, value, kind) -> None:
    name = list(BY_KEY[case.key].ids)[-1]
    result = run_module(case.module, case.given("https://host", **{name: value}))
    assert result["msg"] == f"{name}: expected text, got {kind}."


@each
def test_an_id_of_digits_may_be_a_number(server, run_module, case) -> None:
    server.on(case.route, reply(case.reply))
    ids = {name: int(case.options[name]) for name in BY_KEY[case.key].ids}
    assert run_module(case.module, case.given(server.url, **ids))["job"]["id"] == case.id


@each
def test_secret_options_are_not_shown(server, case) -> None:
    for given in (case.given(server.url), case.given(server.url, proxy="no url of a proxy", on_missing="never")):
        result = info(BY_KEY[case.key], given)
        shown = result["invocation"]["module_args"]
        secret = {name for name, rules in BY_KEY[case.key].module_spec().items() if rules.get("no_log")}
        assert {shown[name] for name in given.keys() & secret} == {"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}
        assert {shown[name] == given[name] for name in given.keys() - secret - {"retries"}} == {True}


def test_a_job_id_without_activegate_id_is_refused(run_module) -> None:
    result = run_module(DYNATRACE.module, DYNATRACE.given("https://host", activegate_id=None))
    assert result["msg"] == "activegate_id: it is needed where job_id is given."


@pytest.mark.parametrize(
    ("case", "variable", "option"),
    [
        (DYNATRACE, "DYNATRACE_ENV_URL", "api_url"),
        (DYNATRACE, "DYNATRACE_API_TOKEN", "api_token"),
        (MULTIPLAY, "MULTIPLAY_API_URL", "api_url"),
        (MULTIPLAY, "MULTIPLAY_ACCOUNT_SERVICE_ID", "account_service_id"),
        (MULTIPLAY, "MULTIPLAY_ACCESS_KEY", "access_key"),
        (MULTIPLAY, "MULTIPLAY_SECRET_KEY", "secret_key"),
        (STRATA, "SCM_API_URL", "api_url"),
        (STRATA, "SCM_ACCESS_TOKEN", "access_token"),
        (XCLARITY, "XCLARITY_URL", "api_url"),
        (XCLARITY, "XCLARITY_USERNAME", "username"),
        (XCLARITY, "XCLARITY_PASSWORD", "password"),
    ],
)
def test_an_option_may_come_from_the_environment(server, run_module, monkeypatch, case, variable, option) -> None:
    server.on(case.route, reply(case.reply))
    given = case.given(server.url)
    monkeypatch.setenv(variable, given.pop(option))
    assert run_module(case.module, given)["job"]["state"] == "succeeded"


def test_client_credentials_may_come_from_the_environment(server, run_module, monkeypatch) -> None:
    server.on("POST /token", reply(strata.TOKEN))
    server.on(STRATA.route, reply(strata.FINISHED))
    variables = {
        "SCM_CLIENT_ID": "sa@1",
        "SCM_CLIENT_SECRET": "strata-client-secret",
        "SCM_TSG_ID": "1",
        "SCM_TOKEN_URL": f"{server.url}/token",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run_module(STRATA.module, STRATA.given(server.url, access_token=None))["job"]["state"] == "succeeded"


@each
def test_the_module_returns_what_its_function_returns(server, run_module, run_process, case) -> None:
    server.on(case.route, reply(case.reply))
    given = case.given(server.url)
    secret = next(
        name for name, rules in BY_KEY[case.key].module_spec().items() if rules.get("no_log") and name in given
    )
    given[secret] = "ab"  # too short to be masked, of which there is a warning
    expected = run_module(case.module, given, check_mode=True)
    assert (expected["job"]["id"], len(expected["warnings"])) == (case.id, 1)
    printed = run_process(case.module, {**given, "_ansible_check_mode": True})
    assert printed == (expected if "invocation" in printed else without(expected, "invocation"))  # left out since 2.21


@each
def test_a_missing_library_requests_is_told(run_process, case) -> None:
    result = run_process(case.module, case.given("https://host"), "import sys; sys.modules['requests'] = None")
    assert returned(result) - {"exception"} == RETURNED
    assert result["failed"] is True
    assert result["msg"].startswith("Failed to import the required Python library (requests) on ")
