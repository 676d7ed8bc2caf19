"""Print how the folders of plugins/ build on each other: imports.py [CHECKOUT]

A box of a folder is a file or a folder in it, an arrow says that a box imports from another, and a box stands one floor above the
highest that it imports from. Boxes that import each other are in a circle, on one floor. Works on any commit.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

CHECKOUT = Path(__file__).resolve().parent.parent
COLLECTION = "ansible_collections.endstate.jobs."
ROOTS = ("plugins/module_utils", "plugins/plugin_utils")

Graph = dict[str, set[str]]


def files(checkout: Path = CHECKOUT) -> list[str]:
    """The Python files of the folders, by their paths in the checkout."""
    found = [path for root in ROOTS for path in (checkout / root).rglob("*.py")]
    return sorted(path.relative_to(checkout).as_posix() for path in found)


@functools.cache
def imported(name: str, checkout: Path = CHECKOUT) -> frozenset[str]:
    """The files of the collection that a file imports."""
    found = set()
    for node in ast.walk(ast.parse((checkout / name).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = PurePosixPath(name).parents[node.level - 1]
        elif (node.module or "").startswith(COLLECTION):
            base = PurePosixPath(".")
        else:
            continue
        module = base / (node.module or "").removeprefix(COLLECTION).replace(".", "/")
        places = [module, *(module / alias.name for alias in node.names)]
        found.update(f"{place}.py" for place in places if (checkout / f"{place}.py").is_file())
    return frozenset(found)


def boxes(folder: str, arrows: Mapping[str, frozenset[str]]) -> Graph:
    """The boxes of a folder, each with those of the same folder that it imports from."""

    def box(name: str) -> str | None:
        path = PurePosixPath(name)
        return path.relative_to(folder).parts[0] if path.is_relative_to(folder) else None

    graph: Graph = {}
    for name, targets in arrows.items():
        if (own := box(name)) and own != "__init__.py":
            graph.setdefault(own, set()).update(
                other for target in targets if (other := box(target)) not in (None, own)
            )
    return graph


def floors(graph: Graph) -> dict[str, int]:
    """The floor of each box, from 1."""
    reached = {box: _reached(graph, box) for box in graph}

    @functools.cache
    def floor(box: str) -> int:
        return 1 + max((floor(other) for other in reached[box] if box not in reached[other]), default=0)

    return {box: floor(box) for box in graph}


def circles(graph: Graph) -> list[str]:
    """The boxes that import themselves by way of others."""
    return [box for box in graph if box in _reached(graph, box)]


def _reached(graph: Graph, box: str) -> set[str]:
    found: set[str] = set()
    todo = [box]
    while todo:
        new = graph.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def main(checkout: Path) -> None:
    arrows = {name: imported(name, checkout) for name in files(checkout)}
    folders = sorted(
        {parent.as_posix() for name in arrows for parent in PurePosixPath(name).parents} - {".", "plugins"}
    )
    for folder in folders:
        graph = boxes(folder, arrows)
        levels = floors(graph)
        counts = f"{len(graph)} boxes, {sum(map(len, graph.values()))} arrows, {max(levels.values(), default=0)} floors"
        in_circles = circles(graph)
        print(f"{folder}: {counts}" + (f", in circles: {' '.join(in_circles)}" if in_circles else ""))
        for level in sorted(set(levels.values()), reverse=True):
            print(f"  {level}  {' '.join(box.removesuffix('.py') for box in levels if levels[box] == level)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else CHECKOUT)
