"""The picture of a large game by its moves: one box per move, however many nodes stand behind it.

A box lists the actions with how probable each is once the move is reached; lines lead to what
comes next, the thicker the more often play goes there. The ends stand in a table on the right, as
in the picture of a tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tenbin.figures.colours import CHANCE, FAINT, GRID, INK, MUTED, PAPER, tint
from tenbin.figures.gametree import BOLD, NEVER, figure, likely_ends, percent
from tenbin.figures.layers import Layers, place_layers
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene
from tenbin.figures.words import Words

__all__ = ["EndRow", "MoveBox", "MoveGraph", "Way", "moves_spec"]

HEAD, TYPES, LINE, END = 36.0, 16.0, 18.0, 26.0
LABEL = 11.0
CELLS = 36
SHARE = 40.0
"""Width of the bar that shows an action's probability."""
LANE = 38.0
"""Least width between two columns."""
BAR = 64.0
TOP = 30.0


@dataclass(frozen=True, slots=True)
class Way:
    """One action or branch of a move: its probability once the move is reached, and at all."""

    label: str
    target: str
    probability: float | None = None
    flow: float | None = None
    by_type: tuple[float, ...] = ()
    """The same once the move is reached by each of the mover's types."""


@dataclass(frozen=True, slots=True)
class MoveBox:
    """A move: `player` is None for chance; `reach` the probability that play gets here."""

    key: str
    title: str
    player: int | None
    reach: float | None
    ways: tuple[Way, ...]
    types: tuple[str, ...] = ()
    """The mover's types, where the box shows what each of them does."""

    @property
    def head(self) -> float:
        """Height of what stands above the actions."""
        return HEAD + (TYPES if self.types else 0.0)

    @property
    def height(self) -> float:
        return self.head + LINE * len(self.ways) + 6

    def port(self, number: int) -> float:
        """How far below the upper edge an action's line stands."""
        return self.head + LINE * (number + 0.5)


@dataclass(frozen=True, slots=True)
class EndRow:
    """An end: how often play stops there, and the mean payoffs when it does."""

    key: str
    title: str
    reach: float | None
    payoffs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MoveGraph:
    """Moves in an order in which each stands before those it leads to; then the ends."""

    moves: tuple[MoveBox, ...]
    ends: tuple[EndRow, ...]
    players: tuple[str, ...]
    colours: tuple[str, ...]

    @property
    def solved(self) -> bool:
        return self.moves[0].reach is not None


def moves_spec(graph: MoveGraph, words: Words) -> dict[str, Any]:
    """The picture as a Vega specification."""
    layout = _Layout(graph, words)
    scene = Scene()
    for box in graph.moves:
        for number, way in enumerate(box.ways):
            _draw_way(scene, layout, box, number, way)
    for box in graph.moves:
        _draw_box(scene, layout, box)
    _draw_ends(scene, layout)
    return scene.spec(layout.width, layout.height, describe_moves(graph, words))


def describe_moves(graph: MoveGraph, words: Words) -> str:
    """The picture in a sentence or two, for readers who do not see it."""
    key = "describe_moves" if graph.solved else "describe_moves_unsolved"
    text = words(key, players=", ".join(graph.players))
    return text + likely_ends([(end.title, end.reach) for end in graph.ends], words)


