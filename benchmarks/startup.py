# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time to import the plugin, beyond ansible-core and requests, by ``python -X importtime``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import typing as t

from .plays import environment

PLUGIN = "ansible_collections.endstate.jobs.plugins.action.wait_for_job"


def cost_of_importing(runs: int) -> dict[str, t.Any]:
    """Milliseconds, the median, and our five slowest modules of the last run."""
    theirs = _theirs()
    totals, own = [], []
    for _run in range(runs):
        own = list(_times(f"import requests, {', '.join(theirs)}; import {PLUGIN}"))
        totals.append(next(cumulative for name, _self, cumulative in own if name == PLUGIN) / 1000)
    slowest = sorted((one for one in own if one[0].startswith("ansible_collections.")), key=lambda one: -one[1])[:5]
    return {
        "import_ms": statistics.median(totals),
        "slowest_ms": {name.split(".plugins.")[-1]: alone / 1000 for name, alone, _cumulative in slowest},
    }


def _theirs() -> list[str]:
    """The modules of ansible-core that the plugin needs: all of them are loaded by the time a task runs."""
    code = f"import sys, {PLUGIN}; print(*(name for name in sys.modules if name.split('.')[0] == 'ansible'))"
    done = subprocess.run([sys.executable, "-c", code], env=_environment(), check=True, capture_output=True, text=True)
    return done.stdout.split()


def _times(code: str) -> t.Iterator[tuple[str, int, int]]:
    """Name, and microseconds alone and with its imports, of each module."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(command, env=_environment(), check=True, capture_output=True, text=True)
    for line in done.stderr.splitlines():
        head, _colon, rest = line.partition("import time:")
        alone, *more = rest.split("|")
        if not head and len(more) == 2 and alone.strip().isdigit():
            yield more[1].strip(), int(alone), int(more[0])


def _environment() -> dict[str, str]:
    variables = environment()
    return {**variables, "PYTHONPATH": variables["ANSIBLE_COLLECTIONS_PATH"]}
