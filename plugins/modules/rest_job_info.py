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
  - Reads the state of one job, or lists jobs, of an API that a profile describes. A profile is one YAML file. It has the request for a
    job, the words for good and bad end states, and the places of the message, progress, times and children in the reply.
  - The collection has profiles of many APIs. Users can write their own profiles.
  - The module reads once and does not wait. To wait for the end of a job, see M(endstate.jobs.wait_for_job).
options:
  id:
    description:
      - The id of the job. It is text if the profile has one id, and a dictionary with a value for each id if the profile has several.
      - If it is left out, jobs are listed, if the profile has a listing. A listing may need the outer ids. An id that is null or blank is an
        error.
    type: raw
  limit:
    description:
      - For a listing, the most jobs that are returned.
    type: int
    default: 200
  only:
    description:
      - For a listing, the ids of the jobs to list. It can be set if the profile's listing has a filter (C(listing.filter)).
    type: list
    elements: str
  reply:
    description:
      - A recorded reply. The module reads this reply and sends no request, so that a profile can be tried offline.
      - Either a dictionary with the keys C(status), C(headers) and C(body), of which only C(body) is required, or the body alone.
    type: raw
extends_documentation_fragment:
  - endstate.jobs.started_by.of_rest
  - endstate.jobs.rest
  - endstate.jobs.rest.wait_only
  - endstate.jobs.reaching
  - endstate.jobs.info
attributes:
  action_group:
    support: full
    description: Use C(group/endstate.jobs.rest) or C(group/endstate.jobs.all) in C(module_defaults).
    membership: [endstate.jobs.rest, endstate.jobs.all]
notes:
  - The controller finds the profile. It also reads the environment variables that a profile of the collection names.
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
      description: What the job does, in one line.
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
      description: The vendor's own word for the state.
      type: str
      returned: always
      sample: running
    finished:
      description: Whether the job has reached an end state.
      type: bool
      returned: always
      sample: false
    succeeded:
      description: Whether the job has ended well. Never null.
      type: bool
      returned: always
      sample: false
    progress:
      description: Percent, 0 to 100.
      type: float
      returned: always
      sample: null
    message:
      description: Why the job failed, or the vendor's message on the job.
      type: str
      returned: always
      sample: null
    created_at:
      description: When the job was created, in ISO 8601 and UTC, as all times here.
      type: str
      returned: always
      sample: null
    started_at:
      description: When the job began.
      type: str
      returned: always
      sample: '2026-11-26T01:53:16Z'
    updated_at:
      description: When the job last changed.
      type: str
      returned: always
      sample: null
    finished_at:
      description: When the job ended.
      type: str
      returned: always
      sample: null
    eta_at:
      description: When the vendor expects the end of the job.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from the beginning of the job to its end.
      type: float
      returned: always
      sample: null
    error:
      description: Always null here; in a wait, why the job could not be read.
      type: dict
      returned: always
      sample: null
    children:
      description: The children of the job, if the profile has children and they were read.
      type: list
      elements: dict
      returned: always
      sample: []
jobs:
  description: The jobs of a listing, or the one job. Each item has the keys of RV(job).
  type: list
  elements: dict
  returned: always
  sample: []
raw:
  description:
    - The API's reply as it was sent. If the profile reads the status or headers, they are included, in the form of O(reply). A list if a listing
      was read, or if the profile's children are read with requests of their own.
    - Control characters that JSON does not escape are blanks.
  type: raw
  returned: always
  sample: {}
msg:
  description: One line on the state, which Ansible shows if C(failed_when) fails the task.
  type: str
  returned: always
  sample: 'proxmox_task pve1/UPID:pve1:000003E8:00001B58:6B07910C:qmclone:101:root@pam: is running (running).'
retry_after:
  description: Seconds after which the API asks to be read again (C(Retry-After) of a good reply). Null if the API does not ask for it.
  type: float
  version_added: 1.1.0
  returned: always
  sample: 15.0
error:
  description: Why the API could not be read. Null if it could be read.
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
      description: Seconds after which the API asks for another try (C(Retry-After)). Null if the API does not ask for it.
      type: float
      returned: always
      sample: null
    of_account:
      description: Whether no job of the account can be read, for example because its login was refused or because its certificate is not trusted.
      type: bool
      returned: always
      sample: false
explanation:
  description: Help for authors of profiles. There is an entry for each job, for its children (with C(parent_id)), and for a reply that is an
    error (with C(error)). It has the values that decide (C(values)), the rule that matched (C(rule)), the fields that were not found (C(not_found))
    and what to do (C(advice)). Null if nothing could be read.
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
