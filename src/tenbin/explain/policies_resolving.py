"""What to find out first: the value of knowing an uncertainty, and where the ranking turns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.policies_inputs import Cells
from tenbin.explain.policies_values import ObjectiveValues
from tenbin.scenario.language import Array

__all__ = ["Resolving", "Threshold", "resolving_first", "thresholds_of"]

_NORMAL_95 = 1.959963984540054
_WORLDS_PER_CELL = 60
"""Worlds that a cell holds at least, for the mean in it to tell policies apart."""
_FEWEST_CELLS, _MOST_CELLS = 4, 32
BLOCKS = 16
"""Blocks of worlds, each judged by choices made in the others."""
_CHANCE = 0.01
"""The chance, over all numbers and pairs of policies, of a threshold that is only sampling."""


@dataclass(frozen=True, slots=True)
class Resolving:
    """What knowing one uncertainty before choosing a policy is worth, in the objective's own unit.

    It is the fall of the mean regret (the expected value of partial perfect information, where
    probabilities are claimed); `share` is of what knowing everything would be worth.
    """

    name: str
    value: float
    low: float
    high: float
    share: float

    def as_data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "share": self.share,
        }


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where along one assumption two policies change places, all others averaged over.

    Below `at` the mean is better under `below`, above it under `above`; it lies between `low` and
    `high` as far as the worlds can tell. `top` says whether it is the best of all that changes.
    """

    name: str
    objective: str
    at: float
    low: float
    high: float
    below: str
    above: str
    top: bool

    def as_data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "objective": self.objective,
            "at": self.at,
            "low": self.low,
            "high": self.high,
            "from": self.below,
            "to": self.above,
            "top": self.top,
        }


