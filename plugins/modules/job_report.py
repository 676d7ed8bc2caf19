#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_report
short_description: Judge the result of a wait, and write a report of it
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Decides whether the result of M(endstate.jobs.wait_for_job) is good enough, and writes a report as a page for people, as JUnit
    XML for continuous integration servers, and as JSON.
  - Fails if the report cannot be written or an option is invalid. If the result is not good enough, the module does not fail but returns
    RV(passed=false).
  - The role P(endstate.jobs.job_gate#role) waits, uses this module, and then passes or fails.
options:
  result:
    description:
      - The registered result of M(endstate.jobs.wait_for_job), whether that task has failed or not, and with or without a C(loop).
      - The jobs of all items of a C(loop) are judged together. A skipped item has no jobs. An item that failed before its jobs were known is
        always bad.
      - A list of such results, or of jobs, is judged in the same way.
    type: raw
    required: true
  path:
    description:
      - The folder on the controller to write C(report.html), C(junit.xml) and C(report.json) to. A missing folder is created.
      - A relative path begins in the folder in which C(ansible-playbook) was started, and not in the folder of the playbook, which may be part
        of an installed collection. C(~) and environment variables are replaced.
      - If it is not set or empty, nothing is written.
    type: path
    aliases: [report_dir]
  title:
    description:
      - The name of the wait in messages and in the report.
    type: str
    default: Gate
  allow_failed:
    description:
      - How many jobs may not end well, as a number of jobs such as V(2), or a percentage such as V(10%).
      - Percentages are rounded down. V(10%) of 15 jobs is 1, and V(10%) of 9 jobs is 0.
    type: str
    default: "0"
  allow_empty:
    description:
      - Whether a wait without any job is good. Usually the cause is a mistake in an earlier step.
    type: bool
    default: false
  fail_on:
    description:
      - The end states that are bad. Use the value of O(endstate.jobs.wait_for_job#module:fail_on) of the wait.
    type: list
    elements: str
    choices: [failed, cancelled, skipped]
    default: [failed, cancelled, skipped]
  on_timeout:
    description:
      - Whether a job that has not ended in time is bad. Use the value of O(endstate.jobs.wait_for_job#module:on_timeout) of the wait.
      - A job that could not be read, or whose state is unknown, is bad even with V(warn).
    type: str
    choices: [fail, warn]
    default: fail
  option_prefix:
    description:
      - The prefix of option names in messages, for a role whose variables have this prefix. The role P(endstate.jobs.job_gate#role) sets
        V(job_gate_).
    type: str
    default: ""
    version_added: 1.1.0
extends_documentation_fragment:
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
    description: The files are owned by the user who runs C(ansible-playbook).
  bypass_host_loop:
    support: none
  check_mode:
    support: full
    description: In check mode the module writes nothing and decides nothing.
  connection:
    support: none
    description: The module runs on the controller and connects to no host.
  delegation:
    support: none
    description: A task with C(delegate_to) another host than the controller fails.
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
notes:
  - In a play over many hosts each host writes its own report. Put C({{ inventory_hostname }}) into O(path), or set C(run_once) on the task.
seealso:
  - module: endstate.jobs.wait_for_job
"""

EXAMPLES = r"""
- name: Wait for all jobs
  endstate.jobs.wait_for_job:
    jobs:
      - config_job:
          job_id: "294"
      - firmware_repo:
          task_id: "12"
  register: rollout
  ignore_errors: true

- name: Write a report, and fail if the outcome is not good enough
  endstate.jobs.job_report:
    result: "{{ rollout }}"
    path: "{{ playbook_dir }}/report"
  register: report
  failed_when: report is failed or not report.passed
"""

RETURN = r"""
passed:
  description: Whether the wait is good enough. False in check mode.
  type: bool
  returned: always
  sample: false
decided:
  description: Whether RV(passed) is a decision. False in check mode, because the jobs were read once and not waited for.
  type: bool
  returned: always
  sample: true
succeeded:
  description: The jobs that ended well.
  type: list
  elements: dict
  returned: always
  sample: [{"name": "firmware", "system": "xclarity", "id": "12"}]
failed_jobs:
  description: The jobs that did not end well or could not be read. The first 50 have their message.
  type: list
  elements: dict
  returned: always
  sample: [{"name": null, "system": "strata", "id": "294", "state": "failed", "message": "Configuration push failed"}]
accepted:
  description: The jobs that did not end well, but that O(fail_on) or O(on_timeout) accepts.
  type: list
  elements: dict
  returned: always
  sample: []
states:
  description: A line on the last known state of each job.
  type: list
  elements: str
  returned: always
  sample: ["config_job 294: failed (FIN/FAIL): Configuration push failed", "firmware (firmware_repo 12): succeeded (complete)"]
files:
  description: The files that were written.
  type: list
  elements: str
  returned: always
  sample: [/builds/shop/report/report.json, /builds/shop/report/junit.xml, /builds/shop/report/report.html]
msg:
  description: The outcome of the wait, and where the report is or why there is no report.
  type: str
  returned: always
  sample: "1 of 2 jobs ended badly after 5 min 02 s: config_job 294: failed (FIN/FAIL): Configuration push failed."
"""

from ansible.module_utils.basic import AnsibleModule

SPEC = {
    "result": {"type": "raw", "required": True},
    "path": {"type": "path", "aliases": ["report_dir"]},
    "title": {"type": "str", "default": "Gate"},
    "allow_failed": {"type": "str", "default": "0"},
    "allow_empty": {"type": "bool", "default": False},
    "fail_on": {
        "type": "list",
        "elements": "str",
        "choices": ["failed", "cancelled", "skipped"],
        "default": ["failed", "cancelled", "skipped"],
    },
    "on_timeout": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
    "option_prefix": {"type": "str", "default": ""},
}


def main() -> None:
    """Fails: the action plugin of the same name does the work, on the controller."""
    module = AnsibleModule(argument_spec=SPEC, supports_check_mode=True)
    module.fail_json(
        msg="endstate.jobs.job_report is an action plugin and runs on the controller only; call it as a task of a playbook."
    )


if __name__ == "__main__":
    main()
