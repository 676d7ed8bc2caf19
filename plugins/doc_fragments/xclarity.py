# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of the XClarity Administrator API: its address, the account, and the job."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of XClarity Administrator (2.3.0 or later), for example V(https://xclarity.example.com).
      - If it is not set, the environment variable E(XCLARITY_URL) is used.
    type: str
    required: true
  username:
    description:
      - The user.
      - If it is not set, the environment variable E(XCLARITY_USERNAME) is used.
    type: str
  password:
    description:
      - The user's password.
      - If it is not set, the environment variable E(XCLARITY_PASSWORD) is used.
    type: str
  auth_method:
    description:
      - V(session) logs in at the beginning and out at the end.
      - V(basic) sends the user and the password with each request. No session stays open if the task is killed.
    type: str
    choices: [session, basic]
    default: session
"""

    IDS = r"""
options:
  task_id:
    description:
      - The id of the task, as the export of firmware updates returned it.
    type: str
"""

    WAIT_ONLY = r"""
options: {}
"""
