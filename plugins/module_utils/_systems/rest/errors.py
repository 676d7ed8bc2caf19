# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognises errors in replies with any status, as a profile describes them."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._http.client import Fault
from ..._text import one_line
from .answer import Answer, Source, Text, first_of, shown_value, source_of, text_at
from .conditions import Condition, is_for_lists, parse_condition
from .mistakes import Mistake, joined, under
from .paths import parse_path

NOTHING_READ: dict[str, t.Any] = {"values": {}, "rule": None, "not_found": [], "advice": []}
"""The explanation of a reply without a job (see :meth:`JobReader.explain`)."""

Test = tuple[Source, Condition]
When = tuple[tuple[Test, ...], ...]
"""Groups of conditions. A group holds if all its conditions hold; one group must hold."""

# The usual places of an error message, for profiles that name none: RFC 9457 (detail, title), RFC 6749 (error_description), OData and
# many others.
_USUAL = (
    "error.message",
    "error_description",
    "message",
    "detail",
    "errors[].message",
    "errors[].detail",
    "errors",
    "error",
    "title",
    "@",
)
USUAL_MESSAGE = first_of([text_at(parse_path(path)) for path in _USUAL])


@dataclasses.dataclass(frozen=True)
class ErrorRule:
    """The rule that makes a reply an error.

    :param place: the part of the profile that has the rule, or ``$status``.
    :param status: the HTTP status to use instead of the reply's; ``None`` for the reply's own.
    """

    place: str
    status: int | None


@dataclasses.dataclass(frozen=True)
class Errors:
    """The rules of a profile for errors.

    :param when: the conditions for an error that comes with a good status.
    :param missing_when: the conditions for a job that does not exist.
    :param unauthorized_when: the conditions for a login that is no longer valid.
    :param answers: the statuses of 400 and more that are states and not errors.
    """

    when: When = ()
    missing_when: When = ()
    unauthorized_when: When = ()
    message: Text = USUAL_MESSAGE
    code: Text | None = None
    request_id: Text | None = None
    answers: frozenset[int] = frozenset()

    def fault(self, answer: Answer) -> Fault | None:
        """The error in a reply; ``None`` if the reply is an answer.

        The checks in their order: the job is missing, the login is not valid, the status, an error with a good status.
        """
        rule = self._rule(answer)
        return self._fault(answer, rule.status) if rule else None

    def explain(self, answer: Answer) -> dict[str, t.Any] | None:
        """Why the reply is an error, with the values that decide; ``None`` if it is an answer."""
        rule = self._rule(answer)
        if rule is None:
            return None
        fault = self._fault(answer, rule.status)
        tests = [
            test for when in (self.missing_when, self.unauthorized_when, self.when) for group in when for test in group
        ]
        values = {str(source): shown_value(source.find(answer.body, answer)) for source, _condition in tests}
        sought = {"message": self.message, "code": self.code, "request_id": self.request_id}
        said = {"message": fault.message, "code": fault.code, "request_id": fault.request_id}
        return {
            **NOTHING_READ,
            "error": f"It is an error (status {rule.status or answer.status}): {fault.message or 'no message found'}",
            "values": {"$status": answer.status, **values},
            "rule": rule.place,
            "not_found": [f"error.{name}: {text}" for name, text in sought.items() if text and said[name] is None],
        }

    def _rule(self, answer: Answer) -> ErrorRule | None:
        """The rule that makes the reply an error; ``None`` if it is an answer."""
        for name, when, status in (
            ("missing_when", self.missing_when, 404),
            ("unauthorized_when", self.unauthorized_when, 401),
        ):
            number = _first(when, answer)
            if number is not None:
                return ErrorRule(_place(name, when, number), status)
        if answer.status >= 400:
            return None if answer.status in self.answers else ErrorRule("$status", None)
        number = _first(self.when, answer)
        return None if number is None else ErrorRule(_place("when", self.when, number), 400)

    def _fault(self, answer: Answer, status: int | None) -> Fault:
        said = self.message.find(answer.body, answer) if answer.text is None else _plain(answer.text)
        return Fault(
            said,
            code=self.code.find(answer.body, answer) if self.code else None,
            request_id=self.request_id.find(answer.body, answer) if self.request_id else None,
            status=status,
        )


def _plain(text: str) -> str | None:
    """The text of an error that is not JSON. A web page is not shown, because it is unreadable on one line."""
    return None if text.lstrip()[:1] == "<" else one_line(text)


def errors_of(read: t.Mapping[str, t.Any], answers: t.Iterable[int] = ()) -> Errors:
    """The rules in the ``error`` of a profile, which the language has read.

    :param answers: the statuses of 400 and more that are states.
    :raises Mistake: for an invalid path or condition.
    """
    groups = {name: under(name, _when, read.get(name, ())) for name in ("when", "missing_when", "unauthorized_when")}
    return Errors(
        **groups,
        message=read.get("message", USUAL_MESSAGE),
        code=read.get("code"),
        request_id=read.get("request_id"),
        answers=frozenset(map(int, answers)),
    )


def _when(groups: t.Sequence[t.Mapping[str, t.Any]]) -> When:
    return tuple(
        tuple(
            under(joined(f"[{number}]" if len(groups) > 1 else "", ""), _test, path, value)
            for path, value in group.items()
        )
        for number, group in enumerate(groups)
    )


def _test(path: str, value: t.Any) -> Test:
    try:
        source = source_of([parse_path(path)])
        condition = parse_condition(value)
        if source.projects and not is_for_lists(condition):
            raise Mistake("a condition on one value, while the path finds a list", "any, all or present")
    except Mistake as mistake:
        raise mistake.at(path) from None
    return source, condition


def _first(groups: When, answer: Answer) -> int | None:
    """The number of the first group of conditions that holds."""
    for number, group in enumerate(groups):
        if all(condition.holds(*source.find_whole(answer.body, answer)) for source, condition in group):
            return number
    return None


def _place(name: str, groups: When, number: int) -> str:
    return f"error.{name}[{number}]" if len(groups) > 1 else f"error.{name}"
