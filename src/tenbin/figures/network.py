"""The picture of a network whose players act one after another: columns in order of time.

Each player is a box with a bar that shows how probable it is that the player acts; lines lead from
whom a player looks at to the player, the thicker the more weight. Who never acts stands in a
column of its own on the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import FAINT, GRID, INK, MUTED, PAPER, tint
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene

__all__ = ["Link", "Network", "Node", "network_spec"]

LABEL, SMALL = 11.5, 10.0
CELLS = 30
LINE = 15.0
ARC = 18.0
"""How much higher, per column, a line passes over the columns that it leaves out."""
BAR = 7.0
GAP = 26.0
"""Between two boxes of one column."""
LANE = 92.0
"""Between two columns."""
TOP, LEFT = 34.0, 10.0
THICK = 6.0
DENSE = 8
"""Players up to which every line is drawn."""
WEAK = 0.1
"""Past that, lines below this share of the strongest are left out."""


@dataclass(frozen=True, slots=True)
class Node:
    """A player: `column` in order of time, None for who never acts; `share` fills the bar."""

    title: str
    colour: str
    column: int | None
    share: float
    lines: tuple[str, ...] = ()
    mark: str = ""
    """What a marked player is called; its box is drawn with a heavy edge."""


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one node to another, by their numbers, with its weight."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes, links, what stands above each column, and above the column of those who never act."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    heads: tuple[str, ...]
    out: str


def network_spec(network: Network, description: str = "") -> dict[str, Any]:
    """The picture as a Vega specification."""
    layout = _Layout(network)
    scene = Scene()
    for x, head in zip(layout.x, layout.heads, strict=True):
        scene.text(x, TOP - 14, head, size=LABEL, fill=MUTED, weight="bold")
    strongest = max((link.weight for link in network.links), default=0.0)
    least = WEAK * strongest if len(network.nodes) > DENSE else 0.0
    for link in network.links:
        if link.weight > least:
            _draw_link(scene, layout, link, link.weight / strongest)
    for number in range(len(network.nodes)):
        _draw_node(scene, layout, number)
    return scene.spec(layout.width, layout.height, description)


class _Layout:
    """Pixel places of the boxes: columns of equal boxes, each centred in height."""

    def __init__(self, network: Network) -> None:
        self.network = network
        last = len(network.heads)
        self.column = [last if n.column is None else n.column for n in network.nodes]
        self.heads = [*network.heads, *([network.out] if last in self.column else [])]
        members = [
            [n for n, at in enumerate(self.column) if at == column]
            for column in range(len(self.heads))
        ]
        wide = [
            max([_box_width(network.nodes[n]) for n in its] + [text_width(head, LABEL) * 1.1])
            for its, head in zip(members, self.heads, strict=True)
        ]
        self.x: list[float] = []
        edge = LEFT
        for width in wide:
            self.x.append(edge)
            edge += width + LANE
        heights = [
            sum(_box_height(network.nodes[n]) for n in its) + GAP * (len(its) - 1)
            for its in members
        ]
        tallest = max(heights, default=0.0)
        spans = [self.span(link) for link in network.links]
        above = ARC * max([0, *(span for span in spans if span > 1)])
        below = ARC * max([0, *(-span for span in spans if span < -1)])
        self.upper, self.lower = TOP + 6 + above, TOP + 6 + above + tallest
        self.box: dict[int, tuple[float, float, float, float]] = {}
        for column, its in enumerate(members):
            y = self.upper + (tallest - heights[column]) / 2
            for n in its:
                height = _box_height(network.nodes[n])
                self.box[n] = (self.x[column], y, wide[column], height)
                y += height + GAP
        self.width = edge - LANE + 46
        self.height = self.lower + below + 12

    def span(self, link: Link) -> int:
        """How many columns a link leads on, or back."""
        return self.column[link.end] - self.column[link.start]


def _texts(node: Node) -> list[tuple[str, float]]:
    marked = [(f"★ {node.mark}", SMALL)] if node.mark else []
    return [(shorten(line, CELLS), SMALL) for line in node.lines] + marked


def _box_width(node: Node) -> float:
    title = text_width(shorten(node.title, CELLS), LABEL) * 1.1 + 48
    return max([title, 96.0] + [text_width(line, size) for line, size in _texts(node)]) + 20


def _box_height(node: Node) -> float:
    return 24 + BAR + 8 + LINE * len(_texts(node))


def _draw_node(scene: Scene, layout: _Layout, number: int) -> None:
    node = layout.network.nodes[number]
    x, y, width, height = layout.box[number]
    acts = node.share > 1e-3
    colour = node.colour if acts else FAINT
    line = 2.6 if node.mark else 1.3
    scene.box(x, y, width, height, fill=PAPER, stroke=colour, line=line, radius=5)
    ink = node.colour if acts else MUTED
    scene.text(x + 9, y + 16, shorten(node.title, CELLS), size=LABEL, fill=ink, weight="bold")
    if node.share == node.share:
        scene.text(x + width - 8, y + 16, _percent(node.share), size=SMALL, fill=ink, align="right")
        scene.box(x + 9, y + 23, width - 18, BAR, fill=GRID)
        scene.box(x + 9, y + 23, (width - 18) * node.share, BAR, fill=tint(node.colour, 0.85))
    below = y + 24 + BAR + 14
    for text, size in _texts(node):
        marked = text.startswith("★")
        fill, weight = (INK, "bold") if marked else (MUTED, "normal")
        scene.text(x + 9, below, text, size=size, fill=fill, weight=weight)
        below += LINE


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share in (0.0, 1.0) else f"{100 * share:.1f} %"


def _draw_link(scene: Scene, layout: _Layout, link: Link, strength: float) -> None:
    """A line with an arrow head: forward in colour, backward and to who never acts faint."""
    x0, y0, w0, h0 = layout.box[link.start]
    x1, y1, w1, h1 = layout.box[link.end]
    source = layout.network.nodes[link.start]
    span = layout.span(link)
    forward = span > 0
    acts = source.share > 1e-3
    stroke = tint(source.colour, 0.75) if forward and acts else FAINT
    width = 0.7 + (THICK - 0.7) * strength if acts else 0.7
    opacity = 0.8 if forward else 0.7
    if abs(span) > 1:
        _draw_arc(scene, layout, link, stroke, width, opacity)
        return
    if span == 0:
        away = 14 + 0.12 * abs(y1 - y0)
        shift = 7.0 if link.start < link.end else -7.0
        start, end = (x0 + w0, y0 + h0 / 2 + shift), (x1 + w1 + 8, y1 + h1 / 2 - shift)
        bend = f"C{start[0] + away:.1f},{start[1]:.1f} {end[0] + away:.1f},{end[1]:.1f}"
        shape = "triangle-left"
    elif forward:
        start, end = (x0 + w0, y0 + h0 / 2 - 6), (x1 - 8, y1 + h1 / 2 - 6)
        middle = (start[0] + end[0]) / 2
        bend = f"C{middle:.1f},{start[1]:.1f} {middle:.1f},{end[1]:.1f}"
        shape = "triangle-right"
    else:
        start, end = (x0, y0 + h0 / 2 + 10), (x1 + w1 + 8, y1 + h1 / 2 + 10)
        middle = (start[0] + end[0]) / 2
        bend = f"C{middle:.1f},{start[1]:.1f} {middle:.1f},{end[1]:.1f}"
        shape = "triangle-left"
    path = f"M{start[0]:.1f},{start[1]:.1f}{bend} {end[0]:.1f},{end[1]:.1f}"
    scene.path(path, stroke=stroke, width=width, opacity=opacity, dash=() if forward else (4, 3))
    tip = end[0] + (3.0 if shape == "triangle-right" else -3.0)
    scene.dot(tip, end[1], fill=stroke, size=40 + 60 * strength * acts, shape=shape)


def _draw_arc(
    scene: Scene, layout: _Layout, link: Link, stroke: str, width: float, opacity: float
) -> None:
    """A line that passes over the columns between its ends, or under them where it leads back."""
    (x0, y0, w0, h0), (x1, y1, w1, h1) = layout.box[link.start], layout.box[link.end]
    span = layout.span(link)
    side = 1.0 if span > 0 else -1.0
    middle_y = y0 + h0 / 2 - 4.0 * side, y1 + h1 / 2 - 14.0 * side
    begin, end = (x0 + w0, x1) if span > 0 else (x0, x1 + w1)
    edge = layout.upper if span > 0 else layout.lower
    level = edge - 4 / 3 * ARC * span
    rise, fall = begin + 0.2 * LANE * side, end - 0.45 * LANE * side
    path = (
        f"M{begin:.1f},{middle_y[0]:.1f}"
        f"C{rise:.1f},{middle_y[0]:.1f} {rise:.1f},{middle_y[0]:.1f} {rise:.1f},{edge:.1f}"
        f"C{rise:.1f},{level:.1f} {fall:.1f},{level:.1f} {fall:.1f},{edge:.1f}"
        f"C{fall:.1f},{middle_y[1]:.1f} {fall:.1f},{middle_y[1]:.1f} "
        f"{end - 8 * side:.1f},{middle_y[1]:.1f}"
    )
    dash = () if span > 0 else (4, 3)
    scene.path(path, stroke=stroke, width=width, opacity=opacity, dash=dash)
    shape = "triangle-right" if span > 0 else "triangle-left"
    scene.dot(end - 5.0 * side, middle_y[1], fill=stroke, size=40 + 10 * width, shape=shape)
