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
"""Levels of nesting in a reply. The deepest documented reply has six levels. ansible-core handles a result recursively."""

RESERVED = "__ansible_"
"""The beginning of keys that are refused: ansible-core 2.19 and later turn a dictionary with ``__ansible_type`` in a module's result into
an object of their own."""

# The text at which a parser stops if the end of a JSON text is missing: nothing, or the beginning of a word or of a number.
_BEGUN = re.compile(r"|tr?u?|fa?l?s?|nu?l?|-?\d*\.?(\d*[eE][+-]?)?")

_SURROGATE = re.compile(r"\\u[dD]")

# JSON encoders escape C0 but not DEL and C1 controls, which terminals interpret. Matches them literally and as \u00xx.
_UNSEEN = re.compile(r"(?i)((?<!\\)(?:\\\\)*)\\u00(?:7f|[89][0-9a-f])|[\x7f-\x9f]")
_MAYBE_UNSEEN = re.compile(r"(?i)\\u00(?:7f|[89])|[\x7f-\x9f]")
"""Matches the same characters, and also an escaped backslash before the text of an escape. The search is ten times as fast."""


def parse_json(reply: Reply, check: str = "api_url") -> t.Any:
    """The JSON of a reply: UTF-8 with or without a byte order mark, finite numbers, complete characters, no key that Ansible reserves.

    :param check: the options that the user should check if the reply is a web page.
    :raises BadReply: for anything else; :class:`WebPage` for HTML, :class:`Incomplete` for an empty body and for JSON whose end is
        missing.
    """
    body = reply.body[len(codecs.BOM_UTF8) :] if reply.body.startswith(codecs.BOM_UTF8) else reply.body
    check_beginning(reply, body.lstrip()[:1].decode("latin-1"), check)
    with explained(reply):
        text = without_controls(body.decode()).rstrip()
        content = DECODER.decode(text)
        check_value(content, text)
    check_content(reply, content)
    return content


def check_beginning(reply: Reply, first: str, check: str = "api_url") -> None:
    """Checks the beginning of a body.

    :param first: the first character that is not blank; empty for an empty body.
    :param check: the options that the user should check if the reply is a web page.
    :raises WebPage: for HTML.
    :raises Incomplete: for an empty body.
    """
    if not first:
        raise Incomplete(f"{_came(reply)} an empty body where JSON was due.", status=reply.status)
    if first == "<":
        advice = f"check {check}, and whether a proxy or a portal answers in its place."
        raise WebPage(f"{_came(reply)} a web page where JSON was due; {advice}", status=reply.status)


def check_content(reply: Reply, content: t.Any) -> None:
    """Checks that the JSON of a reply says something.

    :raises Incomplete: for null.
    """
    if content is None:
        raise Incomplete(f"{_came(reply)} null where an answer was due.", status=reply.status)


def check_value(value: t.Any, text: str, levels: int = DEEPEST) -> None:
    """Checks a decoded value for faults that the decoder accepts.

    :param text: the text that the value was decoded from.
    :param levels: how many levels of nesting are allowed.
    :raises RecursionError: for a value with more levels.
    :raises UnicodeError: for half of a surrogate pair, which cannot be printed.
    """
    if text.count("{") + text.count("[") > levels and _deeper(value, levels):
        raise RecursionError
    if _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode()


def without_controls(text: str) -> str:
    """The JSON text with a blank instead of each DEL and C1 control character, which terminals interpret."""
    return _UNSEEN.sub(r"\1 ", text) if _MAYBE_UNSEEN.search(text) else text


@contextlib.contextmanager
def explained(reply: Reply) -> t.Iterator[None]:
    """Turns exceptions of the decoder in the block into errors that say what is wrong with the reply.

    :raises BadReply: instead of the decoder's exception; :class:`Incomplete` if the end of the text is missing.
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
    """Whether the text is the beginning of a JSON text."""
    rest = error.doc[error.pos :]
    if error.doc.lstrip()[:1] not in ("{", "["):
        return False
    in_string = error.msg.startswith("Unterminated") or ("escape" in error.msg and len(rest) < 6 and '"' not in rest)
    return in_string or _BEGUN.fullmatch(rest) is not None


def _deeper(value: t.Any, levels: int) -> bool:
    """Whether the value has more levels of nesting."""
    if not isinstance(value, (dict, list)):
        return False
    return levels == 0 or any(
        _deeper(part, levels - 1) for part in (value.values() if isinstance(value, dict) else value)
    )


def _without_reserved(value: dict[str, t.Any]) -> dict[str, t.Any]:
    check_keys(value)
    return value


def check_keys(keys: t.Iterable[str]) -> None:
    """Checks the keys of an object.

    :raises ReservedKey: for a key that only Ansible may use.
    """
    for key in keys:
        if key.startswith(RESERVED):
            raise ReservedKey(key)


class ReservedKey(Exception):
    """A key of a reply that Ansible would interpret."""


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


DECODER = json.JSONDecoder(object_hook=_without_reserved, parse_float=_finite, parse_constant=_refuse)
"""Decodes standard JSON only. Python's default decoder accepts NaN and Infinity as well."""
