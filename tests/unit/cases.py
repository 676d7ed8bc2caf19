# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One good read of each system: what is given, what is asked, what is answered."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t
import unicodedata

from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.tests.unit.replies import dynatrace, multiplay, strata, xclarity


@dataclasses.dataclass(frozen=True)
class Case:
    """``options`` lack only ``api_url``; ``route`` is where the server is asked for the job that they name."""

    name: str
    key: str
    module: str
    options: t.Mapping[str, t.Any]
    route: str
    reply: t.Any
    id: str
    api_url: str = "{server}"
    secrets: tuple[str, ...] = ()

    def given(self, server: str, **options: t.Any) -> dict[str, t.Any]:
        """The options of one call to the API on this server. ``None`` takes one away."""
        both = {"api_url": self.api_url.format(server=server), "retries": 0, **self.options, **options}
        return {name: value for name, value in both.items() if value is not None}


DYNATRACE = Case(
    name="dynatrace",
    key="activegate_update_job",
    module="activegate_update_job_info",
    options={
        "activegate_id": "-1556499193",
        "job_id": "-7537034309286328684",
        "api_token": "dt0c01.abc123.abcdefjhij1234567890",
    },
    route="GET /api/v2/activeGates/-1556499193/updateJobs/-7537034309286328684",
    reply=dynatrace.JOB,
    id="-7537034309286328684",
    secrets=("dt0c01.abc123.abcdefjhij1234567890",),
)
MULTIPLAY = Case(
    name="multiplay",
    key="imageupdate",
    module="imageupdate_status",
    options={
        "update_id": "1234",
        "account_service_id": "4242",
        "access_key": "AKLOOPBACK",
        "secret_key": "multiplay-secret-key",
    },
    route="GET /imageupdate/1234/status",
    reply=multiplay.JOB,
    id="1234",
    secrets=("multiplay-secret-key", "QUtMT09QQkFDSzptdWx0aXBsYXktc2VjcmV0LWtleQ=="),
)
STRATA = Case(
    name="strata",
    key="config_job",
    module="config_job_info",
    options={"job_id": "21", "access_token": "strata-ready-access-token"},
    route="GET /config/operations/v1/jobs/21",
    reply=strata.FINISHED,
    id="21",
    api_url="{server}/config/operations/v1",
    secrets=("strata-ready-access-token",),
)
XCLARITY = Case(
    name="xclarity",
    key="firmware_repo",
    module="firmware_repo_status",
    options={"task_id": "12", "username": "automation", "password": "xclarity-password", "auth_method": "basic"},
    route="GET /updateRepositories/firmware/status",
    reply=xclarity.JOB,
    id="12",
    secrets=("xclarity-password", "YXV0b21hdGlvbjp4Y2xhcml0eS1wYXNzd29yZA=="),
)
CASES = (DYNATRACE, MULTIPLAY, STRATA, XCLARITY)


def job(system: str, job_id: str | None, state: str, **known: t.Any) -> dict[str, t.Any]:
    """A whole job as documented; what is not named is null."""
    keys = ["parent_id", "description", "native_state", "progress", "message", "error", "duration"]
    keys += ["created_at", "started_at", "updated_at", "finished_at", "eta_at"]
    assert known.keys() <= {*keys, "children"}
    return {
        **dict.fromkeys(keys),
        "system": system,
        "id": job_id,
        "state": state,
        "finished": state in ("succeeded", "failed", "cancelled", "skipped"),
        "succeeded": state == "succeeded",
        "children": [],
        **known,
    }


def check_job(job: t.Mapping[str, t.Any]) -> None:
    """That a job can be shown, stored and compared, whatever the API has said."""
    assert job["state"] in STATES
    assert job["progress"] is None or 0 <= job["progress"] <= 100
    assert job["duration"] is None or job["duration"] >= 0
    for name in ("created_at", "started_at", "updated_at", "finished_at", "eta_at"):
        assert job[name] is None or datetime.datetime.fromisoformat(job[name].replace("Z", "+00:00")).tzinfo
    assert job["finished_at"] is None or job["finished"]
    for name in ("description", "native_state", "message"):
        assert {unicodedata.category(sign) for sign in job[name] or ""}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    json.dumps(job, allow_nan=False).encode()
    for child in job["children"]:
        check_job(child)
