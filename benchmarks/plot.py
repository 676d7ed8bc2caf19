# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests against delay as SVG, both axes logarithmic. The same study gives the same bytes."""

from __future__ import annotations

import math
import typing as t
from pathlib import Path

from .policy import CONSTANT, Point

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 400, 64, 52, 16, 16
DELAYS, REQUESTS = (0.4, 60.0), (15.0, 1500.0)
TICKS = (0.5, 1, 2, 5, 10, 20, 50), (20, 50, 100, 200, 500, 1000)
STYLE = """
text { font: 13px sans-serif; fill: #24292f } .grid { stroke: #8883 } .axis { stroke: #888 }
.constant { stroke: #57606a; fill: #57606a } .best { stroke: #1a7f37; stroke-dasharray: 5 4 }
.ours { fill: #0969da } .peer { fill: none; stroke: #bc4c00; stroke-width: 2 } path { fill: none !important; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .constant { stroke: #9198a1; fill: #9198a1 } .best { stroke: #3fb950 } .ours { fill: #4493f8 }
  .peer { stroke: #f0883e }
}
"""


def draw(study: dict[str, t.Any], file: Path) -> None:
    """The curve of constant intervals, the best possible, peers, and our policy with and without an estimate."""
    # All points are of jobs without queueing and children, so that the durations are the same.
    curve = [tuple(study["plain"]["constant"][str(interval)]) for interval in CONSTANT]
    parts = [*_axes()]
    parts += [_line("best", study["best"]), _text(study["best"][1], "best possible without estimates", -8, 22, "end")]
    parts += [_line("constant", curve)]
    for interval, at in zip(CONSTANT, curve):
        parts += [_dot("constant", at, 3), _text(at, f"every {interval:g} s", 8, -6)]
    for name, at in study["plain"]["peers"].items():
        parts += [_dot("peer", at, 7), _text(at, name, 10, -22 if at[0] > 1 else 16)]
    for group, words in {"plain": "ours, nothing to go by", "with": "ours, with progress or an ETA"}.items():
        at = study[group]["default"]
        parts += [_dot("ours", at, 6), _text(at, words, -10, 18, "end")]
    body = "\n".join(parts)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Requests against delay">\n<style>{STYLE}</style>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


def _axes() -> t.Iterator[str]:
    left, bottom = LEFT, HEIGHT - BOTTOM
    for delay in TICKS[0]:
        x, _y = _place((delay, REQUESTS[0]))
        yield f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}"/>'
        yield f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{delay}</text>'
    for requests in TICKS[1]:
        _x, y = _place((DELAYS[0], requests))
        yield f'<line class="grid" x1="{left}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>'
        yield f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{requests}</text>'
    yield f'<line class="axis" x1="{left}" y1="{bottom}" x2="{WIDTH - RIGHT}" y2="{bottom}"/>'
    yield f'<line class="axis" x1="{left}" y1="{TOP}" x2="{left}" y2="{bottom}"/>'
    yield f'<text x="{(left + WIDTH) / 2}" y="{HEIGHT - 10}" text-anchor="middle">mean delay, seconds</text>'
    yield f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">requests for a job</text>'


def _place(at: Point) -> Point:
    def share(value: float, least: float, most: float) -> float:
        return math.log(value / least) / math.log(most / least)

    x = LEFT + share(at[0], *DELAYS) * (WIDTH - LEFT - RIGHT)
    y = HEIGHT - BOTTOM - share(at[1], *REQUESTS) * (HEIGHT - BOTTOM - TOP)
    return round(x, 1), round(y, 1)


def _line(kind: str, points: t.Sequence[Point]) -> str:
    return f'<path class="{kind}" d="M{" L".join(f"{x} {y}" for x, y in map(_place, points))}"/>'


def _dot(kind: str, at: Point, radius: float) -> str:
    x, y = _place(at)
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius}"/>'


def _text(at: Point, words: str, right: float, down: float, anchor: str = "start") -> str:
    x, y = _place(at)
    return f'<text x="{x + right:.1f}" y="{y + down:.1f}" text-anchor="{anchor}">{words}</text>'
