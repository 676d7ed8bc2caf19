# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of which the language of profiles is made. Each reads a part of a profile, and says itself as JSON Schema.

A profile is YAML or JSON that somebody else may have written: reading ends in a value or in a :class:`Mistake`.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._text import one_line
from .answer import Source, Text, constant, first_of, source_of, text_at, text_with_paths
from .mistakes import Mistake, either, nearest, shown, under
from .paths import LONGEST, parse_path
from .placeholders import Template, template

MOST = 500
"""Entries of a list or a mapping of a profile."""
MOST_VALUES = 20_000
DEEPEST = 30
"""Values of a profile, and levels of it. YAML's aliases can make endless ones out of a few lines."""

Schema = dict[str, t.Any]

# The classes below are not frozen and not compared: a frozen dataclass takes three times as long to make, in each task
# that reads a profile.


class Shape(t.Protocol):
    """A part of the language."""

    def read(self, value: t.Any) -> t.Any:
        """What a value of a profile stands for.

        :raises Mistake: if it is not of this shape.
        """

    def schema(self) -> Schema:
        """The shape as JSON Schema (draft 2020-12), for editors. It may allow more than :meth:`read` does."""


@dataclasses.dataclass(eq=False)
class Line:
    """One line of text.

    :param pattern: what all of it must match.
    :param expected: the same in words.
    """

    pattern: str = r".*\S.*"
    expected: str = "text"
    longest: int = 500

    def read(self, value: t.Any) -> str:
        """The text."""
        _check_text(value, self.expected)
        if len(value) > self.longest:
            raise Mistake(f"a text of {len(value)} characters", f"at most {self.longest}")
        if not re.fullmatch(self.pattern, value) or not value.isprintable():
            raise Mistake(shown(value), self.expected)
        return str(value)

    def schema(self) -> Schema:
        """Text with a pattern."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


@dataclasses.dataclass(eq=False)
class Prose:
    """Text for people, of one or more lines."""

    def read(self, value: t.Any) -> str:
        """The text on one line."""
        _check_text(value, "text")
        line = one_line(value)
        if line is None:
            raise Mistake("an empty text", "text")
        return line

    def schema(self) -> Schema:
        """Text."""
        return {"type": "string"}


def check_size(value: t.Any) -> None:
    """Check that a profile ends.

    :raises Mistake: if it is too deep or too long, or holds itself.
    """
    parts, count = [(value, 0)], 0
    while parts:
        part, depth = parts.pop()
        count += 1
        if depth > DEEPEST:
            raise Mistake(f"more than {DEEPEST} levels", "fewer")
        if count > MOST_VALUES:
            raise Mistake(f"more than {MOST_VALUES:,} values", "fewer")
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        parts += [(one, depth + 1) for one in inner]


def _is_braces(value: t.Mapping[t.Any, t.Any]) -> bool:
    """Whether a mapping is probably ``{name}`` without quotes, which YAML reads as a key with null."""
    return len(value) == 1 and None in value.values()


def _check_text(value: t.Any, expected: str) -> None:
    """Check that a value is text.

    :raises Mistake: if it is not, with the trap of YAML that may have made it.
    """
    if isinstance(value, str):
        return
    if isinstance(value, dict) and _is_braces(value):
        (name,) = value
        raise Mistake(
            "braces without quotes are a dictionary in YAML", f'"{{{shown(name).strip(chr(39))}}}", in quotes'
        )
    if isinstance(value, bool):
        raise Mistake(
            f"YAML reads {'yes and on' if value else 'no and off'} as {shown(value)}", f"{expected}, in quotes"
        )
    if isinstance(value, (int, float)):
        raise Mistake(f"the number {shown(value)}", f"{expected}, in quotes")
    raise Mistake(shown(value), expected)


@dataclasses.dataclass(eq=False)
class Number:
    """A number.

    :param whole: whether it must be a whole one.
    """

    least: float
    most: float
    whole: bool = False

    def read(self, value: t.Any) -> float:
        """The number."""
        kinds = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.least <= value <= self.most:
            what = "a whole number" if self.whole else "a number"
            raise Mistake(shown(value), f"{what} from {self.least:g} to {self.most:g}")
        return t.cast(float, value)

    def schema(self) -> Schema:
        """A number within its limits."""
        return {"type": "integer" if self.whole else "number", "minimum": self.least, "maximum": self.most}


@dataclasses.dataclass(eq=False)
class Flag:
    """True or false."""

    def read(self, value: t.Any) -> bool:
        """The boolean."""
        if not isinstance(value, bool):
            raise Mistake(shown(value), "true or false")
        return value

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclasses.dataclass(eq=False)
class Choice:
    """One of a few words or numbers."""

    words: tuple[t.Any, ...]

    def read(self, value: t.Any) -> t.Any:
        """The word."""
        for word in self.words:
            if value == word and not isinstance(value, bool):
                return word
        if isinstance(value, bool) and all(isinstance(word, str) for word in self.words):
            _check_text(value, either(self.words))
        raise Mistake(shown(value), either(map(str, self.words)))

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.words)}


@dataclasses.dataclass(eq=False)
class PathText:
    """A path, or a list of paths of which the first that finds something counts.

    :param beyond: what may be asked for beside the JSON (see :func:`parse_path`).
    """

    beyond: tuple[str, ...] = ("status", "header", "body")
    many: bool = True

    def read(self, value: t.Any) -> Source:
        """The source that they are."""
        if isinstance(value, list) and self.many:
            return source_of(_each(value, self._path, "one path or more"))
        return source_of([self._path(value)])

    def _path(self, value: t.Any) -> t.Any:
        _check_text(value, "a path such as data.state")
        return parse_path(value, self.beyond)

    def schema(self) -> Schema:
        """Text, or a list of texts."""
        one = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]} if self.many else one


@dataclasses.dataclass(eq=False)
class Wording:
    """A text for people: a path, a text with ``{path}``s, ``{text: a constant one}``, or a list of these."""

    longest: int = 1000

    def read(self, value: t.Any) -> Text:
        """The text that they are."""
        if isinstance(value, list):
            return first_of(_each(value, self._one, "one path or text, or more"))
        return self._one(value)

    def _one(self, value: t.Any) -> Text:
        text = value.get("text") if isinstance(value, dict) else value
        if isinstance(text, str) and len(text) > self.longest:
            raise Mistake(f"a text of {len(text)} characters", f"at most {self.longest}")
        if isinstance(value, dict) and value.keys() == {"text"}:
            _check_text(value["text"], "text")
            return text_with_paths(value["text"]) if "{" in value["text"] else constant(value["text"])
        _check_text(value, "a path such as data.name, or a text with {path}s")
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

    :param pattern: what all of it must match.
    """

    pattern: str = r"[^\x00-\x1f\x7f]*"
    expected: str = "text"
    numbers: bool = False
    """Whether whole numbers and booleans may be written without quotes."""
    quoted: bool = True
    """Whether a sentence may repeat it; not a header, which may hold a secret that does not belong there."""

    def read(self, value: t.Any) -> Template:
        """The template that it is."""
        if self.numbers and isinstance(value, int):
            return template(str(value).lower() if isinstance(value, bool) else str(value))
        if self.numbers and isinstance(value, float):
            raise Mistake(f"the number {shown(value)}, of which YAML may have dropped a zero", "text, in quotes")
        _check_text(value, self.expected)
        if len(value) > 2000 or not re.fullmatch(self.pattern, value):
            raise Mistake(shown(value) if self.quoted else "this value", self.expected)
        return template(value)

    def schema(self) -> Schema:
        """Text with a pattern."""
        text: Schema = {"type": "string", "pattern": f"^(?:{self.pattern})$"}
        return {"anyOf": [text, {"type": ["integer", "boolean"]}]} if self.numbers else text


