# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the simulator: systems with their jobs, faults, the log and the counts."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from .clock import Clock
from .faults import FaultBook
from .jobs import JobScript
from .scenario import Scenario, ScenarioError
from .systems import SYSTEMS

LOG_LENGTH = 20_000  # requests


class Simulation:
    """State that the API and the control API share."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.systems = {name: system(clock) for name, system in SYSTEMS.items()}
        self.faults = FaultBook()
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)
        self.requests: Counter[str] = Counter()
        self.in_flight: Counter[str] = Counter()
        self.most_in_flight: Counter[str] = Counter()

    def play(self, scenario: Scenario) -> list[dict[str, Any]]:
        """Adds a scenario; the ids of its jobs, in its order. Adds nothing if an id is taken."""
        self._refuse_taken_ids(scenario)
        now = self.clock.now()
        for name, account in scenario.accounts.items():
            self.systems[name].account.update(account)
        for name, settings in scenario.settings.items():
            self.systems[name].settings.update(settings)
        for name, script in scenario.created.items():
            self.systems[name].created = script
        if scenario.seed is not None:
            self.faults.chance.seed(scenario.seed)
        made = []
        for script in scenario.jobs:
            parent, *children = self.systems[script.system].add(script, now)
            made.append({"system": script.system, "id": parent.id, "children": [child.id for child in children]})
        for fault in scenario.faults:
            self.faults.add(fault, now)
        return made

    def reset(self) -> None:
        """Removes jobs, faults, the log and the counts; tokens and sessions stay."""
        for system in self.systems.values():
            system.store.clear()
            system.counts.clear()
        self.faults.clear()
        self.log.clear()
        self.requests.clear()
        self.most_in_flight.clear()

    def stats(self) -> dict[str, dict[str, int]]:
        """Counts since the last reset, for each system."""
        now = self.clock.now()
        return {
            name: {
                "requests": self.requests[name],
                "tokens_issued": system.counts["tokens"],
                "logins": system.counts["logins"],
                "logouts": system.counts["logouts"],
                "open_sessions": system.sessions(now),
                "most_in_flight": self.most_in_flight[name],
            }
            for name, system in self.systems.items()
        }

    def begin(self, system: str, entry: dict[str, Any]) -> None:
        """Counts a request that begins."""
        self.log.append(entry)
        self.requests[system] += 1
        self.in_flight[system] += 1
        self.most_in_flight[system] = max(self.most_in_flight[system], self.in_flight[system])

    def end(self, system: str) -> None:
        """Counts a request that has ended, however it ended."""
        self.in_flight[system] -= 1

    def _refuse_taken_ids(self, scenario: Scenario) -> None:
        seen: set[tuple[str, str]] = set()
        for number, script in enumerate(scenario.jobs):
            parts: list[tuple[str, JobScript]] = [(f"jobs[{number}]", script)]
            parts += [(f"jobs[{number}].children[{index}]", child) for index, child in enumerate(script.children)]
            for place, part in parts:
                if part.id is None:
                    continue
                if (script.system, part.id) in seen or part.id in self.systems[script.system].store:
                    raise ScenarioError(f"{place}.id: {script.system} has a job {part.id!r} already")
                seen.add((script.system, part.id))
