# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every API with a profile."""

from __future__ import annotations

import typing as t

from .base import SystemOptions
from .options import Spec, environment

ANY_API_URL = "REST_JOB_API_URL"
"""The environment variable with the address to which the account in the other variables of this prefix belongs."""
ACCOUNT = ("username", "password", "token", "client_id", "client_secret", "token_url", "scope")
"""The options with credentials and their addresses."""


class RestOptions(SystemOptions):
    """The names and options that every API with a profile has in common."""

    name = "rest"
    key = "rest_job"
    module = "rest_job_info"
    ids: t.ClassVar[Spec] = {"id": {"type": "raw"}}
    optional_ids: tuple[str, ...] = ("id",)
    connection: t.ClassVar[Spec] = {
        "profile": {"type": "raw", "required": True},
        "api_url": environment(ANY_API_URL),
        "username": environment("REST_JOB_USERNAME"),
        "password": environment("REST_JOB_PASSWORD", no_log=True),
        "token": environment("REST_JOB_TOKEN", no_log=True),
        "client_id": environment("REST_JOB_CLIENT_ID"),
        "client_secret": environment("REST_JOB_CLIENT_SECRET", no_log=True),
        "token_url": environment("REST_JOB_TOKEN_URL", no_log=False),
        "scope": environment("REST_JOB_SCOPE"),
        "auth_method": {"type": "str", "choices": ["basic", "none", "header", "oauth2", "session"]},
        "variables": {"type": "dict", "default": {}},
    }
    credentials = ()
    wait_only: t.ClassVar[Spec] = {"state_overrides": {"type": "dict", "default": {}}, "children": {"type": "bool"}}
    info_only: t.ClassVar[Spec] = {
        **wait_only,
        "limit": {"type": "int", "default": 200},
        "only": {"type": "list", "elements": "str"},
    }
    more = ("explanation",)

    def module_spec(self) -> Spec:
        """All options of the info module, with ``reply`` for a recorded reply."""
        return {**super().module_spec(), "reply": {"type": "raw"}}