@dataclasses.dataclass(eq=False)
class Default:
    """The value of a variable that nobody gives: text, a whole number, true or false, or nothing."""

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
    """A JSON body; each text in it may have placeholders."""

    def read(self, value: t.Any) -> t.Any:
        """The body, with a :class:`Template` for each text."""
        if isinstance(value, str):
            return template(value)
        if isinstance(value, list):
            return [under(f"[{number}]", self.read, part) for number, part in enumerate(value)]
        if isinstance(value, dict):
            _check_keys(value)
            return {key: under(key, self.read, part) for key, part in value.items()}
        if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and abs(value) < 1e300):
            return value
        raise Mistake(shown(value), "JSON")

    def schema(self) -> Schema:
        """An object or a list."""
        return {"type": ["object", "array"]}


@dataclasses.dataclass(eq=False)
class Verbatim:
    """A part that is read elsewhere, with more of the profile at hand: conditions, and the words of a state."""

    means: Schema

    def read(self, value: t.Any) -> t.Any:
        """The value as it is."""
        return value

    def schema(self) -> Schema:
        """What was given."""
        return self.means


@dataclasses.dataclass(eq=False)
class Named:
    """A shape that the language uses in many places, and that the schema says once."""

    name: str
    shape: Shape

    def read(self, value: t.Any) -> t.Any:
        """What it stands for."""
        return self.shape.read(value)

    def schema(self) -> Schema:
        """A reference to its definition."""
        return {"$ref": f"#/$defs/{self.name}"}


