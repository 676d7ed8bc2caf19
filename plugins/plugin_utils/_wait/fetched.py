# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request for a job or a listing gave, from here or from another machine."""

from __future__ import annotations

import typing as t


class Fetched(t.NamedTuple):
    """A good reply."""

    raw: t.Any
    """As the API sent it, or a list of bodies if several were read."""
    retry_after: float | None = None
    """Seconds after which the API asks to be read again."""
