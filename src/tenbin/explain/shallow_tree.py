"""A shallow classification tree on codes: few splits, each tested in worlds it was not grown in.

Splits maximise the fall of Gini's impurity [breiman1984], found from counts; a choice is split
into those of its values with the larger shares and the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.boxes import (
    BINS,
    Binned,
    Bools,
    Box,
    Score,
    Selected,
    Tables,
    box_counts,
    correlation_of,
    score_box,
    whole_box,
)

__all__ = ["DEPTH", "Node", "best_leaves", "grow", "inputs_of", "leaves", "prune", "recount"]

DEPTH = 3
"""Splits on one path at most."""
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Node:
    """A box of worlds with its counts; split in `dimension` unless it is a leaf (-1)."""

    box: Box
    score: Score
    dimension: int = -1
    children: tuple[Node, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Split:
    dimension: int
    allowed: Bools
    gain: float


def grow(binned: Binned, selected: Selected, *, depth: int = DEPTH, least: int = 20) -> Node:
    """A tree of the selected worlds, with at least `least` worlds in every leaf."""
    box = whole_box(binned.dimensions)
    return _grown(binned, selected, box, score_box(binned, selected, box), depth, least)


def _grown(
    binned: Binned, selected: Selected, box: Box, score: Score, depth: int, least: int
) -> Node:
    if depth == 0 or score.hits in (0, score.worlds):
        return Node(box, score)
    tables = box_counts(binned, selected, box)
    split = _best_split(binned, tables, least)
    if split is None:
        return Node(box, score)
    halves = [
        box.replaced(split.dimension, box.allowed[split.dimension] & side)
        for side in (split.allowed, ~split.allowed)
    ]
    children = tuple(
        _grown(binned, selected, half, score_box(binned, selected, half), depth - 1, least)
        for half in halves
    )
    return Node(box, score, split.dimension, children)


def _best_split(binned: Binned, tables: Tables, least: int) -> _Split | None:
    worlds, hits = int(tables[0].sum()), int(tables[0, 1].sum())
    best: _Split | None = None
    for j in range(binned.dimensions):
        there, good = tables[j].sum(axis=0), tables[j, 1]
        order = np.arange(BINS) if binned.ordered[j] else _by_share(there, good)
        left, left_hits = np.cumsum(there[order])[:-1], np.cumsum(good[order])[:-1]
        right, right_hits = worlds - left, hits - left_hits
        possible = (left >= least) & (right >= least)
        if not possible.any():
            continue
        # What is left of impurity n p (1 - p) on both sides, less that before the split.
        with np.errstate(divide="ignore", invalid="ignore"):
            after = left_hits**2 / left + right_hits**2 / right
        gain = np.where(possible, after - hits**2 / worlds, -1.0)
        place = int(gain.argmax())
        if gain[place] > 1e-9 and (best is None or gain[place] > best.gain):
            allowed = np.zeros(BINS, dtype=np.bool_)
            allowed[order[: place + 1]] = True
            best = _Split(j, allowed, float(gain[place]))
    return best


def _by_share(there: NDArray[np.int64], good: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.argsort(good / np.maximum(there, 1), kind="stable")


def prune(binned: Binned, selected: Selected, tree: Node) -> Node:
    """The tree without splits that other worlds do not bear out.

    A split stays where the shares of its two sides differ in the selected worlds too, in the same
    direction, at 5 % over all splits of the tree (two-sample test of shares); or where a split
    below it does.
    """
    limit = _SIGNIFICANT / max(_splits(tree), 1)
    return _pruned(binned, selected, tree, limit)


def _splits(tree: Node) -> int:
    return int(bool(tree.children)) + sum(_splits(child) for child in tree.children)


def _pruned(binned: Binned, selected: Selected, tree: Node, limit: float) -> Node:
    if not tree.children:
        return tree
    children = tuple(_pruned(binned, selected, child, limit) for child in tree.children)
    below = any(child.children for child in children)
    tested = [score_box(binned, selected, child.box) for child in children]
    if below or _differ(tree.children, tested, limit):
        return replace(tree, children=children)
    return Node(tree.box, tree.score)


def _differ(grown: tuple[Node, ...], tested: list[Score], limit: float) -> bool:
    from scipy.special import ndtr

    first, second = tested
    if not first.worlds or not second.worlds:
        return False
    share = (first.hits + second.hits) / (first.worlds + second.worlds)
    spread = np.sqrt(share * (1 - share) * (1 / first.worlds + 1 / second.worlds))
    sign = np.sign(grown[0].score.density - grown[1].score.density)
    difference = sign * (first.density - second.density)
    return bool(spread > 0 and ndtr(-difference / spread) < limit)


def recount(binned: Binned, selected: Selected, tree: Node) -> Node:
    """The same tree with the counts of other worlds."""
    children = tuple(recount(binned, selected, child) for child in tree.children)
    return replace(tree, score=score_box(binned, selected, tree.box), children=children)


def leaves(tree: Node) -> list[Node]:
    """The leaves from the first side to the second."""
    if not tree.children:
        return [tree]
    return [leaf for child in tree.children for leaf in leaves(child)]


def inputs_of(tree: Node) -> frozenset[int]:
    """The dimensions that the tree splits in."""
    own = frozenset({tree.dimension}) if tree.children else frozenset[int]()
    return own.union(*(inputs_of(child) for child in tree.children))


def best_leaves(tree: Node) -> list[Box]:
    """The leaves that together have the best correlation; two that make up a node are one box."""
    ranked = sorted(leaves(tree), key=lambda leaf: -leaf.score.density)
    worlds = np.cumsum([leaf.score.worlds for leaf in ranked])
    hits = np.cumsum([leaf.score.hits for leaf in ranked])
    total = tree.score
    best = int(np.argmax(correlation_of(worlds, hits, total.all_worlds, total.all_hits)))
    return _joined(tree, {id(leaf) for leaf in ranked[: best + 1]})


def _joined(tree: Node, chosen: set[int]) -> list[Box]:
    if all(id(leaf) in chosen for leaf in leaves(tree)):
        return [tree.box]
    return [box for child in tree.children for box in _joined(child, chosen)]
