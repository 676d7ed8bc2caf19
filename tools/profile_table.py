"""Print what the library's profiles are made of and tested against, as a table in Markdown: profile_table.py"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent
PROFILES = CHECKOUT / "plugins" / "plugin_utils" / "_profiles"
REPLIES = CHECKOUT / "tests" / "unit" / "replies" / "rest"
SERVERS = CHECKOUT / "tests" / "servers"
STATES = ("pending", "resting", "running", "succeeded", "failed", "cancelled", "skipped")
PARTS = ("progress", "children", "listing", "environment")


def words(condition: Any) -> Iterator[str]:
    """The words of a condition, however deep."""
    if isinstance(condition, dict):
        for key, inner in condition.items():
            yield from [f"{key} {word}" for word in words(inner)]
    elif isinstance(condition, list):
        for inner in condition:
            yield from words(inner)
    else:
        yield str(condition).lower() if isinstance(condition, bool) else str(condition)


def table_of(state: dict[str, Any]) -> str:
    """Each state with its words, or with the words of its rules."""
    found: dict[str, list[str]] = {name: list(words(state[name])) for name in STATES if name in state}
    for rule in state.get("rules", []):
        known = found.setdefault(rule["state"], [])
        known.append(" & ".join(", ".join(words(condition)) for condition in rule["when"].values()))
    return "; ".join(f"**{name}** {' or '.join(found[name])}" for name in STATES if name in found)


def sources(rows: list[dict[str, Any]]) -> Counter[str]:
    """How many replies were recorded, and how many are those of documents and samples."""
    return Counter("recorded" if row["source"].startswith("recorded") else "documented" for row in rows)


def server(name: str) -> str:
    """The server that plays start jobs of the profile on."""
    tests = [file.stem.removeprefix("test_") for file in SERVERS.glob("test_*.py") if f'"{name}"' in file.read_text()]
    return ", ".join(tests)


def row(name: str) -> list[str]:
    profile = yaml.safe_load((PROFILES / f"{name}.yml").read_text(encoding="utf-8"))
    data = yaml.safe_load((REPLIES / f"{name}.yml").read_text(encoding="utf-8"))
    replies = data["replies"]
    told = sources(replies + data.get("listing", []) + data.get("children", []))
    has = [part for part in PARTS if part in profile or part in profile.get("fields", {})]
    return [
        f"`{name}`",
        table_of(profile["state"]),
        str(len(profile["sources"])),
        server(name),
        str(told["recorded"]),
        str(told["documented"]),
        str(sum("peer" in one for one in replies)),
        ", ".join(has),
    ]


def main() -> int:
    heads = ["profile", "words", "sources", "server", "recorded", "documented", "peers", "has"]
    table = [heads, ["---"] * len(heads), *(row(file.stem) for file in sorted(PROFILES.glob("*.yml")))]
    print("\n".join(f"| {' | '.join(cells)} |" for cells in table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
