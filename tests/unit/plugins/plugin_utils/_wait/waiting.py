# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits in virtual time for jobs of a real server."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll import Poll
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Clock
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.virtual import World


@dataclasses.dataclass(frozen=True)
class Waited:
    """What a wait came to."""

    polls: list[Poll]
    polled_at: list[float]
    """When, in seconds since it began, a request for a job or a listing was made."""


def wait_for(*jobs: t.Any, timeout: float = 130, fetch: t.Any = None, listings: bool = False) -> Waited:
    """Wait for jobs, as ``jobs`` of ``wait_for_job`` names them.

    :param fetch: asks in place of clients of this machine.
    :param listings: whether a job without an id is a listing that is watched.
    """
    world, began = World(), time.monotonic()
    clock = Clock(monotonic=lambda: began + world.time.passed)  # requests have real deadlines
    load = Profiles(lambda _name: None).load
    items = parse_items({"jobs": list(jobs)}, lambda _system: {}, listings=listings, load=load)
    with WaitSession(items, 4, fetch) as session:
        wait = session.wait(WaitSettings(timeout=timeout), world.workers, clock=clock, chance=lambda: 0.0)
        wait.run()
    return Waited(session.by_item, world.polled_at)
