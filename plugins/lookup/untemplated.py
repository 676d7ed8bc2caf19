# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: untemplated
short_description: Read variables without templating them
version_added: 1.1.0
author: The endstate.jobs maintainers (@endstate)
description:
  - Ansible takes an extra variable for a template, so that C({{ ... }}) in it runs as soon as the variable is read. This lookup
    returns the variable as it was given, and Ansible does not template what it returns.
  - Use it for variables with text of another system, such as an event that a rulebook hands to a playbook. The events of this
    collection's own event source do not need it, because no template can begin in them.
  - It takes the name of a variable. C({{ job }}) in the same play still templates C(job).
options:
  _terms:
    description:
      - The names of the variables. Each has to be set.
    type: list
    elements: str
    required: true
seealso:
  - plugin: endstate.jobs.inert
    plugin_type: filter
    description: Makes text safe before it leaves a play.
"""

EXAMPLES = r"""
- name: Say what a job in an extra variable came to, whatever its text holds
  ansible.builtin.debug:
    msg: "{{ announced.state }}: {{ announced.message }}"
  vars:
    announced: "{{ lookup('endstate.jobs.untemplated', 'job') }}"
"""

RETURN = r"""
_raw:
  description: The values, one for each name.
  type: list
  elements: raw
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.unsafe_proxy import wrap_var


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms: list[str], variables: t.Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:
        """Returns the variables of these names.

        :raises AnsibleLookupError: for a name that no variable has.
        """
        known = variables or {}
        for name in terms:
            if name not in known:
                raise AnsibleLookupError(f"endstate.jobs.untemplated: there is no variable {name!r}.")
        # Ansible's own mark for what is not to be templated. From 2.19 on, text is a template only if it is marked as one, and it
        # takes that mark away.
        return [wrap_var(known[name]) for name in terms]
