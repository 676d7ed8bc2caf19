# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes that consist of other shapes: lists, mappings, and alternatives that differ by a key or a type."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .mistakes import Mistake, either, nearest, shown, under
from .shape import MOST, Schema, Shape, check_keys, is_braces


@dataclasses.dataclass(eq=False)
class Verbatim:
    """A part that other code reads, because it needs other parts of the profile: conditions, and the words of a state."""

    means: Schema

    def read(self, value: t.Any) -> t.Any:
        """The value, unchanged."""
        return value

    def schema(self) -> Schema:
        """The given schema."""
        return self.means


@dataclasses.dataclass(eq=False)
class Named:
    """A shape that the language uses in many places, and that the schema defines once."""

    name: str
    shape: Shape

    def read(self, value: t.Any) -> t.Any:
        """The meaning of the value."""
        return self.shape.read(value)

    def schema(self) -> Schema:
        """A reference to the definition of the shape."""
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
        """The meanings of the parts."""
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
    :param expected: the pattern in words, for messages.
    """

    shape: Shape
    keys: str = r"[A-Za-z_][A-Za-z0-9_]*"
    expected: str = "a name of letters, digits and underscores"
    least: int = 1

    def read(self, value: t.Any) -> dict[str, t.Any]:
        """The meanings of the values, by key."""
        if not isinstance(value, dict):
            raise Mistake(shown(value), "a dictionary")
        check_keys(value)
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

    :param doc: the documentation of the key.
    """

    shape: Shape
    doc: str
    required: bool = False


@dataclasses.dataclass(eq=False)
class Keys:
    """A mapping whose keys the language names.

    :param empty: whether null (``task_id:``) counts as an empty mapping.
    """

    keys: t.Mapping[str, Key]
    empty: bool = False

    def read(self, value: t.Any) -> dict[str, t.Any]:
        """The meanings of the values, by key, without keys that are absent."""
        if value is None and self.empty:
            value = {}
        if not isinstance(value, dict):
            raise Mistake(shown(value), "a dictionary")
        check_keys(value)
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
    """A mapping with one of several sets of keys. One key of each set identifies the set.

    :param variants: the shapes by the identifying key; the first of these keys that is present counts.
    :param other: the shape of a value that is not a mapping; ``None`` if only a mapping is allowed.
    """

    variants: t.Mapping[str, Keys]
    other: Shape | None = None

    def read(self, value: t.Any) -> t.Any:
        """The meaning of the value."""
        if not isinstance(value, dict) or (self.other and is_braces(value) and not value.keys() & self.variants):
            if self.other:
                return self.other.read(value)
            raise Mistake(shown(value), f"a dictionary with {either(self.variants)}")
        check_keys(value)
        for name, variant in self.variants.items():
            if name in value:
                return variant.read(value)
        near = nearest(next(iter(value), None), list(self.variants))
        raise Mistake(f"a dictionary without {either(self.variants)}", near if len(value) == 1 else "one of them")

    def schema(self) -> Schema:
        """Any of the shapes."""
        variants = [shape.schema() for shape in self.variants.values()]
        return {"anyOf": [*variants, *([self.other.schema()] if self.other else [])]}


@dataclasses.dataclass(eq=False)
class ByType:
    """Text, a list or a mapping, each of a shape of its own."""

    text: Shape
    list: Shape
    mapping: Shape

    def read(self, value: t.Any) -> t.Any:
        """The meaning of the value."""
        if isinstance(value, dict):
            return self.mapping.read(value)
        return (self.list if isinstance(value, list) else self.text).read(value)

    def schema(self) -> Schema:
        """Any of the shapes."""
        return {"anyOf": [self.text.schema(), self.list.schema(), self.mapping.schema()]}
