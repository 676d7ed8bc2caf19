# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile must pass when it is read, before any request."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import Answer
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.placeholders import RESERVED
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.profile import Profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import (
    MINIMAL,
    changed,
    mistake,
    profile,
    rules,
)


def test_a_small_profile_gets_all_defaults() -> None:
    known = profile()
    assert (known.name, known.file, known.api_url, known.variables) == ("example", "my.yml", None, {})
    assert [one.name for one in known.ids] == ["task"]


def test_different_profiles_have_different_digests() -> None:
    assert profile().digest == profile().digest
    assert profile().digest != profile(("title", "x")).digest


SESSION = {
    "post": "/login",
    "json": {"u": "{username}", "p": "{password}"},
    "take": {"t": "token"},
    "send": {"X-T": "{t}"},
}


def session(**changes):
    return ("auth", [{"session": {**SESSION, **changes}}])


LISTING = {"get": "/tasks", "items": "items", "id": "id"}
ADDRESS = "a path that begins with / (the host is in api_url, parameters are in query), or with an id that is a path"

# What it is, where it is changed, to what, and the whole sentence after the name of the file.
REFUSED = [
    ("no such key", "statee", {}, "statee: there is no such key; expected state or status."),
    ("a key that is missing", "status", ..., "status is missing; expected how the job is asked for."),
    ("another version", "schema", 2, "schema: 2; expected 1."),
    ("a version as true", "schema", True, "schema: true; expected 1."),
    (
        "a name in capitals",
        "name",
        "Example",
        "name: 'Example'; expected a name of lower case letters, digits and underscores.",
    ),
    (
        "a name that YAML reads as false",
        "name",
        False,
        (
            "name: YAML reads no and off as false; expected a name of lower case letters, digits and "
            "underscores, in quotes."
        ),
    ),
    (
        "a key that YAML reads as false",
        "fields",
        {False: "x"},
        "fields: a key that YAML reads as false (yes, no, on and off are); expected it in quotes.",
    ),
    ("a key that is a number", "variables", {1: "x"}, "variables: a key that is 1; expected text, in quotes."),
    ("a date", "title", datetime.date(2026, 1, 1), "title: a date, which needs quotes in YAML; expected text."),
    ("no ids", "ids", {}, "ids: an empty dictionary; expected one entry or more."),
    (
        "a word that YAML reads as true",
        "state.otherwise",
        True,
        "state.otherwise: YAML reads yes and on as true; expected running or pending, in quotes.",
    ),
    ("ids as a list", "ids", ["task"], "ids: a list; expected a dictionary."),
    ("an id of another kind", "ids", {"task": {"kind": "url"}}, "ids.task.kind: 'url'; expected segment or path."),
    (
        "an id of two kinds",
        "ids",
        {"task": {"kind": "path", "last_segment": True}},
        "ids.task: kind: path and last_segment together; expected one of them.",
    ),
    (
        "an id with an option's name",
        "ids",
        {"token": {}},
        "ids.token: this is the name of an option; expected another name.",
    ),
    (
        "a variable with an option's name",
        "variables",
        {"proxy": "x"},
        "variables.proxy: this is the name of an option; expected another name.",
    ),
    (
        "a variable with an id's name",
        "variables",
        {"task": "x"},
        "variables.task: an id has this name; expected another name.",
    ),
    ("a variable that is a list", "variables", {"v": ["x"]}, "variables.v: a list; expected text."),
    (
        "a variable that is a fraction",
        "variables",
        {"v": 1.1},
        "variables.v: the number 1.1, of which YAML may have dropped a zero; expected text, in quotes.",
    ),
    (
        "a variable with a placeholder",
        "variables",
        {"v": "{task}"},
        "variables.v: a placeholder in '{task}'; expected a value.",
    ),
    (
        "an id that nothing names",
        "ids",
        {"node": {}, "task": {}},
        "ids.node: nothing names {node}; expected it in status.get.",
    ),
    (
        "a placeholder that is not declared",
        "status.get",
        "/tasks/{tsk}/{task}",
        "status.get: {tsk} is not declared; expected task.",
    ),
    (
        "a placeholder of a query that is not declared",
        "status.query",
        {"x": "{nodes}"},
        "status.query.x: {nodes} is not declared; expected client_id, scope, task or username.",
    ),
    (
        "braces that YAML reads",
        "status.get",
        {"task": None},
        'status.get: braces without quotes are a dictionary in YAML; expected "{task}", in quotes.',
    ),
    (
        "braces that YAML reads in a body",
        "status",
        {"post": "/{task}", "json": {"a": {"x": None}, "b": [{"task": None}]}},
        'status.json.b[0]: braces without quotes are a dictionary in YAML; expected "{task}", in quotes.',
    ),
    (
        "braces that YAML reads in a login",
        *session(json={"u": {"username": None}}),
        ('auth[0].session.json.u: braces without quotes are a dictionary in YAML; expected "{username}", in quotes.'),
    ),
    (
        "a body that is no JSON",
        "status",
        {"post": "/{task}", "json": {"a": math.inf}},
        "status.json.a: inf; expected JSON.",
    ),
    ("a flag that is a text", "state.ignore_case", "yes", "state.ignore_case: 'yes'; expected true or false."),
    ("an empty title", "title", " ", "title: an empty text; expected text."),
    (
        "a parameter that is too long",
        "listing",
        {**LISTING, "pages": {"page": "x" * 501}},
        "listing.pages.page: a text of 501 characters; expected at most 500.",
    ),
    (
        "a text that is too long",
        "fields",
        {"message": "x" * 1001},
        "fields.message: a text of 1001 characters; expected at most 1000.",
    ),
    (
        "too many entries",
        "variables",
        {f"v{number}": "x" for number in range(501)},
        "variables: 501 entries; expected at most 500.",
    ),
    (
        "an absolute URL",
        "status.get",
        "https://evil.example.com/{task}",
        f"status.get: 'https://evil.example.com/{{task}}'; expected {ADDRESS}.",
    ),
    (
        "a URL without its scheme",
        "status.get",
        "//evil.example.com/{task}",
        f"status.get: '//evil.example.com/{{task}}'; expected {ADDRESS}.",
    ),
    (
        "a query in a path",
        "status.get",
        "/tasks?id={task}",
        f"status.get: '/tasks?id={{task}}'; expected {ADDRESS}.",
    ),
    (
        "a template in a path",
        "status.get",
        "/tasks/{{ task }}",
        "status.get: a template of Ansible, which a profile cannot have; expected a name in single braces, such as {id}.",
    ),
    (
        "a template as a path",
        "started_by",
        "{{ json.id }}",
        "started_by: a template of Ansible is no path: '{{ json.id }}'; expected the path alone, such as json.id.",
    ),
    (
        "a path that begins with a segment",
        "status.get",
        "{task}",
        "status.get: a path that begins with {task}; expected a / before it, or kind: path for this id.",
    ),
    (
        "get and post",
        "status",
        {"get": "/{task}", "post": "/{task}"},
        "status.post: there is no such key; expected answers, get, job or query.",
    ),
    (
        "neither get nor post",
        "status",
        {"job": "data"},
        "status: a dictionary without get or post; expected get or post.",
    ),
    (
        "a status that is no error",
        "status.answers",
        [200],
        "status.answers[0]: 200; expected a whole number from 400 to 599.",
    ),
    (
        "a status that is of the login",
        "status.answers",
        [404, 401],
        "status.answers[1]: 401 says something of the request, and never of a job; expected other statuses.",
    ),
    (
        "a job at no path",
        "status.job",
        "data-x",
        "status.job: a name with a hyphen needs quotes: 'data-x'; expected a.\"b-c\", in YAML 'a.\"b-c\"'.",
    ),
    (
        "a secret in a path",
        "status.get",
        "/tasks/{task}/{token}",
        "status.get: the secret {token} outside of auth; expected it in a header or a body of auth.",
    ),
    (
        "a secret in a query",
        "status.query",
        {"k": "{password}"},
        "status.query.k: the secret {password} outside of auth; expected it in a header or a body of auth.",
    ),
    (
        "a parameter for a secret",
        "status.query",
        {"api_key": "abc"},
        ("status.query.api_key: a parameter for a secret in a query, which servers log; expected a header of auth."),
    ),
    (
        "a secret in a base path",
        "base_path",
        "/{token}",
        ("base_path: the secret {token} in a path, which servers log; expected it in a header or a body of auth."),
    ),
    (
        "an id in a base path",
        "base_path",
        "/{task}",
        "base_path: {task} is not declared; expected client_id, scope or username.",
    ),
    ("a base path without its slash", "base_path", "api", "base_path: 'api'; expected a path that begins with /."),
    (
        "a secret in a header of all requests",
        "headers",
        {"X-Token": "{token}"},
        (
            "headers.X-Token: the secret {token} in a header of every request, at whatever host; expected it in "
            "a header or a body of auth."
        ),
    ),
    (
        "credentials in a header of all requests",
        "headers",
        {"authorization": "Bearer x"},
        "headers.authorization: this header carries credentials; expected it in auth.",
    ),
    (
        "a header of the connection",
        "headers",
        {"Host": "x"},
        "headers.Host: this header belongs to the connection; expected another header.",
    ),
    (
        "a header with a line feed",
        "headers",
        {"X-A": "a\nb"},
        "headers.X-A: this value; expected printable ASCII characters.",
    ),
    (
        "a header with another name",
        "headers",
        {"X A": "b"},
        "headers: the key 'X A'; expected the name of a header, such as X-Api-Version.",
    ),
    (
        "a version that YAML reads as a number",
        "headers",
        {"X-Api-Version": 1.1},
        ("headers.X-Api-Version: the number 1.1, of which YAML may have dropped a zero; expected text, in quotes."),
    ),
    ("no way to log in", "auth", [], "auth: a list of 0; expected a list of 1 to 10."),
    (
        "a way that there is not",
        "auth",
        ["digest"],
        "auth[0]: 'digest'; expected basic, none or a dictionary with header, oauth2 or session.",
    ),
    (
        "a way of another kind",
        "auth",
        [{"headers": {"A": "{token}"}}],
        "auth[0]: a dictionary without header, oauth2 or session; expected header.",
    ),
    (
        "none before another way",
        "auth",
        ["none", "basic"],
        "auth[0]: none needs nothing, so that no way after it is ever taken; expected it at the end.",
    ),
    (
        "two ways that cannot be told apart",
        "auth",
        [{"header": {"A": "{token}"}}, {"header": {"B": "{token}"}}],
        (
            "auth[1]: two ways of the kind header need the same; expected one of them, because auth_method "
            "cannot tell them apart."
        ),
    ),
    (
        "credentials in the profile",
        "auth",
        [{"header": {"Authorization": "Bearer abc"}}],
        (
            "auth[0].header: no option, so that the credentials would be part of the profile; expected {token} "
            "or another option."
        ),
    ),
    (
        "a token at another host",
        "auth",
        [{"oauth2": {"token_url": "https://evil.example.com/token"}}],
        (
            "auth[0].oauth2.token_url: a profile of your own sends credentials to another host; "
            "expected a path of api_url, or nothing here and the option token_url."
        ),
    ),
    (
        "a token at a host that is an option",
        "auth",
        [{"oauth2": {"token_url": "https://{username}/token"}}],
        "auth[0].oauth2.token_url: 'https://{username}/token'; expected a path that begins with /, or a URL.",
    ),
    (
        "a secret in a scope",
        "auth",
        [{"oauth2": {"scope": "{client_secret}"}}],
        (
            "auth[0].oauth2.scope: the secret {client_secret} in a path, which servers log; expected it in a "
            "header or a body of auth."
        ),
    ),
    (
        "a session that sends nothing",
        *session(send={"X-T": "{token}"}),
        "auth[0].session.send: nothing that was taken is sent; expected {t} in a header.",
    ),
    (
        "a name taken that is an option's",
        *session(take={"token": "x"}),
        "auth[0].session.take.token: an option, a variable or an id has this name; expected another name.",
    ),
    (
        "a placeholder of a session that is not declared",
        *session(json={"u": ["{user}"]}),
        "auth[0].session.json: {user} is not declared; expected username.",
    ),
    (
        "two bodies of a login",
        *session(form={"u": "{username}"}),
        "auth[0].session: json and form together; expected one of them.",
    ),
    (
        "a login at another host",
        *session(post="https://evil.example.com/"),
        f"auth[0].session.post: 'https://evil.example.com/'; expected {ADDRESS}.",
    ),
    (
        "a secret in the path of a login",
        *session(post="/login/{password}"),
        (
            "auth[0].session.post: the secret {password} in a path, which servers log; expected it in a header "
            "or a body of auth."
        ),
    ),
    (
        "a token in the path of a logout",
        *session(logout={"delete": "/sessions/{t}"}),
        (
            "auth[0].session.logout.delete: the secret {t} in a path, which servers log; expected another name "
            "taken, or none."
        ),
    ),
    (
        "an environment variable",
        "environment",
        {"token": "AWS_SECRET_ACCESS_KEY"},
        ("environment: a profile of your own reads environment variables; expected it as an option of the task."),
    ),
    (
        "a host",
        "api_url",
        "https://evil.example.com",
        (
            "api_url: a profile of your own chooses the host that gets the credentials; expected "
            "it as an option of the task."
        ),
    ),
    (
        "a hint for no kind of error",
        "hints",
        {"unauthorised": "x"},
        "hints.unauthorised: there is no such kind of error; expected unauthorized.",
    ),
    (
        "a condition of an error at no path",
        "error",
        {"when": {"a-b": 1}},
        "error.when.a-b: a name with a hyphen needs quotes: 'a-b'; expected a.\"b-c\", in YAML 'a.\"b-c\"'.",
    ),
    (
        "a condition of an error that is none",
        "error",
        {"when": [{"a": 1}, {"b": {"nt": 1}}]},
        "error.when[1].b: a condition with nt; expected exactly one of present, any, all, not.",
    ),
    (
        "a condition on a list of errors",
        "error",
        {"missing_when": {"x[].code": 7}},
        (
            "error.missing_when.x[].code: a condition on one value, while the path finds a list; expected any, "
            "all or present."
        ),
    ),
    (
        "a listing without ids",
        "listing",
        {"get": "/tasks", "items": "items"},
        (
            "listing: id is missing; expected where a row has the job's id: a path, a mapping from id to path, "
            "or $key for the key of the row."
        ),
    ),
    (
        "a listing that names the job",
        "listing",
        {**LISTING, "get": "/tasks/{task}"},
        "listing.get: {task} is not declared; expected client_id, scope or username.",
    ),
    (
        "rows by an id that there is not",
        "listing",
        {**LISTING, "id": {"tsk": "id"}},
        "listing.id.tsk: there is no such id; expected task.",
    ),
    (
        "keys of a list",
        "listing",
        {**LISTING, "id": "$key"},
        ("listing.id: $key, while items gives no keys; expected items that end with *, for the values of a mapping."),
    ),
    (
        "pages without their size",
        "listing",
        {**LISTING, "pages": {"offset": "start", "limit": "limit"}},
        "listing.pages.limit: query has no number limit; expected the number of rows of a page in query.",
    ),
    (
        "pages of no kind",
        "listing",
        {**LISTING, "pages": {"link": "next"}},
        ("listing.pages: a dictionary without offset, page, next or cursor; expected cursor, next, offset or page."),
    ),
    (
        "rows that mean what two states do",
        "listing",
        {**LISTING, "state": {"path": "s", "running": ["a"], "pending": ["a"]}},
        "listing.state.running[0]: 'a' is in pending already; expected each word in one state.",
    ),
    (
        "children without a bad end",
        "children",
        {"items": "x", "state": {"path": "s", "succeeded": ["ok"]}},
        (
            "children.state: no word means failed or cancelled, so that a failed job is waited for until the "
            "timeout; expected at least one, or no_bad_end with a sentence on it."
        ),
    ),
    (
        "children of no kind",
        "children",
        {"item": "x"},
        "children: a dictionary without get, post, links or items; expected items.",
    ),
    (
        "children that settle though their parent is believed",
        "children",
        {"get": "/x", "items": "x", "decides": "parent", "settle": 30},
        "children.settle: decides: parent, whose good end is believed at once; expected settle with another decides.",
    ),
    (
        "children that nobody decides",
        "children",
        {"items": "x", "decides": "all"},
        "children.decides: 'all'; expected both, parent or children.",
    ),
    (
        "a start result's id that there is not",
        "started_by",
        {"tsk": ["json.id"]},
        "started_by.tsk: there is no such id; expected task.",
    ),
    (
        "a header in a start result",
        "started_by",
        ["$header.Location"],
        "started_by[0]: '$header.Location' means nothing here; expected a path into the JSON.",
    ),
    (
        "a header that makes a DELETE of a GET",
        "headers",
        {"x-http-method-override": "DELETE"},
        "headers.x-http-method-override: this header changes the request's method; expected another header.",
    ),
    (
        "a key that only Ansible may use",
        "variables",
        {"__ansible_type": "x"},
        "a key that begins with __ansible_, which only Ansible may use; expected another name.",
    ),
    (
        "a huge number",
        "variables",
        {"region": 16**5000},
        "a number of more than 18 digits; expected a smaller one, or text in quotes.",
    ),
    (
        "a number of 19 digits",
        "headers",
        {"X-A": -(10**18)},
        "a number of more than 18 digits; expected a smaller one, or text in quotes.",
    ),
    (
        "a huge number as a key",
        "variables",
        {16**5000: "x"},
        "a number of more than 18 digits; expected a smaller one, or text in quotes.",
    ),
    (
        "paths that would take minutes for a long reply",
        "fields",
        {"message": ["x" + "[]" * 26, "x[].y.*" + "[]" * 23]},
        "more than 50 of [], * and [?] in its paths; expected fewer.",
    ),
    (
        "half of a between",
        "started_by",
        [{"path": "url", "between": ["/"]}],
        "started_by[0].between: a list of 1; expected a list of 2 to 2.",
    ),
]


