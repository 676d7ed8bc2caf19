# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps the values of a reply to one of our states, by a profile's table of words or by its ordered rules."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._job import CANCELLED, FAILED, PENDING, RUNNING, SKIPPED, STATES, SUCCEEDED
from ..._text import one_line
from .answer import Answer, Finder, Source, Text, as_text
from .conditions import (
    MOST,
    All,
    Condition,
    Either,
    Not,
    Pattern,
    Word,
    Words,
    can_meet,
    compares,
    is_for_lists,
    parse_condition,
    parse_word,
    there,
    word_of,
    words_of,
)
from .conditions import Any as AnyOf
from .mistakes import Mistake, either, joined, nearest, shown, under
from .rules import Outcome, Rule, check_hidden

RESTING = "resting"
"""A state that only profiles use: pending until a person acts. It causes a warning."""
WORD_STATES = (PENDING, RUNNING, RESTING, SUCCEEDED, FAILED, CANCELLED, SKIPPED)
"""The states that a profile may give to a word."""
FEW = 6
"""Up to this number of names, a message lists all of them instead of the most similar ones."""


Values = t.Sequence[t.Any]
Match = t.Callable[[Values, t.Any, Answer], t.Optional[Outcome]]


@dataclasses.dataclass(frozen=True)
class States:
    """The rules of a profile for the state of a job or of a row.

    :param is_table: whether the profile has one path with a table of words, and no rules.
    :param sources: the sources of the values that decide, by name.
    :param match: returns the outcome for the values; ``None`` if no word and no rule matches.
    :param rules: the table or the rules in the form of rules, for checks. A table has a rule for each state.
    :param native: the source of ``native_state``; ``None`` for the values themselves.
    :param otherwise: the outcome of a word that the profile does not name, if there is one.
    :param no_bad_end: the sentence on an API without bad end states.
    :param fold: whether case is ignored.
    :param ranks: for each value how well it names the state: 0 for a value that is compared with words, 1 for a value that must only
        be present, 2 for a value outside of the body.
    """

    place: str
    is_table: bool
    sources: t.Mapping[str, Source]
    match: Match
    rules: tuple[Rule, ...]
    native: Text | None
    otherwise: Outcome | None
    no_bad_end: str | None
    fold: bool
    finders: tuple[Finder, ...]
    ranks: tuple[int, ...]

    def values(self, node: t.Any, answer: Answer) -> list[t.Any]:
        """The values that decide."""
        return [find(node, answer) for find in self.finders]

    def native_state(self, values: Values, node: t.Any, answer: Answer) -> str | None:
        """The API's own word or words: those of ``native``, else the values that are present."""
        if self.native:
            return self.native.find(node, answer)
        return self.words(values)

    def words(self, values: Values) -> str | None:
        """The values of the best rank that are present, joined by ``/``.

        Values that rules compare with words are better than values that must only be present, such as the time of an end. The HTTP
        status and headers are used only if no other value is present.
        """
        if len(values) == 1:
            return as_text(values[0])
        texts = list(zip(self.ranks, map(as_text, values)))
        known = [(rank, text) for rank, text in texts if text is not None]
        best = min((rank for rank, _text in known), default=0)
        return one_line("/".join(text for rank, text in known if rank == best))

    def where(self, name: str) -> str:
        """The place of a value in the profile."""
        return joined(self.place, "path" if self.is_table else f"values.{name}")

    def has_word(self, values: Values) -> bool:
        """Whether any of the values could be a word of the table: present, and neither a list nor a mapping.

        The status and headers count only if no value comes from the body.
        """
        anywhere = not any(source.in_body for source in self.sources.values())
        return any(
            there(value) and not isinstance(value, (list, dict)) and (anywhere or source.in_body)
            for source, value in zip(self.sources.values(), values)
        )

    def outcomes(self) -> set[str]:
        """The states that a job can reach."""
        return {rule.outcome.state for rule in self.rules}

    def named_words(self) -> frozenset[Word]:
        """All exact words of rules."""
        return frozenset(word for rule in self.rules for part in rule.when.values() for word in words_of(part))

    def has_true_or_false(self) -> bool:
        """Whether a condition compares with a boolean."""
        return any(isinstance(word, bool) for word in self.named_words())

    def reads_beyond_body(self) -> bool:
        """Whether the status or a header decides, so that a reply without a body has a state."""
        return bool(self.beyond_body())

    def beyond_body(self) -> str:
        """The sources of the values that are not in the body, as text."""
        return " and ".join(str(source) for source in self.sources.values() if not source.in_body)


