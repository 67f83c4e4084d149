"""A large game tree made small: what happens whoever the players are, and its likeliest ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tenbin.figures.gametree import NEVER, GameTree, Point
from tenbin.figures.words import Words

__all__ = ["likely_ways", "merged_histories"]


@dataclass
class _History:
    """Points with one history of actions; `below` are the histories one action longer."""

    members: list[Point] = field(default_factory=list)
    below: dict[tuple[str, str], _History] = field(default_factory=dict)


def merged_histories(tree: GameTree, *, skip_root: bool) -> GameTree:
    """The tree in which points with one history of actions are one, whatever was drawn before.

    Probabilities add up and payoffs are means; information sets and beliefs, which nobody could
    see in such a picture, are left out. With `skip_root` the draw at the root is no action.
    """
    root = _History()
    places: list[_History] = []
    for number, point in enumerate(tree.points):
        if number == 0 or (skip_root and point.parent == 0):
            place = root
        else:
            above = places[point.parent]
            place = above.below.setdefault((point.edge, point.title), _History())
        places.append(place)
        if number or not skip_root:
            place.members.append(point)
    points: list[Point] = []
    _write_out(root, -1, points)
    return replace(tree, points=tuple(points))


def _write_out(history: _History, parent: int, points: list[Point]) -> None:
    """The merged points in preorder."""
    members = history.members
    reach = sum(point.reach or 0.0 for point in members)
    weights = [point.reach or 0.0 for point in members] if reach > 0 else [1.0] * len(members)
    total = sum(weights)
    payoffs = zip(*(point.payoffs for point in members), strict=True)
    above = points[parent].reach if parent >= 0 else None
    points.append(
        replace(
            members[0],
            parent=parent,
            edge=members[0].edge if parent >= 0 else "",
            probability=reach / above if above else (0.0 if parent >= 0 else None),
            reach=reach,
            group=None,
            belief=None,
            payoffs=tuple(
                sum(w * x for w, x in zip(weights, row, strict=True)) / total for row in payoffs
            ),
        )
    )
    number = len(points) - 1
    for below in history.below.values():
        _write_out(below, number, points)


def likely_ways(tree: GameTree, words: Words, keep: int) -> tuple[GameTree, float]:
    """The ways to the `keep` most probable ends, and their probability together.

    What branches off them is gathered in one line per point, where it happens at all.
    """
    points = tree.points
    ends = [n for n, p in enumerate(points) if p.kind == "end" and (p.reach or 0.0) > NEVER]
    likely = sorted(ends, key=lambda number: -(points[number].reach or 0.0))[:keep]
    kept: set[int] = set()
    for end in likely:
        number = end
        while number >= 0 and number not in kept:
            kept.add(number)
            number = points[number].parent
    left_out: dict[int, list[int]] = {}
    for number, point in enumerate(points):
        if number not in kept and point.parent in kept:
            left_out.setdefault(point.parent, []).append(number)
    below, place, drawn = _ends_below(points), dict[int, int](), list[Point]()
    for number, point in enumerate(points):
        if number in kept:
            place[number] = len(drawn)
            drawn.append(replace(point, parent=place.get(point.parent, -1)))
        elif point.parent in kept and number == left_out[point.parent][0]:
            gathered = left_out[point.parent]
            line = _gathered([points[n] for n in gathered], sum(below[n] for n in gathered), words)
            if (line.reach or 0.0) > NEVER:
                drawn.append(replace(line, parent=place[point.parent]))
    covered = sum(points[number].reach or 0.0 for number in likely)
    return replace(tree, points=tuple(drawn)), min(covered, 1.0)


def _ends_below(points: Sequence[Point]) -> list[int]:
    counts = [int(point.kind == "end") for point in points]
    for number in range(len(points) - 1, 0, -1):
        counts[points[number].parent] += counts[number]
    return counts


def _gathered(points: Sequence[Point], ends: int, words: Words) -> Point:
    """One line for several branches of one point that are not followed."""
    return Point(
        parent=-1,
        kind="rest",
        title=words.count("rest", ends),
        edge=" / ".join(point.edge for point in points),
        probability=sum(point.probability or 0.0 for point in points),
        reach=sum(point.reach or 0.0 for point in points),
    )
