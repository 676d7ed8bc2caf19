# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A build service of which the collection has never heard: its jobs are described by ``build_profile.yml`` alone."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import time
import typing as t

KEY = "the-key-of-the-build-service"
QUEUED, STEPS = 2.0, 8
"""Seconds in the queue, and steps of a build, each of which takes a second."""


class Builds(http.server.ThreadingHTTPServer):
    """``POST /api/builds`` starts a build, ``GET /api/builds/<number>`` tells how far it is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._started: list[float] = []

    def start(self) -> dict[str, t.Any]:
        """A new build."""
        self._started.append(time.monotonic())
        return self.build(len(self._started)) or {}

    def build(self, number: int) -> dict[str, t.Any] | None:
        """A build as it is now, ``None`` if there is none of this number."""
        if not 1 <= number <= len(self._started):
            return None
        step = int(time.monotonic() - self._started[number - 1] - QUEUED)
        state = "queued" if step < 0 else "running" if step < STEPS else "done"
        return {"id": number, "project": "shop", "state": state, "step": min(max(step, 0), STEPS), "steps": STEPS}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Builds

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(202, self.server.start())

    def do_GET(self) -> None:
        number = self.path.rpartition("/")[2]
        build = self.server.build(int(number)) if number.isdecimal() else None
        self._answer(200 if build else 404, build or {"message": "There is no such build."})

    def _answer(self, status: int, body: dict[str, t.Any]) -> None:
        if self.headers.get("X-Api-Key") != KEY:
            status, body = 401, {"message": "The key is not known."}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: t.Any) -> None:
        """The playbook's output is what counts."""


@contextlib.contextmanager
def build_service() -> t.Iterator[Builds]:
    """A running one."""
    builds = Builds()
    threading.Thread(target=builds.serve_forever, daemon=True).start()
    try:
        yield builds
    finally:
        builds.shutdown()
        builds.server_close()
