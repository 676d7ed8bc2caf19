# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.action.job_gate_options import ActionModule
from ansible_collections.endstate.jobs.plugins.modules import job_gate_options
from ansible_collections.endstate.jobs.plugins.plugin_utils._gate_variables import PUBLISHED, REPORT, VARIABLES
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.options import OPTIONS
from ansible_collections.endstate.jobs.tests.unit.plugins.action.acting import run_action
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import trust_as_template

DEFAULTS = {name: option.get("default") for name, option in REPORT.items()}


def checked(**variables):
    return run_action(ActionModule, {}, {f"job_gate_{name}": value for name, value in variables.items()})


@pytest.mark.parametrize("blank", [None, "", " \n\t"])
def test_a_blank_variable_is_not_set(blank) -> None:
    result = checked(**dict.fromkeys(VARIABLES, blank))
    assert (result.get("failed"), result["options"]) == (None, DEFAULTS)
    assert checked()["options"] == DEFAULTS


def test_all_variables_except_the_jobs_are_returned() -> None:
    given = {"timeout": "30", "concurrency": 2, "fail_on": "failed,cancelled", "title": "Rollout", "allow_failed": 1}
    result = checked(jobs=[{"firmware_repo": {"task_id": "12", "password": "secret"}}], **given)
    expected = {**DEFAULTS, **given, "fail_on": ["failed", "cancelled"], "allow_failed": "1"}
    assert (result.get("failed"), result["options"]) == (None, expected)


def test_only_the_variables_of_the_gate_are_templated() -> None:
    variables = {"seconds": 30, "job_gate_timeout": trust_as_template("{{ seconds }}")}
    assert run_action(ActionModule, {}, variables)["options"]["timeout"] == 30
    result = run_action(ActionModule, {}, {"job_gate_other": trust_as_template("{{ nowhere }}"), "another": "x"})
    assert result["msg"].startswith("job_gate_other: there is no such variable")


@pytest.mark.parametrize("name", ["alow_failed", "allow_faild", "allow-failed", "Allow_failed"])
def test_a_misspelt_name_is_refused_with_the_nearest_one(name) -> None:
    result = checked(**{name: "1", "title": "Rollout"})
    assert (result["failed"], result["msg"]) == (
        True,
        f"job_gate_{name}: there is no such variable; did you mean job_gate_allow_failed?",
    )
    assert result["options"]["title"] == "Rollout"


def test_an_unknown_name_is_refused_with_a_list_of_all_names() -> None:
    expected = ", ".join(f"job_gate_{name}" for name in VARIABLES)
    assert checked(xyz=1)["msg"] == f"job_gate_xyz: there is no such variable; expected {expected}."


def test_variables_published_by_a_gate_are_accepted_by_the_next_gate() -> None:
    assert checked(**dict.fromkeys(PUBLISHED, "x")).get("failed") is None


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"timeout": "soon"}, "job_gate_timeout: expected a number of seconds, got 'soon'."),
        ({"interval": 9, "max_interval": 3}, "job_gate_max_interval: expected at least interval (9 s), got 3."),
        ({"fail_on": "running"}, "job_gate_fail_on: expected failed or cancelled or skipped, got ['running']."),
        ({"fail_on": "{a: 1}"}, "job_gate_fail_on: expected failed or cancelled or skipped, got {'a': 1}."),
        ({"progress": "some"}, "job_gate_progress: expected changes or polls or none, got 'some'."),
        ({"concurrency": 1.5}, "job_gate_concurrency: expected a whole number, got 1.5."),
        ({"allow_failed": "9" * 5000}, "job_gate_allow_failed: expected a number of jobs such as 2 or a percentage"),
        ({"allow_empty": "perhaps"}, "job_gate_allow_empty: expected true or false, got 'perhaps'."),
        (
            {"stats_prefix": "import"},
            "job_gate_stats_prefix: expected the beginning of a variable's name, got 'import'.",
        ),
        ({"stats_prefix": "größe"}, "job_gate_stats_prefix: expected the beginning of a variable's name, got 'größe'."),
        ({"jobs": 7}, "job_gate_jobs: expected a list of jobs in YAML or JSON, got a number."),
        ({"jobs": "[" * 10_000}, "job_gate_jobs: expected a list of jobs in YAML or JSON, got text."),
        ({"jobs": "- 2026-99-99"}, "job_gate_jobs: expected a list of jobs in YAML or JSON, got text."),
    ],
)
def test_a_bad_value_is_told_under_the_name_of_its_variable(variables, message) -> None:
    result = checked(**variables)
    assert result["failed"] is True
    assert result["msg"].startswith(message)


@given(
    st.dictionaries(
        st.sampled_from(VARIABLES),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_any_value_of_a_gate_is_accepted_or_refused_in_one_sentence(values) -> None:
    result = checked(**values)
    if result.get("failed"):
        assert result["msg"].startswith("job_gate_")
    else:
        assert result["options"].keys() <= {*REPORT, *OPTIONS}


def test_the_plugin_job_gate_options_has_no_options() -> None:
    assert yaml.safe_load(job_gate_options.DOCUMENTATION)["options"] == {}
    assert yaml.safe_load(job_gate_options.RETURN)["options"]["sample"] == {**DEFAULTS, "timeout": 1800}