def resolving_first(
    item: ObjectiveValues, cells: dict[str, Cells]
) -> tuple[tuple[Resolving, ...], float]:
    """The value of knowing each uncertainty, the largest first, and that of knowing all.

    Notes
    -----
    A given-data estimator: worlds are cut into cells of one uncertainty, and in each the policy
    with the best mean is chosen ([strong2013]). Chosen and judged in the same worlds that is too
    large; so worlds fall into sixteen blocks, and each is judged by choices made in the others.
    Blocks are of consecutive worlds: under Sobol each is then balanced by itself, where random ones
    would lean to opposite sides. What is left is a mean over worlds, with its standard error, and
    is at most a little too small. It is never reported below zero; the interval is.
    """
    known = item.values[:, item.known]
    worlds = known.shape[1]
    if worlds < 2 * _WORLDS_PER_CELL:
        return (), 0.0
    groups = np.arange(worlds) * BLOCKS // worlds
    fixed = _chosen(known, groups, np.zeros(worlds, dtype=np.intp), 1)
    base = known[fixed, np.arange(worlds)]
    everything = max(float(known.max(axis=0).mean() - known.mean(axis=1).max()), 0.0)
    if everything <= item.tolerance:
        return (), 0.0
    along = int(np.clip(worlds // _WORLDS_PER_CELL, _FEWEST_CELLS, _MOST_CELLS))
    found: list[Resolving] = []
    for name, fine in cells.items():
        cut = fine.coarser(along)
        choice = _chosen(known, groups, cut.codes.astype(np.intp), cut.count)
        gain = known[choice, np.arange(worlds)] - base
        value = float(gain.mean())
        half = _NORMAL_95 * float(gain.std(ddof=1)) / float(np.sqrt(worlds))
        worth = max(value, 0.0)
        share = min(worth / everything, 1.0)
        found.append(Resolving(name, worth, value - half, value + half, share))
    found.sort(key=lambda one: (-one.value, -one.high, one.name))
    return tuple(found), everything


def _chosen(
    values: Array, groups: NDArray[np.intp], codes: NDArray[np.intp], count: int
) -> NDArray[np.intp]:
    """The policy [W] with the best mean in a world's cell, over the worlds of all other blocks."""
    place = groups * count + codes
    sums = np.stack(
        [np.bincount(place, weights=row, minlength=BLOCKS * count) for row in values]
    ).reshape(len(values), BLOCKS, count)
    others = sums.sum(axis=1, keepdims=True) - sums
    return others.argmax(axis=0)[groups, codes]


def thresholds_of(item: ObjectiveValues, cells: dict[str, Cells]) -> tuple[Threshold, ...]:
    """Where the ranking of two policies turns along an ordered uncertainty, as far as worlds tell.

    The difference of the two, world by world, is averaged in cells. A turn is reported where what
    lies below and what lies above the best cut differ from zero in opposite directions, by a margin
    that chance does not give (normal test, corrected for all numbers and pairs that were tried).
    """
    from scipy.special import ndtri

    known = item.values[:, item.known]
    worlds = known.shape[1]
    if worlds < 2 * _WORLDS_PER_CELL:
        return ()
    along = int(np.clip(worlds // _WORLDS_PER_CELL, _FEWEST_CELLS, _MOST_CELLS))
    ordered = {name: fine.coarser(along) for name, fine in cells.items() if not fine.values}
    pairs = list(combinations(range(len(item.policies)), 2))
    tests = max(2 * len(pairs) * sum(cut.count for cut in ordered.values()), 1)
    limit = float(-ndtri(_CHANCE / tests))
    found: list[Threshold] = []
    for first, second in pairs:
        difference = known[first] - known[second]
        if float(np.abs(difference).max()) <= item.tolerance:
            continue
        for name, cut in ordered.items():
            turn = _turn(difference, cut, limit)
            if turn is None:
                continue
            at, low, high, rising = turn
            below, above = (second, first) if rising else (first, second)
            found.append(
                Threshold(
                    name,
                    item.name,
                    at,
                    low,
                    high,
                    item.policies[below],
                    item.policies[above],
                    _is_top(known, cut, at, below, above),
                )
            )
    found.sort(key=lambda one: (not one.top, one.name, one.below, one.above))
    return tuple(found)


def _turn(difference: Array, cut: Cells, limit: float) -> tuple[float, float, float, bool] | None:
    """Where a difference changes its sign along the cells, between which edges, and whether up."""
    counts = np.bincount(cut.codes, minlength=cut.count).astype(np.float64)
    sums: Array = np.bincount(cut.codes, difference, cut.count).astype(np.float64)
    squares: Array = np.bincount(cut.codes, difference**2, cut.count).astype(np.float64)
    left, right = np.cumsum(sums)[:-1], sums.sum() - np.cumsum(sums)[:-1]
    place = int(np.abs(right - left).argmax())
    signs = [_sure(part, counts, sums, squares, limit) for part in _sides(place, cut.count)]
    if 0 in signs or signs[0] == signs[1]:
        return None
    means = sums / np.maximum(counts, 1.0)
    errors = np.sqrt(np.maximum(squares / np.maximum(counts, 1.0) - means**2, 0.0))
    errors /= np.sqrt(np.maximum(counts, 1.0))
    sure = np.where(np.abs(means) > 2.0 * errors, np.sign(means), 0.0)
    below = np.flatnonzero(sure[: place + 1] == signs[0])
    above = np.flatnonzero(sure[place + 1 :] == signs[1])
    low = cut.edges[int(below[-1]) + 1] if len(below) else cut.edges[0]
    high = cut.edges[place + 1 + int(above[0])] if len(above) else cut.edges[-1]
    at = cut.edges[place + 1]
    return at, min(low, at), max(high, at), signs[1] > 0


def _sides(place: int, count: int) -> tuple[slice, slice]:
    return slice(0, place + 1), slice(place + 1, count)


def _sure(part: slice, counts: Array, sums: Array, squares: Array, limit: float) -> int:
    """The sign of the mean in some cells; 0 where chance could make it."""
    worlds, total = float(counts[part].sum()), float(sums[part].sum())
    if worlds < 2:
        return 0
    spread = max(float(squares[part].sum()) - total**2 / worlds, 0.0)
    if total**2 <= limit**2 * spread:
        return 0
    return 1 if total > 0 else -1


def _is_top(known: Array, cut: Cells, at: float, below: int, above: int) -> bool:
    """Whether the two are the best of all on their side of the threshold."""
    under = np.asarray(cut.edges)[cut.codes + 1] <= at
    lower, upper = known[:, under], known[:, ~under]
    if not lower.shape[1] or not upper.shape[1]:
        return False
    return int(lower.mean(axis=1).argmax()) == below and int(upper.mean(axis=1).argmax()) == above
