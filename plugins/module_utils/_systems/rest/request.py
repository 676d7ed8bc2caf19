# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that a profile describes. The client sends them."""

from __future__ import annotations

import dataclasses
import typing as t

from .placeholders import Template


@dataclasses.dataclass(frozen=True)
class Request:
    """One request, without credentials.

    :param query: parameters in addition to those in ``url``.
    :param json: the body as JSON, ``None`` for none.
    :param form: the body as a form, ``None`` for none.
    """

    method: str
    url: str
    query: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    json: t.Any = None
    form: t.Mapping[str, str] | None = None

    @property
    def content(self) -> dict[str, t.Any]:
        """What is sent to the URL, as :meth:`Transport.send` takes it."""
        return {"params": dict(self.query), "json": self.json, "form": self.form}

    def parameter(self, name: str) -> str | None:
        """A parameter of the query, or a key of the body of a POST."""
        value = (self.json or {}).get(name) if self.method == "POST" else self.query.get(name)
        return None if value is None else str(value)

    def with_parameter(self, name: str, value: str) -> Request:
        """The request with another value of the parameter. Numbers stay numbers in a body."""
        if self.method != "POST":
            return dataclasses.replace(self, query={**self.query, name: value})
        body = self.json if isinstance(self.json, dict) else {}
        number = value.isdecimal() and not isinstance(body.get(name), str)
        return dataclasses.replace(self, json={**body, name: int(value) if number else value})


@dataclasses.dataclass(frozen=True)
class Asking:
    """A request of a profile, with placeholders: a method, a path, a query, a body.

    :param json: a JSON body in which each text is a :class:`Template`.
    :param form: a form, ``None`` for none.
    """

    method: str
    path: Template
    query: t.Mapping[str, Template] = dataclasses.field(default_factory=dict)
    json: t.Any = None
    form: t.Mapping[str, Template] | None = None

    def templates(self) -> list[tuple[str, Template]]:
        """All texts with placeholders, each with its key in the profile."""
        where = "json" if self.form is None else "form"
        return [
            (self.method.lower(), self.path),
            *((f"query.{name}", text) for name, text in self.query.items()),
            *((where, text) for text in templates_in(self.json if self.form is None else dict(self.form))),
        ]

    def names(self) -> frozenset[str]:
        """The placeholders of the request."""
        return frozenset().union(*(text.names for _place, text in self.templates()))

    def request(self, base_url: str, values: t.Mapping[str, str], addresses: t.Container[str] = ()) -> Request:
        """The request with these values.

        :param base_url: the beginning of all addresses.
        :param addresses: the placeholders whose values are paths or URLs.
        :raises OptionError: for a value that is not allowed in a path, or that leads to another origin.
        """
        return Request(
            self.method,
            self.path.address(base_url, values, addresses),
            {name: text.fill(values) for name, text in self.query.items()},
            filled(self.json, values),
            None if self.form is None else {name: text.fill(values) for name, text in self.form.items()},
        )


def filled(body: t.Any, values: t.Mapping[str, str]) -> t.Any:
    """A JSON body with its placeholders filled. Keys, numbers, booleans and null stay unchanged."""
    if isinstance(body, Template):
        return body.fill(values)
    if isinstance(body, dict):
        return {key: filled(part, values) for key, part in body.items()}
    if isinstance(body, list):
        return [filled(part, values) for part in body]
    return body


def templates_in(body: t.Any) -> list[Template]:
    """All texts with placeholders in a body."""
    if isinstance(body, Template):
        return [body]
    parts = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return [text for part in parts for text in templates_in(part)]
