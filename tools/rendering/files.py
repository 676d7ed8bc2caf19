"""Where rendered text is put: whole files, and parts of files between two marks."""

from __future__ import annotations

from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]

Texts = dict[Path, str]
"""The whole text that each file must have."""


def between(path: Path, begin: str, end: str, text: str) -> str:
    """The text of a file with the part between two marks replaced. The first end after the begin counts.

    :raises ValueError: if the file does not have both marks.
    """
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _old, found_too, after = rest.partition(end)
    if not (found and found_too):
        raise ValueError(f"{path}: expected {begin!r}, and {end!r} after it")
    return f"{before}{begin}{text}{end}{after}"


class _Dumper(yaml.SafeDumper):
    """Indents the items of a list, as yamllint wants them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def as_yaml(value: object, *, width: int = 140) -> str:
    """The value as YAML in the order of its keys. What occurs twice is written once, as the alias C(job)."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width)
    return text.replace("id001", "job")
