# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait of a task: polled by as many threads as it needs, and shown line by line."""

from __future__ import annotations

import time
import typing as t

from .._engine.poll_loop import Clock, Wait
from .._engine.workers import Inline, Threads
from .options import WaitOptions
from .progress import HEARTBEAT, Progress
from .session import WaitSession


def task_wait(
    session: WaitSession,
    options: WaitOptions,
    display: t.Callable[[str], None],
    *,
    host: str,
    inline: bool = False,
    notices: t.Sequence[str] = (),
) -> Wait:
    """The wait for a session's jobs, which its caller runs.

    :param display: shows a line, in which no secret is left.
    :param host: the host of the play, for the lines.
    :param inline: whether jobs can only be read in the caller's thread, one at a time.
    :param notices: what is told before the first poll.
    """
    clock, tracked_jobs = Clock(), session.tracked_jobs
    # One job needs no thread, unless a heartbeat may fall due during a request.
    inline = inline or (len(tracked_jobs) <= 1 and session.request_timeout <= HEARTBEAT)
    progress = Progress(
        lambda line: display(session.secrets.mask(line)),
        tracked_jobs,
        mode=options.progress,
        host=host,
        started=clock.monotonic(),
        wall=clock.wall,
        is_bad=options.settings.is_bad,
    )
    for notice in notices:
        progress.noted(notice)
    workers = Inline(time.sleep) if inline else Threads(min(options.concurrency, len(tracked_jobs)))
    return session.wait(options.settings, workers, clock=clock, observer=progress)
