# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of the module of this name, as of all info modules."""

from __future__ import annotations

from ansible_collections.endstate.jobs.plugins.plugin_utils._info_action import ActionModule

__all__ = ["ActionModule"]
