"""The picture of a game tree: who moves where, what they cannot tell apart, what happens.

It reads from left to right. Above the line into a node stands the action taken and how probable
it is, below it who moves there; each end has a row with its title, payoffs in the players'
colours, and a bar for how often play ends there. What happens in equilibrium is drawn thick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from tenbin.figures.colours import CHANCE, FAINT, GRID, INK, MUTED, tint
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene
from tenbin.figures.tidy import tree_columns, tree_rows
from tenbin.figures.words import Words

__all__ = ["GameTree", "Point", "figure", "percent", "tree_spec"]

ROW = 34.0
LABEL = 11.0
BOLD = 1.08
"""How much wider bold text is."""
MIN_COLUMN = 96.0
LABEL_CELLS = 34
BAR = 64.0
NEVER = 5e-4
"""Actions below this probability are drawn as not taken."""


@dataclass(frozen=True, slots=True)
class Point:
    """A node as it is drawn; `parent` is the place of its parent in the list, or -1.

    `edge` names what leads here and `probability` is how probable that is at the parent; `reach`
    the probability of getting here at all. None where the game is not solved. `group` numbers the
    information set, where it has more than one node; `belief` is the mover's belief in this one.
    """

    parent: int
    kind: Literal["decision", "chance", "end", "rest"]
    title: str
    player: int | None = None
    edge: str = ""
    probability: float | None = None
    reach: float | None = None
    group: int | None = None
    belief: float | None = None
    payoffs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class GameTree:
    """Points in preorder, with the players' names and colours."""

    points: tuple[Point, ...]
    players: tuple[str, ...]
    colours: tuple[str, ...]

    @property
    def solved(self) -> bool:
        return self.points[0].reach is not None


def percent(share: float) -> str:
    """A probability or share as a percentage, never 0 % or 100 % unless it is to 1e-9."""
    if share < 1e-9 or share > 1 - 1e-9:
        return "0%" if share < 0.5 else "100%"
    if share < 0.001 or share > 0.999:
        return "<0.1%" if share < 0.5 else ">99.9%"
    if share < 0.0995 or share > 0.9905:
        return f"{100 * share:.1f}%"
    return f"{100 * share:.0f}%"


def figure(value: float) -> str:
    """A number in about three significant digits, with separators."""
    if value != value:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value + 0.0:.3g}".replace("-", "−")


def tree_spec(tree: GameTree, words: Words) -> dict[str, Any]:
    """The picture as a Vega specification."""
    layout = _Layout(tree, words)
    scene = Scene()
    _draw_ends_table(scene, layout)
    _draw_infosets(scene, layout)
    for number in range(len(tree.points)):
        _draw_edge(scene, layout, number)
    for number in range(len(tree.points)):
        _draw_point(scene, layout, number)
    return scene.spec(layout.width, layout.height, describe_tree(tree, words))


def describe_tree(tree: GameTree, words: Words) -> str:
    """The picture in a sentence or two, for readers who do not see it."""
    ends = [point for point in tree.points if point.kind == "end"]
    key = "describe_tree" if tree.solved else "describe_tree_unsolved"
    text = words(key, ends=len(ends), players=", ".join(tree.players))
    return text + likely_ends([(end.title, end.reach) for end in ends], words)


def likely_ends(ends: Sequence[tuple[str, float | None]], words: Words) -> str:
    """A sentence that names the (at most three) ends where play ends most often."""
    total: dict[str, float] = {}
    for title, reach in ends:
        total[title] = total.get(title, 0.0) + (reach or 0.0)
    likely = sorted(total.items(), key=lambda end: -end[1])[:3]
    named = [words("likely_end", end=t, share=percent(p)) for t, p in likely if p > NEVER]
    return " " + words("most_likely", ends=", ".join(named)) if named else ""


class _Layout:
    """Pixel places of everything, from the widths of the texts that must fit."""

    def __init__(self, tree: GameTree, words: Words) -> None:
        self.tree, self.words = tree, words
        points = tree.points
        self.above = [self._edge_label(point) for point in points]
        self.below = [self._mover_label(point) for point in points]
        parents = [point.parent for point in points]
        columns = tree_columns(parents, [point.group for point in points])
        self.top = 44.0
        self.y = [self.top + (row + 0.5) * ROW for row in tree_rows(parents)]
        self._place_columns(columns)
        ends = [point for point in points if point.kind in ("end", "rest")]
        self.title_x = max(self.x) + 14
        widest = max(text_width(shorten(end.title, LABEL_CELLS), LABEL) for end in ends)
        self.payoff_x: list[float] = []
        edge = self.title_x + widest + 8
        for number, player in enumerate(tree.players):
            figures = [figure(end.payoffs[number]) for end in ends if end.payoffs]
            texts = [shorten(player, 18), *figures]
            edge += BOLD * max(text_width(text, LABEL) for text in texts) + 14
            self.payoff_x.append(edge)
        self.bar_x = edge + 18
        self.width = self.bar_x + (BAR + 46 if tree.solved else 0) + 4
        self.height = max(self.y) + ROW / 2 + 8

    def _edge_label(self, point: Point) -> str:
        label = shorten(point.edge, LABEL_CELLS)
        return label if point.probability is None else f"{label}  {percent(point.probability)}"

    def _mover_label(self, point: Point) -> str:
        if point.kind in ("end", "rest"):
            return ""
        mover = self.words("chance") if point.player is None else self.tree.players[point.player]
        if point.kind == "chance":
            return shorten(point.title or mover, LABEL_CELLS)
        label = f"{mover}: {point.title}" if point.title else mover
        label = shorten(label, LABEL_CELLS)
        if point.belief is not None:
            label += " · " + self.words("belief", share=percent(point.belief))
        return label

    def _place_columns(self, columns: list[int]) -> None:
        needed = [0.0] * (max(columns) + 1)
        for number, column in enumerate(columns):
            above = text_width(self.above[number], LABEL)
            below = BOLD * text_width(self.below[number], LABEL)
            needed[column] = max(needed[column], above + 34, below + 40)
        starts = [max(needed[0], 20.0)]
        for width in needed[1:]:
            starts.append(starts[-1] + max(width, MIN_COLUMN))
        self.x = [starts[column] for column in columns]
        self.elbow = [
            starts[columns[point.parent]] + 22 if point.parent >= 0 else 0.0
            for point in self.tree.points
        ]

    def colour(self, point: Point) -> str:
        return CHANCE if point.player is None else self.tree.colours[point.player]