class _Layout:
    """Pixel places of the boxes and of the table of ends."""

    def __init__(self, graph: MoveGraph, words: Words) -> None:
        self.graph, self.words = graph, words
        self.top = TOP
        ways = [
            (box.key, way.target, number)
            for box in graph.moves
            for number, way in enumerate(box.ways)
        ]
        heights = {box.key: box.height for box in graph.moves}
        heights |= {end.key: END for end in graph.ends}
        ports = {
            (box.key, number): box.port(number)
            for box in graph.moves
            for number in range(len(box.ways))
        }
        ends = [end.key for end in graph.ends]
        self.layers: Layers = place_layers(ways, heights, ports, HEAD / 2, ends)
        self.y = {key: self.top + y for key, y in self.layers.y.items()}
        self.width_of = {box.key: self._box_width(box) for box in graph.moves}
        self._place_columns()
        self._place_table()
        self.height = self.top + self.layers.height + 10

    def mover(self, box: MoveBox) -> str:
        return self.words("chance") if box.player is None else self.graph.players[box.player]

    def colour(self, box: MoveBox) -> str:
        return CHANCE if box.player is None else self.graph.colours[box.player]

    def _box_width(self, box: MoveBox) -> float:
        head = max(text_width(shorten(text, CELLS), LABEL) for text in (self.mover(box), box.title))
        if box.reach is not None:
            head = max(head, text_width(shorten(self.mover(box), CELLS), LABEL) + 92)
        lines = max(text_width(shorten(way.label, CELLS), LABEL) for way in box.ways)
        shares = (SHARE + 44 if self.graph.solved else 0) + sum(type_widths(box))
        return max(BOLD * head + 20, BOLD * lines + 24 + shares)

    def _place_columns(self) -> None:
        column_of = self.layers.column
        wide = [0.0] * (self.layers.n_columns)
        for key, width in self.width_of.items():
            wide[column_of[key]] = max(wide[column_of[key]], width)
        starts, edge = [], 8.0
        for width in wide:
            starts.append(edge)
            edge += width + LANE
        self.x = {key: starts[column] for key, column in column_of.items()}
        self.columns = starts
        self.column_width = wide

    def _place_table(self) -> None:
        graph = self.graph
        self.title_x = self.columns[-1] + 14
        edge = self.title_x + max(text_width(shorten(e.title, CELLS), LABEL) for e in graph.ends)
        self.payoff_x: list[float] = []
        for number, player in enumerate(graph.players):
            texts = [shorten(player, 18), *(figure(end.payoffs[number]) for end in graph.ends)]
            edge += BOLD * max(text_width(text, LABEL) for text in texts) + 14
            self.payoff_x.append(edge)
        self.bar_x = edge + 18
        self.width = self.bar_x + (BAR + 46 if graph.solved else 0) + 4


def _draw_way(scene: Scene, layout: _Layout, box: MoveBox, number: int, way: Way) -> None:
    x, y = layout.x[box.key] + layout.width_of[box.key], layout.y[box.key]
    points = [(x, y + box.port(number))]
    for column, lane in layout.layers.lanes.get((box.key, way.target, number), ()):
        left = layout.columns[column]
        right, lane_y = left + layout.column_width[column], layout.top + lane
        points += [(left, lane_y), (right, lane_y)]
    is_end = way.target in {end.key for end in layout.graph.ends}
    entry = END / 2 if is_end else HEAD / 2
    points.append((layout.x[way.target] + (6 if is_end else 0), layout.y[way.target] + entry))
    happens = way.flow is None or way.flow > NEVER
    scene.path(
        _curve(points),
        stroke=layout.colour(box) if happens else FAINT,
        width=1.3 if way.flow is None or not happens else 1.3 + 7.0 * way.flow,
        dash=() if happens else (3, 3),
        opacity=0.75,
    )


def _curve(points: Sequence[tuple[float, float]]) -> str:
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(y1 - y0) < 0.5:
            path += f"L{x1:.1f},{y1:.1f}"
        else:
            middle = (x0 + x1) / 2
            path += f"C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    return path


