#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: config_job_info
short_description: Read configuration jobs of Strata Cloud Manager (Prisma Access)
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Reads the state of one configuration job, with its children if O(children) is set, or lists jobs, newest first.
  - The module does not wait for the end of a job; M(endstate.jobs.wait_for_job) does. Only after the end of a push it waits for
    O(children_settle) if children may still appear.
options:
  job_id:
    description:
      - The id of the job, as a push returned it.
      - If it is left out, jobs are listed. A value that is null or blank is an error. Use C(default(omit)) if a variable may be missing.
    type: str
  children:
    description:
      - For one job that is a push (C(CommitAndPush) or C(NGFW-Bootstrap-Push)), whether to look for its children once the push has ended,
        and to roll them up into its state. The state is V(running) while a child runs, and V(failed) if a child has failed.
      - The own end of a push says that the configuration is committed, but not that the firewalls took the configuration.
      - If the children cannot be listed, the task fails, and RV(job) has the known facts. The state of a push that has ended well is then
        V(running).
    type: bool
    default: false
  children_settle:
    description:
      - With O(children=true), the settle time in seconds. A push that has ended well is read again, every 5 seconds, for this time before
        its end is returned. Children appear up to 13 seconds after the end, and the API does not announce how many will come.
      - The first child that runs or has failed ends this time at once. So a loop with C(until) spends the settle time only once, at the end.
      - With V(0), and in check mode, the push is read once. The same holds for a push that ended more than 26 hours ago, a limit that is safe
        although the API's times have no zone.
    type: float
    default: 30
    version_added: 1.1.0
  limit:
    description:
      - For a listing, the most jobs that are returned.
    type: int
    default: 200
extends_documentation_fragment:
  - endstate.jobs.started_by.of_strata
  - endstate.jobs.strata
  - endstate.jobs.reaching
  - endstate.jobs.info
attributes:
  action_group:
    support: full
    description: Use C(group/endstate.jobs.strata) or C(group/endstate.jobs.all) in C(module_defaults).
    membership: [endstate.jobs.strata, endstate.jobs.all]
notes:
  - If the listing has no reason for a failed child, the child is read by its id to find the reason. At most ten children are read.
  - The API's tokens are valid for 15 minutes, and the API allows only about ten requests for a token at once. In a play over many hosts,
    set C(run_once) on the task, so that one host sends the requests for all.
seealso:
  - module: endstate.jobs.wait_for_job
  - name: Get a job
    description: The API that is read.
    link: https://pan.dev/scm/api/config/operations/
"""

EXAMPLES = r"""
- name: Read a configuration job
  endstate.jobs.config_job_info:
    client_id: sa@1234567890.iam.panserviceaccount.com
    client_secret: "{{ vault_scm_client_secret }}"
    tsg_id: "1234567890"
    job_id: "294"
  register: push

- name: Wait for the end of a push and of its children with a loop
  endstate.jobs.config_job_info:
    client_id: sa@1234567890.iam.panserviceaccount.com
    client_secret: "{{ vault_scm_client_secret }}"
    tsg_id: "1234567890"
    job_id: "294"
    children: true
  register: push
  until: push is endstate.jobs.job_finished
  failed_when: push is not endstate.jobs.job_succeeded
  retries: 180
  delay: 10

- name: List the ten newest jobs
  endstate.jobs.config_job_info:
    client_id: sa@1234567890.iam.panserviceaccount.com
    client_secret: "{{ vault_scm_client_secret }}"
    tsg_id: "1234567890"
    limit: 10
  register: jobs
"""

RETURN = r"""
job:
  description: The job. Null for a listing, for a job that is missing with O(on_missing=ignore), and if nothing could be read.
  type: dict
  returned: always
  contains:
    system:
      description: V(strata).
      type: str
      returned: always
      sample: strata
    id:
      description: The id, an opaque string.
      type: str
      returned: always
      sample: '294'
    parent_id:
      description: The id of the job that this one belongs to.
      type: str
      returned: always
      sample: null
    description:
      description: What the job does, in one line.
      type: str
      returned: always
      sample: CommitAndPush by admin@example.com
    state:
      description: V(pending), V(running), V(succeeded), V(failed), V(cancelled), V(skipped), or V(unknown) if the vendor uses a word that this
        version does not know.
      type: str
      returned: always
      sample: running
    native_state:
      description: The vendor's own words for the state, as C(status/result).
      type: str
      returned: always
      sample: ACT/PEND
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
      description: Percent, 0 to 100. It may stay at 99 for minutes.
      type: float
      returned: always
      sample: 99.0
    message:
      description: Why the job failed, or the vendor's message on the job.
      type: str
      returned: always
      sample: null
    created_at:
      description: When the job was created, in ISO 8601 and UTC, as all times here. Null in a listing.
      type: str
      returned: always
      sample: '2022-07-13T20:43:08Z'
    started_at:
      description: When the job began. Null in a listing.
      type: str
      returned: always
      sample: '2022-07-13T20:43:08Z'
    updated_at:
      description: When the job last changed. Null in a listing.
      type: str
      returned: always
      sample: '2022-07-13T20:44:44Z'
    finished_at:
      description: When the job ended.
      type: str
      returned: always
      sample: null
    eta_at:
      description: When the vendor expects the end of the job. The API does not say.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from the beginning of the job to its end.
      type: float
      returned: always
      sample: null
    error:
      description: Why the children could not be read, although the job itself could be read. Null otherwise.
      type: dict
      returned: always
      sample: null
    children:
      description: The jobs that push to the firewalls, if they were looked for and have appeared.
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
    - The API's reply as it was sent. A list of bodies if pages of the listing, or failed children by their ids, were read.
    - Control characters that JSON does not escape are blanks.
  type: raw
  returned: always
  sample: {}
msg:
  description: One line on the state, which Ansible shows if C(failed_when) fails the task.
  type: str
  returned: always
  sample: config_job 294 is running (ACT/PEND).
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
      sample: E007
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
"""

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import run_module
from ansible_collections.endstate.jobs.plugins.module_utils._systems.strata import Strata


def main() -> None:
    run_module(Strata())


if __name__ == "__main__":
    main()
