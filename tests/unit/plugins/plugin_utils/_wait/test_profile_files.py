# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles by their name, their file, or as they are."""

from __future__ import annotations

import json
import os
import pathlib

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.plugins.plugin_utils._wait.profile_files import Profiles, names

OWN = {
    "schema": 1,
    "name": "my_job",
    "ids": {"job": {}},
    "auth": ["none"],
    "status": {"get": "/jobs/{job}"},
    "state": {"path": "state", "succeeded": "done", "failed": "failed"},
}
TEXT = """\
schema: 1
name: my_job
ids: {job: {}}
auth: [none]
status: {get: "/jobs/{job}"}
state: {path: state, succeeded: done, failed: failed}
"""


@pytest.fixture
def profiles(tmp_path):
    def find(name):
        file = tmp_path / name
        return str(file) if file.exists() else None

    return Profiles(find)


def refused(profiles, given) -> str:
    with pytest.raises(OptionError) as caught:
        profiles.load(given)
    return str(caught.value)


@pytest.mark.parametrize("name", names())
def test_a_profile_of_the_library_is_found_by_its_name(profiles, name) -> None:
    profile, mapping = profiles.load(name)
    assert (profile.name, profile.library, mapping["name"]) == (name, True, name)
    assert profiles.load(name)[0] is profile


@pytest.mark.parametrize("name", names())
def test_another_machine_can_read_a_profile_of_the_library(profiles, name) -> None:
    profile, mapping = profiles.load(name)
    assert read_profile(json.loads(json.dumps(mapping)), profile.file).words == profile.words


def test_an_unknown_profile_is_refused_with_the_nearest_names(profiles) -> None:
    assert refused(profiles, "proxmx_task").startswith(
        "profile: the collection has no profile 'proxmx_task'. Did you mean proxmox_task"
    )
    assert "It has airflow_dag_run, aptly_task," in refused(profiles, "zzz")
    assert refused(profiles, "zzz").endswith(" The name of a file has a / or an extension.")


@pytest.mark.parametrize("name", ["my.yml", "my.yaml", "folder/my", "./my.yml"])
def test_a_slash_or_an_extension_makes_a_profile_a_file(profiles, tmp_path, name) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    profile, mapping = profiles.load(name)
    assert (profile.name, profile.library, mapping) == ("my_job", False, OWN)
    assert profile.file == pathlib.Path(name).name


def test_a_file_may_be_json_and_a_mapping_may_be_text(profiles, tmp_path) -> None:
    (tmp_path / "my.json").write_text(json.dumps(OWN), encoding="utf-8")
    for given in ("my.json", OWN, json.dumps(OWN)):
        assert profiles.load(given)[1] == OWN


