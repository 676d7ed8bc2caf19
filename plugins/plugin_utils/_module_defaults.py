# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``module_defaults`` hold for the info modules, which applies to the jobs of a wait as well."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible.errors import AnsibleError

from ..module_utils._errors import OptionError
from ..module_utils._systems.base import SystemOptions
from ..module_utils._text import one_line

VARIABLE = re.compile(r"\s*\{\{\s*(\w+)\s*\}\}\s*")
"""A template that is nothing but a variable's name."""


class Templar(t.Protocol):
    """ansible-core's templating, as far as it is needed."""

    available_variables: t.Mapping[str, t.Any]

    def template(self, value: t.Any) -> t.Any:
        """The value, with the templates in it resolved."""


class ModuleDefaults:
    """The defaults of all systems.

    Merged first and templated afterwards, option by option when it is needed: what a task overrides may be undefined.

    :param entries: the keyword of the task, its play and its blocks, the nearest last.
    :param templar: resolves the templates. Each is resolved once, however many jobs there are: with 1,000 jobs that had ended it took
        half of the time.
    :param omit: what an omitted value is resolved to up to ansible-core 2.18.
    :param collection: what the names of modules and groups begin with.
    """

    def __init__(
        self, entries: t.Iterable[t.Mapping[str, t.Any]], templar: Templar, omit: t.Any, collection: str
    ) -> None:
        self._entries: dict[str, t.Any] = {}
        for entry in entries:
            self._entries.update(entry)
        self._templar = templar
        self._omit = omit
        self._collection = collection
        self.of = functools.cache(self._of)

    def _of(self, system: SystemOptions) -> t.Mapping[str, t.Any]:
        """Those for a system's info module: the groups', then the module's own, which win."""
        groups = {f"group/{self._collection}.{group}" for group in ("all", system.name)}
        places = [place for place in self._entries if place in groups] + [f"{self._collection}.{system.module}"]
        found: dict[str, t.Callable[[], t.Any]] = {}
        for place in places:
            found.update(self._options(place, self._entries.get(place)))
        return _Resolved(found)

    def _options(self, place: str, value: t.Any) -> dict[str, t.Callable[[], t.Any]]:
        """The options in a place, each with what resolves it."""
        where = f"module_defaults.{place}"
        variable = VARIABLE.fullmatch(value) if isinstance(value, str) else None
        if variable and isinstance(raw := self._templar.available_variables.get(variable[1]), t.Mapping):
            value = raw
        if isinstance(value, str):  # resolved whole: what comes of it is no template any more
            options = self._template(where, value)
            return {option: functools.partial(self._not_omitted, given) for option, given in (options or {}).items()}
        return {
            option: functools.partial(self._resolve, where, option, given) for option, given in (value or {}).items()
        }

    def _resolve(self, where: str, option: str, value: t.Any) -> t.Any:
        # Core leaves an omitted value out of a dictionary. Since 2.19, a template of such a value alone is an error.
        return self._not_omitted(self._template(f"{where}.{option}", {option: value}).get(option))

    def _not_omitted(self, value: t.Any) -> t.Any:
        return None if value == self._omit else value

    def _template(self, where: str, value: t.Any) -> t.Any:
        try:
            return self._templar.template(value)
        except AnsibleError as error:
            raise OptionError(where, f"the template cannot be resolved: {one_line(str(error))}") from None


class _Resolved(t.Mapping[str, t.Any]):
    """Options that are resolved when they are looked at for the first time."""

    def __init__(self, options: t.Mapping[str, t.Callable[[], t.Any]]) -> None:
        self._options = options
        self._known: dict[str, t.Any] = {}

    def __getitem__(self, option: str) -> t.Any:
        if option not in self._known:
            self._known[option] = self._options[option]()
        return self._known[option]

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._options)

    def __len__(self) -> int:
        return len(self._options)
