#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: activegate_update_job_info
short_description: Read auto-update jobs of Dynatrace ActiveGates
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Reads the state of one auto-update job of an ActiveGate, or lists the jobs of one ActiveGate or of all.
  - The module reads once and does not wait. To wait for the end of a job, see M(endstate.jobs.wait_for_job).
options:
  activegate_id:
    description:
      - The id of the ActiveGate. It may be a negative number.
      - If it is left out, the jobs of all ActiveGates are listed. A value that is null or blank is an error.
    type: str
  job_id:
    description:
      - The id of the update job. It is often a negative number.
      - If it is left out, jobs are listed. The filters below are only for a listing. A value that is null or blank is an error.
    type: str
  from:
    description:
      - For a listing, the beginning of the time frame. Milliseconds since 1970, a time such as V(2026-01-25T05:57:01.123+01:00), or
        a time relative to now such as V(now-2d). The time frame has at most 31 days.
      - The API's own default is one week for one ActiveGate and one day for all.
    type: str
  to:
    description:
      - For a listing, the end of the time frame, in the forms of O(from). The default is now.
    type: str
  start_version:
    description:
      - For a listing, the version before the update, as C(major.minor.revision).
    type: str
  start_version_compare_type:
    description:
      - How to compare O(start_version). The API's own default is V(EQUAL).
    type: str
    choices: [EQUAL, GREATER, GREATER_EQUAL, LOWER, LOWER_EQUAL]
  target_version:
    description:
      - For a listing, the version after the update, as C(major.minor.revision).
    type: str
  target_version_compare_type:
    description:
      - How to compare O(target_version). The API's own default is V(EQUAL).
    type: str
    choices: [EQUAL, GREATER, GREATER_EQUAL, LOWER, LOWER_EQUAL]
  update_type:
    description:
      - For a listing, the component that is updated.
    type: str
    choices: [ACTIVE_GATE, REMOTE_PLUGIN_AGENT, SYNTHETIC, Z_REMOTE]
  last_updates:
    description:
      - For a listing, whether to return only the most recent update of each type. The API's own default is V(false).
    type: bool
extends_documentation_fragment:
  - endstate.jobs.started_by.of_dynatrace
  - endstate.jobs.dynatrace
  - endstate.jobs.reaching
  - endstate.jobs.info
attributes:
  action_group:
    support: full
    description: Use C(group/endstate.jobs.dynatrace) or C(group/endstate.jobs.all) in C(module_defaults).
    membership: [endstate.jobs.dynatrace, endstate.jobs.all]
seealso:
  - module: endstate.jobs.wait_for_job
  - name: ActiveGate API - GET an auto-update job
    description: The API that is read.
    link: https://docs.dynatrace.com/docs/dynatrace-api/environment-api/activegates/auto-update-jobs/get-job
"""

EXAMPLES = r"""
- name: Read an update job
  endstate.jobs.activegate_update_job_info:
    api_url: https://abc12345.live.dynatrace.com
    api_token: "{{ vault_dynatrace_api_token }}"
    activegate_id: "-1556499193"
    job_id: "-7537034309286328684"
  register: update

- name: Wait for the end of an update job with a loop
  endstate.jobs.activegate_update_job_info:
    api_url: https://abc12345.live.dynatrace.com
    api_token: "{{ vault_dynatrace_api_token }}"
    activegate_id: "-1556499193"
    job_id: "-7537034309286328684"
  register: update
  until: update is endstate.jobs.job_finished
  failed_when: update is not endstate.jobs.job_succeeded
  retries: 180
  delay: 10

- name: List the last update of each type on all ActiveGates, of the last three days
  endstate.jobs.activegate_update_job_info:
    api_url: https://abc12345.live.dynatrace.com
    api_token: "{{ vault_dynatrace_api_token }}"
    from: now-3d
    last_updates: true
  register: updates
"""

RETURN = r"""
job:
  description: The job. Null for a listing, for a job that is missing with O(on_missing=ignore), and if the task failed.
  type: dict
  returned: always
  contains:
    system:
      description: V(dynatrace).
      type: str
      returned: always
      sample: dynatrace
    id:
      description: The id, an opaque string.
      type: str
      returned: always
      sample: '-7537034309286328684'
    parent_id:
      description: The id of the job that this one belongs to. The API does not say.
      type: str
      returned: always
      sample: null
    description:
      description: What the job does, in one line.
      type: str
      returned: always
      sample: SYNTHETIC 1.198.0.20200629-183024 → 1.198.0.20200630-114457
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
      sample: IN_PROGRESS
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
      description: Percent, 0 to 100. The API does not say.
      type: float
      returned: always
      sample: null
    message:
      description: Why the job failed, or the vendor's message on the job.
      type: str
      returned: always
      sample: null
    created_at:
      description: When the job was created, in ISO 8601 and UTC, as all times here. The API does not say.
      type: str
      returned: always
      sample: null
    started_at:
      description: When the job began. The API does not say.
      type: str
      returned: always
      sample: null
    updated_at:
      description: When the job last changed. The API does not say.
      type: str
      returned: always
      sample: null
    finished_at:
      description: When the job ended.
      type: str
      returned: always
      sample: '2020-06-30T12:06:28.274Z'
    eta_at:
      description: When the vendor expects the end of the job. The API does not say.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from the beginning of the job to its end. Null for a manual installation.
      type: float
      returned: always
      sample: null
    error:
      description: Always null here; in a wait, why the job could not be read.
      type: dict
      returned: always
      sample: null
    children:
      description: Always empty here.
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
    - The API's reply as it was sent.
    - Control characters that JSON does not escape are blanks.
  type: raw
  returned: always
  sample: {}
msg:
  description: One line on the state, which Ansible shows if C(failed_when) fails the task.
  type: str
  returned: always
  sample: activegate_update_job -7537034309286328684 is running (IN_PROGRESS).
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
      description: The vendor's id of the request, for its support. The API does not say.
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
from ansible_collections.endstate.jobs.plugins.module_utils._systems.dynatrace import Dynatrace


def main() -> None:
    run_module(Dynatrace())


if __name__ == "__main__":
    main()