@pytest.mark.parametrize(("place", "value", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_mistake_is_one_sentence_with_its_place(place, value, said) -> None:
    assert mistake((place, value)) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "my.yml: nothing; expected a dictionary."),
        ([], "my.yml: a list; expected a dictionary."),
        ("text", "my.yml: 'text'; expected a dictionary."),
    ],
)
def test_a_value_that_is_no_profile_is_refused(found, said) -> None:
    with pytest.raises(OptionError) as caught:
        read_profile(found, "my.yml")
    assert str(caught.value) == said


def test_a_profile_with_the_name_of_a_system_is_refused() -> None:
    said = "name: 'example' is a system of the collection; expected another name."
    assert mistake(systems=("example",)) == said


def test_a_listing_without_all_ids_in_its_rows_is_refused() -> None:
    ids = [("ids", {"node": {}, "task": {}}), ("status.get", "/{node}/{task}")]
    said = "listing.id: rows of any node could be meant; expected {node} in the request, or node in id."
    assert mistake(*ids, ("listing", LISTING)) == said
    assert profile(*ids, ("listing", {**LISTING, "get": "/{node}"})).listing.outer == ("node",)
    assert profile(*ids, ("listing", {**LISTING, "id": {"node": "n", "task": "t"}})).listing.outer == ()
    said = "listing.id: task is missing, by which jobs are told apart; expected task and its path."
    assert mistake(*ids, ("listing", {**LISTING, "id": {"node": "n"}})) == said


