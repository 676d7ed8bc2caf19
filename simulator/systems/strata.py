# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Palo Alto Networks Strata Cloud Manager, configuration jobs: https://pan.dev/scm/api/config/operations."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, ClassVar

from ..clock import Clock
from ..exchange import Call, Reply
from ..jobs import ChildScript, Job, Moment, merged
from ..system import Route, System
from ..tokens import TokenIssuer

# The result for a status if the script names none.
RESULTS = {"FIN": "OK", "PUSHSUC": "OK", "PUSHFAIL": "FAIL", "PUSHABORT": "FAIL", "PUSHTIMEOUT": "TIMEOUT"}
# Numbers seen in recordings; the others are a guess.
STATUS_CODES = {"PEND": "0", "ACT": "1", "PUSHSENT": "1"}
RESULT_CODES = {"PEND": "0", "WAIT": "0", "OK": "2"}
TYPE_CODES = {"CommitAndPush": "53", "CommitAll": "22"}
DEFAULT_LIMIT = 200  # of GET /jobs

# Seen in use: the documentation's, the SDK's and the authentication service's own.
_TOKEN_PREFIXES = ("/oauth2", "/am/oauth2", "/auth/v1/oauth2")
_API_PREFIXES = ("/config/operations/v1", "/sse/config/v1")
_ERRORS = {
    400: ("E003", "Invalid Query Parameter"),
    401: ("E016", "Not Authenticated"),
    403: ("E007", "Unauthorized"),
    404: ("E005", "Object Not Present"),
    409: ("E016", "Object Not Unique"),
    501: ("E012", "Action Not Supported"),
    504: ("4", "Session Timeout"),
}


