# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A peer: the least that polling with requests can cost. bare_requests.py URL AUTHORIZATION POLLS PAUSE"""

from __future__ import annotations

import sys
import time

import requests

url, authorization, polls, pause = sys.argv[1:]
session = requests.Session()
session.headers["Authorization"] = authorization
for _poll in range(int(polls)):
    session.get(url).json()
    time.sleep(float(pause))
