# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server sends: a request ends within ``request_timeout``, and no process takes more than 120 MB."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import threading
import time
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import TimedOut
from ansible_collections.endstate.jobs.plugins.module_utils._http import transport
from ansible_collections.endstate.jobs.plugins.module_utils._http.auth import token_auth
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Transport
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.tests.unit.asking_connection import AskingConnection
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from tests.e2e.playing import Player

MOST_MEMORY = 120.0  # MB


@pytest.fixture
def server() -> t.Iterator[Loopback]:
    """A server that says what it is told to."""
    server = Loopback()
    yield server
    server.stop()


def took(request: t.Callable[[], object]) -> float:
    """Seconds until the request is given up."""
    began = time.monotonic()
    with pytest.raises(TimedOut):
        request()
    return time.monotonic() - began


def get(url: str, request_timeout: float = 1.0) -> object:
    """One request."""
    return Transport(request_timeout=request_timeout).send("GET", url, auth=lambda request: request)


def test_redirects_share_one_time_out(server: Loopback) -> None:
    def slowly(_request: object) -> t.Iterator[bytes]:
        server.stopped.wait(0.4)
        # The server closes the connection after it, which must not be found out by the next request.
        yield reply(status=302, headers=[("Location", "/"), ("Connection", "close")])

    server.on("GET /", slowly)
    assert 0.9 < took(lambda: get(f"{server.url}/")) < 2.0


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["a header", "a body", "chunks", "interim answers"],
)
def test_a_reply_that_drips_without_end_ends_at_the_time_out(server: Loopback, head: bytes, rest: bytes) -> None:
    server.on("GET /", server.drip(head, rest))
    assert 0.9 < took(lambda: get(f"{server.url}/")) < 2.0


@pytest.fixture
def deaf() -> t.Iterator[tuple[list[str], int]]:
    """Addresses of this machine that let nobody in, and their port: their queues are full, so that a call is not answered."""
    addresses, sockets, port = ["127.0.0.2", "127.0.0.3", "127.0.0.4"], [], 0
    for address in addresses:
        listener = socket.socket()
        listener.bind((address, port))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _turn in range(2)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex((address, port))
        sockets += [listener, *waiting]
    yield addresses, port
    for one in sockets:
        one.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
