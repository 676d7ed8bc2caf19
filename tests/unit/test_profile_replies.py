# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's profiles have a reply for each word of their tables, and say where words and replies come from.

What a reply is read as is the matter of the tests of the reader.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
PROFILES = ROOT / "plugins" / "plugin_utils" / "_profiles"
REPLIES = ROOT / "tests" / "unit" / "replies" / "rest"
NAMES = sorted(file.stem for file in PROFILES.glob("*.yml"))

STATES = ("pending", "running", "resting", "succeeded", "failed", "cancelled", "skipped")


PEERS = {
    "awx_job": ["redhat-cop/agnosticd", "ansible/awx#15773"],
    "azure_operation": ["hashicorp/terraform-provider-azurerm#22771"],
    "catalyst_task": ["a public guide to Catalyst Center", "cisco.dnac"],
    "checkpoint_task": ["check_point.mgmt"],
    "f5_as3_task": ["f5_bigip"],
    "foreman_task": ["theforeman.foreman", "theforeman/foreman-ansible-modules#1609"],
    "fortimanager_task": ["fortinet.fortimanager"],
    "github_run": ["public projects"],
    "gitlab_pipeline": ["gitlab4j"],
    "idrac_job": [
        "dellemc.openmanage, playbooks/idrac",
        "dellemc.openmanage, utils.py",
        "dell/dellemc-openmanage-ansible-modules#716",
    ],
    "kubernetes_job": ["ansible-collections/kubernetes.core#1201 and kubectl wait"],
    "nutanix_task": ["nutanix.ansible, prism/tasks.py", "nutanix.ansible, its own tests"],
    "oneview_task": ["a public guide to OneView"],
    "ontap_job": ["netapp.ontap"],
    "proxmox_task": ["community.proxmox"],
    "redfish_task": [
        "dellemc.openmanage, playbooks/redfish/firmware",
        "dellemc.openmanage, playbooks/redfish/storage",
        "a public guide to Redfish",
        "ansible-collections/community.general#8003",
        "dell/dellemc-openmanage-ansible-modules#420",
    ],
    "rundeck_execution": ["community.general"],
    "sddc_manager_task": ["vmware-vcf"],
}
"""By profile: waiters that are shipped or published and get an end wrong, as ``who`` of a reply's ``peer`` begins."""


@functools.cache
def load(file: pathlib.Path) -> t.Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def words_in(condition: t.Any) -> t.Iterator[t.Any]:
    """The words and patterns of a condition, however deep."""
    if isinstance(condition, dict):
        for key, inner in condition.items():
            if key != "present":
                yield from words_in(inner)
    elif isinstance(condition, list):
        for inner in condition:
            yield from words_in(inner)
    else:
        yield condition


def words_of(state: t.Mapping[str, t.Any]) -> t.Iterator[t.Any]:
    """The words and patterns of a table or of rules."""
    for name in STATES:
        yield from words_in(state.get(name, []))
    for rule in state.get("rules", []):
        for condition in rule["when"].values():
            yield from words_in(condition)


def scalars(value: t.Any) -> t.Iterator[t.Any]:
    """Each value in a reply that is no list and no mapping."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    else:
        yield value


def word(value: t.Any) -> t.Any:
    """Numbers are words by their text, booleans and null only themselves."""
    return value if value is None or isinstance(value, bool) else str(value)


def is_told(wanted: t.Any, told: t.Collection[t.Any]) -> bool:
    if isinstance(wanted, str) and "*" in wanted:
        part = wanted.strip("*")
        return any(isinstance(one, str) and part in one for one in told)
    return word(wanted) in told


def test_each_profile_has_replies_and_each_file_of_replies_a_profile() -> None:
    assert NAMES
    assert sorted(file.stem for file in REPLIES.glob("*.yml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_profile_has_the_name_of_its_file_and_sources(name: str) -> None:
    profile = load(PROFILES / f"{name}.yml")
    assert profile["name"] == name
    assert all(len(source) > len("states: x") for source in profile["sources"])
    assert all(tested.startswith("20") for tested in profile["tested"])


@pytest.mark.parametrize("name", NAMES)
def test_each_word_of_a_job_is_in_a_recorded_reply(name: str) -> None:
    profile, data = load(PROFILES / f"{name}.yml"), load(REPLIES / f"{name}.yml")
    told = {word(value) for row in data["replies"] for value in scalars(row["reply"])}
    told |= {"200", None}  # the status of a reply that is a body alone, and what is not in it
    assert [one for one in words_of(profile["state"]) if not is_told(one, told)] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_word_of_a_child_or_row_is_in_a_recorded_reply(name: str) -> None:
    profile, data = load(PROFILES / f"{name}.yml"), load(REPLIES / f"{name}.yml")
    told = {word(value) for value in scalars([data.get(part) for part in ("replies", "children", "listing")])}
    for part in ("children", "listing"):
        words = words_of(profile.get(part, {}).get("state", {}))
        assert [one for one in words if not is_told(one, told | {None})] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_reply_has_a_name_of_its_own_a_source_and_an_expectation(name: str) -> None:
    rows = load(REPLIES / f"{name}.yml")["replies"]
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    for row in rows:
        assert row["source"]
        assert ("job" in row) != ("error" in row)


@pytest.mark.parametrize("name", NAMES)
def test_children_rows_and_start_calls_that_a_profile_reads_have_replies(name: str) -> None:
    profile, data = load(PROFILES / f"{name}.yml"), load(REPLIES / f"{name}.yml")
    inline = "items" in profile.get("children", {}) and not {"get", "post"} & profile["children"].keys()
    assert ("listing" in profile) == ("listing" in data)
    assert ("children" in profile and not inline) == ("children" in data)
    assert ("started_by" in profile) == ("started_by" in data)


def peers(name: str) -> list[t.Any]:
    """The replies of a profile that a peer gets wrong."""
    return [row for row in load(REPLIES / f"{name}.yml")["replies"] if "peer" in row]


@pytest.mark.parametrize("name", NAMES)
def test_each_mistake_of_a_known_peer_is_a_recorded_reply(name: str) -> None:
    known, told = PEERS.get(name, []), [row["peer"]["who"] for row in peers(name)]
    assert [one for one in known if not any(who.startswith(one) for who in told)] == []
    assert [who for who in told if not any(who.startswith(one) for one in known)] == []


@pytest.mark.parametrize("name", PEERS)
def test_a_profile_differs_from_the_peer_on_its_mistakes(name: str) -> None:
    for row in peers(name):
        ours = row["job"]["state"] if "job" in row else "error"
        assert row["peer"].keys() == {"who", "takes_it_for", "because"}
        assert row["peer"]["takes_it_for"] in {*STATES, "error"} - {ours}
