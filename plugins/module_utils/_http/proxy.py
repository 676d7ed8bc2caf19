# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the proxy of a request, and the setting that names the proxy."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import importlib.util
import os
import re
import typing as t
from urllib.parse import unquote, urlsplit

from .._errors import OptionError
from .library import requests
from .url import STANDARD_PORTS, check_origin

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")
SOCKS = ("socks4", "socks4a", "socks5", "socks5h")


@dataclasses.dataclass(frozen=True)
class Proxy:
    """A proxy.

    :param url: its URL, which may contain a password.
    :param setting: the option or the environment variable that names it.
    """

    url: str
    setting: str

    @property
    def is_socks(self) -> bool:
        """Whether this is a SOCKS proxy."""
        return urlsplit(self.url).scheme in SOCKS


def proxy_for(origin: str, option: str | None) -> Proxy | None:
    """The proxy to an origin: from the option, else from the environment; ``None`` if there is none.

    :param option: the value of the option ``proxy``.
    :raises OptionError: for a proxy that cannot be used.
    """
    if option:
        return check_proxy("proxy", option)
    utils: t.Any = requests.utils
    found = utils.get_environ_proxies(origin, no_proxy=None)
    key = next((key for key in (urlsplit(origin).scheme, "all") if found.get(key)), None)
    return _of_environment(key, found[key]) if key else None


def secrets_of(option: str | None) -> frozenset[str]:
    """The passwords of the proxies that may be used, as given and as sent. A proxy may quote them in an error.

    :param option: the value of the option ``proxy``.
    """
    urls = [option] if option else [os.environ[name] for name in os.environ if name.lower().endswith("_proxy")]
    found: set[str] = set()
    for url in urls:
        user, _colon, password = url.rpartition("@")[0].rpartition("/")[2].partition(":")
        if password:
            found |= {unquote(password), *_in_basic(f"{unquote(user)}:{unquote(password)}")}
    return frozenset(found)


def _in_basic(account: str) -> t.Iterator[str]:
    """The forms of ``user:password`` in HTTP Basic: Latin-1, as requests sends it to a proxy, and UTF-8 (RFC 7617)."""
    for charset in ("latin-1", "utf-8"):
        with contextlib.suppress(UnicodeEncodeError):  # a sign that Latin-1 lacks
            yield base64.b64encode(account.encode(charset)).decode()


def check_proxy(setting: str, url: str) -> Proxy:
    """The proxy at a URL, after checks.

    :param setting: the option or the environment variable that the URL comes from.
    :raises OptionError: for a proxy that cannot be used.
    """
    check_origin(setting, url, (*STANDARD_PORTS, *SOCKS))
    proxy = Proxy(url, setting)
    if proxy.is_socks and not importlib.util.find_spec("socks"):
        raise OptionError(setting, "a SOCKS proxy needs the Python library PySocks, which is not installed.")
    return proxy


def _of_environment(key: str, given: str) -> Proxy:
    names = [name for name in os.environ if name.lower() == f"{key}_proxy" and os.environ[name] == given]
    # Of two variables that differ in case only, Python reads the one in lower case. On some systems desktop settings count too.
    setting = max(names, default="The proxy in the settings of this system")
    return check_proxy(setting, given if _SCHEME.match(given) else f"http://{given}")
