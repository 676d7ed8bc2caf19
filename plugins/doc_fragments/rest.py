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
      - What describes the API.
      - The name of a profile of the collection, such as V(proxmox_task).
      - Or a file of your own (YAML or JSON), if it holds a C(/) or an extension. It is looked up as Ansible looks up files of a role or
        a playbook.
      - Or the profile itself, as a dictionary.
    type: raw
    required: true
  api_url:
    description:
      - The address of the API up to where the paths of the profile begin, for example V(https://pve.example.com:8006). Credentials are
        sent nowhere else.
      - Required, unless the profile is one of the collection for a hosted service.
      - If it is not set, the environment variable E(REST_JOB_API_URL) is used.
      - The variables that begin with C(REST_JOB_) are one account. They count all together, or not at all if the task names credentials or
        another host, or if one of the variables that the profile names is set.
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
      - A ready token or key, if the profile needs one.
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
      - The address of the OAuth2 token endpoint, if the profile does not say it.
      - If it is not set, the environment variable E(REST_JOB_TOKEN_URL) is used.
    type: str
  scope:
    description:
      - The OAuth2 scope to ask for, if the profile does not say it.
      - If it is not set, the environment variable E(REST_JOB_SCOPE) is used.
    type: str
  auth_method:
    description:
      - The way to authenticate. By default the first one of the profile for which all options are given.
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
      - The id of the job. Text if the profile has one id, a dictionary with a value for each if it has several.
    type: raw
"""

    WAIT_ONLY = r"""
options:
  state_overrides:
    description:
      - This task's own meaning of native states, such as V(succeeded) for C(Scheduled). A key is a whole native state, and may begin or
        end with C(*).
    type: dict
    default: {}
  children:
    description:
      - Whether the jobs that a job consists of are followed, if the profile has them. By default as the profile says.
    type: bool
"""
