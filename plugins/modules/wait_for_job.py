#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait_for_job
short_description: Wait for remote jobs, and fail if they did not end well
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Polls one job, or a thousand jobs of any mix of systems, until each has ended or the wait times out. Shows progress meanwhile.
  - 'A short task is C(endstate.jobs.wait_for_job: {config_job: {job_id: "294"}, timeout: 1800}), with the credentials in the environment. See
    the examples of this page, and the guides R(Getting started,ansible_collections.endstate.jobs.docsite.getting_started), R(Ways to
    wait,ansible_collections.endstate.jobs.docsite.waiting) and R(Troubleshooting,ansible_collections.endstate.jobs.docsite.troubleshooting).'
  - Tolerates transient errors such as timeouts, restarts of the API, and rate limits.
  - Always returns the last known state of each job, even if the task fails or the task keyword C(timeout) ends it.
options:
  timeout:
    description:
      - Seconds for the whole wait. After this time, each job that has not ended is polled once more.
      - With V(0) each job is polled once.
      - The task may take longer by the time of one request (C(request_timeout) of the job).
    type: float
    default: 3600
  interval:
    description:
      - Seconds before the second poll, and before the next poll after each change of the state.
    type: float
    default: 5
  max_interval:
    description:
      - The most seconds between two polls, unless the API asks for more with C(Retry-After). If a good answer has that header, the next
        poll comes after the time in the header, but not before O(interval) and not after more than 10 minutes.
      - If it is not set and O(interval) is greater, O(interval) is used. So O(interval) alone is enough to poll less often.
    type: float
    default: 50
  backoff:
    description:
      - How fast the pauses between polls grow while the state stays the same. The first pause is O(interval) and the second O(interval) times
        this factor. Later pauses grow with the square root of the time. With V(1) all pauses are O(interval).
      - If the job's progress or the vendor's own estimate shows how much time is left, polls are rare at first and frequent near the end.
      - See the guide R(Polling interval,ansible_collections.endstate.jobs.docsite.polling).
    type: float
    default: 1.3
  fail_on:
    description:
      - The end states that fail the task.
    type: list
    elements: str
    choices: [failed, cancelled, skipped]
    default: [failed, cancelled, skipped]
  fail_fast:
    description:
      - With several jobs, whether to fail at the first bad end instead of waiting for the other jobs.
    type: bool
    default: false
  on_timeout:
    description:
      - Whether a job that has not ended in time fails the task or only causes a warning.
    type: str
    choices: [fail, warn]
    default: fail
  unreachable_timeout:
    description:
      - How long, in seconds, an API may keep failing before its jobs are given up. Any good reply resets the timer.
      - Meanwhile only one poll at a time is made, instead of one for each job. Each job is polled once, as far as the time is long
        enough, so that jobs that cannot be read do not hide that the API answers for others. The exception is an API that asks for
        pauses, with HTTP 429 or, for several jobs, with C(Retry-After). It is polled less often, so it may be given up before each job
        was polled.
      - If the polls of a single job fail for this time while its API answers for other jobs, only that job is given up.
    type: float
    default: 300
  missing_grace:
    description:
      - Seconds for which a job may be unknown to the API at first, because it may have just been created.
      - A job that the API no longer knows after it was seen fails at once.
    type: float
    default: 30
  concurrency:
    description:
      - How many requests may be under way at once.
    type: int
    default: 16
  progress:
    description:
      - What to show while waiting. V(changes) shows each change, V(polls) the result of each poll, and V(none) nothing. V(changes) and V(polls)
        begin with a line that names the jobs, and show a line at least once a minute.
      - With up to ten jobs, each line is about one job. It has the job's name, state and native state, the percentage and the time left if the
        vendor sends them, and the job's message.
      - With more jobs, lines have sums, such as C(12 of 40 ended (1 failed), 27 running). The first line comes as soon as each job was
        polled once. After that there is at most one line every 5 seconds. The last three jobs are named, and each bad end has its own line.
      - A line is shown at once for a job that the API does not know yet, for an API that does not answer, and for an API that answers again.
      - A line is shown for a job that cannot be read twice in a row although its API answers for other jobs, and when it can be read
        again. Of more than ten jobs, three such jobs at a time are shown, and the others are counted.
      - The reason of a failure of a single job is in the task's message and not in the last line.
      - Progress is written to stdout if the callback extends Ansible's default callback. It is written to stderr with all other callbacks, such
        as C(ansible.posix.json), V(minimal) and V(oneline), because programs read their output.
      - Nothing is shown for a task with C(no_log).
    type: str
    choices: [changes, polls, none]
    default: changes
