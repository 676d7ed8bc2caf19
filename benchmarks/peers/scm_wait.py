# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A peer: pan-scm-sdk's wait_for_job. scm_wait.py CONNECTION JOB_ID POLL_INTERVAL, the first as JSON."""

from __future__ import annotations

import json
import sys

from scm.client import Scm

connection, job_id, interval = json.loads(sys.argv[1]), sys.argv[2], float(sys.argv[3])
client = Scm(
    client_id=connection["client_id"],
    client_secret=connection["client_secret"],
    tsg_id=connection["tsg_id"],
    api_base_url=connection["api_url"].split("/config/")[0],
    token_url=connection["token_url"],
    verify_ssl=False,
)
status = client.wait_for_job(job_id, timeout=3600, poll_interval=interval)
print(status.data[0].status_str, status.data[0].result_str)
