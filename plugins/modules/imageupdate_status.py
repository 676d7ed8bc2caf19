#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: imageupdate_status
short_description: Read an image update of Multiplay (Unity Clanforge)
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Reads the state of one image update. The API has no listing.
  - The module reads once and does not wait. To wait for the end of an update, see M(endstate.jobs.wait_for_job).
options:
  update_id:
    description:
      - The id of the image update, as C(imageupdate/create) returned it.
    type: str
extends_documentation_fragment:
  - endstate.jobs.started_by.of_multiplay
  - endstate.jobs.multiplay
  - endstate.jobs.reaching
  - endstate.jobs.info
attributes:
  action_group:
    support: full
    description: Use C(group/endstate.jobs.multiplay) or C(group/endstate.jobs.all) in C(module_defaults).
    membership: [endstate.jobs.multiplay, endstate.jobs.all]
notes:
  - The API sends errors with HTTP status 200. The module reports them as errors, never as a state. A reply with the state of a job is never
    an error, even if its C(success) is C(false).
  - An update that a newer update has superseded (C(Squashed)) is V(skipped).
  - Unity ended its support of Multiplay Hosting on 2026-03-31. The software went to Rocket Science Group, whose API (C(v4), with
    Bearer keys) documents no image update. This module reads C(cfp/v1) of Clanforge, for users who still run it.
seealso:
  - module: endstate.jobs.wait_for_job
  - name: Image update status
    description: The API that is read.
    link: https://docs.unity.com/en-us/clanforge/api/
"""

EXAMPLES = r"""
- name: Read an image update
  endstate.jobs.imageupdate_status:
    account_service_id: "4242"
    access_key: "{{ vault_multiplay_access_key }}"
    secret_key: "{{ vault_multiplay_secret_key }}"
    update_id: "1234"
  register: update

- name: Wait for the end of an image update with a loop
  endstate.jobs.imageupdate_status:
    account_service_id: "4242"
    access_key: "{{ vault_multiplay_access_key }}"
    secret_key: "{{ vault_multiplay_secret_key }}"
    update_id: "1234"
  register: update
  until: update is endstate.jobs.job_finished
  failed_when: update is not endstate.jobs.job_succeeded
  retries: 180
  delay: 10
"""

RETURN = r"""
job:
  description: The job. Null if it is missing with O(on_missing=ignore), and if the task failed.
  type: dict
  returned: always
  contains:
    system:
      description: V(multiplay).
      type: str
      returned: always
      sample: multiplay
    id:
      description: The id, an opaque string.
      type: str
      returned: always
      sample: '1234'
    parent_id:
      description: The id of the job that this one belongs to. The API does not say.
      type: str
      returned: always
      sample: null
    description:
      description: What the job does, in one line.
      type: str
      returned: always
      sample: image update
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
      sample: Running
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
      sample: 45.0
    message:
      description: Why the job failed, or the vendor's message on the job.
      type: str
      returned: always
      sample: null
    created_at:
      description: When the job was created, in ISO 8601 and UTC, as all times here.
      type: str
      returned: always
      sample: '2018-02-28T13:43:38Z'
    started_at:
      description: When the job began.
      type: str
      returned: always
      sample: '2018-02-28T13:43:38Z'
    updated_at:
      description: When the job last changed.
      type: str
      returned: always
      sample: '2018-02-28T13:45:30Z'
    finished_at:
      description: When the job ended. The API does not say.
      type: str
      returned: always
      sample: null
    eta_at:
      description: When the vendor expects the end of the job.
      type: str
      returned: always
      sample: '2018-02-28T13:47:00Z'
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
  description: A list of the one job, with the keys of RV(job).
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
  sample: imageupdate 1234 is running (Running).
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
      sample: '1'
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
from ansible_collections.endstate.jobs.plugins.module_utils._systems.multiplay import Multiplay


def main() -> None:
    run_module(Multiplay())


if __name__ == "__main__":
    main()
