"""Run stages, which are targets of the Makefile, and print one line for each: stages.py JOBS STAGE...

JOBS of them run at once. A stage is called TARGET or TARGET:CORE. What it says goes to .build/log/STAGE.log, and is
shown if it fails. A stage that cannot run here says so with a line "skipped: why". In a pipeline (CI is set) that is a
failure, and a test that pytest has skipped is one, too: all that is needed has been installed there.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

LOGS = Path(".build/log")
NOT_TRIED = re.compile(r"\b\d+ skipped\b")
PYTEST = re.compile(r"^=+ (\d+ (?:passed|failed|errors?|skipped|deselected)\b.* in [\d.]+s.*?) =+$", re.MULTILINE)
SKIPPED = re.compile(r"^skipped: (.*)$", re.MULTILINE)


class Outcome(NamedTuple):
    stage: str
    result: str
    seconds: float
    remark: str
    output: str


def run(stage: str) -> Outcome:
    target, core = stage.split(":") if ":" in stage else (stage, "")
    command = ["make", "--no-print-directory", target] + ([f"CORE={core}"] if core else [])
    # Without the flags of the make that runs this, so that each stage is independent.
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    start = time.monotonic()
    log = LOGS / f"{stage.replace(':', '-')}.log"
    with log.open("wb") as file:
        failed = subprocess.call(command, env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
    seconds = time.monotonic() - start
    output = log.read_text(errors="replace")
    if failed:
        return Outcome(stage, "FAILED", seconds, str(log), output)
    if skipped := SKIPPED.search(output):
        return Outcome(stage, "FAILED" if os.environ.get("CI") else "skipped", seconds, skipped[1], output)
    remark = ", ".join(PYTEST.findall(output))
    if os.environ.get("CI") and NOT_TRIED.search(remark):
        return Outcome(stage, "FAILED", seconds, f"{remark}; nothing may be skipped here", output)
    return Outcome(stage, "ok", seconds, remark, output)


def main(jobs: str, *stages: str) -> bool:
    LOGS.mkdir(parents=True, exist_ok=True)
    results: Counter[str] = Counter()
    with ThreadPoolExecutor(int(jobs)) as pool:
        for outcome in pool.map(run, stages):
            results[outcome.result] += 1
            dots = "." * (24 - len(outcome.stage))
            print(f"{outcome.stage} {dots} {outcome.result:7} {outcome.seconds:6.1f} s  {outcome.remark}".rstrip())
            if outcome.result == "FAILED":
                print(outcome.output)
            sys.stdout.flush()
    print(f"stages: {results['ok']} passed, {results['FAILED']} failed, {results['skipped']} skipped")
    return results["FAILED"] > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
