# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``wait_for_job``, run whole in this process, as a worker of Ansible's would."""

from __future__ import annotations

import dataclasses
import types
import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from ansible_collections.endstate.jobs.plugins.action.wait_for_job import ActionModule
from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply

try:
    from ansible.template import trust_as_template
except ImportError:  # before 2.19 any text is a template

    def trust_as_template(value: str) -> str:
        return value


__all__ = ["OK", "Wait", "trust_as_template"]


TOKEN = "the-access-token-of-a-test"
ACTIVE = {"id": "7", "type_str": "CommitAll", "status_str": "ACT", "result_str": "PEND", "percent": "45"}
OK = {"id": "7", "type_str": "CommitAll", "status_str": "FIN", "result_str": "OK", "percent": "100"}
FAIL = {**OK, "result_str": "FAIL", "summary": "Configuration push failed."}


class NoConnection:
    """A connection that nobody may use. Its shell, transport and become may be looked at."""

    def __init__(self, transport: str) -> None:
        self.transport = transport
        self.become = None
        self._shell = types.SimpleNamespace(tmpdir=None, env_prefix=lambda **_environment: "")

    def __getattr__(self, name: str) -> t.NoReturn:
        raise AssertionError(f"the connection's {name} was used")


@dataclasses.dataclass
class Wait:
    """Tasks of ``wait_for_job`` on a host that does not answer, with short intervals."""

    server: Loopback
    lines: list[str]
    """What was shown."""

    def action(
        self,
        options: t.Mapping[str, t.Any],
        *,
        variables: t.Mapping[str, t.Any] | None = None,
        transport: str = "ssh",
        **keywords: t.Any,
    ) -> ActionModule:
        task = Task()
        task.action = "endstate.jobs.wait_for_job"
        task.args = {"interval": 0.001, "max_interval": 0.002, **options}
        for keyword, value in {"async_val": 0, "check_mode": False, **keywords}.items():
            setattr(task, keyword, value)
        loader = DataLoader()
        templar = Templar(loader=loader, variables=dict(variables or {}))
        return ActionModule(task, NoConnection(transport), PlayContext(), loader, templar, None)

    def run(self, options: t.Mapping[str, t.Any], **how: t.Any) -> dict[str, t.Any]:
        """The result of a task."""
        return self.action(options, **how).run(task_vars={"inventory_hostname": "web1"})

    def push(self, **options: t.Any) -> dict[str, t.Any]:
        """A job of the server."""
        return {"job_id": "7", "api_url": self.server.url, "access_token": TOKEN, **options}

    def says(self, *jobs: t.Any, job_id: str = "7") -> None:
        """Have the server tell these states of a job in turn."""
        answers = [job if isinstance(job, bytes) else reply({"data": [{**job, "id": job_id}]}) for job in jobs]
        self.server.on(f"GET /jobs/{job_id}", *answers)
