# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does something while a play runs."""

from __future__ import annotations

import contextlib
import threading
import typing as t

LOOK_EVERY = 0.05
"""Seconds between two looks at the condition."""

Start = t.Callable[[t.Callable[[], bool], t.Callable[[], t.Any]], None]
"""``start(when, action)``: acts once ``when()`` holds."""


@contextlib.contextmanager
def acting() -> t.Iterator[Start]:
    """Acts in threads, which end with the block."""
    threads: list[threading.Thread] = []
    over = threading.Event()

    def start(when: t.Callable[[], bool], action: t.Callable[[], t.Any]) -> None:
        def act() -> None:
            while not over.wait(LOOK_EVERY):
                if when():
                    action()
                    return

        threads.append(threading.Thread(target=act))
        threads[-1].start()

    try:
        yield start
    finally:
        over.set()
        for thread in threads:
            thread.join()