extends_documentation_fragment:
  - endstate.jobs.wait_items
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.conn
  - ansible.builtin.action_common_attributes.flow
attributes:
  action:
    support: full
  async:
    support: none
  become:
    support: none
  bypass_host_loop:
    support: none
  check_mode:
    support: full
    description: In check mode the module polls each job once, does not wait, and does not fail for a job that is missing or has not ended.
  connection:
    support: none
    description: The module polls from the controller and connects to no host, unless the task is delegated to another host.
  delegation:
    support: full
    description: With C(delegate_to) another host, that host runs the info modules for the polls, one job at a time.
  diff_mode:
    support: N/A
    description: The module changes nothing, so there is nothing to show.
  platform:
    support: full
    platforms: posix
requirements:
  - requests >= 2.28 (Python library, on the controller, or on the host that the task is delegated to)
  - Python >= 3.9 on a host that the task is delegated to
notes:
  - In a play over many hosts each host runs its own wait. If all hosts would wait for the same jobs, set C(run_once) on the task.
  - If 20 or more jobs of one account have not ended and the system has a listing, one request for the listing replaces the requests for
    single jobs. The end of each job is read from the job itself.
  - If the output goes through a pipe, as in most pipelines, progress lines appear at once only with E(PYTHONUNBUFFERED=1) in the environment.
  - Environment variables are read on the controller, even if the task is delegated. The keyword C(environment) of a play or task applies.
  - An option that is null or blank, for example because its variable has no value, counts as not set. This also holds for the options of a
    job and for the keys that name a job. The environment variable or the default is used instead. An id that is null or blank is an error.
seealso:
  - module: endstate.jobs.activegate_update_job_info
  - module: endstate.jobs.config_job_info
  - module: endstate.jobs.firmware_repo_status
  - module: endstate.jobs.imageupdate_status
"""

EXAMPLES = r"""
- name: Wait until the firewalls have the new rules
  endstate.jobs.wait_for_job:
    config_job:
      client_id: sa@1234567890.iam.panserviceaccount.com
      client_secret: "{{ vault_scm_client_secret }}"
      tsg_id: "1234567890"
      job_id: "294"
    timeout: 1800

- name: Wait for the push that the task before has started
  endstate.jobs.wait_for_job:
    config_job:
      started_by: "{{ push }}"

- name: Wait for the pushes that a loop has started, and for an image update
  endstate.jobs.wait_for_job:
    jobs:
      - config_job:
          started_by: "{{ pushes }}"
      - name: game image
        imageupdate:
          update_id: "1234"

- name: Wait for jobs of several systems, whose credentials are in the environment
  endstate.jobs.wait_for_job:
    jobs:
      - name: firewalls of Berlin
        config_job:
          job_id: "294"
      - name: synthetic monitors
        activegate_update_job:
          activegate_id: "-1556499193"
          job_id: "-7537034309286328684"
      - imageupdate:
          update_id: "1234"
      - firmware_repo:
          task_id: "12"
    fail_fast: true
  register: rollout

- name: Wait at most a minute, and go on if that was too short
  endstate.jobs.wait_for_job:
    firmware_repo:
      task_id: "12"
    timeout: 60
    on_timeout: warn
"""

RETURN = r"""
job:
  description: The job, with the keys of RV(jobs[]). Absent with O(jobs), and if a loop has started several.
  type: dict
  returned: if one job was asked for