def states_of(read: t.Mapping[str, t.Any], place: str) -> States:
    """The states at a place of a profile, which the language has read.

    :raises Mistake: for a word in two states, a rule that never holds, and an invalid condition.
    """
    fold = read.get("ignore_case", False)
    if "path" in read:
        sources, match, rules = _short(read, fold)
    else:
        sources, match, rules = _long(read, fold)
    otherwise = read.get("otherwise")
    return States(
        place=place,
        is_table="path" in read,
        sources=sources,
        match=match,
        rules=rules,
        native=read.get("native"),
        otherwise=Outcome(otherwise, joined(place, "otherwise")) if otherwise else None,
        no_bad_end=read.get("no_bad_end"),
        fold=fold,
        finders=tuple(source.find for source in sources.values()),
        ranks=tuple(_rank(name, source, rules) for name, source in sources.items()),
    )


def _rank(name: str, source: Source, rules: t.Sequence[Rule]) -> int:
    if not source.in_body:
        return 2
    return 0 if any(name in rule.when and compares(rule.when[name]) for rule in rules) else 1


Parsed = tuple[dict[str, Source], Match, tuple[Rule, ...]]


def _short(read: t.Mapping[str, t.Any], fold: bool) -> Parsed:
    """The states of a table of words. Exact words come first, then patterns."""
    source: Source = read["path"]
    if source.projects:
        raise Mistake(
            f"{source} finds a list of words", "'| [0]' at its end, or values and rules with any or all", "path"
        )
    table: dict[Word, Outcome] = {}
    patterns: list[tuple[Pattern, Outcome]] = []
    rules = []
    for state in WORD_STATES:
        if state not in read:
            continue
        outcome = _outcome(state, state)
        written = read[state] if isinstance(read[state], list) else [read[state]]
        if not 1 <= len(written) <= MOST:
            raise Mistake(f"a list of {len(written)}", f"a list of 1 to {MOST}", state)
        parts: list[Condition] = []
        for number, value in enumerate(written):
            try:
                part = parse_word(value, fold)
                _add(part, outcome, table, patterns, value)
            except Mistake as mistake:
                raise mistake.at(joined(state, f"[{number}]" if isinstance(read[state], list) else "")) from None
            parts.append(part)
        rules.append(Rule(outcome, {"path": Either(tuple(parts))}))
    _check_booleans(table)

    def match(values: Values, _node: t.Any, _answer: Answer) -> Outcome | None:
        word = word_of(values[0], fold)
        found = table.get(word)
        if found is None and patterns and isinstance(word, str):
            return next((outcome for pattern, outcome in patterns if pattern.holds(word)), None)
        return found

    return {"path": source}, match, tuple(rules)


def _add(
    part: Words | Pattern,
    outcome: Outcome,
    table: dict[Word, Outcome],
    patterns: list[tuple[Pattern, Outcome]],
    value: t.Any,
) -> None:
    """Adds a word to the table.

    :raises Mistake: for a word that already has another state.
    """
    if isinstance(part, Words):
        (word,) = part.words
        known = table.setdefault(word, outcome)
        if known.place != outcome.place:
            raise Mistake(f"{shown(value)} is in {known.place} already", "each word in one state")
        return
    for other, known in patterns:
        if known.place != outcome.place and can_meet(part, other):
            raise Mistake(
                f"some words fit both {shown(value)} and '{other}' in {known.place}",
                "values and rules, of which the first that holds wins",
            )
    patterns.append((part, outcome))


def _check_booleans(table: t.Mapping[Word, Outcome]) -> None:
    """Checks for the words ``no``, ``off``, ``yes`` and ``on``, which YAML reads as booleans.

    :raises Mistake: for a boolean in a table that also has words.
    """
    texts = [word for word in table if isinstance(word, str) and not word.lstrip("-").isdigit()]
    for word, outcome in table.items():
        if isinstance(word, bool) and texts:
            name = str(word).lower()
            raise Mistake(
                f"{name} among words such as '{texts[0]}'; YAML reads {'yes and on' if word else 'no and off'} as {name}",
                "the word in quotes",
                outcome.place,
            )


