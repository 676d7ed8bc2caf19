# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What every info module has."""

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
      - How often to ask again, within this one call, after a transient error, which is a connection refused or
        reset, a time-out, a body cut short, and the HTTP statuses 408, 425, 429 and 5xx.
      - The pauses are 1, 2, 4 and then 5 seconds, or what the API asks for with C(Retry-After), up to 60 seconds.
    type: int
    default: 2
  timeout:
    description:
      - Seconds for this whole call, with a login, all pages and all retries. If it is not set, O(request_timeout) bounds each request
        alone.
    type: float
    version_added: 1.1.0
notes:
  - An option that is null or blank counts as not set, for example because its variable has no value. Then its environment variable is used, or
    its default. An id that is null or blank is an error.
attributes:
  check_mode:
    support: full
    description: Can run in check mode and, as it changes nothing, does the same there.
  diff_mode:
    support: N/A
    description: Changes nothing, so that there is nothing to show.
  platform:
    support: full
    platforms: posix
    description: The machine that the module runs on, which asks the API.
"""
