# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of an API that are templates: each makes a file of its own if anybody takes it for code."""

from __future__ import annotations

import itertools
from pathlib import Path


class Texts:
    """Texts that make a file in a folder, if anybody takes them for code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._numbers = itertools.count(1)

    def call(self) -> str:
        """What a template runs. Without a comma, which ansible-core 2.16 would split a header at."""
        return f"lookup(*'pipe~touch {self.folder}/{next(self._numbers)}; echo ran'.split('~'))"

    def one_line(self) -> list[str]:
        """A lookup, a statement, and delimiters of the text's own."""
        return [
            f"boom {{{{ {self.call()} }}}} end",
            f"{{% set x = {self.call()} %}}{{# note #}}",
            f"#jinja2:variable_start_string:'[[',variable_end_string:']]',x:[[ {self.call()} ]]",
        ]

    def all(self) -> list[str]:
        """Those, and what only a raw reply can hold: a header with an end."""
        return [*self.one_line(), f"#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ {self.call()} ]]"]

    @property
    def ran(self) -> list[str]:
        """The files that have been made."""
        return sorted(path.name for path in self.folder.iterdir())
