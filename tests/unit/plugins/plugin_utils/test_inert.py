# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No text that is inert is code to a template engine, in whatever a user makes of it."""

from __future__ import annotations

import unicodedata

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.plugin_utils._inert import inert

HEADER = "#jinja2:"
PIECES = [*"{%#}-jina2:$_x \n", "jinja2", "#j", "$ANSIBLE", "_VAULT"]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("boom {{ lookup('pipe', 'id') }} end", "boom ❴❴ lookup('pipe', 'id') }} end"),
        ("{% if true %}{# note #}", "❴% if true %}❴# note #}"),
        ("ends in {", "ends in ❴"),
        ('{"a": 1}', '❴"a": 1}'),
        ("#jinja2:variable_start_string:'[['", "♯jinja2∶variable_start_string:'[['"),
        ("error: #jinja2:x", "error: ♯jinja2∶x"),
        ("jinja2:x", "jinja2∶x"),
        ("#", "♯"),
        ("$ANSIBLE_VAULT;1.1;AES256", "$ANSIBLE-VAULT;1.1;AES256"),
    ],
)
def test_text_that_begins_a_template_is_replaced(text: str, safe: str) -> None:
    assert inert(text) == safe


@pytest.mark.parametrize(
    "text", ["", "job #7 of 12: 50 % done }}", "SYNTHETIC 1.198.0 → 1.198.1", "a:b # c", "$HOME", "-7"]
)
def test_text_that_begins_no_template_is_not_changed(text: str) -> None:
    assert inert(text) == text


def test_only_the_text_in_a_value_is_made_safe() -> None:
    value = {"{{ key }}": ["{", ("{%", 7)], "n": None, "b": True, "f": 48.0, "deep": {"id": "{#"}}
    assert inert(value) == {"❴❴ key }}": ["❴", ["❴%", 7]], "n": None, "b": True, "f": 48.0, "deep": {"id": "❴♯"}}
    assert inert(inert(value)) == inert(value)


CHANGES = [
    str,
    str.strip,
    str.upper,
    lambda text: text.replace(" ", ""),
    lambda text: unicodedata.normalize("NFKD", text),
]


@given(st.lists(HOSTILE, max_size=4), st.integers(0, 12))
def test_inert_text_stays_inert_when_joined_cut_or_normalized(texts: list[str], cut: int) -> None:
    """Fields that are joined, cut, stripped, freed of blanks or normalized."""
    fields = inert(texts)
    for change in [*CHANGES, lambda text: text[:cut], lambda text: text[cut:]]:
        assert "{" not in "".join(map(change, fields))


@given(st.lists(HOSTILE, max_size=4), st.sampled_from(["", "#", "#job ", "j"]))
def test_inert_text_cannot_choose_other_template_delimiters(texts: list[str], before: str) -> None:
    """Fields that are joined, and each of them behind text of the user's own."""
    fields = inert(texts)
    assert HEADER not in "".join(fields)
    assert not any((before + field).startswith(HEADER) for field in fields)
    assert not any("$ANSIBLE_VAULT" in field for field in fields)


@given(HOSTILE)
def test_a_template_engine_renders_inert_text_unchanged(text: str) -> None:
    safe = inert(text).rstrip("\n")
    assert str(jinja2.Environment().from_string(safe).render()) == safe
