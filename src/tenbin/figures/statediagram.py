"""The picture of a game that goes on: its states, what is done in them, and where play goes.

States that are left again stand around an ellipse in the order of the file, those that are not in
the middle or to the right. An arrow is the thicker the more of all moves go that way; beside it
stands how probable the way is in a period spent in the state it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, pi, sin
from typing import Any

from tenbin.figures.colours import CHANCE, FAINT, GRID, INK, MUTED, PAPER, tint
from tenbin.figures.gametree import BOLD, NEVER, percent
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene
from tenbin.figures.words import Words

__all__ = ["ActionRow", "StateArrow", "StateBox", "StateDiagram", "state_diagram_spec"]

LABEL, SMALL = 11.0, 10.0
CELLS = 30
HEAD, NOTE, LINE, PAD = 24.0, 15.0, 16.0, 9.0
BAR = 44.0
LEAST = 150.0
"""Least width of a box."""
GAP = 76.0
"""Least distance between two boxes, which leaves room for arrows with their labels."""
BOWS = (0.0, 0.14, -0.14, 0.28, -0.28, 0.45, -0.45, 0.65, -0.65, 0.9, -0.9)
"""How far an arrow may bow out, in parts of its length, in the order of liking."""
SAMPLES = 24

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action of a player in a state: its probability there, also by the player's type."""

    player: int
    label: str
    probability: float | None
    by_type: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class StateBox:
    """A state: how much of the time is spent there, or for an end how probable it is."""

    title: str
    share: float | None
    stays: float | None
    actions: tuple[ActionRow, ...] = ()
    types: tuple[str, ...] = ()
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class StateArrow:
    """A way from one state to another, by their places in the list.

    `probability` is that of the way in a period spent in the state it leaves, `flow` how much of
    all moves goes that way (at most one).
    """

    source: int
    target: int
    probability: float | None
    flow: float


@dataclass(frozen=True)
class StateDiagram:
    """States in the order of the file, with the players' names and colours."""

    boxes: tuple[StateBox, ...]
    arrows: tuple[StateArrow, ...]
    players: tuple[str, ...]
    colours: tuple[str, ...]
    description: str = ""


def state_diagram_spec(diagram: StateDiagram, words: Words) -> dict[str, Any]:
    """The picture as a Vega specification; `words` knows `diagram.stays`."""
    layout = _Layout(diagram, words)
    scene = Scene()
    for arrow in sorted(diagram.arrows, key=lambda arrow: arrow.flow):
        _draw_arrow(scene, layout, arrow)
    for number in range(len(diagram.boxes)):
        _draw_box(scene, layout, number)
    return scene.spec(layout.width, layout.height, diagram.description)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A rectangle by its centre."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, point: Point, margin: float) -> bool:
        return (
            abs(point[0] - self.x) < self.width / 2 + margin
            and abs(point[1] - self.y) < self.height / 2 + margin
        )

    def meets(self, other: _Frame, gap: float) -> bool:
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + gap
            and abs(self.y - other.y) < (self.height + other.height) / 2 + gap
        )


