"""Copy the checkout, less what git ignores, to a new directory: copy_checkout.py TARGET"""

import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def copy_checkout(target: Path) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    shutil.rmtree(target, ignore_errors=True)
    for name in listing.stdout.split("\0"):
        source = CHECKOUT / name
        # git still lists a file that was removed but not yet committed.
        if name and (source.is_symlink() or source.is_file()):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)


if __name__ == "__main__":
    copy_checkout(Path(sys.argv[1]))
