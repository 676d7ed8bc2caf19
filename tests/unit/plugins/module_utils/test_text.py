# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts, lists and durations as people read them."""

from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._text import counted, duration, named


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (245, "4 min 05 s"),
        (3599.6, "1 h"),
        (7500, "2 h 05 min"),
        (90_000, "25 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_count_has_its_noun_in_singular_or_plural() -> None:
    assert [counted(count, "job") for count in (0, 1, 2)] == ["0 jobs", "1 job", "2 jobs"]


def test_only_the_first_ten_names_are_listed() -> None:
    assert named(["a", "b"]) == "a; b"
    assert named(list("abcdefghijkl")) == "a; b; c; d; e; f; g; h; i; j; and 2 more"
