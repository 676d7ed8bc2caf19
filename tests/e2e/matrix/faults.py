# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault that is tried, and what each must come to."""

from __future__ import annotations

import dataclasses
import email.utils
import time
import typing as t

TRANSIENT = ("unreachable", "timeout", "unavailable")
"""Kinds of error that a later try can mend."""
RESTARTING = ("web_page", "incomplete")
"""Kinds of error that are transient once an API has answered well: an appliance shows them while it restarts."""
LATER = ("unknown", "running")
"""States from which a job may yet come to its end."""
SLOW = {"interval": 0.1}
HANG = 1.0
"""Seconds of ``request_timeout`` if that limit itself is tried."""
PATIENT = 20.0
"""Seconds of ``request_timeout`` for all else, so that a busy machine does not pass for a fault."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """One way to fail.

    :param kind: of the simulator's kinds.
    :param outcome: what it comes to while it lasts: ``ok``, the state of a job that has not ended, or a kind of error.
    :param options: of the simulator's fault. ``{self}`` in a location is the request's own target, ``{netloc}`` its host and port.
    :param outcomes: where a target's differs.
    :param jobs_only: it spoils what only a job's reply has.
    :param elsewhere: connection options instead of the simulator's; such a fault never ends.
    """

    name: str
    kind: str
    outcome: str
    options: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    outcomes: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    jobs_only: bool = False
    elsewhere: t.Mapping[str, t.Any] | None = None
    request_timeout: float = PATIENT
    pause: float | None = None
    """Seconds after which the API asks to be tried again; ``None`` if it says nothing usable."""

    @property
    def permanent(self) -> bool:
        """Whether no later try can be better."""
        return self.elsewhere is not None


def for_status(status: int) -> str:
    """The kind of error that a status must come to (written a second time, because the collection's own table is what is tested)."""
    if status in (501, 505):
        return "rejected"
    if status in (408, 425, 429) or 500 <= status <= 599:
        return "unavailable"
    return {401: "unauthorized", 403: "forbidden", 404: "not_found"}.get(status, "rejected")


ALL_STATUSES = tuple(
    Fault(f"status {status}", "status", for_status(status), {"status": status}) for status in range(400, 600)
)

_CLASSES = (400, 401, 403, 404, 405, 408, 409, 410, 418, 425, 429, 451, 499, 500, 501, 502, 503, 504, 511, 599)
STATUSES = tuple(
    Fault(f"status {status}, {body} body", "status", for_status(status), {"status": status, "body": body})
    for body, statuses in (("vendor", _CLASSES), ("html", (403, 404, 502)), ("empty", (401, 500, 503)))
    for status in statuses
)

_SOON = email.utils.formatdate(time.time() + 3600, usegmt=True)
RETRY_AFTER = tuple(
    Fault(f"429, Retry-After: {name}", "status", "unavailable", {"status": 429, "retry_after": text}, pause=pause)
    for name, text, pause in (
        ("0", "0", 0.0),
        ("seconds", "7", 7.0),
        ("a date in an hour", _SOON, 3600.0),
        ("a date gone by", "Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("absurd", "9" * 400, 999999999.0),
        ("an absurd date", "Fri, 31 Dec 9999 23:59:59 GMT", 1e11),
        ("negative", "-5", None),
        ("a fraction", "1.5", None),
        ("junk", "soon", None),
        ("a broken date", "Wed, 99 Foo 2015 99:99:99 GMT", None),
        ("blank", " ", None),
    )
)

TRANSPORT = (
    Fault("connection dropped", "drop", "unreachable"),
    Fault("connection reset", "reset", "unreachable"),
    Fault("body cut short", "cut_body", "unreachable"),
    Fault("no reply", "hang", "timeout", request_timeout=HANG),
    Fault("reply too late", "delay", "timeout", {"seconds": 5}, request_timeout=HANG),
    Fault("reply late, in time", "delay", "ok", {"seconds": 0.1}),
    Fault("headers a byte at a time", "slow_headers", "timeout", SLOW, request_timeout=HANG),
    Fault("body a byte at a time", "drip", "timeout", SLOW, request_timeout=HANG),
    Fault("a body of 8 GB", "huge", "protocol"),
    Fault("a bomb of 64 MB, gzip", "bomb", "protocol", {"size": 64 << 20}),
)

BODIES = (
    Fault("a web page, status 200", "html", "web_page"),
    Fault("an empty body, status 200", "empty", "incomplete"),
    Fault("null, status 200", "wrong_json", "incomplete", {"value": None}),
    *(
        Fault(
            f"JSON with nothing in it: {shown}",
            "wrong_json",
            "incomplete",
            {"value": value},
            outcomes=dict.fromkeys(("strata token", "xclarity login", "rest login"), "protocol"),
        )
        for shown, value in (("[]", []), ("{}", {}))
    ),
    *(
        Fault(f"JSON of another shape: {shown}", "wrong_json", "protocol", {"value": value})
        for shown, value in (
            ("true", True),
            ("7", 7),
            ("text", "text"),
            ("[1, 2, 3]", [1, 2, 3]),
            ("[[[]]]", [[[]]]),
            ('{"data": 7}', {"data": 7}),
            ('{"data": [7]}', {"data": [7]}),
        )
    ),
    Fault("JSON 100,000 levels deep", "deep", "protocol"),
    Fault("JSON 5,000 levels deep", "deep", "protocol", {"depth": 5000}),
    Fault("bytes that are no UTF-8", "bad_utf8", "protocol"),
    Fault("NaN for every value", "nan", "protocol"),
    Fault("a byte order mark", "bom", "ok"),
    Fault(
        "every value of another type",
        "wrong_types",
        "unknown",
        # The word for a running task is undocumented, so none is one.
        outcomes={"multiplay": "protocol", "xclarity": "running", "rest": "protocol"},
        jobs_only=True,
    ),
    Fault(
        "integers of 400 digits",
        "big_integer",
        "ok",
        outcomes={"multiplay": "unknown", "strata": "protocol"},  # in its state; in the job's id
        jobs_only=True,
    ),
    Fault("control characters and a template", "control_characters", "ok", jobs_only=True),
)

REDIRECTS = (
    *(
        Fault(f"{status} to itself without end", "redirect", "redirect", {"status": status, "location": "{self}"})
        for status in (301, 302, 303, 307, 308)
    ),
    *(
        Fault(f"redirect to {name}", "redirect", "redirect", {"location": location})
        for name, location in (
            ("another host", "http://127.0.0.2:9/"),
            ("another port", "http://127.0.0.1:9/"),
            ("another scheme", "https://{netloc}/"),
            ("another host, its scheme kept", "//elsewhere.example/"),
            ("another host behind an @", "http://{netloc}@elsewhere.example/"),
            ("a script", "javascript:alert(1)"),
            ("what is no address", "http://[::1"),
            ("a port that is none", "http://127.0.0.1:99999/"),
        )
    ),
    Fault("a status 304 without reason", "redirect", "incomplete", {"status": 304}),
)

SHARED = (
    Fault("credential void", "expired", "unauthorized"),
    Fault(
        "job unknown",
        "missing",
        "not_found",
        outcomes={"xclarity": "rejected", "rest": "rejected"},  # it documents no 404
        jobs_only=True,
    ),
)
"""They end a credential that other requests use too, or need one that is good."""

FAULTS = (*STATUSES, *RETRY_AFTER, *TRANSPORT, *BODIES, *REDIRECTS)

CONNECTIONS = (
    Fault("connection closed at once", "refuse", "unreachable"),
    Fault("TLS handshake cut", "cut_tls", "unreachable"),
)
"""They strike the next connection."""

ELSEWHERE = (
    Fault("name not resolved", "", "unreachable", elsewhere={"netloc": "nowhere.invalid"}),
    Fault("connection refused", "", "unreachable", elsewhere={"netloc": "127.0.0.1:9"}),
    Fault("certificate not trusted", "", "certificate", elsewhere={"ca_path": None}),
    Fault("no TLS where it is due", "", "unreachable", elsewhere={"scheme": "http"}),
    Fault(
        "no proxy where one is due", "", "unreachable", elsewhere={"proxy": "http://user:proxy-password@127.0.0.1:9"}
    ),
)
"""Addresses and options that lead nowhere."""
