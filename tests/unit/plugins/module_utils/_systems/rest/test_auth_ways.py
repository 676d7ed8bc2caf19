# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.auth_ways import choose_way
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile

TOKEN = {"header": {"Authorization": "Bearer {token}"}}
SESSION = {
    "session": {
        "post": "/sessions",
        "json": {"user": "{username}", "secret": "{password}"},
        "take": {"ticket": ["data.ticket", "$cookie.SID"], "session": "$header.Location"},
        "send": {"Cookie": "Auth={ticket}"},
        "lifetime": 7200,
        "logout": {"delete": "{session}"},
    }
}


def ways(*auth, **more):
    return profile(("auth", list(auth)), *more.items()).auth


def choose(auth, *given, method=None):
    return choose_way(ways(*auth), given, method).kind


def test_the_first_way_whose_options_are_all_given_is_taken() -> None:
    auth = [TOKEN, SESSION, {"oauth2": {"token_url": "/token"}}, "none"]
    assert choose(auth, "token") == "header"
    assert choose(auth, "username", "password", "token") == "header"
    assert choose(auth, "username", "password") == "session"
    assert choose(auth, "client_id", "client_secret", "username") == "oauth2"
    assert choose(auth) == "none"
    assert choose(auth, "username", "password", "token", method="session") == "session"


def refused(auth, *given, method=None):
    with pytest.raises(OptionError) as caught:
        choose(auth, *given, method=method)
    return str(caught.value)


def test_auth_method_chooses_between_two_ways_with_the_same_options() -> None:
    auth = [SESSION, "basic", TOKEN]
    assert choose(auth, "username", "password") == "session"
    assert choose(auth, "username", "password", method="basic") == "basic"
    assert choose(auth, "username", "password", "token", method="header") == "header"
    said = "auth_method: this profile has no such way to log in; expected session, basic or header."
    assert refused(auth, "username", "password", method="oauth2") == said


@pytest.mark.parametrize(
    ("auth", "given", "said"),
    [
        (
            ["basic"],
            ["token"],
            "username: it is missing; this profile takes username and password; it does not use token.",
        ),
        (["basic"], ["username"], "password: it is missing; this profile takes username and password."),
        (["basic", TOKEN], [], "username: it is missing; this profile takes username and password, or token."),
        (
            [TOKEN, "basic"],
            ["password"],
            "username: it is missing; this profile takes token, or username and password.",
        ),
        (
            [{"oauth2": {}}],
            ["client_id", "client_secret"],
            "token_url: it is missing; this profile takes client_id, client_secret and token_url.",
        ),
    ],
)
def test_a_missing_option_of_a_login_is_named(auth, given, said) -> None:
    assert refused(auth, *given) == said


def test_a_login_needs_variables_without_a_default() -> None:
    key = {"header": {"X-Key": "{token}", "X-Agent": "{agent}", "X-Kind": "{kind}"}}
    (way,) = ways(key, variables={"agent": None, "kind": "x"})
    assert way.needs == {"token", "agent"}


@pytest.mark.parametrize(
    ("oauth2", "needs"),
    [
        ({"token_url": "/token"}, {"client_id", "client_secret"}),
        (None, {"client_id", "client_secret", "token_url"}),
        ({"token_url": "/token", "grant": "password"}, {"username", "password"}),
        ({"token_url": "/token", "scope": "tenant:{scope}"}, {"client_id", "client_secret", "scope"}),
    ],
)
def test_oauth2_needs_an_option_for_each_value_that_it_lacks(oauth2, needs) -> None:
    (way,) = ways({"oauth2": oauth2})
    assert (way.kind, way.needs) == ("oauth2", needs)


def test_the_token_endpoint_is_a_path_a_url_or_an_option() -> None:
    library = [("title", "x"), ("sources", "x"), ("tested", "x"), ("variables", {"tenant": None})]

    def url(oauth2, **values):
        (way,) = profile(*library, ("auth", [{"oauth2": oauth2}]), library=True).auth
        return way.url("https://h/api", values)

    assert url({"token_url": "/token"}) == "https://h/api/token"
    assert url({}) is None
    assert url({"token_url": "https://login/{tenant}/token"}, tenant="a/../b") == "https://login/a%2F..%2Fb/token"
    with pytest.raises(OptionError):
        url({"token_url": "https://login/{tenant}/token"}, tenant="..")


def test_a_session_describes_login_use_renewal_and_logout() -> None:
    (way,) = ways(SESSION)
    assert (way.needs, way.lifetime, way.renew_on, way.basic) == ({"username", "password"}, 7200, {401}, False)
    request = way.login.request("https://h/api", {"username": "u", "password": "p{x}"})
    assert (request.method, request.url, request.json) == (
        "POST",
        "https://h/api/sessions",
        {"user": "u", "secret": "p{x}"},
    )
    answer = Answer(201, {"location": "/api/sessions/7"}, {}, cookies={"SID": "t-1"})
    taken = {name: source.find(answer.body, answer) for name, source in way.take.items()}
    assert taken == {"ticket": "t-1", "session": "/api/sessions/7"}
    assert {name: text.header(taken) for name, text in way.send.items()} == {"Cookie": "Auth=t-1"}
    logout = way.logout.request("https://h/api", taken, way.logout_addresses())
    assert (logout.method, logout.url) == ("DELETE", "https://h/api/sessions/7")


def test_a_session_may_log_in_by_basic_or_by_a_form() -> None:
    session = {"post": "/token", "basic": True, "take": {"t": "@"}, "send": {"X-T": "{t}"}}
    (way,) = ways({"session": session})
    assert (way.needs, way.basic, way.logout) == ({"username", "password"}, True, None)
    assert way.take["t"].find("a JSON text", Answer(body="a JSON text")) == "a JSON text"
    form = {**session, "basic": False, "form": {"user": "{username}", "days": 1}, "renew_on": [401, 403]}
    (way,) = ways({"session": form})
    assert (way.needs, way.renew_on) == ({"username"}, {401, 403})
    assert way.login.request("https://h", {"username": "u"}).form == {"user": "u", "days": "1"}


def test_a_name_taken_from_a_login_is_one_segment_of_a_path() -> None:
    session = {**SESSION["session"], "logout": {"post": "/sessions/{session}/end"}}
    (way,) = ways({"session": session})
    logout = way.logout.request("https://h", {"session": "a/b"}, way.logout_addresses())
    assert (logout.method, logout.url) == ("POST", "https://h/sessions/a%2Fb/end")


def test_a_logout_stays_on_the_origin() -> None:
    (way,) = ways(SESSION)
    with pytest.raises(OptionError):
        way.logout.request("https://h", {"session": "https://evil.example.com/x"}, way.logout_addresses())
