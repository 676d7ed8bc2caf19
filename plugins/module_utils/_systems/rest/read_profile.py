# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and checks a whole profile. The language defines each part; this file checks that the parts fit together."""

from __future__ import annotations

import hashlib
import json
import re
import typing as t

from ..._errors import OptionError, for_status
from ..._text import one_line
from .errors import errors_of
from .fields import fields_of
from .ids import Id, ids_of
from .job_reader import JobReader
from .language import PROFILE
from .library import check_library
from .mistakes import Mistake, nearest, shown, under
from .placeholders import RESERVED, template
from .profile import WHOLE, Profile
from .read_auth import ways_of
from .read_rows import asking_of, checked_states, children_of, listing_of
from .request import Asking
from .scope import IN_PATH, Scope, check_header, check_names
from .shape import check_size
from .started_by import started_by_of

KINDS_OF_ERRORS = (
    *sorted({for_status(status).kind for status in (400, 401, 403, 404, 503)}),
    "certificate",
    "timeout",
    "unreachable",
)
"""The kinds of errors that may have a hint."""

MOST_PROJECTIONS = 50
"""How often all paths of a profile together may go through a list or a mapping. The library has up to 14 in a profile. Each time takes
some 30 ms for the largest reply, and a wait for one job does not end meanwhile."""
_PROJECTION = re.compile(r"""\[\]|\[\?|(?<=[".])\*(?=[."\[| ])""")

_HEADER = re.compile(r'\$header\.\\?"?([A-Za-z0-9_-]+)')


def read_profile(
    mapping: t.Any, file: str = "profile", library: bool = False, systems: t.Container[str] = ()
) -> Profile:
    """The profile in a mapping.

    :param mapping: the content of a YAML or JSON file.
    :param file: the name of the file, for messages.
    :param library: whether the profile belongs to the collection.
    :param systems: names that no profile may have.
    :raises OptionError: for the first mistake in the profile: ``<file>: <place>: what is wrong; expected ….``
    """
    try:
        return _profile(mapping, file, library, systems)
    except Mistake as mistake:
        place = one_line(mistake.place)  # cleaned, because keys of a profile are untrusted text
        raise OptionError(f"{file}: {place}" if place else file, mistake.sentence()) from None


def _profile(mapping: t.Any, file: str, library: bool, systems: t.Container[str]) -> Profile:
    check_size(mapping)
    read = PROFILE.read(mapping)
    ids: tuple[Id, ...] = under("ids", ids_of, read["ids"])
    scope = Scope(
        ids=tuple(one.name for one in ids),
        addresses=frozenset(one.name for one in ids if one.address),
        variables=read.get("variables", {}),
        library=library,
    )
    _check_names(read, scope, systems)
    check_library(read, scope)
    for name, text in read.get("headers", {}).items():
        under("headers", check_header, name, text, scope.names(), "in a header of every request, at whatever host")
    base_path = read.get("base_path", template(""))
    under("base_path", check_names, base_path, scope.names(), IN_PATH)
    status: Asking = under("status", asking_of, read["status"], scope, scope.ids)
    for name in scope.ids:
        if name not in status.names():
            raise Mistake(f"nothing names {{{name}}}", f"it in status.{status.method.lower()}", f"ids.{name}")
    own = JobReader(
        read["name"],
        under("state", checked_states, read["state"], "state"),
        under("fields", fields_of, read.get("fields", {})),
    )
    text = json.dumps(mapping, default=str)
    if len(_PROJECTION.findall(text)) > MOST_PROJECTIONS:
        raise Mistake(f"more than {MOST_PROJECTIONS} of [], * and [?] in its paths", "fewer")
    return Profile(
        name=read["name"],
        file=file,
        library=library,
        title=read.get("title"),
        api_url=read.get("api_url"),
        base_path=base_path,
        headers=read.get("headers", {}),
        variables=scope.variables,
        environment=read.get("environment", {}),
        ids=ids,
        auth=under("auth", ways_of, read["auth"], scope),
        status=status,
        job=read["status"].get("job", WHOLE),
        reader=own,
        errors=under("error", errors_of, read.get("error", {}), _answers(read)),
        children=under("children", children_of, read["children"], own, scope) if "children" in read else None,
        listing=under("listing", listing_of, read["listing"], own, scope) if "listing" in read else None,
        started_by=under("started_by", started_by_of, read["started_by"], ids) if "started_by" in read else None,
        hints=read.get("hints", {}),
        sources=tuple(read.get("sources", ())),
        tested=tuple(read.get("tested", ())),
        reply_headers=tuple(sorted({name.lower() for name in _HEADER.findall(text)})),
        rows_need_page="$body" in json.dumps(mapping.get("listing"), default=str),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _check_names(read: t.Mapping[str, t.Any], scope: Scope, systems: t.Container[str]) -> None:
    """Checks the names that the profile defines (its own, those of ids and variables), and the kinds of its hints."""
    if read["name"] in systems:
        raise Mistake(f"{shown(read['name'])} is a system of the collection", "another name", "name")
    for part, names in (("ids", scope.ids), ("variables", tuple(scope.variables))):
        for name in names:
            if name in RESERVED:
                raise Mistake("this is the name of an option", "another name", f"{part}.{name}")
    for name in scope.variables:
        if name in scope.ids:
            raise Mistake("an id has this name", "another name", f"variables.{name}")
    for kind in read.get("hints", {}):
        if kind not in KINDS_OF_ERRORS:
            raise Mistake("there is no such kind of error", nearest(kind, KINDS_OF_ERRORS), f"hints.{kind}")


def _answers(read: t.Mapping[str, t.Any]) -> list[int]:
    """The statuses of 400 and more that are states."""
    answers: list[int] = read["status"].get("answers", [])
    for number, status in enumerate(answers):
        if status in (401, 429):
            what = f"{status} says something of the request, and never of a job"
            raise Mistake(what, "other statuses", f"status.answers[{number}]")
    return answers
