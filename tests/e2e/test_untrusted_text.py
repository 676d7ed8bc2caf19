# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API's text that comes back to a play as an extra variable, which Ansible takes for a template, runs nothing.

(Real rulebooks are in ``tests/eda``.) Each text makes a file of its own if it is taken for code.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import quote

import pytest

from ansible_collections.endstate.jobs.tests.unit.loopback import Loopback, reply
from simulator.client import Simulator
from tests.e2e.playing import Player
from tests.templates import Texts

ANNOUNCE = [{"ansible.builtin.import_playbook": "endstate.jobs.announce_job"}]
GATE = [{"ansible.builtin.import_playbook": "endstate.jobs.gate"}]


@pytest.fixture
def receiver() -> t.Iterator[Loopback]:
    """Takes what is posted to it."""
    server = Loopback()
    server.on("POST /jobs", reply({}))
    yield server
    server.stop()


def given(player: Player, content: t.Any) -> tuple[str, str]:
    """Options for ansible-playbook that give it a file of extra variables."""
    file = player.folder / "extra.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return "--extra-vars", f"@{file}"


def said(*messages: str) -> list[dict[str, t.Any]]:
    """A task that shows each."""
    return [{"ansible.builtin.debug": {"msg": message}} for message in messages]


def test_announce_job_shows_an_event_of_hostile_text_as_text(player: Player, texts: Texts, receiver: Loopback) -> None:
    for text in texts.all():
        job = {
            "system": "strata",
            "id": text,
            "state": "failed",
            "description": text,
            "message": text,
            "children": [text],
        }
        event = {"type": "transition", "job": job, "announce_url": f"{receiver.url}/jobs"}
        played = player.playbook(ANNOUNCE, *given(player, event))
        assert played.status == 0, played.output
        assert played["Say what became of it"].result["msg"] == f"strata job {text} ({text}): failed: {text}"
        posted = receiver.requests[-1]
        assert json.loads(posted.body) == job
        assert posted.headers["Idempotency-Key"] == f"strata/{quote(text)}/failed"
    assert texts.ran == []


def test_the_lookup_gives_a_variable_as_it_was_given(player: Player, texts: Texts) -> None:
    """In whatever a play goes on to do with it."""
    evil, *more = texts.all()
    tasks = [
        *said("{{ raw.message }}", "{{ raw['{{ key }}'] }}", "{{ raw.list[0] }}{{ raw.list[1] }}", "{{ both[1] }}"),
        {"ansible.builtin.set_fact": {"kept": "{{ raw.list | join('') }}"}},
        *said("{{ kept }}", "number {{ raw.number + 1 }}"),
    ]
    lookup = "{{{{ lookup('endstate.jobs.untemplated', {}) }}}}"
    known = {"raw": lookup.format("'event'"), "both": lookup.format("'number', 'event_text', wantlist=true")}
    event = {"message": evil, "{{ key }}": more[0], "list": ["{", f"{{ {texts.call()} }}}}"], "number": 7}
    played = player.play(tasks, *given(player, {"event": event, "number": 1, "event_text": more[1]}), vars=known)
    assert played.status == 0, played.output
    joined = "".join(event["list"])
    assert [task.result["msg"] for task in played.tasks if "msg" in task.result] == [
        evil, more[0], joined, more[1], joined, "number 8",
    ]  # fmt: skip
    assert texts.ran == []


def test_text_published_by_a_gate_is_no_template_in_the_next_play(
    simulator: Simulator, player: Player, texts: Texts
) -> None:
    fields = ("summary", "description", "device_name", "uname", "type_str")
    evil = [*texts.one_line(), "ends in {", f"{{ {texts.call()} }}}}"]
    ids = [str(300 + number) for number in range(len(evil))]
    simulator.add(
        jobs=[
            {"system": "strata", "id": job_id, "stages": [{"state": "FIN/FAIL"}], "body": dict.fromkeys(fields, text)}
            for job_id, text in zip(ids, evil)
        ]
    )
    connection = {**simulator.connection("strata"), "children": False}
    jobs = [{"name": text, "config_job": {"job_id": job_id, **connection}} for job_id, text in zip(ids, evil)]
    report = player.folder / "report"
    # As the examples for pipelines hand them over.
    by_lookup = ("--extra-vars", "job_gate_jobs={{ lookup('env', 'JOBS') }}")
    options = given(player, {"job_gate_report_dir": str(report)})
    played = player.playbook(GATE, *by_lookup, *options, environment={"JOBS": json.dumps(jobs)})
    assert played.status == 2
    assert " ended badly after " in played.last.result["msg"], played.output
    published = played["endstate.jobs.job_gate : Publish the outcome"].result["ansible_stats"]["data"]
    written = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert len(published["job_gate_failed"]) == len(written["jobs"]) == len(evil)
    tasks = [
        *said(*(f"{{{{ {name} }}}}" for name in [*published, *written])),
        *said(*(f"#{{{{ job_gate_failed[{number}].message }}}}" for number in range(len(evil)))),
        *said("{{ job_gate_failed | map(attribute='message') | join('') }}"),
        *said("{{ job_gate_failed | map(attribute='name') | join('') }}"),
        {"ansible.builtin.set_fact": {"kept": "{{ jobs | map(attribute='description') | join('') }}"}},
        *said("{{ kept }}"),
        {"ansible.builtin.debug": {"var": "job_gate_failed"}},
    ]
    after = player.play(tasks, *given(player, {**written, **published}))
    assert after.status == 0, after.output
    assert texts.ran == []
    assert "boom ❴❴ lookup(*'pipe~touch" in after.output


def test_text_made_inert_is_no_template_in_the_next_play(player: Player, texts: Texts) -> None:
    """A play that starts jobs publishes the ids that an API has told it."""
    replies = texts.all()
    publish = {
        "ansible.builtin.set_stats": {
            "data": {"ids": "{{ lookup('env', 'REPLIES') | from_json | endstate.jobs.inert }}"}
        }
    }
    started = player.play([publish], environment={"REPLIES": json.dumps(replies)})
    published = started.last.result["ansible_stats"]["data"]
    played = player.play(said("{{ ids }}", "{{ ids | join('') }}", "#{{ ids[2] }}"), *given(player, published))
    assert played.status == 0, played.output
    assert played.tasks[0].result["msg"][0].startswith("boom ❴❴ lookup(*'pipe~touch")
    assert texts.ran == []
