# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes credentials from the account of a task, for the way to authenticate that its options choose."""

from __future__ import annotations

import typing as t

from ..._http.auth import StaticAuth, TokenLogin, basic_auth
from ..._http.client import Auth
from ..._http.url import check_url
from .auth_ways import Headers, OAuth2, Session, Way
from .logins import SessionOfProfile
from .profile import Profile

Account = t.Mapping[str, str]
"""The options with credentials and their addresses that are set."""


def fixed_headers(profile: Profile, values: t.Mapping[str, str]) -> dict[str, str]:
    """The headers that the profile sends with each request, including logins.

    :raises OptionError: for a value that is not allowed in a header.
    """
    return {name: text.header(values) for name, text in profile.headers.items()}


def credentials(profile: Profile, way: Way, account: Account, base_url: str, values: t.Mapping[str, str]) -> Auth:
    """The credentials, with the headers that the profile sends with each request.

    :param base_url: the beginning of all addresses.
    :param values: options (including secrets) and variables by name.
    :raises OptionError: for a value that cannot be sent.
    """
    fixed = fixed_headers(profile, values)
    if isinstance(way, Headers):
        return StaticAuth({**fixed, **{name: text.header(values) for name, text in way.headers.items()}})
    if isinstance(way, OAuth2):
        return _token_login(way, account, base_url, values, fixed)
    if isinstance(way, Session):
        basic = _basic(account) if way.basic else StaticAuth({})
        return SessionOfProfile(way, base_url, values, fixed, profile.fault, basic.headers)
    if way.kind == "basic":
        basic = _basic(account)
        return StaticAuth({**fixed, **basic.headers}, *basic.secrets)
    return StaticAuth(fixed)


def _basic(account: Account) -> StaticAuth:
    return basic_auth(account["username"], account["password"])


def _token_login(
    way: OAuth2, account: Account, base_url: str, values: t.Mapping[str, str], fixed: t.Mapping[str, str]
) -> TokenLogin:
    url = check_url("token_url", way.url(base_url, values) or account["token_url"])
    form, client, check = {"grant_type": way.grant}, dict(fixed), "token_url"
    scope = way.scope.fill(values) if way.scope else account.get("scope")
    if scope:
        form["scope"] = scope
    secrets: list[str] = []
    if way.grant == "password":
        form.update(username=account["username"], password=account["password"])
        secrets.append(account["password"])
        check = f"username, password and {check}"
    if "client_id" in account:
        check = f"client_id, client_secret and {check}" if way.grant != "password" else check
        if way.credentials == "basic":
            basic = basic_auth(account["client_id"], account.get("client_secret", ""))
            client.update(basic.headers)
            secrets += basic.secrets
        else:
            form.update({name: account[name] for name in ("client_id", "client_secret") if name in account})
    return TokenLogin(url, form, client, secrets, fixed, check)
