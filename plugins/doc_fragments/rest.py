# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of an API that a profile describes: the profile, the address, the account, and the job."""

    DOCUMENTATION = r"""
options:
  profile:
    description:
      - The profile, which describes the API. It has one of three forms.
      - The name of a profile of the collection, such as V(proxmox_task).
      - The path of a file of your own (YAML or JSON), recognised by a C(/) or an extension. Ansible searches for the file as for other files
        of a role or a playbook, and last in the folder in which C(ansible-playbook) was started.
      - The profile itself, as a dictionary.
    type: raw
    required: true
  api_url:
    description:
      - The address of the API without the paths of the profile, for example V(https://pve.example.com:8006). Credentials are sent
        to no other host, except to the OAuth2 token endpoint.
      - It is required, unless the profile is one of the collection for a hosted service.
      - If it is not set, the environment variable E(REST_JOB_API_URL) is used.
      - The environment variables that begin with C(REST_JOB_) are one account. All of them are ignored if the task sets credentials or names
        another host, or if an environment variable that the profile names is set.
    type: str
  username:
    description:
      - The user, if the profile needs one.
      - If it is not set, the environment variable E(REST_JOB_USERNAME) is used.
    type: str
  password:
    description:
      - The user's password, if the profile needs one.
      - If it is not set, the environment variable E(REST_JOB_PASSWORD) is used.
    type: str
  token:
    description:
      - A token or key, if the profile needs one.
      - If it is not set, the environment variable E(REST_JOB_TOKEN) is used.
    type: str
  client_id:
    description:
      - The id of an OAuth2 client, if the profile needs one.
      - If it is not set, the environment variable E(REST_JOB_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - The secret of an OAuth2 client, if the profile needs one.
      - If it is not set, the environment variable E(REST_JOB_CLIENT_SECRET) is used.
    type: str
  token_url:
    description:
      - The address of the OAuth2 token endpoint, if the profile does not have it.
      - If it is not set, the environment variable E(REST_JOB_TOKEN_URL) is used.
    type: str
  scope:
    description:
      - The OAuth2 scope to request, if the profile does not have it.
      - If it is not set, the environment variable E(REST_JOB_SCOPE) is used.
    type: str
  auth_method:
    description:
      - The way to authenticate. The default is the profile's first way whose options are all set.
    type: str
    choices: [basic, none, header, oauth2, session]
  variables:
    description:
      - Values for the variables that the profile declares.
    type: dict
    default: {}
"""

    IDS = r"""
options:
  id:
    description:
      - The id of the job. It is text if the profile has one id, and a dictionary with a value for each id if the profile has several.
    type: raw
"""

    WAIT_ONLY = r"""
options:
  state_overrides:
    description:
      - The meaning of native states for this task, such as V(succeeded) for C(Scheduled). A key is a whole native state, and may begin or
        end with C(*).
    type: dict
    default: {}
  children:
    description:
      - Whether the children of a job count, if the profile has children. The default is in the profile.
    type: bool
"""
