# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports the Python libraries requests and urllib3, which may be missing. All other files import them from here."""

from __future__ import annotations

import traceback
import typing as t
import warnings

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # requests prints warnings about the versions of its dependencies
        import requests
        import urllib3
        from requests.adapters import HTTPAdapter
        from urllib3.connection import HTTPConnection, HTTPSConnection
        from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    requests = urllib3 = t.cast(t.Any, None)
    # Other files derive classes from these names even if the library is missing.
    HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = t.cast(t.Any, object)  # type: ignore[misc]
else:
    REQUESTS_IMPORT_ERROR = None

__all__ = [
    "REQUESTS_IMPORT_ERROR",
    "HTTPAdapter",
    "HTTPConnection",
    "HTTPConnectionPool",
    "HTTPSConnection",
    "HTTPSConnectionPool",
    "requests",
    "urllib3",
]
