# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of requests with placeholders ``{name}``. A text is parsed once and filled for each request.

Only a declared name in braces is a placeholder. All other braces stay unchanged, and nothing else is evaluated.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import quote

from ..._errors import OptionError
from ..._http.url import check_segment
from .addresses import resolve

CREDENTIALS: dict[str, bool] = {
    "username": False,
    "password": True,
    "token": True,
    "client_id": False,
    "client_secret": True,
    "scope": False,
}
"""The options that may be placeholders, and whether each is secret."""

RESERVED = frozenset(
    {
        *CREDENTIALS,
        "profile",
        "api_url",
        "id",
        "started_by",
        "token_url",
        "auth_method",
        "variables",
        "state_overrides",
        "children",
        "validate_certs",
        "ca_path",
        "client_cert",
        "client_key",
        "proxy",
        "request_timeout",
        "retries",
        "timeout",
        "on_missing",
        "limit",
        "only",
        "reply",
    }
)
"""The names of options. An id or a variable must not have one of these names."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LOOKS_SECRET = re.compile(
    r"(?i)passw|passphrase|passcode|secret|token|credential|(api|access|private|auth)_?key|(?<![a-z])(pass|pwd|pin|pat|otp)(?![a-z])"
)


def is_secret(name: str) -> bool:
    """Whether an option is a secret, or the name of a variable suggests a secret."""
    return CREDENTIALS.get(name, bool(_LOOKS_SECRET.search(name)))


Part = tuple[str, bool]
"""A text and false, or the name of a placeholder and true."""


@dataclasses.dataclass(frozen=True)
class Template:
    """A text with placeholders; made by :func:`template`."""

    text: str
    parts: tuple[Part, ...]

    @property
    def names(self) -> frozenset[str]:
        """The placeholders of the text."""
        return frozenset(part for part, named in self.parts if named)

    def fill(self, values: t.Mapping[str, str]) -> str:
        """The text with unencoded values, for a body, a query or a description."""
        return "".join(values[part] if named else part for part, named in self.parts)

    def header(self, values: t.Mapping[str, str]) -> str:
        """The text with values, for a header.

        :raises OptionError: for a value that is not allowed in a header.
        """
        for part, named in self.parts:
            if named and not (values[part].isascii() and values[part].isprintable()):
                raise OptionError(part, "expected printable ASCII characters, because it is sent in a header.")
        return self.fill(values).strip()

    def address(self, base_url: str, values: t.Mapping[str, str], addresses: t.Container[str] = ()) -> str:
        """The URL with percent-encoded values. A value that is itself an address replaces everything except the origin.

        :param base_url: the beginning of all addresses.
        :param addresses: the placeholders whose values are paths or URLs; they are allowed only at the beginning of a path.
        :raises OptionError: for a value that is not allowed in a path, or that leads to another origin.
        """
        parts = list(self.parts)
        start, query = base_url, ""
        if parts and parts[0][1] and parts[0][0] in addresses:
            name = parts.pop(0)[0]
            start, _mark, query = resolve(name, values[name], f"{base_url}/").partition("?")
        path = "".join(_segment(part, values[part]) if named else quote(part, _PLAIN) for part, named in parts)
        if not path.startswith("/") and start == base_url:
            path = f"/{path}"  # without the slash the value would become part of the host name
        return f"{start}{path}{'?' if query else ''}{query}"


def _segment(name: str, value: str) -> str:
    check_segment(value, name)
    return quote(value, safe="")


_PLAIN = "/:@!$&'()*+,;=~-._%"
"""Characters that stay unencoded in a path of a profile. A percent sign belongs to a character that the profile has encoded."""


def template(text: str) -> Template:
    """Parses a text with placeholders."""
    parts: list[Part] = []
    position = 0
    for found in _PLACEHOLDER.finditer(text):
        if found.start() > position:
            parts.append((text[position : found.start()], False))
        parts.append((found[1], True))
        position = found.end()
    if position < len(text):
        parts.append((text[position:], False))
    return Template(text, tuple(parts))
