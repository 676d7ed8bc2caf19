# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema for editors says what the reader of profiles says."""

from __future__ import annotations

import json
import pathlib

import jsonschema
import pytest
import yaml
from hypothesis import given

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.language import PROFILE, json_schema
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.samples import MINIMAL, changed
from ansible_collections.endstate.jobs.tests.unit.plugins.module_utils._systems.rest.test_read_profile import (
    FULL,
    damaged,
)

ROOT = pathlib.Path(__file__).parents[6]
LIBRARY = ROOT / "plugins" / "plugin_utils" / "_profiles"
PROFILES = sorted([*(ROOT / "tests" / "unit" / "profiles").glob("*.yml"), *LIBRARY.glob("*.yml")])
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def problems(mapping):
    return sorted(error.json_path for error in VALIDATOR.iter_errors(mapping))


def test_the_schema_of_profiles_is_a_valid_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_the_file_for_editors_is_up_to_date() -> None:
    """If not: ``make render``."""
    file = ROOT / "docs" / "rest_job_profile.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_each_profile_is_valid_by_the_schema(file) -> None:
    mapping = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert problems(mapping) == []
    assert read_profile(mapping, file.name, library=file.parent == LIBRARY).file == file.name


@pytest.mark.parametrize("mapping", [MINIMAL, FULL])
def test_the_samples_of_these_tests_are_valid(mapping) -> None:
    assert problems(mapping) == []


@given(damaged())
def test_each_profile_that_is_accepted_is_valid_by_the_schema(mapping) -> None:
    try:
        read_profile(mapping)
    except OptionError:
        return
    assert problems(mapping) == []


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("statee", {}, "$"),
        ("schema", 2, "$.schema"),
        ("name", "Example", "$.name"),
        ("ids", {"task": {"kind": "url"}}, "$.ids.task.kind"),
        ("auth", ["digest"], "$.auth[0]"),
        ("status.get", "https://evil.example.com", "$.status"),
        ("state", {"path": "s", "succeeded": []}, "$.state"),
        ("fields", {"progress": {"scale": 1}}, "$.fields.progress"),
        ("error", {"when": {"a": {"nt": 1}}}, "$.error.when"),
        ("listing", {"get": "/x"}, "$.listing"),
    ],
)
def test_the_schema_marks_a_mistake_at_its_place(place, value, path) -> None:
    mapping = changed((place, value))
    assert problems(mapping) == [path]
    with pytest.raises(OptionError):
        read_profile(mapping)


def _keys(shape, place=""):
    """Every key of the language with its sentence."""
    keys = getattr(shape, "keys", None)
    if isinstance(keys, dict):
        for name, key in keys.items():
            yield f"{place}.{name}", key
            yield from _keys(key.shape, f"{place}.{name}")
    for name in ("shape", "text", "list", "mapping", "other"):
        inner = getattr(shape, name, None)
        if inner is not None and not isinstance(inner, str):
            yield from _keys(inner, place)
    for variant in getattr(shape, "variants", {}).values():
        yield from _keys(variant, place)


def test_every_key_has_a_sentence_for_people() -> None:
    keys = dict(_keys(PROFILE))
    assert len(keys) > 150
    assert [place for place, key in keys.items() if not key.doc.endswith(".")] == []
