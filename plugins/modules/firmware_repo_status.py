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
  - Reads the state of one export task of the firmware repository, or lists the running ones.
  - Reads once. To wait for the end of a task, see M(endstate.jobs.wait_for_job).
options:
  task_id:
    description:
      - The id of the task, as the export of firmware updates returned it.
      - Without it, and with V(0), the running tasks are listed. Leave the option out for that; a value that is null or blank is refused.
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
  - The API documents only the ends of a task, so that any other state is V(running), or V(pending) at 0 per cent. A word that this
    version does not know causes a warning. Words are compared without regard to case.
  - A task that is C(complete) is V(failed) if the result beside it is C(failure).
  - The reply of the API for an unknown task is not documented. If it has another status than 404, the Ansible task fails, whatever
    O(on_missing) is.
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
      description: One line for people.
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
      description: Per cent, 0 to 100. The API knows 0, 50 and 100 only.
      type: float
      returned: always
      sample: 50.0
    message:
      description: Why it failed, or what it says about itself.
      type: str
      returned: always
      sample: Repository operation completed successfully.
    created_at:
      description: When it was created, in ISO 8601 and UTC, as all times here. The API does not say.
      type: str
      returned: always
      sample: null
    started_at:
      description: When it began. The API does not say.
      type: str
      returned: always
      sample: null
    updated_at:
      description: When it last changed. The API does not say.
      type: str
      returned: always
      sample: null
    finished_at:
      description: When it ended. The API does not say.
      type: str
      returned: always
      sample: null
    eta_at:
      description: When the vendor expects its end. The API does not say.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from its beginning to its end. The API does not say.
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
  description: The running tasks, or the one task. The items are as RV(job).
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
  description: One line on the state, so that C(failed_when) has something to say.
  type: str
  returned: always
  sample: firmware_repo 12 is running (running).
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
      description: Seconds after which the API asks to be tried again (C(Retry-After)). Null if it does not.
      type: float
      returned: always
      sample: null
"""

from ansible_collections.endstate.jobs.plugins.module_utils._info_module import run_module
from ansible_collections.endstate.jobs.plugins.module_utils._systems.xclarity import XClarity


def main() -> None:
    run_module(XClarity())


if __name__ == "__main__":
    main()
