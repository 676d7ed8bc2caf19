# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Palo Alto Networks Strata Cloud Manager (Prisma Access): configuration jobs.

Sources: the vendor's page "Get a job", the ``servers`` and schemas of its configuration operations specification up to
2026, and replies of real tenants of 2022. The replies have been ``{"data": [{…strings…}]}`` since 2022; the page shows a bare
object with integers. Both are read.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import math
import typing as t

from .._errors import ApiError, BadReply, Missing, OptionError
from .._http.auth import ClientCredentials, StaticAuth, client_credentials, token_auth
from .._http.client import ApiClient, Fault
from .._http.reply_memory import Load
from .._http.url import check_url
from .._job import CANCELLED, END_STATES, FAILED, PENDING, RUNNING, SUCCEEDED, Job, classify
from .._text import one_line
from .._values import Fields, array, identifier, mapping, to_epoch
from .base import System
from .options import Options, Spec, environment

PHASES: dict[str, str] = {
    "PEND": PENDING,
    "ACT": RUNNING,
    # Handed to the device or the cloud, whose answer is awaited.
    "PUSHSENT": RUNNING,
    "PUSHFAIL": FAILED,
    "PUSHABORT": FAILED,
    "PUSHTIMEOUT": FAILED,
}
"""``status_str`` where it decides alone, whatever ``result_str`` says."""
VERDICTS: dict[str, str] = {
    "OK": SUCCEEDED,
    "FAIL": FAILED,
    "TIMEOUT": FAILED,
    "CANCELLED": CANCELLED,
    # No verdict yet, though the phase is over.
    "PEND": RUNNING,
    "WAIT": RUNNING,
}
"""``result_str`` where ``status_str`` is one of :data:`JUDGED`."""
JUDGED = ("FIN", "PUSHSUC")

PARENT_TYPE = "CommitAndPush"
"""The type of job that a push returns: its end says that the configuration is committed. Whether the firewalls took it
stands in its children."""
PAGE = 200
"""Rows of ``GET /jobs`` in one request: the API's own default."""
FARTHEST = 2000
"""Rows of ``GET /jobs`` that are read in search of a parent, lest a listing without end be read for ever."""


