# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options, notes and attributes of every info module."""

    DOCUMENTATION = r"""
options:
  on_missing:
    description:
      - What to do if the API does not know the job.
      - V(fail) fails the task.
      - V(ignore) returns RV(ignore:job=none), because a job that was just created may not be visible yet.
    type: str
    choices: [fail, ignore]
    default: fail
  retries:
    description:
      - How often to repeat a request after a transient error. Transient errors are a refused or reset connection, a timeout, an
        incomplete body, and the HTTP statuses 408, 425, 429 and 5xx.
      - The pauses are 1, 2, 4 and then 5 seconds, or longer if the API asks for it with C(Retry-After), up to 60 seconds.
    type: int
    default: 2
  timeout:
    description:
      - The most seconds that the module may take, including a login, all pages and all retries. If it is not set, only the time of each
        request is limited, by O(request_timeout).
    type: float
    version_added: 1.1.0
notes:
  - An option that is null or blank, for example because its variable has no value, counts as not set. Its environment variable or its
    default is used instead. An id that is null or blank is an error.
attributes:
  check_mode:
    support: full
    description: The module changes nothing, so it does the same in check mode.
  diff_mode:
    support: N/A
    description: The module changes nothing, so there is nothing to show.
  platform:
    support: full
    platforms: posix
    description: The machine on which the module runs and sends the requests.
"""
