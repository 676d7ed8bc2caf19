# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that a part of a profile may use in braces, and what must never be where others could see it."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .mistakes import Mistake, nearest, under
from .placeholders import CREDENTIALS, Template, is_secret
from .request import Asking

_BY_CLIENT = re.compile(
    r"(?i)host|content-length|transfer-encoding|connection|te|trailer|upgrade|expect|keep-alive|accept-encoding"
)
_CREDENTIALS = re.compile(r"(?i)(proxy-)?authorization|cookie")
_SECRET_PARAMETER = re.compile(r"(?i)api[_-]?key|(access|auth)[_-]?token|passw(or)?d|(client[_-]?)?secret")

IN_PATH = "in a path, which servers log"
OUTSIDE = "outside of auth"


@dataclasses.dataclass(frozen=True)
class Scope:
    """What a profile declares.

    :param ids: the names of its ids, outermost first.
    :param addresses: those of them that are a path or URL.
    :param variables: its own placeholders with their defaults; ``None`` for one that must be given.
    :param library: whether it is one of the collection's own.
    """

    ids: tuple[str, ...]
    addresses: frozenset[str]
    variables: t.Mapping[str, str | None]
    library: bool

    def names(self, *more: str, secrets: bool = False) -> frozenset[str]:
        """The options and variables that may be in braces, and more.

        :param secrets: whether secret options are among them.
        """
        options = (name for name, secret in CREDENTIALS.items() if secrets or not secret)
        return frozenset([*options, *self.variables, *more])

    def needed(self, texts: t.Iterable[Template], but: t.Container[str] = ()) -> frozenset[str]:
        """The placeholders that must be given: options, and variables without a default."""
        names: frozenset[str] = frozenset().union(*(text.names for text in texts))
        return frozenset(name for name in names if name not in but and self.variables.get(name) is None)

    def check_asking(self, asking: Asking, ids: t.Sequence[str]) -> None:
        """Check a request that is no login.

        :param ids: the ids that it may name.
        :raises Mistake: for a placeholder that is not declared, a secret, or a path that could lead elsewhere.
        """
        names = self.names(*ids)
        for place, text in asking.templates():
            under(place, check_names, text, names, OUTSIDE)
        under("json", check_braces, asking.json, names)
        for name in asking.query:
            if _SECRET_PARAMETER.fullmatch(name):
                raise Mistake(
                    "a parameter for a secret in a query, which servers log", "a header of auth", f"query.{name}"
                )
        under(asking.method.lower(), check_path, asking.path, self.addresses)


def check_names(text: Template, names: frozenset[str], place: str | None) -> None:
    """Check the placeholders of a text.

    :param names: those that are declared.
    :param place: where the text is, for the sentence on a secret; ``None`` if secrets belong there.
    :raises Mistake: for a name that is not declared, or a secret.
    """
    for name in sorted(text.names):
        if place and is_secret(name) and (name in CREDENTIALS or name in names):
            raise Mistake(f"the secret {{{name}}} {place}", "it in a header or a body of auth")
        if name not in names:
            raise Mistake(f"{{{name}}} is not declared", nearest(name, sorted(names)))


def check_braces(body: t.Any, names: frozenset[str]) -> None:
    """Find ``{name}`` without quotes in a body: YAML reads it as a key with null.

    :raises Mistake: if there is one.
    """
    if isinstance(body, dict):
        if len(body) == 1 and None in body.values() and names & body.keys():
            raise Mistake("braces without quotes are a dictionary in YAML", f'"{{{next(iter(body))}}}", in quotes')
        for key, part in body.items():
            under(key, check_braces, part, names)
    elif isinstance(body, list):
        for number, part in enumerate(body):
            under(f"[{number}]", check_braces, part, names)


def check_path(path: Template, addresses: t.Container[str]) -> None:
    """Check that a path begins with a slash, or with an id that is an address of its own.

    :raises Mistake: if it does not, or if such an id comes later.
    """
    for number, (part, named) in enumerate(path.parts):
        if named and part in addresses and number:
            raise Mistake(f"{{{part}}} is a path of its own", "it at the beginning")
        if named and part not in addresses and not number:
            raise Mistake(f"a path that begins with {{{part}}}", "a / before it, or kind: path for this id")


def check_header(name: str, text: Template, names: frozenset[str], place: str | None = None) -> None:
    """Check a header of a profile.

    :param place: as for :func:`check_names`; other headers than those of auth may not carry credentials at all.
    :raises Mistake: for one that is not the profile's to set.
    """
    if _BY_CLIENT.fullmatch(name):
        raise Mistake("this header belongs to the connection", "another header", name)
    if place and _CREDENTIALS.fullmatch(name):
        raise Mistake("this header carries credentials", "it in auth", name)
    under(name, check_names, text, names, place)
