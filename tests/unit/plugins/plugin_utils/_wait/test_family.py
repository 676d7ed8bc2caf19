# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushes of one account that end together are told of their children by the listing that told of their ends."""

from __future__ import annotations

import collections
import contextlib
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import Missing
from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.intervals import IntervalPolicy
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.poll_loop import Wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._engine.settings import WaitSettings
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.jobs import parse_items
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.session import WaitSession
from ansible_collections.endstate.jobs.tests.unit.virtual import World


class Tenant:
    """Pushes that end at the same time, each with a firewall's job that appears 3 s later and ends 10 s after it.

    :param refused: the ids of pushes whose firewall refuses.
    """

    retry_after = None

    def __init__(self, world: World, number: int, end: float = 20.0, refused: t.Collection[str] = ()) -> None:
        self.world, self.number, self.end, self.refused = world, number, end, refused
        self.asked: collections.Counter[str] = collections.Counter()
        self.kept: dict[str, t.Any] = {}

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None, **_more: t.Any) -> t.Any:
        if query is None:
            self.asked["job"] += 1
            found = [row for row in self._rows() if row["id"] == segments[-1]]
            if not found:
                raise Missing("HTTP 404.", status=404)
            return {"data": found}
        self.asked["page"] += 1
        rows, offset, limit = self._rows(), int(query["offset"]), int(query["limit"])
        return {"data": rows[offset : offset + limit], "total": len(rows), "offset": offset, "limit": limit}

    def pieces(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Iterator[t.Any]:
        yield self.get(*segments, query=query)

    @contextlib.contextmanager
    def reading(self, _end: t.Any) -> t.Iterator[Tenant]:
        yield self

    def close(self) -> None:
        pass

    def _rows(self) -> list[dict[str, t.Any]]:
        """The newest first."""
        since = self.world.time.passed - self.end
        pushes = [self._row(str(number), "CommitAndPush", "0", since) for number in range(1, self.number + 1)]
        pushed = [self._row(f"{row['id']}0000", "CommitAll", row["id"], since - 10) for row in pushes if since >= 3]
        return [*reversed(pushed), *reversed(pushes)]

    def _row(self, job_id: str, kind: str, parent_id: str, since: float) -> dict[str, t.Any]:
        end = ("FIN", "FAIL" if parent_id in self.refused else "OK") if since >= 0 else ("ACT", "PEND")
        names = {"id": job_id, "type_str": kind, "parent_id": parent_id, "summary": ""}
        return {**names, "status_str": end[0], "result_str": end[1], "percent": "50"}


def wait_for(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, **options: t.Any) -> Wait:
    """A wait for all pushes of the tenant."""
    monkeypatch.setattr(Strata, "connect", lambda *_arguments: tenant)
    push = {"access_token": "of-a-test", **options}
    jobs = [{"config_job": {"job_id": str(number), **push}} for number in range(1, tenant.number + 1)]
    session = WaitSession(parse_items({"jobs": jobs}, lambda _system: {}), concurrency=16)
    world = tenant.world
    wait = session.wait(
        WaitSettings(policy=IntervalPolicy()), world.workers, clock=world.time.clock(), chance=lambda: 0.5
    )
    wait.run()
    return wait


@pytest.mark.parametrize(("number", "most"), [(50, 10), (400, 40)])
def test_many_pushes_that_end_together_share_pages_of_children(
    monkeypatch: pytest.MonkeyPatch, number: int, most: int
) -> None:
    tenant = Tenant(World(takes=0.2), number)
    wait = wait_for(tenant, monkeypatch)
    assert {watch.job.state for watch in wait.polled} == {"succeeded"}
    assert all([child.state for child in watch.job.children] == ["succeeded"] for watch in wait.polled)
    assert tenant.asked["page"] <= most
    assert tenant.asked["job"] == number, "each end is read from the job itself"


def test_few_pushes_share_pages_of_children_while_their_ends_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = Tenant(World(takes=0.2), 10)
    wait = wait_for(tenant, monkeypatch)
    assert {watch.job.state for watch in wait.polled} == {"succeeded"}
    assert tenant.asked["page"] <= 25, "by themselves they would take ten for each look"


def test_a_failed_child_is_seen_in_shared_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = Tenant(World(takes=0.2), 50, refused={"7"})
    wait = wait_for(tenant, monkeypatch)
    bad = [watch for watch in wait.polled if watch.job.state != "succeeded"]
    assert [(watch.job.id, watch.job.state) for watch in bad] == [("7", "failed")]


@pytest.mark.parametrize("settle", [0, 5])
def test_pages_older_than_the_end_of_a_push_are_not_shared(monkeypatch: pytest.MonkeyPatch, settle: float) -> None:
    """Children that were there at the end are seen, however short the look."""
    tenant = Tenant(World(takes=0.2), 30)
    wait = wait_for(tenant, monkeypatch, children_settle=settle)
    assert all(watch.job.finished for watch in wait.polled)
    if settle == 5:  # the children have appeared by then
        assert all(len(watch.job.children) == 1 for watch in wait.polled)
