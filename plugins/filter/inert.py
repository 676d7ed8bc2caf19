# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``inert``, documented beside it."""

from __future__ import annotations

import typing as t

from ansible_collections.endstate.jobs.plugins.plugin_utils._inert import inert


class FilterModule:
    """The collection's filters."""

    def filters(self) -> dict[str, t.Callable[[t.Any], t.Any]]:
        """By name."""
        return {"inert": inert}
