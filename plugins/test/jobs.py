# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jinja tests on jobs. Core's own ``finished`` and ``succeeded`` are about tasks and mean other things."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.endstate.jobs.plugins.module_utils._reading import holds


def _test(name: str, key: str) -> t.Callable[[t.Any], bool]:
    def test(value: t.Any) -> bool:
        try:
            return holds(value, key)
        except TypeError as error:
            raise AnsibleFilterError(f"endstate.jobs.{name}: {error}") from None

    return test


class TestModule:
    """The collection's tests."""

    def tests(self) -> dict[str, t.Callable[[t.Any], bool]]:
        """By name."""
        return {"job_finished": _test("job_finished", "finished"), "job_succeeded": _test("job_succeeded", "succeeded")}
