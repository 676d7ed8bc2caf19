# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the rows of jobs and their children from a listing, for the readings of the jobs themselves that follow."""

from __future__ import annotations

import json
import typing as t

from ...module_utils._http.client import ApiClient

MOST = 8 * 1024 * 1024
"""The most characters that are kept of one listing: 20,000 jobs with a child each. For further jobs the listing is read again."""


class Families:
    """For each job the part of a listing with the job and its children, as text, which is ten times smaller than the parsed JSON."""

    def __init__(self) -> None:
        self._texts: dict[t.Hashable, str] = {}
        self._length = 0

    def add(self, job: t.Hashable, family: t.Any) -> None:
        """Keeps the family of a job, unless the limit of :data:`MOST` is reached."""
        text = json.dumps(family)
        self._length += len(text)
        if self._length <= MOST:
            self._texts[job] = text

    def pop(self, job: t.Hashable) -> str | None:
        """Takes the family of a job out; ``None`` if there is none."""
        return self._texts.pop(job, None)


def knowing(client: ApiClient, family: str) -> ApiClient:
    """A client that answers a request for the listing with this family. Requests without a query, such as for a job, are sent."""
    return t.cast(ApiClient, _Client(client, family))


class _Client:
    def __init__(self, client: ApiClient, family: str) -> None:
        self._client = client
        self._family = family

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._client, name)

    def get(self, *segments: str, query: t.Mapping[str, str] | None = None) -> t.Any:
        return self._client.get(*segments) if query is None else json.loads(self._family)
