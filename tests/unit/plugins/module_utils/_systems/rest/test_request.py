# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that a profile makes: placeholders are encoded, and nothing leads away from the origin of ``api_url``."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._http.url import origin_of
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.addresses import last_segment, resolve
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.ids import normal_ids
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.placeholders import template
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import profile

BASE = "https://h.example.com:8443/prefix"


def request(*changes, **values):
    known = profile(*changes)
    return known.request(known.base_url(BASE, values), values)


def test_a_path_follows_the_api_url_and_the_base_path() -> None:
    made = request(("base_path", "/api/v2/"), ("status.get", "/tasks/{task}/status"), task="7")
    assert (made.method, made.url, made.query, made.json) == ("GET", f"{BASE}/api/v2/tasks/7/status", {}, None)


@pytest.mark.parametrize(
    ("task", "encoded"),
    [
        ("a/b", "a%2Fb"),
        ("UPID:pve1:0A:qmclone:root@pam:", "UPID%3Apve1%3A0A%3Aqmclone%3Aroot%40pam%3A"),
        ("a?b#c&d=e", "a%3Fb%23c%26d%3De"),
        ("%2e%2e", "%252e%252e"),
        ("ü {{ x }}", "%C3%BC%20%7B%7B%20x%20%7D%7D"),
        ("{task}", "%7Btask%7D"),
    ],
)
def test_an_id_is_one_segment_of_the_path_whatever_is_in_it(task, encoded) -> None:
    assert request(task=task).url == f"{BASE}/tasks/{encoded}"
    assert request(("status.get", "/Jobs({task})"), task=task).url == f"{BASE}/Jobs({encoded})"


@pytest.mark.parametrize("task", ["", ".", "..", "a\n", " a", "a\x00b", "\ud800"])
def test_an_id_that_cannot_be_a_segment_is_refused(task) -> None:
    with pytest.raises(OptionError, match=r"^task: expected "):
        request(task=task)


def test_a_query_and_a_body_have_the_values_as_they_are() -> None:
    made = request(
        ("variables", {"kind": "x y"}),
        (
            "status",
            {"post": "/rpc", "json": {"id": 1, "params": [{"url": "/task/{task}"}]}, "query": {"k": "{kind}", "n": 5}},
        ),
        task="a/b&c",
        kind="x y",
    )
    assert (made.method, made.url, made.query) == ("POST", f"{BASE}/rpc", {"k": "x y", "n": "5"})
    assert made.json == {"id": 1, "params": [{"url": "/task/a/b&c"}]}


PATHS = [("ids", {"task": {"kind": "path"}}), ("status.get", "{task}")]


@pytest.mark.parametrize(
    ("task", "url"),
    [
        ("/pulp/api/v3/tasks/7/", "https://h.example.com:8443/pulp/api/v3/tasks/7/"),
        ("https://h.example.com:8443/x?a=b&c", "https://h.example.com:8443/x?a=b&c"),
        ("HTTPS://H.example.com:8443/x", "https://h.example.com:8443/x"),
        ("operations/7", f"{BASE}/operations/7"),
        ("/a b/ü", "https://h.example.com:8443/a%20b/%C3%BC"),
        ("/a%2Fb", "https://h.example.com:8443/a%2Fb"),
        ("/x#part", "https://h.example.com:8443/x"),
        ("https://h.example.com:8443", "https://h.example.com:8443/"),
    ],
)
def test_an_id_that_is_an_address_replaces_all_but_the_origin(task, url) -> None:
    assert request(*PATHS, task=task).url == url


def test_a_path_may_continue_after_an_id_that_is_an_address() -> None:
    paths = [PATHS[0], ("status.get", "{task}api/json")]
    assert request(*paths, task="/job/x/12/").url == "https://h.example.com:8443/job/x/12/api/json"
    assert request(*paths, task="/job/x/12/?v=1").url == "https://h.example.com:8443/job/x/12/api/json?v=1"


