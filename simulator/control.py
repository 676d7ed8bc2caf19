# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API under /_sim: how tests and demonstrations drive the simulator."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .scenario import ScenarioError, parse
from .simulation import Simulation

Handler = Callable[[Request], Awaitable[Response]]


def control_routes(simulation: Simulation) -> list[Route]:
    """The routes, below their prefix."""

    async def scenario(request: Request) -> Response:
        return JSONResponse({"jobs": simulation.play(parse(await _body(request)))})

    async def reset(_request: Request) -> Response:
        simulation.reset()
        return JSONResponse({})

    async def requests(_request: Request) -> Response:
        return JSONResponse({"requests": list(simulation.log)})

    async def stats(_request: Request) -> Response:
        return JSONResponse(simulation.stats())

    async def expire(request: Request) -> Response:
        body = await _body(request)
        name = body.get("system") if isinstance(body, dict) else None
        if name not in simulation.systems:
            raise ScenarioError(f"system: must be one of {', '.join(simulation.systems)}")
        simulation.systems[name].expire()
        return JSONResponse({})

    async def health(_request: Request) -> Response:
        clock = simulation.clock
        systems = list(simulation.systems)
        return JSONResponse({"status": "ok", "now": clock.now(), "speed": clock.speed, "systems": systems})

    return [
        Route("/scenario", _guarded(scenario), methods=["POST"]),
        Route("/reset", reset, methods=["POST"]),
        Route("/requests", requests),
        Route("/stats", stats),
        Route("/expire", _guarded(expire), methods=["POST"]),
        Route("/health", health),
    ]


async def _body(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise ScenarioError(f"the body is no JSON: {error}") from None


def _guarded(handler: Handler) -> Handler:
    """Turns an error in a body into status 400 and one sentence."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except ScenarioError as error:
            return JSONResponse({"error": str(error)}, 400)

    return guarded