def _long(read: t.Mapping[str, t.Any], fold: bool) -> Parsed:
    """The states of values and ordered rules. The first rule that holds counts."""
    sources: dict[str, Source] = read["values"]
    rules = []
    for number, written in enumerate(read["rules"]):
        place = f"rules[{number}]"
        when = {}
        if not written["when"]:
            raise Mistake(
                "no condition",
                "one condition or more; 'otherwise' is for all words that no rule names",
                f"{place}.when",
            )
        for name, value in written["when"].items():
            spot = f"{place}.when.{name}"
            if name not in sources:
                names = either(sources) if len(sources) <= FEW else nearest(name, list(sources))
                raise Mistake("there is no such value", names, spot)
            when[name] = under(spot, parse_condition, value, fold)
            if sources[name].projects and not is_for_lists(when[name]):
                raise Mistake(
                    f"a condition on one value, while {sources[name]} finds a list", "any, all or present", spot
                )
        rules.append(Rule(_outcome(written["state"], place), when))
    check_hidden(rules)
    return sources, _rule_match(tuple(rules), list(sources), sources), tuple(rules)


def check_ends(states: States, ends: bool = True) -> None:
    """Checks that a job can reach its end.

    :param ends: whether a good and a bad end must be reachable: true for states that decide about a job.
    :raises Mistake: for the first fault.
    """
    reached = states.outcomes()
    bad = sorted(reached & {FAILED, CANCELLED})
    if states.no_bad_end and bad:
        raise Mistake(f"there is a bad end: {bad[0]}", "no_bad_end only if there is none", "no_bad_end")
    if not ends:
        return
    if SUCCEEDED not in reached:
        raise Mistake("no word means succeeded, so that no job ever ends well", "at least one")
    if not bad and not states.no_bad_end:
        raise Mistake(
            "no word means failed or cancelled, so that a failed job is waited for until the timeout",
            "at least one, or no_bad_end with a sentence on it",
        )


def _rule_match(rules: tuple[Rule, ...], names: list[str], sources: t.Mapping[str, Source]) -> Match:
    tests = [
        (rule.outcome, tuple((names.index(name), part.holds) for name, part in rule.when.items())) for rule in rules
    ]
    lists = [
        (number, sources[name])
        for number, name in enumerate(names)
        if sources[name].projects and any(_asks_for_all(rule.when[name]) for rule in rules if name in rule.when)
    ]
    all_whole = [True] * len(names)

    def match(values: Values, node: t.Any, answer: Answer) -> Outcome | None:
        whole = all_whole
        if lists:
            whole = list(all_whole)
            for number, source in lists:
                whole[number] = source.find_whole(node, answer)[1]
        for outcome, parts in tests:
            for number, holds in parts:
                if not holds(values[number], whole[number]):
                    break
            else:
                return outcome
        return None

    return match


def _asks_for_all(condition: Condition) -> bool:
    if isinstance(condition, Either):
        return any(map(_asks_for_all, condition.parts))
    return isinstance(condition, All) or (isinstance(condition, (Not, AnyOf)) and _asks_for_all(condition.inner))


def _outcome(state: str, place: str) -> Outcome:
    return Outcome(PENDING if state == RESTING else state, place, state == RESTING)


class Overrides:
    """The meaning of native states for one task. Exact states come first, then patterns in their order.

    :param given: the option ``state_overrides``.
    :param fold: whether case is ignored.
    :raises Mistake: for an unknown state.
    """

    def __init__(self, given: t.Mapping[t.Any, t.Any], fold: bool = False) -> None:
        self._fold = fold
        self._exact: dict[Word, str] = {}
        self._patterns: list[tuple[Pattern, str]] = []
        states = [state for state in STATES if state in WORD_STATES]
        for word, state in given.items():
            if state not in states:
                raise Mistake(shown(state), either(states), str(word))
            part = parse_word(as_text(word), fold)
            if isinstance(part, Pattern):
                self._patterns.append((part, state))
            else:
                self._exact.update(dict.fromkeys(part.words, state))

    def state(self, native_state: str | None) -> str | None:
        """The state for this native state; ``None`` if the task does not override it."""
        word = word_of(native_state, self._fold)
        if word is None:
            return None
        found = self._exact.get(word)
        return found or next((state for pattern, state in self._patterns if pattern.holds(word)), None)
