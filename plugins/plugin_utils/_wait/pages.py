# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of one reading of a listing, for all jobs that need them at that moment."""

from __future__ import annotations

import typing as t

from ...module_utils._http.client import ApiClient


class Pages:
    """Replies to requests with a query: each is made once. Requests without a query, such as for a job itself, are made each time."""

    def __init__(self) -> None:
        self._replies: dict[t.Any, t.Any] = {}

    def through(self, client: ApiClient) -> ApiClient:
        """The client, with these replies in place of new ones."""
        return t.cast(ApiClient, _Client(client, self._replies))


class _Client:
    def __init__(self, client: ApiClient, replies: dict[t.Any, t.Any]) -> None:
        self._client = client
        self._replies = replies

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._client, name)

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None, **more: t.Any) -> t.Any:
        if query is None:
            return self._client.get(*segments, **more)
        key = (segments, *sorted(query.items()))
        if key not in self._replies:
            self._replies[key] = self._client.get(*segments, query=query, **more)
        return self._replies[key]