def test_an_id_of_kind_path_must_begin_the_path() -> None:
    ids = ("ids", {"task": {"kind": "path"}})
    assert profile(ids, ("status.get", "{task}/status")).addresses == {"task"}
    said = "status.get: {task} is a path of its own; expected it at the beginning."
    assert mistake(ids, ("status.get", "/x{task}")) == said


def test_a_variable_named_like_a_secret_is_a_secret() -> None:
    variable = ("variables", {"api_key": None})
    said = "status.query.k: the secret {api_key} outside of auth; expected it in a header or a body of auth."
    assert mistake(variable, ("status.query", {"k": "{api_key}"})) == said
    (way,) = profile(variable, ("auth", [{"header": {"X-Key": "{api_key}"}}])).auth
    assert way.needs == {"api_key"}


LIBRARY = [("title", "Example"), ("sources", ["its page"]), ("tested", "1.0, 2026-01")]


def test_a_profile_of_the_library_may_name_variables_and_hosts_and_has_its_sources() -> None:
    more = [("environment", {"token": "EXAMPLE_TOKEN"}), ("api_url", "https://api.example.com")]
    token_url = "https://login.example.com/{tenant}/token"
    login = [("variables", {"tenant": None}), ("auth", [{"oauth2": {"token_url": token_url}}])]
    known = profile(*LIBRARY, *more, *login, library=True)
    assert (known.environment, known.api_url) == ({"token": "EXAMPLE_TOKEN"}, "https://api.example.com")
    assert known.auth[0].needs == {"client_id", "client_secret", "tenant"}
    for key, _value in LIBRARY:
        said = f"{key} is missing; expected it in each profile of the collection."
        assert mistake(*LIBRARY, (key, ...), library=True) == said
    said = "environment.tokn: there is no such option or variable; expected token or token_url."
    assert mistake(*LIBRARY, ("environment", {"tokn": "X"}), library=True) == said


