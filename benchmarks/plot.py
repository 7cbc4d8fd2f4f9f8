"""A line chart as SVG, with nothing but the standard library; the same data give the same file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 74, 24, 46, 52
COLOURS = ("#1264a3", "#c2410c", "#4d7c0f", "#7c3aed")

Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chart."""

    label: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """How an axis is marked; ``log`` needs values above 0."""

    label: str
    ticks: Sequence[float]
    log: bool = False
    unit: str = ""

    def scale(self, start: float, end: float) -> Scale:
        """Values to places on the page."""
        low, high = (self._plain(tick) for tick in (self.ticks[0], self.ticks[-1]))
        return lambda value: round(start + (self._plain(value) - low) / (high - low) * (end - start), 1)

    def _plain(self, value: float) -> float:
        return math.log10(value) if self.log else value


def chart(title: str, across: Axis, up: Axis, lines: Sequence[Line]) -> str:
    """The chart as the text of an SVG file."""
    x, y = across.scale(LEFT, WIDTH - RIGHT), up.scale(HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 24, title, size=15),
        *(_rule(LEFT, y(tick), WIDTH - RIGHT, y(tick)) for tick in up.ticks),
        *(_text(LEFT - 8, y(tick) + 4, f"{tick:,g}{up.unit}", anchor="end") for tick in up.ticks),
        *(_text(x(tick), HEIGHT - BOTTOM + 18, f"{tick:,g}{across.unit}", anchor="middle") for tick in across.ticks),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across.label, anchor="middle"),
        _text(LEFT, TOP - 8, up.label),
    ]
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x(a)},{y(b)}" for a, b in line.points)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(a)}" cy="{y(b)}" r="3" fill="{colour}"/>' for a, b in line.points]
        parts.append(_text(WIDTH - RIGHT, TOP + 14 + 18 * number, line.label, anchor="end", colour=colour))
    return "\n".join([*parts, "</svg>"]) + "\n"


def save(path: Path, svg: str) -> None:
    """Write the file and say so."""
    path.write_text(svg, encoding="utf-8")
    print(f"plotted in {path.name}")


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, colour: str = "#333") -> str:
    where = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    return f'<text {where} font-size="{size}" fill="{colour}">{escape(text)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#ddd"/>'
