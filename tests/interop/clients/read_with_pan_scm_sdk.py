# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read configuration jobs with pan-scm-sdk: checks the token's signature, reads, lists, pushes and waits."""

import json
import sys

from scm.client import Scm
from scm.exceptions import APIError

given = json.loads(sys.argv[1])
client = Scm(
    client_id=given["client_id"],
    client_secret=given["client_secret"],
    tsg_id=given["tsg_id"],
    api_base_url=given["url"],
    token_url=f"{given['url']}/am/oauth2/access_token",
)


def plain(model):
    return model.model_dump(mode="json")


def refusal(ask):
    try:
        return plain(ask())
    except APIError as error:
        return [type(error).__name__, error.http_status_code, error.error_code]


awaited = client.wait_for_job(given["awaited"], timeout=20, poll_interval=1)
pushed = client.commit(folders=["Texas"], description="change 42")
json.dump(
    {
        "token": client.oauth_client.decode_token(),
        "jobs": [plain(client.get_job_status(job_id).data[0]) for job_id in given["job_ids"]],
        "awaited": plain(awaited.data[0]),
        "pushed": pushed.job_id,
        "missing": refusal(lambda: client.get_job_status(given["missing"])),
        "refused": refusal(lambda: client.list_jobs(limit=0)),
        "list": plain(client.list_jobs(limit=3, offset=1)),
        "children": [job.id for job in client.list_jobs(parent_id=given["parent_id"]).data],
    },
    sys.stdout,
)