class Strata(System):
    """One job, with its children if wanted, or a listing, newest first."""

    name = "strata"
    key = "config_job"
    module = "config_job_info"
    ids: t.ClassVar[Spec] = {"job_id": {"type": "str"}}
    optional_ids = ("job_id",)
    connection: t.ClassVar[Spec] = {
        "api_url": environment("SCM_API_URL", default="https://api.strata.paloaltonetworks.com/config/operations/v1"),
        "token_url": environment(
            "SCM_TOKEN_URL", default="https://auth.apps.paloaltonetworks.com/oauth2/access_token", no_log=False
        ),
        "client_id": environment("SCM_CLIENT_ID"),
        "client_secret": environment("SCM_CLIENT_SECRET", no_log=True),
        "tsg_id": environment("SCM_TSG_ID"),
        "access_token": environment("SCM_ACCESS_TOKEN", no_log=True),
    }
    credentials = (("client_id", "client_secret", "tsg_id"), ("access_token",))
    words = frozenset({*PHASES, *VERDICTS, *JUDGED, PARENT_TYPE})
    info_only: t.ClassVar[Spec] = {
        "children": {"type": "bool", "default": False},
        "limit": {"type": "int", "default": PAGE},
    }
    wait_only: t.ClassVar[Spec] = {
        "children": {"type": "bool", "default": True},
        "children_settle": {"type": "float", "default": 30.0},
    }
    hints: t.ClassVar[dict[str, str]] = {
        "unauthorized": "Check client_id and client_secret, or that the access_token has not expired.",
        "forbidden": "The service account needs a role on the tenant of tsg_id that may read configuration jobs.",
        "not_found": "Check job_id and tsg_id.",
    }

    def auth(self, options: Options) -> StaticAuth | ClientCredentials:
        """OAuth2 client credentials, or a ready token."""
        if self.way_to_authenticate(options) == ("access_token",):
            return token_auth("Bearer", "access_token", options["access_token"])
        token_url = check_url("token_url", options["token_url"])
        scope = f"tsg_id:{options['tsg_id']}"
        return client_credentials(token_url, options["client_id"], options["client_secret"], scope)

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """``{"_errors": [{"code", "message", "details", "help"}], "_request_id"}``; one code stands for more than one status."""
        if status < 400:
            return None
        body = mapping(content)
        errors = [mapping(one) for one in array(body.get("_errors"))]
        said = [
            line
            for error in errors
            for line in (one_line(error.get("message")), _details_line(error.get("details")))
            if line
        ]
        code = next((identifier(error.get("code")) for error in errors), None)
        return Fault("; ".join(said) or None, code=code, request_id=identifier(body.get("_request_id")))

    def read(self, client: ApiClient, options: Options) -> t.Any:
        """One job, and the pages of ``GET /jobs`` down to it once its children can be there; or a listing's pages."""
        if options["job_id"] is None:
            return _pages(client, lambda rows: len(rows) >= options["limit"])
        body = client.get("jobs", options["job_id"])
        item = _item(body, options["job_id"])
        if not _follows(item, options) or not _job(item, options["job_id"]).finished:
            return body
        # Children are newer than their parent and the listing is newest first: below the parent there are none.
        return [body, *_pages(client, lambda rows: options["job_id"] in map(_id, rows) or len(rows) >= FARTHEST)]

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The jobs of a listing, or the one job, rolled up with its children where they were read."""
        bodies = raw if isinstance(raw, list) else [raw]
        if options["job_id"] is None:
            return [_job(row, _id(row)) for row in _rows(bodies)][: options["limit"]]
        if not bodies:
            raise BadReply("The API answered without a job.")
        item = _item(bodies[0], options["job_id"])
        rows = _rows(bodies[1:])
        found = options["job_id"] in map(_id, rows)
        if not found and len(rows) >= FARTHEST:
            beyond = (
                f"{FARTHEST:,} or more jobs are newer than job {options['job_id']}, so that its children cannot be told"
            )
            raise ApiError(f"{beyond}; children: false reads the job alone.")
        rolled = _with_children(item, [row for row in rows if _parent_id(row) == options["job_id"]], options)
        if bodies[1:] and not found:
            missing = "The listing does not reach down to the job; children may be missing."
            rolled = dataclasses.replace(rolled, warnings=(*rolled.warnings, missing))
        return [rolled]

    def settle(self, options: Options) -> float:
        """Children appear up to 13 s after their parent's end."""
        return t.cast(float, options.get("children_settle", 0.0))

    def listing_for(self, jobs: t.Sequence[Options]) -> Options:
        """The newest rows: as many pages as hold the jobs and a child for each."""
        return {**jobs[0], "job_id": None, "children": False, "limit": PAGE * (1 + 2 * len(jobs) // PAGE)}

    def find(self, raw: t.Any, jobs: t.Sequence[Options]) -> list[Job | None]:
        """Rows lack ``details`` and some times, and have all that a job is told by while it runs."""
        rows, children = {}, collections.defaultdict(list)
        for row in _rows(raw):
            rows[_id(row)] = row
            children[_parent_id(row)].append(row)
        return [
            _with_children(rows[job_id], children[job_id], options) if job_id in rows else None
            for options in jobs
            for job_id in [options["job_id"]]
        ]

    def check_options(self, options: Options) -> None:
        """As for every system; numbers that mean nothing are refused too."""
        super().check_options(options)
        if options.get("limit") is not None and options["limit"] < 1:
            raise OptionError("limit", f"expected 1 or more, got {options['limit']}.")
        if not 0 <= options.get("children_settle", 0) < math.inf:
            raise OptionError("children_settle", f"expected 0 or more seconds, got {options['children_settle']:g}.")


def roll_up(parent: Job, children: t.Sequence[Job]) -> Job:
    """The parent as its children make it: running while one runs, bad if one ended badly, else as it is.

    ``native_state`` stays the parent's own.
    """
    if not children:
        return parent
    state, message = parent.state, parent.message
    bad = [child for child in children if child.finished and not child.succeeded]
    if any(not child.finished for child in children):
        state = RUNNING
    elif parent.succeeded and bad:
        state = bad[0].state if all(child.state == bad[0].state for child in bad) else FAILED
    if bad:
        named = [f"job {child.id} ({child.description}): {child.message or child.state}" for child in bad]
        message = one_line("; ".join(named))
    ends = filter(None, [parent.finished_at, *(child.finished_at for child in children)])
    finished_at = max(ends, default=None) if state != RUNNING else None
    warnings = tuple(dict.fromkeys([*parent.warnings, *(warning for child in children for warning in child.warnings)]))
    return dataclasses.replace(
        parent,
        state=state,
        message=message,
        finished_at=finished_at,
        duration=_seconds(parent.started_at, finished_at),
        children=tuple(children),
        warnings=warnings,
    )


def _with_children(item: dict[str, t.Any], rows: t.Sequence[dict[str, t.Any]], options: Options) -> Job:
    """The job, rolled up with its children where these are wanted."""
    job = _job(item, options["job_id"])
    if not _follows(item, options):
        return job
    rolled = roll_up(job, [_job(row, _id(row)) for row in rows])
    return dataclasses.replace(rolled, settles=job.succeeded)


def _follows(item: dict[str, t.Any], options: Options) -> bool:
    """Whether the children of the job are wanted and can be."""
    return bool(options["children"]) and item.get("type_str") == PARENT_TYPE


def _pages(client: ApiClient, enough: t.Callable[[list[dict[str, t.Any]]], bool]) -> list[t.Any]:
    """Bodies of ``GET /jobs``, newest first, until they hold enough or there are no more."""
    bodies: list[t.Any] = []
    load = Load()
    offset = 0
    while True:
        body = client.get("jobs", query={"limit": str(PAGE), "offset": str(offset)}, load=load)
        known = len(_rows(bodies))
        bodies.append(body)
        rows = _rows(bodies)
        offset += len(_rows([body]))
        total = mapping(body).get("total")
        # A page that brings nothing new ends it too, should the API not know the end of its own list.
        if enough(rows) or len(rows) == known or (isinstance(total, int) and offset >= total):
            return bodies


def _rows(bodies: t.Iterable[t.Any]) -> list[dict[str, t.Any]]:
    """The rows of all pages, each job once: jobs that come while we read push older ones onto the next page."""
    rows: dict[t.Any, dict[str, t.Any]] = {}
    for body in bodies:
        data = mapping(body).get("data")
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise BadReply("The API answered without a list of jobs in data.")
        for row in data:
            rows.setdefault(_id(row) or id(row), row)
    return list(rows.values())


def _id(row: dict[str, t.Any]) -> str | None:
    return identifier(row.get("id"))


def _parent_id(row: dict[str, t.Any]) -> str | None:
    return identifier(row.get("parent_id"))


def _item(body: t.Any, job_id: str) -> dict[str, t.Any]:
    """The job in the reply for one job."""
    data = mapping(body).get("data", [body])
    if data == []:
        raise Missing(f"The API knows no job {job_id}: it answered with an empty list.", status=200)
    items = [one for one in array(data) if "status_str" in mapping(one)]
    own = [one for one in items if _id(one) in (job_id, None)]
    if not own:
        other = f" but with job {_id(items[0])}" if items else ""
        raise BadReply(f"The API answered without the status_str of job {job_id}{other}.")
    return t.cast("dict[str, t.Any]", own[0])


def _job(item: dict[str, t.Any], job_id: str | None) -> Job:
    fields = Fields(item)
    status, result = fields.text("status_str"), fields.text("result_str")
    state, warnings = classify(VERDICTS, result) if status in JUDGED else classify(PHASES, status)
    details = _details(fields.raw("details"))
    parent_id, target, user = fields.word("parent_id"), fields.text("device_name"), fields.text("uname")
    head = [fields.text("type_str"), f"to {target}" if target else None, f"by {user}" if user else None]
    about = fields.text("description") or one_line(details.get("description"))
    ended = state in END_STATES
    said = [fields.text("summary"), *(_complaints(details) if ended and state != SUCCEEDED else [])]
    started_at = fields.stamp("start_ts")
    # end_ts is filled while a job runs, too, and proves nothing.
    finished_at = fields.stamp("end_ts") if ended else None
    return Job(
        system=Strata.name,
        id=job_id,
        parent_id=None if parent_id == "0" else parent_id,
        state=state,
        native_state="/".join(filter(None, [status, result])) or None,
        description=": ".join(filter(None, [" ".join(filter(None, head)), about])) or None,
        progress=fields.percent("percent"),
        message=one_line("; ".join(dict.fromkeys(filter(None, said)))),
        created_at=fields.stamp("insert_ts"),
        started_at=started_at,
        updated_at=fields.stamp("last_update"),
        finished_at=finished_at,
        duration=_seconds(started_at, finished_at),
        warnings=(*warnings, *fields.warnings),
    )


def _seconds(started_at: str | None, finished_at: str | None) -> float | None:
    start, end = to_epoch(started_at), to_epoch(finished_at)
    return round(end - start, 3) if start is not None and end is not None and end >= start else None


def _details(value: t.Any) -> dict[str, t.Any]:
    """``details``: JSON in a string, as the API sends it; absent, blank or not JSON is nothing.

    It may be older than the job's end, so that only words are taken from it and never a state.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return mapping(value)


def _complaints(details: dict[str, t.Any]) -> list[str | None]:
    """What ``details`` says against a job: ``errors``, those of each device, and regions whose commit failed."""
    lines = [one_line(error) for error in array(details.get("errors"))]
    for device, part in details.items():
        lines += [one_line(f"{device}: {error}") for error in array(mapping(part).get("errors"))]
    for part in map(mapping, array(details.get("job_details"))):
        if part.get("commit_status") == "Failure":
            lines.append(one_line(f"{part.get('region')} {part.get('service_type')}: {part.get('details')}"))
    return lines


def _details_line(value: t.Any) -> str | None:
    """The words in the ``details`` of an error envelope: text, an object with a message, or a list of either."""
    if isinstance(value, list):
        return one_line("; ".join(filter(None, map(_details_line, value))))
    return one_line(value) or one_line(mapping(value).get("message"))
