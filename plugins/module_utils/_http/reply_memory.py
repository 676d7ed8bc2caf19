# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Room in memory for replies: large ones are handled one at a time in a process, so that many take no more than one."""

from __future__ import annotations

import threading
import typing as t

MOST = 3 * 1024 * 1024
"""What the replies of one reading may weigh. Python makes 8 MB of it at the most, where 2 MB of text could become 45, and
ansible-core some five times as much of a module's result."""
FREE = 64 * 1024
"""What they may weigh before they need the room."""
_PER_VALUE = 32

_room = threading.Lock()
_own = threading.local()


class Load:
    """The weight of all replies of one reading.

    A vendor's values are some 32 bytes long, and so its replies weigh twice their length. In memory a value takes 24 to 110
    bytes, however short it is.
    """

    def __init__(self) -> None:
        self.weight = 0

    def add(self, body: bytes) -> None:
        """Add one reply: a byte for each byte, and 32 for each value."""
        self.weight += len(body) + _PER_VALUE * sum(map(body.count, (b",", b"[", b"{")))


def enter(timeout: float) -> bool:
    """Have the room for this thread, until it leaves.

    :param timeout: seconds to wait where another thread has it.
    :return: false where the other did not leave in time.
    """
    if not getattr(_own, "inside", False):
        _own.inside = _room.acquire(timeout=timeout)
    return t.cast(bool, _own.inside)


def leave() -> None:
    """Let the next one in, should this thread have the room. What was read is no longer needed, or not read at all."""
    if getattr(_own, "inside", False):
        _own.inside = False
        _room.release()