class _Layout:
    """Pixel places of the boxes, and the arrows' curves between them."""

    def __init__(self, diagram: StateDiagram, words: Words) -> None:
        self.diagram, self.words = diagram, words
        sizes = [self._size(box) for box in diagram.boxes]
        self.frames = _placed(sizes, [box.is_end for box in diagram.boxes])
        self.labels: list[_Frame] = []
        self.curves = self._curves()
        left, top, right, bottom = self._extent()
        self.width, self.height = right - left + 8, bottom - top + 8
        self._shift(4 - left, 4 - top)

    def rows(self, box: StateBox) -> list[tuple[int, ActionRow | None]]:
        """The lines of a box below its head: a line for each player, then the player's actions."""
        found: list[tuple[int, ActionRow | None]] = []
        for number, row in enumerate(box.actions):
            if number == 0 or box.actions[number - 1].player != row.player:
                found.append((row.player, None))
            found.append((row.player, row))
        return found

    def _size(self, box: StateBox) -> tuple[float, float]:
        share = "" if box.share is None else percent(box.share)
        widest = BOLD * text_width(shorten(box.title, CELLS), LABEL + 1) + 18
        widest += BOLD * text_width(share, LABEL)
        types = sum(type_width(name) for name in box.types)
        for player, row in self.rows(box):
            if row is None:
                name = shorten(self.diagram.players[player], CELLS)
                kinds = any(own.player == player and own.by_type for own in box.actions)
                beside = types + BAR + 46 if kinds else 0.0
                widest = max(widest, BOLD * text_width(name, LABEL) + beside)
            else:
                shown = BAR + 58 + (types if row.by_type else 0.0)
                widest = max(
                    widest, BOLD * text_width(shorten(row.label, CELLS), LABEL) + 8 + shown
                )
        height = HEAD + (8 if box.share is not None else 0) + LINE * len(self.rows(box)) + 4
        height += NOTE if box.stays is not None and box.stays > NEVER else 0.0
        return max(widest + 2 * PAD, LEAST if box.actions else 96.0), height

    @cached_property
    def pairs(self) -> dict[tuple[int, int], StateArrow]:
        return {(arrow.source, arrow.target): arrow for arrow in self.diagram.arrows}

    def _curves(self) -> dict[tuple[int, int], tuple[list[Point], Point]]:
        """A curve for each arrow with the place of its label, the thickest first."""
        found: dict[tuple[int, int], tuple[list[Point], Point]] = {}
        for arrow in sorted(self.diagram.arrows, key=lambda arrow: -arrow.flow):
            pair = (arrow.source, arrow.target)
            both = (arrow.target, arrow.source) in self.pairs
            known = [points for points, _ in found.values()]
            curves = [self._curve(pair, bow) for bow in BOWS if not both or bow != 0.0]
            costs = [self._cost(pair, points, known) + rank for rank, points in enumerate(curves)]
            points = curves[costs.index(min(costs))]
            found[pair] = points, self._label(arrow, points, known)
        return found

    def _curve(self, pair: tuple[int, int], bow: float) -> list[Point]:
        """Points along a bowed line between two boxes, from edge to edge."""
        a, b = self.frames[pair[0]], self.frames[pair[1]]
        length = hypot(b.x - a.x, b.y - a.y) or 1.0
        normal = ((a.y - b.y) / length, (b.x - a.x) / length)
        bend = bow * min(length, 520.0) * 2
        middle = ((a.x + b.x) / 2 + bend * normal[0], (a.y + b.y) / 2 + bend * normal[1])
        whole = [_bezier((a.x, a.y), middle, (b.x, b.y), i / 120) for i in range(121)]
        outside = [p for p in whole if not a.holds(p, 0.0) and not b.holds(p, 5.0)]
        chosen = outside if len(outside) > 3 else whole[40:81]
        step = (len(chosen) - 1) / SAMPLES
        return [chosen[round(i * step)] for i in range(SAMPLES + 1)]

    def _cost(self, pair: tuple[int, int], points: list[Point], known: list[list[Point]]) -> float:
        """How badly a curve runs: through other boxes, or along other curves."""
        cost = 0.0
        others = [frame for n, frame in enumerate(self.frames) if n not in pair]
        for point in points:
            cost += 6.0 * sum(frame.holds(point, 8.0) for frame in others)
        for line in known:
            near = sum(min(_distance(p, q) for q in line) < 9.0 for p in points[2:-2])
            cost += 1.2 * max(near - 2, 0)
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        cost += 0.01 * max(0.0, -min(xs)) + 0.01 * max(0.0, -min(ys))
        return cost

    def _label(self, arrow: StateArrow, points: list[Point], known: list[list[Point]]) -> Point:
        """Where an arrow's label stands: on its line, clear of boxes, labels and other lines."""
        width = text_width(label_of(arrow), SMALL) + 6
        best, best_cost = points[SAMPLES // 2], float("inf")
        for i in range(4, SAMPLES - 3):
            frame = _Frame(*points[i], width, 15.0)
            cost = 12.0 * sum(frame.meets(other, 1.0) for other in (*self.frames, *self.labels))
            cost += sum(frame.holds(p, 2.0) for line in known for p in line)
            cost += abs(i - SAMPLES * 0.42) / SAMPLES
            if cost < best_cost:
                best, best_cost = points[i], cost
        self.labels.append(_Frame(*best, width, 15.0))
        return best

    def _extent(self) -> tuple[float, float, float, float]:
        points = [p for curve, _ in self.curves.values() for p in curve]
        for frame in (*self.frames, *self.labels):
            half, tall = frame.width / 2, frame.height / 2
            points += [(frame.x - half, frame.y - tall), (frame.x + half, frame.y + tall)]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return min(xs) - 6, min(ys) - 6, max(xs) + 6, max(ys) + 6

    def _shift(self, x: float, y: float) -> None:
        self.frames = [_Frame(f.x + x, f.y + y, f.width, f.height) for f in self.frames]
        self.curves = {
            pair: ([(p[0] + x, p[1] + y) for p in points], (label[0] + x, label[1] + y))
            for pair, (points, label) in self.curves.items()
        }


def _bezier(a: Point, m: Point, b: Point, t: float) -> Point:
    u = 1.0 - t
    return (
        u * u * a[0] + 2 * u * t * m[0] + t * t * b[0],
        u * u * a[1] + 2 * u * t * m[1] + t * t * b[1],
    )


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _placed(sizes: Sequence[tuple[float, float]], is_end: Sequence[bool]) -> list[_Frame]:
    """Boxes around an ellipse, as narrow as they fit; ends inside it, or to its right."""
    ring = [n for n, end in enumerate(is_end) if not end]
    ends = [n for n, end in enumerate(is_end) if end]
    inside = ends if len(ring) >= 4 and len(ends) <= 2 else []
    beside = [n for n in ends if n not in inside]
    radius = 0.0
    while True:
        around = _on_ellipse(sizes, ring, radius)
        frames = around | _stacked(sizes, inside, 0.0)
        if _apart(list(around.values()), [frames[n] for n in inside]):
            break
        radius += 12.0
    right = max((f.x + f.width / 2 for f in frames.values()), default=0.0)
    widest = max((sizes[n][0] for n in beside), default=0.0)
    frames |= _stacked(sizes, beside, right + GAP * 1.4 + widest / 2)
    return [frames[n] for n in range(len(sizes))]


def _on_ellipse(
    sizes: Sequence[tuple[float, float]], ring: Sequence[int], radius: float
) -> dict[int, _Frame]:
    count = len(ring)
    turn = pi / 2 if count != 2 else pi
    if count == 4:
        turn = pi * 0.75
    angles = [turn - 2 * pi * i / max(count, 1) for i in range(count)]
    return {
        n: _Frame(1.25 * radius * cos(angle), -0.8 * radius * sin(angle), *sizes[n])
        for n, angle in zip(ring, angles, strict=True)
    }


def _stacked(
    sizes: Sequence[tuple[float, float]], chosen: Sequence[int], x: float
) -> dict[int, _Frame]:
    gap = GAP * 0.6
    total = sum(sizes[n][1] for n in chosen) + gap * max(len(chosen) - 1, 0)
    y, found = -total / 2, dict[int, _Frame]()
    for n in chosen:
        found[n] = _Frame(x, y + sizes[n][1] / 2, *sizes[n])
        y += sizes[n][1] + gap
    return found


def _apart(around: Sequence[_Frame], inside: Sequence[_Frame]) -> bool:
    """Whether boxes around the ellipse keep their distance from each other and from those in it."""
    return not any(a.meets(b, GAP) for n, a in enumerate(around) for b in (*around[:n], *inside))


def type_width(name: str) -> float:
    """Width of the column that shows what one type does."""
    return max(text_width(shorten(name, 12), SMALL - 0.5) + 10, 42.0)


def label_of(arrow: StateArrow) -> str:
    """What stands beside an arrow."""
    taken = arrow.probability is not None and arrow.probability > NEVER
    return percent(arrow.probability) if taken and arrow.probability is not None else ""


def _draw_arrow(scene: Scene, layout: _Layout, arrow: StateArrow) -> None:
    points, label = layout.curves[arrow.source, arrow.target]
    solved = arrow.probability is not None
    happens = not solved or (arrow.probability or 0.0) > NEVER
    width = 1.3 if not solved or not happens else 1.3 + 9.0 * min(arrow.flow, 1.0) ** 0.6
    colour = tint(INK, 0.62) if happens else FAINT
    tip, before = points[-1], points[-3]
    length = _distance(tip, before) or 1.0
    along = ((tip[0] - before[0]) / length, (tip[1] - before[1]) / length)
    size = 6.0 + 1.1 * width
    neck = (tip[0] - size * along[0], tip[1] - size * along[1])
    kept = [p for p in points if _distance(p, tip) > size] or points[:1]
    route = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in [*kept, neck])
    scene.path(route, stroke=colour, width=width, dash=() if happens else (3, 3), opacity=0.85)
    half = size * 0.5
    corners = [
        tip,
        (neck[0] - half * along[1], neck[1] + half * along[0]),
        (neck[0] + half * along[1], neck[1] - half * along[0]),
    ]
    head = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in corners) + "Z"
    scene.path(head, stroke=colour, fill=colour)
    text = label_of(arrow)
    if text:
        scene.text(label[0], label[1] + 4, text, size=SMALL, align="center", edged=True)


