"""The tables of the guide on the language of profiles: all keys, from what reads them."""

from __future__ import annotations

import dataclasses

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest import language, scalars, shapes

from .files import CHECKOUT, Texts, list_table, replaced

FILE = CHECKOUT / "docs/docsite/rst/profile_language.rst"

TABLES: dict[str, tuple[str, shapes.Shape]] = {
    "profile": ("", language.PROFILE),
    "ids": ("ids.<name>", language.ID),
    "auth": ("auth[]", language.WAY),
    "status": ("status", language.STATUS),
    "state": ("state", language.STATE),
    "fields": ("fields", language.FIELDS),
    "time": ("", language.TIME),
    "children": ("children", language.CHILDREN),
    "listing": ("listing", language.LISTING),
    "pages": ("pages", language.PAGES),
    "error": ("error", language.ERROR),
}
"""By table, what its keys are below, and the shape that has them. A shape with a table of its own is not repeated in another."""


@dataclasses.dataclass(frozen=True)
class _Row:
    place: str
    needed: str
    doc: str


def texts() -> Texts:
    """The one guide, with a table between each pair of its marks."""
    text = FILE.read_text(encoding="utf-8")
    for name, (place, shape) in TABLES.items():
        rows = [[f"``{row.place}``", row.needed, row.doc] for row in _keys(place, shape)]
        table = list_table([["Key", "Needed", "Content"], *rows], widths=(30, 12, 58))
        text = replaced(text, f".. keys of {name}\n", f"\n.. end of keys of {name}\n", table)
    return {FILE: text}


def _keys(place: str, shape: shapes.Shape) -> list[_Row]:
    """All keys below a place."""
    if isinstance(shape, shapes.Named):
        return _keys(place, shape.shape)
    if isinstance(shape, shapes.ListOf):
        return _below(f"{place}[]", shape.shape)
    if isinstance(shape, shapes.MapOf):
        return _below(f"{place}.<name>", shape.shape)
    if isinstance(shape, shapes.ByType):
        return _below(place, shape.mapping)
    if isinstance(shape, shapes.ByKey):
        return _of_variants(place, shape)
    return _of_keys(place, shape) if isinstance(shape, shapes.Keys) else []


def _below(place: str, shape: shapes.Shape) -> list[_Row]:
    """The keys of a part, unless they have a table of their own."""
    return [] if any(shape is own for _place, own in TABLES.values()) else _keys(place, shape)


def _of_keys(place: str, shape: shapes.Keys) -> list[_Row]:
    rows = []
    for name, key in shape.keys.items():
        inner = f"{place}.{name}" if place else name
        rows += [_Row(inner, "yes" if key.required else "", _told(key)), *_below(inner, key.shape)]
    return rows


def _told(key: shapes.Key) -> str:
    """What a key is for, with the words of which it takes one."""
    words = key.shape.words if isinstance(key.shape, scalars.Choice) else ()
    named = all(str(word) in key.doc for word in words)
    return key.doc if named else f"{key.doc} One of {', '.join(f'``{word}``' for word in words)}."


def _of_variants(place: str, shape: shapes.ByKey) -> list[_Row]:
    """Each key once: which of the variants a mapping is, the keys that tell say."""
    rows: dict[str, _Row] = {}
    for variant in shape.variants.values():
        for row in _of_keys(place, variant):
            rows.setdefault(row.place, row)
    for name, key in {name: key for one in shape.variants.values() for name, key in one.keys.items()}.items():
        inner = f"{place}.{name}" if place else name
        needing = [tells for tells, one in shape.variants.items() if name in one.keys and one.keys[name].required]
        if name in shape.variants and len(shape.variants) > 1:
            rows[inner] = dataclasses.replace(rows[inner], needed="one of these")
        elif key.required and needing != list(shape.variants):
            rows[inner] = dataclasses.replace(rows[inner], needed=f"with ``{'``, ``'.join(needing)}``")
    return list(rows.values())
