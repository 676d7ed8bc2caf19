# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordered rules, of which the first that holds counts, and the check that no rule is hidden by an earlier rule."""

from __future__ import annotations

import dataclasses
import itertools
import math
import typing as t

from .conditions import Condition, Pattern, Words, alternatives, covers
from .mistakes import Mistake, shown

MOST_COMBINATIONS = 2000
"""The most combinations of words of all rules that are checked one by one. If there are more, each condition is checked as a whole."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The state of a word or a rule.

    :param place: the part of the profile that has the word or the rule.
    :param resting: whether the job stays in its state until a person acts.
    """

    state: str
    place: str
    resting: bool = False


@dataclasses.dataclass(frozen=True)
class Rule:
    """An outcome and its conditions.

    :param when: for each value, by name, the condition on it.
    """

    outcome: Outcome
    when: t.Mapping[str, Condition]


def check_hidden(rules: t.Sequence[Rule]) -> None:
    """Checks that no rule, and no word of a rule, is covered by an earlier rule.

    :raises Mistake: for the first rule or word that is.
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
    """The earlier rule that holds whenever these conditions hold; ``None`` if there is none."""
    for rule in earlier:
        if all(name in combination and covers(wide, combination[name]) for name, wide in rule.when.items()):
            return rule
    return None


def _word(condition: Condition) -> str:
    if isinstance(condition, Words):
        (word,) = condition.words
        return "null" if word is None else shown(word)
    return f"'{condition}'" if isinstance(condition, Pattern) else "this condition"
