"""The picture of all models of a scenario: what is played, by whom, and what flows where.

It reads from left to right, from models that nothing feeds to those that nothing reads. Below the
line in a box stand the outcomes that the model reads, each at the head of its arrow: the label is
where the number arrives, so that no label lies over a line. Models without links stand below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tenbin.figures.colours import FAINT, INK, MUTED, PAPER, player_mark, tint
from tenbin.figures.layers import Layers, place_layers
from tenbin.figures.lettering import text_width
from tenbin.figures.scene import Scene
from tenbin.figures.words import Words
from tenbin.figures.wrapping import wrapped

__all__ = ["Flow", "ModelBox", "System", "acyclic_flows", "levels", "system_spec"]

PAGE = 1240.0
NARROW, BROAD = 190.0, 268.0
"""Least and greatest width of a box; many columns get narrower ones."""
MARGIN, PAD = 8.0, 10.0
COLUMN_GAP, ROW_GAP = 64.0, 18.0
TITLE, LABEL, SMALL = 13.0, 11.0, 10.0
TITLE_LINE, LABEL_LINE, SMALL_LINE = 17.0, 16.0, 14.0
BOLD = 1.16
"""How much wider bold text is, in the widest of the fonts."""
DOT = 12.0
"""Width of a player's dot with the space behind it."""
MOST_SETTINGS = 6
"""Settings written out below one label."""
BYPASS = 14.0
"""Distance between two arrows that lead back below the boxes."""

