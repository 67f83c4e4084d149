"""Several boxes joined by "or": what they hold together, and the same said more simply."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from tenbin.explain.boxes import BINS, Binned, Box, Score, Selected, inside

__all__ = ["simplified", "union_score"]

_FREELY = 0.005
"""How much correlation a simpler wording may lose."""


def union_score(binned: Binned, selected: Selected, boxes: Sequence[Box]) -> Score:
    """The counts of worlds that lie in any of the boxes."""
    counts = np.zeros(4, dtype=np.int64)
    for block, mine in zip(binned.blocks, selected, strict=True):
        within = np.zeros(len(mine), dtype=np.bool_)
        for box in boxes:
            within |= inside(block, box)
        within &= mine
        counts += (
            np.count_nonzero(within),
            np.count_nonzero(within & block.truth),
            np.count_nonzero(mine),
            np.count_nonzero(mine & block.truth),
        )
    return Score(*(int(count) for count in counts))


def simplified(binned: Binned, selected: Selected, boxes: Sequence[Box]) -> list[Box]:
    """Boxes whose union does as well, with fewer boxes and fewer restrictions.

    Two boxes become the smallest that holds both, and a dimension is freed, wherever that loses
    at most half a percent of correlation; so a box need not say that another does not apply.
    """
    found = list(boxes)
    while True:
        least = union_score(binned, selected, found).correlation - _FREELY
        for candidate in (*_merged(binned, found), *_freed(found)):
            if union_score(binned, selected, candidate).correlation >= least:
                found = candidate
                break
        else:
            return found


def _merged(binned: Binned, boxes: Sequence[Box]) -> list[list[Box]]:
    """All ways to put one box in place of two."""
    found: list[list[Box]] = []
    for first, second in combinations(range(len(boxes)), 2):
        rest = [box for place, box in enumerate(boxes) if place not in (first, second)]
        found.append([_hull(binned, boxes[first], boxes[second]), *rest])
    return found


def _hull(binned: Binned, first: Box, second: Box) -> Box:
    allowed = first.allowed | second.allowed
    codes = np.arange(BINS)
    for j in np.flatnonzero(binned.ordered):
        kept = np.flatnonzero(allowed[j])
        allowed[j] = (codes >= kept[0]) & (codes <= kept[-1])
    return Box(allowed)


def _freed(boxes: Sequence[Box]) -> list[list[Box]]:
    """All ways to free a dimension of a box, those boxes first that restrict most."""
    order = sorted(range(len(boxes)), key=lambda place: -len(boxes[place].restricted))
    return [
        [box.freed([j]) if k == place else box for k, box in enumerate(boxes)]
        for place in order
        for j in boxes[place].restricted
        if len(boxes[place].restricted) > 1
    ]
