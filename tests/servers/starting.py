# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real job servers on loopback, each in a folder of its own.

The log of requests of each is a file of the folder, which :func:`asked` reads.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import typing as t
from pathlib import Path

import yaml

from tests.infrastructure.services import Service, free_port

HERE = Path(__file__).resolve().parent
BIN = HERE.parent.parent / ".build/servers/bin"
"""The commands of ``requirements.txt``."""
INSTALLED = ("fakepve", "buildbot", "pygeoapi", "ara-manage")
USER, PASSWORD = "root@pam", "the-password-of-the-server"
TOKEN_ID, TOKEN_SECRET = "root@pam!tests", "11111111-2222-3333-4444-555555555555"


def missing() -> list[str]:
    """What is not installed, each with how to get it."""
    found = [f"{one} (make servers installs it)" for one in INSTALLED if not (BIN / one).exists()]
    return found if shutil.which("aptly") else [*found, "aptly (apt-get install aptly)"]


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
        {"vmid": 103, "name": "slow", "status": "running", "shutdown_secs": 10},
        {"vmid": 104, "name": "forgotten", "status": "running", "shutdown_secs": 60},
        *({"vmid": number, "name": "looped", "status": "running", "shutdown_secs": 2} for number in (105, 106, 107)),
        *({"vmid": 200 + n, "name": f"web{n}", "status": "running", "shutdown_secs": 5} for n in range(20)),
    ]
    (folder / "guests.json").write_text(json.dumps({"guests": guests}), encoding="utf-8")
    port = free_port()
    command = [BIN / "python", HERE / "short_sessions.py", "guests.json", "--host", "127.0.0.1", "--port", port]
    command += ["--user", USER, "--password", PASSWORD, "--cert", certificate, "--key", certificate]
    environment = {"TICKET_SECONDS": str(ticket_seconds), "TOKEN_ID": TOKEN_ID, "TOKEN_SECRET": TOKEN_SECRET}
    return Service(folder, list(map(str, command)), port, environment)


def buildbot(folder: Path) -> tuple[Service, Service]:
    """A master with builders, and its worker; builds run the command of their property ``command``."""
    master, worker = folder / "master", folder / "worker"
    port, workers = free_port(), free_port()
    address = f"127.0.0.1:{workers}"
    for command in (
        ["buildbot", "create-master", str(master)],
        ["buildbot-worker", "create-worker", "--maxdelay=1", str(worker), address, "worker", PASSWORD],
    ):
        subprocess.run([BIN / command[0], *command[1:]], check=True, capture_output=True)
    shutil.copy(HERE / "master.cfg", master)
    twistd = [str(BIN / "twistd"), "--nodaemon", "--pidfile=", "--python=buildbot.tac"]
    environment = {"WEB_PORT": str(port), "WORKER_PORT": str(workers), "WORKER_PASSWORD": PASSWORD}
    return Service(master, twistd, port, environment), Service(worker, twistd, workers)


def pygeoapi(folder: Path) -> Service:
    """A server with the process ``sleep``, whose inputs say for how long and whether it fails."""
    port = free_port()
    text = {"title": "Tests", "description": "Tests", "keywords": ["tests"], "keywords_type": "theme"}
    url = f"http://127.0.0.1:{port}"
    settings = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 100},
            "map": {"url": f"{url}/{{z}}/{{x}}/{{y}}.png", "attribution": "none"},
            "manager": {"name": "TinyDB", "connection": str(folder / "jobs.json"), "output_dir": str(folder)},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**text, "terms_of_service": "none", "url": url},
            "license": {"name": "none", "url": url},
            "provider": {"name": "tests", "url": url},
            "contact": {"name": "tests", "url": url},
        },
        "resources": {"sleep": {"type": "process", "processor": {"name": "sleep_process.Sleep"}}},
    }
    (folder / "settings.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    make = f"{BIN}/pygeoapi openapi generate settings.yml --output-file openapi.yml"
    # Not `pygeoapi serve`, which watches its files and starts itself again.
    serve = f"exec {BIN}/flask --app pygeoapi.flask_app run --port {port}"
    environment = {
        "PYGEOAPI_CONFIG": str(folder / "settings.yml"),
        "PYGEOAPI_OPENAPI": str(folder / "openapi.yml"),
        "PYTHONPATH": str(HERE),
    }
    return Service(folder, ["sh", "-c", f"{make} && {serve}"], port, environment)


def ara(folder: Path) -> Service:
    """A recorder of playbooks that wants a login for everything."""
    port = free_port()
    environment = {
        "ARA_BASE_DIR": str(folder),
        "ARA_READ_LOGIN_REQUIRED": "true",
        "ARA_WRITE_LOGIN_REQUIRED": "true",
        "ARA_USER": USER,
        "ARA_PASSWORD": PASSWORD,
    }
    return Service(folder, [str(BIN / "python"), str(HERE / "serve_ara.py"), str(port)], port, environment)


def aptly(folder: Path) -> Service:
    """The API of an empty set of package repositories."""
    port = free_port()
    settings = {"rootDir": str(folder / "root"), "architectures": ["amd64"], "gpgDisableVerify": True}
    (folder / "aptly.json").write_text(json.dumps(settings), encoding="utf-8")
    command = ["aptly", "api", "serve", f"-listen=127.0.0.1:{port}", f"-config={folder}/aptly.json"]
    return Service(folder, command, port)
