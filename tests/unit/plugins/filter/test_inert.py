# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter is the function of ``module_utils``, whose tests are beside it."""

from __future__ import annotations

from ansible_collections.endstate.jobs.plugins.filter.inert import FilterModule


def test_the_filter_inert_makes_each_text_of_a_value_safe() -> None:
    assert FilterModule().filters()["inert"]([{"id": "{{ 7*7 }}"}, 7]) == [{"id": "❴❴ 7*7 }}"}, 7]
