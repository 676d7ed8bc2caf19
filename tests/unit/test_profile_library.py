# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each profile of the library reads each of its replies as expected.

Fields that an expectation does not name may have any value.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest
import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._errors import for_status
from ansible_collections.endstate.jobs.plugins.module_utils._job import Job
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import recorded
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.ids import normal_ids
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.profile import Profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.rows import rows_in

ROOT = pathlib.Path(__file__).parents[2]
PROFILES = ROOT / "plugins" / "plugin_utils" / "_profiles"
REPLIES = ROOT / "tests" / "unit" / "replies" / "rest"
NAMES = sorted(file.stem for file in PROFILES.glob("*.yml"))


@functools.cache
def profile(name: str) -> Profile:
    file = PROFILES / f"{name}.yml"
    return read_profile(yaml.safe_load(file.read_text(encoding="utf-8")), file.name, library=True)


def rows(part: str) -> list[t.Any]:
    """The rows of one part of all files of replies, each with the profile's name."""
    found = []
    for name in NAMES:
        data = yaml.safe_load((REPLIES / f"{name}.yml").read_text(encoding="utf-8"))
        found += [pytest.param(name, row, id=f"{name}: {row['name']}") for row in data.get(part, [])]
    return found


def expected(row: t.Any, job: t.Any) -> t.Any:
    """The fields of a job that a row names; children in their order, with the fields that the row names of them."""
    part = {field: job.get(field) for field in row}
    if isinstance(row.get("children"), list):
        children = job.get("children") or []
        part["children"] = [expected(*pair) for pair in zip(row["children"], children)]
        part["children"] += children[len(row["children"]) :]
    return part


def odd_warnings(job: Job, known: Profile) -> list[str]:
    """The warnings of a job that are neither on an unknown nor on a resting word, such as those on times that cannot be read."""
    usual = ("The job rests in the state ", *(["The state "] if job.state == "unknown" else []))
    of_ends = known.reader.states.no_bad_end
    return [said for said in job.warnings if not said.startswith(usual) and said != of_ends]


def check_jobs(wanted: t.Sequence[t.Any], jobs: t.Sequence[Job], known: Profile) -> None:
    assert len(jobs) == len(wanted)
    for row, job in zip(wanted, jobs):
        assert expected(row, job.as_dict()) == row
        assert odd_warnings(job, known) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_of_the_library_is_read(name: str) -> None:
    known = profile(name)
    assert (known.name, known.library) == (name, True)
    assert known.sources
    assert known.tested


@pytest.mark.parametrize(("name", "row"), rows("replies"))
def test_each_recorded_reply_gives_the_expected_job_or_error(name: str, row: t.Any) -> None:
    known, answer = profile(name), recorded(row["reply"])
    fault = known.fault(answer)
    if "error" in row:
        assert fault
        error = {"kind": for_status(fault.status or answer.status).kind, "message": fault.message, "code": fault.code}
        assert expected(row["error"], error) == row["error"]
        return
    assert fault is None
    job = known.read(answer, "1")
    assert expected(row["job"], job.as_dict()) == row["job"]
    assert odd_warnings(job, known) == []
    assert known.explain(answer)["error"] is None


@pytest.mark.parametrize(("name", "row"), rows("listing"))
def test_a_listing_has_the_jobs_that_are_in_it(name: str, row: t.Any) -> None:
    known = profile(name)
    last = known.ids[-1].name
    assert known.listing
    jobs = known.listing.jobs([recorded(row["reply"])], 100, last)
    wanted = [{**job, "id": job["id"][last] if isinstance(job["id"], dict) else job["id"]} for job in row["jobs"]]
    check_jobs(wanted, jobs, known)


@pytest.mark.parametrize(("name", "row"), rows("children"))
def test_children_are_found_and_read(name: str, row: t.Any) -> None:
    children = profile(name).children
    assert children
    if "links" in row:
        links = row["links"] if isinstance(row["links"], list) else [row["links"]]
        assert children.links(row["parent"], recorded(row["parent"])) == links
        return
    answer = recorded(row["reply"])
    assert rows_in(children.items, answer.body, answer)
    check_jobs(row["jobs"], children.inline(answer.body, answer, "parent"), profile(name))


@pytest.mark.parametrize(("name", "row"), rows("started_by"))
def test_the_result_of_a_start_call_has_the_ids(name: str, row: t.Any) -> None:
    known = profile(name)
    assert known.started_by
    ids = known.started_by.ids(row["result"])
    last = {one.name for one in known.ids if one.last}
    normal = normal_ids([one for one in known.ids if one.name in last], ids, "https://api.example.com")
    assert {**ids, **normal} == row["ids"]
