"""Draw the picture of a gate's report that the guides show: report_picture.py

It is the page that a gate writes, of a rollout of ten minutes. Needs a chromium on the PATH.
"""

from __future__ import annotations

import datetime
import shutil
import sys
import tempfile
import typing as t
from pathlib import Path

from playwright.sync_api import sync_playwright

from ansible_collections.endstate.jobs.plugins.plugin_utils._report.documents import documents
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.finished_wait import read_wait
from ansible_collections.endstate.jobs.plugins.plugin_utils._report.verdict import GatePolicy, judge

PICTURE = Path(__file__).resolve().parents[1] / "docs/docsite/rst/images/report.png"
KEYS = {"dynatrace": "activegate_update_job", "strata": "config_job", "xclarity": "firmware_repo"}
BEGIN = datetime.datetime(2026, 1, 15, 9, 20, tzinfo=datetime.timezone.utc)
ELAPSED = 600.0
States = list[tuple[str, str, int]]
"""State, native state, and the seconds from the begin after which it was seen."""


def main() -> int:
    refused = "Configuration push failed"
    child = job("strata", "295", "CommitAll to FW-1", [("failed", "FIN/FAIL", 310)], began=190, message=refused)
    jobs = [
        job(
            *("strata", "294", "CommitAndPush by sa@example.com"),
            [("pending", "PEND", 0), ("running", "ACT/PEND", 40), ("failed", "FIN/OK", 310)],
            name="firewalls of Berlin",
            message=f"config_job 295 (CommitAll to FW-1): {refused}",
            children=[{**child, "history": []}],
        ),
        job(
            *("dynatrace", "-7537034309286328684", "Update to 1.281.75"),
            [("pending", "PENDING", 0), ("running", "IN_PROGRESS", 120), ("succeeded", "SUCCEED", 560)],
            name="synthetic monitors",
        ),
        job(
            *("xclarity", "12", "Export repository.zip"),
            [("running", "running", 0), ("succeeded", "complete", 420)],
            name="firmware",
        ),
    ]
    wait = read_wait({"jobs": jobs, "elapsed": ELAPSED, "timed_out": False}, KEYS)
    verdict = judge(wait, GatePolicy(fail_on=frozenset({"failed", "cancelled", "skipped"})))
    page = documents(verdict, wait, title="Rollout", now=BEGIN.timestamp() + ELAPSED)["report.html"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.html")
        file.write_text(page, encoding="utf-8")
        _photograph(file.as_uri())
    return 0


def job(
    system: str, job_id: str, description: str, states: States, *, began: int = 0, **more: t.Any
) -> dict[str, t.Any]:
    """A job that has ended, as a wait returns it."""
    end = states[-1]
    return {
        **dict.fromkeys(("message", "name", "error", "parent_id")),
        "system": system,
        "id": job_id,
        "description": description,
        "state": end[0],
        "native_state": end[1],
        "finished": True,
        "succeeded": end[0] == "succeeded",
        "progress": 100.0,
        "started_at": _iso(began),
        "finished_at": _iso(end[2]),
        "duration": float(end[2] - began),
        "children": [],
        "history": [
            {"state": state, "native_state": native, "progress": None, "at": _iso(at)} for state, native, at in states
        ],
        **more,
    }


def _iso(seconds: int) -> str:
    return (BEGIN + datetime.timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _photograph(address: str) -> None:
    with sync_playwright() as playwright:
        # As root Chromium has no sandbox; the page is our own.
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        window = chromium.new_page(viewport={"width": 1040, "height": 400}, timezone_id="UTC")
        window.goto(address)
        window.screenshot(path=PICTURE, full_page=True)
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
