"""Places for rendered text: whole files, and parts of files between two marks."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]

Texts = dict[Path, str]
"""The whole text that each file must have."""


def between(path: Path, begin: str, end: str, text: str) -> str:
    """The text of a file with the part between two marks replaced; see :func:`replaced`."""
    return replaced(path.read_text(encoding="utf-8"), begin, end, text)


def replaced(whole: str, begin: str, end: str, text: str) -> str:
    """A text with the part between two marks replaced. The first end mark after the begin mark counts.

    :raises ValueError: if it does not have both marks.
    """
    before, found, rest = whole.partition(begin)
    _old, found_too, after = rest.partition(end)
    if not (found and found_too):
        raise ValueError(f"expected {begin!r}, and {end!r} after it")
    return f"{before}{begin}{text}{end}{after}"


def list_table(rows: t.Sequence[t.Sequence[str]], widths: t.Sequence[int] = ()) -> str:
    """A table in reStructuredText, the first row of which is its head.

    :param widths: of the columns, in parts of their sum.
    """
    lines = ["", ".. list-table::", "   :header-rows: 1"]
    lines += [f"   :widths: {' '.join(map(str, widths))}"] if widths else []
    lines.append("")
    for first, *others in rows:
        lines += [f"   * - {first}", *(f"     - {other}".rstrip() for other in others)]
    return "\n".join(lines) + "\n"


class _Dumper(yaml.SafeDumper):
    """Indents the items of a list, as yamllint wants them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def as_yaml(value: object, *, width: int = 140) -> str:
    """The value as YAML in the order of its keys."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width)
    return text
