"""The patient rule induction method: boxes peeled, pasted, and kept as a trajectory.

Friedman and Fisher's bump hunting [friedman1999] on binned worlds: from all worlds, a small share
is peeled off one face of the box again and again, each time the face that is worth it most.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    Whole,
    box_counts,
    leave_one_out,
    tables_of,
    whole_box,
)

__all__ = ["Step", "paste", "peel"]


@dataclass(frozen=True, slots=True)
class Step:
    """A box on the way, with its counts."""

    box: Box
    score: Score


@dataclass(frozen=True, slots=True)
class _Face:
    """What peeling a face leaves: the codes allowed in its dimension."""

    dimension: int
    allowed: Bools


class _Inside:
    """The worlds inside a shrinking box; what leaves is subtracted, so all is counted once."""

    def __init__(self, binned: Binned, selected: Selected) -> None:
        self._binned = binned
        self._alive = [mine.copy() for mine in selected]
        self.tables: Tables = box_counts(binned, selected, whole_box(binned.dimensions))

    def keep(self, dimension: int, allowed: Bools) -> None:
        for block, alive in zip(self._binned.blocks, self._alive, strict=True):
            leaving = np.flatnonzero(alive & ~allowed[block.codes[dimension]])
            if len(leaving):
                codes = np.take(block.codes, leaving, axis=1)
                self.tables -= tables_of(codes, block.truth[leaving])
                alive[leaving] = False


def peel(
    binned: Binned,
    selected: Selected,
    *,
    alpha: float = 0.05,
    least: int = 20,
    dimensions: tuple[int, ...] | None = None,
) -> list[Step]:
    """The trajectory of boxes, from all worlds to the last that holds enough of them.

    Parameters
    ----------
    binned
        Worlds; those whose truth holds are of interest.
    selected
        Which of the worlds to look at.
    alpha
        The share of the worlds inside that a peel takes at most; one code at least is peeled.
    least
        Worlds that a box must hold.
    dimensions
        Which may be restricted; by default all.

    Returns
    -------
    Boxes with their counts, each inside the one before.

    Notes
    -----
    A face is worth the rise of density per world given up, so that faces of unequal size (choices,
    coarse numbers) compare. Of equal ones the first dimension is taken, its low end first.
    """
    looked_at = tuple(range(binned.dimensions)) if dimensions is None else dimensions
    within = _Inside(binned, selected)
    box = whole_box(binned.dimensions)
    everywhere = _score(within.tables, None)
    steps = [Step(box, everywhere)]
    while 0 < steps[-1].score.hits < steps[-1].score.worlds:
        face = _best_face(binned, within.tables, looked_at, alpha, least)
        if face is None:
            break
        within.keep(face.dimension, face.allowed)
        box = box.replaced(face.dimension, box.allowed[face.dimension] & face.allowed)
        steps.append(Step(box, _score(within.tables, everywhere)))
    return steps


def _score(tables: Tables, everywhere: Score | None) -> Score:
    worlds, hits = int(tables[0].sum()), int(tables[0, 1].sum())
    if everywhere is None:
        return Score(worlds, hits, worlds, hits)
    return Score(worlds, hits, everywhere.worlds, everywhere.hits)


def _best_face(
    binned: Binned, tables: Tables, dimensions: tuple[int, ...], alpha: float, least: int
) -> _Face | None:
    chosen = np.array(dimensions, dtype=np.intp)
    there, of_interest = tables[chosen].sum(axis=1), tables[chosen, 1]
    ordered = np.array([binned.ordered[j] for j in dimensions])
    rows, gone = _end_faces(there, ordered, alpha * there[:1].sum())
    more_rows, more_gone = _single_faces(there, ordered)
    rows, gone = np.concatenate([rows, more_rows]), np.concatenate([gone, more_gone])
    worlds, hits = there[0].sum(), of_interest[0].sum()
    count, good = (gone * there[rows]).sum(axis=1), (gone * of_interest[rows]).sum(axis=1)
    left = worlds - count
    possible = (count > 0) & (left >= max(least, 1))
    if not possible.any():
        return None
    gain = (hits / worlds - good / np.maximum(count, 1)) / np.maximum(left, 1)
    best = int(np.where(possible, gain, -np.inf).argmax())
    return _Face(dimensions[rows[best]], ~gone[best])


def _end_faces(there: Whole, ordered: Bools, most: float) -> tuple[NDArray[np.intp], Bools]:
    """For ordered dimensions the codes [2 D, BINS] that peels of both ends take, and whose."""
    rows = np.flatnonzero(ordered & (np.count_nonzero(there, axis=1) > 1))
    present = there[rows] > 0
    codes = np.arange(BINS)
    below = (np.cumsum(there[rows], axis=1) <= most).sum(axis=1) - 1
    low = np.maximum(below, present.argmax(axis=1))
    above = (np.cumsum(there[rows, ::-1], axis=1) <= most).sum(axis=1) - 1
    high = BINS - 1 - np.maximum(above, present[:, ::-1].argmax(axis=1))
    gone = np.stack([codes <= low[:, None], codes >= high[:, None]], axis=1)
    return np.repeat(rows, 2), gone.reshape(-1, BINS)


def _single_faces(there: Whole, ordered: Bools) -> tuple[NDArray[np.intp], Bools]:
    """For choices each value that worlds still have, alone."""
    several = ~ordered & (np.count_nonzero(there, axis=1) > 1)
    rows, codes = np.nonzero((there > 0) & several[:, None])
    return rows, np.arange(BINS) == codes[:, None]


def paste(binned: Binned, selected: Selected, box: Box, *, alpha: float = 0.01) -> Box:
    """The box enlarged at its faces as long as that does not lower its density.

    Each time the face whose new worlds have the highest share of interest; it grows by codes that
    hold at least `alpha` of the worlds inside.
    """
    while box.restricted:
        tables = leave_one_out(binned, selected, box, box.restricted)
        j = box.restricted[0]
        within = tables[j][:, box.allowed[j]].sum(axis=1)
        density = within[1] / max(within.sum(), 1)
        found = _best_paste(binned, tables, box, max(alpha * within.sum(), 1.0), density)
        if found is None:
            return box
        box = found
    return box


def _best_paste(
    binned: Binned, tables: Tables, box: Box, least: float, density: float
) -> Box | None:
    best, best_share = None, density
    for j in box.restricted:
        for new in _additions(tables[j].sum(axis=0), box.allowed[j], binned.ordered[j], least):
            count = int(tables[j][:, new].sum())
            share = float(tables[j, 1, new].sum()) / count if count else 1.0
            if share > best_share or (share == best_share and best is None):
                best, best_share = box.replaced(j, box.allowed[j] | new), share
    return best


def _additions(there: Whole, allowed: Bools, ordered: bool, least: float) -> list[Bools]:
    codes = np.arange(BINS)
    if not ordered:
        return [codes == code for code in np.flatnonzero(~allowed & (there > 0))]
    kept = np.flatnonzero(allowed)
    low, high = int(kept[0]), int(kept[-1])
    found: list[Bools] = []
    if low > 0:
        reach = np.flatnonzero(np.cumsum(there[:low][::-1]) >= least)
        start = low - 1 - int(reach[0]) if len(reach) else 0
        found.append((codes >= start) & (codes < low))
    if high < BINS - 1:
        reach = np.flatnonzero(np.cumsum(there[high + 1 :]) >= least)
        stop = high + 1 + int(reach[0]) if len(reach) else BINS - 1
        found.append((codes > high) & (codes <= stop))
    return found
