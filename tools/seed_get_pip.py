"""Let ansible-test make its virtual environments where nothing but a package index is reached.

It puts pip into each of them with a get-pip.py that it loads from a host of its own, once, and keeps. Here a
stand-in is put where it keeps that file: uv installs the very versions that ansible-test asks for. On a machine
with the open internet the result is the same.
"""

import re
from pathlib import Path

STAND_IN = """\
import subprocess
import sys

packages = [arg for arg in sys.argv[1:] if not arg.startswith("-")]
sys.exit(subprocess.call({install!r} + ["--python", sys.executable] + packages))
"""


def seed_get_pip(venv: Path, home: Path, install: list[str]) -> None:
    """Write a stand-in for each version of pip that the ansible-test in venv may ask for."""
    (source,) = venv.glob("lib/python*/site-packages/ansible_test/_internal/python_requirements.py")
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"pip='([\d.]+)'", source.read_text()):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(STAND_IN.format(install=install))
