# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenovo XClarity Administrator: tasks of the firmware repository.

Sources: the vendor's page "GET /updateRepositories/firmware/status" (version 2.3.0 and later), recorded replies, and the
vendor's Ruby client. XClarity Orchestrator and XClarity One are other products with other APIs.
"""

from __future__ import annotations

import typing as t

from .._errors import lacking
from .._http.auth import SessionLogin, basic_auth
from .._http.client import ApiClient, Auth, Fault
from .._http.url import check_url
from .._job import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Job, classify
from .._text import one_line
from .._values import Fields, array, identifier, mapping
from .base import Found, System
from .options import Options, Spec, environment

STATES: dict[str, str] = {
    "complete": SUCCEEDED,
    "error": FAILED,
    "canceled": CANCELLED,
    # The end states of GET /jobs of the same product.
    "cancelled": CANCELLED,
    "cancelled_with_errors": CANCELLED,
    "interrupted": FAILED,
    "stopped_with_error": FAILED,
}
"""In lower case, because the product's APIs differ in case. Only end states are documented for a task. With any other word, or without a
word, the task has not ended."""
GOING = ("created", "pending", "running", "running_with_errors", "in progress")
"""Words that are certainly not end states, in lower case. Any other word causes a warning."""

FAILURES = ("failure", "failed", "error")
RESULTS = ("success", "informational", *FAILURES)
"""The values of ``errorMsg.result`` in lower case: those that are documented, and those of other parts of the API."""

TASK_TYPE = "EXPORTREPOSITORY"
"""The only documented type of task."""
_PATH = ("updateRepositories", "firmware", "status")


class XClarity(System):
    """Reads one task, or all running tasks."""

    name = "xclarity"
    key = "firmware_repo"
    module = "firmware_repo_status"
    ids: t.ClassVar[Spec] = {"task_id": {"type": "str"}}
    optional_ids = ("task_id",)
    every = "0"  # "If 0 is specified, the status for all running tasks is returned."
    connection: t.ClassVar[Spec] = {
        "api_url": environment("XCLARITY_URL", required=True),
        "username": environment("XCLARITY_USERNAME"),
        "password": environment("XCLARITY_PASSWORD", no_log=True),
        "auth_method": {"type": "str", "choices": ["session", "basic"], "default": "session"},
    }
    credentials = (("username", "password"),)
    words = frozenset({*STATES, "failure"})
    # Only the name is documented ("returned in the taskid parameter"), and the API spells other names in several ways.
    started_by: t.ClassVar[t.Any] = [
        f"json.{name}" for name in ("taskid", "taskId", "taskID", "TaskId", "TaskID", "TASKID")
    ]
    hints: t.Mapping[str, str] = {
        "unauthorized": "Check username and password.",
        "forbidden": "Check username and password, and that the user may read the firmware repository.",
        "not_found": "Check task_id, and that api_url is that of an XClarity Administrator 2.3.0 or later.",
    }

    def auth(self, options: Options) -> Auth:
        """A session by default, or HTTP Basic with each request, as in the vendor's Ruby client."""
        username, password = (options[name] for name in self.way_to_authenticate(options))
        if options["auth_method"] == "basic":
            return basic_auth(username, password)
        login_url = f"{check_url('api_url', options['api_url'])}/sessions"
        return SessionLogin(
            login_url=login_url,
            body={"UserId": username, "password": password},
            secret=password,
            csrf_header="X-Csrf-Token",
            read_csrf=_csrf,
            read_fault=self._login_fault,
            headers={"Referer": login_url},  # as in the vendor's Python client
        )

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """``{"result": "failure", "messages": [{"id", "text", "explanation", "recovery"}]}``."""
        body = mapping(content)
        # A body with a task's state is never an error envelope, even if the task has failed.
        named = any(_word(task.get("state")) for task in _tasks(body) or [])
        if status < 400 and (named or _word(body.get("result")) not in FAILURES):
            return None
        messages = [mapping(one) for one in array(body.get("messages"))]
        said = [one_line(one.get("text")) for one in messages]
        code = next((identifier(one.get("id")) for one in messages), None)
        return Fault(" ".join(filter(None, said)) or None, code=code, status=400 if status < 400 else None)

    def _login_fault(self, status: int, content: t.Any) -> Fault | None:
        """As :meth:`read_fault`. In addition, ``pwChangeRequired`` is an error: the login succeeds, but every later request is refused."""
        response = mapping(mapping(content).get("response"))
        if status < 400 and _word(str(response.get("pwChangeRequired"))) == "true":
            return Fault(
                "The user must change the password in XClarity Administrator before the API can be used", status=403
            )
        return self.read_fault(status, content)

    def read(self, client: ApiClient, options: Options) -> t.Any:
        """One request."""
        return client.get(*_PATH, query=self._query(options))

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The tasks in a flat object, or in an object that contains it. The reply for all tasks is not documented, so a list and an object
        that contains a list are read too."""
        job_id = self.job_id(options)
        tasks = _tasks(raw)
        if job_id is not None:
            if tasks is None or len(tasks) != 1:
                raise lacking(raw if tasks is None else tasks, "the state of one task")
            return [_job(tasks[0], job_id)]
        if tasks is None:
            raise lacking(raw, "a list of tasks")
        return [_job(task, identifier(task.get("taskIds")) or identifier(task.get("jobid"))) for task in tasks]

    def listing_for(self, jobs: t.Sequence[Options]) -> Options:
        """The listing of all running tasks."""
        return {**jobs[0], "task_id": self.every}

    def pieces(self, client: ApiClient, options: Options) -> t.Iterator[t.Any]:
        """One request: the API has no pages and no filter."""
        return client.pieces(*_PATH, query=self._query(options))

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """Finds the tasks by ``taskIds`` only, which is documented as the id: ``jobid`` of one task may equal the id of another."""
        places = {options["task_id"]: place for place, options in enumerate(jobs)}
        found: list[Found | None] = [None] * len(jobs)
        for piece in pieces:
            for task in _tasks(piece) or []:
                place = places.get(identifier(task.get("taskIds")))
                if place is not None:
                    found[place] = Found(_job(task, jobs[place]["task_id"]))
        return found

    def _query(self, options: Options) -> dict[str, str]:
        """The query. The vendor's page spells ``taskType`` in its table; its example and the clients spell ``tasktype``."""
        return {"tasktype": TASK_TYPE, "taskid": options["task_id"] or self.every}


