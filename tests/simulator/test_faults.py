# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of fault, seen by a raw client; and which requests a fault strikes."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulator.client import Simulator
from simulator.faults import CONTROL_TEXT, KINDS

PATH = "/cfp/v1/imageupdate/7/status?accountserviceid=4242"
BASIC = "Basic c2ltLWFjY2Vzcy1rZXk6c2ltLXNlY3JldC1rZXk="
REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: simulator\r\nAuthorization: {BASIC}\r\n\r\n".encode()


def raw(simulator: Simulator, enough: int = 1 << 22, wait: float = 5.0) -> bytes:
    """All that comes, until the connection ends, ``enough`` bytes are there or nothing comes for ``wait`` seconds."""
    where = urlsplit(simulator.url)
    received = b""
    with socket.create_connection((where.hostname, where.port), timeout=wait) as connection:
        connection.sendall(REQUEST)
        while len(received) < enough and (part := connection.recv(65536)):
            received += part
    return received


def whole(simulator: Simulator) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=5)
    try:
        connection.request("GET", PATH, headers={"Authorization": BASIC})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()


def body(simulator: Simulator) -> bytes:
    return whole(simulator)[2]


def sees_status(simulator: Simulator) -> bool:
    status, headers, content = whole(simulator)
    return status == 429 and headers["retry-after"] == "2" and json.loads(content)["error_message"] == "slow down"


def sees_nothing_for_a_while(simulator: Simulator) -> bool:
    with pytest.raises(TimeoutError):
        raw(simulator, wait=0.2)
    return True


def sees_reset(simulator: Simulator) -> bool:
    with pytest.raises(ConnectionResetError):
        raw(simulator)
    return True


def sees_cut_body(simulator: Simulator) -> bool:
    with pytest.raises(http.client.IncompleteRead):
        whole(simulator)
    return True


def sees_pieces(simulator: Simulator) -> bool:
    where = urlsplit(simulator.url)
    with socket.create_connection((where.hostname, where.port), timeout=5) as connection:
        connection.sendall(REQUEST)
        pieces = [connection.recv(65536) for _turn in range(6)]
    return all(len(piece) == 1 for piece in pieces[1:])


def sees_refusal(simulator: Simulator) -> bool:
    try:
        return raw(simulator) == b""
    except ConnectionError:
        return True


def sees_other_types(simulator: Simulator) -> bool:
    value = json.loads(body(simulator))
    return (
        value["jobprogress"] == {"value": 100} and value["jobstatename"] == ["Complete"] and value["success"] == "True"
    )


def sees_big_integer(simulator: Simulator) -> bool:
    return len(str(json.loads(body(simulator))["jobprogress"])) == 400


# kind -> its options, and whether a client sees what it should
SEEN: dict[str, tuple[dict[str, Any], Callable[[Simulator], bool]]] = {
    "status": ({"status": 429, "retry_after": "2", "message": "slow down"}, sees_status),
    "delay": ({"seconds": 5}, lambda it: body(it).startswith(b"{")),
    "hang": ({}, sees_nothing_for_a_while),
    "refuse": ({}, sees_refusal),
    "drop": ({}, lambda it: raw(it) == b""),
    "reset": ({}, sees_reset),
    "cut_body": ({}, sees_cut_body),
    "slow_headers": ({}, sees_pieces),
    "drip": ({}, sees_pieces),
    "huge": ({}, lambda it: len(raw(it, enough=1 << 21)) >= 1 << 21),
    "bomb": ({"size": 1 << 24}, lambda it: len(gzip.decompress(body(it))) == 1 << 24),
    "html": ({}, lambda it: body(it).startswith(b"<!DOCTYPE html>")),
    "empty": ({}, lambda it: whole(it)[::2] == (200, b"")),
    "wrong_types": ({}, sees_other_types),
    "wrong_json": ({"value": "text"}, lambda it: json.loads(body(it)) == "text"),
    "deep": ({"depth": 5000}, lambda it: body(it) == b"[" * 5000 + b"]" * 5000),
    "bad_utf8": ({}, lambda it: b"\xff\xfe" in body(it)),
    "nan": ({}, lambda it: b'"jobprogress": NaN' in body(it)),
    "big_integer": ({}, sees_big_integer),
    "bom": ({}, lambda it: json.loads(body(it).decode("utf-8-sig"))["updateid"] == 7),
    "redirect": (
        {"location": "https://elsewhere.example/", "status": 307},
        lambda it: whole(it)[1]["location"] == "https://elsewhere.example/",
    ),
    "control_characters": ({}, lambda it: json.loads(body(it))["joberror"] == CONTROL_TEXT),
    "expired": ({}, lambda it: whole(it)[0] == 401),
    "missing": ({}, lambda it: json.loads(body(it))["error_message"] == "Unknown updateid: 7"),
}


