# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process of pygeoapi that takes as long as it is told to, and fails if it is told why."""

import time

from pygeoapi.process.base import BaseProcessor, ProcessorExecuteError

METADATA = {
    "version": "1",
    "id": "sleep",
    "title": "Sleep",
    "description": "Sleeps",
    "jobControlOptions": ["async-execute"],
    "inputs": {
        "seconds": {"title": "How long", "schema": {"type": "number"}},
        "error": {"title": "Why it fails", "schema": {"type": "string"}, "minOccurs": 0},
    },
    "outputs": {"slept": {"title": "How long", "schema": {"type": "object", "contentMediaType": "application/json"}}},
}


class Sleep(BaseProcessor):
    def __init__(self, definition):
        super().__init__(definition, METADATA)

    def execute(self, data, outputs=None):
        time.sleep(data["seconds"])
        if "error" in data:
            raise ProcessorExecuteError(data["error"])
        return "application/json", {"slept": data["seconds"]}
