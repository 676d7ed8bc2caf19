# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: python -m benchmarks [--quick] [--commit] [PART ...]"""

from __future__ import annotations

import argparse
import json
import platform
import typing as t
from pathlib import Path

from simulator.client import Simulator

from . import many, plot, policy, polls, profiles, sdk, startup, thousands
from .compare import moved
from .plays import HERE, Stage

LATEST, COMMITTED = HERE / "results/latest.json", HERE / "results/committed.json"
PLOT = HERE / "results/polling.svg"

Part = t.Callable[[Stage, bool], dict[str, t.Any]]


def _policy(_stage: Stage, quick: bool) -> dict[str, t.Any]:
    study = policy.study(40, 2) if quick else policy.study(400, 4)
    if not quick:
        plot.draw(study, PLOT)
    return study


PARTS: dict[str, Part] = {
    "policy": _policy,
    "import": lambda _stage, quick: startup.cost_of_importing(3 if quick else 9),
    "task": lambda stage, quick: polls.cost_of_a_task(stage, 3 if quick else 9),
    "poll": lambda stage, quick: polls.cost_of_a_poll(stage, 1 if quick else 3, 300 if quick else 1000),
    "many": lambda stage, quick: many.many(stage, 3, *((100, 20, 10) if quick else (1000, 60, 50))),
    "thousands": lambda stage, quick: thousands.thousands(stage, *((1000, 20, 10) if quick else (10_000, 60, 50))),
    "growth": lambda stage, quick: many.growth(stage, (1, 10, 100) if quick else (1, 10, 100, 1000), 20),
    "virtual": lambda _stage, quick: many.virtual_growth((1, 10, 100, 1000) if quick else (1, 10, 100, 1000, 10_000)),
    "forks": lambda stage, quick: many.forks(stage, 5 if quick else 25, 20),
    "profiles": lambda stage, quick: profiles.profiles(stage, *((100, 20) if quick else (1000, 60))),
    "sdk": lambda stage, _quick: sdk.against_the_sdk(stage),
}


def main() -> None:
    """Measures the parts that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, and say what moved.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs of smaller sets: some 5 minutes, rough figures"
    )
    parser.add_argument("--commit", action="store_true", help="make these the figures that later ones are held against")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    figures = {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "quick": arguments.quick}
    }
    with Simulator.start() as simulator:
        stage = Stage(simulator)
        for name in arguments.parts or PARTS:
            figures[name] = PARTS[name](stage, arguments.quick)
            print(json.dumps({name: figures[name]}, indent=1), flush=True)
    _write(LATEST, figures)
    committed = json.loads(COMMITTED.read_text(encoding="utf-8")) if COMMITTED.exists() else {}
    for line in moved(committed, figures):
        print(f"moved by more than 20 %: {line}")
    if arguments.commit:
        _write(COMMITTED, {**committed, **figures})


def _write(file: Path, figures: dict[str, t.Any]) -> None:
    """Rounds to four digits, which is more than the precision of any of the figures."""
    short = json.loads(json.dumps(figures), parse_float=lambda text: float(f"{float(text):.4g}"))
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(short, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
