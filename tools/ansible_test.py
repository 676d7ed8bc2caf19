"""Run ansible-test with one version of ansible-core: ansible_test.py CORE COMMAND [ARGUMENT...]

ansible-test refuses a checkout whose path does not end in ansible_collections/endstate/jobs, so it works on a copy.
It gets a home of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

from copy_checkout import copy_checkout
from core import INSTALL, core_venv, search_path
from seed_get_pip import seed_get_pip


def ansible_test(place: Path, venv: Path, command: str, *arguments: str) -> int:
    home = place / "home"
    seed_get_pip(venv, home, INSTALL)
    collection = place / "ansible_collections/endstate/jobs"
    copy_checkout(collection)
    # Otherwise git reports that all of it is ignored, as .build is.
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)

    # Sanity tests the syntax and the imports of plugins with every Python that it finds. The other commands need packages.
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


def main(core: str, *command: str) -> int:
    with core_venv(core) as venv:
        return ansible_test(venv.parent, venv, *command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
