# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps secrets out of whatever leaves us, by ansible-core's own means: which those are has changed with 2.22."""

from __future__ import annotations

import typing as t

from ._text import one_line

try:
    from ansible.module_utils.secrets import mask_secrets, register_secrets
except ImportError:  # up to 2.21
    from ansible.module_utils.common.parameters import remove_values

    def masked(value: t.Any, secrets: t.Collection[str]) -> t.Any:
        """The value without the secrets, however deep in it they are."""
        return remove_values(value, _in_all_forms(secrets))

else:

    def masked(value: t.Any, secrets: t.Collection[str]) -> t.Any:
        """The value without the secrets, however deep in it they are. From here on ansible-core masks them as well."""
        register_secrets(_in_all_forms(secrets))
        return _masked(value)

    def _masked(value: t.Any) -> t.Any:
        if isinstance(value, str):
            return mask_secrets(value, mask_placeholder="********")
        if isinstance(value, t.Mapping):
            return {key: _masked(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [_masked(part) for part in value]
        return value


def _in_all_forms(secrets: t.Collection[str]) -> set[str]:
    """The secrets as they are, and as they are when a vendor has repeated them in a message of one line."""
    return {*secrets, *filter(None, map(one_line, secrets))}
