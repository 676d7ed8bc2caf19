# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios: what a file or a control request may contain, and the sentence that names the first error in it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from .faults import FaultScript
from .jobs import JobScript, Text
from .system import System
from .systems import SYSTEMS


class ScenarioError(Exception):
    """A scenario that cannot be used; the text is one sentence that names the place."""


def _system(name: str) -> type[System]:
    if name not in SYSTEMS:
        raise ValueError(f"there is no system {name!r}; there are {', '.join(SYSTEMS)}")
    return SYSTEMS[name]


def _check(script: JobScript, system: type[System]) -> None:
    """Raises ValueError for keys and states that jobs of this system do not have."""
    if script.shape is not None and script.shape not in system.SHAPES:
        raise ValueError(f"{system.NAME} has no shape {script.shape!r}; it has {', '.join(system.SHAPES)}")
    if script.children and not system.HAS_CHILDREN:
        raise ValueError(f"jobs of {system.NAME} have no children")
    for key, value in script.extra.items():
        if key not in system.JOB_KEYS:
            known = ", ".join(sorted({*JobScript.model_fields, *system.JOB_KEYS} - {"children"}))
            raise ValueError(f"unknown key {key!r}; a job of {system.NAME} takes {known}")
        if not isinstance(value, (str, int)):
            raise ValueError(f"{key} must be a text")
    for child in script.children:
        if child.children:
            raise ValueError("children have no children of their own")
        _check(child, system)


class ScenarioJob(JobScript):
    """A job with its system."""

    system: str

    @model_validator(mode="after")
    def _fits_its_system(self) -> ScenarioJob:
        _check(self, _system(self.system))
        return self


class ScenarioFault(FaultScript):
    """A fault whose system exists."""

    @field_validator("system")
    @classmethod
    def _exists(cls, name: str | None) -> str | None:
        if name is not None:
            _system(name)
        return name


class Scenario(BaseModel):
    """The content of a scenario. All of it is optional, and is added to what the simulator has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Left to right, so that an unquoted number becomes text if text is allowed.
    accounts: dict[str, dict[str, Annotated[Text | float, Field(union_mode="left_to_right")]]] = Field(
        default_factory=dict
    )
    settings: dict[str, dict[str, str]] = Field(default_factory=dict)
    created: dict[str, JobScript] = Field(default_factory=dict)  # the scripts of jobs that clients create
    jobs: tuple[ScenarioJob, ...] = ()
    faults: tuple[ScenarioFault, ...] = ()
    seed: int | None = None  # for the probabilities of faults

    @field_validator("accounts", "settings", "created")
    @classmethod
    def _of_known_systems(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        for name, part in value.items():
            system = _system(name)
            if info.field_name == "created":
                _check(part, system)
                continue
            known = system.ACCOUNT if info.field_name == "accounts" else system.SETTINGS
            for key, given in part.items():
                if key not in known:
                    raise ValueError(f"{name} has no {key!r}; it has {', '.join(known) or 'none'}")
                if isinstance(known[key], (int, float)) and not _is_positive(given):
                    raise ValueError(f"{name}.{key} must be a number above 0, not {given!r}")
                if info.field_name == "settings" and given not in known[key]:
                    raise ValueError(f"{name}.{key} must be one of {', '.join(known[key])}, not {given!r}")
        return value


def _is_positive(value: str | float) -> bool:
    try:
        return 0 < float(value) < math.inf
    except ValueError:
        return False


def parse(data: Any) -> Scenario:
    """Reads a scenario that was decoded from YAML or JSON."""
    try:
        return Scenario.model_validate({} if data is None else data)
    except ValidationError as error:
        raise ScenarioError(_sentence(error)) from None


def load(path: Path) -> Scenario:
    """Reads a scenario file, YAML or JSON."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"cannot read the scenario {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"cannot read the scenario {path}: it is no UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ScenarioError(f"cannot read {path}: {place}{getattr(error, 'problem', 'it is no YAML')}") from None
    try:
        return parse(data)
    except ScenarioError as error:
        raise ScenarioError(f"the scenario {path} cannot be used: {error}") from None


def _sentence(error: ValidationError) -> str:
    """The first error, with its place: ``jobs[3].stages[0].state: Field required``."""
    first, *others = error.errors(include_url=False, include_input=False)
    # A union of types adds its members to the place, which is of no help to the reader.
    parts = [part for part in first["loc"] if isinstance(part, int) or part.isidentifier() or part == "for"]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    message = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}: {message}{more}" if place else f"{message}{more}"
