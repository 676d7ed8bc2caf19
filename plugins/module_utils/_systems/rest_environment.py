# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses the environment variables for a task: those of the account for any API, or those that a profile of the library names."""

from __future__ import annotations

import os
import typing as t

from .._http.url import origin_of
from .._values import is_set
from .options import Spec, environment, from_environment
from .rest.profile import Profile
from .rest_options import ACCOUNT, ANY_API_URL, RestOptions


def with_one_account(spec: Spec, given: t.Mapping[str, t.Any], profile: Profile) -> Spec:
    """The spec with the environment variables of one account: the variables for any API, or those of the profile.

    The variables for any API are one account, including its address. All of them are used or none, because otherwise one API would
    get credentials of another.

    :param given: the options as the user wrote them.
    """
    own = profile.environment
    some = {name for name in ACCOUNT if is_set(given.get(name))}
    if not some and not any(map(_is_there, own.values())) and _is_for_any_api(given.get("api_url")):
        return spec
    meant: set[str] = set().union(*(way.needs for way in profile.auth if way.needs & some))
    without = [name for name in ACCOUNT if some and name not in meant]
    found = {**spec}
    for name in ("api_url", *ACCOUNT):
        found[name] = {key: rule for key, rule in spec[name].items() if key != "fallback"}
        if name in own and name not in without:
            found[name] = {**found[name], **environment(own[name])}
    return found


def variables_of(profile: Profile) -> dict[str, str]:
    """The values of the profile's variables that the environment has."""
    return {
        name: os.environ[variable]
        for name, variable in profile.environment.items()
        if name in profile.variables and _is_there(variable)
    }


def unused_variable(option: str, profile: Profile) -> str:
    """The end of a message on a missing option: why its variable is not used; empty if the variable is not set."""
    rules = RestOptions.connection.get(option, {})
    if from_environment(rules) is None:
        return ""
    variable = rules["fallback"][1][0]
    address = "" if variable == ANY_API_URL else f"with {ANY_API_URL}, for that host, and "
    own = ", and if no environment variable of the profile is set" if profile.environment else ""
    return f" {variable} is not used: it counts only {address}if the task sets no credentials{own}."


def _is_there(variable: str) -> bool:
    return is_set(os.environ.get(variable))


def _is_for_any_api(api_url: t.Any) -> bool:
    """Whether the environment has an account for any API, and the task names no other address."""
    there = os.environ.get(ANY_API_URL)
    if not is_set(there):
        return False
    if not is_set(api_url):
        return True
    try:
        return origin_of(str(api_url)) == origin_of(str(there))
    except ValueError:
        return False
