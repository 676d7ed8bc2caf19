# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to authenticate of a profile, and the choice of one by the options that are set."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._errors import OptionError
from ..._text import listed
from .answer import Source
from .mistakes import either
from .placeholders import CREDENTIALS, Template, template
from .request import Asking


@dataclasses.dataclass(frozen=True)
class Way:
    """One way to authenticate.

    :param kind: ``basic``, ``none``, ``header``, ``oauth2`` or ``session``: its value of ``auth_method``.
    :param needs: the options and variables that it needs.
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

    :param token_url: a path of ``api_url``, or an absolute URL; ``None`` if the option ``token_url`` is required.
    :param grant: ``client_credentials`` or ``password``.
    :param scope: the scope to request; ``None`` for the scope of the option, if it is set.
    :param credentials: the place of ``client_id`` and ``client_secret``: ``basic`` or ``body``.
    """

    token_url: Template | None
    grant: str
    scope: Template | None
    credentials: str

    def url(self, base_url: str, values: t.Mapping[str, str]) -> str | None:
        """The URL of the token endpoint; ``None`` if only the option ``token_url`` has it.

        :raises OptionError: for a value that is not allowed in a path.
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
    """A login whose answer has a token or a cookie.

    :param login: the request; its placeholders are options and variables.
    :param basic: whether the request carries username and password by HTTP Basic.
    :param take: for each name that is taken from the answer, its place there.
    :param send: the headers of each later request, with the taken names as placeholders.
    :param lifetime: seconds after which a new login is due; ``None`` if a new login follows only a refusal.
    :param renew_on: the statuses after which a new login may help.
    :param logout: the request that ends the session, with the taken names as placeholders; ``None`` for none.
    """

    login: Asking
    basic: bool
    take: t.Mapping[str, Source]
    send: t.Mapping[str, Template]
    lifetime: float | None
    renew_on: frozenset[int]
    logout: Asking | None

    def logout_addresses(self) -> frozenset[str]:
        """The taken names that are addresses: those at the beginning of the path of the logout."""
        parts = self.logout.path.parts[:1] if self.logout else ()
        return frozenset(part for part, named in parts if named and part in self.take)


KINDS = ("basic", "none", "header", "oauth2", "session")


def choose_way(ways: t.Sequence[Way], given: t.Container[str], auth_method: str | None = None) -> Way:
    """The first way whose options and variables are all set. The author of a profile chooses the order of the ways.

    :param given: the names of the options and variables that are set.
    :param auth_method: the kind of the way, if the user has chosen one.
    :raises OptionError: if there is no such way.
    """
    kinds = list(dict.fromkeys(way.kind for way in ways))
    if auth_method is not None:
        ways = [way for way in ways if way.kind == auth_method]
        if not ways:
            raise OptionError("auth_method", f"this profile has no such way to log in; expected {either(kinds)}.")
    complete = [way for way in ways if all(name in given for name in way.needs)]
    if complete:
        return complete[0]
    # The user probably meant the way of which most options are set.
    meant = max(ways, key=lambda way: sum(name in given for name in way.needs))
    missing = next(name for name in _ordered(meant.needs) if name not in given)
    useless = [name for name in CREDENTIALS if name in given and not any(name in way.needs for way in ways)]
    got = f"; it does not use {listed(useless)}" if useless else ""
    raise OptionError(missing, f"it is missing; this profile takes {needed(ways)}{got}.")


def needed(ways: t.Iterable[Way]) -> str:
    """``token, or username and password``: what the ways need; empty if they need nothing."""
    return ", or ".join(dict.fromkeys(listed(_ordered(way.needs)) for way in ways if way.needs))


def _ordered(names: t.Iterable[str]) -> list[str]:
    """Options in the order of the documentation, then variables."""
    order = list(CREDENTIALS)
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


TAKEN_FROM = ("status", "header", "cookie", "body")
"""The parts of a login's answer that a session may read in addition to the JSON (see :func:`parse_path`)."""
