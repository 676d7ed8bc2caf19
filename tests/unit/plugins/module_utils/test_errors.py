# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils import _errors

KINDS = {
    _errors.ApiError: ("rejected", False),
    _errors.Unreachable: ("unreachable", True),
    _errors.TimedOut: ("timeout", True),
    _errors.Unavailable: ("unavailable", True),
    _errors.Misconfigured: ("configuration", False),
    _errors.Untrusted: ("certificate", False),
    _errors.Unauthorized: ("unauthorized", False),
    _errors.Forbidden: ("forbidden", False),
    _errors.Missing: ("not_found", False),
    _errors.Redirected: ("redirect", False),
    _errors.BadReply: ("protocol", False),
    _errors.WebPage: ("web_page", False),
    _errors.Incomplete: ("incomplete", False),
}


@pytest.mark.parametrize(("error", "kind", "transient"), [(error, *both) for error, both in KINDS.items()])
def test_an_error_travels_as_a_dictionary(error, kind, transient) -> None:
    there = error("Why.", status=418, code="E1", request_id="r", retry_after=7.0)
    rest = {"status": 418, "code": "E1", "message": "Why.", "request_id": "r", "retry_after": 7.0}
    of_account = kind in ("configuration", "certificate", "unauthorized")
    assert there.as_dict() == {"kind": kind, **rest, "of_account": of_account}
    there.of_account = True
    back = _errors.from_dict(there.as_dict(), "unused")
    assert (type(back), back.as_dict(), back.transient) == (error, there.as_dict(), transient)


@pytest.mark.parametrize("error", [None, {}])
def test_an_error_sent_in_no_known_form_is_a_plain_error(error) -> None:
    back = _errors.from_dict(error, "The delegate said nothing.")
    assert (back.__class__, str(back)) == (_errors.ApiError, "The delegate said nothing.")


def test_an_unknown_kind_is_a_plain_error() -> None:
    assert _errors.from_dict({"kind": "new", "message": "Why."}, "unused").__class__ is _errors.ApiError


@pytest.mark.parametrize(
    ("option", "problem", "sentence", "within"),
    [
        ("limit", "expected 1 or more.", "limit: expected 1 or more.", "jobs[0].limit: expected 1 or more."),
        ("api_url", " is required.", "api_url is required.", "jobs[0].api_url is required."),
        ("", "No credentials.", "No credentials.", "jobs[0]: no credentials."),
    ],
)
def test_an_option_error_names_the_option_and_its_place(option, problem, sentence, within) -> None:
    error = _errors.OptionError(option, problem)
    assert (str(error), str(error.within("jobs[0]"))) == (sentence, within)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((body, "incomplete") for body in (None, {}, [], "")),
        ({"a": None}, "protocol"),
        (0, "protocol"),
        (False, "protocol"),
    ],
)
def test_a_body_with_nothing_in_it_is_incomplete(body, kind) -> None:
    error = _errors.lacking(body, "the state of a job")
    assert (str(error), error.kind) == ("The API answered without the state of a job.", kind)


@pytest.mark.parametrize(("status", "transient"), [(500, True), (501, False), (502, True), (504, True), (505, False)])
def test_a_status_decides_if_an_error_is_transient(status, transient) -> None:
    assert _errors.for_status(status).transient == transient


def test_an_error_of_a_further_request_keeps_the_replies_before_it() -> None:
    first = _errors.Forbidden("No right.", status=403, code="E7", request_id="r", retry_after=7.0)
    later = first.advising("Ask for one.").after({"data": 1})
    assert (type(later), later.raw, later.as_dict()) == (
        _errors.Forbidden,
        {"data": 1},
        {**first.as_dict(), "message": "No right. Ask for one."},
    )
    assert (first.raw, str(first)) == (None, "No right."), "one error may be raised for many jobs"


def test_a_404_of_a_further_request_does_not_mean_a_missing_job() -> None:
    later = _errors.Missing("No page.", status=404).after([])
    assert (type(later), later.status) == (_errors.ApiError, 404)