def test_braces_that_hold_no_name_stay_as_they_are() -> None:
    known = profile(
        (
            "status",
            {"post": "/rpc", "json": {"q": '{ "a": {task}}', "{}": ["{0}", "{a b}", 1, None, True, "${x:{task}}"]}},
        )
    )
    request = known.request("https://h", {"task": "7"})
    assert request.json == {"q": '{ "a": 7}', "{}": ["{0}", "{a b}", 1, None, True, "${x:7}"]}


LEAVES = st.sampled_from(
    [None, True, False, 0, 1, 2.5, -1, "", "basic", "none", "a", "a-b", "{task}", "/x/{task}", "status"]
)
LEAVES |= st.sampled_from(
    ["/tasks/{task}", "done", "DONE*", "@", "$status", "$key", "[]", "\ud800", "\n", 10**400, math.inf, math.nan]
)
NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        """schema name ids auth status state fields children listing error started_by pages get post path values rules when
        items id task session oauth2 header take send succeeded failed not any all present message progress done total json
        query x""",
    )
)
ANY_JSON = st.recursive(
    LEAVES | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES, inner, max_size=5)
        | st.dictionaries(st.none() | st.booleans() | st.integers(), inner, max_size=2)
    ),
    max_leaves=25,
)
FULL = changed(
    ("variables", {"v": "1"}),
    ("auth", [{"session": {**SESSION, "logout": {"delete": "/logout"}}}, "basic"]),
    ("fields", {"description": "name", "progress": {"done": "d", "total": "t"}, "eta_at": {"from": "a", "plus": "b"}}),
    ("children", {"items": "kids", "id": "id"}),
    ("listing", {**LISTING, "query": {"limit": 10}, "pages": {"offset": "start", "limit": "limit"}}),
    ("error", {"when": {"error": True}, "message": "error.message"}),
    ("started_by", [{"path": "url", "between": ["/x/", "/"]}]),
)