def test_each_kind_of_fault_has_a_case() -> None:
    assert set(SEEN) | {"cut_tls"} == set(KINDS)


@pytest.mark.parametrize("kind", SEEN)
def test_each_kind_of_fault_strikes_once_as_documented(process: Simulator, kind: str) -> None:
    process.reset()
    options, sees = SEEN[kind]
    process.add(
        jobs=[{"system": "multiplay", "id": 7, "stages": [{"state": 5}]}],
        faults=[{"system": "multiplay", "kind": kind, "times": 1, **options}],
    )
    assert sees(process)
    assert json.loads(body(process))["updateid"] == 7, "it strikes once"


def test_cut_tls_breaks_each_handshake_until_a_reset(tls_process: Simulator) -> None:
    where = urlsplit(tls_process.url)
    context = ssl.create_default_context(cafile=tls_process.ca)
    tls_process.add(faults=[{"kind": "cut_tls"}])
    for _turn in range(2):
        connection = socket.create_connection((where.hostname, where.port), timeout=5)
        with connection, pytest.raises(OSError, match="EOF"):
            context.wrap_socket(connection, server_hostname=where.hostname)
    tls_process.reset()
    with socket.create_connection((where.hostname, where.port), timeout=5) as connection:
        context.wrap_socket(connection, server_hostname=where.hostname).close()


def test_a_delay_counts_in_simulated_seconds(process: Simulator) -> None:
    process.reset()
    process.add(faults=[{"kind": "delay", "seconds": 10}])
    began = time.monotonic()
    body(process)
    assert 0.2 <= time.monotonic() - began < 2


def strikes(stage: Any, requests: int = 6) -> list[int]:
    return [stage.get("multiplay", PATH).status_code for _turn in range(requests)]


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ({}, [503] * 6),
        ({"times": 2}, [503, 503, 200, 200, 200, 200]),
        ({"after": 1, "times": 2}, [200, 503, 503, 200, 200, 200]),
        ({"job": 7}, [503] * 6),
        ({"job": 8}, [200] * 6),
        ({"system": "strata"}, [200] * 6),
        ({"path": "/cfp"}, [503] * 6),
        ({"path": "/cfp/v1/imageupdate/7/status$"}, [503] * 6),
        ({"path": "/cfp/v1/imageupdate$"}, [200] * 6),
        ({"path": "token"}, [200] * 6),
        ({"for": 0}, [200] * 6),
    ],
)
def test_a_fault_strikes_only_the_requests_that_it_names(
    stage: Any, fault: dict[str, Any], statuses: list[int]
) -> None:
    stage.play(faults=[{"kind": "status", **fault}])
    assert strikes(stage) == statuses


def test_the_same_seed_gives_the_same_random_faults(stage: Any) -> None:
    stage.play(faults=[{"kind": "status", "probability": 0.5}], seed=7)
    first = strikes(stage, 20)
    stage.http.post("/_sim/reset")
    stage.play(faults=[{"kind": "status", "probability": 0.5}], seed=7)
    assert strikes(stage, 20) == first
    assert set(first) == {200, 503}


def test_the_token_endpoint_fails_only_when_named(stage: Any) -> None:
    stage.play(faults=[{"system": "strata", "kind": "status"}])
    assert stage.token()
    stage.play(faults=[{"system": "strata", "kind": "status", "path": "token"}])
    assert stage.http.post("/oauth2/access_token").status_code == 503


@pytest.mark.parametrize("kind", ["html", "empty"])
def test_an_error_may_have_another_body(stage: Any, kind: str) -> None:
    stage.play(faults=[{"kind": "status", "status": 502, "body": kind}])
    reply = stage.get("multiplay", PATH)
    assert (reply.status_code, "<html>" in reply.text) == (502, kind == "html")
