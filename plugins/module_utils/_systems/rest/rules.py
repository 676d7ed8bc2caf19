# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordered rules, the first of which that holds wins, and the check that none of them is hidden by an earlier one."""

from __future__ import annotations

import dataclasses
import itertools
import math
import typing as t

from .conditions import Condition, Pattern, Words, alternatives, covers
from .mistakes import Mistake, shown

MOST_COMBINATIONS = 2000
"""Combinations of words of all rules that are looked at one by one; beyond it each condition is looked at whole."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a word or a rule says.

    :param place: the part of the profile that says so.
    :param resting: whether the job stays as it is until somebody acts.
    """

    state: str
    place: str
    resting: bool = False


@dataclasses.dataclass(frozen=True)
class Rule:
    """An outcome, and what must hold for it.

    :param when: conditions by the name of the value that they are on.
    """

    outcome: Outcome
    when: t.Mapping[str, Condition]


def check_hidden(rules: t.Sequence[Rule]) -> None:
    """Find rules, and words of rules, that an earlier rule has taken.

    :raises Mistake: for the first one.
    """
    parts = [{name: alternatives(condition) for name, condition in rule.when.items()} for rule in rules]
    one_by_one = sum(math.prod(map(len, part.values())) for part in parts) <= MOST_COMBINATIONS
    for number, rule in enumerate(rules):
        combinations = [dict(rule.when)]
        if one_by_one:
            combinations = [dict(zip(rule.when, words)) for words in itertools.product(*parts[number].values())]
        takers = [(one, _taker(one, rules[:number])) for one in combinations]
        taken = [(one, taker) for one, taker in takers if taker]
        if not taken:
            continue
        words, by = taken[0]
        if len(taken) == len(takers):
            raise Mistake(
                f"it never holds because {by.outcome.place} holds first",
                "it before that rule, or not at all",
                rule.outcome.place,
            )
        name = next(iter(by.when))
        raise Mistake(
            f"{_word(words[name])} is taken by {by.outcome.place} already",
            "each word in one rule",
            f"{rule.outcome.place}.when.{name}",
        )


def _taker(combination: t.Mapping[str, Condition], earlier: t.Sequence[Rule]) -> Rule | None:
    """The earlier rule that holds whenever these conditions hold."""
    for rule in earlier:
        if all(name in combination and covers(wide, combination[name]) for name, wide in rule.when.items()):
            return rule
    return None


def _word(condition: Condition) -> str:
    if isinstance(condition, Words):
        (word,) = condition.words
        return "null" if word is None else shown(word)
    return f"'{condition}'" if isinstance(condition, Pattern) else "this condition"