def _tasks(raw: t.Any) -> list[dict[str, t.Any]] | None:
    """The tasks in a reply: the reply itself, its items, or the result of :func:`_inner`; ``None`` if the reply has no tasks."""
    if isinstance(raw, dict):
        raw = [raw] if _is_task(raw) or not raw else _inner(raw)
    if not isinstance(raw, list) or not all(_is_task(task) for task in raw if task != {}):
        return None
    return [task for task in raw if task != {}]


def _inner(body: dict[str, t.Any]) -> list[t.Any] | None:
    """The objects in the body that have a state; else the first list.

    Recorded from another request to this resource: ``{"updatesByMt": {"state", …}, "status": {"result", "messages"}}``.
    """
    beside = {name: body[name] for name in ("status", "result", "messages") if name in body}
    tasks: list[t.Any] = [
        {**beside, **value} for value in body.values() if isinstance(value, dict) and "state" in value
    ]
    lists = [value for value in body.values() if isinstance(value, list)]
    return tasks or (lists[0] if lists else None)


def _csrf(answer: t.Any) -> str | None:
    """``{"response": {"session": {"csrf": …}}}``."""
    session = mapping(mapping(mapping(answer).get("response")).get("session"))
    return identifier(session.get("csrf"))


def _is_task(body: t.Any) -> bool:
    return Fields(mapping(body)).has("state", "progress")


def _word(value: t.Any) -> str:
    return (one_line(value) or "").lower()


def _job(body: dict[str, t.Any], job_id: str | None) -> Job:
    fields = Fields(body)
    native, progress = fields.text("state"), fields.percent("progress")
    word = _word(native)
    state = STATES.get(word, PENDING if progress == 0 else RUNNING)
    warnings = () if word in ("", *GOING, *STATES) else classify(STATES, native)[1]
    parts = [*_parts(fields.raw("errorMsg"), "failure"), *_parts(fields.raw("status"), None), body]
    results = dict.fromkeys(filter(None, (_word(part.get("result")) for part in parts)))
    if state == SUCCEEDED and not results.keys().isdisjoint(FAILURES):
        state = FAILED
    odd = tuple(
        f"The result {result!r} is not known; the state decides." for result in results if result not in RESULTS
    )
    return Job(
        system=XClarity.name,
        id=job_id,
        state=state,
        native_state=native,
        description=" ".join(filter(None, [TASK_TYPE, fields.text("current")])),
        progress=progress,
        message=" ".join(filter(None, (one_line(text) for part in parts for text in _texts(part)))) or None,
        warnings=(*warnings, *odd),
    )


def _parts(value: t.Any, verdict: str | None) -> list[dict[str, t.Any]]:
    """The objects with ``result`` and ``messages`` in ``errorMsg``, which is documented as a list and sent as an object.

    :param verdict: the result of plain text, unless the text is itself one of :data:`RESULTS`.
    """
    parts = []
    for one in value if isinstance(value, list) else [value]:
        text = one_line(one)
        own = _word(one) if _word(one) in RESULTS else verdict
        parts.append({"result": own, "text": text} if text else mapping(one))
    return parts


def _texts(part: dict[str, t.Any]) -> list[t.Any]:
    messages = array(part.get("messages"))
    return [mapping(message).get("text") for message in messages] if messages else [part.get("text")]
