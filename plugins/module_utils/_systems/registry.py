# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of all systems."""

from __future__ import annotations

from .base import System, SystemOptions
from .dynatrace import Dynatrace
from .multiplay import Multiplay
from .rest_job import RestApi
from .strata import Strata
from .xclarity import XClarity

SYSTEMS: tuple[System, ...] = (Dynatrace(), Multiplay(), Strata(), XClarity())
"""The systems that have a file of their own; all other APIs are read by profiles."""
ALL: tuple[SystemOptions, ...] = (*SYSTEMS, RestApi())
BY_KEY: dict[str, SystemOptions] = {system.key: system for system in ALL}
