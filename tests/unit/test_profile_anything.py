# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an API sends in place of the replies of the library, and whatever becomes of a profile: jobs, or one error."""

from __future__ import annotations

import copy
import functools
import pathlib
import typing as t

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.endstate.jobs.plugins.module_utils._errors import ApiError, OptionError
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.answer import recorded
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.profile import Profile
from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.read_profile import read_profile
from ansible_collections.endstate.jobs.tests.unit.cases import check_job

ROOT = pathlib.Path(__file__).parents[2]
PROFILES = ROOT / "plugins" / "plugin_utils" / "_profiles"
REPLIES = ROOT / "tests" / "unit" / "replies" / "rest"
NAMES = sorted(file.stem for file in PROFILES.glob("*.yml"))
ODD = [
    None,
    True,
    False,
    0,
    -1,
    10**400,
    1e300,
    "",
    "0",
    "\ud800",
    "\x1b[2J",
    "{{ 1 }}",
    "a\nb",
    [],
    {},
    [[]],
    [None],
    {"": {}},
]
LEAVES = st.sampled_from(ODD) | st.text(max_size=5) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@functools.cache
def load(file: pathlib.Path) -> t.Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def places(value: t.Any) -> list[tuple[t.Any, t.Any]]:
    """All keys and positions in a document, each with what it is in."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in entries for place in [(value, key), *places(inner)]]


@st.composite
def edited(draw: st.DrawFn, document: t.Any) -> t.Any:
    """The document after a few edits: something else in a place, nothing, the same twice, or something of another place."""
    whole = [copy.deepcopy(document)]
    for _edit in range(draw(st.integers(1, 4))):
        all_places = places(whole)
        parent, key = all_places[draw(st.integers(0, len(all_places) - 1))]
        other, name = all_places[draw(st.integers(0, len(all_places) - 1))]
        kind = draw(st.sampled_from(["odd", "odd", "gone", "twice", "moved"]))
        if kind == "odd":
            parent[key] = copy.deepcopy(draw(LEAVES))
        elif kind == "twice":
            parent[key] = [parent[key], copy.deepcopy(parent[key])]
        elif kind == "moved":
            parent[key] = copy.deepcopy(other[name])
        elif parent is not whole:
            del parent[key]
        if len(repr(whole)) > 100_000:
            break
    return whole[0]


def read(known: Profile, reply: t.Any) -> None:
    """Read a reply as one for a job and as one for a listing."""
    answer = recorded(reply)
    for attempt in (
        lambda: [known.read(answer, "1", None)],
        lambda: known.listing.jobs([answer], 5, known.ids[-1].name) if known.listing else [],
    ):
        try:
            jobs = attempt()
        except ApiError:
            continue
        for job in jobs:
            check_job(job.as_dict())
    known.fault(answer)


def replies(name: str) -> list[t.Any]:
    """The replies of a library profile's tests: for a job, a listing, children."""
    data = load(REPLIES / f"{name}.yml")
    rows = [*data["replies"], *(row for part in ("listing", "children") for row in _rows(data.get(part)))]
    return [row["reply"] for row in rows]


def _rows(part: t.Any) -> list[t.Any]:
    rows = part if isinstance(part, list) else [part] if part else []
    return [row for row in rows if isinstance(row, dict) and "reply" in row]


LIBRARY = st.sampled_from(NAMES)


@given(LIBRARY.flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(replies(name)).flatmap(edited))))
def test_any_reply_to_a_library_profile_is_a_job_or_an_error_of_the_api(case: tuple[str, t.Any]) -> None:
    name, reply = case
    read(read_profile(load(PROFILES / f"{name}.yml"), f"{name}.yml", library=True), reply)


@given(LIBRARY.flatmap(lambda name: st.tuples(st.just(name), edited(load(PROFILES / f"{name}.yml")))))
def test_any_changed_library_profile_is_accepted_or_refused_in_one_sentence(case: tuple[str, t.Any]) -> None:
    name, mapping = case
    said = None
    try:
        known = read_profile(mapping, "my.yml", library=True)
    except OptionError as error:
        said = str(error)
    if said is not None:
        assert said.startswith("my.yml: ")
        return
    for reply in replies(name)[:3]:
        read(known, reply)
