# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reply says against a request: errors with any status, as a profile describes them."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._http.client import Fault
from ..._text import one_line
from .answer import Answer, Source, Text, first_of, source_of, text_at
from .conditions import Condition, is_for_lists, parse_condition
from .mistakes import Mistake, joined, under
from .paths import parse_path

Test = tuple[Source, Condition]
When = tuple[tuple[Test, ...], ...]
"""Groups of conditions: all of one group must hold."""

# Where APIs put the reason if nobody says where: RFC 9457 (detail, title), RFC 6749 (error_description), OData and many others.
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
class Errors:
    """How a profile reads errors.

    :param when: a good status that comes with an error.
    :param missing_when: there is no such job.
    :param unauthorized_when: the login is no longer good.
    :param answers: statuses of 400 and more that are states, and no errors.
    """

    when: When = ()
    missing_when: When = ()
    unauthorized_when: When = ()
    message: Text = USUAL_MESSAGE
    code: Text | None = None
    request_id: Text | None = None
    answers: frozenset[int] = frozenset()

    def fault(self, answer: Answer) -> Fault | None:
        """What the reply says against the request, ``None`` if it is an answer.

        In this order: the job is missing, the login is not good, the status, an error with a good status.
        """
        if self.missing_when and _holds(self.missing_when, answer):
            return self._fault(answer, 404)
        if self.unauthorized_when and _holds(self.unauthorized_when, answer):
            return self._fault(answer, 401)
        if answer.status >= 400:
            return None if answer.status in self.answers else self._fault(answer, None)
        if self.when and _holds(self.when, answer):
            return self._fault(answer, 400)
        return None

    def _fault(self, answer: Answer, status: int | None) -> Fault:
        said = self.message.find(answer.body, answer) if answer.text is None else _plain(answer.text)
        return Fault(
            said,
            code=self.code.find(answer.body, answer) if self.code else None,
            request_id=self.request_id.find(answer.body, answer) if self.request_id else None,
            status=status,
        )


def _plain(text: str) -> str | None:
    """The text of an error that is no JSON. A page for people says nothing on one line."""
    return None if text.lstrip()[:1] == "<" else one_line(text)


def errors_of(read: t.Mapping[str, t.Any], answers: t.Iterable[int] = ()) -> Errors:
    """How the ``error`` of a profile reads errors, as the language has it.

    :raises Mistake: for a path or a condition that is none.
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


def _holds(groups: When, answer: Answer) -> bool:
    return any(
        all(condition.holds(*source.find_whole(answer.body, answer)) for source, condition in group) for group in groups
    )
