# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a simulator running to play on, and prints the variables that lead to it: python -m demo.playground"""

from __future__ import annotations

import shlex
import sys
import threading

from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import SYSTEMS
from simulator.client import Simulator

DONE = {
    "dynatrace": ["IN_PROGRESS", "SUCCEED"],
    "multiplay": ["4", "5"],
    "strata": ["ACT/PEND", "FIN/OK"],
    "xclarity": ["running", "complete"],
}
JOBS = {"dynatrace": "-7537034309286328684", "multiplay": "1234", "strata": "294", "xclarity": "12"}
MINUTE = 60


def main() -> int:
    """Runs until it is interrupted."""
    jobs = [
        {"system": name, "id": job_id, "stages": [{"state": DONE[name][0], "for": MINUTE}, {"state": DONE[name][1]}]}
        for name, job_id in JOBS.items()
    ]
    with Simulator.start(scenario={"jobs": jobs}) as simulator:
        for system in SYSTEMS:
            options = {**system.ids, **system.connection}
            for name, value in simulator.connection(system.name).items():
                if "fallback" in options.get(name, {}):
                    print(f"export {options[name]['fallback'][1][0]}={shlex.quote(value)}")
        print("# One job of each system ends a minute from now; simulator/README.md says how to add others:")
        for system in SYSTEMS:
            print(f"#   {system.key} {JOBS[system.name]}")
        print("# Ctrl-C ends the simulator.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
