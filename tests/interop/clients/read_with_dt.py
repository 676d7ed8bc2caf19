# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read update jobs with Dynatrace's client: one by one, of one ActiveGate, and of all."""

import json
import sys
from datetime import timezone

from dynatrace import Dynatrace

given = json.loads(sys.argv[1])
jobs = Dynatrace(given["url"], given["api_token"]).activegates_autoupdate_jobs


def plain(job):
    return {
        "id": job.job_id,
        "state": job.job_state,
        "ended": job.timestamp.replace(tzinfo=timezone.utc).timestamp(),
        "duration": job.duration.total_seconds(),
        "error": job.error,
    }


def ids(listing):
    return [job.job_id for job in listing.update_jobs]


activegate = given["activegate_id"]
json.dump(
    {
        "jobs": [plain(jobs.get_job(activegate, job_id)) for job_id in given["job_ids"]],
        "one": ids(jobs.get(activegate, **given["filters"])),
        "all": {listing.activegate_id: ids(listing) for listing in jobs.list(**given["filters"])},
    },
    sys.stdout,
)