def test_all_addresses_of_a_host_share_one_time_out(
    deaf: tuple[list[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses, port = deaf
    resolve = socket.getaddrinfo

    def several(host: str, *args: t.Any, **kwargs: t.Any) -> list[t.Any]:
        names = addresses if host == "many.example" else [host]
        return [entry for name in names for entry in resolve(name, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", several)
    assert 0.9 < took(lambda: get(f"http://many.example:{port}/")) < 2.0


GOOD = json.dumps({"jobState": "SUCCEED", "jobId": "-2", "timestamp": 1593518788274, "error": None})
ROOM = transport.MAX_BODY - 1000


def swollen(extra: str) -> bytes:
    """A good reply with a field that nobody asked for."""
    return f'{GOOD[:-1]}, "extra": {extra}}}'.encode()


def many(unit: str, count: int) -> str:
    """A list of so many, or of as many as there is room for."""
    return f"[{','.join([unit] * min(count, ROOM // (len(unit) + 1)))}]"


HOSTILE = {
    # As much as is taken in: see _room.
    "objects": swollen(many('{"a":1}', 43_000)),
    "lists": swollen(many("[]", 46_000)),
    "strings": swollen(f"[{','.join(f'{number:034x}'.join(chr(34) * 2) for number in range(40_000))}]"),
    "wide text": swollen(f'"{"a" * (ROOM - 10)}\U0001f600"'),
    # More than is taken in.
    "too many objects": swollen(many("{}", 10**6)),
    "too much text": swollen(f'"{"a" * (4 * ROOM)}"'),
    "nesting": b"[" * ROOM,
}
PACKED = {
    "a bomb": ("gzip", gzip.compress(b" " * (64 << 20))),
    "a bomb in a bomb": ("gzip, gzip", gzip.compress(gzip.compress(b" " * (256 << 20)))),
}
OPTIONS = {"api_token": "dt0c01.ABCDEF", "activegate_id": "-1", "request_timeout": 3}


@pytest.fixture
def hostile(server: Loopback) -> Loopback:
    """A server with all of it, each below a path of its own, for 16 jobs."""
    for number in range(16):
        for name, body in HOSTILE.items():
            server.on(f"GET /{slug(name)}/api/v2/activeGates/-1/updateJobs/{number}", reply(body))
        for name, (encoding, body) in PACKED.items():
            answer = reply(body, headers=[("Content-Encoding", encoding)])
            server.on(f"GET /{slug(name)}/api/v2/activeGates/-1/updateJobs/{number}", answer)

        def endless(_request: object) -> t.Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            while not server.stopped.is_set():
                yield b"0" * (1 << 20)  # a chunk's length that does not end

        server.on(f"GET /endless/api/v2/activeGates/-1/updateJobs/{number}", endless)
    return server


def slug(name: str) -> str:
    """A name as a segment of a path."""
    return name.replace(" ", "-")


PEAK = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "a") as file:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=file)
sys.exit(status)
"""
"""Runs a command; adds to a file what the largest of its processes took, in KB."""


def peak(player: Player, tasks: list[dict[str, t.Any]], **variables: str) -> float:
    """MB of the largest process of a play: ansible-playbook's own, its workers, and those of modules."""
    playbook, file = player.folder / "playbook.yml", player.folder / "peak"
    play = {"hosts": "localhost", "gather_facts": False, "vars": variables, "ignore_errors": True, "tasks": tasks}
    playbook.write_text(json.dumps([play]), encoding="utf-8")
    command = [sys.executable, "-c", PEAK, str(file), "ansible-playbook", str(playbook)]
    done = subprocess.run(command, env=player.environment(), capture_output=True, text=True, check=False, timeout=120)
    results = (player.folder / "results").read_text(encoding="utf-8").splitlines()
    assert len(results) == len(tasks), done.stdout
    return max(map(int, file.read_text(encoding="utf-8").split())) / 1024


WORST = ("objects", "wide text", "too many objects", "a bomb in a bomb", "endless")


def reads(server: Loopback, names: t.Iterable[str]) -> list[dict[str, t.Any]]:
    """Each of these replies read once."""
    return [
        {
            "endstate.jobs.activegate_update_job_info": {
                **OPTIONS,
                "api_url": f"{server.url}/{slug(name)}",
                "job_id": "0",
                "retries": 0,
            }
        }
        for name in names
    ]


def test_hostile_replies_cost_little_memory_in_the_controllers_process(hostile: Loopback, player: Player) -> None:
    assert peak(player, reads(hostile, [*HOSTILE, *PACKED, "endless"])) < MOST_MEMORY


def test_hostile_replies_cost_little_memory_in_a_process_of_its_own(hostile: Loopback, player: Player) -> None:
    # By another path to the same Python, which is another Python to Ansible.
    python = player.folder / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    assert peak(player, reads(hostile, WORST), ansible_python_interpreter=str(python)) < MOST_MEMORY


def test_sixteen_hostile_replies_at_once_cost_little_memory(hostile: Loopback, player: Player) -> None:
    waits = [
        {
            "endstate.jobs.wait_for_job": {
                "jobs": [
                    {
                        "activegate_update_job": {
                            **OPTIONS,
                            "api_url": f"{hostile.url}/{slug(name)}",
                            "job_id": str(number),
                        }
                    }
                    for number in range(16)
                ],
                "timeout": 5,
            }
        }
        for name in WORST
    ]
    assert peak(player, waits) < MOST_MEMORY


ROW = json.dumps({"jobId": "no job of ours", "jobState": "IN_PROGRESS", "error": "why " * 100}).encode()
LISTINGS: dict[str, tuple[bytes, bytes, bytes]] = {
    # The beginning, what is sent again and again up to 6 MB, the end.
    "many rows": (b'{"agId": "-1", "updateJobs": [{}', b"," + ROW, b"]}"),
    "one long row": (b'{"agId": "-1", "updateJobs": [[', b"[],", b"[]]]}"),
    "many members": (b"{", b'"a%d": 1,', b'"updateJobs": []}'),
}


@pytest.mark.parametrize("name", LISTINGS)
def test_sixteen_hostile_listings_at_once_cost_little_memory(server: Loopback, player: Player, name: str) -> None:
    """Each is given up, or read to its end; the jobs are read by themselves."""
    start, part, end = LISTINGS[name]
    block = b"".join(part % number if b"%" in part else part for number in range(2**20 // len(part)))

    def flood(_request: object) -> t.Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + start
        for _turn in range(6):
            yield block
        yield end

    gates = [str(number) for number in range(16)]
    for gate in gates:
        server.on(f"GET /{gate}/api/v2/activeGates/-1/updateJobs", flood)
        for number in range(20):
            server.on(f"GET /{gate}/api/v2/activeGates/-1/updateJobs/{number}", reply(GOOD))
    jobs = [
        {
            "activegate_update_job": {
                **OPTIONS,
                "request_timeout": 30,
                "api_url": f"{server.url}/{gate}",
                "job_id": str(job),
            }
        }
        for gate in gates
        for job in range(20)
    ]
    tasks: list[dict[str, t.Any]] = [{"endstate.jobs.wait_for_job": {"jobs": jobs, "timeout": 60}}]
    assert peak(player, tasks) < MOST_MEMORY
    (line,) = (player.folder / "results").read_text(encoding="utf-8").splitlines()
    result = json.loads(line)["result"]
    assert result["succeeded"], result["msg"]


def test_one_hostile_api_does_not_block_the_others(server: Loopback) -> None:
    """The room for large replies is left as soon as one is read, or given up."""
    server.on("GET /long", server.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b" " * 300_000, b" "))
    server.on("GET /good", reply(b'{"good": true}' + b" " * 1_000_000))

    def read(path: str, request_timeout: float) -> object:
        auth = token_auth("Bearer", "access_token", "token")
        transport = Transport(request_timeout=request_timeout)
        client = AskingConnection(transport, server.url, auth, lambda _status, _content: None, {}, Secrets())
        try:
            return client.get(path)
        finally:
            client.close()

    slow = threading.Thread(target=lambda: took(lambda: read("long", 1)), daemon=True)
    slow.start()
    while not server.requests:
        time.sleep(0.01)
    assert read("good", 20) == {"good": True}
    slow.join()
