# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that several clients use in turn."""

from __future__ import annotations

import hmac
import os
import typing as t


class TokenCache:
    """Keeps the last token of each account. What a token is, a way to authenticate knows.

    Accounts are known by a digest: the keys of a dictionary are shown more easily than what it holds, and secrets are part of
    an account.
    """

    def __init__(self) -> None:
        self._tokens: dict[bytes, t.Any] = {}
        self._digest_key = os.urandom(32)  # without it a digest does not tell whether a guess at a secret is right

    def get(self, account: t.Sequence[str]) -> t.Any:
        """The last token of the account, or ``None``."""
        return self._tokens.get(self._digest(account))

    def put(self, account: t.Sequence[str], token: t.Any) -> None:
        """Keep a token, in place of an older one."""
        self._tokens[self._digest(account)] = token

    def _digest(self, account: t.Sequence[str]) -> bytes:
        return hmac.digest(self._digest_key, repr(tuple(account)).encode(), "sha256")
