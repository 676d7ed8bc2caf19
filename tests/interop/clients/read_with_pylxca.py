# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log in with Lenovo's client, read a task in its session (it has no command for that), and log out."""

import json
import sys

from pylxca.pylxca_api.lxca_connection import lxca_connection

given = json.loads(sys.argv[1])
connection = lxca_connection(given["url"], given["username"], given["password"])
connected = connection.connect()
connection.test_connection()
session = connection.get_session()
task = session.get(
    f"{given['url']}/updateRepositories/firmware/status",
    params={"tasktype": "EXPORTREPOSITORY", "taskid": given["task_id"]},
).json()
stranger = lxca_connection(given["url"], given["username"], "wrong").connect()
disconnected = connection.disconnect()
seen = {"connected": connected, "task": task, "stranger": stranger, "disconnected": disconnected}
json.dump(seen, sys.stdout)
