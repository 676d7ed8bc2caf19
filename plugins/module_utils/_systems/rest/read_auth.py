# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and checks the ``auth`` of a profile."""

from __future__ import annotations

import typing as t

from .auth_ways import Headers, OAuth2, Session, Way
from .mistakes import Mistake, under
from .placeholders import Template
from .request import Asking, templates_in
from .scope import IN_PATH, Scope, check_braces, check_header, check_names, check_path


def ways_of(read: t.Sequence[t.Any], scope: Scope) -> tuple[Way, ...]:
    """The ways to authenticate, which the language has read.

    :raises Mistake: for a way that would never be used, and for a secret in a place where others could see it.
    """
    ways = [under(f"[{number}]", _way, way, scope) for number, way in enumerate(read)]
    for number, way in enumerate(ways):
        if way.kind == "none" and number < len(ways) - 1:
            raise Mistake("none needs nothing, so that no way after it is ever taken", "it at the end", f"[{number}]")
        if any((other.kind, other.needs) == (way.kind, way.needs) for other in ways[:number]):
            raise Mistake(
                f"two ways of the kind {way.kind} need the same",
                "one of them, because auth_method cannot tell them apart",
                f"[{number}]",
            )
    return tuple(ways)


def _way(read: t.Any, scope: Scope) -> Way:
    if read == "basic":
        return Way("basic", frozenset({"username", "password"}))
    if read == "none":
        return Way("none", frozenset())
    ((kind, content),) = read.items()
    make = {"header": _headers, "oauth2": _oauth2, "session": _session}[kind]
    return t.cast(Way, under(kind, make, content, scope))


def _headers(read: t.Mapping[str, Template], scope: Scope) -> Headers:
    for name, text in read.items():
        check_header(name, text, scope.names(secrets=True))
    needs = scope.needed(read.values())
    if not needs:
        raise Mistake("no option, so that the credentials would be part of the profile", "{token} or another option")
    return Headers("header", needs, read)


def _oauth2(read: t.Mapping[str, t.Any], scope: Scope) -> OAuth2:
    grant = read.get("grant", "client_credentials")
    token_url: Template | None = read.get("token_url")
    asked: Template | None = read.get("scope")
    for key, text in (("token_url", token_url), ("scope", asked)):
        if text:
            under(key, check_names, text, scope.names(), IN_PATH)
    if token_url and "://" in token_url.text and not scope.library:
        raise Mistake(
            "a profile of your own sends credentials to another host",
            "a path of api_url, or nothing here and the option token_url",
            "token_url",
        )
    account = {"client_id", "client_secret"} if grant == "client_credentials" else {"username", "password"}
    needs = scope.needed(filter(None, (token_url, asked))) | account | ({"token_url"} if not token_url else set())
    return OAuth2("oauth2", needs, token_url, grant, asked, read.get("credentials", "basic"))


def _session(read: t.Mapping[str, t.Any], scope: Scope) -> Session:
    names = scope.names(secrets=True)
    taken = frozenset(read["take"])
    for name in sorted(taken):
        if name in names or name in scope.ids:
            raise Mistake("an option, a variable or an id has this name", "another name", f"take.{name}")
    if "json" in read and "form" in read:
        raise Mistake("json and form together", "one of them")
    login = Asking("POST", read["post"], json=read.get("json"), form=read.get("form"))
    under("post", check_path, login.path, ())
    under("post", check_names, login.path, scope.names(), IN_PATH)
    for place in ("json", "form"):
        for text in templates_in(read.get(place)):
            under(place, check_names, text, names, None)
    under("json", check_braces, read.get("json"), names)
    for name, text in read["send"].items():
        under("send", check_header, name, text, names | taken)
    sent = taken & frozenset().union(*(text.names for text in read["send"].values()))
    if not sent:
        raise Mistake("nothing that was taken is sent", f"{{{min(taken)}}} in a header", "send")
    basic = read.get("basic", False)
    texts = [*(text for _place, text in login.templates()), *read["send"].values()]
    return Session(
        "session",
        scope.needed(texts, taken) | ({"username", "password"} if basic else set()),
        login=login,
        basic=basic,
        take=read["take"],
        send=read["send"],
        lifetime=read.get("lifetime"),
        renew_on=frozenset(map(int, read.get("renew_on", [401]))),
        logout=under("logout", _logout, read["logout"], taken, sent, scope) if "logout" in read else None,
    )


def _logout(read: t.Mapping[str, Template], taken: frozenset[str], sent: frozenset[str], scope: Scope) -> Asking:
    ((method, path),) = read.items()
    for name in sorted(path.names & sent):
        raise Mistake(f"the secret {{{name}}} {IN_PATH}", "another name taken, or none", method)
    under(method, check_names, path, scope.names(*taken), IN_PATH)
    # A taken value is an address at the beginning of the path, and a segment anywhere else.
    under(method, check_path, path, taken if path.parts[0][1] else ())
    return Asking(method.upper(), path)
