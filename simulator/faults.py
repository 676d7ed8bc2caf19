# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: the table of all kinds, and the faults that are set."""

from __future__ import annotations

import functools
import json
import math
import random
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .exchange import Call, Reply
from .jobs import Seconds, Text
from .system import System

CONTROL_TEXT = "\x1b[2J\x1b[31mred\x07 {{ 7*7 }} \x9b1mbold\r\nsecond line\x00"
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"
PURPOSES = ("token", "logout", "keys")  # values of ``path`` besides the begin of a path

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Strike:
    """A fault that strikes a call."""

    options: Options
    call: Call
    system: System
    answer: Callable[[], Reply]  # makes the system's own reply


Change = Callable[[Strike], Reply]


@dataclass(frozen=True)
class Kind:
    """One way to fail."""

    what: str  # one line for people
    options: Options = field(default_factory=dict)  # with their defaults
    marks: Options = field(default_factory=dict)  # attributes of the call that are changed
    change: Change | None = None  # the reply sent instead
    delivery: str = "whole"  # how the reply leaves, see transport.py
    connection: bool = False  # strikes a new connection, before there is a request


def _status(strike: Strike) -> Reply:
    options = strike.options
    if options["body"] == "vendor":
        made = strike.system.error(options["status"], options["message"])
    else:
        made = _html() if options["body"] == "html" else _empty()
    after = options["retry_after"]
    headers = made.headers if after is None else (*made.headers, ("retry-after", after))
    return Reply(options["status"], made.body, headers)


def _html() -> Reply:
    return Reply(200, HTML, (("content-type", "text/html; charset=utf-8"),))


def _empty() -> Reply:
    return Reply(200)


def _redirect(strike: Strike) -> Reply:
    # Without a location it leads to the address of the request itself: a loop.
    return Reply(strike.options["status"], headers=(("location", strike.options["location"] or strike.call.path),))


def _bomb(strike: Strike) -> Reply:
    body = _packed_blanks(max(1, strike.options["size"] >> 20))
    return Reply(200, body, (("content-type", "application/json"), ("content-encoding", "gzip")))


@functools.cache
def _packed_blanks(count: int) -> bytes:
    """One gzip file of so many MB of blanks. After a full flush no block refers to the one before, so one block can be repeated."""
    blanks = b" " * (1 << 20)
    packer = zlib.compressobj(level=9, wbits=31)
    first, block = (packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH) for _turn in range(2))
    crc = functools.reduce(lambda crc, _turn: zlib.crc32(blanks, crc), range(count), 0)
    end = b"\x03\x00" + struct.pack(
        "<II", crc, count * len(blanks) & 0xFFFFFFFF
    )  # an empty last block, and the trailer
    return first + block * (count - 1) + end


def _instead(make: Callable[[Options], bytes]) -> Change:
    """A JSON reply with a body of its own."""
    return lambda strike: Reply(200, make(strike.options), (("content-type", "application/json"),))


def _spoilt(spoil: Callable[[bytes], bytes]) -> Change:
    """The system's reply with a damaged body."""

    def change(strike: Strike) -> Reply:
        reply = strike.answer()
        return Reply(reply.status, spoil(reply.body), reply.headers)

    return change


