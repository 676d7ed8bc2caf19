# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with ``{name}`` in them, which a profile sends: parsed once, filled for each request.

Only a declared name in braces is a placeholder. All other braces stay as they are, and nothing else is evaluated.
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
"""The options that a profile may name in braces, and whether each is secret."""

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
"""Names of options, which no id and no variable may have."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LOOKS_SECRET = re.compile(r"(?i)passw|secret|token|credential|api_?key|private_?key")


def is_secret(name: str) -> bool:
    """Whether an option is a secret, or a variable sounds like one."""
    return CREDENTIALS.get(name, bool(_LOOKS_SECRET.search(name)))


Part = tuple[str, bool]
"""A piece of text, or the name of a placeholder."""


@dataclasses.dataclass(frozen=True)
class Template:
    """A text with placeholders; made by :func:`template`."""

    text: str
    parts: tuple[Part, ...]

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(part for part, named in self.parts if named)

    def fill(self, values: t.Mapping[str, str]) -> str:
        """The text with values as they are, for a body, a query or a description."""
        return "".join(values[part] if named else part for part, named in self.parts)

    def header(self, values: t.Mapping[str, str]) -> str:
        """The text with values, as a header.

        :raises OptionError: for a value that cannot stand in a header.
        """
        for part, named in self.parts:
            if named and not (values[part].isascii() and values[part].isprintable()):
                raise OptionError(part, "expected printable ASCII characters, because it is sent in a header.")
        return self.fill(values).strip()

    def address(self, base_url: str, values: t.Mapping[str, str], addresses: t.Container[str] = ()) -> str:
        """The URL of a path: each value percent-encoded; a value that is an address itself replaces all but the origin.

        :param base_url: what a path follows.
        :param addresses: the placeholders that stand for a path or URL; only the first part of a path may be one.
        :raises OptionError: for a value that cannot stand in a path, or that leads to another origin.
        """
        parts = list(self.parts)
        start, query = base_url, ""
        if parts and parts[0][1] and parts[0][0] in addresses:
            name = parts.pop(0)[0]
            start, _mark, query = resolve(name, values[name], f"{base_url}/").partition("?")
        path = "".join(_segment(part, values[part]) if named else quote(part, _PLAIN) for part, named in parts)
        if not path.startswith("/") and start == base_url:
            path = f"/{path}"  # else the value would become part of the host's name
        return f"{start}{path}{'?' if query else ''}{query}"


def _segment(name: str, value: str) -> str:
    check_segment(value, name)
    return quote(value, safe="")


_PLAIN = "/:@!$&'()*+,;=~-._%"
"""Characters that a path of a profile may hold unencoded; a percent sign is one that the profile has encoded."""


def template(text: str) -> Template:
    """A text with its placeholders."""
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
