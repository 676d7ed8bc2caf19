# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenovo XClarity Administrator: tasks of the firmware repository.

Sources: the vendor's page "GET /updateRepositories/firmware/status" (version 2.3.0 and later), recorded replies, and the
vendor's Ruby client. XClarity Orchestrator and XClarity One are other products with other APIs.
"""

from __future__ import annotations

import typing as t

from .._errors import BadReply
from .._http.auth import SessionLogin, basic_auth
from .._http.client import ApiClient, Auth, Fault
from .._http.url import check_url
from .._job import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Job
from .._text import one_line
from .._values import Fields, array, identifier, mapping
from .base import System
from .options import Options, Spec, environment

STATES: dict[str, str] = {"complete": SUCCEEDED, "error": FAILED, "canceled": CANCELLED}
"""Only the ends are documented; any other word, and none, is a task that goes on."""

TASK_TYPE = "EXPORTREPOSITORY"
"""The only one that is documented."""


class XClarity(System):
    """One task, or all running tasks."""

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
    hints: t.ClassVar[dict[str, str]] = {
        "unauthorized": "Check username and password.",
        "forbidden": "Check username and password, and that the user may read the firmware repository.",
        "not_found": "Check task_id, and that api_url is that of an XClarity Administrator 2.3.0 or later.",
    }

    def auth(self, options: Options) -> Auth:
        """A session by default; HTTP Basic on each request as the vendor's Ruby client does."""
        username, password = (options[name] for name in self.way_to_authenticate(options))
        if options["auth_method"] == "basic":
            return basic_auth(username, password)
        return SessionLogin(
            login_url=f"{check_url('api_url', options['api_url'])}/sessions",
            body={"UserId": username, "password": password},
            secret=password,
            csrf_header="X-Csrf-Token",
            read_csrf=_csrf,
            read_fault=self.read_fault,
        )

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """``{"result": "failure", "messages": [{"id", "text", "explanation", "recovery"}]}``."""
        body = mapping(content)
        if status < 400 and not (body.get("result") == "failure" and "state" not in body):
            return None
        messages = [mapping(one) for one in array(body.get("messages"))]
        said = [one_line(one.get("text")) for one in messages]
        code = next((identifier(one.get("id")) for one in messages), None)
        return Fault(" ".join(filter(None, said)) or None, code=code, status=400 if status < 400 else None)

    def read(self, client: ApiClient, options: Options) -> t.Any:
        """One request. The table of the page spells ``taskType``, its example and the clients ``tasktype``."""
        query = {"tasktype": TASK_TYPE, "taskid": options["task_id"] or self.every}
        return client.get("updateRepositories", "firmware", "status", query=t.cast("dict[str, str]", query))

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """A flat object; for all tasks, of which no reply is documented, an object, a list, or an object that holds a list."""
        job_id = self.job_id(options)
        tasks = _tasks(raw)
        if job_id is not None:
            if tasks is None or len(tasks) != 1:
                raise BadReply("The API answered without the state of one task.")
            return [_job(tasks[0], job_id)]
        if tasks is None:
            raise BadReply("The API answered without a list of tasks.")
        return [_job(task, identifier(task.get("taskIds")) or identifier(task.get("jobid"))) for task in tasks]

    def listing_for(self, jobs: t.Sequence[Options]) -> Options:
        """All running tasks."""
        return {**jobs[0], "task_id": self.every}

    def find(self, raw: t.Any, jobs: t.Sequence[Options]) -> list[Job | None]:
        """By ``taskIds`` alone, which is documented as the id: a job's number may be that of another's task."""
        tasks = {identifier(task.get("taskIds")): task for task in _tasks(raw) or []}
        ids = [options["task_id"] for options in jobs]
        return [_job(tasks[one], one) if one in tasks else None for one in ids]


def _tasks(raw: t.Any) -> list[dict[str, t.Any]] | None:
    """The tasks in a reply: itself, its items, or those of the first list in it; ``None`` where there are none to be seen."""
    if isinstance(raw, dict):
        raw = (
            [raw]
            if _is_task(raw) or not raw
            else next((value for value in raw.values() if isinstance(value, list)), None)
        )
    if not isinstance(raw, list) or not all(_is_task(task) for task in raw if task != {}):
        return None
    return [task for task in raw if task != {}]


def _csrf(answer: t.Any) -> str | None:
    """``{"response": {"session": {"csrf": …}}}``."""
    session = mapping(mapping(mapping(answer).get("response")).get("session"))
    return identifier(session.get("csrf"))


def _is_task(body: t.Any) -> bool:
    return Fields(mapping(body)).has("state", "progress")


def _job(body: dict[str, t.Any], job_id: str | None) -> Job:
    fields = Fields(body)
    word, progress = fields.text("state"), fields.percent("progress")
    result, messages = _messages(fields.raw("errorMsg") or fields.raw("status"))
    state = STATES.get(word or "", PENDING if progress == 0 else RUNNING)
    if state == SUCCEEDED and result == "failure":
        state = FAILED
    return Job(
        system=XClarity.name,
        id=job_id,
        state=state,
        native_state=word,
        description=" ".join(filter(None, [TASK_TYPE, fields.text("current")])),
        progress=progress,
        message=messages,
    )


def _messages(error: t.Any) -> tuple[str | None, str | None]:
    """The result and the texts of ``errorMsg``, which is documented as a list and sent as an object."""
    results, texts = [], []
    for one in map(mapping, error if isinstance(error, list) else [error]):
        results.append(one_line(one.get("result")))
        texts += [one_line(mapping(message).get("text")) for message in array(one.get("messages")) or [one]]
    result = "failure" if "failure" in results else next(filter(None, results), None)
    return result, " ".join(filter(None, texts)) or None