def _draw_box(scene: Scene, layout: _Layout, number: int) -> None:
    box, frame = layout.diagram.boxes[number], layout.frames[number]
    x, y = frame.x - frame.width / 2, frame.y - frame.height / 2
    visited = box.share is None or box.share > NEVER
    edge = INK if visited else FAINT
    radius = 12.0 if not box.is_end else 2.0
    line = 2.4 if box.is_end else 1.3
    scene.box(x, y, frame.width, frame.height, fill=PAPER, stroke=edge, line=line, radius=radius)
    ink = INK if visited else MUTED
    title = shorten(box.title, CELLS)
    scene.text(x + PAD, y + 17, title, size=LABEL + 1, fill=ink, weight="bold")
    base = y + HEAD
    if box.share is not None:
        right = x + frame.width - PAD
        scene.text(right, y + 17, percent(box.share), fill=ink, align="right", weight="bold")
        length = frame.width - 2 * PAD
        scene.box(x + PAD, base - 1, length, 5, fill=GRID)
        scene.box(x + PAD, base - 1, length * min(box.share, 1.0), 5, fill=tint(INK, 0.75))
        base += 8
    for player, row in layout.rows(box):
        _draw_row(scene, layout, box, player, row, x, base + 12, frame.width)
        base += LINE
    if box.stays is not None and box.stays > NEVER:
        words = layout.words("diagram.stays", share=percent(box.stays))
        scene.text(x + PAD, base + 12, words, size=SMALL, fill=MUTED)


