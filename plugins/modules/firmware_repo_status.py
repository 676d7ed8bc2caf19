#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: firmware_repo_status
short_description: Read tasks of the firmware repository of Lenovo XClarity Administrator
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Reads the state of one export task of the firmware repository, or lists the running tasks.
  - The module reads once and does not wait. To wait for the end of a task, see M(endstate.jobs.wait_for_job).
options:
  task_id:
    description:
      - The id of the task, as the export of firmware updates returned it.
      - If it is left out or V(0), the running tasks are listed. A value that is null or blank is an error.
    type: str
extends_documentation_fragment:
  - endstate.jobs.started_by.of_xclarity
  - endstate.jobs.xclarity
  - endstate.jobs.reaching
  - endstate.jobs.info
attributes:
  action_group:
    support: full
    description: Use C(group/endstate.jobs.xclarity) or C(group/endstate.jobs.all) in C(module_defaults).
    membership: [endstate.jobs.xclarity, endstate.jobs.all]
notes:
  - For XClarity Administrator 2.3.0 and later. XClarity Orchestrator and XClarity One have other APIs.
  - The API documents only the end states of a task. Any other state is V(running), or V(pending) at 0 percent. A word that this version does
    not know causes a warning. Words are compared without regard to case.
  - A task with the state C(complete) and the result C(failure) is V(failed).
  - The API's reply for an unknown task is not documented. If its status is not 404, the Ansible task fails, even with
    O(on_missing=ignore).
seealso:
  - module: endstate.jobs.wait_for_job
  - name: GET /updateRepositories/firmware/status
    description: The API that is read.
    link: https://pubs.lenovo.com/lxca_scripting/rest_api_updaterepositories_firmware_status_get
"""

EXAMPLES = r"""
- name: Read an export task
  endstate.jobs.firmware_repo_status:
    api_url: https://xclarity.example.com
    username: automation
    password: "{{ vault_xclarity_password }}"
    task_id: "12"
  register: export

- name: Wait for the end of an export task with a loop
  endstate.jobs.firmware_repo_status:
    api_url: https://xclarity.example.com
    username: automation
    password: "{{ vault_xclarity_password }}"
    task_id: "12"
  register: export
  until: export is endstate.jobs.job_finished
  failed_when: export is not endstate.jobs.job_succeeded
  retries: 180
  delay: 10

- name: List the running tasks
  endstate.jobs.firmware_repo_status:
    api_url: https://xclarity.example.com
    username: automation
    password: "{{ vault_xclarity_password }}"
  register: exports
"""

RETURN = r"""
job:
  description: The job. Null for a listing, for a job that is missing with O(on_missing=ignore), and if the task failed.
  type: dict
  returned: always
  contains:
    system:
      description: V(xclarity).
      type: str
      returned: always
      sample: xclarity
    id:
      description: The id that was asked for, an opaque string. In a listing, null if the API names none.
      type: str
      returned: always
      sample: '12'
    parent_id:
      description: The id of the job that this one belongs to. The API does not say.
      type: str
      returned: always
      sample: null
    description:
      description: What the job does, in one line.
      type: str
      returned: always
      sample: EXPORTREPOSITORY repository20181112011742.zip
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
      description: Percent, 0 to 100. The API sends 0, 50 and 100 only.
      type: float
      returned: always
      sample: 50.0
    message:
      description: Why the job failed, or the vendor's message on the job.
      type: str
      returned: always
      sample: Repository operation completed successfully.
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
      description: When the job ended. The API does not say.
      type: str
      returned: always
      sample: null
    eta_at:
      description: When the vendor expects the end of the job. The API does not say.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from the beginning of the job to its end. The API does not say.
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
  description: The running tasks, or the one task. Each item has the keys of RV(job).
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
  sample: firmware_repo 12 is running (running).
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
      sample: FQXHMSE0001F
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
from ansible_collections.endstate.jobs.plugins.module_utils._systems.xclarity import XClarity


def main() -> None:
    run_module(XClarity())


if __name__ == "__main__":
    main()
