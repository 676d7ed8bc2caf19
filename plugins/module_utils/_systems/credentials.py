# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the options of a task say in one way who asks an API. Pure functions."""

from __future__ import annotations

import typing as t

from .._errors import OptionError
from .._text import listed
from .._values import is_set
from .options import Options, Spec, in_environment

Ways = tuple[tuple[str, ...], ...]
"""The ways to authenticate: for each way, the options that it needs."""


def with_one_way(ways: Ways, spec: Spec, given: t.Mapping[str, t.Any]) -> Spec:
    """The spec without the environment variables of other ways, if the user's options use one way.

    :raises OptionError: if the user's options use more than one way.
    """
    used = [way for way in ways if any(is_set(given.get(name)) for name in way)]
    if not used:
        return spec
    _check_one(ways, used)
    others = {name for way in ways for name in way}.difference(used[0])
    without = {name: {key: rule for key, rule in spec[name].items() if key != "fallback"} for name in others}
    return {**spec, **without}


def check_credentials(ways: Ways, spec: Spec, options: Options) -> None:
    """Checks that the options of exactly one way are set, and that none of them is missing.

    :raises OptionError: if not.
    """
    used = [way for way in ways if any(options[name] is not None for name in way)]
    _check_one(ways, used)
    if not used:
        variables = [[spec[name]["fallback"][1][0] for name in way if "fallback" in spec[name]] for way in ways]
        there = f" (or {_listed(variables)} in the environment)" if all(variables) else ""
        raise OptionError("", f"No credentials. Set {_listed(ways)}{there}.")
    missing = [name for name in used[0] if options[name] is None]
    if missing:
        other = next(name for name in used[0] if options[name] is not None)
        they_are = "they are" if missing[1:] else "it is"
        instead = in_environment(*(spec[name] for name in missing))
        raise OptionError(listed(missing), f"{they_are} needed with {other}{instead}.")


def check_client_certificate(options: Options) -> None:
    """Checks the options of the client certificate without its files, which exist only on the machine that sends the requests.

    :raises OptionError: for a certificate that would not be used.
    """
    if options["client_key"] is not None and options["client_cert"] is None:
        raise OptionError("client_cert", "it is needed with client_key.")
    if options["client_cert"] is not None and str(options["api_url"]).lower().startswith("http:"):
        raise OptionError(
            "client_cert", "expected an api_url that begins with https, because only TLS shows certificates."
        )


def _check_one(ways: Ways, used: t.Sequence[tuple[str, ...]]) -> None:
    if len(used) > 1:
        raise OptionError(used[1][0], f"expected {_listed(ways)}, not both.")


def _listed(ways: t.Sequence[t.Sequence[str]]) -> str:
    """The ways as text: ``a, b and c, or d``."""
    return ", or ".join(map(listed, ways))
