# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that start jobs and wait for them."""

from __future__ import annotations

import typing as t

Task = dict[str, t.Any]


def start(url: str, **options: t.Any) -> Task:
    """A task that starts a job, registered as ``started``."""
    call = {"url": url, "method": "POST", "body_format": "json", "status_code": [200, 201, 202], **options}
    return {"name": "start", "ansible.builtin.uri": call, "register": "started"}


def wait(*jobs: t.Mapping[str, t.Any], **options: t.Any) -> Task:
    """A task that waits for jobs of ``rest_job``, and gives up after 100 seconds."""
    which: Task = {"rest_job": jobs[0]} if len(jobs) == 1 else {"jobs": [{"rest_job": job} for job in jobs]}
    pace = {"interval": 0.2, "max_interval": 0.5, "timeout": 100, "missing_grace": 1, **options}
    return {"name": "wait", "endstate.jobs.wait_for_job": {**which, **pace}}