@dataclasses.dataclass(eq=False)
class ListOf:
    """A list of parts of one shape.

    :param single: whether a single part may be written without its list.
    """

    shape: Shape
    least: int = 1
    most: int = MOST
    single: bool = False

    def read(self, value: t.Any) -> list[t.Any]:
        """The list of what they stand for."""
        if not isinstance(value, list):
            if self.single:
                return [self.shape.read(value)]
            raise Mistake(shown(value), "a list")
        if not self.least <= len(value) <= self.most:
            raise Mistake(f"a list of {len(value)}", f"a list of {self.least} to {self.most}")
        return [under(f"[{number}]", self.shape.read, part) for number, part in enumerate(value)]

    def schema(self) -> Schema:
        """An array, or its single item."""
        items = self.shape.schema()
        array = {"type": "array", "minItems": self.least, "maxItems": self.most, "items": items}
        return {"anyOf": [items, array]} if self.single else array


@dataclasses.dataclass(eq=False)
class MapOf:
    """A mapping whose keys the profile chooses.

    :param keys: the pattern of the keys.
    :param expected: the same in words.
    """

    shape: Shape
    keys: str = r"[A-Za-z_][A-Za-z0-9_]*"
    expected: str = "a name of letters, digits and underscores"
    least: int = 1

    def read(self, value: t.Any) -> dict[str, t.Any]:
        """What the values stand for, by key."""
        if not isinstance(value, dict):
            raise Mistake(shown(value), "a dictionary")
        _check_keys(value)
        if len(value) < self.least:
            raise Mistake("an empty dictionary", "one entry or more")
        for key in value:
            if not re.fullmatch(self.keys, key):
                raise Mistake(f"the key {shown(key)}", self.expected)
        return {key: under(key, self.shape.read, part) for key, part in value.items()}

    def schema(self) -> Schema:
        """An object with a pattern for its keys."""
        return {
            "type": "object",
            "minProperties": self.least,
            "patternProperties": {f"^(?:{self.keys})$": self.shape.schema()},
            "additionalProperties": False,
        }


@dataclasses.dataclass(eq=False)
class Key:
    """One key of a mapping of the language.

    :param doc: what it is for, for people.
    """

    shape: Shape
    doc: str
    required: bool = False


