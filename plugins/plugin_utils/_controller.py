# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a worker together with the ansible-playbook that it works for.

ansible-core forks a worker for each task of a host. A worker is not told when ansible-playbook is killed, and since 2.19 not
when its terminal is closed: it would poll on until the wait's deadline, although no process is left to take its result.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import typing as t

LOOK_EVERY = 1.0
"""Seconds between two looks at the parent process."""
CLEAN_UP_TIMEOUT = 2.5
"""Seconds for all that is to be done before the end: a logout takes 2 s at most."""
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

CleanUp = t.Callable[[], None]

_clean_ups: list[CleanUp] = []
_watcher: threading.Thread | None = None
_signals_to = -1
"""A file descriptor that takes the numbers of the signals that come, for the watcher."""


def is_gone() -> bool:
    """Whether this process is a worker whose controller has ended: a process whose parent ends gets another one."""
    controller = multiprocessing.parent_process()
    return controller is not None and controller.pid != os.getppid()


@contextlib.contextmanager
def ending_with_controller(clean_up: CleanUp) -> t.Iterator[None]:
    """Has a worker end when its controller has, from now on, and clean up first as long as the body runs.

    The controller is looked at in a thread, for nothing else gets a turn during a request, a look-up of a name, a module on
    another machine, or the ``delay`` of a loop. Other processes than workers are left alone.

    :param clean_up: called from a thread of its own, when the controller is gone and when a signal ends the worker.
    """
    if multiprocessing.parent_process() is None or threading.current_thread() is not threading.main_thread():
        yield  # no worker, or not one of ansible-core's: signals are the main thread's alone
        return
    _watch()
    _clean_ups.append(clean_up)
    try:
        with _signals_handled():
            yield
    finally:
        _clean_ups.remove(clean_up)


def _watch() -> None:
    global _watcher, _signals_to
    if _watcher is None:
        signals_from, _signals_to = os.pipe()
        for end in (signals_from, _signals_to):
            os.set_blocking(end, False)
        _watcher = threading.Thread(target=_end_when_gone, args=[signals_from], name="controller", daemon=True)
        _watcher.start()


def _end_when_gone(signals: int) -> None:
    """Ends the worker when its controller is gone, and lets no signal wait for the end of a request.

    A signal's handler runs in the main thread, and at once only if the signal interrupts what that thread is blocked in. A signal
    that comes just before a read, or to another thread, does not: of ten interrupted runs, all with a request that was not
    answered, up to four waited for ``request_timeout``. So a signal is sent once more, to the main thread.

    :param signals: a file descriptor that gives the numbers of the signals that came.
    """
    while not is_gone():
        time.sleep(LOOK_EVERY)
        with contextlib.suppress(BlockingIOError):
            for number in {*os.read(signals, 64)}.intersection(SIGNALS):
                signal.pthread_kill(t.cast(int, threading.main_thread().ident), number)
    _clean()
    if (
        os.getpgrp() == os.getpid()
    ):  # since 2.19: what was started for a task on another machine is in the group as well
        with contextlib.suppress(OSError):
            os.killpg(os.getpid(), signal.SIGTERM)
    os._exit(1)


def _clean() -> None:
    threads = [threading.Thread(target=clean_up, daemon=True) for clean_up in _clean_ups]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + CLEAN_UP_TIMEOUT
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


@contextlib.contextmanager
def _signals_handled() -> t.Iterator[None]:
    """Has the signals that end a process clean up before they do what they did before."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    ending = False

    def handle(number: int, frame: t.Any) -> None:
        nonlocal ending
        if ending:  # ansible-playbook sends SIGTERM right after SIGINT
            return
        ending = True
        _clean()
        _restore(before)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)
        else:
            os.kill(os.getpid(), number)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # nohup
            signal.signal(number, handle)
    wakeup = signal.set_wakeup_fd(_signals_to, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        _restore(before)


def _restore(handlers: t.Mapping[signal.Signals, t.Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
