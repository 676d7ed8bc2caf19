# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Palo Alto Networks Strata Cloud Manager (Prisma Access): configuration jobs.

Sources: the vendor's page "Get a job", the ``servers`` and schemas of its configuration operations specification up to
2026, and replies of real tenants of 2022. The replies have been ``{"data": [{…strings…}]}`` since 2022; the page shows a bare
object with integers, and the first document of the API has a bare list. All are read.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import math
import re
import time
import typing as t
from urllib.parse import urlsplit

from .._errors import ApiError, Missing, OptionError, Unauthorized, Unready, lacking
from .._http.auth import ClientCredentials, StaticAuth, token_auth
from .._http.client import ApiClient, Fault
from .._http.url import check_url
from .._job import BAD_ENDS, CANCELLED, END_STATES, FAILED, PENDING, RUNNING, SUCCEEDED, Job, classify
from .._text import NAMED, duration, named, one_line
from .._values import Fields, array, identifier, mapping, to_epoch
from .base import Found, System, is_long_over
from .options import Options, Spec, environment

Item = dict[str, t.Any]
"""A job as the API sends it."""

HOST, PATH = "api.strata.paloaltonetworks.com", "/config/operations/v1"
PATHS: dict[str, str] = {HOST: PATH, "api.sase.paloaltonetworks.com": "/sse/config/v1"}
"""Of each documented host, the path of the API."""

PHASES: dict[str, str] = {
    "PEND": PENDING,
    "ACT": RUNNING,
    # Handed to the device or the cloud, whose answer is awaited.
    "PUSHSENT": RUNNING,
    "PUSHFAIL": FAILED,
    "PUSHABORT": FAILED,
    "PUSHABORT/CANCELLED": CANCELLED,
    "PUSHTIMEOUT": FAILED,
}
"""``status_str`` where it decides alone, whatever ``result_str`` says, or with a result of its own."""
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

PARENTS: dict[str, str] = {"CommitAndPush": "committed", "NGFW-Bootstrap-Push": "bootstrapped"}
"""The types of job that a push returns, and what is true at their own good end. Whether the firewalls took the configuration
is told by their children."""
PAGE = 200
"""Rows of ``GET /jobs`` in one request: the API's own default."""
FARTHEST = 2000
"""Rows of ``GET /jobs`` that are read in search of a parent, so that a listing without end is not read for ever."""

