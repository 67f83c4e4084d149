"""Places for the claims of an argument map, and ways for its arrows.

Every lane has the same columns. Rows and columns leave channels between them: an arrow leaves its
premise to the right, goes up or down in the channel behind the premise's column, and either enters
the claim from the left at once or first crosses to it in the channel between two rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tenbin.figures.wrapping import wrapped

__all__ = ["Box", "MapLayout", "Route", "place_claims"]

PAGE = 1200.0
BROAD, NARROW = 250.0, 150.0
MARGIN = 8.0
TRACK = 6.0
"""Between two arrows that run side by side."""
GUTTER = 18.0
ROW_GAP = 9.0
LANE_HEAD, LANE_FOOT = 26.0, 8.0
BOX_PAD = 10.0
SWEEPS = 12
LINES = 3

Needs = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """A claim's place in pixels, and its text in lines."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an arrow: corners of level and upright pieces, the last at the claim."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MapLayout:
    """Boxes by claim, routes, and lanes as (name, upper edge, lower edge)."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    routes: tuple[Route, ...]
    lanes: tuple[tuple[str, float, float], ...]


def place_claims(
    texts: Mapping[str, str],
    lane_of: Mapping[str, str],
    needs: Needs,
    lanes: Sequence[str],
    *,
    stripe: float,
    size: float,
    line: float,
) -> MapLayout:
    """Boxes and routes for claims with their lanes and premises.

    `stripe` is what a box keeps free of text on its left, `size` and `line` the height of letters
    and of lines, in pixels. Premises that are not among the claims are left out; premises must not
    go round in a circle.
    """
    known = {key: [need for need in needs[key] if need in texts] for key in texts}
    members = {lane: [key for key in texts if lane_of[key] == lane] for lane in lanes}
    grids = [_Grid(keys, known) for keys in members.values()]
    columns = max((grid.columns for grid in grids), default=1)
    spread = max((len(keys) for keys in members.values()), default=1)
    columns = max(columns, min(4, spread))
    for grid in grids:
        grid.fill(columns)
    cells = _cells(grids)
    ways = _ways(cells, known, columns)
    gutters = _tracks({way: spans for way in ways if (spans := way.upright())}, columns + 1)
    channels = _tracks({way: spans for way in ways if (spans := way.level())}, 0)
    return _Pixels(grids, cells, ways, gutters, channels, columns, stripe, size, line).layout(
        lanes, texts
    )


@dataclass
class _Grid:
    """Rows and columns of one lane."""

    keys: list[str]
    needs: Needs
    column: dict[str, int] = field(default_factory=dict[str, int])
    row: dict[str, int] = field(default_factory=dict[str, int])
    rows: int = 0

    def __post_init__(self) -> None:
        inside = set(self.keys)
        self.before = {key: [n for n in self.needs[key] if n in inside] for key in self.keys}
        self.after: dict[str, list[str]] = {key: [] for key in self.keys}
        for key, premises in self.before.items():
            for premise in premises:
                self.after[premise].append(key)
        self.tied = [key for key in self.keys if self.before[key] or self.after[key]]
        for _ in self.tied:
            for key in self.tied:
                self.column[key] = max(
                    (self.column.get(premise, 0) + 1 for premise in self.before[key]), default=0
                )

    @property
    def columns(self) -> int:
        return max(self.column.values(), default=0) + 1

    def fill(self, columns: int) -> None:
        """Rows for what is tied by arrows, then the rest into the free cells."""
        self._place_tied()
        taken = {(self.column[key], self.row[key]) for key in self.row}
        alone = [key for key in self.keys if key not in self.row]
        row = 0
        while alone:
            for column in range(columns):
                if alone and (column, row) not in taken:
                    key = alone.pop(0)
                    self.column[key], self.row[key] = column, row
            row += 1
        self.rows = max(self.row.values(), default=0) + 1

    def _place_tied(self) -> None:
        by_column: dict[int, list[str]] = {}
        for key in self.tied:
            by_column.setdefault(self.column[key], []).append(key)
        place: dict[str, float] = {}
        for members in by_column.values():
            place |= {key: float(i) for i, key in enumerate(members)}
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            for column in sorted(by_column, reverse=not forward):
                beside = self.before if forward else self.after
                wanted = {
                    key: sum(near) / len(near)
                    if (near := [place[other] for other in beside[key]])
                    else place[key]
                    for key in by_column[column]
                }
                members = sorted(by_column[column], key=lambda key: (wanted[key], place[key]))
                place |= _apart(members, wanted)
        used = {value: row for row, value in enumerate(sorted(set(place.values())))}
        self.row = {key: used[value] for key, value in place.items()}


def _apart(members: Sequence[str], wanted: Mapping[str, float]) -> dict[str, float]:
    """Whole rows near those wanted, in order, none twice."""
    found: dict[str, float] = {}
    last = float("-inf")
    for key in members:
        last = max(last + 1.0, float(round(wanted[key])))
        found[key] = last
    shift = min(found.values(), default=0.0)
    return {key: row - min(shift, 0.0) for key, row in found.items()}


Cell = tuple[int, int]
"""Column, and row counted over all lanes."""


def _cells(grids: Sequence[_Grid]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    above = 0
    for grid in grids:
        found |= {key: (grid.column[key], above + grid.row[key]) for key in grid.keys}
        above += grid.rows
    return found


@dataclass(frozen=True, slots=True)
class _Way:
    """An arrow in columns and rows.

    Heights are counted in halves: row r is at 2 r + 1, the channel above it at 2 r. `crossing` is
    the height of that channel where the arrow needs one.
    """

    source: str
    target: str
    start: Cell
    end: Cell
    crossing: int | None

    def upright(self) -> list[tuple[str, int, int, int]]:
        """(what shares it, gutter, from, to) of the pieces that go up or down."""
        out, into = self.start[0] + 1, self.end[0]
        first, last = 2 * self.start[1] + 1, 2 * self.end[1] + 1
        if self.crossing is None:
            return [("from " + self.source, out, *_ordered(first, last))]
        return [
            ("from " + self.source, out, *_ordered(first, self.crossing)),
            ("to " + self.target, into, *_ordered(self.crossing, last)),
        ]

    def level(self) -> list[tuple[str, int, int, int]]:
        """The same of the piece that crosses between rows."""
        if self.crossing is None:
            return []
        reach = _ordered(self.start[0] + 1, self.end[0])
        return [("from " + self.source, self.crossing, *reach)]


def _ordered(first: int, last: int) -> tuple[int, int]:
    return min(first, last), max(first, last)


def _ways(cells: Mapping[str, Cell], needs: Needs, columns: int) -> list[_Way]:
    found: list[_Way] = []
    for target, premises in needs.items():
        for source in premises:
            start, end = cells[source], cells[target]
            adjoining = end[0] == start[0] + 1
            below = start[1] > end[1]
            crossing = None if adjoining else 2 * (end[1] + below)
            found.append(_Way(source, target, start, end, crossing))
    return found


Tracks = dict[tuple[str, int], int]
"""By what shares a track, and by channel: the number of the track."""


def _tracks(
    pieces: Mapping[_Way, list[tuple[str, int, int, int]]], channels: int
) -> tuple[Tracks, dict[int, int]]:
    """Tracks such that pieces of different owners never lie on one another; tracks by channel."""
    spans: dict[tuple[int, str], tuple[int, int]] = {}
    for listed in pieces.values():
        for owner, channel, low, high in listed:
            before = spans.get((channel, owner), (low, high))
            spans[channel, owner] = min(before[0], low), max(before[1], high)
    ends: dict[int, list[int]] = {channel: [] for channel in range(channels)}
    tracks: Tracks = {}
    for (channel, owner), (low, high) in sorted(spans.items(), key=lambda item: item[1]):
        used = ends.setdefault(channel, [])
        free = next((i for i, end in enumerate(used) if end < low), len(used))
        if free == len(used):
            used.append(high)
        used[free] = high
        tracks[owner, channel] = free
    return tracks, {channel: len(used) for channel, used in ends.items()}


@dataclass
class _Pixels:
    """Cells and tracks -> pixels."""

    grids: Sequence[_Grid]
    cells: Mapping[str, Cell]
    ways: Sequence[_Way]
    gutters: tuple[Tracks, dict[int, int]]
    channels: tuple[Tracks, dict[int, int]]
    columns: int
    stripe: float
    size: float
    line: float

    def layout(self, lanes: Sequence[str], texts: Mapping[str, str]) -> MapLayout:
        widths = [self._gutter(place) for place in range(self.columns)]
        after = self.gutters[1].get(self.columns, 0)
        last = GUTTER / 2 + TRACK * after if after else 0.0
        free = PAGE - 2 * MARGIN - sum(widths) - last
        self.width = min(max(free / self.columns, NARROW), BROAD)
        edge = MARGIN
        self.gutter_x: list[float] = []
        self.column_x: list[float] = []
        for place in range(self.columns):
            self.gutter_x.append(edge)
            self.column_x.append(edge + widths[place])
            edge += widths[place] + self.width
        self.gutter_x.append(edge)
        room = self.width - self.stripe - 10
        lines = {key: tuple(wrapped(text, room, self.size, LINES)) for key, text in texts.items()}
        placed, height = self._rows(lanes, lines)
        boxes = {
            key: Box(self.column_x[column], self.row_y[row], self.width, self.row_height[row], said)
            for (key, (column, row)), said in zip(
                self.cells.items(), (lines[key] for key in self.cells), strict=True
            )
        }
        entries = self._entries()
        routes = tuple(self._route(way, boxes, entries) for way in self.ways)
        return MapLayout(edge + last + MARGIN, height, boxes, routes, tuple(placed))

    def _gutter(self, place: int) -> float:
        tracks = self.gutters[1].get(place, 0)
        if place == 0:
            return GUTTER / 2 + TRACK * tracks + 6.0 if tracks else 0.0
        return GUTTER + TRACK * tracks + 6.0

    def _rows(
        self, lanes: Sequence[str], lines: Mapping[str, tuple[str, ...]]
    ) -> tuple[list[tuple[str, float, float]], float]:
        """Upper edges of rows and of the channels above them; lanes with their edges."""
        tallest: dict[int, int] = {}
        for key, (_, row) in self.cells.items():
            tallest[row] = max(tallest.get(row, 1), len(lines[key]))
        self.row_y: dict[int, float] = {}
        self.row_height: dict[int, float] = {}
        self.channel_y: dict[int, float] = {}
        placed: list[tuple[str, float, float]] = []
        edge, row = 0.0, 0
        for lane, grid in zip(lanes, self.grids, strict=True):
            top = edge
            edge += LANE_HEAD if lane else LANE_FOOT
            for _ in range(grid.rows):
                self.channel_y[2 * row] = edge
                edge += ROW_GAP + TRACK * self.channels[1].get(2 * row, 0)
                self.row_y[row] = edge
                self.row_height[row] = BOX_PAD + self.line * max(tallest.get(row, 1), 2)
                edge += self.row_height[row]
                row += 1
            edge += LANE_FOOT
            placed.append((lane, top, edge))
        self.channel_y[2 * row] = edge
        return placed, edge + TRACK * self.channels[1].get(2 * row, 0) + ROW_GAP

    def _entries(self) -> dict[tuple[str, str], float]:
        """How far from the middle of its claim an arrow ends: one below the other."""
        by_target: dict[str, list[_Way]] = {}
        for way in self.ways:
            by_target.setdefault(way.target, []).append(way)
        found: dict[tuple[str, str], float] = {}
        for target, ways in by_target.items():
            ways.sort(key=lambda way: (way.start[1], way.start[0]))
            step = min(8.0, (self.row_height[self.cells[target][1]] - 10) / max(len(ways), 1))
            for place, way in enumerate(ways):
                found[way.source, target] = (place - (len(ways) - 1) / 2) * step
        return found

    def _route(
        self, way: _Way, boxes: Mapping[str, Box], entries: Mapping[tuple[str, str], float]
    ) -> Route:
        start, end = boxes[way.source], boxes[way.target]
        y0 = start.y + start.height / 2
        y1 = end.y + end.height / 2 + entries[way.source, way.target]
        out = self._upright_x("from " + way.source, way.start[0] + 1)
        points = [(start.x + start.width, y0), (out, y0)]
        if way.crossing is not None:
            into = self._upright_x("to " + way.target, way.end[0])
            track = self.channels[0]["from " + way.source, way.crossing]
            level = self.channel_y[way.crossing] + ROW_GAP / 2 + TRACK * track
            points += [(out, level), (into, level), (into, y1), (end.x, y1)]
        else:
            points += [(out, y1), (end.x, y1)]
        return Route(way.source, way.target, tuple(points))

    def _upright_x(self, owner: str, gutter: int) -> float:
        track = self.gutters[0][owner, gutter]
        return self.gutter_x[gutter] + (GUTTER / 2 if gutter else 2.0) + TRACK * track
