# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth2 access tokens: signed JWTs, valid for a simulated time."""

from __future__ import annotations

import json
import time
import uuid
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


class TokenIssuer:
    """Issues RS256 tokens and knows which of them are still valid."""

    KEY_ID = "simulator"

    def __init__(self) -> None:
        self._valid_until: dict[str, float] = {}  # simulated seconds

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        # Made for the first token, because it takes a tenth of a second.
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        key = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": self.KEY_ID, "use": "sig", "alg": "RS256"}]}

    def issue(self, subject: str, lifetime: float, speed: float, now: float) -> str:
        """A token for the subject; ``lifetime`` and ``now`` in simulated seconds."""
        # A client checks the claims by its own clock, which --speed does not change.
        real = int(time.time())
        claims = {
            "sub": subject,
            "aud": subject,
            "iat": real,
            "exp": real + int(lifetime / speed),
            "jti": str(uuid.uuid4()),
        }
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.KEY_ID})
        self._valid_until = {old: until for old, until in self._valid_until.items() if now < until}
        self._valid_until[token] = now + lifetime
        return token

    def valid(self, token: str, now: float) -> bool:
        """Whether the token was issued here and has not expired."""
        return now < self._valid_until.get(token, 0.0)

    def void(self, token: str) -> None:
        """Makes one token void."""
        self._valid_until.pop(token, None)

    def void_all(self) -> None:
        """Makes all tokens void."""
        self._valid_until.clear()

    def count(self, now: float) -> int:
        """How many are valid."""
        return sum(now < until for until in self._valid_until.values())
