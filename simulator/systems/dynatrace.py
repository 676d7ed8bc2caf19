# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynatrace, ActiveGate auto-update jobs: environment API v2, "ActiveGate auto-update jobs"."""

from __future__ import annotations

import operator
import random
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from ..exchange import Call, Reply
from ..jobs import Job, merged
from ..system import Route, System

FINISHED = frozenset({"SUCCEED", "FAILED", "ROLLBACK", "SKIPPED"})
CANCELABLE = frozenset({"SCHEDULED", "PENDING"})
UPDATE_TYPES = ("ACTIVE_GATE", "REMOTE_PLUGIN_AGENT", "SYNTHETIC", "Z_REMOTE")
DEFAULT_ACTIVEGATE = "-1556499193"
IDLE_ACTIVEGATE = "1513404008"  # always there, without jobs, because the list of all ActiveGates has such ones too
MAX_FRAME = timedelta(days=31)

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": operator.eq,
    "GREATER": operator.gt,
    "GREATER_EQUAL": operator.ge,
    "LOWER": operator.lt,
    "LOWER_EQUAL": operator.le,
}
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "M": timedelta(days=30),
    "y": timedelta(days=365),
}
_MESSAGES = {
    401: "Token Authentication failed",
    403: "Token is missing required scope. Use one of: activeGates.read (Read ActiveGates)",
    404: "Not found",
    429: "Too many requests",
}


