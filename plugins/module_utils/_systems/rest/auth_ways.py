# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to log in that a profile has, and which of them the given options complete."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._errors import OptionError
from .answer import Source
from .mistakes import either
from .placeholders import CREDENTIALS, Template, template
from .request import Asking


@dataclasses.dataclass(frozen=True)
class Way:
    """One way to authenticate.

    :param kind: ``basic``, ``none``, ``header``, ``oauth2`` or ``session``: the word of ``auth_method`` for it.
    :param needs: the options and variables without which it cannot be taken.
    """

    kind: str
    needs: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Headers(Way):
    """Credentials in headers of each request."""

    headers: t.Mapping[str, Template]


@dataclasses.dataclass(frozen=True)
class OAuth2(Way):
    """A token by OAuth2 (RFC 6749, 4.3 and 4.4), sent as ``Authorization: Bearer``.

    :param token_url: a path of ``api_url``, or an absolute URL; ``None`` if the option of this name must be given.
    :param grant: ``client_credentials`` or ``password``.
    :param scope: the scope to ask for; ``None`` for that of the option, if it is given.
    :param credentials: ``basic`` or ``body``: where ``client_id`` and ``client_secret`` are sent.
    """

    token_url: Template | None
    grant: str
    scope: Template | None
    credentials: str

    def url(self, base_url: str, values: t.Mapping[str, str]) -> str | None:
        """The URL of the token endpoint, ``None`` if the option of this name says it.

        :raises OptionError: for a value that cannot stand in a path.
        """
        if self.token_url is None:
            return None
        scheme, absolute, rest = self.token_url.text.partition("://")
        if not absolute:
            return self.token_url.address(base_url, values)
        host, _slash, path = rest.partition("/")
        return template(f"/{path}").address(f"{scheme}://{host}", values)


@dataclasses.dataclass(frozen=True)
class Session(Way):
    """A login that gives a token or a cookie.

    :param login: the request; its placeholders are options and variables.
    :param basic: whether it carries username and password by HTTP Basic.
    :param take: what the answer gives: names, and where they are found.
    :param send: the headers of each later request, with the names taken as placeholders.
    :param lifetime: seconds after which a new login is due; ``None`` if only a refusal tells.
    :param renew_on: the statuses that a new login may repair.
    :param logout: the request that ends it, with the names taken as placeholders, ``None`` for none.
    """

    login: Asking
    basic: bool
    take: t.Mapping[str, Source]
    send: t.Mapping[str, Template]
    lifetime: float | None
    renew_on: frozenset[int]
    logout: Asking | None

    def logout_addresses(self) -> frozenset[str]:
        """The names taken that are an address of their own: those with which the path of the logout begins."""
        parts = self.logout.path.parts[:1] if self.logout else ()
        return frozenset(part for part, named in parts if named and part in self.take)


KINDS = ("basic", "none", "header", "oauth2", "session")


def choose_way(ways: t.Sequence[Way], given: t.Container[str], auth_method: str | None = None) -> Way:
    """The first way that the given options and variables complete: the order of a profile is the choice of its author.

    :param given: the names of what was given.
    :param auth_method: the kind of the way to take, if not the first.
    :raises OptionError: if there is none.
    """
    kinds = list(dict.fromkeys(way.kind for way in ways))
    if auth_method is not None:
        ways = [way for way in ways if way.kind == auth_method]
        if not ways:
            raise OptionError("auth_method", f"this profile has no such way to log in; expected {either(kinds)}.")
    complete = [way for way in ways if all(name in given for name in way.needs)]
    if complete:
        return complete[0]
    # The way of which most is there is the one that was meant.
    meant = max(ways, key=lambda way: sum(name in given for name in way.needs))
    missing = next(name for name in _ordered(meant.needs) if name not in given)
    useless = [name for name in CREDENTIALS if name in given and not any(name in way.needs for way in ways)]
    got = f"; it does not use {_listed(useless)}" if useless else ""
    choices = ", or ".join(dict.fromkeys(_listed(_ordered(way.needs)) for way in ways if way.needs))
    raise OptionError(missing, f"it is missing; this profile takes {choices}{got}.")


def _ordered(names: t.Iterable[str]) -> list[str]:
    """Options in the order of the documentation, then variables."""
    order = list(CREDENTIALS)
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def _listed(names: t.Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


TAKEN_FROM = ("status", "header", "cookie", "body")
"""What a session may take from beside the JSON of its answer; see :func:`parse_path`."""
