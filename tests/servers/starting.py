# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real job servers on loopback, each in a folder of its own.

The log of requests of each is a file of the folder, which :func:`asked` reads.
"""

from __future__ import annotations

import json
import os
import re
import typing as t
from pathlib import Path

from tests.infrastructure.services import Service, free_port

HERE = Path(__file__).resolve().parent
BIN = Path(os.environ.get("SERVERS_BIN", HERE.parent.parent / ".build/servers/bin"))
"""The commands of ``requirements.txt``."""
USER, PASSWORD = "root@pam", "the-password-of-the-server"
TOKEN_ID, TOKEN_SECRET = "root@pam!tests", "11111111-2222-3333-4444-555555555555"


def missing() -> list[str]:
    """What is not installed, each with how to get it."""
    return [] if (BIN / "fakepve").exists() else ["fakepve (make servers installs it)"]


def asked(log: Path, pattern: str) -> int:
    """How many requests of a server's log have the pattern."""
    return len(re.findall(pattern, log.read_text(encoding="utf-8", errors="replace"))) if log.exists() else 0


def fakepve(folder: Path, certificate: Path, ticket_seconds: float) -> Service:
    """A Proxmox VE with a node ``pve1``, whose guests take ``shutdown_secs`` to shut down.

    :param certificate: a file with a certificate for loopback and its key.
    :param ticket_seconds: how long a login is good.
    """
    guests: list[dict[str, t.Any]] = [
        {"vmid": 100, "name": "good", "status": "running", "shutdown_secs": 2},
        {"vmid": 101, "name": "stuck", "status": "running", "acpi": False},
        {"vmid": 102, "name": "interrupted", "start_error": "received interrupt"},
        {"vmid": 103, "name": "slow", "status": "running", "shutdown_secs": 5},
        {"vmid": 104, "name": "forgotten", "status": "running", "shutdown_secs": 60},
        *({"vmid": 200 + n, "name": f"web{n}", "status": "running", "shutdown_secs": 5} for n in range(20)),
    ]
    (folder / "guests.json").write_text(json.dumps({"guests": guests}), encoding="utf-8")
    port = free_port()
    command = [BIN / "python", HERE / "short_sessions.py", "guests.json", "--host", "127.0.0.1", "--port", port]
    command += ["--user", USER, "--password", PASSWORD, "--cert", certificate, "--key", certificate]
    environment = {"TICKET_SECONDS": str(ticket_seconds), "TOKEN_ID": TOKEN_ID, "TOKEN_SECRET": TOKEN_SECRET}
    return Service(folder, list(map(str, command)), port, environment)