class ParameterError(Exception):
    """A query parameter that the API refuses."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Dynatrace(System):
    """Jobs are below their ActiveGate in paths; a job does not name it."""

    NAME = "dynatrace"
    PREFIXES = ("/api/v2", "/e/{environment}/api/v2")
    ACCOUNT: ClassVar[dict[str, Any]] = {
        "api_token": "dt0c01.SIMULATOR0000000000000000." + "S" * 64,
        "access_token": "sim-access-token",
    }
    SHAPES = ("object",)
    JOB_KEYS = frozenset({"activegate_id"})
    CREATED: ClassVar[dict[str, Any]] = {
        "stages": [{"state": "PENDING", "for": 2}, {"state": "IN_PROGRESS", "for": 8}, {"state": "SUCCEED"}]
    }
    SECRET_QUERY = frozenset({"api-token"})

    def routes(self) -> list[Route]:
        return [
            Route(method, f"{prefix}/activeGates/{path}", self._guarded(answer))
            for prefix in self.PREFIXES
            for method, path, answer in (
                ("GET", "updateJobs", self._list_all),
                ("GET", "{activegate}/updateJobs", self._list_one),
                ("POST", "{activegate}/updateJobs", self._create),
                ("POST", "{activegate}/updateJobs/validator", self._validate),
                ("GET", "{activegate}/updateJobs/{job}", self._get),
                ("DELETE", "{activegate}/updateJobs/{job}", self._delete),
            )
        ]

    @classmethod
    def connection(cls, url: str, account: Mapping[str, Any]) -> dict[str, Any]:
        return {"api_url": url, "api_token": account["api_token"]}

    def error(self, status: int, message: str | None = None) -> Reply:
        text = message or _MESSAGES.get(status, f"Request failed with status {status}")
        return Reply.json(status, {"error": {"code": status, "message": text}})

    def native_id(self, number: int) -> str:
        return str(-random.Random(number).getrandbits(63))

    def _guarded(self, answer: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
        def guarded(call: Call) -> Reply:
            token = call.authorization("Api-Token") or call.query.get("api-token")
            bearer = call.authorization("Bearer")
            if call.expired or (token != self.account["api_token"] and bearer != self.account["access_token"]):
                return self.error(401)
            try:
                return answer(call)
            except ParameterError as error:
                return self._violation(error.name, str(error), "QUERY")

        return guarded

    def _violation(self, path: str, message: str, location: str) -> Reply:
        violation = {"path": path, "message": message, "parameterLocation": location, "location": None}
        return Reply.json(
            400,
            {"error": {"code": 400, "message": "Constraints violated.", "constraintViolations": [violation]}},
        )

    def _activegate(self, job: Job) -> str:
        return str(job.script.extra.get("activegate_id", DEFAULT_ACTIVEGATE))

    def _by_activegate(self, call: Call) -> dict[str, list[Job]]:
        found: dict[str, list[Job]] = {DEFAULT_ACTIVEGATE: [], IDLE_ACTIVEGATE: []}
        for job in [] if call.missing else self.store.newest_first(call.now):
            found.setdefault(self._activegate(job), []).append(job)
        return found

    def _find_here(self, call: Call) -> Job | None:
        job = self.find(call, call.args["job"])
        return job if job is not None and self._activegate(job) == call.args["activegate"] else None

    def _get(self, call: Call) -> Reply:
        job = self._find_here(call)
        if job is None:
            return self.error(404, f"Update job with id {call.args['job']} not found")
        return Reply.json(200, self._body(call, job))

    def _delete(self, call: Call) -> Reply:
        job = self._find_here(call)
        if job is None:
            return self.error(404, f"Update job with id {call.args['job']} not found")
        if not self._body(call, job).get("cancelable"):
            return self.error(400, f"Update job with id {job.id} cannot be cancelled")
        self.store.remove(job.id)
        return Reply(204)

    def _list_one(self, call: Call) -> Reply:
        activegate = call.args["activegate"]
        jobs = self._by_activegate(call).get(activegate)
        if jobs is None:
            return self.error(404, f"ActiveGate with id {activegate} not found")
        return Reply.json(200, {"agId": activegate, "updateJobs": self._filtered(call, jobs, "now-1w")})

    def _list_all(self, call: Call) -> Reply:
        return Reply.json(
            200,
            {
                "allUpdateJobs": [
                    {"agId": activegate, "updateJobs": self._filtered(call, jobs, "now-1d")}
                    for activegate, jobs in self._by_activegate(call).items()
                ]
            },
        )

    def _target(self, call: Call) -> str | Reply:
        """The target version of the body, or the refusal."""
        body = call.json()
        version = body.get("targetVersion") if isinstance(body, dict) else None
        if version == "latest" or (isinstance(version, str) and re.fullmatch(r"\d+\.\d+\.\d+(\.[\d-]+)?", version)):
            return str(version)
        return self._violation("targetVersion", "must be 'latest' or a version", "PAYLOAD_BODY")

    def _validate(self, call: Call) -> Reply:
        target = self._target(call)
        return target if isinstance(target, Reply) else Reply(204)

    def _create(self, call: Call) -> Reply:
        target = self._target(call)
        if isinstance(target, Reply):
            return target
        activegate = call.args["activegate"]
        if activegate not in self._by_activegate(call):
            return self.error(404, f"ActiveGate with id {activegate} not found")
        body = {"updateMethod": "ON_DEMAND", **self.created.body}
        if target != "latest":
            body["targetVersion"] = target
        # The key is the vendor's own, so the model knows it as an extra one.
        script = self.created.model_copy(update={"body": body, "activegate_id": activegate})
        job = self.add(script, call.now)[0]
        return Reply.json(201, {**self._body(call, job), "updateMethod": None, "updateType": None})

    def _body(self, call: Call, job: Job) -> dict[str, Any]:
        seen = self.at(call, job)
        finished = seen.state in FINISHED
        error = seen.message
        if error is None and finished and seen.state != "SUCCEED":
            error = f"Update ended with {seen.state}"
        body = {
            "jobId": job.id,
            "jobState": seen.state,
            "updateMethod": "AUTOMATIC",
            "updateType": "SYNTHETIC",
            "cancelable": seen.state in CANCELABLE,
            "startVersion": "1.198.0.20200629-183024",
            "targetVersion": "1.198.0.20200630-114457",
            # "The null value means the job is still running."
            "timestamp": int(self.clock.wall(seen.since) * 1000) if finished else None,
            "agType": "ENVIRONMENT",
            "environments": ["mySampleEnv"],
            "error": error,
            "duration": int((seen.since - seen.began) * 1000) if finished else None,
        }
        return merged(body, job.script.body)

    def _filtered(self, call: Call, jobs: list[Job], default_from: str) -> list[dict[str, Any]]:
        query = call.query
        now = datetime.fromtimestamp(self.clock.wall(call.now), timezone.utc)
        start = _time("from", query.get("from", default_from), now)
        end = _time("to", query.get("to", "now"), now)
        if start > end or end - start > MAX_FRAME:
            raise ParameterError("from", "the time frame must not be negative nor longer than 31 days")
        update_type = query.get("updateType")
        if update_type is not None and update_type not in UPDATE_TYPES:
            raise ParameterError("updateType", f"must be one of {', '.join(UPDATE_TYPES)}")
        started = _comparison(query, "startVersion")
        targeted = _comparison(query, "targetVersion")
        low, high = start.timestamp() * 1000, end.timestamp() * 1000
        bodies = [
            body
            for body in (self._body(call, job) for job in jobs)
            # A job without an end counts as running now.
            if low <= (body.get("timestamp") or now.timestamp() * 1000) <= high + 1
            and update_type in (None, body.get("updateType"))
            and started(body.get("startVersion"))
            and targeted(body.get("targetVersion"))
        ]
        if query.get("lastUpdates", "false").lower() != "true":
            return bodies
        newest: dict[Any, dict[str, Any]] = {}
        for body in bodies:
            newest.setdefault(body.get("updateType"), body)
        return list(newest.values())


def _time(name: str, text: str, now: datetime) -> datetime:
    """UTC milliseconds, ISO 8601 or ``now-NU/A``, as the API's parameters ``from`` and ``to`` take them."""
    try:
        if text.lstrip("-").isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, timezone.utc)
        relative = re.fullmatch(r"now(?:-(\d+)([mhdwMy]))?(?:/([mhdwMy]))?", text)
        if relative is None:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        count, unit, alignment = relative.groups()
        moment = now - int(count) * _UNITS[unit] if count else now
        return _aligned(moment, alignment) if alignment else moment
    except (ValueError, OverflowError, OSError):
        raise ParameterError(name, f"cannot be read as a time: {text}") from None


