# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request and its reply, as plain values."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Call:
    """A request as a system sees it."""

    method: str
    path: str  # as sent, percent-encoded
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    now: float  # simulated seconds
    args: Mapping[str, str] = field(default_factory=dict)  # the decoded variable segments of the path
    missing: bool = False  # a fault: the job is unknown for this request
    expired: bool = False  # a fault: the credential sent is void
    message: str | None = None  # a fault: this text replaces the message of the job

    def json(self) -> Any:
        """The body read as JSON; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def form(self) -> dict[str, str]:
        """The body read as ``application/x-www-form-urlencoded``."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def authorization(self, scheme: str) -> str | None:
        """The credential of the Authorization header; None if it has none of that scheme."""
        given, _sep, credential = self.headers.get("authorization", "").partition(" ")
        return credential.strip() if given.lower() == scheme.lower() else None

    def basic(self) -> tuple[str, str] | None:
        """User and password of HTTP Basic; None if they are absent or unreadable."""
        credential = self.authorization("Basic")
        if credential is None:
            return None
        try:
            user, colon, password = base64.b64decode(credential, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon else None


@dataclass(frozen=True)
class Reply:
    """A reply."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def json(cls, status: int, value: Any, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
        """A reply whose body is ``value`` as JSON, with control characters escaped."""
        return cls(status, json.dumps(value).encode(), (("content-type", "application/json; charset=utf-8"), *headers))
