# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the title of a web page with which a server, or a proxy in front of it, refuses a request."""

from __future__ import annotations

import html
import re

from .._text import one_line

BEGINNING = 4096
"""Bytes of a page in which its title is looked for."""

_TITLE = re.compile(r"(?is)<title[^<>]*>([^<]*)</title")


def title(body: bytes, status: int) -> str | None:
    """The title of a web page, without the HTTP status that it may begin with; ``None`` if the body is no page with a title.

    ``502 Bad Gateway`` is the title of nginx, ``Error 503 Service Unavailable`` that of Jetty.
    """
    found = _TITLE.search(body[:BEGINNING].decode(errors="replace"))
    text = one_line(html.unescape(found[1])) if found else None
    return text and (text.removeprefix(f"{status} ") or None)