@dataclasses.dataclass(eq=False)
class Keys:
    """A mapping whose keys the language names.

    :param empty: whether nothing (``task_id:``) is an empty mapping.
    """

    keys: t.Mapping[str, Key]
    empty: bool = False

    def read(self, value: t.Any) -> dict[str, t.Any]:
        """What the values stand for, by key; keys that are not there are left out."""
        if value is None and self.empty:
            value = {}
        if not isinstance(value, dict):
            raise Mistake(shown(value), "a dictionary")
        _check_keys(value)
        for name in value:
            if name not in self.keys:
                raise Mistake("there is no such key", nearest(name, list(self.keys)), name)
        for name, key in self.keys.items():
            if key.required and name not in value:
                raise Mistake(f"{name} is missing", key.doc[:1].lower() + key.doc[1:].rstrip("."))
        return {name: under(name, self.keys[name].shape.read, part) for name, part in value.items()}

    def schema(self) -> Schema:
        """An object with its properties."""
        schema: Schema = {
            "type": ["object", "null"] if self.empty else "object",
            "properties": {name: {**key.shape.schema(), "description": key.doc} for name, key in self.keys.items()},
            "additionalProperties": False,
        }
        required = [name for name, key in self.keys.items() if key.required]
        if required:
            schema["required"] = required
        return schema


@dataclasses.dataclass(eq=False)
class ByKey:
    """A mapping that has one of several sets of keys; one key of each tells which.

    :param variants: the shapes by the key that tells; the first of these keys that is there counts.
    :param other: the shape of what is no mapping, ``None`` if it must be one.
    """

    variants: t.Mapping[str, Keys]
    other: Shape | None = None

    def read(self, value: t.Any) -> t.Any:
        """What it stands for."""
        if not isinstance(value, dict) or (self.other and _is_braces(value) and not value.keys() & self.variants):
            if self.other:
                return self.other.read(value)
            raise Mistake(shown(value), f"a dictionary with {either(self.variants)}")
        _check_keys(value)
        for name, variant in self.variants.items():
            if name in value:
                return variant.read(value)
        near = nearest(next(iter(value), None), list(self.variants))
        raise Mistake(f"a dictionary without {either(self.variants)}", near if len(value) == 1 else "one of them")

    def schema(self) -> Schema:
        """Any of them."""
        variants = [shape.schema() for shape in self.variants.values()]
        return {"anyOf": [*variants, *([self.other.schema()] if self.other else [])]}


@dataclasses.dataclass(eq=False)
class ByType:
    """Text, a list or a mapping, each of a shape of its own."""

    text: Shape
    list: Shape
    mapping: Shape

    def read(self, value: t.Any) -> t.Any:
        """What it stands for."""
        if isinstance(value, dict):
            return self.mapping.read(value)
        return (self.list if isinstance(value, list) else self.text).read(value)

    def schema(self) -> Schema:
        """Any of them."""
        return {"anyOf": [self.text.schema(), self.list.schema(), self.mapping.schema()]}


def _check_keys(value: t.Mapping[t.Any, t.Any]) -> None:
    """Check that the keys of a mapping are text, and not too many.

    :raises Mistake: for one that YAML has made something else of.
    """
    if len(value) > MOST:
        raise Mistake(f"{len(value)} entries", f"at most {MOST}")
    for key in value:
        if isinstance(key, bool):
            raise Mistake(f"a key that YAML reads as {shown(key)} (yes, no, on and off are)", "it in quotes")
        if not isinstance(key, str):
            raise Mistake(f"a key that is {shown(key)}", "text, in quotes")


def _each(values: list[t.Any], read: t.Callable[[t.Any], t.Any], expected: str) -> list[t.Any]:
    if not 1 <= len(values) <= MOST:
        raise Mistake(f"a list of {len(values)}", expected)
    return [under(f"[{number}]", read, value) for number, value in enumerate(values)]
