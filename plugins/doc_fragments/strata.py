# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of the Strata Cloud Manager API: its address, the account, and the job."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of the configuration operations API, with its path.
      - For the hosts V(https://api.strata.paloaltonetworks.com) and V(https://api.sase.paloaltonetworks.com) the path may be left out.
      - If it is not set, the environment variable E(SCM_API_URL) is used.
    type: str
    default: https://api.strata.paloaltonetworks.com/config/operations/v1
  token_url:
    description:
      - The address of the token endpoint.
      - If it is not set, the environment variable E(SCM_TOKEN_URL) is used.
    type: str
    default: https://auth.apps.paloaltonetworks.com/oauth2/access_token
  client_id:
    description:
      - The id of the service account, for example V(name@1234567890.iam.panserviceaccount.com).
      - Needed with O(client_secret) and O(tsg_id), unless O(access_token) is given.
      - If it is not set, the environment variable E(SCM_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - The secret of the service account.
      - If it is not set, the environment variable E(SCM_CLIENT_SECRET) is used.
    type: str
  tsg_id:
    description:
      - The id of the tenant service group.
      - If it is not set, the environment variable E(SCM_TSG_ID) is used.
    type: str
  access_token:
    description:
      - A token, instead of O(client_id), O(client_secret) and O(tsg_id). Tokens are valid for 15 minutes, and this token is not renewed.
      - If it is not set, the environment variable E(SCM_ACCESS_TOKEN) is used.
      - If options of one way to authenticate are set, the environment variables of the other way are ignored.
    type: str
"""

    IDS = r"""
options:
  job_id:
    description:
      - The id of the job, as a push returned it.
    type: str
"""

    WAIT_ONLY = r"""
options:
  children:
    description:
      - Whether to wait for the children of a push (C(CommitAndPush) or C(NGFW-Bootstrap-Push)) as well. The push's own end says that the
        configuration is committed. Its children, which fail
        independently, show whether the firewalls took the configuration.
      - While children run, the message of the job names them. If the children cannot be listed, the job does not count as succeeded.
    type: bool
    default: true
  children_settle:
    description:
      - The settle time in seconds, which is how long to watch for children after the job's own good end. Children appear up to 13 seconds
        after that end, and the API does not announce how many will come.
      - The job counts as running during this time, so that a wait with a shorter C(timeout) does not see its end. Only an end of more than
        26 hours ago is believed at once, because the API's times have no zone.
      - With V(0), and in check mode, the children are read once.
    type: float
    default: 30
"""
