# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site, as `antsibull-docs sphinx-init` begins one. `make docs` builds it."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from sphinx.application import Sphinx

project = "endstate.jobs"
copyright = "The endstate.jobs maintainers"  # noqa: A001
title = html_title = html_short_title = "endstate.jobs"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext", "sphinx_copybutton"]
default_role = "any"
nitpicky = True
highlight_language = "yaml+jinja"
pygments_style = "ansible"
# What is copied from a console has no prompts.
copybutton_exclude = ".gp"

html_theme = "sphinx_ansible_theme"
html_theme_options = {"documentation_home_url": "https://docs.ansible.com/", "show_extranav": False}
html_show_sphinx = False
html_use_index = False
html_copy_source = False
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_js_files = ["site.js"]

# Pages of ansible-core's own documentation that ours name, so that a build is the same with and without a network.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
ANSIBLE_PAGES = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
    **{
        f"ansible_collections.ansible.builtin.{module}_module": f"collections/ansible/builtin/{module}_module.html"
        for module in ("set_stats", "uri")
    },
}


def setup(app: Sphinx) -> None:
    """Registers the inventory of these pages, and puts examples first."""
    write_inventory(app)
    app.connect("source-read", examples_first)


def examples_first(_app: Sphinx, page: str, source: list[str]) -> None:
    """Moves the examples of a plugin's page before its options, which may be many screens long."""
    if not re.search("_(module|test|filter|lookup)$", page):
        return
    head, options, examples, rest = re.split(r"^\.\. (?:Options|Examples|Facts)$", source[0], flags=re.MULTILINE)
    source[0] = head + examples + options + rest


def write_inventory(app: Sphinx) -> None:
    """Writes these pages as an inventory, the form in which Sphinx reads the pages of another site."""
    head = b"# Sphinx inventory version 2\n# Project: ansible\n# Version: latest\n# The rest is compressed with zlib.\n"
    lines = [
        f"{label} std:label -1 {page}#{re.sub('[._]', '-', label)} {label}\n" for label, page in ANSIBLE_PAGES.items()
    ]
    inventory = Path(app.outdir, "ansible.inv")
    inventory.write_bytes(head + zlib.compress("".join(lines).encode()))
    app.config.intersphinx_mapping = {"ansible": (ANSIBLE, str(inventory))}
