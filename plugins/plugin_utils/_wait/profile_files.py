# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and reads profiles: those of the library by their name, those of users by their file, or as the mapping itself."""

from __future__ import annotations

import difflib
import json
import pathlib
import typing as t

import yaml

from ...module_utils._errors import OptionError
from ...module_utils._systems.registry import ALL
from ...module_utils._systems.rest.library import without_keys_of_library
from ...module_utils._systems.rest.mistakes import Mistake
from ...module_utils._systems.rest.profile import Profile
from ...module_utils._systems.rest.read_profile import read_profile
from ...module_utils._systems.rest.shape import check_size
from ...module_utils._text import kind_of, one_line

LIBRARY = pathlib.Path(__file__).parents[1] / "_profiles"
MOST = 64 * 1024
"""Bytes of a file. The longest profile of the library has 8 KB. The time of PyYAML grows with the square of some texts' lengths."""

SYSTEMS = frozenset(system.name for system in ALL)
"""The names that no profile of a user may have."""

FindFile = t.Callable[[str], t.Optional[str]]
"""From a file's name in a task to its path; ``None`` if there is no such file."""


class Profiles:
    """The profiles that the tasks of one play or rulebook name; each is read once.

    :param find: looks up files of users.
    """

    def __init__(self, find: FindFile) -> None:
        self._find = find
        self._known: dict[str, tuple[Profile, dict[str, t.Any]]] = {}

    def load(self, given: t.Any) -> tuple[Profile, dict[str, t.Any]]:
        """The profile that the option ``profile`` names, and the mapping that another machine reads it from.

        :param given: a name of the library; a file, if it holds a ``/`` or an extension; or a mapping.
        :raises OptionError: if there is no such profile, or for the first mistake in it.
        """
        try:
            check_size(given)
        except Mistake as mistake:
            raise OptionError("profile", mistake.sentence()) from None
        given = _plain(given)
        key = repr(given)
        if key not in self._known:
            self._known[key] = self._load(given)
        return self._known[key]

    def _load(self, given: t.Any) -> tuple[Profile, dict[str, t.Any]]:
        if isinstance(given, dict):
            return self._read(given, "profile", library=False)
        if not isinstance(given, str):
            raise OptionError("profile", f"expected a name, a file or a dictionary, got {kind_of(given)}.")
        if given.lstrip().startswith("{"):  # a dictionary as text, as on a command line
            return self._read(_parse(given, "profile", _from_json), "profile", library=False)
        if "/" not in given and "." not in given:
            file = LIBRARY / f"{given}.yml"
            if given not in names():
                raise OptionError("profile", _unknown(given))
            return self._read(_parse(_text(file, file.name), file.name, _from_yaml), file.name, library=True)
        found = self._find(given)
        if found is None:
            raise OptionError("profile", f"there is no file {one_line(given)!r}.")
        file = pathlib.Path(found)
        read = _from_json if file.suffix == ".json" else _from_yaml
        return self._read(_parse(_text(file, given), file.name, read), file.name, library=False)

    def _read(self, mapping: t.Any, file: str, library: bool) -> tuple[Profile, dict[str, t.Any]]:
        profile = read_profile(mapping, file, library, SYSTEMS)
        return profile, without_keys_of_library(mapping) if library else mapping


def names() -> list[str]:
    """The names of the library."""
    return sorted(file.stem for file in LIBRARY.glob("*.yml"))


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, names(), n=3, cutoff=0.5)
    one_of = f"Did you mean {' or '.join(near)}?" if near else f"It has {', '.join(names())}."
    return f"the collection has no profile {one_line(name)!r}. {one_of} The name of a file has a / or an extension."


def _text(file: pathlib.Path, given: str) -> str:
    """:raises OptionError: for a file that cannot be read as text."""
    try:
        if not file.is_file():  # a pipe or a device may never end
            raise OptionError("profile", f"{one_line(given)!r} is no file.")
        with file.open("rb") as stream:
            content = stream.read(MOST + 1)
        if len(content) > MOST:
            raise OptionError("profile", f"{one_line(given)!r} has more than {MOST // 1024} KB.")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise OptionError("profile", f"{one_line(given)!r} cannot be read: {error.strerror}.") from None
    except UnicodeError:
        raise OptionError("profile", f"{one_line(given)!r} is not UTF-8.") from None


def _parse(text: str, file: str, parse: t.Callable[[str], t.Any]) -> t.Any:
    try:
        return parse(text)
    except _Twice as twice:
        raise OptionError(file, f"the key {one_line(str(twice))!r} is there twice.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        # The constructor refuses what is YAML.
        kind = "" if isinstance(error, yaml.constructor.ConstructorError) else "it is not YAML: "
        raise OptionError(file, f"{place}{kind}{one_line(error.problem)}.{_trap(text, error)}") from None
    except (yaml.YAMLError, RecursionError):
        raise OptionError(file, "it is not YAML.") from None
    except ValueError as error:
        raise OptionError(file, f"it is not JSON: {one_line(str(error))}.") from None


def _trap(text: str, error: yaml.MarkedYAMLError) -> str:
    """The advice on a text that YAML takes for something else."""
    problem = error.problem or ""
    if problem.startswith("mapping values"):
        return " Check the indentation; a text with a colon and a blank in it needs quotes."
    if problem.startswith("expected <block end>"):
        return " Check the indentation."
    if "\\t" in problem:
        return " Indent with blanks, not with tabs."
    mark = error.problem_mark
    if mark is None:
        return ""
    line = dict(enumerate(text.splitlines())).get(mark.line, "")
    # The mark is at the sign, or behind it.
    is_sign = bool(set("@*") & set(line[max(mark.column - 1, 0) : mark.column + 1]))
    return " A text that begins with @ or * needs quotes." if is_sign else ""


class _Twice(Exception):
    """A key that a mapping has twice, of which YAML and JSON take the last without a word."""


def _unique(pairs: t.Iterable[tuple[t.Any, t.Any]]) -> dict[t.Any, t.Any]:
    found: dict[t.Any, t.Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


class _Loader(yaml.SafeLoader):
    """YAML in which a key is there once."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> t.Any:
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # PyYAML raises any of these for a value that its tag does not allow, such as !!int x or 2026-99-99.
            raise yaml.constructor.ConstructorError(None, None, "a value cannot be read", node.start_mark) from None


_MERGE = "tag:yaml.org,2002:merge"


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[t.Any, t.Any]:
    for part, _value in node.value:
        if part.tag == _MERGE:  # a few lines of them make millions of keys
            problem = "<< (a merge) is not allowed; repeat the keys, or use an alias for a whole value"
            raise yaml.constructor.ConstructorError(None, None, problem, part.start_mark)
    pairs = [(loader.construct_object(key, deep=True), key, value) for key, value in node.value]
    for key, part, _value in pairs:
        if isinstance(key, (dict, list)):
            raise yaml.constructor.ConstructorError(None, None, "a key is no text", part.start_mark)
    return _unique((key, loader.construct_object(value, deep=True)) for key, _part, value in pairs)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _from_yaml(text: str) -> t.Any:
    return yaml.load(text, _Loader)  # which is a SafeLoader


def _from_json(text: str) -> t.Any:
    return json.loads(text, object_pairs_hook=_unique)


def _plain(value: t.Any) -> t.Any:
    """The value without the types by which ansible-core marks templates and their results."""
    if isinstance(value, t.Mapping):
        return {_plain(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, str) else value
