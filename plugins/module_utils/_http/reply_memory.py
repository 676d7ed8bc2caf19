# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory for replies: those of one reading have a limit, and large ones are decoded one at a time in a process."""

from __future__ import annotations

import threading

MOST = 3 * 1024 * 1024
"""What the replies of one reading may weigh. Python makes 8 MB of it at the most, where 2 MB of text could become 45, and
ansible-core some five times as much of a module's result."""
FREE = 64 * 1024
"""What a reply may weigh that is decoded beside others."""
PER_VALUE = 32

_decoding = threading.Lock()


def weight(body: bytes) -> int:
    """What a reply weighs: a byte for each byte, and 32 for each value.

    A vendor's values are some 32 bytes long, and so its replies weigh twice their length. In memory a value takes 24 to 110
    bytes, however short it is.
    """
    return len(body) + PER_VALUE * sum(map(body.count, (b",", b"[", b"{")))


class ReplyMemory:
    """The memory of one reading, which may be of several replies. For one thread.

    The lock is held from before a large reply is decoded until the reading has made use of it, and never while anything is
    sent or received: an API cannot make others wait, and the wait is one for this process's own processor.
    """

    def __init__(self) -> None:
        self._weight = 0
        self._holds_lock = False

    def take(self, body: bytes) -> bool:
        """Make room for a reply that is about to be decoded; false: there is none, however long one waits.

        It waits while another thread has the lock.
        """
        new = weight(body)
        self._weight += new
        if self._weight > MOST:
            return False
        if new > FREE and not self._holds_lock:
            self._holds_lock = _decoding.acquire()
        return True

    def release(self) -> None:
        """Let the next thread decode. What is kept of the reply is small by now."""
        if self._holds_lock:
            self._holds_lock = False
            _decoding.release()
