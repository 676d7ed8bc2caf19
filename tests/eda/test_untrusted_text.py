# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API whose text is a template runs nothing: neither in ansible-rulebook nor in what its actions start.

Each text makes a file of its own if it is taken for code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from simulator.client import Simulator
from tests.eda.rulebook import Rulebook
from tests.templates import Texts


def failing(job_id: str, **fields: str) -> dict[str, Any]:
    """A push that has failed and says so in these fields."""
    return {"system": "strata", "id": job_id, "stages": [{"state": "FIN/FAIL"}], "body": fields}


FIELDS = ("summary", "description", "device_name", "uname", "type_str")


def test_on_failed_push_announces_hostile_text_as_text(simulator: Simulator, rulebook: Rulebook, texts: Texts) -> None:
    jobs = [failing(str(300 + number), **dict.fromkeys(FIELDS, text)) for number, text in enumerate(texts.one_line())]
    simulator.add(jobs=jobs)
    rulebook.start("endstate.jobs.on_failed_push")
    rulebook.until("PLAY RECAP", len(jobs))
    assert texts.ran == []
    assert rulebook.output.count("failed=0") == len(jobs), rulebook.output
    assert ": failed: boom ❴❴ lookup(*'pipe~touch" in rulebook.output
    assert ": failed: ❴% set x = lookup(*'pipe~touch" in rulebook.output
    assert ": failed: ♯jinja2∶variable_start_string:'[['" in rulebook.output


SHOW = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {"ansible.builtin.debug": {"msg": "{{ joined }} {{ cut }} {{ numbered }}"}},
            {"ansible.builtin.debug": {"msg": "{{ ansible_eda }}"}},
            {"ansible.builtin.debug": {"var": "whole"}},
            {"ansible.builtin.set_fact": {"kept": "{{ whole.job.description }}{{ whole.job.message }}"}},
            {"ansible.builtin.debug": {"var": "kept"}},
        ],
    }
]


def test_hostile_text_runs_nothing_in_a_rulebook_of_a_user(
    simulator: Simulator, rulebook: Rulebook, texts: Texts, tmp_path: Path
) -> None:
    """Which joins fields, cuts them, puts text before them, and hands them to all actions that take variables."""
    playbook = tmp_path / "show.yml"
    playbook.write_text(yaml.safe_dump(SHOW), encoding="utf-8")
    header = f"jinja2:variable_start_string:'[[',variable_end_string:']]',x:[[ {texts.call()} ]]"
    pairs = [(text, text) for text in texts.one_line()]
    pairs += [
        ("{", f"{{ {texts.call()} }}}}"),
        ("{", f"% set x = {texts.call()} %}}"),
        ("#jin", header[3:]),
        ("#", header),
    ]
    pairs += [("x{y", f"{{ {texts.call()} }}}}"), ("$ANSIBLE_VAULT;1.1;AES256", "3635")]
    jobs = [
        # Alone in its field, so that the event's description is this text and no more.
        failing(str(300 + number), type_str="", uname="", description=description, summary=message)
        for number, (description, message) in enumerate(pairs)
    ]
    simulator.add(jobs=jobs)
    message, description = "event.job.message", "event.job.description"
    variables = {
        "joined": f"{{{{ {description} }}}}{{{{ {message} }}}}",
        "cut": f"{{{{ {description}[:2] | trim }}}}{{{{ {message} }}}}",
        "numbered": f"#{{{{ {message} }}}}",
        "whole": "{{ event }}",
    }
    actions = [
        {"run_playbook": {"name": str(playbook), "extra_vars": variables}},
        {
            "run_module": {
                "name": "ansible.builtin.debug",
                "module_args": {"msg": [variables["joined"], variables["numbered"]]},
            }
        },
        {"debug": {"msg": variables["joined"]}},
    ]
    rule = {"name": "failed", "condition": "event.job.finished", "actions": actions}
    sources = [{"endstate.jobs.job_status": {"config_job": {}}}]
    rulebook.start([{"name": "Listen", "hosts": "localhost", "sources": sources, "rules": [rule]}])
    rulebook.until("PLAY RECAP", 2 * len(jobs))
    assert texts.ran == []
    assert rulebook.output.count("failed=0") == 2 * len(jobs), rulebook.output
    assert '"❴❴ lookup(*' in rulebook.output
    assert "♯jinja2∶variable_start_string:'[['" in rulebook.output
