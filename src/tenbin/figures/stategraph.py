"""The picture of a graph of states: a box per state, an arrow per move, what is settled marked.

States stand in columns by how many moves they are from the start; within a column they are ordered
so that few arrows cross. An arrow is a move that its maker wants; a thin line is one that nobody
would make. Lines of one pair of states stand side by side, one per player.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Any

from tenbin.figures.colours import FAINT, INK, MUTED, PAPER, tint
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene

__all__ = ["Arrow", "Legend", "StateBox", "StateGraph", "states_spec"]

LINE, HEAD, PAD = 15.0, 20.0, 9.0
SIZE = 11.0
CELLS = 26
COLUMN, ROW = 96.0, 26.0
SWEEPS = 8
SETTLED = "#01665e"
BEND = 34.0
"""How far a line bends out that leads from a column to the same column."""


@dataclass(frozen=True, slots=True)
class StateBox:
    """A state: its name, a line (text, colour) for each thing that holds there, how it is marked.

    `column` counts the moves from the start; `note` stands above the box (the start).
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    column: int
    settled: bool = False
    selected: bool = False
    note: str = ""

    @property
    def height(self) -> float:
        return HEAD + LINE * len(self.lines) + 4

    @property
    def width(self) -> float:
        texts = [self.title, *(text for text, _ in self.lines)]
        return max(62.0, 1.06 * max(text_width(shorten(t, CELLS), SIZE) for t in texts) + 2 * PAD)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A player's move between two boxes; `wanted` where it improves on where it starts.

    `on_path` are the moves that lead from the start to the selected state.
    """

    source: int
    target: int
    player: int
    wanted: bool
    on_path: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """What the picture calls its signs, in one language; an empty one is left out."""

    settled: str
    selected: str
    wanted: str
    unwanted: str


@dataclass(frozen=True, slots=True)
class StateGraph:
    """States, moves, and the players' names and colours."""

    boxes: tuple[StateBox, ...]
    arrows: tuple[Arrow, ...]
    players: tuple[str, ...]
    colours: tuple[str, ...]


def states_spec(graph: StateGraph, legend: Legend, description: str = "") -> dict[str, Any]:
    """The picture as a Vega specification."""
    place = _Places(graph)
    scene = Scene()
    sides = _sides(graph)
    for arrow in sorted(graph.arrows, key=lambda a: (a.on_path, a.wanted)):
        _draw_arrow(scene, graph, place, arrow, sides[arrow])
    for number, box in enumerate(graph.boxes):
        _draw_box(scene, place, number, box)
    width = max(place.width, _draw_legend(scene, graph, legend, place.height))
    return scene.spec(width, place.height + 26, description)


class _Places:
    """Pixel places of the boxes."""

    def __init__(self, graph: StateGraph) -> None:
        self.graph = graph
        columns: dict[int, list[int]] = {}
        for number, box in enumerate(graph.boxes):
            columns.setdefault(box.column, []).append(number)
        self.columns = [columns[column] for column in sorted(columns)]
        self._order()
        self.x: dict[int, float] = {}
        self.y: dict[int, float] = {}
        heights = [sum(graph.boxes[n].height + ROW for n in column) for column in self.columns]
        edge, tallest = 14.0, max(heights)
        for column, height in zip(self.columns, heights, strict=True):
            wide = max(graph.boxes[n].width for n in column)
            y = 16.0 + (tallest - height) / 2
            for number in column:
                self.x[number] = edge + (wide - graph.boxes[number].width) / 2
                self.y[number] = y
                y += graph.boxes[number].height + ROW
            edge += wide + COLUMN
        self.width = edge - COLUMN + BEND + 10
        self.height = tallest + 14.0

    def centre(self, number: int) -> tuple[float, float]:
        box = self.graph.boxes[number]
        return self.x[number] + box.width / 2, self.y[number] + box.height / 2

    def _order(self) -> None:
        """Sweeps that put each box near the mean height of those it is joined to."""
        joined: dict[int, set[int]] = {n: set() for n in range(len(self.graph.boxes))}
        for arrow in self.graph.arrows:
            joined[arrow.source].add(arrow.target)
            joined[arrow.target].add(arrow.source)
        for _ in range(SWEEPS):
            height = {
                number: (row + 0.5) / len(column)
                for column in self.columns
                for row, number in enumerate(column)
            }

            def wish(number: int, height: dict[int, float] = height) -> tuple[float, int]:
                near = [height[other] for other in joined[number]]
                mean = sum(near) / len(near) if near else height[number]
                return round(0.5 * (mean + height[number]), 9), number

            for column in self.columns:
                column.sort(key=wish)


def _sides(graph: StateGraph) -> dict[Arrow, float]:
    """How far each line stands beside the straight one between its boxes."""
    pairs: dict[tuple[int, int], list[Arrow]] = {}
    for arrow in graph.arrows:
        key = (min(arrow.source, arrow.target), max(arrow.source, arrow.target))
        pairs.setdefault(key, []).append(arrow)
    found: dict[Arrow, float] = {}
    for arrows in pairs.values():
        for number, arrow in enumerate(arrows):
            offset = 7.0 * (number - (len(arrows) - 1) / 2)
            found[arrow] = offset if arrow.source < arrow.target else -offset
    return found


def _draw_arrow(scene: Scene, graph: StateGraph, place: _Places, arrow: Arrow, side: float) -> None:
    colour = graph.colours[arrow.player]
    path, tip, before = _route(graph, place, arrow, side)
    scene.path(
        path,
        stroke=colour if arrow.wanted else tint(colour, 0.35),
        width=3.2 if arrow.on_path else 1.5 if arrow.wanted else 0.8,
        dash=() if arrow.wanted else (2, 3),
    )
    if arrow.wanted or arrow.on_path:
        scene.path(_head(tip, before, 6.5 if arrow.on_path else 5.0), stroke=colour, fill=colour)


