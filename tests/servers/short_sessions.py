# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``fakepve`` with what it has no option for: tickets that end after seconds, an API token, a log of requests."""

import logging
import os

import fakepve.__main__ as command


class ShortSessions(command.FakePve):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.ticket_ttl = float(os.environ["TICKET_SECONDS"])
        self.apitokens[os.environ["TOKEN_ID"]] = os.environ["TOKEN_SECRET"]


logging.basicConfig(level=logging.INFO, format="%(message)s")
command.FakePve = ShortSessions
command.main()
