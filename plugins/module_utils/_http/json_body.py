# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON of a reply: strict UTF-8, finite numbers, bounded nesting."""

from __future__ import annotations

import codecs
import json
import re
import typing as t

from .._errors import BadReply, Incomplete, WebPage
from .._text import one_line
from .transport import Reply
from .url import shown

DEEPEST = 64
"""Levels of nesting in a reply. The deepest that is documented has six, and ansible-core handles a result recursively."""

_RESERVED = "__ansible_"
"""What no key begins with: in a module's result ansible-core 2.19 and later make an object of theirs of what has ``__ansible_type``."""

# What a parser stops at where its text breaks off: nothing, the beginning of a word or of a number.
_BEGUN = re.compile(r"|tr?u?|fa?l?s?|nu?l?|-?\d*\.?(\d*[eE][+-]?)?")

_SURROGATE = re.compile(r"\\u[dD]")

# JSON encoders escape the other control characters; these a terminal obeys. Written out or as an escape.
_UNSEEN = re.compile(r"(?i)((?<!\\)(?:\\\\)*)\\u00(?:7f|[89][0-9a-f])|[\x7f-\x9f]")


def parse_json(reply: Reply, check: str = "api_url") -> t.Any:
    """The JSON of a reply: UTF-8 with or without a byte order mark, finite numbers, whole characters, no key of Ansible's own.

    :param check: what the user should look at if it is a web page.
    :raises BadReply: for anything else; :class:`WebPage` for HTML, :class:`Incomplete` for nothing and for JSON that breaks off.
    """
    came = f"{shown(reply.url)} answered HTTP {reply.status} with"
    body = reply.body[len(codecs.BOM_UTF8) :] if reply.body.startswith(codecs.BOM_UTF8) else reply.body
    if not body.strip():
        raise Incomplete(f"{came} an empty body where JSON was due.", status=reply.status)
    if body.lstrip()[:1] == b"<":
        advice = f"check {check}, and whether a proxy or a portal answers in its place."
        raise WebPage(f"{came} a web page where JSON was due; {advice}", status=reply.status)
    try:
        text = _UNSEEN.sub(r"\1 ", body.decode()).rstrip()
        content = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_hook=_without_reserved)
        if _deeper(content, DEEPEST):
            raise RecursionError
        if _SURROGATE.search(text):
            json.dumps(content, ensure_ascii=False).encode()  # half of a surrogate pair cannot be printed
    except RecursionError:
        raise BadReply(f"{came} JSON that is nested too deep.", status=reply.status) from None
    except UnicodeError as error:
        kind = Incomplete if getattr(error, "reason", None) == "unexpected end of data" else BadReply
        raise kind(f"{came} a body that is not valid Unicode.", status=reply.status) from None
    except _ReservedKey as error:
        raise BadReply(
            f"{came} the key {one_line(str(error))}, which only Ansible may use.", status=reply.status
        ) from None
    except ValueError as error:
        kind = Incomplete if isinstance(error, json.JSONDecodeError) and _breaks_off(error) else BadReply
        raise kind(f"{came} what is not JSON: {one_line(str(error))}.", status=reply.status) from None
    if content is None:
        raise Incomplete(f"{came} null where an answer was due.", status=reply.status)
    return content


def _breaks_off(error: json.JSONDecodeError) -> bool:
    """Whether what there is is the beginning of JSON."""
    rest = error.doc[error.pos :]
    if error.doc.lstrip()[:1] not in ("{", "["):
        return False
    in_string = error.msg.startswith("Unterminated") or ("escape" in error.msg and len(rest) < 6 and '"' not in rest)
    return in_string or _BEGUN.fullmatch(rest) is not None


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
