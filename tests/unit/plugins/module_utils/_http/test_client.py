# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of a JSON API: what it asks for, and what it makes of an answer."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import token_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.client import WRONG_PATH, Fault
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import reply

HINTS = {"not_found": "Check job_id.", WRONG_PATH: "Check api_url, then job_id.", "forbidden": "Ask for a role."}


def read_fault(status, content):
    """``{"said", "code", "id"}``; with 200 where there is a ``"status"``."""
    body = content if isinstance(content, dict) else {}
    if status < 400 and "status" not in body:
        return None
    return Fault(body.get("said"), code=body.get("code"), request_id=body.get("id"), status=body.get("status"))


@pytest.fixture
def client(server):
    client = AskingConnection(
        Transport(), server.url, token_auth("Bearer", "token", "s3cret"), read_fault, HINTS, Secrets()
    )
    yield client
    client.close()


@pytest.fixture
def error_of(server, client):
    """The error that an answer for a job comes to."""

    def error_of(body, status=200, headers=()):
        server.on("GET /jobs/7", reply(body, status, headers))
        with pytest.raises(ApiError) as caught:
            client.get("jobs", "7")
        return caught.value

    return error_of


KINDS = {
    **dict.fromkeys(range(400, 500), "rejected"),
    **dict.fromkeys([408, 425, 429, *range(500, 600)], "unavailable"),
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    501: "rejected",
    505: "rejected",
}


def test_each_status_is_a_kind_of_error(error_of) -> None:
    got = {status: error_of(b"", status) for status in KINDS}
    assert {status: error.kind for status, error in got.items()} == KINDS
    assert {status: error.status for status, error in got.items()} == {status: status for status in KINDS}


SEGMENTS = {
    "-7537034309286328684": "-7537034309286328684",
    "a/b": "a%2Fb",
    "../../etc/passwd": "..%2F..%2Fetc%2Fpasswd",
    "a?b=c": "a%3Fb%3Dc",
    "a#b": "a%23b",
    "%2e%2e": "%252e%252e",
    "100%": "100%25",
    "a b": "a%20b",
    "größe/日本": "gr%C3%B6%C3%9Fe%2F%E6%97%A5%E6%9C%AC",
    "...": "...",
    "~.-_": "~.-_",
    "a&b;c=d+e@f:g": "a%26b%3Bc%3Dd%2Be%40f%3Ag",
    "{{ 7 * 7 }}": "%7B%7B%207%20%2A%207%20%7D%7D",
}


@pytest.mark.parametrize(("given", "sent"), SEGMENTS.items())
def test_an_id_is_one_segment_of_the_path(server, client, given, sent) -> None:
    server.on(f"GET /gates/{sent}/jobs/{sent}", reply({"good": True}))
    assert client.get("gates", given, "jobs", given) == {"good": True}
    assert [request.target for request in server.requests] == [f"/gates/{sent}/jobs/{sent}"]


@pytest.mark.parametrize("given", SEGMENTS)
def test_an_id_is_one_value_of_the_query(server, client, given) -> None:
    server.on("GET /jobs", reply({"good": True}))
    client.get("jobs", query={"id": given, "type": "a b&c"})
    assert server.requests[0].query == {"id": given, "type": "a b&c"}


SAID = {"said": "Job is gone.", "code": "E005"}
NO_CERTIFICATE = """<html>\r
<head><title>400 No required SSL certificate was sent</title></head>\r
<body>\r
<center><h1>400 Bad Request</h1></center>\r
<center>No required SSL certificate was sent</center>\r
<hr><center>nginx/1.22.1</center>\r
</body>\r
</html>\r
"""


