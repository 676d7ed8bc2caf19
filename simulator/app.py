# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: finds the system that a request is for, applies faults, answers, and keeps the log."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from .control import control_routes
from .exchange import Call, Reply
from .faults import KINDS, Fault, Strike
from .simulation import Simulation
from .system import Route, System
from .transport import DELIVERIES, Sending


class Router:
    """Paths of all systems, compared segment by segment as sent, so that an encoded slash stays in its segment."""

    def __init__(self, systems: dict[str, System]) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], System, Route]]] = {}
        self._prefixes = [prefix for system in systems.values() for prefix in system.PREFIXES]
        for system in systems.values():
            for route in system.routes():
                pattern = route.path.split("/")[1:]
                self._by_shape.setdefault((route.method, len(pattern)), []).append((pattern, system, route))

    def find(self, method: str, path: str) -> tuple[System, Route, dict[str, str]] | None:
        """The route of a path as sent, with its decoded variable segments."""
        segments = [unquote(part) for part in path.split("/")[1:]]
        for pattern, system, route in self._by_shape.get((method, len(segments)), ()):
            if all(part == segment or part[0] == "{" for part, segment in zip(pattern, segments)):
                pairs = zip(pattern, segments)
                return system, route, {part[1:-1]: segment for part, segment in pairs if part[0] == "{"}
        return None

    def unknown(self, method: str, path: str) -> Reply:
        """The reply for a path of no system: plain text, because it is a mistake in a test."""
        text = f"The simulator has no {method} {path}. It has the prefixes {', '.join(self._prefixes)} and /_sim.\n"
        return Reply(404, text.encode(), (("content-type", "text/plain; charset=utf-8"),))


class Api:
    """The vendors' side of the simulator, as an ASGI application."""

    def __init__(self, simulation: Simulation, verbose: bool = False) -> None:
        self._simulation = simulation
        self._router = Router(simulation.systems)
        self._verbose = verbose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        found = self._router.find(scope["method"], path)
        if found is None:
            reply = self._router.unknown(scope["method"], path)
            await DELIVERIES["whole"](Sending(reply, {}, self._simulation.clock, scope, receive, send))
            return
        system, route, args = found
        call = await self._call(scope, receive, path, args)
        job = route.job(call)
        fault = self._simulation.faults.for_request(system.NAME, job, route.purpose, path, call.now)
        entry = _entry(system, call, job, fault)
        self._simulation.begin(system.NAME, entry)
        try:
            reply = self._answer(system, route, call, fault)
            options = {} if fault is None else fault.options
            sending = Sending(reply, options, self._simulation.clock, scope, receive, send)
            await self._deliver(sending, "whole" if fault is None else KINDS[fault.script.kind].delivery, entry)
        finally:
            self._simulation.end(system.NAME)

    async def _call(self, scope: Scope, receive: Receive, path: str, args: dict[str, str]) -> Call:
        return Call(
            method=scope["method"],
            path=path,
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body=b"" if scope["method"] in ("GET", "DELETE") else await Request(scope, receive).body(),
            now=self._simulation.clock.now(),
            args=args,
        )

    @staticmethod
    def _answer(system: System, route: Route, call: Call, fault: Fault | None) -> Reply:
        if fault is None:
            return route.answer(call)
        kind = KINDS[fault.script.kind]
        marked = dataclasses.replace(call, **kind.marks)
        if kind.change is None:
            return route.answer(marked)
        return kind.change(Strike(fault.options, marked, system, lambda: route.answer(marked)))

    async def _deliver(self, sending: Sending, delivery: str, entry: dict[str, Any]) -> None:
        if delivery not in ("hang", "drop", "reset"):
            entry["status"] = sending.reply.status
        if self._verbose:
            print(f"{entry['method']} {entry['path']} {entry['status'] or delivery}", file=sys.stderr)
        await DELIVERIES[delivery](sending)


def _entry(system: System, call: Call, job: str | None, fault: Fault | None) -> dict[str, Any]:
    """A line of the log, without secrets."""
    query = {name: "***" if name in system.SECRET_QUERY else value for name, value in call.query.items()}
    return {
        "system": system.NAME,
        "method": call.method,
        "path": call.path,
        "query": urlencode(query, safe="*"),
        "status": None,  # remains None if no reply was sent
        "job": job,
        "time": round(call.now, 3),
        "fault": fault.script.kind if fault is not None else None,
    }


def create_app(simulation: Simulation, verbose: bool = False) -> Starlette:
    """The control API and the vendors' APIs on one address."""
    app = Starlette(routes=[Mount("/_sim", routes=control_routes(simulation))])
    # All other paths. Not a route, because the path of a route must not have a line feed.
    app.router.default = Api(simulation, verbose)
    return app
