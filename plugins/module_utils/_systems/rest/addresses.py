# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolves addresses from replies and options: ids that are paths or URLs, links, next pages. An address of another origin is refused."""

from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

from ..._errors import OptionError
from ..._http.url import joined, origin_of

LONGEST = 2000
"""Characters of an address. Many servers refuse a longer address, and cursors are shorter."""


def resolve(name: str, reference: str, base_url: str) -> str:
    """The absolute URL of a path or URL, relative to ``base_url``.

    :param name: the option that the reference comes from, for the message.
    :raises OptionError: for a reference to another origin, and for a text that is not an address.
    """
    refused = OptionError(name, f"expected a path, or a URL that begins with {origin_of(base_url)}.")
    if (
        not reference
        or len(reference) > LONGEST
        or not reference.isprintable()
        or reference != reference.strip()
        or "\\" in reference
    ):
        raise refused
    try:
        url = joined(base_url, reference)
        same = origin_of(url) == origin_of(base_url) and "@" not in urlsplit(urljoin(base_url, reference)).netloc
    except ValueError:
        raise refused from None
    if not same:
        raise refused
    return url


def last_part(reference: str) -> str:
    """The last part of a path or URL, still encoded; the text itself if it has one part."""
    path = reference.split("?", 1)[0].split("#", 1)[0].rstrip("/")
    return path.rpartition("/")[2]


def last_segment(reference: str) -> str:
    """The last part of a path or URL, decoded; the text itself if it has one part."""
    return unquote(last_part(reference))