def _aligned(moment: datetime, unit: str) -> datetime:
    """The begin of the minute, hour, day, week, month or year."""
    moment = moment.replace(second=0, microsecond=0)
    if unit == "m":
        return moment
    moment = moment.replace(minute=0)
    if unit == "h":
        return moment
    moment = moment.replace(hour=0)
    if unit == "w":
        return moment - timedelta(days=moment.weekday())
    if unit == "M":
        return moment.replace(day=1)
    return moment.replace(month=1, day=1) if unit == "y" else moment


def _comparison(query: Mapping[str, str], name: str) -> Callable[[Any], bool]:
    """The test that a version has to pass."""
    wanted = query.get(name)
    kind = query.get(f"{name}CompareType", "EQUAL")
    if kind not in _COMPARISONS:
        raise ParameterError(f"{name}CompareType", f"must be one of {', '.join(_COMPARISONS)}")
    if wanted is None:
        return lambda _call: True
    limit = _version(wanted)
    if limit is None:
        raise ParameterError(name, "must be <major>.<minor>.<revision>")

    def passes(version: Any) -> bool:
        number = _version(version)
        return number is not None and _COMPARISONS[kind](number, limit)

    return passes


def _version(text: Any) -> tuple[int, ...] | None:
    """Major, minor and revision; the timestamp behind them is not compared."""
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", text) if isinstance(text, str) else None
    return tuple(int(part) for part in found.groups()) if found else None
