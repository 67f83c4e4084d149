"""Effects of numbers on a quantity, from counts: shares of variance of cell means.

The worlds are cut into cells by one, two or three of their numbers. The share of variance between
cells is corrected for what chance puts there (epsilon squared, the adjusted correlation ratio).
Pure effects of two or three numbers are what remains after those of fewer [hoeffding1948]. Standard
errors are by leaving out one of ten random groups of worlds at a time [efron1981].

Worlds of a digital design are laid out so evenly that some pairs of numbers tell a third one: its
effect would be seen in the pair as well. So what is explained already is taken away before pairs
are looked at, and pairs are taken one by one, the largest first, each taken away in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.boxes import GROUPS, Binned, Codes, Selected, Whole
from tenbin.scenario.language import Array

__all__ = [
    "Cells",
    "Effect",
    "cut",
    "effects_of_one",
    "interactions_of",
    "jackknife_error",
    "without_effects_of_one",
]

_AT_ONCE = 2**20
"""Cell numbers computed at once."""
_TURNS = 2
_PER_MEAN = 300
"""Worlds in a joint cell whose mean is taken away."""
_MOST_FOUND = 60
"""Interactions of one order taken away one by one."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Worlds as cells: cell of each number [D, W], quantity [W] about its mean, group [W].

    `variance` is that of the quantity before anything was taken away from it.
    """

    cells: NDArray[np.uint8]
    sizes: tuple[int, ...]
    quantity: Array
    groups: NDArray[np.uint8]
    variance: float

    @property
    def worlds(self) -> int:
        return len(self.quantity)


@dataclass(frozen=True, slots=True)
class Effect:
    """A share of variance: of all worlds first, then without each group [1 + GROUPS]."""

    dimensions: tuple[int, ...]
    shares: Array
    freedom: int

    @property
    def share(self) -> float:
        return float(self.shares[0])


def cut(
    binned: Binned,
    selected: Selected,
    values: Sequence[Array],
    dimensions: Sequence[int],
    most: int,
) -> Cells:
    """The selected worlds in at most `most` cells of each dimension; choices keep their codes."""
    sizes = tuple(
        min(binned.sizes[j], most) if binned.ordered[j] else binned.sizes[j] for j in dimensions
    )
    rows: list[Codes] = []
    for j, size in zip(dimensions, sizes, strict=True):
        table = (np.arange(256) * size // binned.sizes[j]).astype(np.uint8)
        parts = zip(binned.blocks, selected, strict=True)
        rows.append(np.concatenate([table[b.codes[j, mine]] for b, mine in parts]))
    groups = [b.groups[mine] for b, mine in zip(binned.blocks, selected, strict=True)]
    quantity = [v[mine] for v, mine in zip(values, selected, strict=True)]
    numbers = np.concatenate(quantity).astype(np.float64)
    numbers -= numbers.mean()
    variance = float(np.mean(numbers**2))
    return Cells(np.array(rows), sizes, numbers, np.concatenate(groups), variance)


def effects_of_one(cells: Cells) -> list[Effect]:
    """The share of variance that each number explains alone."""
    found: list[Effect] = []
    totals = _Totals.of(cells)
    for j, size in enumerate(cells.sizes):
        index = cells.groups.astype(np.int64) * size + cells.cells[j]
        worlds, sums = _tables(index, cells.quantity, (GROUPS, size))
        shares = totals.share_between(_without_each(worlds), _without_each(sums), 1)
        found.append(Effect((j,), shares, size - 1))
    return found


def without_effects_of_one(cells: Cells, effects: Sequence[Effect], chance: float = 0.01) -> Cells:
    """The cells with a quantity from which the effects of single numbers are taken away.

    Only those that are more than chance, so that no noise is; each given the others, twice over.
    """
    least = {
        effect.dimensions[0]: _least(effect.freedom, chance / len(effects), cells.worlds)
        for effect in effects
    }
    real = [j for j, effect in enumerate(effects) if effect.share > least[j]]
    fitted = {j: np.zeros(cells.sizes[j]) for j in real}
    quantity = cells.quantity.copy()
    for _ in range(_TURNS):
        for j in real:
            quantity += fitted[j][cells.cells[j]]
            fitted[j] = _means(cells.cells[j].astype(np.int64), quantity, cells.sizes[j])
            quantity -= fitted[j][cells.cells[j]]
    return replace(cells, quantity=quantity)


def interactions_of(
    cells: Cells, dimensions: Sequence[int], order: int, chance: float = 0.01
) -> tuple[list[Effect], Cells]:
    """The pure effects of sets of `order` numbers that are more than chance; what they leave.

    The largest is taken away from the quantity, then the largest of what remains, until none
    exceeds the quantile that chance exceeds in a share `chance` of such searches. Sets are
    numbered by their places in `cells`.
    """
    sets = list(combinations(dimensions, order))
    freedom = {one: int(np.prod([cells.sizes[j] - 1 for j in one])) for one in sets}
    least = {one: _least(freedom[one], chance / len(sets), cells.worlds) for one in sets}
    waiting = [one for one in sets if freedom[one]]
    found: list[Effect] = []
    while waiting and len(found) < _MOST_FOUND:
        shares = _all_pure_effects(cells, waiting)
        waiting = [one for one in waiting if shares[one][0] > least[one]]
        if not waiting:
            break
        best = max(waiting, key=lambda one: float(shares[one][0]))
        found.append(Effect(best, shares[best], freedom[best]))
        waiting.remove(best)
        cells = _without(cells, best)
    return found, cells


def _least(freedom: int, chance: float, worlds: int) -> float:
    """The corrected share of variance that chance alone exceeds so rarely."""
    from scipy.special import chdtri

    return (float(chdtri(freedom, chance)) - freedom) / worlds if freedom else np.inf


def _without(cells: Cells, dimensions: Sequence[int]) -> Cells:
    """The cells with a quantity from which the means of joint cells are taken away.

    Cells are joined until each holds so many worlds that hardly any noise goes with them.
    """
    halvings = dict.fromkeys(dimensions, 0)
    sizes = {j: cells.sizes[j] for j in dimensions}
    while np.prod(list(sizes.values())) * _PER_MEAN > cells.worlds:
        j = max(sizes, key=lambda item: sizes[item])
        if sizes[j] <= 2:
            break
        halvings[j] += 1
        sizes[j] = -(-sizes[j] // 2)
    index = np.zeros(cells.worlds, dtype=np.int64)
    for j in dimensions:
        index = index * sizes[j] + (cells.cells[j] >> halvings[j])
    fitted = _means(index, cells.quantity, int(np.prod(list(sizes.values()))))
    return replace(cells, quantity=cells.quantity - fitted[index])


def _means(index: Whole, quantity: Array, size: int) -> Array:
    worlds, sums = _tables(index, quantity, (size,))
    return sums / np.maximum(worlds, 1)


def _all_pure_effects(
    cells: Cells, sets: Sequence[tuple[int, ...]]
) -> dict[tuple[int, ...], Array]:
    """Pure effects [1 + GROUPS] by set; sets of equal shape are counted together."""
    totals = _Totals.of(cells)
    step = max(_AT_ONCE // max(cells.worlds, 1), 1)
    shapes: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for one in sets:
        shapes.setdefault(tuple(cells.sizes[j] for j in one), []).append(one)
    found: dict[tuple[int, ...], Array] = {}
    for shape, alike in shapes.items():
        for start in range(0, len(alike), step):
            part = alike[start : start + step]
            found.update(zip(part, _pure_effects(cells, totals, part, shape), strict=True))
    return found


def _pure_effects(
    cells: Cells, totals: _Totals, sets: list[tuple[int, ...]], shape: tuple[int, ...]
) -> Array:
    """Pure effects [set, 1 + GROUPS]: inclusion and exclusion over the margins of each table."""
    index = np.arange(len(sets), dtype=np.int64)[:, None] * GROUPS + cells.groups
    for place, size in enumerate(shape):
        index = index * size + cells.cells[[one[place] for one in sets]]
    quantity = np.broadcast_to(cells.quantity, index.shape).ravel()
    worlds, sums = _tables(index.ravel(), quantity, (len(sets), GROUPS, *shape))
    # The axis of what is left out comes first.
    worlds = _without_each(np.moveaxis(worlds, 1, 0))
    sums = _without_each(np.moveaxis(sums, 1, 0))
    order = len(shape)
    pure = np.zeros((1 + GROUPS, len(sets)))
    for size in range(1, order + 1):
        for kept in combinations(range(order), size):
            gone = tuple(2 + place for place in range(order) if place not in kept)
            sign = (-1) ** (order - size)
            pure += sign * totals.share_between(worlds.sum(axis=gone), sums.sum(axis=gone), size)
    return pure.T


def _tables(index: Whole, quantity: Array, shape: tuple[int, ...]) -> tuple[Whole, Array]:
    """Worlds, and sums of the quantity, by cell."""
    cells = int(np.prod(shape))
    worlds = np.bincount(index, minlength=cells).reshape(shape).astype(np.int64)
    sums = np.bincount(index, weights=quantity, minlength=cells).astype(np.float64)
    return worlds, sums.reshape(shape)


def _without_each(table: NDArray[np.int64] | Array) -> Array:
    """Sums over groups [first axis]: of all, then without each one."""
    total = table.sum(axis=0, keepdims=True)
    return np.concatenate([total, total - table]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Totals:
    """Worlds, sum and sum of squares of the quantity, of all and without each group."""

    worlds: Array
    sums: Array
    squares: Array
    variance: float

    @classmethod
    def of(cls, cells: Cells) -> _Totals:
        worlds, sums = _tables(cells.groups.astype(np.int64), cells.quantity, (GROUPS,))
        squares = np.bincount(cells.groups, weights=cells.quantity**2, minlength=GROUPS)
        return cls(
            _without_each(worlds), _without_each(sums), _without_each(squares), cells.variance
        )

    def share_between(self, worlds: Array, sums: Array, axes: int) -> Array:
        """The corrected share of variance between cells; cells are the last `axes` axes."""
        last = tuple(range(worlds.ndim - axes, worlds.ndim))
        shape = (-1, *(1,) * (worlds.ndim - axes - 1))
        total = self.worlds.reshape(shape)
        squares = self.squares.reshape(shape)
        all_sums = self.sums.reshape(shape)
        explained = (sums**2 / np.maximum(worlds, 1.0)).sum(axis=last)
        filled = (worlds > 0).sum(axis=last)
        whole = self.variance * total
        within = (squares - explained) / np.maximum(total - filled, 1.0)
        between = explained - all_sums**2 / total
        return (between - (filled - 1) * within) / np.where(whole > 0.0, whole, 1.0)


def jackknife_error(shares: Array) -> float:
    """The standard error of a number [1 + GROUPS] that was computed without each group too."""
    left_out = shares[1:]
    return float(np.sqrt((GROUPS - 1) / GROUPS * ((left_out - left_out.mean()) ** 2).sum()))
