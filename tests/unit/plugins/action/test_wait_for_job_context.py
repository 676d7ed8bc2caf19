# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around a task reaches its jobs: ``environment`` and ``module_defaults``."""

from __future__ import annotations

import os
import typing as t

import pytest

from ansible_collections.endstate.jobs.tests.unit.loopback import reply
from ansible_collections.endstate.jobs.tests.unit.plugins.action.waiting import OK, Wait, trust_as_template


def bearer(wait: Wait) -> str:
    """The token that the server got."""
    return wait.server.asked("GET /jobs/7")[-1].headers["Authorization"]


class TestEnvironment:
    """Of play and task."""

    def test_the_environment_keyword_is_merged_and_undone_after_a_wait(
        self, wait: Wait, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wait.says(OK)
        monkeypatch.setenv("SCM_ACCESS_TOKEN", "of-the-controller")
        monkeypatch.setenv("SCM_API_URL", "http://127.0.0.1:1")
        before = dict(os.environ)
        play = {"SCM_API_URL": wait.server.url, "SCM_ACCESS_TOKEN": "of-the-play"}
        task = {"SCM_ACCESS_TOKEN": trust_as_template("{{ token }}"), "NUMBER": 7}
        result = wait.run({"config_job": {"job_id": "7"}}, environment=[play, task], variables={"token": "of-the-task"})
        assert result["succeeded"]
        assert bearer(wait) == "Bearer of-the-task"
        assert dict(os.environ) == before

    def test_the_environment_keyword_is_undone_after_a_refusal(self, wait: Wait) -> None:
        before = dict(os.environ)
        with pytest.raises(Exception, match="job_idd"):
            wait.run({"config_job": {"job_idd": "7"}}, environment=[{"SCM_ACCESS_TOKEN": "x"}])
        assert dict(os.environ) == before

    def test_the_environment_keyword_may_name_a_proxy(self, wait: Wait) -> None:
        wait.server.on("GET http://api.example.com/jobs/7", reply({"data": [OK]}))
        wait.server.on("GET /jobs/7", reply({"data": [OK]}))
        push = wait.push(api_url="http://api.example.com")
        result = wait.run({"config_job": push}, environment=[{"http_proxy": wait.server.url}])
        assert result["succeeded"], result["msg"]
        assert wait.server.requests[0].target == "http://api.example.com/jobs/7"


class TestModuleDefaults:
    """Of the info modules and their groups."""

    GROUPS = "group/endstate.jobs.all", "group/endstate.jobs.strata", "endstate.jobs.config_job_info"

    @pytest.mark.parametrize("winner", [0, 1, 2])
    def test_the_nearest_module_defaults_win(self, wait: Wait, winner: int) -> None:
        wait.says(OK)
        defaults = [{place: {"access_token": f"of-{place[-6:]}"}} for place in self.GROUPS[: winner + 1]]
        del (push := wait.push())["access_token"]
        assert wait.run({"config_job": push}, module_defaults=defaults)["succeeded"]
        assert bearer(wait) == f"Bearer of-{self.GROUPS[winner][-6:]}"

    def test_options_of_the_task_win_over_module_defaults(self, wait: Wait) -> None:
        wait.says(OK)
        defaults = [{place: {"access_token": "default", "retries": 3} for place in self.GROUPS}]
        assert wait.run({"config_job": wait.push(access_token="own")}, module_defaults=defaults)["succeeded"]
        assert bearer(wait) == "Bearer own"

    def test_module_defaults_are_templated_and_hold_for_items_of_jobs(self, wait: Wait) -> None:
        wait.says(OK)
        templated: dict[str, t.Any] = {
            "access_token": trust_as_template("{{ token }}"),
            "api_url": trust_as_template("{{ url }}"),
        }
        result = wait.run(
            {"jobs": [{"config_job": {"job_id": "7"}}]},
            module_defaults=[{"group/endstate.jobs.strata": templated}],
            variables={"token": "of-a-variable", "url": wait.server.url},
        )
        assert result["succeeded"]
        assert bearer(wait) == "Bearer of-a-variable"

    def test_module_defaults_of_another_system_are_ignored(self, wait: Wait) -> None:
        wait.says(OK)
        defaults = [{"group/endstate.jobs.xclarity": {"username": "x"}, "endstate.jobs.firmware_repo_status": {"a": 1}}]
        assert wait.run({"config_job": wait.push()}, module_defaults=defaults)["succeeded"]
