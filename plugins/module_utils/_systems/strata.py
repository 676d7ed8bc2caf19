# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Palo Alto Networks Strata Cloud Manager (Prisma Access): configuration jobs.

Sources: the vendor's page "Get a job", the ``servers`` and schemas of its configuration operations specification up to
2026, and replies of real tenants of 2022. The replies have been ``{"data": [{…strings…}]}`` since 2022. The page shows a bare
object with integers, and the first document of the API a bare list. All three forms are read.
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
from .._values import Fields, array, identifier, mapping, seconds_between
from .base import Found, System, is_long_over
from .options import Options, Spec, environment

Item = dict[str, t.Any]
"""A job as the API sends it."""

HOST, PATH = "api.strata.paloaltonetworks.com", "/config/operations/v1"
PATHS: dict[str, str] = {HOST: PATH, "api.sase.paloaltonetworks.com": "/sse/config/v1"}
"""For each documented host, the path of the API."""

PHASES: dict[str, str] = {
    "PEND": PENDING,
    "ACT": RUNNING,
    # Sent to the device or the cloud; the answer has not come yet.
    "PUSHSENT": RUNNING,
    "PUSHFAIL": FAILED,
    "PUSHABORT": FAILED,
    "PUSHABORT/CANCELLED": CANCELLED,
    "PUSHTIMEOUT": FAILED,
}
"""The states by ``status_str`` alone, or by ``status_str/result_str`` if that pair has a state of its own."""
VERDICTS: dict[str, str] = {
    "OK": SUCCEEDED,
    "FAIL": FAILED,
    "TIMEOUT": FAILED,
    "CANCELLED": CANCELLED,
    # The phase is over, but there is no verdict yet.
    "PEND": RUNNING,
    "WAIT": RUNNING,
}
"""The states by ``result_str``, for a ``status_str`` of :data:`JUDGED`."""
JUDGED = ("FIN", "PUSHSUC")

PARENTS: dict[str, str] = {"CommitAndPush": "committed", "NGFW-Bootstrap-Push": "bootstrapped"}
"""The types of job that a push returns, and what has been done at their own good end. Their children show whether the firewalls took
the configuration."""
PAGE = 200
"""Rows of ``GET /jobs`` in one request: the API's own default."""
FARTHEST = 2000
"""The most rows of ``GET /jobs`` that are read to find a parent, so that an endless listing is not read for ever."""

