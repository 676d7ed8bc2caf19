# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Multiplay (Unity Clanforge), image update: https://docs.unity.com/en-us/clanforge/api/image-update-status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..exchange import Call, Reply
from ..jobs import Job, merged
from ..system import Route, System

# Topic "image job states" of the documentation. The image version page spells the fifth "Completed".
STATES = {1: "Created", 2: "Pending", 3: "Queued", 4: "Running", 5: "Complete", 6: "Failed", 7: "Squashed"}
_IDS = {**{name.lower(): number for number, name in STATES.items()}, "completed": 5}
_PROGRESS = {5: 100, 4: 50}


class Multiplay(System):
    """All of it is GET, creating included, and most errors come with HTTP 200."""

    NAME = "multiplay"
    PREFIXES = ("/cfp/v1",)
    ACCOUNT: ClassVar[dict[str, Any]] = {
        "access_key": "sim-access-key",
        "secret_key": "sim-secret-key",
        "account_service_id": "4242",
    }
    SHAPES = ("both", "id_only", "name_only")
    CREATED: ClassVar[dict[str, Any]] = {
        "stages": [
            {"state": "2", "for": 2},
            {"state": "4", "for": 8, "progress": [0, 99]},
            {"state": "5"},
        ]
    }
    SECRET_QUERY = frozenset({"url"})  # s3://key:secret@bucket and the like

    def routes(self) -> list[Route]:
        base = "/cfp/v1/imageupdate"
        return [
            Route("GET", f"{base}/create", self._create),
            # C# clients in the wild send the id as a parameter.
            Route("GET", f"{base}/status", self._status, job=lambda call: call.query.get("updateid")),
            Route("GET", f"{base}/{{job}}/status", self._status),
        ]

    @classmethod
    def connection(cls, url: str, account: Mapping[str, Any]) -> dict[str, Any]:
        return {"api_url": f"{url}/cfp/v1", **account}

    def error(self, status: int, message: str | None = None) -> Reply:
        text = message or {401: "Invalid credentials"}.get(status, f"Request failed with status {status}")
        return Reply.json(status, _failure(text))

    def native_id(self, number: int) -> str:
        return str(218000 + number)

    def _refusal(self, call: Call) -> Reply | None:
        if call.expired or call.basic() != (self.account["access_key"], self.account["secret_key"]):
            return self.error(401)
        asid = call.query.get("accountserviceid")
        if asid is None:
            return self.error(200, "Missing required parameter: accountserviceid")
        if asid != str(self.account["account_service_id"]):
            return self.error(200, f"Access denied to accountserviceid: {asid}")
        return None

    def _status(self, call: Call) -> Reply:
        refusal = self._refusal(call)
        if refusal is not None:
            return refusal
        job_id = call.args.get("job") or call.query.get("updateid", "")
        job = self.find(call, job_id)
        if job is None:
            return self.error(200, f"Unknown updateid: {job_id}")
        return Reply.json(200, self._body(call, job))

    def _create(self, call: Call) -> Reply:
        refusal = self._refusal(call)
        if refusal is not None:
            return refusal
        for name in ("imageid", "desc", "machineid", "url"):
            if not call.query.get(name):
                return self.error(200, f"Missing required parameter: {name}")
        return Reply.json(200, self._body(call, self.add(self.created, call.now)[0]))

    def _body(self, call: Call, job: Job) -> dict[str, Any]:
        seen = self.at(call, job)
        state_id, name = _state(seen.state)
        progress = seen.progress if seen.progress is not None else _PROGRESS.get(state_id or 0, 0)
        waiting = state_id in (1, 2, 3)
        over = state_id in (5, 6, 7)
        body: dict[str, Any] = {
            "jobprogress": int(progress),
            "jobstateid": state_id,
            # Documented as a string, although it is a Unix timestamp like its neighbours.
            "jobstart": None if waiting else str(int(self.clock.wall(seen.began))),
            "joberror": seen.message,
            "jobeta": int(self.clock.wall(seen.ends)),
            "jobfailed": int(state_id == 6),
            "success": True,
            "jobcreated": int(self.clock.wall(seen.began)),
            "updateid": int(job.id) if job.id.isdecimal() else job.id,
            "jobupdated": int(self.clock.wall(seen.since if over else call.now)),
            "jobstatename": name,
        }
        if job.script.shape == "id_only":
            del body["jobstatename"]
        if job.script.shape == "name_only":
            del body["jobstateid"]
        return merged(body, job.script.body)


def _state(word: str) -> tuple[int | None, str]:
    """A script's word, number or name, as id and name; an unknown name has no id."""
    if word.isdecimal():
        return int(word), STATES.get(int(word), f"State {word}")
    return _IDS.get(word.lower()), word


def _failure(text: str) -> dict[str, Any]:
    """The application error, as recorded with HTTP 200."""
    return {"messages": [], "error_code": 1, "error_message": text, "_debug": [], "success": False, "error": True}
