# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths into JSON: a subset of JMESPath, and a few names for the parts of a reply that are not in the body.

A path has the forms ``a.b``, ``"quoted.names"``, ``[0]``, ``[-1]``, ``[]``, ``*``, ``@``, ``[?name=='text']`` and a final
``| [0]``, with the meaning that they have in JMESPath (https://jmespath.org/specification.html). Reading never raises, for any data, and
visits each value at most once for each step of the path.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from .mistakes import Mistake, shown

LONGEST = 300
"""Characters of a path."""

_NAME, _INDEX, _VALUES, _FILTER = "name", "index", "values", "filter"
_LACKING, _ODD = "lacking", "odd"
"""Why a value is missing: an element of a list does not have it, or something of another type is in its way."""
_Step = tuple[str, t.Any]
_Part = tuple[_Step, ...]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ELEMENT = re.compile(r"\[(-?[0-9]{1,6})\]")
_CONDITION = re.compile(r"\[\?[ ]*(?P<names>[^=\[\]]+?)[ ]*==[ ]*'(?P<text>(?:[^'\\]|\\.)*)'[ ]*\]", re.DOTALL)
_PICK = re.compile(r"[ ]*\|[ ]*\[(-?[0-9]{1,6})\]\Z")
_BEYOND = re.compile(r"\$(status|key|(?:header|cookie)\.(?P<name>[A-Za-z0-9_-]+))\Z")
_BODY = "$body."

_FORMS = "names, \"quoted names\", a.b, [0], [], *, @, [?name=='text'] and a final | [0]"
_PICKED = "'| [0]' at the end, which takes one of what was found"

_HINTS: tuple[tuple[str, str, str], ...] = (
    (r"\[\*\]", "[*] is not read here", "[] for all elements of a list"),
    (r"\[\?", "a filter has one form here", "[?name=='text']"),
    (r"\[-?[0-9]*:", "slices are not read here", "[0] for one element, [] for all"),
    (r"\.[0-9]", "a number after a dot is no name", '[0] for an element of a list, or the name in quotes: a."1"'),
    (r"\.\[", "a bracket follows without a dot", "a[0] or a[]"),
    (r"-", "a name with a hyphen needs quotes", 'a."b-c", in YAML \'a."b-c"\''),
    (r"\|\|", "alternatives are not written with ||", "a list of paths, of which the first that is there is taken"),
    (r"\|", "a pipe stands only before a final number", _PICKED),
    (r"\{\{", "a template of Ansible is no path", "the path alone, such as json.id"),
    (r"\(|&|!|`|\{", "functions, literals and conditions are not read here", _FORMS),
)
_AT_START: tuple[tuple[str, str, str], ...] = (
    (r"@[\w.]+", "YAML has taken the quotes away", "'\"@odata.id\"', in both kinds of quotes"),
    (r"\$(header|cookie)\b", "a header or cookie needs its name", "$header.Location or $cookie.session"),
    (r"\$", "this is not a path of this language", "$status, $header.Name, $body.name or a name of the body"),
    (r"/", "a slash is no part of a path into JSON", "names with dots between them, such as data.state"),
    (r"[0-9]", "a name that begins with a digit needs quotes", '"1", in YAML \'"1"\''),
)


class Beyond(t.Protocol):
    """The parts of a reply outside of the node in which a path is read."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> t.Mapping[str, str]:
        """The headers, with names in lower case."""

    @property
    def body(self) -> t.Any:
        """The whole body."""


@dataclasses.dataclass(frozen=True)
class Path:
    """A parsed path; made by :func:`parse_path`."""

    text: str
    origin: str
    """The beginning of the path: ``""`` for the node in which it is read, else ``status``, ``header``, ``cookie``, ``key``, ``body``."""
    name: str
    """The name of the header in lower case, or of the cookie."""
    parts: tuple[_Part, ...]
    """The steps of the path. Each part except the first follows a ``[]``."""
    pick: int | None
    """The number of a final ``| [n]``."""
    find: t.Callable[[t.Any, Beyond], t.Any] = dataclasses.field(compare=False, repr=False)
    """Returns the value in a node of a reply; ``None`` if there is none."""

    @property
    def projects(self) -> bool:
        """Whether the value is a list, with the findings in the elements of a list or in the values of a mapping."""
        return self.pick is None and _projects(self.parts)

    @property
    def is_plain(self) -> bool:
        """Whether the path consists of names only, from the node in which it is read."""
        return self.origin == "" and self.pick is None and self._has_only_names

    @property
    def _has_only_names(self) -> bool:
        return len(self.parts) == 1 and all(kind == _NAME for kind, _name in self.parts[0])

    @property
    def keyed(self) -> bool:
        """Whether the path gives the values of one mapping, so that each value has a key."""
        return (
            len(self.parts) == 1 and self.parts[0][-1:] == ((_VALUES, None),) and not _projects((self.parts[0][:-1],))
        )

    def entries(self, node: t.Any) -> list[tuple[str, t.Any]]:
        """The keys and values of the mapping, if :attr:`keyed`."""
        found = _walk(self.parts[0][:-1], 0, node, None)
        return list(found.items()) if isinstance(found, dict) else []

    def names_null(self, node: t.Any) -> bool:
        """Whether the last name of the path is a key with null, as some APIs send an empty list."""
        steps = self.parts[0]
        if not steps or not self._has_only_names:
            return False
        *names, last = (name for _kind, name in steps)
        parent = _follow(names, node)
        return isinstance(parent, dict) and last in parent and parent[last] is None

    def whole(self, node: t.Any, beyond: Beyond) -> bool:
        """Whether each element on the path has the value, so that no value is missing from the list."""
        return not self._lost(node, beyond)

    def is_odd(self, node: t.Any, beyond: Beyond) -> bool:
        """Whether there is something of another type on the path than the path reads, such as text in the place of a list."""
        return _ODD in self._lost(node, beyond)

    def _lost(self, node: t.Any, beyond: Beyond) -> list[str]:
        lost: list[str] = []
        _run(self.parts, beyond.body if self.origin == "body" else node, lost)
        return lost


def parse_path(text: str, beyond: t.Container[str] = ("status", "header", "body")) -> Path:
    """Parses a path.

    :param beyond: which of ``status``, ``header``, ``cookie``, ``key`` and ``body`` may follow a ``$``.
    :raises Mistake: for a text that is not a path, with a hint at the probable meaning.
    """
    text = text.strip(" \t\r\n")
    if len(text) > LONGEST:
        raise Mistake(f"a path of {len(text)} characters", f"at most {LONGEST}")
    if not text:
        raise Mistake("an empty path", _FORMS)
    if not text.isprintable():  # messages show the path as it is
        raise Mistake(f"a character that cannot be seen: {shown(text)}", 'an escape in quotes, such as "\\u0085"')
    special = _BEYOND.match(text)
    if special:
        origin = special[1].partition(".")[0]
        if origin not in beyond:
            raise Mistake(f"{shown(text)} means nothing here", "a path into the JSON")
        name = special["name"] or ""
        name = name.lower() if origin == "header" else name  # names of cookies are case-sensitive (RFC 6265)
        return Path(text, origin, name, ((),), None, _READERS[origin](name))
    if text.startswith(_BODY) and "body" in beyond:
        path = parse_path(text[len(_BODY) :], ())
        inner = path.find
        return dataclasses.replace(path, text=text, origin="body", find=lambda _node, reply: inner(reply.body, reply))
    parts, pick = _parse(text)
    return Path(text, "", "", parts, pick, _finder(parts, pick))


_READERS: dict[str, t.Callable[[str], t.Callable[[t.Any, t.Any], t.Any]]] = {
    "status": lambda _name: lambda _node, reply: reply.status,
    "header": lambda name: lambda _node, reply: reply.headers.get(name),
    "cookie": lambda name: lambda _node, reply: reply.cookies.get(name),
    "key": lambda _name: lambda _node, _reply: None,  # the key comes from the rows (see rows.py)
}


def _parse(text: str) -> tuple[tuple[_Part, ...], int | None]:
    """The steps of a path, split at each ``[]``, and the number of its final ``| [n]``."""
    picked = _PICK.search(text)
    rest = text[: picked.start()] if picked else text
    parts: list[list[_Step]] = [[]]
    position, start = 0, True
    if rest.startswith("@"):
        if not re.match(r"@(\Z|\.[A-Za-z_\"*]|\[)", rest):
            raise _refusal(rest, 0, text)
        position, start = 1, False
    while position < len(rest) or start:
        step, position = _next(rest, position, start, parts, text)
        if step is None:
            parts.append([])
        else:
            parts[-1].append(step)
        start = False
    for number, part in enumerate(parts):
        _check_values(part, number == 0 and rest.startswith("@"), text)
    return tuple(map(tuple, parts)), int(picked[1]) if picked else None


def _check_values(part: t.Sequence[_Step], led: bool, text: str) -> None:
    """Refuses ``a.*.b.c``, which finds nothing: all JMESPath libraries apply ``.c`` to the list that ``a.*.b`` gives.

    :param led: whether an ``@`` precedes the first step.
    """
    kinds = [kind for kind, _what in part]
    for index, kind in enumerate(kinds):
        before = kinds[index - 1] if index else None
        if kind != _VALUES or before in (_VALUES, _FILTER) or not (index or led):
            continue
        end = index + 2 if kinds[index + 1 : index + 2] == [_NAME] else index + 1
        while kinds[end : end + 1] == [_INDEX]:
            end += 1
        if end < len(kinds) and kinds[index + 1] != _VALUES:
            raise Mistake(f"JMESPath takes only one name after .*: {shown(text)}", "a.*[].b.c")


def _next(rest: str, position: int, start: bool, parts: list[list[_Step]], text: str) -> tuple[_Step | None, int]:
    """The next step (``None`` for ``[]``) and the position behind it."""
    if rest.startswith("[]", position):
        return None, position + 2
    element = _ELEMENT.match(rest, position)
    if element:
        last = parts[-1][-1][0] if parts[-1] else None
        if last == _FILTER or (last is None and len(parts) > 1):
            raise Mistake(
                f"a number right after a projection takes that element of each element: {shown(text)}", _PICKED
            )
        return (_INDEX, int(element[1])), element.end()
    condition = _CONDITION.match(rest, position)
    if condition:
        if _projects(tuple(map(tuple, parts))):
            raise Mistake(
                f"a filter after [], * or another filter is applied within each element: {shown(text)}",
                "at most one filter, before any [] or *",
            )
        return (_FILTER, (_names(condition["names"], text), condition["text"].replace("\\'", "'"))), condition.end()
    if not start:
        if not rest.startswith(".", position):
            raise _refusal(rest, position, text)
        position += 1
    if rest.startswith("*", position):
        return (_VALUES, None), position + 1
    word = _WORD.match(rest, position)
    if word:
        return (_NAME, word[0]), word.end()
    quoted = _QUOTED.match(rest, position)
    if quoted:
        return (_NAME, _unquoted(quoted[0], text)), quoted.end()
    raise _refusal(rest, position if start else position - 1, text)


def _names(dotted: str, text: str) -> tuple[str, ...]:
    """The names of a filter, which is a path of names only."""
    parts, pick = _parse(dotted)
    if pick is not None or len(parts) > 1 or any(kind != _NAME for kind, _name in parts[0]):
        raise Mistake(f"a filter that compares more than a name: {shown(text)}", "[?name=='text']")
    return tuple(name for _kind, name in parts[0])


def _unquoted(quoted: str, text: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        raise Mistake(f"quotes around what is no JSON text: {shown(text)}", '"a name" as JSON writes it') from None


def _refusal(rest: str, position: int, text: str) -> Mistake:
    """The mistake at a position, with a hint at the probable meaning."""
    hints = _HINTS if position else (*_AT_START, *_HINTS)
    for pattern, wrong, expected in hints:
        if re.match(pattern, rest[position:].lstrip()):
            return Mistake(f"{wrong}: {shown(text)}", expected)
    return Mistake(f"{shown(text)} is not a path", _FORMS)


def _projects(parts: t.Sequence[_Part]) -> bool:
    return len(parts) > 1 or any(kind in (_VALUES, _FILTER) for part in parts for kind, _what in part)


def _finder(parts: tuple[_Part, ...], pick: int | None) -> t.Callable[[t.Any, Beyond], t.Any]:
    """The fastest function that reads a path. Most paths are one or two names."""
    names = [name for _kind, name in parts[0]]
    if pick is None and len(parts) == 1 and all(kind == _NAME for kind, _what in parts[0]):
        if not names:
            return lambda node, _reply: node
        if len(names) == 1:
            (name,) = names
            return lambda node, _reply: node.get(name) if isinstance(node, dict) else None
        return lambda node, _reply: _follow(names, node)
    if pick is None:
        return lambda node, _reply: _run(parts, node, None)
    number = pick
    return lambda node, _reply: _element(_run(parts, node, None), number)


def _follow(names: t.Sequence[str], node: t.Any) -> t.Any:
    for name in names:
        if not isinstance(node, dict):
            return None
        node = node.get(name)
    return node


def _element(value: t.Any, number: int) -> t.Any:
    return value[number] if isinstance(value, list) and -len(value) <= number < len(value) else None


def _run(parts: tuple[_Part, ...], node: t.Any, lost: list[str] | None) -> t.Any:
    """The value at a path.

    :param lost: receives why values are missing; ``None`` if that is not needed.
    """
    value = _walk(parts[0], 0, node, lost)
    for part in parts[1:]:
        if not isinstance(value, list):
            return _none(value, lost)
        flat: list[t.Any] = []
        for one in value:
            if isinstance(one, list):
                flat += one
            else:
                flat.append(one)
        if lost is not None and [] in value:
            lost.append(_LACKING)
        value = _project(part, 0, flat, lost)
    return value


def _project(part: _Part, start: int, values: t.Sequence[t.Any], lost: list[str] | None) -> list[t.Any]:
    found = [got for got in (_walk(part, start, value, lost) for value in values) if got is not None]
    if lost is not None and len(found) < len(values):
        lost.append(_LACKING)
    return found


def _none(node: t.Any, lost: list[str] | None) -> t.Any:
    """No value, because of the type of this node."""
    if lost is not None and node is not None:
        lost.append(_ODD)
    return None


def _walk(part: _Part, start: int, node: t.Any, lost: list[str] | None) -> t.Any:
    for index in range(start, len(part)):
        kind, what = part[index]
        if kind == _NAME:
            node = node.get(what) if isinstance(node, dict) else _none(node, lost)
        elif kind == _INDEX:
            node = _element(node, what) if isinstance(node, list) else _none(node, lost)
        elif kind == _VALUES:
            return _project(part, index + 1, list(node.values()), lost) if isinstance(node, dict) else _none(node, lost)
        else:
            if not isinstance(node, list):
                return _none(node, lost)
            names, text = what
            matching = [one for one in node if _is_text(_follow(names, one), text)]
            return _project(part, index + 1, matching, lost)
        if node is None:
            return None
    return node


def _is_text(value: t.Any, text: str) -> bool:
    return isinstance(value, str) and value == text
