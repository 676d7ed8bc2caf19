# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON of a reply: strict UTF-8, finite numbers, bounded nesting."""

from __future__ import annotations

import codecs
import json
import re
import typing as t

from .._errors import BadReply, WebPage
from .._text import one_line
from .transport import Reply
from .url import shown

DEEPEST = 64
"""Levels of nesting in a reply. The deepest that is documented has six; whoever handles the result recurses, too."""

_RESERVED = "__ansible_"
"""What no key begins with: in a module's result ansible-core 2.19 and later make an object of theirs of what has ``__ansible_type``."""

# Whoever prints a reply as JSON escapes the other control characters; these a terminal obeys. Written out or as an escape.
_UNSEEN = re.compile(r"(?i)((?<!\\)(?:\\\\)*)\\u00(?:7f|[89][0-9a-f])|[\x7f-\x9f]")


def parse_json(reply: Reply) -> t.Any:
    """The JSON of a reply: UTF-8 with or without a byte order mark, finite numbers, whole characters, no key of Ansible's own.

    :raises BadReply: for anything else; :class:`WebPage` for HTML.
    """
    came = f"{shown(reply.url)} answered HTTP {reply.status} with"
    body = reply.body[len(codecs.BOM_UTF8) :] if reply.body.startswith(codecs.BOM_UTF8) else reply.body
    if not body.strip():
        raise BadReply(f"{came} an empty body where JSON was due.", status=reply.status)
    if body.lstrip()[:1] == b"<":
        advice = "check api_url, and whether a proxy or a portal answers in its place."
        raise WebPage(f"{came} a web page where JSON was due; {advice}", status=reply.status)
    try:
        text = _UNSEEN.sub(r"\1 ", body.decode())
        content = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_hook=_without_reserved)
        if _deeper(content, DEEPEST):
            raise RecursionError
        if "\\ud" in text.lower():
            json.dumps(content, ensure_ascii=False).encode()  # half of a surrogate pair cannot be printed
        return content
    except RecursionError:
        raise BadReply(f"{came} JSON that is nested too deep.", status=reply.status) from None
    except UnicodeError:
        raise BadReply(f"{came} a body that is not valid Unicode.", status=reply.status) from None
    except _ReservedKey as error:
        raise BadReply(
            f"{came} the key {one_line(str(error))}, which only Ansible may use.", status=reply.status
        ) from None
    except ValueError as error:
        raise BadReply(f"{came} what is not JSON: {one_line(str(error))}.", status=reply.status) from None


def _deeper(value: t.Any, levels: int) -> bool:
    """Whether the value is nested in more levels."""
    if not isinstance(value, (dict, list)):
        return False
    return levels == 0 or any(
        _deeper(part, levels - 1) for part in (value.values() if isinstance(value, dict) else value)
    )


def _without_reserved(value: dict[str, t.Any]) -> dict[str, t.Any]:
    for key in value:
        if key.startswith(_RESERVED):
            raise _ReservedKey(key)
    return value


class _ReservedKey(Exception):
    """A key by which a reply would speak to Ansible."""


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value