@pytest.mark.parametrize(
    ("body", "status", "sentence", "kind"),
    [
        (SAID, 400, "answered HTTP 400 (code E005): Job is gone.", "rejected"),
        ({"said": "Busy"}, 503, "answered HTTP 503: Busy.", "unavailable"),
        ({"code": "1"}, 503, "answered HTTP 503 (code 1).", "unavailable"),
        (SAID, 403, "answered HTTP 403 (code E005): Job is gone. Ask for a role.", "forbidden"),
        ({**SAID, "status": 409}, 200, "answered HTTP 200 (code E005): Job is gone.", "rejected"),
        # Where the API itself says so, it has looked for the job; else the path may be none of its own.
        (SAID, 404, "answered HTTP 404 (code E005): Job is gone. Check job_id.", "not_found"),
        ({"code": "E005"}, 404, "answered HTTP 404 (code E005). Check job_id.", "not_found"),
        ({**SAID, "status": 404}, 200, "answered HTTP 200 (code E005): Job is gone. Check job_id.", "not_found"),
        (b"", 404, "answered HTTP 404. Check api_url, then job_id.", "not_found"),
        ("<html>Not Found</html>", 404, "answered HTTP 404. Check api_url, then job_id.", "not_found"),
        ({"detail": "Not Found"}, 404, "answered HTTP 404. Check api_url, then job_id.", "not_found"),
        # A server in front of the API answers.
        (
            NO_CERTIFICATE,
            400,
            "answered HTTP 400: No required SSL certificate was sent. Set client_cert and client_key "
            "to a client certificate that it accepts.",
            "rejected",
        ),
        (
            "<title>400 The SSL certificate error</title>",
            400,
            "answered HTTP 400: The SSL certificate error. Set client_cert and client_key to a client certificate that it accepts.",
            "rejected",
        ),
        # Certificates that are not those of the client.
        ({"said": "No such certificate."}, 400, "answered HTTP 400: No such certificate.", "rejected"),
        (
            {"said": "SSL certificate unknown."},
            403,
            "answered HTTP 403: SSL certificate unknown. Ask for a role.",
            "forbidden",
        ),
        ("<title>Certificate request</title>", 400, "answered HTTP 400: Certificate request.", "rejected"),
        (
            "<title>Invalid SSL certificate</title>",
            526,
            "answered HTTP 526: Invalid SSL certificate.",
            "unavailable",
        ),
        (
            "<title>SSL certificate manager - page not found</title>",
            404,
            "answered HTTP 404: SSL certificate manager - page not found. Check api_url, then job_id.",
            "not_found",
        ),
        ("<TITLE>\nOver&amp;out </TITLE>", 503, "answered HTTP 503: Over&out.", "unavailable"),
        ("<title>404</title>", 404, "answered HTTP 404: 404. Check api_url, then job_id.", "not_found"),
        ("<title></title>", 403, "answered HTTP 403. Ask for a role.", "forbidden"),
        # No such version of the API.
        (SAID, 501, "answered HTTP 501 (code E005): Job is gone. Check api_url.", "rejected"),
        (b"", 505, "answered HTTP 505. Check api_url.", "rejected"),
    ],
)
def test_an_error_is_a_sentence_with_a_hint(server, error_of, body, status, sentence, kind) -> None:
    error = error_of(body, status)
    assert (str(error), error.kind, error.status) == (f"{server.url}/jobs/7 {sentence}", kind, status)


def test_an_error_has_all_that_the_api_tells(error_of) -> None:
    error = error_of({**SAID, "id": "r-1"}, 429, [("Retry-After", "7")])
    assert (error.code, error.request_id, error.retry_after) == ("E005", "r-1", 7.0)


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"<html>", b"\xff", b"[" * 50_000, b"NaN", b"{"], ids=lambda body: body[:6].decode("latin-1")
)
def test_what_is_no_json_does_not_hide_an_error(server, error_of, body) -> None:
    error = error_of(body, 502)
    assert (str(error), error.kind) == (f"{server.url}/jobs/7 answered HTTP 502.", "unavailable")


def test_an_apis_words_reach_the_screen_on_one_line_without_control_characters(error_of) -> None:
    said = "\x1b]0;owned\x07 {{ lookup('pipe', 'id') }}\r\nline\u2028two\x9b31m."
    assert str(error_of({"said": said}, 400)).endswith(
        " answered HTTP 400: ]0;owned {{ lookup('pipe', 'id') }} line two 31m."
    )
