# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Multiplay (Unity Clanforge): image updates of game servers, API ``cfp/v1``.

Sources: the vendor's pages "Image update status", "Image job states" and "Image job fields". The comments of a public deployment script
quote errors that were sent with HTTP 200.
"""

from __future__ import annotations

import re
import typing as t

from .._errors import lacking
from .._http.auth import StaticAuth, basic_auth
from .._http.client import ApiClient, Fault
from .._job import FAILED, PENDING, RUNNING, SKIPPED, SUCCEEDED, Job, classify
from .._text import one_line
from .._values import Fields, identifier, mapping
from .base import System
from .options import Options, Spec, environment

STATES: dict[str, str] = {
    "1": PENDING,  # Created
    "2": PENDING,  # Pending
    "3": PENDING,  # Queued
    "4": RUNNING,
    "5": SUCCEEDED,
    "6": FAILED,
    # Squashed: a newer update has superseded this one, which was not carried out.
    "7": SKIPPED,
}
STATE_IDS: dict[str, str] = {
    "created": "1",
    "pending": "2",
    "queued": "3",
    "running": "4",
    # One page of the vendor says Complete, another Completed.
    "complete": "5",
    "completed": "5",
    "failed": "6",
    "squashed": "7",
}
"""The numbers of states by name, for a reply without ``jobstateid``, which is documented as optional, unlike the name."""

# The API has no HTTP status and no documented code for an unknown job. These words are in other messages of the vendor.
_UNKNOWN_JOB = re.compile(r"(?i)not found|does ?n[o']t exist|no such|(unknown|invalid) (image ?)?(update|job)")


class Multiplay(System):
    """Reads one image update. The API has no listing."""

    name = "multiplay"
    key = "imageupdate"
    module = "imageupdate_status"
    ids: t.ClassVar[Spec] = {"update_id": {"type": "str"}}
    connection: t.ClassVar[Spec] = {
        "api_url": environment("MULTIPLAY_API_URL", default="https://api.multiplay.co.uk/cfp/v1"),
        "account_service_id": environment("MULTIPLAY_ACCOUNT_SERVICE_ID", required=True),
        "access_key": environment("MULTIPLAY_ACCESS_KEY", no_log=False),
        "secret_key": environment("MULTIPLAY_SECRET_KEY", no_log=True),
    }
    credentials = (("access_key", "secret_key"),)
    words = frozenset(STATE_IDS)
    linear_progress = True
    started_by = "json.updateid"
    hints: t.Mapping[str, str] = {
        "unauthorized": "Check access_key and secret_key.",
        "forbidden": "Check that the key has access to account_service_id.",
        "not_found": "Check update_id and account_service_id.",
    }

    def auth(self, options: Options) -> StaticAuth:
        """HTTP Basic."""
        return basic_auth(*(options[name] for name in self.way_to_authenticate(options)))

    def read_fault(self, status: int, content: t.Any) -> Fault | None:
        """``{"error_code", "error_message", "success": false, "error": true}``, sent with HTTP 200.

        A failed job may also be sent with ``success: false``, so a body with a job's state is never an error envelope.
        """
        body = mapping(content)
        if status < 400 and (any(_named_state(body)) or not _is_refusal(body)):
            return None
        message = one_line(body.get("error_message"))
        unknown = status < 400 and message is not None and _UNKNOWN_JOB.search(message)
        # An error that came with 200 needs another status, because 200 means a good answer.
        own_status = 404 if unknown else 400 if status < 400 else None
        return Fault(message, code=identifier(body.get("error_code")), status=own_status)

    def read(self, client: ApiClient, options: Options) -> t.Any:
        """One request."""
        query = {"accountserviceid": options["account_service_id"]}
        return client.get("imageupdate", options["update_id"], "status", query=query)

    def parse(self, raw: t.Any, options: Options) -> list[Job]:
        """The job in a flat object. Only the state decides: ``jobfailed`` counts attempts, and ``success`` is about the request."""
        body = mapping(raw)
        fields = Fields(body)
        name, number = _named_state(body)
        if name is None and number is None:
            raise lacking(raw, "jobstateid and jobstatename")
        state, warnings = classify(STATES, number or STATE_IDS.get(str(name).lower(), name))
        if state == SUCCEEDED and _is_refusal(body):
            warnings = ("The reply calls the request a failure and the job a success; the state of the job decides.",)
        return [
            Job(
                system=self.name,
                id=options["update_id"],
                state=state,
                native_state=name or number,
                description="image update",
                progress=fields.percent("jobprogress"),
                message=fields.text("joberror") or fields.text("error_message"),
                created_at=fields.epoch("jobcreated"),
                started_at=fields.epoch("jobstart"),
                updated_at=fields.epoch("jobupdated"),
                eta_at=fields.epoch("jobeta"),
                warnings=(*warnings, *fields.warnings),
            )
        ]


def _named_state(body: dict[str, t.Any]) -> tuple[str | None, str | None]:
    """The name and the number of the job's state."""
    fields = Fields(body)
    return fields.text("jobstatename"), fields.word("jobstateid")


def _is_refusal(body: dict[str, t.Any]) -> bool:
    return body.get("success") is False or body.get("error") is True
