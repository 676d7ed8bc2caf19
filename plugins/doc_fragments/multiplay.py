# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of the Multiplay API: its address, the account, and the job."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of the API.
      - If it is not set, the environment variable E(MULTIPLAY_API_URL) is used.
    type: str
    default: https://api.multiplay.co.uk/cfp/v1
  account_service_id:
    description:
      - The account service id (ASID). The key must have access to it.
      - If it is not set, the environment variable E(MULTIPLAY_ACCOUNT_SERVICE_ID) is used.
    type: str
    required: true
  access_key:
    description:
      - The access key, from the page C(Auth Keys).
      - If it is not set, the environment variable E(MULTIPLAY_ACCESS_KEY) is used.
    type: str
  secret_key:
    description:
      - The secret key that belongs to O(access_key).
      - If it is not set, the environment variable E(MULTIPLAY_SECRET_KEY) is used.
    type: str
"""

    IDS = r"""
options:
  update_id:
    description:
      - The id of the image update, as C(imageupdate/create) returned it.
    type: str
"""

    WAIT_ONLY = r"""
options: {}
"""
