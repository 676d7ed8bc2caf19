# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebook of the guide does what the guide says, exactly as it is written."""

from __future__ import annotations

import yaml

from simulator.client import Simulator
from tests.docs.pages import blocks
from tests.eda.rulebook import INVENTORY, Rulebook

FILES = {block.file: yaml.safe_load(block.text) for block in blocks("event_driven") if block.file}


def test_the_first_rulebook_of_the_guide_announces_each_end(simulator: Simulator, rulebook: Rulebook) -> None:
    assert FILES["inventory.yml"] == INVENTORY
    push = [{"state": "ACT", "for": 2}, {"state": "FIN/FAIL", "message": "no such zone"}]
    simulator.add(
        jobs=[
            {"system": "strata", "id": FILES["variables.yml"]["push_id"], "stages": push},
            {"system": "xclarity", "id": "12", "stages": [{"state": "complete"}]},
        ]
    )
    rulebook.start(FILES["rulebook.yml"], **FILES["variables.yml"])
    assert rulebook.wait() == 0, rulebook.output
    assert rulebook.output.count("firmware has ended well") == 1
    assert rulebook.output.count("PLAY [Announce a job]") == 1
    assert ": failed: no such zone" in rulebook.output


def test_the_rulebook_of_the_guide_tells_of_lost_apis_and_refused_accounts(
    simulator: Simulator, rulebook: Rulebook
) -> None:
    simulator.add(jobs=[{"system": "strata", "id": "294", "stages": [{"state": "ACT"}]}])
    simulator.add(faults=[{"system": "strata", "kind": "status", "status": 503, "after": 1}])
    rulebook.environment["XCLARITY_PASSWORD"] = "not-the-password"
    rulebook.start(FILES["rulebook.yml"], **FILES["variables.yml"])
    rulebook.until("\nfirmware: http")
    rulebook.until("answered HTTP 503")
    rulebook.interrupt()
    assert "not-the-password" not in rulebook.output