class Strata(System):
    """Replies since 2022: ``{"data": [...]}``, every value a string. The document of 2024: a bare object, integers."""

    NAME = "strata"
    PREFIXES = (*_API_PREFIXES, *_TOKEN_PREFIXES)
    ACCOUNT: ClassVar[dict[str, Any]] = {
        "client_id": "sim@1234567890.iam.panserviceaccount.com",
        "client_secret": "sim-client-secret",
        "tsg_id": "1234567890",
        "token_lifetime": 899,  # seconds; the service says 899 or 900
    }
    SETTINGS: ClassVar[dict[str, tuple[str, ...]]] = {"missing": ("not_found", "empty")}
    SHAPES = ("data", "bare")
    JOB_KEYS = frozenset({"device_name", "type", "description"})
    HAS_CHILDREN = True
    CREATED: ClassVar[dict[str, Any]] = {
        "stages": [
            {"state": "PEND", "for": 1},
            {"state": "ACT", "for": 4, "progress": [0, 99]},
            {"state": "FIN/OK"},
        ],
        "children": [
            {
                "after": 1,
                "description": "Remote Networks configuration pushed to cloud",
                "stages": [
                    {"state": "ACT", "for": 4, "progress": [0, 99]},
                    {"state": "FIN/OK", "message": "Configuration push finished"},
                ],
            }
        ],
    }

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._tokens = TokenIssuer()

    def routes(self) -> list[Route]:
        token = [
            route
            for prefix in _TOKEN_PREFIXES
            for route in (
                Route("POST", f"{prefix}/access_token", self._token, "token"),
                Route("GET", f"{prefix}/connect/jwk_uri", self._jwks, "keys"),
            )
        ]
        api = [
            route
            for prefix in _API_PREFIXES
            for route in (
                Route("GET", f"{prefix}/jobs", self._guarded(self._list)),
                Route("GET", f"{prefix}/jobs/{{job}}", self._guarded(self._get)),
                Route("POST", f"{prefix}/config-versions/candidate:push", self._guarded(self._push)),
            )
        ]
        return token + api

    @classmethod
    def connection(cls, url: str, account: Mapping[str, Any]) -> dict[str, Any]:
        credentials = {name: account[name] for name in ("client_id", "client_secret", "tsg_id")}
        return {
            "api_url": f"{url}{_API_PREFIXES[0]}",
            "token_url": f"{url}{_TOKEN_PREFIXES[0]}/access_token",
            **credentials,
        }

    def error(self, status: int, message: str | None = None) -> Reply:
        code, text = _ERRORS.get(status, ("E003" if status < 500 else "E012", f"Request failed with status {status}"))
        error = {"code": code, "message": message or text, "details": {"errorType": text}}
        return Reply.json(status, {"_errors": [error], "_request_id": str(uuid.uuid4())})

    def native_id(self, number: int) -> str:
        return str(1000 + number)  # above the ids of most scenarios, because a newer job has the higher id

    def expire(self) -> None:
        self._tokens.void_all()

    def sessions(self, now: float) -> int:
        return self._tokens.count(now)

    def _token(self, call: Call) -> Reply:
        form = call.form()
        client = call.basic() or (form.get("client_id", ""), form.get("client_secret", ""))
        if form.get("grant_type") != "client_credentials":
            return _token_error(400, "unsupported_grant_type", "grant_type must be client_credentials")
        if call.expired or client != (self.account["client_id"], self.account["client_secret"]):
            return _token_error(401, "invalid_client", "Client authentication failed")
        scope = f"tsg_id:{self.account['tsg_id']}"
        if scope not in form.get("scope", "").split():
            return _token_error(400, "invalid_scope", f"The service account has no role on {form.get('scope', '')}")
        lifetime = float(self.account["token_lifetime"])
        token = self._tokens.issue(client[0], lifetime, self.clock.speed, call.now)
        self.counts["tokens"] += 1
        return Reply.json(
            200,
            {"access_token": token, "scope": scope, "token_type": "Bearer", "expires_in": int(lifetime)},
            (("cache-control", "no-store"),),
        )

    def _jwks(self, _call: Call) -> Reply:
        return Reply.json(200, self._tokens.jwks())

    def _guarded(self, answer: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
        def guarded(call: Call) -> Reply:
            token = call.authorization("Bearer")
            if not token:
                return self.error(401)
            if call.expired:
                self._tokens.void(token)
            if not self._tokens.valid(token, call.now):
                return self.error(401, "Invalid Credential")
            return answer(call)

        return guarded

    def _get(self, call: Call) -> Reply:
        job = self.find(call, call.args["job"])
        if job is None:
            # What the service really does is uncertain; a client in the field polls on upon an empty list.
            return Reply.json(200, {"data": []}) if self.settings["missing"] == "empty" else self.error(404)
        if job.script.shape == "bare":
            return Reply.json(200, merged(self._documented(call, job), job.script.body))
        return Reply.json(200, {"data": [merged(self._item(call, job), job.script.body)]})

    def _list(self, call: Call) -> Reply:
        window = []
        for name, default, least in (("limit", DEFAULT_LIMIT, 1), ("offset", 0, 0)):
            text = call.query.get(name, str(default))
            if not (text.isascii() and text.isdecimal() and int(text) >= least):
                return self.error(400, f"Invalid Query Parameter: {name}={text}")
            window.append(int(text))
        limit, offset = window
        jobs = [] if call.missing else self.store.newest_first(call.now)
        page = [merged(self._row(call, job), job.script.body) for job in jobs[offset : offset + limit]]
        # The items' values are strings, these three are numbers.
        return Reply.json(200, {"data": page, "total": len(jobs), "limit": limit, "offset": offset})

    def _push(self, call: Call) -> Reply:
        body = call.json()
        if not isinstance(body, dict):
            return self.error(400, "Missing Body")
        folders = body.get("folders") or body.get("folder") or body.get("devices")
        if not isinstance(folders, list) or not folders:
            return self.error(400, "Invalid Object: folders is required")
        # The real service starts one child for each folder, so the template's first is repeated.
        children = self.created.children[:1] * len(folders) if self.created.children else ()
        script = self.created.model_copy(
            update={
                "description": str(body.get("description", "")),
                "children": (*map(_for_folder, children, folders), *self.created.children[1:]),
            }
        )
        job = self.add(script, call.now)[0]
        message = f"CommitAndPush job enqueued with jobid {job.id}"
        return Reply.json(200, {"success": True, "job_id": job.id, "message": message})

    def _common(self, call: Call, job: Job, seen: Moment) -> dict[str, str]:
        status, result = _words(seen.state)
        kind = str(job.script.extra.get("type", "CommitAll" if job.parent_id else "CommitAndPush"))
        return {
            "device_name": str(job.script.extra.get("device_name", "")),
            "end_ts": self._stamp(self._changed(call, seen)),  # filled while running, too
            "id": job.id,
            "job_result": RESULT_CODES.get(result, "1"),
            "job_status": STATUS_CODES.get(status, "2"),
            "job_type": TYPE_CODES.get(kind, "0"),
            "parent_id": job.parent_id or "0",
            "percent": str(_percent(status, seen)),
            "result_str": result,
            "start_ts": self._stamp(seen.began),
            "status_str": status,
            "summary": seen.message or "",
            "type_str": kind,
            "uname": str(self.account["client_id"]),
        }

    def _row(self, call: Call, job: Job) -> dict[str, Any]:
        """A job in the listing: with its description, without details."""
        seen = self.at(call, job)
        row = {"description": _description(job), **self._common(call, job, seen)}
        # Empty before the job starts. By id it is filled even then: PyPI's pan-scm-sdk accepts "" here only.
        return {**row, "end_ts": ""} if row["status_str"] == "PEND" else row

    def _item(self, call: Call, job: Job) -> dict[str, Any]:
        """A job by its id: with details, without the description."""
        seen = self.at(call, job)
        common = self._common(call, job, seen)
        return {
            **common,
            "cfg_id": "",
            "details": json.dumps(_details(job, seen, common["result_str"])),
            "dev_serial": "",
            "dev_uuid": "",
            "device_type": "",
            "insert_ts": common["start_ts"],
            "last_update": self._stamp(self._changed(call, seen)),
            "opaque_int": "" if job.parent_id else "0",
            "opaque_str": "",
            "owner": "gpcs-ext" if job.parent_id else "cfgserv",
            "result_i": common["job_result"],
            "session_id": "",
            "status_i": common["job_status"],
            "type_i": common["job_type"],
        }

    def _documented(self, call: Call, job: Job) -> dict[str, Any]:
        """A job as the specification of 2024 has it."""
        seen = self.at(call, job)
        common = self._common(call, job, seen)
        integers = ("id", "job_result", "job_status", "job_type", "parent_id", "percent")
        return {
            **common,
            **{name: int(common[name]) if common[name].isdecimal() else common[name] for name in integers},
            "end_ts": self._iso(self._changed(call, seen)),
            "start_ts": self._iso(seen.began),
            "description": _description(job),
        }

    @staticmethod
    def _changed(call: Call, seen: Moment) -> float:
        """When the job was last updated: now while it runs, at its end afterwards."""
        return seen.since if _words(seen.state)[0] in RESULTS else call.now

    def _stamp(self, moment: float) -> str:
        return f"{datetime.fromtimestamp(self.clock.wall(moment), timezone.utc):%Y-%m-%d %H:%M:%S}"

    def _iso(self, moment: float) -> str:
        at = datetime.fromtimestamp(self.clock.wall(moment), timezone.utc)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _words(state: str) -> tuple[str, str]:
    """A script's ``ACT`` or ``FIN/OK`` as status and result."""
    status, _sep, result = state.partition("/")
    return status, result or RESULTS.get(status, "PEND")


def _percent(status: str, seen: Moment) -> int:
    if seen.progress is not None:
        return int(seen.progress)
    return 100 if status in RESULTS else 0 if status == "PEND" else 50


def _description(job: Job) -> str:
    return str(job.script.extra.get("description", ""))


def _details(job: Job, seen: Moment, result: str) -> dict[str, Any]:
    failed = result in ("FAIL", "TIMEOUT", "CANCELLED")
    info = seen.message or ("Configuration committed successfully" if result == "OK" else "")
    return {
        "info": [info] if info and not failed else [],
        "errors": [seen.message] if seen.message and failed else [],
        "warnings": [],
        "description": _description(job),
    }


def _for_folder(child: ChildScript, folder: Any) -> ChildScript:
    return child.model_copy(update={"id": None, "description": f"{folder} configuration pushed to cloud"})


def _token_error(status: int, code: str, description: str) -> Reply:
    return Reply.json(status, {"error": code, "error_description": description})
