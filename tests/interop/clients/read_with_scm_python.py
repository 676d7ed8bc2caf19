# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read configuration jobs with scm-python, whose types are strict and whose enumerations are closed."""

import json
import sys

from scm import Scm

given = json.loads(sys.argv[1])
host = given["url"].removeprefix("https://")
client = Scm(given["client_id"], given["client_secret"], given["tsg_id"], host=host, auth_url=given["url"])
jobs = client.config_operations.JobsApi(client.config_operations.api_client)
json.dump(
    {
        "jobs": [jobs.get_jobs_by_id(job_id).data[0].to_dict() for job_id in given["job_ids"]],
        "list": jobs.list_jobs().to_dict(),
    },
    sys.stdout,
)
