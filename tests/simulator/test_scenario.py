# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a scenario is said in one sentence, with the place in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.scenario import ScenarioError, load, parse

DONE = [{"state": "5"}]


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ([], "Input should be a valid dictionary"),
        ({"job": []}, "job: Extra inputs are not permitted"),
        ({"jobs": [{"system": "multiplay", "stages": [{"for": 3}, {"state": "5"}]}]}, "jobs[0].stages[0].state: Field"),
        ({"jobs": [{"system": "multiplay", "stages": [{"state": []}]}]}, "jobs[0].stages[0].state: Input should be"),
        ({"jobs": [{"stages": DONE}]}, "jobs[0].system: Field required"),
        ({"jobs": [{"system": "jenkins", "stages": DONE}]}, "jobs[0]: there is no system 'jenkins'; there are dynat"),
        ({"jobs": [{"system": "multiplay", "stages": DONE, "shape": "x"}]}, "jobs[0]: multiplay has no shape 'x'"),
        ({"jobs": [{"system": "multiplay", "stages": DONE, "colour": "x"}]}, "jobs[0]: unknown key 'colour'; a job of"),
        (
            {"jobs": [{"system": "multiplay", "stages": DONE, "children": [{"stages": DONE}]}]},
            "jobs[0]: jobs of multiplay have no children",
        ),
        ({"faults": [{"kind": "fire"}]}, "faults[0].kind: there is no fault 'fire'; there are status, delay"),
        ({"faults": [{"kind": "status", "status": 200}]}, "faults[0].status: Input should be greater than or equal"),
        ({"faults": [{"kind": "redirect", "status": 404}]}, "faults[0]: status must be 300 to 399 for a redirect"),
        (
            {"faults": [{"kind": "hang", "seconds": 4}]},
            "faults[0]: the fault hang has no option 'seconds'; it has none",
        ),
        ({"faults": [{"kind": "refuse", "job": "7"}]}, "faults[0]: the fault refuse strikes connections"),
        ({"faults": [{"kind": "hang", "path": "jobs"}]}, "faults[0].path: expected token, logout, keys, or the begin"),
        ({"faults": [{"kind": "hang", "system": "x"}]}, "faults[0].system: there is no system 'x'"),
        ({"accounts": {"strata": {"pin": "1"}}}, "accounts: strata has no 'pin'; it has client_id"),
        ({"accounts": {"strata": {"token_lifetime": "x"}}}, "accounts: strata.token_lifetime must be a number above 0"),
        (
            {"settings": {"strata": {"missing": "x"}}},
            "settings: strata.missing must be one of not_found, empty, not 'x'",
        ),
        ({"created": {"strata": {"stages": DONE, "x": "y"}}}, "created: unknown key 'x'"),
    ],
)
def test_a_mistake_in_a_scenario_is_one_sentence_with_its_place(scenario: Any, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(scenario)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"jobs: [", "line 1"),
        (b"\xff\xfe", "it is no UTF-8 text"),
        (b"jobs: [{system: strata}]", "scenario.yml cannot be used: jobs[0].stages: Field required"),
        (None, "No such file"),
    ],
)
def test_a_scenario_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "scenario.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert sentence in str(caught.value)


def test_an_empty_file_is_an_empty_scenario(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yml"
    path.write_text("")
    assert load(path).jobs == ()


def test_a_duplicate_id_is_refused_before_anything_is_added(stage: Any) -> None:
    job = {"system": "xclarity", "id": 12, "stages": [{"state": "complete"}]}
    with pytest.raises(ScenarioError, match=r"jobs\[1\].id: xclarity has a job '12' already"):
        stage.play(job, job)
    stage.play(job)
    with pytest.raises(ScenarioError, match=r"jobs\[0\].id"):
        stage.play(job)


def test_unquoted_numbers_are_texts() -> None:
    account = parse({"accounts": {"multiplay": {"account_service_id": 77}}}).accounts["multiplay"]
    assert account == {"account_service_id": "77"}