jobs:
  description: All jobs, in the order of the options. With a single job, a list of that job.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: The name of the job in O(jobs).
      type: str
      returned: always
      sample: firewalls of Berlin
    system:
      description: V(dynatrace), V(multiplay), V(strata) or V(xclarity); for O(rest_job) the name of the profile.
      type: str
      returned: always
      sample: strata
    id:
      description: The id that was asked for, an opaque string.
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
      description: The last known state. V(pending), V(running), V(succeeded), V(failed), V(cancelled), V(skipped), or V(unknown) if the job was
        never seen or the vendor uses a word that this version does not know.
      type: str
      returned: always
      sample: failed
    native_state:
      description: The vendor's own word for the state.
      type: str
      returned: always
      sample: FIN/OK
    finished:
      description: Whether the job has reached an end state.
      type: bool
      returned: always
      sample: true
    succeeded:
      description: Whether the job has ended well. Never null.
      type: bool
      returned: always
      sample: false
    progress:
      description: Percent, 0 to 100. Null if the vendor does not say.
      type: float
      returned: always
      sample: 100.0
    message:
      description: Why the job failed, or the vendor's message on the job. Null if the vendor does not say.
      type: str
      returned: always
      sample: 'config_job 295 (CommitAll to FW-1): Configuration push failed'
    created_at:
      description: When the job was created, in ISO 8601 and UTC, as all times here. Null if the vendor does not say.
      type: str
      returned: always
      sample: '2022-10-20T17:57:06Z'
    started_at:
      description: When the job began. Null if the vendor does not say.
      type: str
      returned: always
      sample: '2022-10-20T17:57:06Z'
    updated_at:
      description: When the job last changed. Null if the vendor does not say.
      type: str
      returned: always
      sample: null
    finished_at:
      description: When the job ended. Null if the vendor does not say.
      type: str
      returned: always
      sample: '2022-10-20T18:02:00Z'
    eta_at:
      description: When the vendor expects the end of the job. Null if the vendor does not say.
      type: str
      returned: always
      sample: null
    duration:
      description: Seconds from the beginning of the job to its end. Null if the vendor does not say.
      type: float
      returned: always
      sample: 193.0
    error:
      description: Why the job could not be read. Null if the last poll could read the job.
      type: dict
      returned: always
      contains:
        kind:
          description: V(certificate), V(configuration), V(forbidden), V(incomplete), V(not_found), V(protocol), V(redirect), V(rejected), V(timeout),
            V(unauthorized), V(unavailable), V(unreachable) or V(web_page).
          type: str
          returned: always
          sample: unreachable
        status:
          description: The HTTP status, if there was an answer.
          type: int
          returned: always
          sample: null
        code:
          description: The vendor's own code.
          type: str
          returned: always
          sample: null
        message:
          description: The reason in one sentence.
          type: str
          returned: always
          sample: https://api.example.com cannot be reached (Connection refused).
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
          description: Whether no job of the account can be read, for example because its login was refused or because its certificate is not
            trusted.
          type: bool
          returned: always
          sample: false
    children:
      description: The children of the job, with the same keys except C(name), C(label) and C(history).
      type: list
      elements: dict
      returned: always
      sample: []
    label:
      description: The job in messages, which follows RV(jobs[].name) if that is set.
      type: str
      version_added: 1.1.0
      returned: always
      sample: config_job 294
    history:
      description: The states that the wait saw, oldest first.
      type: list
      elements: dict
      returned: always
      contains:
        state:
          description: The state.
          type: str
          returned: always
          sample: running
        native_state:
          description: The vendor's own word for the state.
          type: str
          returned: always
          sample: ACT/PEND
        progress:
          description: Percent, when the state was first seen.
          type: float
          returned: always
          sample: 45.0
        at:
          description: When the state was first seen, by the clock of the machine that waits.
          type: str
          returned: always
          sample: '2022-10-20T17:57:10.123Z'
finished:
  description: Whether all jobs have ended.
  type: bool
  returned: always
  sample: true
succeeded:
  description: Whether all jobs have ended well.
  type: bool
  returned: always
  sample: false
timed_out:
  description: Whether the wait timed out before all jobs had ended, by O(timeout) or by the task keyword C(timeout) of Ansible.
  type: bool
  returned: always
  sample: false
timedout:
  description: The same, in the form that ansible-core's test C(timedout) expects. Null if the wait has not timed out.
  type: dict
  version_added: 1.1.0
  returned: always
  sample: null
  contains:
    period:
      description: The seconds after which the wait timed out.
      type: float
      returned: always
      sample: 3600.0
elapsed:
  description: Seconds that the wait took.
  type: float
  returned: always
  sample: 302.417
polls:
  description: How many requests for a state were made, failed ones included.
  type: int
  returned: always
  sample: 23
msg:
  description: The outcome in one or two sentences. It names the first ten bad jobs and says why they are bad.
  type: str
  returned: always
  sample: config_job 294 succeeded (FIN/OK) after 5 min 02 s.
"""
