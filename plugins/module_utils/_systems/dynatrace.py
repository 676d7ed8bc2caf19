# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynatrace: auto-update jobs of ActiveGates, environment API v2.

Sources: the vendor's pages "ActiveGate API - GET an auto-update job" and the OpenAPI document 1.254 of the API, and
replies of a real environment of 2020 and 2021.
"""

from __future__ import annotations

import typing as t

from .._errors import lacking
from .._http.auth import StaticAuth, token_auth
from .._http.client import ApiClient, Fault
from .._job import END_STATES, FAILED, PENDING, RUNNING, SKIPPED, SUCCEEDED, Job, classify
from .._text import one_line
from .._values import Fields, array, identifier, mapping
from .base import Found, System
from .options import Options, Spec, environment

STATES: dict[str, str] = {
    "SCHEDULED": PENDING,
    "PENDING": PENDING,
    "IN_PROGRESS": RUNNING,
    "SUCCEED": SUCCEEDED,
    "FAILED": FAILED,
    # "If an update fails, the ActiveGate automatically reverts to the previous working version": the update has failed.
    "ROLLBACK": FAILED,
    "SKIPPED": SKIPPED,
}

_COMPARISONS = ["EQUAL", "GREATER", "GREATER_EQUAL", "LOWER", "LOWER_EQUAL"]
_MILLISECOND = 0.001


class Dynatrace(System):
    """Reads one update job of an ActiveGate, all jobs of one ActiveGate, or the jobs of all ActiveGates."""

    name = "dynatrace"
    key = "activegate_update_job"
    module = "activegate_update_job_info"
    ids: t.ClassVar[Spec] = {"activegate_id": {"type": "str"}, "job_id": {"type": "str"}}
    optional_ids = ("activegate_id", "job_id")
    connection: t.ClassVar[Spec] = {
        "api_url": environment("DYNATRACE_ENV_URL", required=True),
        "api_token": environment("DYNATRACE_API_TOKEN", no_log=True),
        "access_token": environment("DYNATRACE_ACCESS_TOKEN", no_log=True),
    }
    credentials = (("api_token",), ("access_token",))
    words = frozenset(STATES)
    info_only: t.ClassVar[Spec] = {
        "from": {"type": "str"},
        "to": {"type": "str"},
        "start_version": {"type": "str"},
        "start_version_compare_type": {"type": "str", "choices": _COMPARISONS},
        "target_version": {"type": "str"},
        "target_version_compare_type": {"type": "str", "choices": _COMPARISONS},
        "update_type": {"type": "str", "choices": ["ACTIVE_GATE", "REMOTE_PLUGIN_AGENT", "SYNTHETIC", "Z_REMOTE"]},
        "last_updates": {"type": "bool"},
    }
    started_by: t.ClassVar[t.Any] = {
        "activegate_id": {"path": "url", "between": ["/activeGates/", "/updateJobs"]},
        "job_id": "json.jobId",
    }
    hints: t.Mapping[str, str] = {
        "unauthorized": "Check that the token is valid and belongs to the environment of api_url.",
        "forbidden": "The token needs the scope activeGates.read (environment-api:activegates:read or "
        "fleet-management:activegates:read for an access_token).",
        "not_found": "Check activegate_id, job_id and the environment in api_url.",
    }

    def base_url(self, api_url: str) -> str:
        """The environment's address with the path of the API. The address of the platform's gateway already ends in the version."""
        return f"{api_url}{'' if api_url.endswith('/v2') else '/api/v2'}/activeGates"

    def auth(self, options: Options) -> StaticAuth:
        """``Api-Token`` for an API token, ``Bearer`` for a platform or OAuth token."""
        (option,) = self.way_to_authenticate(options)
        return token_auth("Api-Token" if option == "api_token" else "Bearer", option, options[option])

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """``{"error": {"code", "message", "constraintViolations": [{"path", "message"}]}}``."""
        if status < 400:
            return None
        error = mapping(mapping(content).get("error"))
        violations = [mapping(one) for one in array(error.get("constraintViolations"))]
        said = [one_line(error.get("message"))]
        for one in violations:
            said.append(": ".join(filter(None, [one_line(one.get("path")), one_line(one.get("message"))])))
        # The envelope's code repeats the HTTP status.
        return Fault("; ".join(line.rstrip(".") for line in said if line) or None)

    def read(self, client: ApiClient, options: Options) -> t.Any:
        """One request: for the job, for the jobs of the ActiveGate, or for all jobs."""
        path = _path(options)
        if options["job_id"] is not None:
            return client.get(*path, options["job_id"])
        return client.get(*path, query=_filters(options))

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The jobs in a bare job; in ``{"agId", "updateJobs": []}``; or in ``{"allUpdateJobs": [{"agId", "updateJobs": []}]}``."""
        body = mapping(raw)
        if options["job_id"] is not None:
            if "jobState" not in body:
                raise lacking(raw, "the jobState of an update job")
            return [_job(body, options["job_id"], None)]
        return [
            _job(job, identifier(job.get("jobId")), identifier(group.get("agId")))
            for group in _groups(raw, options["activegate_id"])
            for job in array(group.get("updateJobs"))
        ]

    def listing_for(self, jobs: t.Sequence[Options]) -> Options:
        """The listing of the jobs' ActiveGate, or of all ActiveGates if there are several. By default the first goes back a week and the
        second a day; older jobs are missing."""
        return {**jobs[0], "job_id": None, "activegate_id": _common_gate(jobs)}

    def pieces(self, client: ApiClient, options: Options) -> t.Iterator[t.Any]:
        """One request: the API has no pages."""
        return client.pieces(*_path(options), query=_filters(options))

    def find(self, pieces: t.Iterable[t.Any], jobs: t.Sequence[Options]) -> list[Found | None]:
        """Finds the rows of the jobs, which have the same form as a job that is read alone."""
        common = _common_gate(jobs)
        places = {(options["activegate_id"], options["job_id"]): place for place, options in enumerate(jobs)}
        found: list[Found | None] = [None] * len(jobs)
        for piece in pieces:
            for group in _groups(piece, common):
                # In a piece of a long reply, agId is present only if it precedes the jobs.
                gate = identifier(group.get("agId")) if "agId" in group else common
                for row in array(group.get("updateJobs")):
                    place = places.get((gate, identifier(row.get("jobId"))))
                    if place is not None:
                        found[place] = Found(_job(row, jobs[place]["job_id"], None))
        return found


