# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for each system alike."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError
from ansible_collections.endstate.jobs.plugins.module_utils._job import STATES
from ansible_collections.endstate.jobs.plugins.module_utils._secrets import Secrets
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import BY_KEY, SYSTEMS
from ansible_collections.endstate.jobs.tests.unit.cases import CASES, check_job
from ansible_collections.endstate.jobs.tests.unit.replies import strata

WORDS = [
    "",
    "0",
    "5",
    "27",
    "\ud800",
    "\x1b[2J",
    "a\nb",
    "NaN",
    "{}",
    "FIN",
    "ACT",
    "FAIL",
    "CommitAndPush",
    "FAILED",
    "Complete",
]
WORDS += ["error", "failure", "2022-10-20 18:00:19", '{"errors": ["x"]}']
LEAVES = st.sampled_from([None, True, False, 0, -1, 5, 27, 99.5, 1519825420, 10**400, *WORDS])
VALUES = st.recursive(
    LEAVES | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["errors", "text", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
ITEMS = {**{case.name: case.reply for case in CASES}, "strata": strata.FINISHED["data"][0]}
SHAPES = [
    lambda one, _two: one,
    lambda one, two: [one, two],
    lambda one, two: {"data": [one, two]},
    lambda one, two: [{"data": [one]}, {"data": [two, one]}],
    lambda one, two: {"updateJobs": [one, two]},
    lambda one, two: {"allUpdateJobs": [{"agId": one.get("id"), "updateJobs": [one]}, {"updateJobs": [two]}]},
]


def replies(item):
    """Any JSON; and, in all shapes, two jobs of which some fields are anything at all."""
    changed = st.builds(
        lambda changes: {**item, **changes}, st.dictionaries(st.sampled_from(sorted(item)), VALUES, max_size=4)
    )
    return VALUES | st.builds(lambda shape, one, two: shape(one, two), st.sampled_from(SHAPES), changed, changed)


def options(case, **changes):
    """Validated options of the info module."""
    system = BY_KEY[case.key]
    given = {**case.options, "api_url": "https://api.example.com", **changes}
    return system.validated(system.module_spec(), {name: value for name, value in given.items() if value is not None})


LISTINGS = {"dynatrace": [{"job_id": None}, {"job_id": None, "activegate_id": None}], "xclarity": [{"task_id": "0"}]}
LISTINGS |= {"strata": [{"job_id": None}, {"children": True}]}
READS = [(case, changes) for case in CASES for changes in [{}, *LISTINGS.get(case.name, [])]]


@pytest.mark.parametrize(("case", "changes"), READS, ids=[f"{case.name}-{changes}" for case, changes in READS])
def test_any_reply_gives_jobs_or_an_error_of_the_api(case, changes) -> None:
    system, given_options = BY_KEY[case.key], options(case, **changes)
    one = system.job_id(given_options)

    @given(replies(ITEMS[case.name]))
    def holds(raw):
        try:
            jobs = system.parse(raw, given_options)
        except ApiError:
            return
        assert one is None or [job.id for job in jobs] == [one]
        for job in jobs:
            check_job(job.as_dict())

    holds()


def test_each_system_has_a_case() -> None:
    assert [(case.name, case.key, case.module) for case in CASES] == [
        (system.name, system.key, system.module) for system in SYSTEMS
    ]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_each_way_to_authenticate_uses_existing_options(system) -> None:
    assert {name for way in system.credentials for name in way} <= system.connection.keys()
    assert set(system.optional_ids) <= system.ids.keys()


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_the_words_for_states_are_masked_nowhere(system) -> None:
    """A delegated wait understands a reply in which the secrets are masked."""
    tables = [
        value
        for value in vars(sys.modules[type(system).__module__]).values()
        if isinstance(value, dict) and all(state in STATES for state in value.values())
    ]
    words = {word for table in tables for word in table if not word.isdigit()}
    assert words <= system.words
    secrets = Secrets()
    secrets.add(*words)
    secrets.spare(words=system.words)
    assert secrets.mask_reply([*words]) == [*words]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_accounts_differ_by_any_option_of_the_connection(system) -> None:
    case = next(case for case in CASES if case.name == system.name)
    base = options(case)
    assert system.account(base) == system.account({**base, next(iter(system.ids)): "other"})
    for name in system.connection_spec():
        assert system.account(base) != system.account({**base, name: "other"})
    secrets = [base[name] for name, option in system.connection_spec().items() if option.get("no_log")]
    assert not any(secret in repr(system.account(base)) for secret in filter(None, secrets))
