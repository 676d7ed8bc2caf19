# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' own clients: each in an environment of its own, for two of them install a package of the same name."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import typing as t
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent.parent / ".build"
UV = BUILD / "uv/bin/uv"

PACKAGES = {
    "dt": ["dt==1.2.2"],
    "pan_scm_sdk": ["pan-scm-sdk==0.15.1"],
    # It imports pkg_resources, which later versions of setuptools do not have.
    "pylxca": ["pylxca==4.2.0", "setuptools==80.9.0"],
    "scm_python": ["scm-python==0.0.1b3"],
}


class NotInstalled(Exception):
    """A client that cannot be had here."""


def run(client: str, ca: str, **arguments: t.Any) -> t.Any:
    """What a client reads: its script is given the arguments, and what it prints is returned.

    :param ca: the CA that the client is to trust.
    :raises NotInstalled: where its package cannot be installed.
    """
    venv = _venv(client)
    done = subprocess.run(
        [venv / "bin/python", HERE / f"clients/read_with_{client}.py", json.dumps(arguments)],
        cwd=venv,  # where one of them writes a log
        # One for requests, one for the standard library and urllib3.
        env={**os.environ, "REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Some of them speak while they are imported.
    return json.loads(done.stdout.splitlines()[-1])


def _venv(client: str) -> Path:
    venv = BUILD / "interop" / client
    venv.parent.mkdir(parents=True, exist_ok=True)
    with (venv.parent / f"{client}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = venv / "packages"
        if not stamp.exists() or stamp.read_text(encoding="utf-8").split() != PACKAGES[client]:
            _uv("venv", "--clear", "--python", BUILD / "uv/bin/python", venv)
            _uv("pip", "install", "--compile-bytecode", "--python", venv, *PACKAGES[client])
            stamp.write_text("\n".join(PACKAGES[client]), encoding="utf-8")
    return venv


def _uv(*arguments: str | Path) -> None:
    settings = {"UV_CACHE_DIR": str(BUILD / "cache/uv"), "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    command = [UV, "--quiet", *arguments]
    try:
        subprocess.run(command, env={**os.environ, **settings}, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise NotInstalled(f"{UV} is missing; `make venv` makes it") from None
    except subprocess.CalledProcessError as error:
        raise NotInstalled(" ".join(error.stderr.split())) from None
