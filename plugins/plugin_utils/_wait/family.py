# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listing told of jobs and their children, for the readings of the jobs themselves that follow it."""

from __future__ import annotations

import json
import typing as t

from ...module_utils._http.client import ApiClient

MOST = 8 * 1024 * 1024
"""Characters that are kept of one listing: 20,000 jobs with a child each. The others read the listing again."""


class Families:
    """The parts of a listing that are about a job and its children each, as text: ten times smaller than what it stands for."""

    def __init__(self) -> None:
        self._texts: dict[t.Hashable, str] = {}
        self._length = 0

    def add(self, job: t.Hashable, family: t.Any) -> None:
        """Keep one, unless there is too much already."""
        text = json.dumps(family)
        self._length += len(text)
        if self._length <= MOST:
            self._texts[job] = text

    def pop(self, job: t.Hashable) -> str | None:
        """The one of a job, once."""
        return self._texts.pop(job, None)


def knowing(client: ApiClient, family: str) -> ApiClient:
    """The client, for which the API's listing is this one. Requests without a query, such as for a job itself, are made."""
    return t.cast(ApiClient, _Client(client, family))


class _Client:
    def __init__(self, client: ApiClient, family: str) -> None:
        self._client = client
        self._family = family

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._client, name)

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Any:
        return self._client.get(*segments) if query is None else json.loads(self._family)
