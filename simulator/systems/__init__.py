# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The systems that the simulator plays. A further one is a file here and a line below."""

from __future__ import annotations

from ..system import System
from .dynatrace import Dynatrace
from .multiplay import Multiplay
from .strata import Strata
from .xclarity import XClarity

SYSTEMS: dict[str, type[System]] = {system.NAME: system for system in (Dynatrace, Multiplay, Strata, XClarity)}
