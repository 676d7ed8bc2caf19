# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection whose requests are readings of their own, for tests of what many readings share."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.module_utils._http.client import Connection
from ansible_collections.endstate.jobs.plugins.module_utils._http.transport import Reply


class AskingConnection(Connection):
    """Has the methods of a client, each as a reading."""

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Any:
        with self.reading() as client:
            return client.get(*segments, query=query)

    def pieces(self, *segments: str) -> t.Iterator[t.Any]:
        with self.reading() as client:
            yield from client.pieces(*segments)

    def exchange(self, method: str, url: str, **content: t.Any) -> Reply:
        with self.reading() as client:
            return client.exchange(method, url, **content)
