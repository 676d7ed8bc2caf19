# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event source that emits an event whenever a remote job has another state."""

from __future__ import annotations

import pkgutil
import sys
import threading
import typing as t
from pathlib import Path

try:
    import ansible_collections.endstate.jobs
except ImportError:
    # ansible-rulebook runs this file by its path, without a finder of collections.
    sys.path.append(str(Path(__file__).absolute().parents[7]))
    import ansible_collections

    # A namespace, unless Ansible's large package is installed: then it is a regular package, which has one place alone.
    ansible_collections.__path__ = pkgutil.extend_path(ansible_collections.__path__, "ansible_collections")

try:
    from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.outbox import Outbox, Queue
    from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.source import SOURCE, listen
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] != "ansible":
        raise
    # ansible-rulebook itself needs no ansible-core, because it runs playbooks by a command. Its log shows this as the source's error.
    missing = f"endstate.jobs.job_status needs ansible-core in the Python environment of ansible-rulebook: {sys.executable} -m pip install ansible-core"
    raise ModuleNotFoundError(missing, name=error.name) from None

DOCUMENTATION = r"""
module: job_status
short_description: Send an event whenever a remote job has another state
version_added: 1.0.0
author:
  - The endstate.jobs maintainers (@endstate)
description:
  - Watches one job, or a thousand of any mix of systems, or all jobs of an account as they come and go.
  - Tolerates every error that a later poll may not meet. Ends when all jobs that it was given have ended.
  - The guide on R(rulebooks,ansible_collections.endstate.jobs.docsite.event_driven) has a first rulebook from end to end, the events, and
    what happens after a restart.
  - No template can begin in the text of an event, whatever an API says, so that any action may be given it.
  - An argument that is null or blank counts as not set. An id that is null or blank is an error; leave it out for a listing.
  - C(interval), C(max_interval), C(backoff), C(missing_grace) and C(concurrency) are those of M(endstate.jobs.wait_for_job).
options:
  activegate_update_job:
    description:
      - An update of an ActiveGate, with the options of M(endstate.jobs.activegate_update_job_info).
      - Without C(job_id), all updates of the ActiveGate; without C(activegate_id), those of all.
    type: dict
  imageupdate:
    description:
      - An image update, with the options of M(endstate.jobs.imageupdate_status).
    type: dict
  config_job:
    description:
      - A configuration job, with the options of M(endstate.jobs.config_job_info). Its children are followed as M(endstate.jobs.wait_for_job) does.
      - Without C(job_id), the newest jobs of the tenant, of which C(limit) are watched.
    type: dict
  firmware_repo:
    description:
      - A task of the firmware repository, with the options of M(endstate.jobs.firmware_repo_status).
      - Without C(task_id), all running tasks, each to its end.
    type: dict
  rest_job:
    description:
      - A job of any REST API that a profile describes, with the options of M(endstate.jobs.rest_job_info). The file of a profile is found
        from the working directory of ansible-rulebook.
      - Without C(id), the jobs of the profile's listing, of which C(limit) are watched. A listing may need the outer ids.
    type: dict
    suboptions:
      profile:
        description:
          - The profile, which describes the API. It has one of three forms.
          - The name of a profile of the collection, such as V(proxmox_task).
          - The path of a file of your own (YAML or JSON), recognised by a C(/) or an extension. It is relative to the working directory of
            C(ansible-rulebook).
          - The profile itself, as a dictionary.
        type: raw
        required: true
  jobs:
    description:
      - Several of the above, each with an optional C(name) that its events carry. No two have the same name.
    type: list
    elements: dict
  initial:
    description:
      - Whether to send an event for the state in which each job is first found, so that a restart loses no end.
    type: bool
    default: true
  until_finished:
    description:
      - Whether to end when all jobs have ended, which ends the rulebook as well.
      - The default is true, or false if there is a listing, because a listing has no end.
    type: bool
requirements:
  - ansible-core and requests >= 2.28, in the Python environment of ansible-rulebook
"""

EXAMPLES = r"""
- name: Follow two jobs to their end
  hosts: localhost
  sources:
    - endstate.jobs.job_status:
        jobs:
          - name: firewalls
            config_job:
              job_id: "{{ push_id }}"
          - name: firmware
            firmware_repo:
              api_url: https://xclarity.example.com
              task_id: "12"
  rules:
    - name: A job has ended badly
      condition: event.type == "transition" and event.job.finished and not event.job.succeeded
      action:
        debug:
          msg: "{{ event.name }}: {{ event.job.state }}"

- name: Watch whatever a tenant does
  hosts: localhost
  sources:
    - endstate.jobs.job_status:
        config_job: {}
        max_interval: 60
  rules:
    - name: A configuration job has failed
      condition: event.type == "transition" and event.job.state == "failed"
      action:
        run_playbook:
          name: endstate.jobs.announce_job
          extra_vars:
            job: "{{ event.job }}"
"""

STOP_TIMEOUT = 1.5
"""Seconds that polls and logouts have to end when the rulebook stops."""


async def main(queue: Queue, args: dict[str, t.Any]) -> None:
    """Sends an event for each change of the jobs that the arguments name, until all have ended.

    The polling runs in threads of its own, so that the event loop never waits for an API.

    :raises Exception: for arguments that cannot be worked with, and when the source cannot go on; the message is a sentence.
    """
    outbox = Outbox()
    # A daemon thread, so that the end of the process does not wait for a slow API.
    threading.Thread(target=_run, args=(args, outbox), name=SOURCE, daemon=True).start()
    try:
        await outbox.forward(queue)
    finally:
        await outbox.stop(STOP_TIMEOUT)


def _run(args: t.Mapping[str, t.Any], outbox: Outbox) -> None:
    failure: Exception | None = None
    try:
        listen(args, outbox)
    except Exception as error:
        failure = error
    finally:
        outbox.end(failure)