def _draw_box(scene: Scene, layout: _Layout, box: MoveBox) -> None:
    x, y, width = layout.x[box.key], layout.y[box.key], layout.width_of[box.key]
    colour = layout.colour(box)
    reached = box.reach is None or box.reach > NEVER
    line = 1.4 if reached else 0.7
    scene.box(x, y, width, box.height, fill=PAPER, stroke=colour, line=line, radius=4)
    scene.box(x, y, width, HEAD - 2, fill=tint(colour, 0.12 if reached else 0.05), radius=4)
    scene.text(x + 9, y + 14, shorten(layout.mover(box), CELLS), fill=colour, weight="bold")
    scene.text(x + 9, y + 29, shorten(box.title, CELLS), fill=INK)
    if box.reach is not None:
        label = layout.words("reached", share=percent(box.reach))
        scene.text(x + width - 7, y + 14, label, size=10, fill=MUTED, align="right")
    _draw_types(scene, box, x, y, width)
    for number, way in enumerate(box.ways):
        _draw_way_line(scene, box, way, x, y + box.port(number), width, colour)


def type_widths(box: MoveBox) -> list[float]:
    """Widths of the columns that show what each type does."""
    return [max(text_width(shorten(name, 12), 9.5) + 10, 40.0) for name in box.types]


def type_edges(box: MoveBox, left: float, width: float) -> list[float]:
    """Right edges of those columns, which stand before the bar."""
    edge, edges = left + width - SHARE - 50, list[float]()
    for wide in reversed(type_widths(box)):
        edges.insert(0, edge)
        edge -= wide
    return edges


def _draw_types(scene: Scene, box: MoveBox, x: float, y: float, width: float) -> None:
    for edge, name in zip(type_edges(box, x, width), box.types, strict=True):
        label = shorten(name, 12)
        scene.text(edge, y + HEAD + 11, label, size=9.5, fill=MUTED, align="right", style="italic")


def _draw_way_line(
    scene: Scene, box: MoveBox, way: Way, x: float, y: float, width: float, colour: str
) -> None:
    taken = way.probability is None or way.probability > NEVER
    ink = INK if taken and (box.reach is None or box.reach > NEVER) else MUTED
    weight = "bold" if (way.probability or 0.0) > 0.5 else "normal"
    scene.text(x + 9, y + 4, shorten(way.label, CELLS), fill=ink, weight=weight)
    if way.probability is None:
        return
    for edge, share in zip(type_edges(box, x, width), way.by_type, strict=True):
        shade = INK if share > NEVER else FAINT
        scene.text(edge, y + 4, percent(share), size=10, fill=shade, align="right")
    bar = x + width - SHARE - 44
    scene.box(bar, y - 4, SHARE, 8, fill=GRID)
    scene.box(bar, y - 4, SHARE * way.probability, 8, fill=tint(colour, 0.85))
    scene.text(x + width - 7, y + 4, percent(way.probability), fill=ink, align="right")


def _draw_ends(scene: Scene, layout: _Layout) -> None:
    graph, words = layout.graph, layout.words
    line = min(layout.y[end.key] for end in graph.ends) - 6
    for x, player, colour in zip(layout.payoff_x, graph.players, graph.colours, strict=True):
        scene.text(x, line - 8, shorten(player, 18), fill=colour, align="right", weight="bold")
    if graph.solved:
        scene.text(layout.bar_x, line - 8, words("probability"), fill=MUTED, weight="bold")
    scene.path(f"M{layout.title_x:.0f},{line:.0f}H{layout.width - 4:.0f}", stroke=GRID)
    for end in graph.ends:
        y = layout.y[end.key] + END / 2
        ink = INK if end.reach is None or end.reach > NEVER else MUTED
        scene.dot(layout.x[end.key] + 6, y, fill=MUTED, size=26)
        scene.text(layout.title_x, y + 4, shorten(end.title, CELLS), fill=ink)
        for x, payoff, colour in zip(layout.payoff_x, end.payoffs, graph.colours, strict=True):
            scene.text(x, y + 4, figure(payoff), fill=colour, align="right")
        if end.reach is not None:
            scene.box(layout.bar_x, y - 5, BAR, 10, fill=GRID)
            scene.box(layout.bar_x, y - 5, BAR * end.reach, 10, fill=tint(INK, 0.75))
            scene.text(layout.bar_x + BAR + 5, y + 4, percent(end.reach), fill=ink)
