# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the action plugins share."""

from __future__ import annotations

import pytest
from ansible.utils.display import Display

from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import Wait


@pytest.fixture
def wait(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Wait:
    lines: list[str] = []
    monkeypatch.setattr(Display, "display", lambda _self, line, *_args, **_more: lines.append(line))
    return Wait(server, lines)
