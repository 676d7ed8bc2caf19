# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what only profiles of the library may have: environment variables, and hosts that get the credentials."""

from __future__ import annotations

import typing as t

from .mistakes import Mistake, nearest
from .placeholders import CREDENTIALS
from .scope import Scope

_OF_LIBRARY = {
    "environment": "a profile of your own reads environment variables",
    "api_url": "a profile of your own chooses the host that gets the credentials",
}
"""The keys that only profiles of the library may have: any other profile could use them to send a secret to a host of its choice."""


def check_library(read: t.Mapping[str, t.Any], scope: Scope) -> None:
    """Checks that a profile of the library has all required keys, and that any other profile has none of :data:`_OF_LIBRARY`.

    :param read: the profile, which the language has read.
    :raises Mistake: for the first key that is missing or not allowed.
    """
    if not scope.library:
        for key, why in _OF_LIBRARY.items():
            if key in read:
                raise Mistake(why, "it as an option of the task", key)
        return
    for key in ("title", "sources", "tested"):
        if key not in read:
            raise Mistake(f"{key} is missing", "it in each profile of the collection")
    options = (*CREDENTIALS, "api_url", "token_url", *scope.variables)
    for name in read.get("environment", {}):
        if name not in options:
            raise Mistake("there is no such option or variable", nearest(name, options), f"environment.{name}")


def without_keys_of_library(mapping: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A profile of the library without the keys that only the library may have. The options carry the values of these keys."""
    rest = {key: part for key, part in mapping.items() if key not in ("environment", "api_url")}
    ways = []
    for way in rest["auth"]:
        oauth2 = way.get("oauth2") if isinstance(way, dict) else None
        if oauth2 and "://" in str(oauth2.get("token_url")):
            way = {"oauth2": {key: part for key, part in oauth2.items() if key != "token_url"}}
        ways.append(way)
    return {**rest, "auth": ways}
