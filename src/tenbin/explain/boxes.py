"""Worlds as codes, and boxes of codes: membership, counts, coverage and density.

Every number of a world is a code of one byte, its bin. A box allows some codes in each dimension.
All that is counted are worlds, so that counts of blocks of worlds add up to the same numbers
however the worlds were cut into blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BINS",
    "GROUPS",
    "Binned",
    "Block",
    "Bools",
    "Box",
    "Codes",
    "Score",
    "Selected",
    "Tables",
    "Whole",
    "all_worlds",
    "box_counts",
    "correlation_of",
    "groups_of",
    "inside",
    "leave_one_out",
    "outside",
    "score_box",
    "tables_of",
    "whole_box",
    "worlds_in_groups",
]

BINS = 256
"""Codes of a number: as many as a byte has."""
GROUPS = 10
"""Groups into which worlds fall at random, to find in some what is tested in others."""

Codes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Tables = NDArray[np.int64]
"""Worlds by dimension, truth and code [D, 2, BINS]."""
Whole = NDArray[np.int64]
Selected = tuple[Bools, ...]
"""Which worlds of each block are meant."""

_AT_ONCE = 2**17
"""Codes counted at once: as many as stay in the cache."""


@dataclass(frozen=True, slots=True)
class Block:
    """Worlds in a row: codes [D, W], truth [W], random group [W]."""

    codes: Codes
    truth: Bools
    groups: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Binned:
    """Worlds by code.

    `sizes` are the codes that each dimension has; `ordered` is false where codes are names of
    choices. `blocks` may lie on disk: they are passed over, one after the other.
    """

    sizes: tuple[int, ...]
    ordered: tuple[bool, ...]
    blocks: tuple[Block, ...]

    @property
    def dimensions(self) -> int:
        return len(self.sizes)

    def with_truth(self, truth: Callable[[Bools], Bools]) -> Binned:
        """The same worlds with another truth, made from this one."""
        blocks = tuple(Block(b.codes, truth(b.truth), b.groups) for b in self.blocks)
        return Binned(self.sizes, self.ordered, blocks)


@dataclass(frozen=True, eq=False)
class Box:
    """The codes that are allowed in each dimension [D, BINS]."""

    allowed: Bools

    @cached_property
    def restricted(self) -> tuple[int, ...]:
        """Dimensions in which not every code is allowed."""
        return tuple(int(j) for j in np.flatnonzero(~self.allowed.all(axis=1)))

    def replaced(self, dimension: int, allowed: Bools) -> Box:
        """The box with other codes [BINS] allowed in one dimension."""
        changed = self.allowed.copy()
        changed[dimension] = allowed
        return Box(changed)

    def freed(self, dimensions: Iterable[int]) -> Box:
        """The box with every code allowed in these dimensions."""
        changed = self.allowed.copy()
        changed[list(dimensions)] = True
        return Box(changed)


@dataclass(frozen=True, slots=True)
class Score:
    """How many worlds, and worlds of interest (`hits`), lie in a box; and in all."""

    worlds: int
    hits: int
    all_worlds: int
    all_hits: int

    @property
    def coverage(self) -> float:
        """The share of the worlds of interest that lie in the box."""
        return self.hits / self.all_hits if self.all_hits else 0.0

    @property
    def density(self) -> float:
        """The share of the worlds in the box that are of interest."""
        return self.hits / self.worlds if self.worlds else 0.0

    @property
    def base(self) -> float:
        """The share of all worlds that are of interest."""
        return self.all_hits / self.all_worlds if self.all_worlds else 0.0

    @property
    def correlation(self) -> float:
        """The correlation of lying in the box with being of interest; its square is explained."""
        return float(correlation_of(self.worlds, self.hits, self.all_worlds, self.all_hits))


def correlation_of(
    worlds: Whole | int, hits: Whole | int, all_worlds: int, all_hits: int
) -> NDArray[np.float64]:
    """The correlation over all worlds of two yes-or-no numbers: in the box, and of interest.

    Where the worlds of interest are few it is the geometric mean of coverage and density; a box
    that holds all worlds, or is no denser than all of them, has zero or less.
    """
    counts = np.asarray(worlds, dtype=np.float64)
    product = counts * (all_worlds - counts) * float(all_hits) * float(all_worlds - all_hits)
    excess = np.asarray(hits, dtype=np.float64) * all_worlds - counts * all_hits
    return np.where(product > 0.0, excess / np.sqrt(np.maximum(product, 1.0)), 0.0)


def whole_box(dimensions: int) -> Box:
    """The box that holds every world."""
    return Box(np.ones((dimensions, BINS), dtype=np.bool_))


def groups_of(worlds: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """The random group of each world [W], a function of its number alone.

    Splitmix64's mixing [steele2014]: neighbours, and numbers of equal last digits, which designs
    place together, come apart.
    """
    with np.errstate(over="ignore"):
        mixed = (worlds + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed % np.uint64(GROUPS)).astype(np.uint8)


def all_worlds(binned: Binned) -> Selected:
    """Every world."""
    return tuple(np.ones(len(block.truth), dtype=np.bool_) for block in binned.blocks)


def worlds_in_groups(binned: Binned, groups: Iterable[int], first: int | None = None) -> Selected:
    """The worlds of some random groups, among the first `first` worlds."""
    wanted = np.zeros(GROUPS, dtype=np.bool_)
    wanted[list(groups)] = True
    selected: list[Bools] = []
    left = sum(len(block.truth) for block in binned.blocks) if first is None else first
    for block in binned.blocks:
        mine = wanted[block.groups]
        mine[max(left, 0) :] = False
        left -= len(mine)
        selected.append(mine)
    return tuple(selected)


def inside(block: Block, box: Box) -> Bools:
    """Which worlds [W] of a block lie in the box."""
    within = np.ones(len(block.truth), dtype=np.bool_)
    for j in box.restricted:
        within &= box.allowed[j][block.codes[j]]
    return within


def outside(binned: Binned, selected: Selected, box: Box) -> Selected:
    """The selected worlds that do not lie in the box."""
    return tuple(
        mine & ~inside(block, box) for block, mine in zip(binned.blocks, selected, strict=True)
    )


def tables_of(codes: Codes, truth: Bools) -> Tables:
    """How many worlds have each code in each dimension, by truth."""
    dimensions, worlds = codes.shape
    cells = dimensions * 2 * BINS
    offset = (np.arange(dimensions, dtype=np.int64) * (2 * BINS))[:, None]
    total = np.zeros(cells, dtype=np.int64)
    step = max(_AT_ONCE // max(dimensions, 1), 1)
    for start in range(0, worlds, step):
        part = slice(start, start + step)
        index = codes[:, part] + offset
        index += np.where(truth[part], BINS, 0)
        total += np.bincount(index.ravel(), minlength=cells)
    return total.reshape(dimensions, 2, BINS)


def box_counts(binned: Binned, selected: Selected, box: Box) -> Tables:
    """Worlds inside the box by dimension, truth and code."""
    total = np.zeros((binned.dimensions, 2, BINS), dtype=np.int64)
    for block, mine in zip(binned.blocks, selected, strict=True):
        there = np.flatnonzero(mine & inside(block, box))
        total += _gathered(block, there)
    return total


def _gathered(block: Block, there: NDArray[np.intp]) -> Tables:
    if len(there) == len(block.truth):
        return tables_of(block.codes, block.truth)
    return tables_of(np.take(block.codes, there, axis=1), block.truth[there])


def score_box(binned: Binned, selected: Selected, box: Box) -> Score:
    """How many worlds lie in the box."""
    counts = np.zeros(4, dtype=np.int64)
    for block, mine in zip(binned.blocks, selected, strict=True):
        within = mine & inside(block, box)
        counts += (
            np.count_nonzero(within),
            np.count_nonzero(within & block.truth),
            np.count_nonzero(mine),
            np.count_nonzero(mine & block.truth),
        )
    return Score(*(int(count) for count in counts))


def leave_one_out(
    binned: Binned, selected: Selected, box: Box, dimensions: tuple[int, ...]
) -> Tables:
    """Worlds by dimension, truth and code, of those that all *other* dimensions let into the box.

    One pass. Rows of dimensions that are not asked for are zero.
    """
    total = np.zeros((binned.dimensions, 2, BINS), dtype=np.int64)
    for block, mine in zip(binned.blocks, selected, strict=True):
        barred = {j: ~box.allowed[j][block.codes[j]] for j in box.restricted}
        bars = np.zeros(len(mine), dtype=np.uint8)
        for bar in barred.values():
            bars += bar
        for j in dimensions:
            let_in = bars == barred[j] if j in barred else bars == 0
            there = np.flatnonzero(mine & let_in)
            row = tables_of(block.codes[j, there][None], block.truth[there])
            total[j] += row[0]
    return total
