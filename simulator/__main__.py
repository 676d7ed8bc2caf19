# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: ``python -m simulator``."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from .app import create_app
from .clock import Clock
from .scenario import Scenario, ScenarioError, load
from .server import bind, serve, write_ready_file
from .simulation import Simulation
from .tls import server_context


def _speed(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise ValueError
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise ValueError
    return value


_speed.__name__, _port.__name__ = "speed (a number above 0)", "port (0 to 65535)"  # argparse quotes them


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A stand-in for four vendors' job APIs.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on (default: any free one)")
    parser.add_argument("--tls", type=Path, metavar="DIR", help="serve HTTPS and write ca.pem into this directory")
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="YAML or JSON file with jobs and faults")
    parser.add_argument("--speed", type=_speed, default=1.0, help="simulated seconds per second (default: %(default)s)")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written once connections are accepted")
    parser.add_argument("--quiet", action="store_true", help="no line on stderr for each request")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Runs the simulator; the exit status."""
    arguments = _arguments(argv)
    simulation = Simulation(Clock(arguments.speed))
    try:
        simulation.play(load(arguments.scenario) if arguments.scenario else Scenario())
        context, ca_file = server_context(arguments.tls) if arguments.tls else (None, None)
    except ScenarioError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"cannot write certificates to {arguments.tls}: {error.strerror}")
    try:
        listener = bind(arguments.host, arguments.port)
    except OSError as error:
        return _refuse(f"cannot listen on {arguments.host}:{arguments.port}: {error.strerror}")
    listener.verdict = lambda: simulation.faults.for_connection(simulation.clock.now())

    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    url = f"{'https' if context else 'http'}://{host}:{listener.getsockname()[1]}"

    def ready() -> None:
        if arguments.ready_file:
            write_ready_file(arguments.ready_file, url, ca_file)
        print(f"simulator ready: {url}", flush=True)

    serve(create_app(simulation, verbose=not arguments.quiet), listener, context, ready)
    return 0


def _refuse(sentence: str) -> int:
    print(f"simulator: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