@st.composite
def damaged(draw):
    """A whole profile in which some parts, at whatever depth, are anything."""
    mapping = changed(base=FULL)
    for _time in range(draw(st.integers(1, 3))):
        part, depth = mapping, draw(st.integers(0, 3))
        while True:
            key = draw(st.sampled_from(list(part) if isinstance(part, dict) else list(range(len(part)))))
            if depth == 0 or not isinstance(part[key], (dict, list)) or not part[key]:
                part[key] = draw(ANY_JSON)
                break
            part, depth = part[key], depth - 1
    return mapping


def test_no_id_and_no_variable_has_the_name_of_any_option() -> None:
    system = BY_KEY["rest_job"]
    assert {*system.module_spec(), *system.wait_spec()} <= RESERVED
    assert mistake(("ids", {"timeout": {}})).startswith("ids.timeout: this is the name of an option; expected another")


@given(damaged() | ANY_JSON)
def test_any_mapping_is_a_profile_or_refused_in_one_sentence(mapping) -> None:
    try:
        known = read_profile(mapping, "my.yml")
    except OptionError as error:
        sentence = str(error)
        assert sentence.startswith("my.yml: ")
        assert sentence.endswith(".")
        assert "; expected " in sentence
        assert {unicodedata.category(sign) for sign in sentence}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
        return
    assert isinstance(known, Profile)
    for body in (None, {}, [], "x", {"status": "done", "kids": [{}]}):
        try:
            known.read(Answer(body=body), "7")
        except ApiError:
            continue


