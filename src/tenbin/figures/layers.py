"""Places for the boxes of an acyclic graph that flows to the right, in columns.

Columns by the longest way from the start; within a column, boxes are drawn towards what leads to
them and what they lead to (barycentres), and moved apart by the least squares that keep their
order and a gap. A line that passes over columns gets a lane of its own in each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Layers", "place_layers"]

Way = tuple[str, str, int]
GAP = 16.0
END_GAP = 2.0
LANE_HEIGHT = 6.0
SWEEPS = 12


@dataclass(frozen=True)
class Layers:
    """Column and upper edge of each box; the lanes of each line as (column, y)."""

    column: dict[str, int]
    y: dict[str, float]
    lanes: dict[Way, tuple[tuple[int, float], ...]]
    height: float

    @property
    def n_columns(self) -> int:
        return max(self.column.values()) + 1


def place_layers(
    ways: Sequence[Way],
    heights: Mapping[str, float],
    ports: Mapping[tuple[str, int], float],
    entry: float,
    last: Sequence[str],
) -> Layers:
    """Columns and heights for boxes joined by ways (from, to, number of the port).

    `ports` says how far below a box's upper edge a way leaves it, `entry` how far below it a way
    enters; the boxes in `last` all stand in the last column. The ways must form no loop.
    """
    column = _columns(ways, heights, last)
    items, links = _with_lanes(ways, column)
    tall = {item: heights.get(item, LANE_HEIGHT) for item in items}
    out = {link: ports.get((link[0], link[2]), LANE_HEIGHT / 2) for link in links}
    into = {item: LANE_HEIGHT / 2 if item not in heights else entry for item in items}
    into |= {item: tall[item] / 2 for item in last}
    by_column: list[list[str]] = [[] for _ in range(max(column.values()) + 1)]
    for item, place in items.items():
        by_column[place].append(item)
    y = dict.fromkeys(items, 0.0)
    for members in by_column:
        _stack(members, dict.fromkeys(members, 0.0), tall, y, set(last))
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for members in by_column if forward else reversed(by_column):
            wanted = _wanted(members, links, y, out, into, forward)
            members.sort(key=lambda item: wanted[item] + tall[item] / 2)
            _stack(members, wanted, tall, y, set(last))
    top = min(y.values())
    y = {item: place - top for item, place in y.items()}
    lanes: dict[Way, tuple[tuple[int, float], ...]] = {}
    for way in ways:
        names = [f"{way}@{c}" for c in range(column[way[0]] + 1, column[way[1]])]
        lanes[way] = tuple((items[name], y[name] + LANE_HEIGHT / 2) for name in names)
    height = max(y[item] + tall[item] for item in items)
    return Layers(column, {box: y[box] for box in heights}, lanes, height)


def _columns(
    ways: Sequence[Way], boxes: Mapping[str, float], last: Sequence[str]
) -> dict[str, int]:
    column = dict.fromkeys(boxes, 0)
    for _ in boxes:
        for start, end, _port in ways:
            column[end] = max(column[end], column[start] + 1)
    final = max(column.values())
    return {box: final if box in last else place for box, place in column.items()}


def _with_lanes(ways: Sequence[Way], column: Mapping[str, int]) -> tuple[dict[str, int], list[Way]]:
    """Boxes and lanes with their columns, and the links between neighbours in columns."""
    items, links = dict(column), list[Way]()
    for way in ways:
        start, end, port = way
        before = start
        for place in range(column[start] + 1, column[end]):
            lane = f"{way}@{place}"
            items[lane] = place
            links.append((before, lane, port if before == start else 0))
            before = lane
        links.append((before, end, port if before == start else 0))
    return items, links


def _wanted(
    members: Sequence[str],
    links: Sequence[Way],
    y: Mapping[str, float],
    out: Mapping[Way, float],
    into: Mapping[str, float],
    forward: bool,
) -> dict[str, float]:
    """Where each box's upper edge would have its lines level, on average."""
    pulls: dict[str, list[float]] = {item: [] for item in members}
    for link in links:
        start, end, _port = link
        if forward and end in pulls:
            pulls[end].append(y[start] + out[link] - into[end])
        if not forward and start in pulls:
            pulls[start].append(y[end] + into[end] - out[link])
    return {item: sum(p) / len(p) if p else y[item] for item, p in pulls.items()}


def _stack(
    members: Sequence[str],
    wanted: Mapping[str, float],
    tall: Mapping[str, float],
    y: dict[str, float],
    last: set[str],
) -> None:
    """Upper edges nearest to those wanted, in the order given, without overlap (pooling)."""
    offset, offsets = 0.0, list[float]()
    for item in members:
        offsets.append(offset)
        offset += tall[item] + (END_GAP if item in last else GAP)
    pools: list[tuple[float, int]] = []
    for item, below in zip(members, offsets, strict=True):
        pools.append((wanted[item] - below, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (mean_b, n_b), (mean_a, n_a) = pools.pop(), pools.pop()
            pools.append(((mean_a * n_a + mean_b * n_b) / (n_a + n_b), n_a + n_b))
    levels = [mean for mean, count in pools for _ in range(count)]
    for item, below, level in zip(members, offsets, levels, strict=True):
        y[item] = level + below
