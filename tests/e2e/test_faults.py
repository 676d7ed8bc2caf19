# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix holds: every fault x every API x (info module, wait). Its table is left in ``.build/log/faults.txt``."""

from __future__ import annotations

import pytest

from simulator.faults import KINDS
from tests.e2e.matrix.cells import APIS, LISTING, LOGINS, WAYS, Cell
from tests.e2e.matrix.faults import TRANSPORT
from tests.e2e.matrix.running import run_all
from tests.e2e.matrix.table import table
from tests.e2e.playing import CHECKOUT

LOG = CHECKOUT / ".build/log/faults.txt"
TARGETS = (*APIS, *LOGINS, LISTING)


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    """The whole matrix, run."""
    cells = run_all()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text(table(cells), encoding="utf-8")
    return cells


@pytest.mark.parametrize("target", [target.name for target in TARGETS])
def test_each_fault_ends_in_time_with_the_expected_class_and_sentence(cells: list[Cell], target: str) -> None:
    """In time, of the expected class, in one clear sentence, without a traceback or a secret."""
    wrong = [f"{cell.name}: {cell.verdict()}" for cell in cells if cell.target.name == target and cell.verdict()]
    assert wrong == []


def test_the_matrix_has_each_fault_and_error_status_for_each_api(cells: list[Cell]) -> None:
    tried = {(cell.target.name, cell.fault.kind, cell.way) for cell in cells}
    for api in APIS:
        for way in WAYS.keys() - {"under way"}:  # a connection that is open cannot be refused
            assert {kind for kind in KINDS if (api.name, kind, way) not in tried} == set()
        statuses = {
            cell.fault.options["status"] for cell in cells if cell.target is api and cell.fault.kind == "status"
        }
        assert statuses == set(range(400, 600))


GOOD = {
    "outcome": "unreachable",
    "message": "The API cannot be reached.",
    "limit": 1.0,
    "secrets": frozenset({"s3cret"}),
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, None),
        ({"outcome": "ok"}, "came to ok, not to unreachable: The API cannot be reached."),
        ({"seconds": 2.0}, "took 2.0 s, its limit is 1.0 s"),
        ({"message": "ConnectionError(111) happened."}, "says no clear sentence: 'ConnectionError(111) happened.'"),
        ({"message": "One line\nand another."}, "says no clear sentence: 'One line\\nand another.'"),
        ({"shown": "password: s3cret"}, "shows a secret or a traceback"),
        ({"shown": "Traceback (most recent call last)"}, "shows a secret or a traceback"),
    ],
)
def test_the_verdict_finds_a_wrong_cell(change: dict[str, object], wrong: str | None) -> None:
    assert Cell(TRANSPORT[0], APIS[0], "read", **{**GOOD, **change}).verdict() == wrong  # type: ignore[arg-type]
