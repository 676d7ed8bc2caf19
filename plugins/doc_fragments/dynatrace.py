# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of the Dynatrace API: its address, the account, and the job."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of the environment, for example V(https://abc12345.live.dynatrace.com), V(https://dynatrace.example.com/e/ID)
        for Dynatrace Managed, or V(https://activegate.example.com:9999/e/ID) through an ActiveGate.
      - C(/api/v2) is added unless the address ends in C(/v2), like the address of the platform's gateway.
      - If it is not set, the environment variable E(DYNATRACE_ENV_URL) is used.
    type: str
    required: true
  api_token:
    description:
      - An API token with the scope C(activeGates.read).
      - Either O(api_token) or O(access_token) is needed.
      - If it is not set, the environment variable E(DYNATRACE_API_TOKEN) is used.
    type: str
  access_token:
    description:
      - A platform token or OAuth token with the scope C(environment-api:activegates:read) or C(fleet-management:activegates:read), for
        the platform's gateway.
      - If it is not set, the environment variable E(DYNATRACE_ACCESS_TOKEN) is used.
      - If either O(api_token) or O(access_token) is set, the environment variables of both are ignored.
    type: str
"""

    IDS = r"""
options:
  activegate_id:
    description:
      - The id of the ActiveGate. It may be a negative number.
    type: str
  job_id:
    description:
      - The id of the update job. It is often a negative number.
    type: str
"""

    WAIT_ONLY = r"""
options: {}
"""