def _route(
    graph: StateGraph, place: _Places, arrow: Arrow, side: float
) -> tuple[str, tuple[float, float], tuple[float, float]]:
    """The line's path, its tip, and a point shortly before the tip."""
    (x0, y0), (x1, y1) = place.centre(arrow.source), place.centre(arrow.target)
    one, two = graph.boxes[arrow.source], graph.boxes[arrow.target]
    if one.column == two.column:
        return _bow(place, arrow, side)
    length = hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = -(y1 - y0) / length * side, (x1 - x0) / length * side
    start = _edge_point((x0 + dx, y0 + dy), (x1 + dx, y1 + dy), place, arrow.source, one)
    tip = _edge_point((x1 + dx, y1 + dy), (x0 + dx, y0 + dy), place, arrow.target, two)
    path = f"M{start[0]:.1f},{start[1]:.1f}L{tip[0]:.1f},{tip[1]:.1f}"
    return path, tip, start


def _bow(
    place: _Places, arrow: Arrow, side: float
) -> tuple[str, tuple[float, float], tuple[float, float]]:
    """A line to a box of the same column: out to the right and back."""
    one, two = place.graph.boxes[arrow.source], place.graph.boxes[arrow.target]
    x0, x1 = place.x[arrow.source] + one.width, place.x[arrow.target] + two.width
    (_, y0), (_, y1) = place.centre(arrow.source), place.centre(arrow.target)
    y0, y1 = y0 + side + 4, y1 + side - 4
    out = max(x0, x1) + BEND + 0.06 * abs(y1 - y0) + side
    path = f"M{x0:.1f},{y0:.1f}C{out:.1f},{y0:.1f} {out:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    return path, (x1, y1), (out, y1 + 0.12 * (y0 - y1))


def _edge_point(
    inside: tuple[float, float],
    towards: tuple[float, float],
    place: _Places,
    number: int,
    box: StateBox,
) -> tuple[float, float]:
    """Where a line from a point inside a box leaves the box."""
    dx, dy = towards[0] - inside[0], towards[1] - inside[1]
    left, top = place.x[number] - 2, place.y[number] - 2
    right, bottom = left + box.width + 4, top + box.height + 4
    steps = [1.0]
    if dx:
        steps.append(((right if dx > 0 else left) - inside[0]) / dx)
    if dy:
        steps.append(((bottom if dy > 0 else top) - inside[1]) / dy)
    step = max(min(steps), 0.0)
    return inside[0] + step * dx, inside[1] + step * dy


def _head(tip: tuple[float, float], before: tuple[float, float], size: float) -> str:
    """A filled triangle at the tip of a line."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = hypot(dx, dy) or 1.0
    ux, uy = dx / length * size, dy / length * size
    corners = [
        tip,
        (tip[0] - 1.7 * ux - 0.8 * uy, tip[1] - 1.7 * uy + 0.8 * ux),
        (tip[0] - 1.7 * ux + 0.8 * uy, tip[1] - 1.7 * uy - 0.8 * ux),
    ]
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners) + "Z"


def _draw_box(scene: Scene, place: _Places, number: int, box: StateBox) -> None:
    x, y = place.x[number], place.y[number]
    fill = tint(SETTLED, 0.16) if box.settled else PAPER
    stroke = SETTLED if box.settled else MUTED
    line = 3.0 if box.selected else 1.6 if box.settled else 0.9
    scene.box(x, y, box.width, box.height, fill=fill, stroke=stroke, line=line, radius=5)
    if box.note:
        scene.text(x + 2, y - 4, box.note, size=10, fill=INK, weight="bold", edged=True)
    scene.text(x + PAD, y + 14, shorten(box.title, CELLS), weight="bold")
    for row, (text, colour) in enumerate(box.lines):
        scene.text(x + PAD, y + HEAD + 10 + LINE * row, shorten(text, CELLS), fill=colour)


def _draw_legend(scene: Scene, graph: StateGraph, legend: Legend, top: float) -> float:
    """The signs below the picture; tells how far they reach to the right."""
    x, y = 14.0, top + 6
    for player, colour in zip(graph.players, graph.colours, strict=True):
        scene.path(f"M{x:.0f},{y:.0f}h20", stroke=colour, width=2)
        scene.path(_head((x + 22, y), (x, y), 4.5), stroke=colour, fill=colour)
        x = _label(scene, x + 28, y, player, colour)
    for sign, text in (("settled", legend.settled), ("selected", legend.selected)):
        if not text:
            continue
        thick = 3.0 if sign == "selected" else 1.6
        fill = tint(SETTLED, 0.16)
        scene.box(x, y - 6, 16, 12, fill=fill, stroke=SETTLED, line=thick, radius=3)
        x = _label(scene, x + 22, y, text, INK)
    scene.path(f"M{x:.0f},{y:.0f}h18", stroke=INK, width=1.5)
    scene.path(_head((x + 20, y), (x, y), 4.5), stroke=INK, fill=INK)
    x = _label(scene, x + 26, y, legend.wanted, INK)
    scene.path(f"M{x:.0f},{y:.0f}h20", stroke=FAINT, width=0.9, dash=(2, 3))
    return _label(scene, x + 26, y, legend.unwanted, INK)


def _label(scene: Scene, x: float, y: float, text: str, colour: str) -> float:
    scene.text(x, y + 4, text, fill=colour)
    return x + 1.04 * text_width(text, SIZE) + 18
