# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs: checked, encoded, compared by origin, and shown to people."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from .._errors import OptionError


def path_segment(text: str, option: str = "id") -> str:
    """The text as one segment of a path, whatever is in it.

    :raises OptionError: for ``.``, ``..`` and nothing at all: URLs are normalised, so these cannot be encoded; for
        what is not valid Unicode; and for a line feed or a blank at an end, which a file or a command has left there.
    """
    if text in ("", ".", ".."):
        raise OptionError(option, f"expected an id, got {text!r}.")
    encodable(option, text)
    if text != text.strip() or not text.isprintable():
        raise OptionError(
            option, f"expected an id without control characters, and without blanks at its ends, got {text!r}."
        )
    return quote(text, safe="")


def encodable(option: str, text: str) -> None:
    """Check that the text can be sent. In the environment, bytes that are not UTF-8 become halves of characters.

    :raises OptionError: where it cannot.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise OptionError(option, "expected valid Unicode.") from None


def shown(url: str) -> str:
    """A URL for people: without its query, which may be long."""
    return url.split("?", 1)[0]


def check_url(option: str, url: str) -> str:
    """The URL without a trailing slash.

    :raises OptionError: when it is not ``http(s)://host…``, or holds a query, a fragment or (other than a proxy's) a password.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises where it is none)
    except ValueError:
        parts = urlsplit("")
    # The text is not repeated: what was given may hold a password.
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or any(c.isspace() or not c.isprintable() for c in url)
    ):
        raise OptionError(option, "expected a URL such as https://host.example.com.")
    if option != "proxy" and (parts.query or parts.fragment or "@" in parts.netloc):
        raise OptionError(option, "expected a URL without user, query and fragment.")
    return url.rstrip("/")


def origin_of(url: str) -> str:
    """Scheme, host and port: what credentials are bound to. A standard port is left out."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    standard = port == {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" if standard else f"{parts.scheme}://{host}:{port}"
