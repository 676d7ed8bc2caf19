"""The tables of systems, options and environment variables in README and the guides, from the systems' option specs."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

from ansible_collections.endstate.jobs.plugins.module_utils._systems.base import SystemOptions
from ansible_collections.endstate.jobs.plugins.module_utils._systems.registry import ALL, SYSTEMS

from .files import CHECKOUT, Texts, between, list_table

KNOWN = yaml.safe_load(Path(__file__).with_name("systems.yml").read_text(encoding="utf-8"))


def texts() -> Texts:
    """README, with its table of systems and that of environment variables, and the guide with the latter."""
    readme = CHECKOUT / "README.md"
    guide = CHECKOUT / "docs/docsite/rst/getting_started.rst"
    rows = [_row(system) for system in SYSTEMS]
    systems = ["system", "jobs", "info module", "key in `wait_for_job`", "ids", "needed", "optional"]
    return {
        readme: between(readme, "<!-- systems -->\n", "<!-- end of systems -->", _markdown([systems, *rows])),
        guide: between(
            guide, ".. environment variables\n", "\n.. end of environment variables", list_table(_variables())
        ),
    }


def _row(system: SystemOptions) -> list[str]:
    known = KNOWN[system.name]
    ways = [" and ".join(map(_option(system), way)) for way in system.credentials]
    credentials = {name for way in system.credentials for name in way}
    required = [name for name, option in system.connection.items() if option.get("required")]
    rest = [name for name in system.connection if name not in {*credentials, *required}]
    needed = "; ".join([*map(_option(system), required), ", or ".join(ways)])
    ids = ", ".join(f"`{name}`" for name in system.ids)
    optional = ", ".join(map(_option(system), rest))
    return [known["title"], known["jobs"], f"`{system.module}`", f"`{system.key}`", ids, needed, optional]


def _option(system: SystemOptions) -> t.Callable[[str], str]:
    def shown(name: str) -> str:
        variable = system.connection[name].get("fallback")
        return f"`{name}` (`{variable[1][0]}`)" if variable else f"`{name}`"

    return shown


def _variables() -> list[list[str]]:
    return [["Variable", "Option", "System"]] + [
        [f"``{option['fallback'][1][0]}``", f"``{name}``", KNOWN[system.name]["title"]]
        for system in ALL
        for name, option in system.connection.items()
        if "fallback" in option
    ]


def _markdown(rows: t.Sequence[t.Sequence[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
