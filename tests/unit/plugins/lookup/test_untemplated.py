# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup alone; plays show what Ansible makes of it, in ``tests/e2e/test_untrusted_text.py``."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.endstate.jobs.plugins.lookup.untemplated import LookupModule


def test_the_lookup_returns_each_variable_untemplated() -> None:
    known: dict[str, t.Any] = {"job": {"id": "{{ 7*7 }}", "children": [{"id": 1}], "error": None}, "text": "{% x %}"}
    assert LookupModule().run(["text", "job"], known) == ["{% x %}", known["job"]]


@pytest.mark.parametrize("variables", [{}, {"jobs": 1}, None])
def test_an_unset_variable_is_named(variables: dict[str, t.Any] | None) -> None:
    with pytest.raises(AnsibleLookupError, match=r"^endstate\.jobs\.untemplated: there is no variable 'job'\.$"):
        LookupModule().run(["job"], variables)
