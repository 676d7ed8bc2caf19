# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A per-process cache of tokens, so that retries and loop items reuse a token."""

from __future__ import annotations

import hmac
import os
import typing as t


class TokenCache:
    """Keeps the last token of each account. The way to authenticate decides what a token is.

    The keys are digests, because secrets are part of an account and the keys of a dictionary are easily shown.
    """

    def __init__(self) -> None:
        self._tokens: dict[bytes, t.Any] = {}
        self._digest_key = os.urandom(32)  # without this key, nobody can check a guess at a secret against a digest

    def get(self, account: t.Sequence[str]) -> t.Any:
        """The last token of the account, or ``None``."""
        return self._tokens.get(self._digest(account))

    def put(self, account: t.Sequence[str], token: t.Any) -> None:
        """Keeps a token, and drops an older one of the account."""
        self._tokens[self._digest(account)] = token

    def _digest(self, account: t.Sequence[str]) -> bytes:
        return hmac.digest(self._digest_key, repr(tuple(account)).encode(), "sha256")
