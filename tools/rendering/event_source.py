"""The page of the event source in the guides, from its documentation: the site's generator makes none for event sources."""

from __future__ import annotations

import textwrap
import typing as t

import yaml
from antsibull_docs_parser.parser import Context, parse
from antsibull_docs_parser.rst import to_rst

from ansible_collections.endstate.jobs.extensions.eda.plugin_utils.arguments import PACE
from ansible_collections.endstate.jobs.extensions.eda.plugins.event_source import job_status

from .files import CHECKOUT, Texts

FILE = CHECKOUT / "docs/docsite/rst/job_status.rst"
HEAD = """.. _ansible_collections.endstate.jobs.docsite.job_status:

Event source job_status
=======================

{synopsis}

.. contents::
   :local:

"""


def texts() -> Texts:
    """The one page."""
    documented = yaml.safe_load(job_status.DOCUMENTATION)
    synopsis = _rst([f"{documented['short_description']}.", *documented["description"]])
    needs = "".join(f"* {_rst([line])}\n" for line in documented["requirements"])
    parts = [
        HEAD.format(synopsis=synopsis),
        _section("Requirements"),
        needs,
        "\n",
        _section("Examples"),
        ".. code-block:: yaml\n\n",
        textwrap.indent(job_status.EXAMPLES.strip("\n"), "   "),
        "\n\n",
        _section("Arguments"),
        _arguments(documented["options"]),
    ]
    return {FILE: "".join(parts)}


def _arguments(options: dict[str, t.Any]) -> str:
    """A list of definitions, which a narrow page can show."""
    lines = []
    for name, option in options.items():
        default = f", default ``{str(option['default']).lower()}``" if "default" in option else ""
        lines.append(f"``{name}`` ({option['type']}{default})\n{_indented(_rst(option['description']))}\n")
    for name in PACE:
        documented = f"See :ansopt:`endstate.jobs.wait_for_job#module:{name}`."
        lines.append(
            f"``{name}`` ({PACE[name]['type']}, default ``{PACE[name]['default']:g}``)\n{_indented(documented)}\n"
        )
    return "\n".join(lines)


def _section(title: str) -> str:
    return f"{title}\n{'-' * len(title)}\n\n"


def _indented(text: str) -> str:
    return textwrap.indent(text, "   ")


def _rst(paragraphs: list[str]) -> str:
    return to_rst(parse(paragraphs, Context()))
