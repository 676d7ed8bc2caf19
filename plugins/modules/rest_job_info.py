#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rest_job_info
short_description: Read jobs of any REST API, as a profile describes it
version_added: 1.1.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Reads the state of one job, or lists jobs, of an API that a profile describes. A profile is one YAML file. It says how a job is
    asked for, which words are good and bad ends, and where message, progress, times and children are found.
  - The collection has profiles of many APIs. Users can write their own.
  - Waits for nothing.
options:
  id:
    description:
      - The id of the job. Text if the profile has one id, a dictionary with a value for each if it has several.
      - Without it jobs are listed, if the profile has a listing. A listing may need the outer ids. An id that is null or blank is refused.
    type: raw
  limit:
    description:
      - For a listing, the most jobs that are returned.
    type: int
    default: 200
  only:
    description:
      - For a listing, the ids of the jobs to ask for, if the profile's listing can be asked for certain jobs (C(listing.filter)). Others are
        not listed.
    type: list
    elements: str
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
  reply:
    description:
      - A recorded reply, which is read instead of asking the API. So a profile can be tried offline.
      - A dictionary with the keys C(status), C(headers) and C(body), of which the last must be there, or the body alone.
    type: raw
extends_documentation_fragment:
  - endstate.jobs.started_by.of_rest
  - endstate.jobs.rest
  - endstate.jobs.reaching
  - endstate.jobs.info
attributes:
  action_group:
    support: full
    description: Use C(group/endstate.jobs.rest) or C(group/endstate.jobs.all) in C(module_defaults).
    membership: [endstate.jobs.rest, endstate.jobs.all]
notes:
  - A profile is looked up on the controller, and so are the environment variables that a profile of the collection names.
"""

EXAMPLES = r"""
- name: Read a task of Proxmox VE
  endstate.jobs.rest_job_info:
    profile: proxmox_task
    api_url: https://pve.example.com:8006
    token: automation@pve!jobs=8f0e2ad1-6d3c-4e9b-b1a5-2f6f1a3c9d7e
    id:
      node: pve1
      upid: "UPID:pve1:000003E8:00001B58:6B07910C:qmclone:101:root@pam:"
  register: clone

- name: Wait for the end of a task with a loop
  endstate.jobs.rest_job_info:
    profile: aptly_task
    api_url: https://aptly.example.com
    id: "12"
  register: publication
  until: publication is endstate.jobs.job_finished
  failed_when: publication is not endstate.jobs.job_succeeded
  retries: 180
  delay: 10

- name: Try a profile offline
  endstate.jobs.rest_job_info:
    profile: ./my_profile.yml
    id: "12"
    reply:
      state: done
  register: tried
"""

RETURN = r"""
job:
  description: The job. Null for a listing, for a job that is missing with O(on_missing=ignore), and if nothing could be read.
  type: dict
  returned: always
  contains:
    system:
      description: The name of the profile.
      type: str
      returned: always
      sample: proxmox_task
    id:
      description: The id, an opaque string.
      type: str
      returned: always
      sample: 'UPID:pve1:000003E8:00001B58:6B07910C:qmclone:101:root@pam:'
    parent_id:
      description: The id of the job that this one belongs to.
      type: str
      returned: always
      sample: null
    description:
      description: One line for people.
      type: str
      returned: always
      sample: qmclone 101
    state:
      description: V(pending), V(running), V(succeeded), V(failed), V(cancelled), V(skipped), or V(unknown) if the vendor uses a word that this
        version does not know.
      type: str
      returned: always
      sample: running
    native_state:
      description: The vendor's own word for it.
      type: str
      returned: always
      sample: running
    finished:
      description: Whether the job has reached its end state.
      type: bool
      returned: always
      sample: false
    succeeded:
      description: Whether the job is finished and good. Never null.
      type: bool
      returned: always
      sample: false
    progress:
      description: Per cent, 0 to 100.
      type: float
      returned: always
      sample: null
    message:
      description: Why it failed, or what it says about itself.
      type: str
      returned: always
      sample: null
    created_at:
      description: When it was created, in ISO 8601 and UTC, as all times here.
      type: str
      returned: always
      sample: null
    started_at:
      description: When it began.
      type: str
      returned: always
      sample: '2026-11-26T01:53:16Z'
    updated_at:
      description: When it last changed.
      type: str
      returned: always
      sample: null
    finished_at:
      description: When it ended.
      type: str
      returned: always
      sample: null
    eta_at:
      description: When the vendor expects its end.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from its beginning to its end.
      type: float
      returned: always
      sample: null
    error:
      description: Always null here; in a wait, why the job could not be read.
      type: dict
      returned: always
      sample: null
    children:
      description: The jobs that it consists of, if the profile has them and they were read.
      type: list
      elements: dict
      returned: always
      sample: []
jobs:
  description: The jobs of a listing, or the one job. The items are as RV(job).
  type: list
  elements: dict
  returned: always
  sample: []
raw:
  description:
    - The API's reply as it was sent; with its status and headers, as O(reply) takes it, if the profile reads these. A list if a listing was read,
      or if the profile's children are read by requests of their own.
    - Control characters that JSON does not escape are blanks.
  type: raw
  returned: always
  sample: {}
msg:
  description: One line on the state, so that C(failed_when) has something to say.
  type: str
  returned: always
  sample: 'proxmox_task pve1/UPID:pve1:000003E8:00001B58:6B07910C:qmclone:101:root@pam: is running (running).'
retry_after:
  description: Seconds after which the API asks to be read again (C(Retry-After) of a good reply). Null if it does not.
  type: float
  version_added: 1.1.0
  returned: always
  sample: 15.0
error:
  description: Why the API could not be read. Null if it could.
  type: dict
  returned: always
  contains:
    kind:
      description: V(certificate), V(configuration), V(forbidden), V(incomplete), V(not_found), V(protocol), V(redirect), V(rejected), V(timeout),
        V(unauthorized), V(unavailable), V(unreachable) or V(web_page).
      type: str
      returned: always
      sample: forbidden
    status:
      description: The HTTP status, if there was an answer.
      type: int
      returned: always
      sample: 403
    code:
      description: The vendor's own code.
      type: str
      returned: always
      sample: null
    message:
      description: The reason in one sentence.
      type: str
      returned: always
      sample: https://api.example.com/jobs answered HTTP 403.
    request_id:
      description: The vendor's id of the request, for its support.
      type: str
      returned: always
      sample: null
    retry_after:
      description: Seconds after which the API asks to be tried again (C(Retry-After)). Null if it does not.
      type: float
      returned: always
      sample: null
explanation:
  description: 'For those who write profiles, for each job, for its children (with C(parent_id)), and for a reply that is an error (with C(error)):
    the values that decide (C(values)), the rule that matched (C(rule)), the fields that were not found (C(not_found)) and what to do (C(advice)).
    Null if nothing could be read.'
  type: list
  elements: dict
  returned: always
  sample: []
"""

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import run_module
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest_job import RestApi


def main() -> None:
    run_module(RestApi())


if __name__ == "__main__":
    main()
