# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes all results to stdout as one JSON document, as a callback does whose output is read by a program."""

from __future__ import annotations

import json

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: program
type: stdout
short_description: One JSON document
description: For tests.
"""


class CallbackModule(CallbackBase):
    """Collects the results and writes them at the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "program"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._results = []

    def v2_runner_on_ok(self, result):
        self._results.append(result._result)

    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps(self._results, default=str))