def _draw_edge(scene: Scene, layout: _Layout, number: int) -> None:
    point = layout.tree.points[number]
    if point.parent < 0:
        return
    above = layout.tree.points[point.parent]
    x0, y0 = layout.x[point.parent], layout.y[point.parent]
    x1, y1, bend = layout.x[number], layout.y[number], layout.elbow[number]
    colour, width, dash = layout.colour(above), 1.2, ()
    happens = (point.reach or 0.0) > NEVER
    if layout.tree.solved:
        taken = point.probability is None or point.probability > NEVER
        width = 1.6 + 5.0 * (point.reach or 0.0) if happens else 1.3
        colour = colour if taken else FAINT
        dash = () if happens or taken else (3, 3)
    route = f"M{x0:.1f},{y0:.1f}L{bend:.1f},{y1:.1f}L{x1:.1f},{y1:.1f}"
    scene.path(route, stroke=colour, width=width, dash=dash)
    ink = INK if happens or not layout.tree.solved else MUTED
    lift = 4 + width / 2
    weight = "bold" if happens and (point.probability or 0.0) > 0.5 else "normal"
    scene.text(bend + 3, y1 - lift, layout.above[number], fill=ink, weight=weight, edged=True)


def _draw_point(scene: Scene, layout: _Layout, number: int) -> None:
    point, x, y = layout.tree.points[number], layout.x[number], layout.y[number]
    colour = layout.colour(point)
    if point.kind == "rest":
        return
    if point.kind == "end":
        scene.dot(x, y, fill=MUTED, size=26)
        return
    shape = "diamond" if point.kind == "chance" else "circle"
    scene.dot(x, y, fill=colour, size=120, shape=shape)
    scene.text(
        x - 8,
        y + LABEL + 4,
        layout.below[number],
        fill=colour,
        align="right",
        weight="bold",
        edged=True,
    )


def _draw_infosets(scene: Scene, layout: _Layout) -> None:
    """Dashed curves through the nodes of each information set, bowed so that they stay apart."""
    sets: dict[int, list[int]] = {}
    for number, point in enumerate(layout.tree.points):
        if point.group is not None:
            sets.setdefault(point.group, []).append(number)
    used: dict[float, int] = {}
    for nodes in sets.values():
        if len(nodes) < 2:
            continue
        column = layout.x[nodes[0]]
        bow = 16.0 + 9.0 * (used.get(column, 0) % 4)
        used[column] = used.get(column, 0) + 1
        colour = layout.colour(layout.tree.points[nodes[0]])
        for a, b in pairwise(sorted(nodes, key=lambda n: layout.y[n])):
            xa, ya, xb, yb = layout.x[a], layout.y[a], layout.x[b], layout.y[b]
            route = (
                f"M{xa:.1f},{ya:.1f}C{xa + bow:.1f},{ya + ROW / 2:.1f} "
                f"{xb + bow:.1f},{yb - ROW / 2:.1f} {xb:.1f},{yb:.1f}"
            )
            scene.path(route, stroke=colour, width=1.3, dash=(5, 4), opacity=0.8)


def _draw_ends_table(scene: Scene, layout: _Layout) -> None:
    tree = layout.tree
    for x, player, colour in zip(layout.payoff_x, tree.players, tree.colours, strict=True):
        scene.text(x, 22, shorten(player, 18), fill=colour, align="right", weight="bold")
    if tree.solved:
        scene.text(layout.bar_x, 22, layout.words("probability"), fill=MUTED, weight="bold")
    scene.path(f"M{layout.title_x:.0f},30H{layout.width - 4:.0f}", stroke=GRID)
    for number, point in enumerate(tree.points):
        if point.kind in ("end", "rest"):
            _draw_end_row(scene, layout, point, layout.y[number])


def _draw_end_row(scene: Scene, layout: _Layout, point: Point, y: float) -> None:
    tree, base = layout.tree, y + 4
    happens = not tree.solved or (point.reach or 0.0) > NEVER
    style = "italic" if point.kind == "rest" else "normal"
    ink = INK if happens else MUTED
    scene.text(layout.title_x, base, shorten(point.title, LABEL_CELLS), fill=ink, style=style)
    for x, payoff, colour in zip(layout.payoff_x, point.payoffs, tree.colours, strict=False):
        scene.text(x, base, figure(payoff), fill=colour, align="right")
    if point.reach is not None:
        scene.box(layout.bar_x, y - 5, BAR, 10, fill=GRID)
        scene.box(layout.bar_x, y - 5, BAR * point.reach, 10, fill=tint(INK, 0.75))
        scene.text(layout.bar_x + BAR + 5, base, percent(point.reach), fill=ink)
