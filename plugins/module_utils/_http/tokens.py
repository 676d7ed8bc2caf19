# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A per-process cache of tokens, so that retries and loop items reuse a token."""

from __future__ import annotations

import typing as t

from .._secrets import digest


class TokenCache:
    """Keeps the last token of each account, by a digest of the account. The way to authenticate decides what a token is."""

    def __init__(self) -> None:
        self._tokens: dict[bytes, t.Any] = {}

    def get(self, account: t.Sequence[str]) -> t.Any:
        """The last token of the account, or ``None``."""
        return self._tokens.get(digest(*account))

    def put(self, account: t.Sequence[str], token: t.Any) -> None:
        """Keeps a token, and drops an older one of the account."""
        self._tokens[digest(*account)] = token
