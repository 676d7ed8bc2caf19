# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masking on a core that is not installed here: from 2.22 on it has a registry of secrets."""

from __future__ import annotations

import importlib
import sys
import types
import typing as t

import pytest

from ansible_collections.endstate.jobs.plugins.module_utils import _secrets

VALUE = {"msg": "It is s3cret.", "jobs": [{"id": "7", "state": "running", "error": None}, ("s3cret", 5)]}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[set[str]]:
    """The secrets that a core with a registry was told of."""
    known: set[str] = set()

    def mask_secrets(value: str, /, *, mask_placeholder: str) -> str:
        for secret in known:
            value = value.replace(secret, mask_placeholder)
        return value

    api = types.SimpleNamespace(register_secrets=known.update, mask_secrets=mask_secrets)
    with monkeypatch.context() as core:
        core.setitem(sys.modules, "ansible.module_utils.secrets", t.cast(types.ModuleType, api))
        importlib.reload(_secrets)
        yield known
    importlib.reload(_secrets)


def test_a_registry_is_told_and_used(registered: set[str]) -> None:
    assert _secrets.masked(VALUE, {"s3cret"}) == {
        "msg": "It is ********.",
        "jobs": [{"id": "7", "state": "running", "error": None}, ["********", 5]],
    }
    assert registered == {"s3cret"}


def test_this_core_masks_as_deep() -> None:
    masked = _secrets.masked(VALUE, {"s3cret"})
    assert masked["msg"] == "It is ********."
    assert "s3cret" not in str(masked)
    assert masked["jobs"][0] == VALUE["jobs"][0]


def test_a_secret_that_was_repeated_on_one_line() -> None:
    assert _secrets.masked("It was pa ss.", {"pa \n ss"}) == "It was ********."