def _path(options: Options) -> list[str]:
    """The path of the jobs of one ActiveGate, or of all jobs."""
    return [*([options["activegate_id"]] if options["activegate_id"] is not None else []), "updateJobs"]


def _common_gate(jobs: t.Sequence[Options]) -> str | None:
    gates = {options["activegate_id"] for options in jobs}
    return gates.pop() if len(gates) == 1 else None


def _groups(raw: t.Any, activegate_id: str | None) -> list[dict[str, t.Any]]:
    """The groups of a listing: the jobs of each ActiveGate. All fields are optional in the vendor's schema.

    :param activegate_id: the ActiveGate of the listing; ``None`` for all.
    """
    body = mapping(raw)
    groups = [body] if body.keys() & {"agId", "updateJobs"} else None
    if activegate_id is None and "allUpdateJobs" in body:
        groups = [] if body["allUpdateJobs"] is None else body["allUpdateJobs"]
    elif activegate_id is None:
        groups = None
    if not isinstance(groups, list) or not all(map(_is_group, groups)):
        raise lacking(raw, "a list of updateJobs")
    return groups


def _is_group(group: t.Any) -> bool:
    jobs = group.get("updateJobs") if isinstance(group, dict) else False
    return jobs is None or (isinstance(jobs, list) and all(isinstance(job, dict) for job in jobs))


def _filters(options: Options) -> dict[str, str]:
    """The API's query parameters: the names of our options in camelCase."""
    query = {}
    for name in Dynatrace.info_only:
        value = options.get(name)
        if value is not None:
            first, *rest = name.split("_")
            query[first + "".join(word.title() for word in rest)] = (
                str(value).lower() if isinstance(value, bool) else value
            )
    return query


def _job(body: dict[str, t.Any], job_id: str | None, activegate_id: str | None) -> Job:
    fields = Fields(body)
    word = fields.word("jobState")
    state, warnings = classify(STATES, word)
    # "The null value means the job is still running": this overrides the word of the state.
    if state in END_STATES and fields.has("timestamp") and fields.raw("timestamp") is None:
        state = RUNNING
    ended = state in END_STATES
    finished_at = fields.epoch("timestamp", _MILLISECOND) if ended else None
    duration = fields.seconds("duration", _MILLISECOND)
    versions = " → ".join(filter(None, [fields.text("startVersion"), fields.text("targetVersion")]))
    where = f"on ActiveGate {activegate_id}" if activegate_id else None
    return Job(
        system=Dynatrace.name,
        id=job_id,
        state=state,
        native_state=word,
        description=" ".join(filter(None, [fields.text("updateType"), versions, where])) or None,
        message=fields.text("error"),
        finished_at=finished_at,
        duration=duration,
        warnings=(*warnings, *fields.warnings),
    )
