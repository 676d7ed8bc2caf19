# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions of antsibull-nox.toml. `make` runs them, with its own tools."""

from __future__ import annotations

import nox
from antsibull_nox import load_antsibull_nox_toml

nox.options.envdir = ".build/nox"
nox.options.default_venv_backend = "none"

load_antsibull_nox_toml()
