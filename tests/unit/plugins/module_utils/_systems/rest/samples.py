# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles for the tests: a small one that is complete, and changes to it."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils._errors import OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.profile import Profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile

MINIMAL: dict[str, t.Any] = {
    "schema": 1,
    "name": "example",
    "ids": {"task": {}},
    "auth": ["basic"],
    "status": {"get": "/tasks/{task}"},
    "state": {"path": "status", "running": ["running"], "succeeded": ["done"], "failed": ["failed"]},
}


def changed(*changes: tuple[str, t.Any], base: t.Any = None) -> dict[str, t.Any]:
    """The small profile (or another) with other values at dotted places; ``...`` takes one away."""
    mapping = copy.deepcopy(dict(base or MINIMAL))
    for place, value in changes:
        *names, last = place.split(".")
        part = mapping
        for name in names:
            part = part.setdefault(name, {})
        if value is ...:
            del part[last]
        else:
            part[last] = value
    return mapping


def profile(*changes: tuple[str, t.Any], library: bool = False) -> Profile:
    """The small profile with changes, read."""
    return read_profile(changed(*changes), "my.yml", library)


def mistake(*changes: tuple[str, t.Any], library: bool = False, systems: t.Sequence[str] = ()) -> str:
    """What is said of the small profile with changes, without the name of its file."""
    with pytest.raises(OptionError) as caught:
        read_profile(changed(*changes), "my.yml", library, systems)
    sentence = str(caught.value)
    assert sentence.startswith("my.yml: ")
    assert sentence.endswith(".")
    return sentence[len("my.yml: ") :]


def rules(
    values: t.Mapping[str, t.Any], *rules: tuple[str, t.Mapping[str, t.Any]], **options: t.Any
) -> dict[str, t.Any]:
    """A long ``state``."""
    return {"values": values, "rules": [{"state": state, "when": when} for state, when in rules], **options}
