# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a command: the CPU time of all its processes, and the peak of the memory that they hold together."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import statistics
import subprocess
import threading
import time
import typing as t
from pathlib import Path

SAMPLING = 0.02
"""Seconds between two readings of the processes of a command: the worker of a short task lives for some 100 ms."""


@dataclasses.dataclass(frozen=True)
class Usage:
    """The cost of one run of a command."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system, of the command and all its descendants that were waited for (``wait4``)."""
    memory: float
    """MB (10⁶ bytes): the peak of the sum of the proportional set sizes of the process tree. In these a page that a fork shares
    counts once; in resident set sizes it would count for each process."""
    processes: int
    """The most processes at once."""
    threads: int
    """The most threads at once, in all processes together."""


def run(
    command: t.Sequence[str], environment: t.Mapping[str, str], log: Path, status: t.Collection[int] = (0,)
) -> Usage:
    """Runs a command, and writes its output to ``log``.

    :raises RuntimeError: if its exit status is not one of those expected.
    """
    with log.open("wb") as output:
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        ended = threading.Event()
        sampler = _Sampler(process.pid, ended)
        sampler.start()
        _pid, wait_status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    ended.set()
    sampler.join()
    process.returncode = os.waitstatus_to_exitcode(wait_status)  # Popen does not know that wait4 has been called
    if process.returncode not in status:
        raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}:\n{log.read_text()[-3000:]}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, sampler.memory, sampler.processes, sampler.threads)


def median(runs: t.Iterable[Usage]) -> Usage:
    """The median of each figure."""
    rows = [dataclasses.astuple(one) for one in runs]
    return Usage(*map(statistics.median, zip(*rows)))


class _Sampler(threading.Thread):
    """A thread that samples a process and its descendants until it is stopped."""

    def __init__(self, root: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.ended = ended
        self.memory = 0.0
        self.processes = self.threads = 0

    def run(self) -> None:
        while not self.ended.wait(SAMPLING):
            tree = list(_tree(self.root))
            self.processes = max(self.processes, len(tree))
            self.threads = max(self.threads, sum(map(_threads, tree)))
            self.memory = max(self.memory, sum(map(_memory, tree)) / 1e6)


def _tree(root: int) -> t.Iterator[int]:
    """A process and its descendants. Process groups and sessions do not help, because ansible-core's workers begin their own."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    todo = [root]
    while todo:
        pid = todo.pop()
        yield pid
        todo += children.get(pid, [])


def _threads(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    return 0


def _memory(pid: int) -> int:
    """Bytes."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
