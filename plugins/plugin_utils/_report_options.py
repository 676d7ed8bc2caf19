# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a report other than the result that it is about."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ..module_utils._errors import OptionError
from ..module_utils._systems.options import Spec
from ..module_utils._systems.validation import validated
from ..module_utils._values import is_set
from ._report.verdict import GatePolicy
from ._wait.options import OPTIONS

SPEC: Spec = {
    "result": {"type": "raw", "required": True},
    "path": {"type": "path", "aliases": ["report_dir"]},
    "title": {"type": "str", "default": "Gate"},
    "allow_failed": {"type": "str", "default": GatePolicy.allow_failed},
    "allow_empty": {"type": "bool", "default": GatePolicy.allow_empty},
    "fail_on": OPTIONS["fail_on"],
    "on_timeout": OPTIONS["on_timeout"],
    "option_prefix": {"type": "str", "default": GatePolicy.prefix},
}


@dataclasses.dataclass(frozen=True)
class ReportOptions:
    """The validated options of a report."""

    policy: GatePolicy
    title: str
    folder: str | None
    """The absolute path to write to; ``None``: nothing is written."""
    folder_option: str
    """What the user calls that option."""


def parse_report_options(task: t.Mapping[str, t.Any]) -> ReportOptions:
    """The options in those of a task. Null and blank mean not set.

    :raises OptionError: naming the option and what was expected.
    """
    if not is_set(task.get("result")):
        raise OptionError("result", " is required.")
    written = [name for name in ("path", "report_dir") if is_set(task.get(name))]
    if len(written) > 1:
        raise OptionError("report_dir", "it is another name of path; expected one of them.")
    given = {"path" if name == "report_dir" else name: value for name, value in task.items() if is_set(value)}
    # Without the result, which the validator would copy.
    options = validated({**SPEC, "result": {"type": "raw"}}, {**given, "result": None})
    policy = GatePolicy(
        allow_failed=options["allow_failed"],
        allow_empty=options["allow_empty"],
        fail_on=frozenset(options["fail_on"]),
        on_timeout=options["on_timeout"],
        prefix=options["option_prefix"],
    )
    policy.allowance(0)
    path = options["path"]
    folder = os.path.abspath(os.path.expanduser(os.path.expandvars(path))) if path else None
    return ReportOptions(policy, options["title"], folder, "".join([policy.prefix, *written]))
