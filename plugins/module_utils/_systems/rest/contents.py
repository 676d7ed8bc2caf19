# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes of the parts of a profile that are read or sent: paths, texts with paths, texts with placeholders, bodies."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .answer import Source, Text, constant, first_of, source_of, text_at, text_with_paths
from .mistakes import Mistake, shown, under
from .paths import LONGEST, parse_path
from .placeholders import Template, template
from .shape import Schema, check_keys, check_text, each

_TEMPLATE = re.compile(r"\{\{[ ]*[A-Za-z_][\w.]*[ ]*\}\}")


@dataclasses.dataclass(eq=False)
class PathText:
    """A path, or a list of paths of which the first that finds a value counts.

    :param beyond: the parts of a reply that may be read in addition to the JSON (see :func:`parse_path`).
    :param many: whether a list of paths is allowed.
    """

    beyond: tuple[str, ...] = ("status", "header", "body")
    many: bool = True

    def read(self, value: t.Any) -> Source:
        """The source with these paths."""
        if isinstance(value, list) and self.many:
            return source_of(each(value, self._path, "one path or more"))
        return source_of([self._path(value)])

    def _path(self, value: t.Any) -> t.Any:
        check_text(value, "a path such as data.state")
        return parse_path(value, self.beyond)

    def schema(self) -> Schema:
        """Text, or a list of texts."""
        one = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]} if self.many else one


@dataclasses.dataclass(eq=False)
class Wording:
    """A text for messages: a path, a text with ``{path}``s, ``{text: a constant text}``, or a list of these."""

    longest: int = 1000

    def read(self, value: t.Any) -> Text:
        """The text."""
        if isinstance(value, list):
            return first_of(each(value, self._one, "one path or text, or more"))
        return self._one(value)

    def _one(self, value: t.Any) -> Text:
        text = value.get("text") if isinstance(value, dict) else value
        if isinstance(text, str) and len(text) > self.longest:
            raise Mistake(f"a text of {len(text)} characters", f"at most {self.longest}")
        if isinstance(value, dict) and value.keys() == {"text"}:
            check_text(value["text"], "text")
            return text_with_paths(value["text"]) if "{" in value["text"] else constant(value["text"])
        check_text(value, "a path such as data.name, or a text with {path}s")
        return text_with_paths(value) if "{" in value else text_at(parse_path(value))

    def schema(self) -> Schema:
        """Text, a mapping of text, or a list of these."""
        text = {"type": "string", "minLength": 1}
        mapping = {
            "type": "object",
            "properties": {"text": text},
            "required": ["text"],
            "additionalProperties": False,
        }
        one = {"anyOf": [text, mapping]}
        return {"anyOf": [text, mapping, {"type": "array", "minItems": 1, "items": one}]}


@dataclasses.dataclass(eq=False)
class Filled:
    """A text with ``{placeholders}``.

    :param pattern: the pattern that the whole text must match.
    """

    pattern: str = r"[^\x00-\x1f\x7f]*"
    expected: str = "text"
    numbers: bool = False
    """Whether whole numbers and booleans may be written without quotes."""
    quoted: bool = True
    """Whether a message may quote the text. A header is not quoted, because a secret may have been written into it by mistake."""

    def read(self, value: t.Any) -> Template:
        """The template."""
        if self.numbers and isinstance(value, int):
            return template(str(value).lower() if isinstance(value, bool) else str(value))
        if self.numbers and isinstance(value, float):
            raise Mistake(f"the number {shown(value)}, of which YAML may have dropped a zero", "text, in quotes")
        check_text(value, self.expected)
        if _TEMPLATE.search(value):
            raise Mistake("a template of Ansible, which a profile cannot have", "a name in single braces, such as {id}")
        if len(value) > 2000 or not re.fullmatch(self.pattern, value):
            raise Mistake(shown(value) if self.quoted else "this value", self.expected)
        return template(value)

    def schema(self) -> Schema:
        """Text with a pattern."""
        text: Schema = {"type": "string", "pattern": f"^(?:{self.pattern})$"}
        return {"anyOf": [text, {"type": ["integer", "boolean"]}]} if self.numbers else text


@dataclasses.dataclass(eq=False)
class Default:
    """The default of a variable: text, a whole number, true or false, or nothing."""

    def read(self, value: t.Any) -> str | None:
        """The value as text, ``None`` for nothing."""
        if value is None:
            return None
        text = Filled(numbers=True).read(value).text
        if template(text).names:
            raise Mistake(f"a placeholder in {shown(text)}", "a value")
        return text

    def schema(self) -> Schema:
        """A scalar."""
        return {"type": ["string", "integer", "boolean", "null"]}


@dataclasses.dataclass(eq=False)
class Body:
    """A JSON body. Each text in it may have placeholders."""

    def read(self, value: t.Any) -> t.Any:
        """The body, with a :class:`Template` for each text."""
        if isinstance(value, str):
            return template(value)
        if isinstance(value, list):
            return [under(f"[{number}]", self.read, part) for number, part in enumerate(value)]
        if isinstance(value, dict):
            check_keys(value)
            return {key: under(key, self.read, part) for key, part in value.items()}
        if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and abs(value) < 1e300):
            return value
        raise Mistake(shown(value), "JSON")

    def schema(self) -> Schema:
        """An object or a list."""
        return {"type": ["object", "array"]}
