# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenovo XClarity Administrator, firmware repository: https://pubs.lenovo.com/lxca_scripting."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, ClassVar

from ..clock import Clock
from ..exchange import Call, Reply
from ..jobs import Job, merged
from ..system import Route, System

ENDED = {"complete": 100, "error": 100, "canceled": 100}  # the documented states, with their progress
ALL_TASKS = "0"  # as taskid: all running tasks
INACTIVITY = 1440 * 60  # seconds
_MESSAGES = {
    400: ("FQXHMUP4001E", "The request is not valid."),
    401: ("FQXHMSE0001E", "The user is not authenticated."),
    403: ("FQXHMSE0003E", "The request was refused."),
    404: ("FQXHMUP4004E", "The resource was not found."),
}


class XClarity(System):
    """A session (cookies and ``X-Csrf-Token``) or HTTP Basic; the words for a running task are undocumented."""

    NAME = "xclarity"
    PREFIXES = ("/sessions", "/aicc", "/updateRepositories")
    ACCOUNT: ClassVar[dict[str, Any]] = {"username": "sim-user", "password": "sim-Passw0rd"}
    SETTINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "listing": ("list", "object", "wrapped"),
        "missing": ("error", "empty"),
        "unauthorized": ("401", "403"),  # newer pages' tables, and what older clients expect
        "password": ("good", "must_change"),
    }
    SHAPES = ("object", "list", "status", "updates_by_mt")
    CREATED: ClassVar[dict[str, Any]] = {
        "stages": [
            {"state": "created", "for": 2, "progress": 0},
            {"state": "running", "for": 8, "progress": 50},
            {"state": "complete"},
        ]
    }

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._sessions: dict[str, tuple[str, float]] = {}  # id -> csrf token, end in simulated seconds

    def routes(self) -> list[Route]:
        firmware = "/updateRepositories/firmware"
        return [
            Route("POST", "/sessions", self._login, "token"),
            Route("DELETE", "/sessions", self._guarded(self._logout), "logout"),
            Route("DELETE", "/sessions/{session}", self._guarded(self._logout), "logout"),
            Route("GET", "/aicc", self._guarded(lambda _call: Reply.json(200, {}))),  # asked by PyPI's pylxca
            Route("PUT", firmware, self._guarded(self._change)),
            Route("GET", f"{firmware}/status", self._guarded(self._status), job=lambda call: call.query.get("taskid")),
        ]

    @classmethod
    def connection(cls, url: str, account: Mapping[str, Any]) -> dict[str, Any]:
        return {"api_url": url, **account}

    def error(self, status: int, message: str | None = None) -> Reply:
        code, text = _MESSAGES.get(status, ("FQXHMUP5000F", f"Request failed with status {status}."))
        entry = {
            "id": code,
            "text": message or text,
            "explanation": "",
            "recovery": {"text": "Retry the request.", "URL": ""},
        }
        return Reply.json(status, {"result": "failure", "messages": [entry]})

    def expire(self) -> None:
        self._sessions.clear()

    def sessions(self, now: float) -> int:
        return sum(now < until for _user, until in self._sessions.values())

    def _login(self, call: Call) -> Reply:
        body = call.json()
        given = (body.get("UserId"), body.get("password")) if isinstance(body, dict) else None
        if call.expired or given != (self.account["username"], self.account["password"]):
            return self._unauthorized("The user name or password is not valid.")
        session, csrf = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._sessions = {old: entry for old, entry in self._sessions.items() if call.now < entry[1]}
        self._sessions[session] = (csrf, call.now + INACTIVITY)
        self.counts["logins"] += 1
        user = str(self.account["username"])
        cookies = {"JSESSIONID": session, "csrf": csrf, "inactivityTimeout": "1440", "user": user}
        return Reply.json(
            200,
            {
                "result": "success",
                "messages": [{"id": "FQXHMSE0000I", "text": "The session was created.", "explanation": ""}],
                "response": {
                    "pwChangeRequired": self.settings["password"] == "must_change",
                    "session": {
                        "UserId": user,
                        "Address": "127.0.0.1",
                        "authenticationServer": "Local",
                        "created": str(int(self.clock.wall(call.now))),
                        "csrf": csrf,
                        "id": session,
                        "inactivityTimeout": 1440,
                    },
                },
            },
            tuple(("set-cookie", f"{name}={value}; Path=/; HttpOnly") for name, value in cookies.items()),
        )

    def _logout(self, call: Call) -> Reply:
        session = call.args.get("session") or _session(call)
        if self._sessions.pop(session, None) is None:
            return self.error(404, "The session does not exist.")
        self.counts["logouts"] += 1
        return Reply.json(200, {"result": "success", "messages": []})

    def _guarded(self, answer: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
        def guarded(call: Call) -> Reply:
            return self._refusal(call) or answer(call)

        return guarded

    def _refusal(self, call: Call) -> Reply | None:
        session = _session(call)
        if call.expired:
            self._sessions.pop(session, None)
            return self._unauthorized()
        if self.settings["password"] == "must_change":
            return self.error(403, "The password must be changed.")
        if call.basic() == (self.account["username"], self.account["password"]):
            return None
        csrf, until = self._sessions.get(session, ("", 0.0))
        if call.now >= until:
            return self._unauthorized()
        if call.headers.get("x-csrf-token") != csrf:
            return self.error(403, "The X-Csrf-Token header is missing or wrong.")
        if "x-not-user-input" not in call.headers:
            self._sessions[session] = (csrf, call.now + INACTIVITY)
        return None

    def _unauthorized(self, message: str | None = None) -> Reply:
        return self.error(int(self.settings["unauthorized"]), message or _MESSAGES[401][1])

    def _status(self, call: Call) -> Reply:
        # The table of the documentation spells taskType; its example and the one known client send tasktype.
        kind = call.query.get("tasktype", call.query.get("taskType"))
        if kind != "EXPORTREPOSITORY":
            return self.error(400, "The tasktype parameter is missing or not valid.")
        task = call.query.get("taskid")
        if not task:
            return self.error(400, "The taskid parameter is missing.")
        if task == ALL_TASKS:
            return self._running(call)
        job = self.find(call, task)
        if job is not None:
            return Reply.json(200, self._body(call, job))
        if self.settings["missing"] == "empty":
            return Reply.json(200, {"current": "", "progress": 0, "state": "", "taskIds": "", "updates": []})
        return self.error(400, f"The task {task} does not exist.")

    def _running(self, call: Call) -> Reply:
        jobs = [] if call.missing else self.store.newest_first(call.now)
        running = [
            # In a reply with several jobs each has its id.
            {**self._body(call, job), "taskIds": job.id}
            for job in jobs
            if _words(self.at(call, job).state)[0] not in ENDED
        ]
        if self.settings["listing"] == "wrapped":
            return Reply.json(200, {"tasks": running})
        if self.settings["listing"] == "object":
            return Reply.json(200, running[0] if running else {})
        return Reply.json(200, running)

    def _change(self, call: Call) -> Reply:
        if call.query.get("action") != "export":
            return self.error(400, "The action parameter is missing or not one that the simulator has (export).")
        job = self.add(self.created, call.now)[0]
        message = {"id": "FQXHMUP2000I", "text": "The export was started.", "explanation": ""}
        return Reply.json(200, {"result": "success", "messages": [message], "taskid": job.id})

    def _body(self, call: Call, job: Job) -> dict[str, Any]:
        seen = self.at(call, job)
        state, verdict = _words(seen.state)
        progress = int(seen.progress if seen.progress is not None else ENDED.get(state, 50))
        size = 8298
        core = {
            "current": f"repository{job.id}.zip" if state == "complete" else "",
            "downloadednum": 0,
            "downloadedsize": size * progress // 100,
            "progress": progress,
            "state": state,
            "taskIds": "",  # as recorded, although documented as the id
            "total": 0,
            "totalsize": size,
            "updates": [],
        }
        text = seen.message or _TEXTS.get(state, "Repository operation is in progress.")
        messages = {"result": verdict, "messages": [{"id": _CODES.get(state, "FQXHMUP2501I"), "text": text}]}
        shape = job.script.shape
        if shape == "updates_by_mt":
            # Recordings of other reads of this resource have it.
            return merged({"updatesByMt": core, "status": messages}, job.script.body)
        if shape == "status":
            return merged({**core, "status": messages}, job.script.body)
        # The documentation's table says array, its example shows an object.
        return merged({**core, "errorMsg": [messages] if shape == "list" else messages}, job.script.body)


_CODES = {"complete": "FQXHMUP2500I", "error": "FQXHMUP2600F", "canceled": "FQXHMUP2700I"}
_TEXTS = {
    "complete": "Repository operation completed successfully.",
    "error": "Repository operation failed.",
    "canceled": "Repository operation was canceled.",
}


def _words(state: str) -> tuple[str, str]:
    """A script's ``running`` or ``complete/failure`` as state and ``errorMsg.result``."""
    word, _sep, verdict = state.partition("/")
    return word, verdict or ("failure" if word == "error" else "informational")


def _session(call: Call) -> str:
    """The session's id from the cookies; empty if there is none."""
    try:
        cookie = SimpleCookie(call.headers.get("cookie", "")).get("JSESSIONID")
    except CookieError:
        return ""
    return cookie.value if cookie is not None else ""
