# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads jobs of any REST API that a profile describes. The language of profiles is in the folder ``rest``."""

from __future__ import annotations

import typing as t

from .._errors import OptionError
from .._text import kind_of
from .._values import is_set
from .base import Load, System
from .rest_options import RestOptions


class RestApi(RestOptions):
    """All APIs with a profile. The option ``profile`` chooses the API."""

    def chosen(self, given: t.Mapping[str, t.Any], load: Load | None = None) -> System:
        """The API of the profile."""
        from .rest.read_profile import read_profile
        from .rest_profile_api import RestJob

        profile = given.get("profile")
        if not is_set(profile):
            raise OptionError("profile", " is required.")
        if load:
            return RestJob(*load(profile))
        if not isinstance(profile, dict):
            raise OptionError(
                "profile", f"expected a dictionary, got {kind_of(profile)}; names are for the controller."
            )
        return RestJob(read_profile(profile), profile)