ALONE = "Set children: false to read the job alone."
OTHER_API = "An id of this form belongs to another API of this vendor, GET /operations/v1/device/jobs/<id>, which rest_job can read."
_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Strata(System):
    """One job, with its children if wanted, or a listing, newest first.

    :param wall: seconds since 1970.
    """

    name = "strata"
    key = "config_job"
    module = "config_job_info"
    ids: t.ClassVar[Spec] = {"job_id": {"type": "str"}}
    optional_ids = ("job_id",)
    connection: t.ClassVar[Spec] = {
        "api_url": environment("SCM_API_URL", default=f"https://{HOST}{PATH}"),
        "token_url": environment(
            "SCM_TOKEN_URL", default="https://auth.apps.paloaltonetworks.com/oauth2/access_token", no_log=False
        ),
        "client_id": environment("SCM_CLIENT_ID"),
        "client_secret": environment("SCM_CLIENT_SECRET", no_log=True),
        "tsg_id": environment("SCM_TSG_ID"),
        "access_token": environment("SCM_ACCESS_TOKEN", no_log=True),
    }
    credentials = (("client_id", "client_secret", "tsg_id"), ("access_token",))
    words = frozenset({*PHASES, *VERDICTS, *JUDGED, *PARENTS})
    info_only: t.ClassVar[Spec] = {
        "children": {"type": "bool", "default": False},
        "children_settle": {"type": "float", "unit": "seconds", "default": 30.0},
        "limit": {"type": "int", "default": PAGE},
    }
    wait_only: t.ClassVar[Spec] = {
        "children": {"type": "bool", "default": True},
        "children_settle": {"type": "float", "unit": "seconds", "default": 30.0},
    }
    # Recorded: {"success": true, "job_id": "294", "message": "CommitAndPush job enqueued with jobid 294"}
    started_by: t.ClassVar[t.Any] = [
        "json.job_id",
        {"path": "json.message", "between": ["jobid ", " "]},
        {"path": "json.message", "between": ["jobid ", ""]},
    ]
    hints: t.ClassVar[dict[str, str]] = {
        "unauthorized": "Check client_id and client_secret, or that the access_token has not expired.",
        "forbidden": "The service account needs a role on the tenant of tsg_id that may read configuration jobs.",
        "not_found": "Check job_id and tsg_id.",
    }

    def __init__(self, wall: t.Callable[[], float] = time.time) -> None:
        self._wall = wall

    def base_url(self, api_url: str) -> str:
        """A documented host without a path gets the one that is documented for it; any other may be a gateway's."""
        parts = urlsplit(api_url)
        return api_url if parts.path else api_url + PATHS.get(parts.hostname or "", "")

    def auth(self, options: Options) -> StaticAuth | ClientCredentials:
        """OAuth2 client credentials, or a ready token."""
        if self.way_to_authenticate(options) == ("access_token",):
            return token_auth("Bearer", "access_token", options["access_token"])
        token_url = check_url("token_url", options["token_url"])
        scope = f"tsg_id:{options['tsg_id']}"
        return ClientCredentials(token_url, options["client_id"], options["client_secret"], scope)

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
        """One job, and once its children can be there the pages of ``GET /jobs`` down to it; or a listing's pages.

        Bad children whose rows say nothing of the reason are read by their ids, too.
        """
        job_id = options["job_id"]
        if job_id is None:
            return list(_pages(client, lambda rows: len(rows) >= options["limit"]))
        try:
            body = client.get("jobs", job_id)
            item = _item(body, job_id)
        except ApiError as error:
            if _UUID.fullmatch(job_id) and type(error) in (ApiError, Missing):
                raise error.advising(OTHER_API) from None
            raise
        if not (_follows(item, options) and _state(item)[0] in END_STATES):
            return body
        bodies = [body]
        # Many waits read many pages at once, and need few of their rows. The info module returns what was sent.
        shortened = None if "limit" in options else lambda page: _without_others(page, job_id)
        try:
            # Children are newer than their parent and the listing is newest first: below the parent there are none.
            for page in _pages(client, lambda rows: _holds(rows, job_id) or len(rows) >= FARTHEST, shortened):
                bodies.append(page)
        except ApiError as error:
            final = not (error.transient or isinstance(error, (Unauthorized, Unready)))
            raise (error.advising(ALONE) if final else error).after(bodies if bodies[1:] else body) from None
        rows = _rows(bodies[1:])
        if not _holds(rows, job_id) and len(rows) >= FARTHEST:
            beyond = f"{FARTHEST:,} or more jobs are newer than job {job_id}, so that its children cannot be told"
            raise ApiError(f"{beyond}; children: false reads the job alone.").after(bodies)
        return bodies + _reasons(client, _children(rows, job_id))

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The jobs of a listing, or the one job, rolled up with its children where they were read."""
        job_id = options["job_id"]
        if job_id is None:
            rows = _rows(raw if isinstance(raw, list) else [raw])
            return [_job(row, _id(row)) for row in rows][: options["limit"]]
        body, *pages = _bodies(raw)
        item = _item(body, job_id)
        rows = _rows(pages)
        found, whole = _holds(rows, job_id), _is_whole(pages)
        job = self._rolled_up(item, _children(rows, job_id), options, known=found or whole)
        if whole and not found:
            missing = "The listing does not reach down to the job; children may be missing."
            job = dataclasses.replace(job, warnings=(*job.warnings, missing))
        return [job]

    def settle(self, options: Options) -> float:
        """Children appear up to 13 s after their parent's end."""
        return t.cast(float, options["children_settle"])

    def given_to_look_once(self, options: Options) -> dict[str, t.Any]:
        """Without watching for children."""
        return {**self.given(options), "children_settle": 0.0}

    def listing_for(self, jobs: t.Sequence[Options]) -> Options:
        """The newest rows: as many pages as hold the jobs and a child for each."""
        return {**jobs[0], "job_id": None, "children": False, "limit": PAGE * (1 + 2 * len(jobs) // PAGE)}

    def pieces(self, client: ApiClient, options: Options) -> t.Iterator[t.Any]:
        """Page after page, up to ``limit`` rows."""
        seen: set[t.Any] = set()
        offset, total = 0, math.inf
        while offset < min(options["limit"], total):
            before, count = len(seen), 0
            for piece in client.pieces("jobs", query={"limit": str(PAGE), "offset": str(offset)}):
                rows = _rows([piece]) if piece or not offset else []  # an empty list may end a listing
                given = mapping(piece).get("total")
                total = given if isinstance(given, int) else total
                seen.update(map(_id, rows))
                count += len(rows)
                if rows:
                    yield piece
            if len(seen) == before:  # should the API not know the end of its own list
                return
            offset += count

    def parts(self, raw: t.Any) -> t.Iterable[t.Any]:
        """The pages."""
        return t.cast("list[t.Any]", raw)

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """Rows lack ``details`` and some times, and have all that a job is told by while it runs."""
        wanted = {options["job_id"] for options in jobs}
        own: dict[t.Any, Item] = {}
        children: dict[t.Any, dict[t.Any, Item]] = collections.defaultdict(dict)
        for piece in pieces:
            for row in _rows([piece]):
                if _id(row) in wanted:
                    _add(own, _id(row), row)
                if _parent_id(row) in wanted:
                    _add(children[_parent_id(row)], _id(row) or id(row), row)
        return [
            self._found(own[job_id], list(children[job_id].values()), options) if job_id in own else None
            for options in jobs
            for job_id in [options["job_id"]]
        ]

    def _found(self, item: Item, rows: t.Sequence[Item], options: Options) -> Found:
        has_family = _follows(item, options) and _state(item)[0] in END_STATES
        return Found(self._rolled_up(item, rows, options), {"data": [*rows, item]} if has_family else None)

    def check_options(self, options: Options) -> None:
        """As for every system; numbers that mean nothing are refused too."""
        super().check_options(options)
        if options.get("limit") is not None and options["limit"] < 1:
            raise OptionError("limit", f"expected 1 or more, got {options['limit']}.")
        if not 0 <= options["children_settle"] < math.inf:
            raise OptionError("children_settle", f"expected 0 or more seconds, got {options['children_settle']:g}.")

    def _rolled_up(self, item: Item, rows: t.Sequence[Item], options: Options, *, known: bool = True) -> Job:
        """The job, rolled up with its children if these are wanted.

        :param rows: its children.
        :param known: whether they are all that there are so far.
        """
        job = _job(item, options["job_id"])
        if not _follows(item, options):
            return job
        rolled = roll_up(job, [_job(row, _id(row)) for row in rows])
        if not job.succeeded or not rolled.finished:
            return rolled
        looking = (
            f"looking for {'more of ' if rows else ''}the firewalls' jobs for up to {duration(self.settle(options))}"
        )
        said = [PARENTS[_type(item)], looking if known else "what became of the firewalls' jobs is not known"]
        if not rolled.succeeded:
            said.insert(0, rolled.message or rolled.state)
        settles = not is_long_over(job, self._wall())
        rolled = dataclasses.replace(rolled, settles=settles, meanwhile="; ".join(said))
        return rolled if known else rolled.unsettled()


def roll_up(parent: Job, children: t.Sequence[Job]) -> Job:
    """The parent as its children make it: running while one runs, bad if one ended badly, else as it is.

    ``native_state`` stays the parent's own. ``message`` says why it is bad, and which children it waits for.
    """
    if not children:
        return parent
    state, progress = parent.state, parent.progress
    bad = [child for child in children if child.state in BAD_ENDS]
    going = [child for child in children if not child.finished]
    said = [f"{_called(child)}: {child.message or child.state}" for child in bad]
    if going and parent.finished:
        said.append("waiting for " + named([f"{_called(child)}: {child.phrase()}" for child in going]))
        progress = min((child.progress for child in going if child.progress is not None), default=None)
    if going:
        state = RUNNING
    elif parent.succeeded and bad:
        state = bad[0].state if all(child.state == bad[0].state for child in bad) else FAILED
    if parent.message and (parent.state in BAD_ENDS or not said):
        said.insert(0, parent.message)
    ends = filter(None, [parent.finished_at, *(child.finished_at for child in children)])
    finished_at = max(ends, default=None) if state != RUNNING else None
    warnings = [f"{_called(child)}: {warning}" for child in children for warning in child.warnings]
    return dataclasses.replace(
        parent,
        state=state,
        progress=progress,
        message=one_line("; ".join(said)),
        finished_at=finished_at,
        duration=_seconds(parent.started_at, finished_at),
        children=tuple(children),
        warnings=(*parent.warnings, *warnings),
    )


def _called(child: Job) -> str:
    """What people call a child."""
    name = f"{Strata.key} {child.id}"
    return f"{name} ({child.description})" if child.description else name


def _follows(item: Item, options: Options) -> bool:
    """Whether the children of the job are wanted and can be."""
    return bool(options["children"]) and _type(item) in PARENTS


def _pages(
    client: ApiClient, enough: t.Callable[[list[Item]], bool], shortened: t.Callable[[t.Any], t.Any] | None = None
) -> t.Iterator[t.Any]:
    """Bodies of ``GET /jobs``, newest first, until they hold enough or there are no more.

    :param shortened: what is kept of one; ``None``: all.
    """
    pages: list[t.Any] = []
    rows: list[Item] = []
    while not (enough(rows) or _is_whole(pages)):
        query = {"limit": str(PAGE), "offset": str(_count(pages))}
        page = client.get("jobs", query=query)
        rows = _rows([*pages, page])
        page = shortened(page) if shortened else page
        pages.append(page)
        yield page


def _without_others(page: t.Any, job_id: str) -> t.Any:
    """A page with no more than the ids of rows that are neither the job nor its children."""
    rows = [row if job_id in (_id(row), _parent_id(row)) else {"id": _id(row)} for row in _data(page)]
    return rows if isinstance(page, list) else {**page, "data": rows}


def _is_whole(pages: t.Sequence[t.Any]) -> bool:
    """Whether the listing has no more pages: by its total, or because the last one brought nothing new."""
    if not pages:
        return False
    total = mapping(pages[-1]).get("total")
    # The second, should the API not know the end of its own list.
    return (isinstance(total, int) and _count(pages) >= total) or len(_rows(pages)) == len(_rows(pages[:-1]))


def _count(pages: t.Sequence[t.Any]) -> int:
    """How many rows the pages have, those counted twice that stand on two of them."""
    return sum(len(_data(page)) for page in pages)


def _reasons(client: ApiClient, children: t.Sequence[Item]) -> list[t.Any]:
    """Replies for bad children whose rows say nothing of the reason, for only those have ``details``. Each is asked for once
    by a client; where it cannot be had, the row stays as it is."""
    bodies: list[t.Any] = []
    for child_id in [_id(row) for row in children if _is_mute(row)][:NAMED]:
        if child_id and child_id not in client.kept:
            try:
                body = client.get("jobs", child_id)
                client.kept[child_id] = [body] if [_id(row) for row in _rows([body])] == [child_id] else []
            except (ApiError, OptionError) as error:
                if isinstance(error, ApiError) and error.transient:
                    break
                client.kept[child_id] = []
        bodies += client.kept.get(child_id or "", [])
    return bodies


def _bodies(raw: t.Any) -> list[t.Any]:
    """The bodies of a reading: the one that it is, which may be a bare list of jobs, or those that it is a list of."""
    several = isinstance(raw, list) and any(isinstance(one, list) or "data" in mapping(one) for one in raw)
    return raw if several else [raw]


def _rows(bodies: t.Iterable[t.Any]) -> list[Item]:
    """The rows of all bodies, each job once: jobs that come while we read push older ones onto the next page. What an earlier
    row leaves blank is filled from a later one."""
    rows: dict[t.Any, Item] = {}
    for body in bodies:
        data = _data(body)
        ends = body != [] or rows  # an empty list may end a listing, and is none by itself
        if not ends or not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise lacking(body, "a list of jobs in data")
        for row in data:
            _add(rows, _id(row) or id(row), row)
    return list(rows.values())


def _add(rows: dict[t.Any, Item], key: t.Any, row: Item) -> None:
    """Add a row, or fill from it what an earlier one of the same job leaves blank."""
    known = {name: value for name, value in rows.get(key, {}).items() if value not in ("", None)}
    rows[key] = {**row, **known} if known else row


def _data(body: t.Any) -> t.Any:
    """The list of jobs in a body, or the body itself, if it is a bare list."""
    return body if isinstance(body, list) else mapping(body).get("data")


def _holds(rows: t.Sequence[Item], job_id: str) -> bool:
    return job_id in map(_id, rows)


def _children(rows: t.Sequence[Item], job_id: str) -> list[Item]:
    return [row for row in rows if _parent_id(row) == job_id]


def _id(row: Item) -> str | None:
    return identifier(row.get("id"))


def _parent_id(row: Item) -> str | None:
    return identifier(row.get("parent_id"))


def _type(row: Item) -> str:
    return one_line(row.get("type_str")) or ""


def _item(body: t.Any, job_id: str) -> Item:
    """The job in the reply for one job."""
    data = body if isinstance(body, list) else mapping(body).get("data", [body])
    if body and data == []:
        raise Missing(f"The API knows no job {job_id}: it answered with an empty list.", status=200)
    items = [one for one in array(data) if "status_str" in mapping(one)]
    own = [one for one in items if _id(one) in (job_id, None)]
    if not own:
        other = f" but with job {_id(items[0])}" if items else ""
        raise lacking(body, f"the status_str of job {job_id}{other}")
    return t.cast(Item, own[0])


def _state(item: Item) -> tuple[str, tuple[str, ...]]:
    """The state, and a warning if a word is not known."""
    status, result = one_line(item.get("status_str")), one_line(item.get("result_str"))
    if status in JUDGED:
        return classify(VERDICTS, result)
    both = f"{status}/{result}"
    return classify(PHASES, both if both in PHASES else status)


def _message(item: Item, state: str) -> str | None:
    """What the job says about itself, and why if it ended badly. ``details`` of any other may be older than its state."""
    complaints = _complaints(_details(item.get("details"))) if state in BAD_ENDS else []
    return one_line("; ".join(dict.fromkeys(filter(None, [one_line(item.get("summary")), *complaints]))))


def _is_mute(item: Item) -> bool:
    """Whether the job ended badly and does not say why."""
    state, _warnings = _state(item)
    return state in BAD_ENDS and _message(item, state) is None


def _job(item: Item, job_id: str | None) -> Job:
    fields = Fields(item)
    state, warnings = _state(item)
    native = [fields.text("status_str"), fields.text("result_str")]
    parent_id, target, user = fields.word("parent_id"), fields.text("device_name"), fields.text("uname")
    head = [_type(item), f"to {target}" if target else None, f"by {user}" if user else None]
    about = fields.text("description") or one_line(_details(fields.raw("details")).get("description"))
    started_at = fields.stamp("start_ts")
    # end_ts is filled while a job runs, too, and proves nothing.
    finished_at = fields.stamp("end_ts") if state in END_STATES else None
    return Job(
        system=Strata.name,
        id=job_id,
        parent_id=None if parent_id == "0" else parent_id,
        state=state,
        native_state="/".join(filter(None, native)) or None,
        description=": ".join(filter(None, [" ".join(filter(None, head)), about])) or None,
        progress=fields.percent("percent"),
        message=_message(item, state),
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