def _leaves(alter: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    """Alter every value that is neither object nor list."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(part) for name, part in value.items()}
        return [walk(part) for part in value] if isinstance(value, list) else alter(value)

    return lambda body: json.dumps(walk(json.loads(body))).encode() if body else body


def _other_type(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return [value]
    return 0 if value is None else {"value": value}


def _enormous(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return 10**400 - 1
    # If a vendor sends numbers as strings, the string has as many digits.
    return "9" * 400 if isinstance(value, str) and value.lstrip("-").isdecimal() else value


_SLOW = {"interval": 1.0}

KINDS: dict[str, Kind] = {
    "status": Kind(
        "an HTTP error",
        {"status": 503, "retry_after": None, "body": "vendor", "message": None},
        change=_status,
    ),
    "delay": Kind("the reply comes later", {"seconds": 5.0}, delivery="late"),
    "hang": Kind("no reply, the connection stays open", change=lambda *_call: _empty(), delivery="hang"),
    "refuse": Kind("the next connection is closed as soon as it is made", connection=True),
    "drop": Kind("the connection is closed instead of a reply", change=lambda *_call: _empty(), delivery="drop"),
    "reset": Kind("the connection is reset instead of a reply", change=lambda *_call: _empty(), delivery="reset"),
    "cut_tls": Kind("the next connection is closed during the TLS handshake", connection=True),
    "cut_body": Kind("the connection is closed in the middle of the body", delivery="cut_body"),
    "slow_headers": Kind("the headers drip, a byte each interval", _SLOW, delivery="slow_headers"),
    "drip": Kind("the body drips, a byte each interval", _SLOW, delivery="drip"),
    "huge": Kind("a body of gigabytes", {"size": 8 << 30}, change=lambda *_call: _empty(), delivery="huge"),
    "bomb": Kind("a small body that unpacks to a gigabyte", {"size": 1 << 30}, change=_bomb),
    "html": Kind("an HTML page with status 200", change=lambda *_call: _html()),
    "empty": Kind("status 200 without a body", change=lambda *_call: _empty()),
    "wrong_types": Kind("every value of the reply has another type", change=_spoilt(_leaves(_other_type))),
    "wrong_json": Kind(
        "JSON that is no object",
        {"value": [1, 2, 3]},
        change=_instead(lambda options: json.dumps(options["value"]).encode()),
    ),
    "deep": Kind(
        "JSON nested very deeply",
        {"depth": 100_000},
        change=_instead(lambda options: b"[" * options["depth"] + b"]" * options["depth"]),
    ),
    "bad_utf8": Kind("bytes that are no UTF-8", change=_spoilt(lambda body: body.replace(b'"', b'"\xff\xfe', 1))),
    "nan": Kind("NaN for every value", change=_spoilt(_leaves(lambda _call: math.nan))),
    "big_integer": Kind("numbers of 400 digits", change=_spoilt(_leaves(_enormous))),
    "bom": Kind("a byte order mark before the body", change=_spoilt(lambda body: b"\xef\xbb\xbf" + body)),
    "redirect": Kind("a redirect; without a location to itself", {"location": None, "status": 302}, change=_redirect),
    "control_characters": Kind(
        "terminal escapes and template text in the job's message",
        marks={"message": CONTROL_TEXT},
    ),
    "expired": Kind("the credential sent is void", marks={"expired": True}),
    "missing": Kind("the job is unknown to this request", marks={"missing": True}),
}


class FaultScript(BaseModel):
    """A fault as a scenario sets it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    system: str | None = None  # None: any
    job: Text | None = None
    path: str | None = (
        None  # token, logout, keys, or how the path begins (whole with a $ at its end); None: all but those three
    )
    after: Annotated[int, Field(ge=0)] = 0  # so many requests are let through first
    times: Annotated[int, Field(ge=1)] | None = None  # None: for ever
    lasts: Seconds | None = Field(default=None, alias="for")  # seconds from when it was set; None: for ever
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0

    # Options. KINDS has those of each kind, and their defaults.
    status: Annotated[int, Field(ge=300, le=599)] | None = None
    retry_after: Text | None = None
    body: Annotated[str, Field(pattern="^(vendor|html|empty)$")] | None = None
    message: str | None = None
    seconds: Seconds | None = None
    interval: Seconds | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    depth: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    value: Any = None
    location: str | None = None

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"there is no fault {kind!r}; there are {', '.join(KINDS)}")
        return kind

    @field_validator("path")
    @classmethod
    def _readable(cls, path: str | None) -> str | None:
        if path is None or path in PURPOSES or path.startswith("/"):
            return path
        raise ValueError(f"expected {', '.join(PURPOSES)}, or the begin of a path ('/...'), or a whole one ('/...$')")

    @model_validator(mode="after")
    def _takes_its_options_only(self) -> FaultScript:
        strange = sorted((self.model_fields_set & _OPTIONS) - set(KINDS[self.kind].options))
        if strange:
            known = ", ".join(KINDS[self.kind].options) or "none"
            raise ValueError(f"the fault {self.kind} has no option {strange[0]!r}; it has {known}")
        if KINDS[self.kind].connection and (self.job or self.path):
            raise ValueError(f"the fault {self.kind} strikes connections, so it takes neither 'job' nor 'path'")
        if self.status is not None and (self.status < 400) != (self.kind == "redirect"):
            raise ValueError("status must be 300 to 399 for a redirect, 400 to 599 otherwise")
        return self

    @property
    def options(self) -> Options:
        """The kind's options, as set or by default."""
        given = {name: getattr(self, name) for name in self.model_fields_set & _OPTIONS}
        return {**KINDS[self.kind].options, **given}


_OPTIONS = frozenset(name for kind in KINDS.values() for name in kind.options)


@dataclass
class Fault:
    """A fault that is set, and how often it may still strike."""

    script: FaultScript
    until: float  # simulated seconds
    skip: int
    left: float
    options: Options

    def fits(self, system: str, job: str | None, purpose: str, path: str) -> bool:
        """Whether the request is one that it is meant for."""
        script = self.script
        if script.system not in (None, system) or script.job not in (None, job):
            return False
        if script.path is None:
            return purpose not in PURPOSES
        if not script.path.startswith("/"):
            return purpose == script.path
        return path == script.path[:-1] if script.path.endswith("$") else path.startswith(script.path)

    def strikes(self, now: float, chance: random.Random) -> bool:
        """Counts one request that fits; whether the fault strikes it."""
        if self.left <= 0 or now >= self.until:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.script.probability < 1 and chance.random() >= self.script.probability:
            return False
        self.left -= 1
        return True


class FaultBook:
    """All faults that are set. Of several that fit, the first one that strikes is applied."""

    def __init__(self) -> None:
        self._requests: list[Fault] = []
        self._connections: list[Fault] = []
        self.chance = random.Random(0)

    def add(self, script: FaultScript, now: float) -> None:
        """Sets a fault."""
        until = math.inf if script.lasts is None else now + script.lasts
        left = math.inf if script.times is None else script.times
        book = self._connections if KINDS[script.kind].connection else self._requests
        book.append(Fault(script, until, script.after, left, script.options))

    def clear(self) -> None:
        """Removes all."""
        self._requests.clear()
        self._connections.clear()

    def for_request(self, system: str, job: str | None, purpose: str, path: str, now: float) -> Fault | None:
        """The fault that strikes this request, if any."""
        for fault in self._requests:
            if fault.fits(system, job, purpose, path) and fault.strikes(now, self.chance):
                return fault
        return None

    def for_connection(self, now: float) -> str | None:
        """The kind of the fault that strikes this connection, if any."""
        for fault in self._connections:
            if fault.strikes(now, self.chance):
                return fault.script.kind
        return None
