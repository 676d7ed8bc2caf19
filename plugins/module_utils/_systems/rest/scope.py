# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The placeholders that each part of a profile may have, and the checks that keep secrets out of places where others could see them."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .mistakes import Mistake, nearest, under
from .placeholders import CREDENTIALS, Template, is_secret
from .request import Asking
from .shape import is_braces

_BY_CLIENT = re.compile(
    r"(?i)host|content-length|transfer-encoding|connection|te|trailer|upgrade|expect|keep-alive|accept-encoding"
)
_METHOD = re.compile(r"(?i)x-(http-)?method(-override)?")
_CREDENTIALS = re.compile(r"(?i)(proxy-)?authorization|cookie")
_SECRET_PARAMETER = re.compile(r"(?i)api[_-]?key|(access|auth)[_-]?token|passw(or)?d|(client[_-]?)?secret")

IN_PATH = "in a path, which servers log"
OUTSIDE = "outside of auth"


@dataclasses.dataclass(frozen=True)
class Scope:
    """The names that a profile declares.

    :param ids: the names of the ids, outermost first.
    :param addresses: the ids that are paths or URLs.
    :param variables: the profile's own placeholders with their defaults; ``None`` for a variable that is required.
    :param library: whether the profile belongs to the collection.
    """

    ids: tuple[str, ...]
    addresses: frozenset[str]
    variables: t.Mapping[str, str | None]
    library: bool

    def names(self, *more: str, secrets: bool = False) -> frozenset[str]:
        """The options and variables that may be placeholders.

        :param more: further names.
        :param secrets: whether secret options are included.
        """
        options = (name for name, secret in CREDENTIALS.items() if secrets or not secret)
        return frozenset([*options, *self.variables, *more])

    def needed(self, texts: t.Iterable[Template], but: t.Container[str] = ()) -> frozenset[str]:
        """The placeholders that the user must set: options, and variables without a default."""
        names: frozenset[str] = frozenset().union(*(text.names for text in texts))
        return frozenset(name for name in names if name not in but and self.variables.get(name) is None)

    def check_asking(self, asking: Asking, ids: t.Sequence[str]) -> None:
        """Checks a request other than a login.

        :param ids: the ids that may be placeholders.
        :raises Mistake: for a placeholder that is not declared, a secret, or a path that could lead to another host.
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
    """Checks the placeholders of a text.

    :param names: the declared names.
    :param place: the place of the text, for the message on a secret; ``None`` if secrets are allowed there.
    :raises Mistake: for a name that is not declared, or a secret.
    """
    for name in sorted(text.names):
        if place and is_secret(name) and (name in CREDENTIALS or name in names):
            raise Mistake(f"the secret {{{name}}} {place}", "it in a header or a body of auth")
        if name not in names:
            raise Mistake(f"{{{name}}} is not declared", nearest(name, sorted(names)))


def check_braces(body: t.Any, names: frozenset[str]) -> None:
    """Checks that a body has no ``{name}`` without quotes, which YAML reads as a key with null.

    :raises Mistake: for the first one.
    """
    if isinstance(body, dict):
        if is_braces(body) and names & body.keys():
            raise Mistake("braces without quotes are a dictionary in YAML", f'"{{{next(iter(body))}}}", in quotes')
        for key, part in body.items():
            under(key, check_braces, part, names)
    elif isinstance(body, list):
        for number, part in enumerate(body):
            under(f"[{number}]", check_braces, part, names)


def check_path(path: Template, addresses: t.Container[str]) -> None:
    """Checks that a path begins with a slash, or with an id that is an address.

    :raises Mistake: if it does not, or if an id that is an address comes later in the path.
    """
    for number, (part, named) in enumerate(path.parts):
        if named and part in addresses and number:
            raise Mistake(f"{{{part}}} is a path of its own", "it at the beginning")
        if named and part not in addresses and not number:
            raise Mistake(f"a path that begins with {{{part}}}", "a / before it, or kind: path for this id")


def check_header(name: str, text: Template, names: frozenset[str], place: str | None = None) -> None:
    """Checks a header of a profile.

    :param place: as for :func:`check_names`. Only headers of auth, for which it is ``None``, may carry credentials.
    :raises Mistake: for a header that a profile must not set.
    """
    if _BY_CLIENT.fullmatch(name):
        raise Mistake("this header belongs to the connection", "another header", name)
    if _METHOD.fullmatch(name):
        raise Mistake("this header changes the request's method", "another header", name)
    if place and _CREDENTIALS.fullmatch(name):
        raise Mistake("this header carries credentials", "it in auth", name)
    under(name, check_names, text, names, place)
