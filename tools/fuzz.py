"""Try random input on all tests of properties until time is up: fuzz.py SECONDS

They are those that draw their input with hypothesis: replies, profiles, paths, headers, scripts of the engine. In `make test`
each draws the same few hundred examples; here others each time. What is found is printed as an `@example`: write it above the
test, and it is tried by `make test` from then on.
"""

import os
import subprocess
import sys
import time


def main(seconds: str) -> int:
    end, rounds = time.monotonic() + float(seconds), 0
    # Stops a round at the end of the time, and says so with status 2 (interrupted).
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "hypothesis", "-x", "tests/unit"]
    while (left := end - time.monotonic()) > 0:
        environment = os.environ | {"HYPOTHESIS_PROFILE": "fuzz"}
        process = subprocess.Popen(command, env=environment)
        try:
            status = process.wait(left)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
            break
        if status:
            return status
        rounds += 1
    print(f"fuzz: nothing was found in {seconds} s, {rounds} whole rounds")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