_Row = tuple[tuple[int, str, float], ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Outcomes that a model reads of another (or of itself under other numbers).

    `label` is the outcome as the file writes it, `settings` under which replaced numbers it is
    asked for; none where it is asked for as the world has it.
    """

    source: str
    label: str
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelBox:
    """A model: `players` by their numbers, `note` a few words below them."""

    key: str
    title: str
    form: str
    players: tuple[int, ...]
    flows: tuple[Flow, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """Models in the order of the file, with the players' names and colours."""

    models: tuple[ModelBox, ...]
    players: tuple[str, ...]
    colours: tuple[str, ...]


def system_spec(system: System, words: Words) -> dict[str, Any]:
    """The picture as a Vega specification."""
    layout = _Layout(system, words)
    scene = Scene()
    for box in system.models:
        for number, flow in enumerate(box.flows):
            _draw_flow(scene, layout, box, number, flow)
    for box in system.models:
        _draw_box(scene, layout, layout.faces[box.key])
    return scene.spec(layout.width, layout.height, describe_system(system, words))


def describe_system(system: System, words: Words) -> str:
    """The picture in a few sentences, for readers who do not see it."""
    titles = {box.key: box.title for box in system.models}
    pairs = dict.fromkeys((f.source, box.key) for box in system.models for f in box.flows)
    said = [words("feeds", source=titles[s], target=titles[t]) for s, t in pairs]
    return " ".join([words.count("describe_system", len(titles)), *said])


def acyclic_flows(system: System) -> list[tuple[str, str]]:
    """Pairs (source, target) of linked models without those that would close a loop.

    Under replaced numbers a model may read one that it feeds; such a link leads back.
    """
    feeds: dict[str, set[str]] = {box.key: set() for box in system.models}
    kept: list[tuple[str, str]] = []
    for box in system.models:
        for flow in box.flows:
            pair = (flow.source, box.key)
            if pair in kept or _leads(feeds, box.key, flow.source):
                continue
            feeds[flow.source].add(box.key)
            kept.append(pair)
    return kept


def levels(system: System) -> dict[str, int]:
    """How many models in a row feed each model at most; 0 where none does."""
    level = {box.key: 0 for box in system.models}
    pairs = acyclic_flows(system)
    for _ in system.models:
        for source, target in pairs:
            level[target] = max(level[target], level[source] + 1)
    return level


def _leads(feeds: Mapping[str, set[str]], start: str, end: str) -> bool:
    """Whether one model feeds another, directly or through others; each feeds itself."""
    seen, waiting = {start}, [start]
    while waiting:
        for below in feeds[waiting.pop()] - seen:
            seen.add(below)
            waiting.append(below)
    return end in seen


class _Face:
    """What is written in one box, line by line, and how tall that makes it."""

    def __init__(self, box: ModelBox, system: System, width: float, words: Words) -> None:
        self.box, self.width = box, width
        self.titles = wrapped(box.title, (width - 2 * PAD) / BOLD, TITLE, 3)
        self.forms = wrapped(box.form, width - 2 * PAD, SMALL, 2)
        self.players = _player_rows(box, system, width - 2 * PAD)
        self.notes = wrapped(box.note, width - 2 * PAD, SMALL, 2) if box.note else []
        self.head = (
            PAD
            + TITLE_LINE * len(self.titles)
            + SMALL_LINE * (len(self.forms) + len(self.notes))
            + LABEL_LINE * len(self.players)
            + PAD / 2
        )
        self.flows = [_flow_lines(flow, width - 2 * PAD, words) for flow in box.flows]
        self.ports: list[float] = []
        edge = self.head + (4.0 if box.flows else 0.0)
        for labels, settings in self.flows:
            self.ports.append(edge + LABEL_LINE / 2)
            edge += LABEL_LINE * len(labels) + SMALL_LINE * len(settings) + 3.0
        self.height = edge + (5.0 if box.flows else 0.0)


def _flow_lines(flow: Flow, width: float, words: Words) -> tuple[list[str], list[str]]:
    """The lines of a label, and those of the settings below it."""
    labels = wrapped(flow.label, width - 6, LABEL)
    shown = flow.settings[:MOST_SETTINGS]
    settings = [line for text in shown for line in wrapped(text, width - 14, SMALL)]
    if len(flow.settings) > MOST_SETTINGS:
        settings.append(words.count("more_settings", len(flow.settings) - MOST_SETTINGS))
    return labels, settings


def _player_rows(box: ModelBox, system: System, width: float) -> list[_Row]:
    """The players in rows: number, name and distance from the left."""
    rows: list[list[tuple[int, str, float]]] = [[]]
    edge = 0.0
    for player in box.players:
        (name,) = wrapped(system.players[player], width - DOT, LABEL, 1)
        wide = DOT + BOLD * text_width(name, LABEL)
        if rows[-1] and edge + wide > width:
            rows.append([])
            edge = 0.0
        rows[-1].append((player, name, edge))
        edge += wide + 10
    return [tuple(row) for row in rows if row]


class _Layout:
    """Pixel places of all boxes: linked ones in columns, the others in rows below."""

    def __init__(self, system: System, words: Words) -> None:
        self.system = system
        width = _box_width(system)
        self.faces = {box.key: _Face(box, system, width, words) for box in system.models}
        self.forward = set(acyclic_flows(system))
        linked = {
            key for box in system.models for flow in box.flows for key in (flow.source, box.key)
        }
        self.x: dict[str, float] = {}
        self.y: dict[str, float] = {}
        self.lanes: dict[tuple[str, int], tuple[tuple[int, float], ...]] = {}
        self.step = width + COLUMN_GAP
        self.width = self.bottom = 0.0
        if linked:
            self._place_linked([box for box in system.models if box.key in linked])
        self._place_alone([box for box in system.models if box.key not in linked])
        self.height = self.bottom + MARGIN

    def _place_linked(self, boxes: Sequence[ModelBox]) -> None:
        """Columns by the links, found from downstream to upstream and then turned round."""
        ways = [
            (box.key, flow.source, number)
            for box in boxes
            for number, flow in enumerate(box.flows)
            if (flow.source, box.key) in self.forward
        ]
        heights = {box.key: self.faces[box.key].height for box in boxes}
        ports = {
            (box.key, number): port
            for box in boxes
            for number, port in enumerate(self.faces[box.key].ports)
        }
        layers: Layers = place_layers(ways, heights, ports, PAD + TITLE_LINE / 2, ())
        last = layers.n_columns - 1
        left = MARGIN + (BYPASS * 2 if self._back_flows() else 0.0)
        for key, column in layers.column.items():
            self.x[key] = left + (last - column) * self.step
            self.y[key] = MARGIN + layers.y[key]
        for (target, _, number), lanes in layers.lanes.items():
            self.lanes[target, number] = tuple(
                (last - column, MARGIN + y) for column, y in reversed(lanes)
            )
        self.left = left
        self.width = left + last * self.step + (self.step - COLUMN_GAP) + MARGIN
        self.bottom = MARGIN + layers.height
        back = self._back_flows()
        self.bypass = {pair: self.bottom + BYPASS * (n + 1) for n, pair in enumerate(back)}
        if back:
            self.width += 2 * BYPASS
            self.bottom += BYPASS * (len(back) + 1)

    def _back_flows(self) -> list[tuple[str, int]]:
        """Links that would close a loop, as (target, number)."""
        return [
            (box.key, number)
            for box in self.system.models
            for number, flow in enumerate(box.flows)
            if (flow.source, box.key) not in self.forward
        ]

    def _place_alone(self, boxes: Sequence[ModelBox]) -> None:
        width = self.step - COLUMN_GAP
        fit = max(int((max(PAGE, self.width) - 2 * MARGIN + ROW_GAP) // (width + ROW_GAP)), 1)
        top = self.bottom + (2 * ROW_GAP if self.bottom else MARGIN)
        for start in range(0, len(boxes), fit):
            row = boxes[start : start + fit]
            for place, box in enumerate(row):
                self.x[box.key] = MARGIN + place * (width + ROW_GAP)
                self.y[box.key] = top
                self.width = max(self.width, self.x[box.key] + width + MARGIN)
            self.bottom = top + max(self.faces[box.key].height for box in row)
            top = self.bottom + ROW_GAP


def _box_width(system: System) -> float:
    """One width for all boxes: what the longest label takes, within bounds."""
    wanted = [NARROW]
    for box in system.models:
        wanted += [BOLD * text_width(box.title, TITLE) / 2 + 2 * PAD]
        names = [system.players[player] for player in box.players]
        wanted += [DOT + BOLD * text_width(name, LABEL) + 2 * PAD + 2 for name in names]
        wanted += [text_width(flow.label, LABEL) + 2 * PAD + 8 for flow in box.flows]
        wanted += [text_width(s, SMALL) + 2 * PAD + 16 for f in box.flows for s in f.settings]
    columns = max(levels(system).values()) + 1
    fitting = (PAGE / 0.8 - 2 * MARGIN + COLUMN_GAP) / columns - COLUMN_GAP
    return min(max(wanted), max(min(fitting, BROAD), NARROW))


def _draw_flow(scene: Scene, layout: _Layout, box: ModelBox, number: int, flow: Flow) -> None:
    """One arrow, from the head of the model that is read to the label where it is."""
    face = layout.faces[box.key]
    end = (layout.x[box.key], layout.y[box.key] + face.ports[number])
    start = (
        layout.x[flow.source] + face.width,
        layout.y[flow.source] + PAD + TITLE_LINE / 2,
    )
    scene.dot(end[0] - 4, end[1], fill=INK, size=64, shape="triangle-right")
    if (flow.source, box.key) not in layout.forward:
        scene.path(
            _round_way(start, end, layout.bypass[box.key, number]),
            stroke=MUTED,
            width=1.4,
            dash=(4, 3),
        )
        return
    points = [start]
    for column, y in layout.lanes.get((box.key, number), ()):
        left = layout.left + column * layout.step
        points += [(left, y), (left + face.width, y)]
    points.append((end[0] - 6, end[1]))
    scene.path(_curve(points), stroke=MUTED, width=1.4)


def _curve(points: Sequence[tuple[float, float]]) -> str:
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path += f"C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
    return path


def _round_way(start: tuple[float, float], end: tuple[float, float], below: float) -> str:
    """Out to the right, below all boxes, and in from the left."""
    (x0, y0), (x1, y1) = start, end
    out, into = x0 + BYPASS, x1 - 1.5 * BYPASS
    return f"M{x0:.1f},{y0:.1f}H{out:.1f}V{below:.1f}H{into:.1f}V{y1:.1f}H{x1 - 6:.1f}"


def _draw_box(scene: Scene, layout: _Layout, face: _Face) -> None:
    box, system = face.box, layout.system
    x, y = layout.x[box.key], layout.y[box.key]
    scene.box(x, y, face.width, face.height, fill=PAPER, stroke=INK, line=1.2, radius=5)
    scene.box(x + 0.6, y + 0.6, face.width - 1.2, face.head - 0.6, fill=tint(INK, 0.045), radius=5)
    edge = y + PAD
    for line in face.titles:
        scene.text(x + PAD, edge + 12, line, size=TITLE, weight="bold")
        edge += TITLE_LINE
    for line in face.forms:
        scene.text(x + PAD, edge + 10, line, size=SMALL, fill=MUTED)
        edge += SMALL_LINE
    for row in face.players:
        for player, name, left in row:
            colour = system.colours[player]
            mark = player_mark(player)
            scene.dot(x + PAD + left + 4, edge + 8, fill=colour, size=50, shape=mark)
            scene.text(x + PAD + left + DOT, edge + 12, name, fill=colour, weight="bold")
        edge += LABEL_LINE
    for line in face.notes:
        scene.text(x + PAD, edge + 10, line, size=SMALL, fill=MUTED)
        edge += SMALL_LINE
    if box.flows:
        scene.box(x, y + face.head, face.width, 1, fill=FAINT)
    for (labels, settings), port in zip(face.flows, face.ports, strict=True):
        edge = y + port - LABEL_LINE / 2
        for line in labels:
            scene.text(x + PAD + 2, edge + 12, line, size=LABEL)
            edge += LABEL_LINE
        for line in settings:
            scene.text(x + PAD + 12, edge + 10, line, size=SMALL, fill=MUTED)
            edge += SMALL_LINE
