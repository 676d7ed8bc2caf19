# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON of a reply: strict UTF-8, finite numbers, bounded nesting."""

from __future__ import annotations

import codecs
import contextlib
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
_MAYBE_UNSEEN = re.compile(r"(?i)\\u00(?:7f|[89])|[\x7f-\x9f]")
"""The same or an escaped backslash before it, found ten times as fast."""


def parse_json(reply: Reply, check: str = "api_url") -> t.Any:
    """The JSON of a reply: UTF-8 with or without a byte order mark, finite numbers, whole characters, no key of Ansible's own.

    :param check: what the user should look at if it is a web page.
    :raises BadReply: for anything else; :class:`WebPage` for HTML, :class:`Incomplete` for nothing and for JSON that breaks off.
    """
    body = reply.body[len(codecs.BOM_UTF8) :] if reply.body.startswith(codecs.BOM_UTF8) else reply.body
    check_beginning(reply, body.lstrip()[:1].decode("latin-1"), check)
    with explained(reply):
        text = without_controls(body.decode()).rstrip()
        content = DECODER.decode(text)
        check_value(content, text)
    if content is None:
        raise Incomplete(f"{_came(reply)} null where an answer was due.", status=reply.status)
    return content


def check_beginning(reply: Reply, first: str, check: str = "api_url") -> None:
    """Check the first character of a body that is no blank.

    :raises WebPage: for HTML.
    :raises Incomplete: for nothing.
    """
    if not first:
        raise Incomplete(f"{_came(reply)} an empty body where JSON was due.", status=reply.status)
    if first == "<":
        advice = f"check {check}, and whether a proxy or a portal answers in its place."
        raise WebPage(f"{_came(reply)} a web page where JSON was due; {advice}", status=reply.status)


def check_value(value: t.Any, text: str, levels: int = DEEPEST) -> None:
    """Check what the decoder does not.

    :param text: what the value was decoded from.
    :param levels: how deep it may be nested.
    :raises RecursionError: for what is nested deeper.
    :raises UnicodeError: for half of a surrogate pair, which cannot be printed.
    """
    if text.count("{") + text.count("[") > levels and _deeper(value, levels):
        raise RecursionError
    if _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode()


def without_controls(text: str) -> str:
    """JSON with a blank for each control character that encoders leave as it is, and that a terminal obeys."""
    return _UNSEEN.sub(r"\1 ", text) if _MAYBE_UNSEEN.search(text) else text


@contextlib.contextmanager
def explained(reply: Reply) -> t.Iterator[None]:
    """Says of what cannot be decoded in the block what is wrong with it.

    :raises BadReply: in place of what the decoder raises; :class:`Incomplete` if the text breaks off.
    """
    came = _came(reply)
    try:
        yield
    except RecursionError:
        raise BadReply(f"{came} JSON that is nested too deep.", status=reply.status) from None
    except UnicodeError as error:
        kind = Incomplete if getattr(error, "reason", None) == "unexpected end of data" else BadReply
        raise kind(f"{came} a body that is not valid Unicode.", status=reply.status) from None
    except ReservedKey as error:
        raise BadReply(
            f"{came} the key {one_line(str(error))}, which only Ansible may use.", status=reply.status
        ) from None
    except ValueError as error:
        kind = Incomplete if isinstance(error, json.JSONDecodeError) and _breaks_off(error) else BadReply
        raise kind(f"{came} what is not JSON: {one_line(str(error))}.", status=reply.status) from None


def _came(reply: Reply) -> str:
    return f"{shown(reply.url)} answered HTTP {reply.status} with"


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
        check_key(key)
    return value


def check_key(key: str) -> None:
    """:raises ReservedKey: for a key that only Ansible may use."""
    if key.startswith(_RESERVED):
        raise ReservedKey(key)


class ReservedKey(Exception):
    """A key by which a reply would speak to Ansible."""


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


DECODER = json.JSONDecoder(object_hook=_without_reserved, parse_float=_finite, parse_constant=_refuse)
"""Decodes no more than JSON itself has: Python's own takes NaN and Infinity as well."""
