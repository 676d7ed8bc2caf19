# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reply in the form that profiles read, and the sources of values and texts in a reply."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._text import kind_of, one_line
from .conditions import there, word_of
from .mistakes import Mistake, shown
from .paths import Path, parse_path

MOST_TEXTS = 50
"""The most texts of a list that are joined. A message is truncated long before."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """A reply.

    :param status: the HTTP status.
    :param headers: the headers, with names in lower case.
    :param body: the parsed JSON, ``None`` if there is none.
    :param text: the body if it is not JSON; ``None`` if it is JSON or empty.
    :param cookies: the cookies that a login has set.
    """

    status: int = 200
    headers: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: t.Any = None
    text: str | None = None
    cookies: t.Mapping[str, str] = dataclasses.field(default_factory=dict)


def recorded(reply: t.Any) -> Answer:
    """The reply in an option: ``{status, headers, body}``, or a body alone.

    A mapping is a whole reply if it has a ``body`` and no keys except these three. ``{"status": "done"}`` is a body.
    """
    if isinstance(reply, dict) and "body" in reply and reply.keys() <= {"status", "headers", "body"}:
        status, headers = reply.get("status"), reply.get("headers")
        known = headers.items() if isinstance(headers, dict) else ()
        return Answer(
            status=status if isinstance(status, int) else 200,
            headers={str(name).lower(): str(value) for name, value in known},
            body=reply["body"],
        )
    return Answer(body=reply)


def record(answer: Answer, names: t.Iterable[str]) -> t.Any:
    """The answer in the form that :func:`recorded` reads: the body alone, or with status and headers if these may decide.

    :param names: the headers to keep, in lower case.
    """
    headers = {name: answer.headers[name] for name in names if name in answer.headers}
    alone = recorded(answer.body)
    if answer.status == 200 and not headers and answer.body is not None and alone.body == answer.body:
        return answer.body
    return {"status": answer.status, "headers": headers, "body": answer.body}


Finder = t.Callable[[t.Any, Answer], t.Any]
LineFinder = t.Callable[[t.Any, Answer], "str | None"]


@dataclasses.dataclass(frozen=True)
class Source:
    """One or more paths. The first path that finds a value counts.

    ``find`` returns the value, or ``None`` if no path finds one.
    """

    paths: tuple[Path, ...]
    find: Finder = dataclasses.field(compare=False, repr=False)

    def __str__(self) -> str:
        return " or ".join(path.text for path in self.paths)

    @property
    def projects(self) -> bool:
        """Whether the value may be a list of values from several places."""
        return any(path.projects for path in self.paths)

    @property
    def in_body(self) -> bool:
        """Whether any of the paths reads the body; the others read the status or a header."""
        return any(path.origin in ("", "body") for path in self.paths)

    def find_whole(self, node: t.Any, answer: Answer) -> tuple[t.Any, bool]:
        """The value, and whether it is complete: false for a list in which values are missing (see ``Path.whole``)."""
        for path in self.paths:
            value = path.find(node, answer)
            if there(value):
                return value, not path.projects or path.whole(node, answer)
        return None, True

    def is_odd(self, node: t.Any, answer: Answer) -> bool:
        """Whether there is something of another type on the path that finds a value, or on any path if none does (see ``Path.is_odd``)."""
        for path in self.paths:
            if path.find(node, answer) is not None:
                return path.projects and path.is_odd(node, answer)
        return any(path.is_odd(node, answer) for path in self.paths)


def source_of(paths: t.Sequence[Path]) -> Source:
    """The source of these paths."""
    finders = [path.find for path in paths]
    if len(finders) == 1:
        return Source(tuple(paths), finders[0])

    def find(node: t.Any, answer: Answer) -> t.Any:
        for one in finders:
            value = one(node, answer)
            if there(value):
                return value
        return None

    return Source(tuple(paths), find)


# A path between braces may contain quoted braces.
_IN_BRACES = re.compile(r"""\{((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^{}"'])*)\}""", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Text:
    """One line of text for messages: a path, a text with ``{path}``s, or the first of several texts that has a value.

    A text with paths has a value if all its paths find values.
    """

    says: str
    find: LineFinder = dataclasses.field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.says


def text_at(path: Path) -> Text:
    """The text at a path."""
    find = path.find
    return Text(path.text, lambda node, answer: as_text(find(node, answer)))


def constant(text: str) -> Text:
    """A text without paths, which always has a value."""
    line = one_line(text)
    return Text(text, lambda _node, _answer: line)


def text_with_paths(text: str) -> Text:
    """A text with ``{path}``s.

    :raises Mistake: for braces without a path.
    """
    pieces: list[str] = []
    finders: list[Finder] = []
    position = 0
    for braces in _IN_BRACES.finditer(text):
        pieces.append(text[position : braces.start()])
        finders.append(parse_path(braces[1]).find)
        position = braces.end()
    pieces.append(text[position:])
    if any(sign in piece for piece in pieces for sign in "{}"):
        raise Mistake(f"a brace without its pair: {shown(text)}", "{path} for each value")

    def find(node: t.Any, answer: Answer) -> str | None:
        line = pieces[0]
        for finder, piece in zip(finders, pieces[1:]):
            value = finder(node, answer)
            # Only the whole line is cleaned, once, because that is the expensive step.
            text = value if isinstance(value, str) else as_text(value)
            if text is None or not text.strip():
                return None
            line += text + piece
        return one_line(line)

    return Text(text, find)


def first_of(texts: t.Sequence[Text]) -> Text:
    """The first of several texts that has a value."""
    if len(texts) == 1:
        return texts[0]
    finders = [text.find for text in texts]

    def find(node: t.Any, answer: Answer) -> str | None:
        for one in finders:
            line = one(node, answer)
            if line is not None:
                return line
        return None

    return Text(" or ".join(text.says for text in texts), find)


def as_text(value: t.Any) -> str | None:
    """A value as one safe line: text, a number, true or false, or a list of these; ``None`` for anything else."""
    if isinstance(value, str):
        return one_line(value)
    if value is None or isinstance(value, dict):
        return None
    if isinstance(value, list):
        flat = (one for one in value[:MOST_TEXTS] if not isinstance(one, list))
        texts = (one.strip() if isinstance(one, str) else as_text(one) for one in flat)
        return one_line(joined_texts(texts))
    if isinstance(value, bool):
        return str(value).lower()
    word = word_of(value)
    return word if isinstance(word, str) else None


def joined_texts(texts: t.Iterable[str | None]) -> str | None:
    """``First. Second; third``: the texts in one line, each once. A semicolon follows a text that is not a sentence."""
    line = ""
    for text in dict.fromkeys(filter(None, texts)):
        line += text if not line else f" {text}" if line[-1] in ".!?:" else f"; {text}"
    return line or None


def shown_value(value: t.Any) -> t.Any:
    """A value for an explanation: a text as one line; a mapping, and a list that is long or nested, as its kind."""
    if isinstance(value, list):
        few = [one for one in value[:10] if not isinstance(one, (list, dict))]
        return [shown_value(one) for one in few] if len(few) == len(value) else kind_of(value)
    if isinstance(value, dict):
        return kind_of(value)
    return one_line(value) if isinstance(value, str) else value
