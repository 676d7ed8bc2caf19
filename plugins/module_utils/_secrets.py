# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of one task, and their masking: in free text only, never in a value that a program reads.

ansible-core's own ``remove_values`` (up to 2.21) masks whole results: a state, an id, a number, with 2.16 also ``False``. From 2.22
on core keeps a registry of secrets, and masks them in everything that it prints, states and numbers included. Our secrets are
registered there. The registry also holds other secrets, such as each text that was encrypted with Ansible Vault; we cannot prevent
that core masks these in its output. The results that a play reads stay unchanged.
"""

from __future__ import annotations

import base64
import hmac
import html
import json
import os
import re
import threading
import typing as t
from urllib.parse import quote, quote_plus

from ._text import one_line
from ._values import from_text, number

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:  # up to ansible-core 2.21

    def register_secrets(values: t.Iterable[str], /) -> None:
        """Does nothing: there is no registry of secrets."""


MASK = "********"
SHORTEST = 3
"""Characters. A shorter secret is part of so many words that masking it would make every text unreadable and protect nothing."""
LONG = 8
"""Characters. A shorter secret in an identifier, which programs compare, counts as a coincidence and is not masked."""

VOCABULARY = frozenset({"state", "previous_state", "system", "kind", "type"})
"""Keys of our own results whose values are words of our own, never text of an API."""
IDENTIFIERS = frozenset({"id", "parent_id", "code", "request_id", "name", "api"})
"""Keys of our own results whose values identify something."""


_KEY_OF_DIGESTS = os.urandom(32)


def digest(*values: object) -> bytes:
    """Identifies values, secrets among them, within this process, as a key of a dictionary, which is easily shown.

    Nobody can check a guess at a secret against the digest without a key that this process alone has.
    """
    return hmac.digest(_KEY_OF_DIGESTS, repr(values).encode(), "sha256")


class Secrets:
    """The secrets of one task. Safe for use by many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: set[str] = set()
        self._forms: set[str] = set()
        self._words: set[str] = set()
        self._names: set[str] = set()
        self._search = _Search((), ())
        self._is_stale = False
        self.warnings: list[str] = []
        """A sentence for each option whose value is too short to be masked."""

    def add(self, *values: str | None, option: str = "") -> None:
        """Adds values to mask from now on.

        :param option: the option that the values come from, for the warning about a value that is too short.
        """
        with self._lock:
            new = {value for value in values if value} - self._values
            if not new:
                return
            self._values |= new
            if option and any(len(value.strip()) < SHORTEST for value in new):
                self.warnings.append(f"{option} has fewer than {SHORTEST} characters, so it is not masked in any text.")
            forms = {form for value in new for form in _forms(value)}
            self._forms |= forms
            self._is_stale = True
        register_secrets(forms)

    def spare(self, *, words: t.Iterable[str] = (), names: t.Iterable[str] = ()) -> None:
        """Adds texts that are never masked, even if they contain a secret.

        :param words: whole values, such as states and ids. A text of several words with slashes between them is not masked either.
        :param names: names of options, which our own sentences mention: ``client_secret`` stays although the secret is "secret".
        """
        with self._lock:
            self._words.update(word.casefold() for word in words)
            self._names.update(names)
            self._is_stale = True

    def mask(self, value: t.Any) -> t.Any:
        """A result of ours, or a part of a result, with the secrets masked in its free text."""
        return self._masked(value, "", ours=True)

    def mask_reply(self, value: t.Any) -> t.Any:
        """A vendor's reply with the secrets masked. Its keys are the vendor's, so each text in it may be free text."""
        return self._masked(value, "", ours=False)

    def _masked(self, value: t.Any, key: t.Any, ours: bool) -> t.Any:
        if isinstance(value, str):
            return value if ours and key in VOCABULARY else self._text(value, ours and key in IDENTIFIERS)
        if isinstance(value, t.Mapping):
            return {name: self._masked(part, name, ours) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._masked(part, key, ours) for part in value]
        return value

    def _text(self, text: str, is_identifier: bool) -> str:
        search = self._searched()
        found = [form for form in search.forms if form in text]
        if not found or (is_identifier and all(len(form) < LONG for form in found)):
            return text
        # Programs read numbers and times, even those that are sent as text, and the words of states.
        if number(text) is not None or from_text(text) is not None:
            return text
        if all(word in self._words for word in text.casefold().split("/")):
            return text
        return search.replaced(text)

    def _searched(self) -> _Search:
        if self._is_stale:
            with self._lock:
                self._search = _Search(self._forms, self._names)
                self._is_stale = False
        return self._search


class _Search:
    """Finds secrets in texts.

    :param forms: the secrets, in all their forms.
    :param names: words that are skipped whole, even if they contain a secret.
    """

    def __init__(self, forms: t.Iterable[str], names: t.Iterable[str]) -> None:
        # The longest form comes first: of two forms that begin at the same place the longer one must be masked.
        self.forms = sorted(forms, key=lambda form: (-len(form), form))
        self._names = frozenset(names)
        self._pattern: re.Pattern[str] | None = None

    def replaced(self, text: str) -> str:
        """The text with a mask in place of each secret."""
        parts, end = [], 0
        for start, stop in self._spans(text):
            parts += [text[end:start], MASK]
            end = stop
        return "".join([*parts, text[end:]])

    def _spans(self, text: str) -> t.Iterator[tuple[int, int]]:
        """The places of secrets. Secrets that overlap or touch are one place: otherwise a part of a secret would stay visible."""
        if self._pattern is None:
            self._pattern = self._compiled()
        run: tuple[int, int] | None = None
        for match in self._pattern.finditer(text):
            if match[1] is None:  # a name
                continue
            start, stop = match.span(1)
            if run and start <= run[1]:
                run = (run[0], max(run[1], stop))
                continue
            if run:
                yield run
            run = (start, stop)
        if run:
            yield run

    def _compiled(self) -> re.Pattern[str]:
        names = [name for name in self._names if not any(name in form for form in self.forms)]
        any_form, any_name = ("|".join(map(re.escape, texts)) or "(?!)" for texts in (self.forms, names))
        # The lookahead consumes no text, so that a secret which overlaps another one is found as well.
        return re.compile(rf"\b(?:{any_name})\b|(?=({any_form}))")


def _forms(secret: str) -> set[str]:
    """The forms of a secret: as it was given, on one line, in JSON, in a URL, in a web page, in Base64."""
    if len(secret.strip()) < SHORTEST:
        return set()
    texts = {secret, secret.strip(), one_line(secret) or secret}
    forms = set(texts)
    for text in texts:
        data = text.encode(errors="replace")
        urls = {quote(data, safe=""), quote(data), quote_plus(data)}
        lower = {re.sub("%..", lambda code: code[0].lower(), url) for url in urls}
        # Without the padding, which depends on the text that follows.
        encoded = {encode(data).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)}
        jsons = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
        forms |= {html.escape(text), *urls, *lower, *jsons, *encoded}
    return {form for form in forms if len(form) >= SHORTEST}
