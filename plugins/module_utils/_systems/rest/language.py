# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of profiles, said once: what is checked, the JSON Schema for editors, and the documentation come from here.

Each key has its shape, a sentence for people, and whether it must be there. What several keys must have in common is checked
by ``profile``.
"""

from __future__ import annotations

import typing as t

from ..._job import PENDING, RUNNING
from .auth_ways import TAKEN_FROM
from .contents import Body, Default, Filled, PathText, Wording
from .scalars import Choice, Flag, Line, Number, Prose
from .shape import Schema
from .shapes import ByKey, ByType, Key, Keys, ListOf, MapOf, Named, Verbatim
from .states import WORD_STATES
from .times import UNITS

MOST_RULES = 100
DAY = 86400.0

_HEADER_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_WORD: Schema = {"type": ["string", "number", "boolean", "null"]}
_DEFINITIONS: Schema = {
    "condition": {
        "description": "A word, a pattern (PRE*, *POST, *MID*), a list of which one must hold, present, any, all, or not.",
        "anyOf": [
            _WORD,
            {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "present": {"type": "boolean"},
                    **{key: {"$ref": "#/$defs/condition"} for key in ("any", "all", "not")},
                },
            },
        ],
    }
}

CONDITION = Verbatim({"$ref": "#/$defs/condition"})
WORDS = Verbatim({"anyOf": [_WORD, {"type": "array", "minItems": 1, "items": _WORD}]})
PATH = Named("path", PathText())
WORDING = Named("wording", Wording())
ROW_ID = PathText(("status", "header", "body", "key"))
ADDRESS = Named(
    "address",
    Filled(
        r"(?:/(?!/)|\{)[^\s\x00-\x1f\x7f?#\\]*",
        "a path that begins with / (the host is in api_url, parameters are in query), or with an id that is a path",
    ),
)
HEADERS = Named(
    "headers",
    MapOf(
        Filled(r"[ -~]*", "printable ASCII characters", numbers=True, quoted=False),
        _HEADER_NAME,
        "the name of a header, such as X-Api-Version",
    ),
)
QUERY = Named("query", MapOf(Filled(numbers=True), r"[!-~]{1,100}", "the name of a parameter"))


def _asking(more: t.Mapping[str, Key]) -> ByKey:
    """A request by GET or POST, with further keys."""
    query = Key(QUERY, "Parameters of the query.")
    return ByKey(
        {
            "get": Keys({"get": Key(ADDRESS, "The path to get.", required=True), "query": query, **more}),
            "post": Keys(
                {
                    "post": Key(ADDRESS, "The path to post to. The request must only read.", required=True),
                    "json": Key(Body(), "The body as JSON."),
                    "query": query,
                    **more,
                }
            ),
        }
    )


STATE_OPTIONS: dict[str, Key] = {
    "ignore_case": Key(Flag(), "Whether words are compared without case."),
    "native": Key(WORDING, "What native_state is read from. Default: all values that decide, joined by a slash."),
    "otherwise": Key(
        Choice((RUNNING, PENDING)),
        "The state of every word that is not named. Only if the vendor says that all other words mean that the job goes on.",
    ),
    "no_bad_end": Key(Prose(), "For an API that tells no bad end: a sentence that is shown as a warning at each end."),
}
_STATE_DOCS = {
    "pending": "Words of a job that waits to be started.",
    "running": "Words of a job that goes on.",
    "resting": "Words of a job that waits for a person. It is pending, with a warning.",
    "succeeded": "Words of a good end.",
    "failed": "Words of a bad end.",
    "cancelled": "Words of a job that was stopped on request.",
    "skipped": "Words of a job that was never carried out.",
}
_RULE = Keys(
    {
        "state": Key(Choice(WORD_STATES), "The state of a job for which the rule holds.", required=True),
        "when": Key(
            MapOf(CONDITION, least=0), "Conditions by the name of a value; all of them must hold.", required=True
        ),
    }
)
STATE = Named(
    "state",
    ByKey(
        {
            "path": Keys(
                {
                    "path": Key(PATH, "Where the word is.", required=True),
                    **{state: Key(WORDS, _STATE_DOCS[state]) for state in WORD_STATES},
                    **STATE_OPTIONS,
                }
            ),
            "values": Keys(
                {
                    "values": Key(
                        MapOf(PATH), "Where the values are that decide, by names of your choice.", required=True
                    ),
                    "rules": Key(
                        ListOf(_RULE, most=MOST_RULES), "Rules, the first of which that holds decides.", required=True
                    ),
                    **STATE_OPTIONS,
                }
            ),
        }
    ),
)

_UNIT = Key(Choice(tuple(UNITS)), "The unit of the number.")
_LINEAR = Key(Flag(), "Whether half of the progress means half of the time. Default: false, progress is for show.")
_NEVER = Key(ListOf(Line()), "Texts that stand for no time, such as TIME_NA.")
_TIME = {
    "path": Keys(
        {
            "path": Key(PATH, "Where the time is.", required=True),
            "unit": Key(Choice(tuple(UNITS)), "The unit of a number of units since 1970."),
            "format": Key(Line(), "The format of a text, as in strptime. Without a zone it is UTC."),
            "never": _NEVER,
        }
    )
}
TIME = Named("time", ByKey(_TIME, PATH))
FIELDS = Named(
    "fields",
    Keys(
        {
            "description": Key(
                WORDING, "One line on what the job is: a path, a text with {path}s, or a list of these."
            ),
            "message": Key(
                WORDING, "What the job says about itself, above all why it failed. A list of texts is joined."
            ),
            "progress": Key(
                ByKey(
                    {
                        "path": Keys(
                            {
                                "path": Key(PATH, "Where the number is.", required=True),
                                "scale": Key(Number(1e-9, 1e12), "What 100 % is in the API's unit. Default: 100."),
                                "linear": _LINEAR,
                            }
                        ),
                        "done": Keys(
                            {
                                "done": Key(
                                    PATH,
                                    "The number of parts that are done; a list of numbers is summed.",
                                    required=True,
                                ),
                                "total": Key(
                                    PATH, "The number of all parts; a list of numbers is summed.", required=True
                                ),
                                "linear": _LINEAR,
                            }
                        ),
                    },
                    PATH,
                ),
                "The progress: a percentage, or a path with its scale, or done and total.",
            ),
            "created_at": Key(TIME, "When the job was made."),
            "started_at": Key(TIME, "When it began to run."),
            "updated_at": Key(TIME, "When it last changed."),
            "finished_at": Key(TIME, "When it ended. Read at an end only."),
            "duration": Key(
                ByKey({"path": Keys({"path": Key(PATH, "Where the number is.", required=True), "unit": _UNIT})}, PATH),
                "How long it has taken. Default: from started_at to finished_at.",
            ),
            "eta_at": Key(
                ByKey(
                    {
                        **_TIME,
                        "from": Keys(
                            {
                                "from": Key(PATH, "Where the time of the start is.", required=True),
                                "plus": Key(PATH, "Where the expected duration is.", required=True),
                                "unit": Key(Choice(tuple(UNITS)), "The unit of both numbers."),
                            }
                        ),
                    },
                    PATH,
                ),
                "When the API expects the end.",
            ),
        }
    ),
)

PAGES = Named(
    "pages",
    ByKey(
        {
            "offset": Keys(
                {
                    "offset": Key(Line(), "The parameter for the number of the first row.", required=True),
                    "limit": Key(
                        Line(),
                        "The parameter for the number of rows, which query or json has. A page with fewer rows is the last one, so do not "
                        "ask for more than the API sends.",
                        required=True,
                    ),
                }
            ),
            "page": Keys(
                {"page": Key(Line(), "The parameter for the number of the page. The first is 1.", required=True)}
            ),
            "next": Keys({"next": Key(PATH, "Where the address of the next page is.", required=True)}),
            "cursor": Keys(
                {
                    "cursor": Key(PATH, "Where the word for the next page is.", required=True),
                    "as": Key(Line(), "The parameter in which it is sent.", required=True),
                }
            ),
        }
    ),
)
_ROWS: dict[str, Key] = {
    "items": Key(PATH, "Where the list of jobs is.", required=True),
    "pages": Key(PAGES, "How the next page is asked for. Default: there is one page."),
}
_CHILDREN: dict[str, Key] = {
    "state": Key(STATE, "How their state is read. Default: as the job's."),
    "fields": Key(FIELDS, "What else is read of them. Default: as of the job."),
    "decides": Key(
        Choice(("both", "parent", "children")),
        "Whose ends decide: of both (the default), of the parent alone, or of the children once the parent has ended.",
    ),
    "followed": Key(Flag(), "Whether they are followed if the task does not say so. Default: true."),
}
_SETTLE = Key(Number(0, DAY), "Seconds for which children may still appear after the parent's good end. Default: 0.")
_CHILD_ID = Key(ROW_ID, "Where a child's id is.")
_listed_children = _asking({**_ROWS, "id": _CHILD_ID, **_CHILDREN, "settle": _SETTLE})
CHILDREN = ByKey(
    {
        **_listed_children.variants,
        "links": Keys(
            {
                "links": Key(PATH, "Where the addresses of the children are, or their ids.", required=True),
                **_CHILDREN,
                "settle": _SETTLE,
            }
        ),
        "items": Keys(
            {"items": Key(PATH, "Where the children are in the reply.", required=True), "id": _CHILD_ID, **_CHILDREN}
        ),
    }
)
LISTING = _asking(
    {
        **_ROWS,
        "id": Key(
            ByType(text=ROW_ID, list=ROW_ID, mapping=MapOf(ROW_ID)),
            "Where a row has the job's id: a path, a mapping from id to path, or $key for the key of the row.",
            required=True,
        ),
        "state": Key(STATE, "How the state of a row is read, if it differs from the job's."),
        "fields": Key(FIELDS, "What else is read of a row, if it differs from the job's."),
        "filter": Key(
            Keys(
                {
                    "parameter": Key(Line(), "The parameter that takes the ids.", required=True),
                    "separator": Key(Line(r"[^\n]+", "a separator"), "What is between two ids. Default: a comma."),
                }
            ),
            "How to ask for certain jobs alone.",
        ),
    }
)
STATUS = _asking(
    {
        "job": Key(PATH, "Where the job is in the reply. Default: the whole reply."),
        "answers": Key(
            ListOf(Number(400, 599, whole=True)), "Statuses of 400 and more that are states of a job, and no errors."
        ),
    }
)

_WHEN = Named("when", ListOf(MapOf(CONDITION, r".{1,300}", "a path into the body"), most=20, single=True))
ERROR = Keys(
    {
        "when": Key(_WHEN, "Conditions by path: an error that comes with a good status. Of a list one must hold."),
        "message": Key(WORDING, "Where the body of an error says what is wrong."),
        "code": Key(WORDING, "Where it has a code."),
        "request_id": Key(WORDING, "Where it has the id of the request."),
        "missing_when": Key(_WHEN, "Conditions by path: there is no such job, whatever the status is."),
        "unauthorized_when": Key(_WHEN, "Conditions by path: the login is no longer good, whatever the status is."),
    }
)

_PLACE = ByKey(
    {
        "path": Keys(
            {
                "path": Key(PathText(()), "Where the text is.", required=True),
                "between": Key(ListOf(Line(r".*"), 2, 2), "The texts before and after the id."),
            }
        )
    },
    PathText((), many=False),
)
STARTED_BY = ByType(text=ListOf(_PLACE, single=True), list=ListOf(_PLACE), mapping=MapOf(ListOf(_PLACE, single=True)))

_TOKEN_URL = Filled(
    r"(?:/(?!/)|https?://[^/\s{}@?#\\]+/)[^\s\x00-\x1f\x7f?#\\]*", "a path that begins with /, or a URL"
)
WAY = ByKey(
    {
        "header": Keys({"header": Key(HEADERS, "Headers with the credentials.", required=True)}),
        "oauth2": Keys(
            {
                "oauth2": Key(
                    Keys(
                        {
                            "token_url": Key(
                                _TOKEN_URL, "The path of the token endpoint. Default: the option token_url."
                            ),
                            "grant": Key(
                                Choice(("client_credentials", "password")), "The grant. Default: client_credentials."
                            ),
                            "scope": Key(Filled(), "The scope. Default: the option scope, if it is given."),
                            "credentials": Key(
                                Choice(("basic", "body")), "Where client_id and client_secret are sent. Default: basic."
                            ),
                        },
                        empty=True,
                    ),
                    "A token by OAuth2.",
                    required=True,
                )
            }
        ),
        "session": Keys(
            {
                "session": Key(
                    Keys(
                        {
                            "post": Key(ADDRESS, "The path of the login.", required=True),
                            "json": Key(Body(), "The body as JSON."),
                            "form": Key(MapOf(Filled(numbers=True), r".{1,100}", "a name"), "The body as a form."),
                            "basic": Key(Flag(), "Whether username and password are sent by HTTP Basic."),
                            "take": Key(
                                MapOf(PathText(TAKEN_FROM)), "What to take from the answer, by names.", required=True
                            ),
                            "send": Key(HEADERS, "The headers of each request, with {names} taken.", required=True),
                            "lifetime": Key(Number(1, 365 * DAY), "Seconds for which a session is good."),
                            "renew_on": Key(
                                ListOf(Number(400, 499, whole=True)),
                                "Statuses upon which to log in again. Default: 401.",
                            ),
                            "logout": Key(
                                ByKey(
                                    {
                                        name: Keys({name: Key(ADDRESS, "The path of the logout.", required=True)})
                                        for name in ("delete", "post")
                                    }
                                ),
                                "The request that ends the session.",
                            ),
                        }
                    ),
                    "A login that gives a token or a cookie.",
                    required=True,
                )
            }
        ),
    },
    Choice(("basic", "none"), also="a dictionary with header, oauth2 or session"),
)

ID = Keys(
    {
        "kind": Key(Choice(("segment", "path")), "segment (the default), or path: a path or a URL of the same origin."),
        "last_segment": Key(Flag(), "Whether the last part of a URL is the id."),
    },
    empty=True,
)
_SOURCES = ListOf(Prose(), single=True)
PROFILE = Keys(
    {
        "schema": Key(Choice((1,)), "The version of this language: 1.", required=True),
        "$schema": Key(Line(), "The address of this schema, for editors of JSON."),
        "name": Key(
            Line(r"[a-z][a-z0-9_]{0,62}", "a name of lower case letters, digits and underscores"),
            "The name of the profile, which is the system of its jobs.",
            required=True,
        ),
        "title": Key(Prose(), "The product and its kind of job, for people."),
        "sources": Key(_SOURCES, "Where each word comes from."),
        "tested": Key(_SOURCES, "Against what it was tested, and when."),
        "api_url": Key(
            Line(r"https://\S+", "a URL"), "The default of api_url. Profiles of the collection alone may have it."
        ),
        "base_path": Key(
            Filled(r"(?:/(?!/)[^\s\x00-\x1f\x7f?#\\]*)?", "a path that begins with /"),
            "What follows api_url in each path.",
        ),
        "headers": Key(HEADERS, "Headers of each request, those of a login among them."),
        "variables": Key(
            MapOf(Default()),
            "Placeholders of your own, with defaults; null for one that must be given.",
        ),
        "environment": Key(
            MapOf(Line(r"[A-Z][A-Z0-9_]*", "the name of an environment variable")),
            "Environment variables for options. Profiles of the collection alone may have them.",
        ),
        "ids": Key(MapOf(ID), "The ids of a job, outermost first.", required=True),
        "auth": Key(
            ListOf(WAY, most=10), "The ways to log in. The first whose options are all given is taken.", required=True
        ),
        "status": Key(STATUS, "How the job is asked for.", required=True),
        "state": Key(STATE, "How its state is read.", required=True),
        "fields": Key(FIELDS, "What else is read of it."),
        "children": Key(CHILDREN, "The jobs that it consists of, or has started."),
        "listing": Key(LISTING, "How many jobs are asked for at once."),
        "error": Key(ERROR, "How errors are read."),
        "started_by": Key(STARTED_BY, "Where the registered result of the task that starts a job has its id."),
        "hints": Key(MapOf(Prose()), "What to do, by kind of error."),
    }
)
"""A whole profile."""


_NAMED = (PATH, WORDING, ADDRESS, HEADERS, QUERY, STATE, FIELDS, TIME, PAGES, _WHEN)


def json_schema() -> Schema:
    """The language as JSON Schema (draft 2020-12), for editors. ``read_profile`` checks more than a schema can express."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A profile of a REST job API for endstate.jobs",
        **PROFILE.schema(),
        "$defs": {**_DEFINITIONS, **{named.name: named.shape.schema() for named in _NAMED}},
    }
