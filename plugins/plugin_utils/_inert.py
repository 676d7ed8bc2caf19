# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes text safe to come back as a variable: Ansible takes an extra variable for a template, no matter who wrote its text."""

from __future__ import annotations

import re
import typing as t

_HARMLESS = {"{": "\u2774", "#": "\u266f", ":": "\u2236", "_": "-"}
"""What replaces a character of code: ``❴``, ``♯``, ``∶`` and a hyphen. Nothing turns them back, be a text cut, joined to another one,
stripped of blanks or normalized (none of them has a decomposition in Unicode)."""

_CODE = re.compile(
    # Jinja begins each template with a brace. Two of them may come together from two fields, or when what stood between is removed.
    r"\{"
    # A value that begins with "#jinja2:" names other delimiters than braces (ansible-core 2.16 to 2.21, JINJA2_OVERRIDE). A field may
    # hold a part of it, and the "#" may be the text around the field, as in "#{{ job.id }}".
    r"|#(?=j|\Z)|(?<=jinja2):"
    # ansible-rulebook 1.3 decrypts each value that has this word in it, and the rule's action fails if it cannot.
    r"|(?<=\$ANSIBLE)_(?=VAULT)"
)


def inert(value: t.Any) -> t.Any:
    """The value, however deep, without any text that a template engine of Ansible's would act on; keys are text, too.

    What is harmless comes back as it was, and what is inert already stays so.
    """
    if isinstance(value, str):
        return _CODE.sub(lambda match: _HARMLESS[match[0]], value)
    if isinstance(value, t.Mapping):
        return {inert(key): inert(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [inert(part) for part in value]
    return value
