"""Unit tests with other libraries, on another Python: libraries.py PYTHON

On 3.9 and 3.11 the HTTP layer with the oldest requests and urllib3 that the collection works with; 3.9 is a target's Python,
which no ansible-core from 2.16 on has on its own side. On 3.13 all of them, with the newest.
"""

import os
import subprocess
import sys

from copy_checkout import CHECKOUT
from core import BUILD, INSTALL, UV, find_python

HTTP = "tests/unit/plugins/module_utils/_http"
OLDEST = "--requirements=tests/unit/oldest.txt"
LIBRARIES = {
    "3.9": (["ansible-core==2.15.*", OLDEST], HTTP),
    "3.11": (["ansible-core", OLDEST], HTTP),
    "3.13": (["ansible-core"], "tests/unit"),
}
LACKS = {
    "3.9": [
        # It leaves sockets to the garbage collector, of which pytest would make failures.
        "--pythonwarnings=ignore::pytest.PytestUnraisableExceptionWarning",
        # It cannot be told to be as strict as 3.13.
        f"--deselect={HTTP}/test_trust.py::test_a_certificate_that_only_newer_pythons_refuse_is_explained",
    ]
}
"""What is not asked of a Python."""


def main(version: str) -> int:
    python = find_python(f"=={version}.*")
    if python is None:
        print(f"skipped: there is no Python {version}")
        return 0
    packages, tests = LIBRARIES[version]
    venv = BUILD / "libraries" / version
    if not venv.exists():
        subprocess.run([UV, "venv", "--quiet", "--python", python, venv], check=True)
    packages = [*packages, "--requirements=tests/unit/requirements.txt"]
    subprocess.run([*INSTALL, "--python", venv, *packages], cwd=CHECKOUT, check=True)
    # Random input is tried in full by `make unit`.
    environment = os.environ | {"HYPOTHESIS_PROFILE": "few"}
    command = [venv / "bin/python", "-m", "pytest", *LACKS.get(version, []), tests]
    return subprocess.call(command, cwd=CHECKOUT, env=environment)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
