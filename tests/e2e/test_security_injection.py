# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an id or a credential holds, it changes nothing of the request but its own place. (The way back, an API's text on
the screen, is in ``test_faults_screen.py``.)
"""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

import pytest

from simulator.client import Simulator
from tests.e2e.asking import ask
from tests.e2e.matrix.running import ENDS

ODD = (
    "../../etc/passwd", "a/b", "..%2f", "%2e%2e", "a?b=c", "a#b", "100%", "a b", "a&taskid=1", "a;b", "a+b",
    "größe", "日本", "{{ 7*7 }}", "'\"<>", "-1", "~", "...", "\\..\\",
)  # fmt: skip


@pytest.mark.parametrize("job_id", ODD, ids=ascii)
@pytest.mark.parametrize("name", ENDS)
def test_an_id_changes_no_other_part_of_the_request(simulator: Simulator, name: str, job_id: str) -> None:
    simulator.add(jobs=[{"system": name, "id": job_id, "stages": [{"state": ENDS[name]}]}])
    result = ask(name, job_id, **simulator.connection(name))
    assert (result["job"]["id"], result["job"]["succeeded"]) == (job_id, True), result["msg"]
    (request,) = [one for one in simulator.requests() if one["job"] is not None]
    assert request["job"] == job_id
    if name == "xclarity":
        assert request["path"] == "/updateRepositories/firmware/status"
        assert parse_qs(request["query"], keep_blank_values=True) == {
            "tasktype": ["EXPORTREPOSITORY"],
            "taskid": [job_id],
        }
    else:
        assert [unquote(part) for part in request["path"].split("/")].count(job_id) == 1


@pytest.mark.parametrize("job_id", [".", "..", "", "\ud800", " ", "7\n", "a\r\nX-Evil: 1", "\x00"], ids=ascii)
@pytest.mark.parametrize("name", ENDS)
def test_text_that_cannot_be_an_id_is_refused(simulator: Simulator, name: str, job_id: str) -> None:
    result = ask(name, job_id, **simulator.connection(name))
    assert result["failed"]
    assert ("expected" if job_id.strip() else "is empty") in result["msg"]
    assert simulator.requests() == []


@pytest.mark.parametrize("text", ["a\nb", "a\r\nX-Evil: 1", "a b", "größe", "a\x00", "a\x1b[2J"], ids=ascii)
@pytest.mark.parametrize(
    ("name", "option"), [("dynatrace", "api_token"), ("dynatrace", "access_token"), ("strata", "access_token")]
)
def test_a_token_that_cannot_be_a_header_is_refused(simulator: Simulator, name: str, option: str, text: str) -> None:
    url = simulator.connection(name)["api_url"]
    result = ask(name, api_url=url, **{option: text})
    assert result["msg"] == f"{option}: expected a token of printable ASCII characters, without blanks and line feeds."
    assert simulator.requests() == []


@pytest.mark.parametrize("text", ["a\nb", "a\r\nX-Evil: 1", "größe", "a:b", "a\x00b", "日本"], ids=ascii)
@pytest.mark.parametrize(
    ("name", "option"), [("multiplay", "secret_key"), ("strata", "client_secret"), ("xclarity", "password")]
)
def test_a_password_may_have_any_characters(simulator: Simulator, name: str, option: str, text: str) -> None:
    before = simulator.connection(name)[option]
    simulator.play(
        {"accounts": {name: {option: text}}, "jobs": [{"system": name, "id": "7", "stages": [{"state": ENDS[name]}]}]}
    )
    try:
        assert ask(name, **simulator.connection(name))["job"]["succeeded"]
    finally:
        simulator.play({"accounts": {name: {option: before}}})
