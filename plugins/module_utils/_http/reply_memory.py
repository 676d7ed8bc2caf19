# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits the memory for replies: that of one reading, and that of a process, which decodes only one large reply at a time."""

from __future__ import annotations

import threading

MOST = 3 * 1024 * 1024
"""The largest weight of the replies of one reading. Decoded, this weight takes up to 8 MB in Python, while 2 MB of text without this
limit could take 45 MB. ansible-core needs some five times as much for a module's result."""
FREE = 64 * 1024
"""The largest weight of a reply that may be decoded while another thread decodes a reply."""
PER_VALUE = 32
"""The weight of a value in addition to its bytes."""

_decoding = threading.Lock()


def weight(body: bytes) -> int:
    """The weight of a reply: 1 for each byte, and 32 for each value.

    In memory even a short value takes 24 to 110 bytes. A vendor's values are some 32 bytes long, so that its replies weigh twice their
    length.
    """
    return len(body) + PER_VALUE * sum(map(body.count, (b",", b"[", b"{")))


class ReplyMemory:
    """The memory of one reading, which may have several replies. For use by one thread.

    The lock is held from before a large reply is decoded until the reading has used it, and never while a request is under way. So a
    slow API cannot make other threads wait; they wait only while this process computes.
    """

    def __init__(self) -> None:
        self._weight = 0
        self._holds_lock = False

    def take(self, body: bytes) -> bool:
        """Reserves memory for a reply that is about to be decoded. Waits while another thread has the lock.

        Returns false if the replies of this reading exceed the limit.
        """
        new = weight(body)
        self._weight += new
        if self._weight > MOST:
            return False
        if new > FREE and not self._holds_lock:
            self._holds_lock = _decoding.acquire()
        return True

    def release(self) -> None:
        """Releases the lock if this reading holds it. The parts of the reply that are kept are small."""
        if self._holds_lock:
            self._holds_lock = False
            _decoding.release()
