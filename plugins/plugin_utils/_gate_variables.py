# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the variables of the role job_gate: one rule for what is not set, and messages under the names that a user wrote."""

from __future__ import annotations

import difflib
import keyword
import typing as t

import yaml

from ..module_utils._errors import OptionError
from ..module_utils._systems.options import Spec
from ..module_utils._systems.validation import validated
from ..module_utils._text import kind_of
from ..module_utils._values import is_set
from ._report.verdict import GatePolicy
from ._report_options import SPEC
from ._wait.options import OPTIONS, parse_options

PREFIX = "job_gate_"

REPORT: Spec = {
    "title": SPEC["title"],
    "allow_failed": SPEC["allow_failed"],
    "allow_empty": SPEC["allow_empty"],
    "report_dir": {"type": "path"},
    "stats_prefix": {"type": "str", "default": "job_gate"},
}
"""The options of the gate beside those of its wait."""

VARIABLES = ("jobs", *REPORT, *OPTIONS)

PUBLISHED = ("passed", "message", "succeeded", "failed", "accepted")
"""What a gate publishes, which is a variable of the next gate in a workflow."""

Values = t.Mapping[str, t.Any]
"""Templated values of variables that are set, by their names without the prefix."""


def check_names(names: t.Iterable[str]) -> None:
    """Checks that the gate knows all variables that begin with its prefix.

    :param names: the names of variables, without the prefix.
    :raises OptionError: for an unknown variable; names the variable that was probably meant.
    """
    for name in names:
        if name not in VARIABLES and name not in PUBLISHED:
            near = difflib.get_close_matches(name, VARIABLES, n=1)
            meant = (
                f"did you mean {PREFIX}{near[0]}?"
                if near
                else f"expected {', '.join(PREFIX + one for one in VARIABLES)}."
            )
            raise OptionError(name, f"there is no such variable; {meant}")


def given(values: Values) -> dict[str, t.Any]:
    """The values that are set: neither null nor blank, whether they come from a file, a survey or a command line."""
    return {name: _value(name, value) for name, value in values.items() if name in VARIABLES and is_set(value)}


def report_options(values: Values) -> dict[str, t.Any]:
    """All options of the report, with their defaults.

    :raises OptionError: naming the variable and what was expected.
    """
    options = validated(REPORT, {name: value for name, value in values.items() if name in REPORT})
    GatePolicy(options["allow_failed"]).allowance(0)
    prefix = options["stats_prefix"]
    if not prefix.isascii() or not prefix.isidentifier() or keyword.iskeyword(prefix):
        raise OptionError("stats_prefix", f"expected the beginning of a variable's name, got {prefix!r}.")
    if prefix.startswith(PREFIX):
        # They would come back as misspelt variables of the next gate in a workflow.
        raise OptionError("stats_prefix", f"expected another beginning than {PREFIX}, got {prefix!r}.")
    return options


def wait_options(values: Values) -> dict[str, t.Any]:
    """The options of the wait that are set; all others are left to the wait itself.

    :raises OptionError: naming the variable and what was expected.
    """
    options = {name: value for name, value in values.items() if name in OPTIONS}
    parse_options(options)
    return options


def check_jobs(values: Values) -> None:
    """Checks that the jobs are a list. The wait checks the entries.

    :raises OptionError: if the jobs are not a list.
    """
    jobs = values.get("jobs", [])
    if not isinstance(jobs, list):
        raise OptionError("jobs", f"expected a list of jobs in YAML or JSON, got {kind_of(jobs)}.")


def _value(name: str, value: t.Any) -> t.Any:
    """The value, read from text if it should be a list: YAML or JSON, as in a survey, or ``failed,cancelled``."""
    if not isinstance(value, str) or (name != "jobs" and OPTIONS.get(name, {}).get("type") != "list"):
        return value
    try:
        read = yaml.safe_load(value)
    except (yaml.YAMLError, ValueError, RecursionError):
        return value
    return [part.strip() for part in read.split(",")] if isinstance(read, str) and name != "jobs" else read
