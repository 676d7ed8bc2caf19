# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks, encodes, compares and shortens URLs."""

from __future__ import annotations

import ipaddress
import re
import socket
import typing as t
from urllib.parse import quote, urljoin, urlsplit

from .._errors import OptionError

STANDARD_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_PLAIN = "/:@!$&'()*+,;=~-._?%[]"
"""Characters of a path or a query that stay as they are. A percent sign belongs to a character that is encoded already."""
LONGEST_NAME = 253
"""Characters of a host name (RFC 1035, 2.3.4, as text)."""


def check_segment(text: str, option: str = "id") -> None:
    """Checks that a text can be one segment of a path.

    :raises OptionError: for ``.``, ``..`` and an empty text, which no encoding protects from the normalisation of URLs; for invalid
        Unicode; for control characters; and for blanks at an end, which are often left over from a file or a command.
    """
    if text in ("", ".", ".."):
        raise OptionError(option, f"expected an id, got {text!r}.")
    encodable(option, text)
    if text != text.strip() or not text.isprintable():
        raise OptionError(
            option, f"expected an id without control characters, and without blanks at its ends, got {text!r}."
        )


def path_segment(text: str) -> str:
    """The text as one segment of a path, percent-encoded.

    :raises OptionError: as :func:`check_segment`.
    """
    check_segment(text)
    return quote(text, safe="")


def encodable(option: str, text: str) -> None:
    """Checks that a text is valid Unicode. Python turns bytes of the environment that are not UTF-8 into lone surrogates.

    :raises OptionError: if it is not.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise OptionError(option, "expected valid Unicode.") from None


def shown(url: str) -> str:
    """A URL for messages: without its query, which may be long."""
    return url.split("?", 1)[0]


def check_url(option: str, url: str) -> str:
    """The URL without a trailing slash.

    :raises OptionError: for a URL that is not ``http(s)://host…``, or has a query, a fragment or a user.
    """
    check_origin(option, url, STANDARD_PORTS)
    parts = urlsplit(url)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise OptionError(option, "expected a URL without user, query and fragment.")
    return url.rstrip("/")


def check_origin(setting: str, url: str, schemes: t.Collection[str]) -> None:
    """Checks the scheme, the host and the port of a URL. No message repeats the URL, because it may contain a password.

    :param setting: the option or the environment variable that the URL comes from.
    :raises OptionError: if one of them is invalid.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in schemes or not host or any(c.isspace() or not c.isprintable() for c in url):
        raise OptionError(setting, "expected a URL such as https://host.example.com.")
    if not _is_host(host):
        raise OptionError(setting, "expected a URL with a valid name or address, such as https://host.example.com.")
    if port == 0:
        raise OptionError(setting, "expected a URL with a port from 1 to 65535.")


def _is_host(host: str) -> bool:
    """Whether the text is a valid host: an IP address, or a name whose labels are neither empty nor too long."""
    try:
        if ":" in host:
            return bool(ipaddress.IPv6Address(host))
        name = host.encode("idna").decode()
        if name.rstrip(".").rpartition(".")[2].isdigit():
            return bool(socket.inet_aton(name))  # a name does not end in a number (RFC 3696, 2)
    except (ValueError, OSError):
        return False
    return _NAME.fullmatch(name) is not None and len(name.rstrip(".")) <= LONGEST_NAME


def joined(base_url: str, reference: str) -> str:
    """The absolute URL of a reference that the network has sent, relative to ``base_url``, without user and fragment.

    It is built from its parts, so that its origin is the same to all that read it: ``http://one\\@other/`` leads urllib to the host
    ``other`` (as :func:`origin_of`), and urllib3, which sends the request, to ``one``.

    :raises ValueError: for a text that is not an address.
    """
    url = urljoin(base_url, reference)
    parts = urlsplit(url)
    query = f"?{quote(parts.query, _PLAIN)}" if parts.query else ""
    return f"{origin_of(url)}{quote(parts.path or '/', _PLAIN)}{query}"


def origin_of(url: str) -> str:
    """The origin of a URL, to which credentials are bound: scheme, host and port. A standard port is left out."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if parts.port in (None, STANDARD_PORTS.get(parts.scheme)):
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{parts.port}"
