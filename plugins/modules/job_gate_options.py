#!/usr/bin/python
# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_gate_options
short_description: Check the variables of the role job_gate
version_added: 1.1.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - The first task of the role P(endstate.jobs.job_gate#role). You need it only in a role of your own that takes the same variables.
  - Checks all variables whose names begin with C(job_gate_). A variable that is null, empty or blank counts as not set. Numbers, booleans
    and lists may be text, because a survey's answers and C(key=value) on a command line are text.
  - Fails if a variable has an invalid value or an unknown name. The names of the variables that a gate publishes are known, because AWX
    passes them to the next gate of a workflow.
options: {}
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
  bypass_host_loop:
    support: none
  check_mode:
    support: full
  connection:
    support: none
  delegation:
    support: none
  diff_mode:
    support: N/A
    description: The module changes nothing.
  platform:
    support: full
    platforms: posix
seealso:
  - module: endstate.jobs.wait_for_job
  - module: endstate.jobs.job_report
"""

EXAMPLES = r"""
- name: Check the variables that begin with job_gate_
  endstate.jobs.job_gate_options:
  register: gate
  vars:
    job_gate_jobs:
      - config_job:
          job_id: "294"
    job_gate_timeout: "1800"
"""

RETURN = r"""
options:
  description:
    - The options that are set, without C(job_gate_) in their names and without the jobs, which may contain secrets. Options of the gate
      itself always have a value. Options of M(endstate.jobs.wait_for_job) are present only if they are set.
    - If the task fails, only the options of the gate itself, or none if one of these is invalid.
  type: dict
  returned: always
  sample: {"title": "Gate", "report_dir": null, "stats_prefix": "job_gate", "allow_failed": "0", "allow_empty": false, "timeout": 1800}
msg:
  description: A sentence that says that all variables are valid, or which variable is invalid and what was expected.
  type: str
  returned: always
  sample: "job_gate_alow_failed: there is no such variable; did you mean job_gate_allow_failed?"
"""