ELSEWHERE = [
    "https://evil.example.com/x",
    "//evil.example.com/x",
    "http://h.example.com:8443/x",
    "https://h.example.com/x",
    "https://h.example.com:8443@evil.example.com/x",
    "https://user:pass@h.example.com:8443/x",
    "/\\evil.example.com/x",
    "\\\\evil.example.com/x",
    "https:\\\\evil.example.com",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "/x\r\nHost: evil.example.com",
    " /x",
    "",
    "https://[::1",
    "https://h.example.com:99999/x",
    "/" + "x" * 2000,
]


@pytest.mark.parametrize("task", ELSEWHERE)
def test_an_address_of_another_origin_is_refused(task) -> None:
    with pytest.raises(OptionError) as caught:
        request(*PATHS, task=task)
    assert str(caught.value) == "task: expected a path, or a URL that begins with https://h.example.com:8443."


@given(
    st.text(max_size=20)
    | st.sampled_from(ELSEWHERE)
    | st.from_regex(r"\A[a-z]{0,5}:?[/\\@.:%?#]{0,4}[a-z.@:/\\%]{0,10}\Z")
)
def test_no_address_leaves_the_origin(reference) -> None:
    try:
        url = resolve("task", reference, f"{BASE}/")
    except OptionError:
        return
    assert origin_of(url) == "https://h.example.com:8443"
    assert url.startswith("https://h.example.com:8443/")
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url


@given(st.text(max_size=20))
def test_no_segment_changes_the_path_around_it(task) -> None:
    try:
        url = request(task=task).url
    except OptionError:
        return
    assert urlsplit(url).netloc == "h.example.com:8443"
    head, _slash, last = url.rpartition("/")
    assert (head, unquote(last)) == (f"{BASE}/tasks", task)


@pytest.mark.parametrize(
    ("given_id", "segment"),
    [
        ("https://other.example.com/redfish/v1/TaskService/Tasks/JID_1", "JID_1"),
        ("/redfish/v1/Jobs/JID%20_1/?x=y#z", "JID _1"),
        ("JID_1", "JID_1"),
        ("a:b", "a:b"),
    ],
)
def test_the_last_part_of_a_url_is_the_id(given_id, segment) -> None:
    assert last_segment(given_id) == segment
    known = profile(("ids", {"task": {"last_segment": True}}))
    assert normal_ids(known.ids, {"task": given_id}, BASE) == {"task": segment}


@pytest.mark.parametrize("given_id", ["/", "https://h/a/..", "", "/a/%2e%2e", "/a/%00"])
def test_a_url_without_a_usable_last_part_is_refused(given_id) -> None:
    known = profile(("ids", {"task": {"last_segment": True}}))
    with pytest.raises(OptionError, match=r"^task: expected an id"):
        normal_ids(known.ids, {"task": given_id}, BASE)


def test_no_template_is_evaluated() -> None:
    text = "{{ 7 * 7 }}{% if true %}"
    made = request(("status", {"post": "/{task}", "query": {"q": text}, "json": {"j": text}}), task=text)
    assert made.url == f"{BASE}/%7B%7B%207%20%2A%207%20%7D%7D%7B%25%20if%20true%20%25%7D"
    assert (made.query, made.json) == ({"q": text}, {"j": text})


def test_a_value_never_becomes_part_of_the_host() -> None:
    assert template("{task}").address("https://h.example.com", {"task": ".evil"}) == "https://h.example.com/.evil"


def test_a_header_holds_no_line_feed() -> None:
    known = profile(("variables", {"version": "1"}), ("headers", {"X-Api-Version": "v{version}"}))
    header = known.headers["X-Api-Version"]
    assert header.header({"version": "2"}) == "v2"
    for value in ("1\r\nHost: evil", "1\n", "ü", "\x00"):
        with pytest.raises(OptionError) as caught:
            header.header({"version": value})
        assert str(caught.value) == "version: expected printable ASCII characters, because it is sent in a header."
