# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers on loopback: OpenSSH, squid and nginx, each in a folder of its own, started and ended by its process id."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
import typing as t
from pathlib import Path

COMMANDS = {"openssh-server": "/usr/sbin/sshd", "squid": "/usr/sbin/squid", "nginx-light": "/usr/sbin/nginx"}
"""By Debian package: the command that it brings."""
START_LIMIT = 60.0
"""Seconds that a server may take until it accepts connections; the slowest needs two on a machine with nothing else to do."""


def missing() -> list[str]:
    """The Debian packages that are not installed."""
    return [package for package, command in COMMANDS.items() if not os.access(command, os.X_OK)]


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """A server in the foreground, which can be ended and started again on the same port.

    :param folder: for its configuration and its log.
    :param command: starts it, without becoming a daemon.
    :param port: where it listens.
    :param environment: variables beside those of the tests.
    """

    def __init__(
        self, folder: Path, command: t.Sequence[str], port: int, environment: t.Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.port = port
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it, and return once it accepts connections.

        :raises RuntimeError: with its own words if it does not.
        """
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self._command[0]} did not start: {self.log}")

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it with a signal, and the connections and processes that it has."""
        if self._process is not None:
            self._process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def restart(self, pause: float, how: int = signal.SIGTERM) -> None:
        """End it with a signal, and start it again after so many seconds."""
        self.stop(how)
        time.sleep(pause)
        self.start()


@contextlib.contextmanager
def serving() -> t.Iterator[t.Callable[[Service], Service]]:
    """Starts servers, and ends them, the last one first."""
    started: list[Service] = []

    def start(service: Service) -> Service:
        started.append(service)
        service.start()
        return service

    try:
        yield start
    finally:
        for service in reversed(started):
            service.stop()


def sshd(folder: Path) -> Service:
    """An OpenSSH server for this user, with a key that it accepts (``key``) and one that it does not (``other_key``)."""
    for name in ("host_key", "key", "other_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "key.pub", folder / "authorized_keys")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # without it sshd refuses to start as root
    port = free_port()
    (folder / "sshd_config").write_text(
        f"""\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
AuthenticationMethods publickey
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
LogLevel VERBOSE
Subsystem sftp internal-sftp
""",
        encoding="utf-8",
    )
    return Service(folder, [COMMANDS["openssh-server"], "-D", "-e", "-f", str(folder / "sshd_config")], port)


def ssh_host(server: Service, *, key: str = "key", python: str) -> dict[str, str]:
    """The variables of a host that is reached through the server.

    :param python: the interpreter that modules run with there.
    """
    options = {
        "UserKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "no",
        "IdentitiesOnly": "yes",
        "ControlMaster": "no",
        "ConnectTimeout": "5",
    }
    return {
        "ansible_connection": "ssh",
        "ansible_host": "127.0.0.1",
        "ansible_port": str(server.port),
        "ansible_user": getpass.getuser(),
        "ansible_ssh_private_key_file": str(server.folder / key),
        "ansible_ssh_args": " ".join(f"-o {name}={value}" for name, value in options.items()),
        "ansible_python_interpreter": python,
    }


def squid(folder: Path, user: str, password: str) -> Service:
    """A forward proxy that wants a user and a password, and forwards to loopback alone.

    :param folder: below one that any user may enter.
    """
    port = free_port()
    encoded = subprocess.run(
        ["openssl", "passwd", "-apr1", password], check=True, capture_output=True, text=True
    ).stdout.strip()
    (folder / "users").write_text(f"{user}:{encoded}\n", encoding="utf-8")
    (folder / "squid.conf").write_text(
        f"""\
http_port 127.0.0.1:{port}
auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/users
auth_param basic children 1
acl known proxy_auth REQUIRED
acl loopback dst 127.0.0.0/8
http_access allow known loopback
http_access deny all
cache deny all
access_log stdio:{folder}/access
cache_log {folder}/cache.log
pid_filename none
shutdown_lifetime 0 seconds
""",
        encoding="utf-8",
    )
    if os.geteuid() == 0:  # it gives up being root, and its helper for passwords with it
        folder.chmod(0o755)
        shutil.chown(folder, "proxy", "proxy")
    return Service(folder, [COMMANDS["squid"], "-N", "-f", str(folder / "squid.conf")], port)


def nginx(folder: Path, server: str) -> Service:
    """A reverse proxy.

    :param server: the inside of its ``server`` block; ``{port}`` stands for the port that it listens on, ``{folder}``
        for its folder.
    """
    port = free_port()
    inside = server.replace("{port}", str(port)).replace("{folder}", str(folder))
    paths = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"""\
{user}daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error;
events {{ }}
http {{
  access_log {folder}/access;
{paths}  server {{
{inside}
  }}
}}
""",
        encoding="utf-8",
    )
    return Service(folder, [COMMANDS["nginx-light"], "-p", str(folder), "-c", str(folder / "nginx.conf")], port)
