"""The search for boxes that decide a claim, in one half of the worlds, tested in the other.

See `hinge.find_hinge` for the rule, all of whose numbers stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tenbin.explain.boxes import (
    GROUPS,
    Binned,
    Block,
    Box,
    Score,
    Selected,
    all_worlds,
    leave_one_out,
    outside,
    score_box,
    worlds_in_groups,
)
from tenbin.explain.boxes_peeling import Step, paste, peel
from tenbin.explain.boxes_refining import fewest, refine, simplest
from tenbin.explain.boxes_union import simplified, union_score
from tenbin.explain.shallow_tree import Node, best_leaves, grow, inputs_of, prune

__all__ = ["Found", "Search", "quasi_p_values", "search_boxes"]

Method = Literal["prim", "tree"]

MOST_BOXES = 3
SIGNIFICANT = 0.01
REPEATED_WORLDS = 100_000
"""The first worlds, in random halves of which the search is repeated."""
_HITS, _COVERAGE = 10, 0.1
"""What a box of the trajectory must hold to be chosen."""
_FURTHER = 0.05
"""How much correlation a further box must add, in worlds that found none of them."""
_BETTER = 0.02
"""By how much correlation a tree must be better to stand in place of boxes, in such worlds."""
_FOUND, _TESTED = range(GROUPS // 2), range(GROUPS // 2, GROUPS)


@dataclass(frozen=True, slots=True)
class Found:
    """A box fitted to all worlds, with what worlds say that did not find it."""

    box: Box
    held_out: Score
    quasi_p: dict[int, float]


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: boxes joined by "or", by which method, and what the way there was."""

    method: Method
    boxes: tuple[Found, ...]
    again: dict[int, float]
    tree: Node
    trajectory: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Halves:
    """The worlds that boxes are found in, those they are tested in, and all."""

    found: Selected
    tested: Selected
    every: Selected

    def without(self, target: Binned, box: Box) -> _Halves:
        parts = (self.found, self.tested, self.every)
        return _Halves(*(outside(target, part, box) for part in parts))


def search_boxes(target: Binned, *, repeats: int) -> Search:
    """Boxes of the worlds whose truth holds; none where other worlds bear out no restriction."""
    halves = _Halves(
        worlds_in_groups(target, _FOUND), worlds_in_groups(target, _TESTED), all_worlds(target)
    )
    tree = prune(target, halves.tested, grow(target, halves.found))
    trajectory = peel(target, halves.found)
    method: Method = "prim"
    searched, fitted = _covering(target, halves, trajectory)
    borne_out = (_borne_out(target, halves, leaf) for leaf in best_leaves(tree))
    leaves = [leaf for leaf in borne_out if leaf is not None]
    if leaves:
        ours = union_score(target, halves.tested, searched).correlation
        if union_score(target, halves.tested, leaves).correlation > ours + _BETTER:
            method, fitted = "tree", leaves
    boxes = simplified(target, halves.every, fitted) if fitted else []
    return Search(
        method=method,
        boxes=_in_order(target, halves, boxes),
        again=_found_again(target, method, repeats) if boxes else {},
        tree=tree,
        trajectory=tuple(trajectory),
    )


def _in_order(target: Binned, halves: _Halves, boxes: list[Box]) -> tuple[Found, ...]:
    """The boxes, those first that cover most, without restrictions that lost their bearing."""
    kept: list[Box] = []
    for box in boxes:
        quasi_p = quasi_p_values(target, halves.tested, box)
        bearing = box.freed([j for j, p in quasi_p.items() if p >= SIGNIFICANT])
        if bearing.restricted:
            kept.append(bearing)
    kept.sort(key=lambda box: -score_box(target, halves.every, box).coverage)
    return tuple(
        Found(
            box,
            score_box(target, halves.tested, box),
            quasi_p_values(target, halves.tested, box),
        )
        for box in kept
    )


def _covering(
    target: Binned, halves: _Halves, trajectory: list[Step]
) -> tuple[list[Box], list[Box]]:
    """Boxes one after the other, each in the worlds outside those before: as found, as fitted."""
    searched: list[Box] = []
    fitted: list[Box] = []
    left, reached = halves, 0.0
    while len(fitted) < MOST_BOXES:
        steps = peel(target, left.found) if fitted else trajectory
        box = _search(target, left.found, steps)
        box = None if box is None else _borne_out(target, left, box)
        if box is None:
            break
        together = union_score(target, halves.tested, [*searched, box]).correlation
        if together < reached + _FURTHER:
            break
        reached = together
        searched.append(box)
        fitted.append(refine(target, left.every, box))
        left = left.without(target, fitted[-1])
    return searched, fitted


def _search(target: Binned, selected: Selected, steps: list[Step]) -> Box | None:
    """The box that a search in the selected worlds comes to; None where none holds enough."""
    large = [
        step for step in steps[1:] if step.score.hits >= _HITS and step.score.coverage >= _COVERAGE
    ]
    if not large:
        return None
    return simplest(fewest(target, selected, paste(target, selected, simplest(large).box))).box


def _borne_out(target: Binned, halves: _Halves, box: Box) -> Box | None:
    """The box with those restrictions alone that other worlds bear out; None where none is left."""
    while box.restricted:
        quasi_p = quasi_p_values(target, halves.tested, box)
        worst = max(quasi_p, key=lambda j: quasi_p[j])
        if quasi_p[worst] < SIGNIFICANT / len(quasi_p):
            return box
        box = refine(target, halves.found, box.freed([worst]))
    return None


def quasi_p_values(target: Binned, selected: Selected, box: Box) -> dict[int, float]:
    """By restricted dimension, how easily chance alone would make the box so dense ([bryant2010]).

    The chance that as many worlds as lie in the box, drawn from the box without that restriction,
    hold at least as many of interest.
    """
    from scipy.special import bdtrc

    tables = leave_one_out(target, selected, box, box.restricted)
    found: dict[int, float] = {}
    for j in box.restricted:
        worlds, hits = int(tables[j].sum()), int(tables[j, 1].sum())
        within = int(tables[j][:, box.allowed[j]].sum())
        good = int(tables[j, 1, box.allowed[j]].sum())
        found[j] = float(bdtrc(good - 1, within, hits / worlds)) if good else 1.0
    return found


def _found_again(target: Binned, method: Method, repeats: int) -> dict[int, float]:
    """By dimension, in which share of random halves of the first worlds it is restricted."""
    generator = np.random.default_rng(0)
    times: dict[int, int] = {}
    for _ in range(repeats):
        groups = generator.choice(GROUPS, GROUPS // 2, replace=False)
        half = _part(target, worlds_in_groups(target, groups.tolist(), first=REPEATED_WORLDS))
        every = all_worlds(half)
        if method == "tree":
            restricted = inputs_of(grow(half, every))
        else:
            box = _search(half, every, peel(half, every))
            restricted = frozenset[int]() if box is None else frozenset(box.restricted)
        for j in restricted:
            times[j] = times.get(j, 0) + 1
    return {j: count / repeats for j, count in times.items()}


def _part(target: Binned, selected: Selected) -> Binned:
    """The selected worlds alone."""
    blocks = tuple(
        Block(np.ascontiguousarray(block.codes[:, mine]), block.truth[mine], block.groups[mine])
        for block, mine in zip(target.blocks, selected, strict=True)
        if mine.any()
    )
    return Binned(target.sizes, target.ordered, blocks)