def test_a_profile_that_does_not_end_is_refused() -> None:
    """YAML's aliases can make a profile that holds itself, or one of millions of values out of a few lines."""
    loop: dict[str, object] = {}
    loop["any"] = loop
    endless: list[object] = []
    endless.append(endless)
    many: list[object] = ["x"]
    for _level in range(9):
        many = [many] * 9
    deep: object = "x"
    for _level in range(5000):
        deep = [deep]
    for place in ("state", "status", "auth", "error", "variables", "fields"):
        assert mistake((place, loop)) == "more than 30 levels; expected fewer."
        assert mistake((place, endless)) == "more than 30 levels; expected fewer."
        assert mistake((place, deep)) == "more than 30 levels; expected fewer."
        assert mistake((place, many)) == "more than 20,000 values; expected fewer."


def test_no_sentence_repeats_a_header_or_a_body() -> None:
    secret = "s3cret\u00fc"
    for change in (
        ("headers", {"X-A": secret}),
        ("headers", {"X-A": f"{secret} {{nothing}}"}),
        ("auth", [{"header": {"X-A": f"{secret}{{token}}"}}]),
        ("auth", [{"header": {"X-A": "s3cret {nothing}"}}]),
        ("auth", [{"session": {**SESSION, "json": {"p": "s3cret {nothing}"}}}]),
        ("status", {"post": "/{task}", "json": {"p": "s3cret {nothing}"}}),
    ):
        assert "s3cret" not in mistake(change)


def test_the_http_status_does_not_decide_the_state_of_a_row() -> None:
    """A row without a word of its own would be as good as the reply that it came in."""
    state = rules(
        {"http": "$status", "word": "s"},
        ("failed", {"word": "bad"}),
        ("succeeded", {"http": 200, "word": {"present": False}}),
    )
    said = "state: the state is read from $status, which says nothing of a row; expected a state that is read from the row alone."
    own = {"path": "s", "succeeded": ["ok"], "failed": ["bad"]}
    for part, content in (
        ("listing", LISTING),
        ("children", {"items": "x"}),
        ("children", {"get": "/x", "items": "x"}),
    ):
        assert mistake(("state", state), (part, content)) == f"{part}.{said}"
        assert mistake((part, {**content, "state": state})) == f"{part}.{said}"
        assert profile(("state", state), (part, {**content, "state": own}))
    assert profile(("state", state), ("children", {"links": "x"}))


def test_no_test_has_changed_the_shared_small_profile() -> None:
    assert read_profile(MINIMAL).name == "example"