BAD = {
    "no file": (None, "profile: there is no file 'my.yml'."),
    "a mistake": (f"{TEXT}feilds: {{}}\n", "my.yml: feilds: there is no such key; expected fields or ids."),
    "a key twice": (f"{TEXT}name: again\n", "my.yml: the key 'name' is there twice."),
    "a key twice further down": (
        TEXT.replace("succeeded: done", "failed: x"),
        "my.yml: the key 'failed' is there twice.",
    ),
    "a bare @": (
        TEXT.replace("path: state", "path: @"),
        "my.yml: line 6, column 15: it is not YAML: found character '@' that cannot start any token. A text that begins with @ "
        "or * needs quotes.",
    ),
    "the name of a system": (
        TEXT.replace("my_job", "strata"),
        "my.yml: name: 'strata' is a system of the collection; expected another name.",
    ),
    "a host of its own": (
        f"{TEXT}api_url: https://evil.example.com\n",
        "my.yml: api_url: a profile of your own chooses the host that gets the credentials; expected it as an "
        "option of the task.",
    ),
    "a colon": (
        TEXT.replace("path: state", "path: a: b"),
        None,
    ),
    "a colon in a text": (
        "name: my_job\nmessage: failed: {x}\n",
        "my.yml: line 2, column 16: it is not YAML: mapping values are not allowed here. Check the indentation; a text with a "
        "colon and a blank in it needs quotes.",
    ),
    "a tab": (
        "schema: 1\nids:\n\tjob: {}\n",
        "my.yml: line 3, column 1: it is not YAML: found character '\\t' that cannot start any token. Indent with blanks, not "
        "with tabs.",
    ),
    "a key too far to the left": (
        "ids:\n    job: {}\n  task: {}\n",
        "my.yml: line 3, column 3: it is not YAML: expected <block end>, but found '<block mapping start>'. Check the indentation.",
    ),
    "a bare *": (TEXT.replace("path: state", "path: *"), None),
    "too long": (f"{TEXT}# {'x' * 300000}\n", "profile: 'my.yml' has more than 64 KB."),
    "no such day": (f"{TEXT}tested: 2026-99-99\n", "my.yml: line 7, column 9: a value cannot be read."),
    "a key that is a set": ("? !!set {a}\n: 1\n", "my.yml: line 1, column 1: a value cannot be read."),
    "a float of 4,000 parts": (
        f"{TEXT}x: 1{':59' * 4000}.5\n",
        "my.yml: line 7, column 4: a value cannot be read.",
    ),
    "a huge number": (
        f"{TEXT}headers: {{X-A: 0x{'f' * 5000}}}\n",
        "my.yml: a number of more than 18 digits; expected a smaller one, or text in quotes.",
    ),
    "merged keys": (
        "{<<: [&a {k: 1}, *a]}\n",
        "my.yml: line 1, column 2: << (a merge) is not allowed; repeat the keys, or use an alias for a whole value.",
    ),
    "a tag of Python's": (
        "!!python/object/apply:os.system [x]\n",
        "my.yml: line 1, column 1: could not determine a constructor for the tag "
        "'tag:yaml.org,2002:python/object/apply:os.system'.",
    ),
    "nested too deep": ("[" * 5000, "my.yml: it is not YAML."),
}


@pytest.mark.parametrize(("text", "sentence"), BAD.values(), ids=BAD)
def test_a_file_that_is_no_profile_is_refused_in_one_sentence(profiles, tmp_path, text, sentence) -> None:
    if text is not None:
        (tmp_path / "my.yml").write_text(text, encoding="utf-8")
    said = refused(profiles, "my.yml")
    assert said == sentence or (sentence is None and said.startswith("my.yml: line ") and ": it is not YAML: " in said)


@pytest.mark.parametrize("value", ["!!int ''", "!!float ''", "!!bool x", "!!timestamp x", "!!map x"])
def test_a_value_that_its_tag_does_not_allow_is_refused(profiles, tmp_path, value) -> None:
    (tmp_path / "my.yml").write_text(f"schema: {value}\n", encoding="utf-8")
    assert refused(profiles, "my.yml") == "my.yml: line 1, column 9: a value cannot be read."


def test_a_value_may_be_an_alias(profiles, tmp_path) -> None:
    text = TEXT.replace("name: my_job", "name: &same my_job").replace("failed: failed", "failed: *same")
    (tmp_path / "my.yml").write_text(text, encoding="utf-8")
    assert profiles.load("my.yml")[1]["state"]["failed"] == "my_job"


def test_a_file_that_cannot_be_read_is_named(profiles, tmp_path) -> None:
    (tmp_path / "my.yml").write_bytes(b"name: \xff\n")
    assert refused(profiles, "my.yml") == "profile: 'my.yml' is not UTF-8."
    (tmp_path / "a.yml").mkdir()
    assert refused(profiles, "a.yml") == "profile: 'a.yml' is no file."


def test_a_pipe_is_no_file(profiles, tmp_path) -> None:
    os.mkfifo(tmp_path / "my.yml")
    assert refused(profiles, "my.yml") == "profile: 'my.yml' is no file."


def test_a_mapping_that_does_not_end_is_refused(profiles) -> None:
    many: object = "x"
    for _level in range(25):
        many = [many, many]
    assert refused(profiles, {**OWN, "fields": many}) == "profile: more than 20,000 values; expected fewer."
    loop = {**OWN}
    loop["fields"] = loop
    assert refused(profiles, loop) == "profile: more than 30 levels; expected fewer."


@pytest.mark.parametrize("given", [7, True, [OWN]])
def test_a_profile_must_be_a_name_a_file_or_a_mapping(profiles, given) -> None:
    assert refused(profiles, given).startswith("profile: expected a name, a file or a dictionary, got ")