ALONE = "Set children: false to read the job alone."
OTHER_API = "An id of this form belongs to another API of this vendor, GET /operations/v1/device/jobs/<id>, which rest_job can read."
_UUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Strata(System):
    """Reads one job, with its children if the options say so, or a listing, newest first.

    :param wall: the clock, in seconds since 1970.
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
    hints: t.Mapping[str, str] = {
        "unauthorized": "Check client_id and client_secret, or that the access_token has not expired.",
        "forbidden": "The service account needs a role on the tenant of tsg_id that may read configuration jobs.",
        "not_found": "Check job_id and tsg_id.",
    }

    def __init__(self, wall: t.Callable[[], float] = time.time) -> None:
        self._wall = wall

    def base_url(self, api_url: str) -> str:
        """The address. A documented host without a path gets its documented path. Any other address may be that of a gateway."""
        parts = urlsplit(api_url)
        return api_url if parts.path else api_url + PATHS.get(parts.hostname or "", "")

    def auth(self, options: Options) -> StaticAuth | ClientCredentials:
        """OAuth2 client credentials, or a token that the user has given."""
        if self.way_to_authenticate(options) == ("access_token",):
            return token_auth("Bearer", "access_token", options["access_token"])
        token_url = check_url("token_url", options["token_url"])
        scope = f"tsg_id:{options['tsg_id']}"
        return ClientCredentials(token_url, options["client_id"], options["client_secret"], scope)

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """``{"_errors": [{"code", "message", "details", "help"}], "_request_id"}``. One code is used with several statuses."""
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
        """One job, and once its children can exist also the pages of ``GET /jobs`` down to the job; or the pages of a listing.

        Failed children whose rows lack a reason are read by id too.
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
        # A wait reads many pages at the same time and needs few of their rows. The info module returns the pages as sent.
        shortened = None if "limit" in options else lambda page: _without_others(page, job_id)
        try:
            # Children are newer than their parent and the listing is newest first, so there are none below the parent.
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
        """The jobs of a listing; or the one job, rolled up with its children if they were read."""
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
        """The option ``children_settle``: children appear up to 13 s after their parent's end."""
        return t.cast(float, options["children_settle"])

    def given_to_look_once(self, options: Options) -> dict[str, t.Any]:
        """The options without a settle time."""
        return {**self.given(options), "children_settle": 0.0}

    def listing_for(self, jobs: t.Sequence[Options]) -> Options:
        """The newest rows: as many pages as can hold the jobs and a child of each."""
        return {**jobs[0], "job_id": None, "children": False, "limit": PAGE * (1 + 2 * len(jobs) // PAGE)}

    def pieces(self, client: ApiClient, options: Options) -> t.Iterator[t.Any]:
        """The pages, in pieces, up to ``limit`` rows."""
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
            if len(seen) == before:  # the API may repeat rows beyond the end of its list
                return
            offset += count

    def parts(self, raw: t.Any) -> t.Iterable[t.Any]:
        """The pages, which are the pieces of a listing that was read whole."""
        return t.cast("list[t.Any]", raw)

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """Finds the rows of the jobs and of their children. Rows lack ``details`` and some times, but have all facts of a running job."""
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
        """The checks of every system, and the ranges of ``limit`` and ``children_settle``."""
        super().check_options(options)
        if options.get("limit") is not None and options["limit"] < 1:
            raise OptionError("limit", f"expected 1 or more, got {options['limit']}.")
        if not 0 <= options["children_settle"] < math.inf:
            raise OptionError("children_settle", f"expected 0 or more seconds, got {options['children_settle']:g}.")

    def _rolled_up(self, item: Item, rows: t.Sequence[Item], options: Options, *, known: bool = True) -> Job:
        """The job, rolled up with its children if the options say so.

        :param rows: the rows of its children.
        :param known: whether these are all children so far.
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
    """The parent with the state of its children: running while a child runs, bad if a child has ended badly, else unchanged.

    ``native_state`` stays the parent's own. ``message`` says why the state is bad, and which children have not ended.
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
        duration=seconds_between(parent.started_at, finished_at),
        children=tuple(children),
        warnings=(*parent.warnings, *warnings),
    )


def _called(child: Job) -> str:
    """The name of a child in messages."""
    name = f"{Strata.key} {child.id}"
    return f"{name} ({child.description})" if child.description else name


def _follows(item: Item, options: Options) -> bool:
    """Whether the options ask for children, and the job is of a type that has children."""
    return bool(options["children"]) and _type(item) in PARENTS


def _pages(
    client: ApiClient, enough: t.Callable[[list[Item]], bool], shortened: t.Callable[[t.Any], t.Any] | None = None
) -> t.Iterator[t.Any]:
    """The bodies of ``GET /jobs``, newest rows first.

    :param enough: whether no more pages are needed after these rows.
    :param shortened: reduces a body to the part that is kept; ``None`` keeps all of it.
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
    """A page in which rows of other jobs have only their ids; the rows of the job and of its children are complete."""
    rows = [row if job_id in (_id(row), _parent_id(row)) else {"id": _id(row)} for row in _data(page)]
    return rows if isinstance(page, list) else {**page, "data": rows}


def _is_whole(pages: t.Sequence[t.Any]) -> bool:
    """Whether the listing has no more pages: according to its total, or because the last page had no new rows."""
    if not pages:
        return False
    total = mapping(pages[-1]).get("total")
    # The second condition is for an API that repeats rows beyond the end of its list.
    return (isinstance(total, int) and _count(pages) >= total) or len(_rows(pages)) == len(_rows(pages[:-1]))


def _count(pages: t.Sequence[t.Any]) -> int:
    """How many rows the pages have. A row that is on two pages counts twice."""
    return sum(len(_data(page)) for page in pages)


def _reasons(client: ApiClient, children: t.Sequence[Item]) -> list[t.Any]:
    """The replies for failed children whose rows lack a reason: only a reply for one job has ``details``. A client requests each child
    once. If that fails, the row stays as it is."""
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
    """The bodies of a reading, which is either one body (perhaps a bare list of jobs) or a list of bodies."""
    several = isinstance(raw, list) and any(isinstance(one, list) or "data" in mapping(one) for one in raw)
    return raw if several else [raw]


def _rows(bodies: t.Iterable[t.Any]) -> list[Item]:
    """The rows of all bodies, each job once: new jobs push older rows onto the next page during the reading. Blank fields of an earlier
    row are filled from a later row of the same job."""
    rows: dict[t.Any, Item] = {}
    for body in bodies:
        data = _data(body)
        ends = body != [] or rows  # an empty list may end a listing, but alone it is not a listing
        if not ends or not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise lacking(body, "a list of jobs in data")
        for row in data:
            _add(rows, _id(row) or id(row), row)
    return list(rows.values())


def _add(rows: dict[t.Any, Item], key: t.Any, row: Item) -> None:
    """Adds a row, or fills the blank fields of an earlier row of the same job from it."""
    known = {name: value for name, value in rows.get(key, {}).items() if value not in ("", None)}
    rows[key] = {**row, **known} if known else row


def _data(body: t.Any) -> t.Any:
    """The list of jobs in a body, or the body itself if it is a bare list."""
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
    """The job's summary, and the reason if it ended badly. Otherwise ``details`` is ignored: it may be older than the state."""
    complaints = _complaints(_details(item.get("details"))) if state in BAD_ENDS else []
    return one_line("; ".join(dict.fromkeys(filter(None, [one_line(item.get("summary")), *complaints]))))


def _is_mute(item: Item) -> bool:
    """Whether the job ended badly and the row lacks a reason."""
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
    # end_ts is also set while a job runs, so it does not prove an end.
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
        duration=seconds_between(started_at, finished_at),
        warnings=(*warnings, *fields.warnings),
    )


def _details(value: t.Any) -> dict[str, t.Any]:
    """``details``, which the API sends as JSON in a string; empty if it is absent, blank or not JSON.

    It may be older than the job's end, so only texts are taken from it and never a state.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return mapping(value)


def _complaints(details: dict[str, t.Any]) -> list[str | None]:
    """The errors in ``details``: ``errors``, the errors of each device, and the regions whose commit failed."""
    lines = [one_line(error) for error in array(details.get("errors"))]
    for device, part in details.items():
        lines += [one_line(f"{device}: {error}") for error in array(mapping(part).get("errors"))]
    for part in map(mapping, array(details.get("job_details"))):
        if part.get("commit_status") == "Failure":
            lines.append(one_line(f"{part.get('region')} {part.get('service_type')}: {part.get('details')}"))
    return lines


def _details_line(value: t.Any) -> str | None:
    """The text in the ``details`` of an error envelope: text, an object with a message, or a list of these."""
    if isinstance(value, list):
        return one_line("; ".join(filter(None, map(_details_line, value))))
    return one_line(value) or one_line(mapping(value).get("message"))