def _draw_row(
    scene: Scene,
    layout: _Layout,
    box: StateBox,
    player: int,
    row: ActionRow | None,
    x: float,
    y: float,
    width: float,
) -> None:
    colour = layout.diagram.colours[player] if player >= 0 else CHANCE
    right = x + width - PAD
    edges = _type_edges(box, right)
    if row is None:
        name = shorten(layout.diagram.players[player], CELLS)
        scene.text(x + PAD, y, name, fill=colour, weight="bold")
        if any(own.player == player and own.by_type for own in box.actions):
            for edge, kind in zip(edges, box.types, strict=True):
                kind = shorten(kind, 12)
                scene.text(
                    edge, y, kind, size=SMALL - 0.5, fill=MUTED, align="right", style="italic"
                )
        return
    taken = row.probability is None or row.probability > NEVER
    ink, weight = INK if taken else MUTED, "bold" if (row.probability or 0.0) > 0.5 else "normal"
    scene.text(x + PAD + 8, y, shorten(row.label, CELLS), fill=ink, weight=weight)
    if row.probability is None:
        return
    for edge, share in zip(edges, row.by_type, strict=False):
        shade = INK if share > NEVER else FAINT
        scene.text(edge, y, percent(share), size=SMALL, fill=shade, align="right")
    scene.box(right - BAR - 40, y - 8, BAR, 8, fill=GRID)
    scene.box(right - BAR - 40, y - 8, BAR * row.probability, 8, fill=tint(colour, 0.85))
    scene.text(right, y, percent(row.probability), fill=ink, align="right")


def _type_edges(box: StateBox, right: float) -> list[float]:
    """Right edges of the columns of the types, which stand before the bar."""
    edge, edges = right - BAR - 46, list[float]()
    for name in reversed(box.types):
        edges.insert(0, edge)
        edge -= type_width(name)
    return edges
