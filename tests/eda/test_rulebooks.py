# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example rulebooks, and whole runs that end in some way, with the real ansible-rulebook."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest

from simulator.client import Simulator
from tests.eda.rulebook import Rulebook

ACTIVEGATE = "-1556499193"
STOP = 5.0  # seconds: the source has two, the rest is for the end of all else on a busy machine


def listening(source: dict[str, Any], *rules: dict[str, Any]) -> list[dict[str, Any]]:
    """A rulebook with one source."""
    anything = {
        "name": "any",
        "condition": "event.type is defined",
        "action": {"debug": {"msg": "got {{ event.type }}"}},
    }
    return [
        {
            "name": "Listen",
            "hosts": "localhost",
            "sources": [{"endstate.jobs.job_status": source}],
            "rules": [*rules, anything],
        }
    ]


def test_on_finished_update_posts_an_event_and_ends_with_the_job(simulator: Simulator, rulebook: Rulebook) -> None:
    simulator.add(
        jobs=[
            {"system": "dynatrace", "id": "-75", "stages": [{"state": "IN_PROGRESS", "for": 5}, {"state": "SUCCEED"}]}
        ]
    )
    rulebook.start("endstate.jobs.on_finished_update", activegate_id=ACTIVEGATE, job_id="-75")
    assert rulebook.wait() == 0, rulebook.output
    assert rulebook.output.count("Update -75 has succeeded: SYNTHETIC 1.198.0") == 1
    assert simulator.connection("dynatrace")["api_token"] not in rulebook.output


def test_on_finished_update_tells_a_bad_end_from_a_good_one(simulator: Simulator, rulebook: Rulebook) -> None:
    simulator.add(jobs=[{"system": "dynatrace", "id": "-76", "stages": [{"state": "ROLLBACK"}]}])
    rulebook.start("endstate.jobs.on_finished_update", activegate_id=ACTIVEGATE, job_id="-76")
    assert rulebook.wait() == 0, rulebook.output
    assert "Update -76 did not succeed (failed): SYNTHETIC 1.198.0" in rulebook.output
    assert "has succeeded" not in rulebook.output


def test_on_failed_push_runs_a_playbook_and_goes_on_until_it_is_stopped(
    simulator: Simulator, rulebook: Rulebook
) -> None:
    failing = [{"state": "ACT", "for": 1}, {"state": "FIN/FAIL", "message": "no such zone"}]
    simulator.add(jobs=[{"system": "strata", "id": "294", "stages": [{"state": "FIN/OK"}]}])
    rulebook.start("endstate.jobs.on_failed_push")
    rulebook.until("'id': '294'")
    simulator.add(jobs=[{"system": "strata", "id": "300", "stages": failing}])
    rulebook.until("failed=0")
    assert ": failed: no such zone" in rulebook.output
    assert rulebook.output.count("PLAY [Announce a job]") == 1
    assert rulebook.interrupt() < STOP
    assert simulator.connection("strata")["client_secret"] not in rulebook.output


def test_a_shutdown_by_a_rule_stops_a_source_that_would_go_on(simulator: Simulator, rulebook: Rulebook) -> None:
    simulator.add(jobs=[{"system": "strata", "id": "294", "stages": [{"state": "ACT"}]}])
    stop = {"name": "stop", "condition": 'event.job.id == "294"', "action": {"shutdown": {"kind": "now"}}}
    rulebook.start(listening({"config_job": {}}, stop))
    rulebook.until("'id': '294'")
    assert rulebook.wait(STOP) == 0, rulebook.output


@pytest.mark.parametrize(
    ("number", "hangs"),
    [(signal.SIGKILL, False), (signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGHUP, False)],
    ids=["SIGKILL", "SIGTERM", "SIGTERM while the API hangs", "SIGHUP"],
)
def test_the_source_ends_with_its_rulebook(
    simulator: Simulator, rulebook: Rulebook, number: signal.Signals, hangs: bool
) -> None:
    simulator.add(jobs=[{"system": "strata", "id": "294", "stages": [{"state": "ACT"}]}])
    if hangs:
        simulator.add(faults=[{"system": "strata", "kind": "hang", "after": 3}])
    rulebook.start(listening({"config_job": {"request_timeout": 2}, "interval": 0.3, "max_interval": 0.3}))
    rulebook.until("'id': '294'")
    time.sleep(1)
    assert simulator.stats()["strata"]["requests"] >= 3, "a login and polls"
    rulebook.send(number)
    rulebook.wait(STOP)
    before = simulator.stats()["strata"]["requests"]
    time.sleep(2)
    assert simulator.stats()["strata"]["requests"] == before


def test_wrong_credentials_end_the_rulebook_with_an_event_and_a_sentence(rulebook: Rulebook) -> None:
    rulebook.environment["SCM_CLIENT_SECRET"] = "not-the-secret"
    rulebook.start(listening({"config_job": {"job_id": "294"}}))
    assert rulebook.wait() == 1
    assert "got fatal" in rulebook.output
    sentence = "answered HTTP 401 (code invalid_client): Client authentication failed. Check client_id, client_secret and token_url."
    assert "Source error: Fatal: Source plugin failed with error message: 'config_job 294: http" in rulebook.output
    assert sentence in rulebook.output
    assert "not-the-secret" not in rulebook.output


def test_a_wrongly_set_up_machine_ends_the_rulebook_with_an_event_and_a_sentence(
    rulebook: Rulebook,
) -> None:
    """It is not taken for an API that is down, for which a source waits on and on."""
    url = rulebook.environment["SCM_TOKEN_URL"].replace("http:", "https:")
    rulebook.environment.update({"REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem", "SCM_TOKEN_URL": url})
    rulebook.start(listening({"config_job": {"job_id": "294"}}))
    assert rulebook.wait() == 1
    assert "got fatal" in rulebook.output
    assert "REQUESTS_CA_BUNDLE: there is no file or folder /nonexistent/ca.pem." in rulebook.output


def test_wrong_arguments_end_the_rulebook_with_a_sentence(rulebook: Rulebook) -> None:
    rulebook.start(listening({"jobs": [{"config_job": {"job_idd": "294"}}]}))
    assert rulebook.wait() == 1
    assert (
        "Source plugin failed with error message: 'jobs[0].config_job.job_idd: there is no such option;"
        in rulebook.output
    )


def test_without_ansible_core_the_rulebook_ends_with_a_sentence(rulebook: Rulebook, tmp_path: Path) -> None:
    """ansible-rulebook does not depend on it: it runs the commands of an ansible-core that may be elsewhere."""
    hidden = "import sys\nif any(part.endswith('ansible-rulebook') for part in sys.orig_argv):\n    sys.modules['ansible'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hidden, encoding="utf-8")
    rulebook.environment["PYTHONPATH"] = str(tmp_path)
    rulebook.start(listening({"config_job": {"job_id": "294"}}))
    assert rulebook.wait() == 1
    sentence = "endstate.jobs.job_status needs ansible-core in the Python environment of ansible-rulebook: "
    assert f"Source plugin failed with error message: '{sentence}" in rulebook.output
    assert "-m pip install ansible-core'" in rulebook.output
    assert "No module named" not in rulebook.output
